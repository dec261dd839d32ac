"""Codes shared by the plan, both engines and the event log. Numbers never change."""

from enum import IntEnum, unique


class Phase(IntEnum):
    """Order of events at one instant: the calendar key is (time, phase, subject, ordinal)."""

    END = 0
    SHIFT = 1
    MODE = 2
    ARRIVAL = 3
    RETURN = 4
    SURFACE = 5
    GATE = 6
    TIMER = 7
    CONTROL = 8


@unique
class Code(IntEnum):
    """What a row of the event log says. The comment names what `ordinal` and `amount` hold."""

    ARRIVAL = 1  # ordinal: n-th of its source at its place; amount: class
    ENTRY = 2  # joins a line; ordinal: visit (count of entries so far); amount: priority
    START = 3  # first start of a task; ordinal: visit; amount: work content in µs
    PAUSE = 4  # work interrupted; amount: work content still to do
    RESUME = 5  # ordinal: visit; amount: work content still to do
    END = 6  # work on the task done; ordinal: visit; amount: 0
    DELAY = 7  # nobody busy from here; ordinal: step; amount: length in µs
    HAND_OFF = 8  # leaves a rung for the next; ordinal: rung; amount: delay in µs
    MISROUTE = 9  # reached a wrong desk; ordinal: number of misroutings so far
    RETURN = 10  # back from a wrong desk; ordinal: number of misroutings so far; amount: delay
    REFUSE = 11  # the line was full, or its class is suspended by refusal
    WITHDRAW = 12  # taken out of a line or gate (timer, mode, join over); amount: time there
    LEAVE = 13  # gone without closing; final
    CLOSE = 14  # closed; ordinal: number of closings so far; amount: cost in fen
    VERDICT = 15  # amount: 2·resolved + satisfied; ordinal: number of closings so far
    REWORK = 16  # reopened; ordinal: number of reopenings so far
    DONE = 17  # final: the last closure stands
    MARK = 18  # a limit or timer ran out; ordinal: timer; amount: 0
    RISE = 19  # escalated by a timer; ordinal: timer; amount: priority
    SUPERVISE = 20  # under supervision; ordinal: timer; amount: priority
    CONTACT = 21  # the resident makes contact again; ordinal: timer; amount: channel
    HOLD = 22  # held because its class is suspended
    RELEASE = 23  # no longer held
    DIVERT = 24  # sent to another step by a suspension; ordinal: step
    WORKER_ON = 25  # on duty; amount: 0
    WORKER_OFF = 26  # off duty; amount: overtime in µs that the last task took beyond shift end
    POST = 27  # worker joins the head count of its pool
    WITHDRAWN = 28  # worker leaves the head count
    MODE_CALL = 29  # place: scope; amount: mode called for
    MODE_CANCEL = 30  # the call is withdrawn before it came into force
    MODE_ENTER = 31  # amount: mode left
    MODE_LEAVE = 32  # amount: mode entered next
    HAZARD_BORN = 50  # a problem nobody knows of; ordinal: hazard; amount: source
    HAZARD_UNREPORTED = 51  # came to light, nobody reported; ordinal: hazard; amount: age
    HAZARD_FOUND = 52  # by a completed round, raising a request; ordinal: hazard; amount: age
    HAZARD_SURFACED = 53  # reported, raising a request; ordinal: hazard; amount: age
    CLAIM = 60  # a volunteer accepts; ordinal: those who declined; amount: those who were idle
    PUSH = 61  # no volunteer accepts; line: that of the volunteers; amount: those who were idle
    JOIN_CALL = 70  # a line is called; ordinal: round, from 1; amount: join
    JOIN_ANSWER = 71  # a line answers; ordinal: round of that call; amount: time since then
    JOIN_DONE = 72  # ordinal: parts or members that ended; amount: time since the first call
    JOIN_FAIL = 73  # ordinal: JoinFailure; amount: time since the first call
    GATE_TURNED = 33  # not admitted to a gate; ordinal: gate
    GATE_WAIT = 34  # waits for a session; ordinal: gate; amount: priority
    GATE_PASS = 35  # heard and passed; ordinal: gate; amount: time waited there
    GATE_REFUSE = 36  # heard and refused; ordinal: gate; amount: time waited there
    GATE_NEXT = 37  # heard and put off to the next session; ordinal: gate; amount: time waited
    PAY = 38  # paid out of an account; ordinal: account; amount: fen
    EMPTY = 39  # the account holds too little; ordinal: account; amount: fen asked for
    REFILL = 40  # place: that of the account; ordinal: account; amount: fen in it from now on
    VOTE = 41  # ordinal: round, from 1; amount: parties that have consented so far
    REVIEW = 80  # a place, team or worker is rated; ordinal: review; amount: score, -1 no data
    LEVEL = 81  # a review moved a level; ordinal: review; amount: level from now on
    MOVED = 82  # rounds of a place in the coming period; ordinal: review; amount: rounds
    EXIT = 83  # will leave for good; ordinal: review + 1, 0 by attrition; amount: fatigue
    MANNED = 86  # the post of a duty is manned (again); ordinal: post; amount: time vacant
    DRILL = 85  # place: the root; ordinal: mode; amount: its activation delay from now on
    PACE = 84  # own speed from the next start; ordinal: fatigue; amount: per mille


class StepKind(IntEnum):
    """What a compiled step does."""

    WORK = 0  # enter line `step_line`; work content by `step_law`
    DELAY = 1  # wait `step_law` without anyone busy
    BRANCH = 2  # categorical: `branch_*` from `step_first` to `step_first + step_count`
    LEVEL = 3  # needed closing rung <= step_level: `step_next`, else `step_other`
    # misroute with `step_threshold` to `step_other`, else `step_next`, after `step_law`
    HAND_OFF = 4
    RETURN = 5  # a misrouted request goes back after `step_law` to `step_next`
    EVALUATE = 6  # verdict by table `step_table`; rework at `step_other`, else `step_next`
    CLOSE = 7  # close; then `step_next` (an EVALUATE or END step)
    END = 8  # final
    LEAVE = 9  # gone
    # wait for a session of gate type `step_table`; passed: `step_next`, not admitted (chance
    # `step_threshold`): `step_other`, refused: `step_third`
    GATE = 10
    # pay `step_least` to `step_most` fen out of account type `step_table`: `step_next`; too
    # little in it: `step_other`
    PAY = 11
    # a round among `step_most` parties, each with `step_threshold`; `step_least` consent:
    # `step_next`; else `step_other`, after round `step_cap`: `step_third`
    VOTE = 12
    # call the lines of join `step_table`; `step_least` of them end: `step_next`; too few answer
    # within `step_cap` rounds, or patience is over: `step_other`
    JOIN = 20


class JoinFailure(IntEnum):
    """Why a join came to nothing."""

    SILENCE = 0  # too few lines answered
    PATIENCE = 1  # the members did not come together in time
    TAKEN_AWAY = 2  # a timer or a suspension sent the request elsewhere


class ShiftEnd(IntEnum):
    """What happens to running work at the end of a shift."""

    FINISH = 0
    HAND_OVER = 1
    PAUSE = 2


class Suspension(IntEnum):
    """What a mode does to a class."""

    NONE = 0
    HOLD = 1
    REFUSE = 2
    DIVERT = 3


class TimerStart(IntEnum):
    """What arms a timer."""

    REPORT = 0
    DISPATCH = 1
    ACCEPTANCE = 2


class TimerUntil(IntEnum):
    """What disarms a timer."""

    FIRST_START = 0
    START = 1
    CLOSING = 2


class TimerThen(IntEnum):
    """What a timer does when it goes off."""

    LEAVE = 0
    RISE = 1
    MARK = 2
    SUPERVISE = 3
    GO = 4


class Channel(IntEnum):
    """How a resident makes contact again."""

    NONE = 0
    HOTLINE = 1
    PETITION = 2
    REPEAT = 3


class Trigger(IntEnum):
    """What calls for, or ends, a mode."""

    NEVER = 0
    AT = 1
    STATE = 2
    AFTER = 3
    LASTS = 4


class Read(IntEnum):
    """What a review counts."""

    REPORTED = 0
    CLOSED = 1
    ON_TIME = 2
    LATE = 3
    FOUND = 4
    SURFACED = 5
    CONTACTS = 6
    UNRESOLVED = 7
    UNSATISFIED = 8
    CLAIMED = 9
    PUSHED = 10


class Effect(IntEnum):
    """What a review does."""

    MOVES = 0
    LEVEL = 1
    REPLACES = 2


class SourceKind(IntEnum):
    """Kinds of sources."""

    ARRIVALS = 0
    DUTY = 1
    POPULATION = 2
    TIMES = 3
    HAZARD = 4
