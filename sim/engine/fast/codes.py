"""The shared codes as plain integers: Numba would compile a function once per enumeration."""

from typing import Final

from sim.demand.purposes import Purpose
from sim.plan.codes import (
    Channel,
    Effect,
    JoinFailure,
    Phase,
    Read,
    ShiftEnd,
    SourceKind,
    StepKind,
    Suspension,
    TimerStart,
    TimerThen,
    TimerUntil,
    Trigger,
)
from sim.plan.codes import Code as Row

NOBODY: Final = -1
WAITING: Final = 0
RUNNING: Final = 1
KEPT: Final = 2
HELD: Final = 3
OVER: Final = 4
CANCELLED: Final = 5
"""States of a task: in its line; in work; paused with its worker; suspended; ended or between
two of these; withdrawn from its join."""

IN_JOIN: Final = 1
PART: Final = 2
"""What a slot has to do with joins: a request in one; the task of one line of it."""

GONE: Final = -1
WAITS: Final = -2
LEAVING: Final = 1 << 30
"""Steps that are none: the request is over, waits for an event, or leaves."""

ENDLESS: Final = 1 << 60
"""Work content of a post: more than any run has."""

FINISHED: Final = 0
GROW: Final = 1
FULL: Final = 2
"""Why the loop came back: the end; a table has little room left; a table overflowed."""

PHASE_END: Final = int(Phase.END)
PHASE_SHIFT: Final = int(Phase.SHIFT)
PHASE_MODE: Final = int(Phase.MODE)
PHASE_ARRIVAL: Final = int(Phase.ARRIVAL)
PHASE_RETURN: Final = int(Phase.RETURN)
PHASE_SURFACE: Final = int(Phase.SURFACE)
PHASE_GATE: Final = int(Phase.GATE)
PHASE_TIMER: Final = int(Phase.TIMER)
PHASE_CONTROL: Final = int(Phase.CONTROL)

ARRIVAL: Final = int(Row.ARRIVAL)
ENTRY: Final = int(Row.ENTRY)
START: Final = int(Row.START)
PAUSE: Final = int(Row.PAUSE)
RESUME: Final = int(Row.RESUME)
END: Final = int(Row.END)
DELAY: Final = int(Row.DELAY)
HAND_OFF: Final = int(Row.HAND_OFF)
MISROUTE: Final = int(Row.MISROUTE)
RETURN: Final = int(Row.RETURN)
REFUSE: Final = int(Row.REFUSE)
WITHDRAW: Final = int(Row.WITHDRAW)
LEAVE: Final = int(Row.LEAVE)
CLOSE: Final = int(Row.CLOSE)
VERDICT: Final = int(Row.VERDICT)
REWORK: Final = int(Row.REWORK)
DONE: Final = int(Row.DONE)
MARK: Final = int(Row.MARK)
RISE: Final = int(Row.RISE)
SUPERVISE: Final = int(Row.SUPERVISE)
CONTACT: Final = int(Row.CONTACT)
HOLD: Final = int(Row.HOLD)
RELEASE: Final = int(Row.RELEASE)
DIVERT: Final = int(Row.DIVERT)
WORKER_ON: Final = int(Row.WORKER_ON)
WORKER_OFF: Final = int(Row.WORKER_OFF)
POST: Final = int(Row.POST)
WITHDRAWN: Final = int(Row.WITHDRAWN)
MODE_CALL: Final = int(Row.MODE_CALL)
MODE_CANCEL: Final = int(Row.MODE_CANCEL)
MODE_ENTER: Final = int(Row.MODE_ENTER)
MODE_LEAVE: Final = int(Row.MODE_LEAVE)
GATE_TURNED: Final = int(Row.GATE_TURNED)
GATE_WAIT: Final = int(Row.GATE_WAIT)
GATE_PASS: Final = int(Row.GATE_PASS)
GATE_REFUSE: Final = int(Row.GATE_REFUSE)
GATE_NEXT: Final = int(Row.GATE_NEXT)
PAY: Final = int(Row.PAY)
EMPTY: Final = int(Row.EMPTY)
REFILL: Final = int(Row.REFILL)
VOTE: Final = int(Row.VOTE)
HAZARD_BORN: Final = int(Row.HAZARD_BORN)
HAZARD_UNREPORTED: Final = int(Row.HAZARD_UNREPORTED)
HAZARD_FOUND: Final = int(Row.HAZARD_FOUND)
HAZARD_SURFACED: Final = int(Row.HAZARD_SURFACED)
CLAIM: Final = int(Row.CLAIM)
MANNED: Final = int(Row.MANNED)
REVIEW: Final = int(Row.REVIEW)
LEVEL: Final = int(Row.LEVEL)
MOVED: Final = int(Row.MOVED)
EXIT: Final = int(Row.EXIT)
PACE: Final = int(Row.PACE)
DRILL: Final = int(Row.DRILL)
JOIN_CALL: Final = int(Row.JOIN_CALL)
JOIN_ANSWER: Final = int(Row.JOIN_ANSWER)
JOIN_DONE: Final = int(Row.JOIN_DONE)
JOIN_FAIL: Final = int(Row.JOIN_FAIL)
PUSH: Final = int(Row.PUSH)

STEP_WORK: Final = int(StepKind.WORK)
STEP_DELAY: Final = int(StepKind.DELAY)
STEP_BRANCH: Final = int(StepKind.BRANCH)
STEP_LEVEL: Final = int(StepKind.LEVEL)
STEP_HAND_OFF: Final = int(StepKind.HAND_OFF)
STEP_RETURN: Final = int(StepKind.RETURN)
STEP_EVALUATE: Final = int(StepKind.EVALUATE)
STEP_CLOSE: Final = int(StepKind.CLOSE)
STEP_END: Final = int(StepKind.END)
STEP_LEAVE: Final = int(StepKind.LEAVE)
STEP_GATE: Final = int(StepKind.GATE)
STEP_PAY: Final = int(StepKind.PAY)
STEP_VOTE: Final = int(StepKind.VOTE)
STEP_JOIN: Final = int(StepKind.JOIN)

SILENCE: Final = int(JoinFailure.SILENCE)
PATIENCE: Final = int(JoinFailure.PATIENCE)
TAKEN_AWAY: Final = int(JoinFailure.TAKEN_AWAY)

MOVES: Final = int(Effect.MOVES)
WRITES: Final = int(Effect.LEVEL)
READ_REPORTED: Final = int(Read.REPORTED)
READ_CLOSED: Final = int(Read.CLOSED)
READ_ON_TIME: Final = int(Read.ON_TIME)
READ_LATE: Final = int(Read.LATE)
READ_FOUND: Final = int(Read.FOUND)
READ_SURFACED: Final = int(Read.SURFACED)
READ_CONTACTS: Final = int(Read.CONTACTS)
READ_UNRESOLVED: Final = int(Read.UNRESOLVED)
READ_UNSATISFIED: Final = int(Read.UNSATISFIED)
READ_CLAIMED: Final = int(Read.CLAIMED)
READ_PUSHED: Final = int(Read.PUSHED)

SHIFT_FINISH: Final = int(ShiftEnd.FINISH)
SHIFT_HAND_OVER: Final = int(ShiftEnd.HAND_OVER)
SHIFT_PAUSE: Final = int(ShiftEnd.PAUSE)

SUSPEND_NONE: Final = int(Suspension.NONE)
SUSPEND_HOLD: Final = int(Suspension.HOLD)
SUSPEND_REFUSE: Final = int(Suspension.REFUSE)
SUSPEND_DIVERT: Final = int(Suspension.DIVERT)

AT_REPORT: Final = int(TimerStart.REPORT)
AT_DISPATCH: Final = int(TimerStart.DISPATCH)
AT_ACCEPTANCE: Final = int(TimerStart.ACCEPTANCE)
UNTIL_FIRST_START: Final = int(TimerUntil.FIRST_START)
UNTIL_CLOSING: Final = int(TimerUntil.CLOSING)
THEN_LEAVE: Final = int(TimerThen.LEAVE)
THEN_RISE: Final = int(TimerThen.RISE)
THEN_SUPERVISE: Final = int(TimerThen.SUPERVISE)
THEN_GO: Final = int(TimerThen.GO)
NO_CHANNEL: Final = int(Channel.NONE)

TRIGGER_AT: Final = int(Trigger.AT)
TRIGGER_STATE: Final = int(Trigger.STATE)
TRIGGER_AFTER: Final = int(Trigger.AFTER)
TRIGGER_LASTS: Final = int(Trigger.LASTS)

DUTY: Final = int(SourceKind.DUTY)
POPULATION: Final = int(SourceKind.POPULATION)

FOR_WORK: Final = int(Purpose.WORK)
FOR_DELAY: Final = int(Purpose.DELAY)
FOR_BRANCH: Final = int(Purpose.BRANCH)
FOR_PATIENCE: Final = int(Purpose.PATIENCE)
FOR_EVALUATION: Final = int(Purpose.EVALUATION)
FOR_MISROUTE: Final = int(Purpose.MISROUTE)
FOR_HAND_OFF: Final = int(Purpose.HAND_OFF)
FOR_RETURN: Final = int(Purpose.RETURN)
FOR_RESOLVED: Final = int(Purpose.RESOLVED)
FOR_UPTIME: Final = int(Purpose.UPTIME)
FOR_LEVEL: Final = int(Purpose.LEVEL)
FOR_MOBILISATION: Final = int(Purpose.MOBILISATION)
FOR_ACCEPT: Final = int(Purpose.ACCEPT)
FOR_SESSION: Final = int(Purpose.SESSION)
FOR_AMOUNT: Final = int(Purpose.AMOUNT)
FOR_CONSENT: Final = int(Purpose.CONSENT)
FOR_CLAIM: Final = int(Purpose.CLAIM)
FOR_ATTRITION: Final = int(Purpose.ATTRITION)
FOR_HIRING: Final = int(Purpose.HIRING)
FOR_JOIN_RESPONSE: Final = int(Purpose.JOIN_RESPONSE)
FOR_HAZARD_REPORT: Final = int(Purpose.HAZARD_REPORT)
FOR_HAZARD_SURFACE: Final = int(Purpose.HAZARD_SURFACE)
