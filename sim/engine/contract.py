"""What both engines keep to the letter, so that they write the same event log.

Order of events
    The calendar key is (time, phase, subject, ordinal), phases as in `sim.plan.codes.Phase`.
    Subjects: END the worker; SHIFT the rota group; MODE the scope's place, then the mode;
    ARRIVAL, RETURN and TIMER the request; SURFACE the hazard; GATE the gate, and the number of
    gates plus the account; CONTROL 0 the state rules, 1 the end of a week, 2 and up the
    reviews, then the modes (their drills). Ordinals: CONTROL and GATE the n-th occurrence, from
    0; END the worker's number of starts; RETURN the request's number of waits so far; TIMER the
    timer (-1 the limit) and its arming; SURFACE 0 the birth, n the n-th surfacing. Requests
    born in the run (finite populations, hazards) take the next number. An event runs to
    completion.
    What it schedules for the same instant goes into the calendar, and the smallest key is next,
    even of an earlier phase.

One event, in order
    1. *Settle*: what the event says happens (work ends, a shift boundary, a mode).
    2. *Free*: workers that it makes available become idle, and are dispatched in order of
    number:
       each takes its next task, if any, and starts it.
    3. *Move*: the request that the event is about goes on, step by step without delay, until it
       waits (in a line, in a delay, for an event) or ends.

Lines
    A line holds waiting tasks in order of (priority, waiting since, request). Waiting since is
    the entry into this line; an interrupted task keeps it. A task that enters asks for an idle
    worker first; only if none is eligible does it count against the limit of the line (a full
    line refuses: REFUSE, then LEAVE).

Dispatch
    A worker on the way out (leaving the head count, or past the end of the shift) takes no new
    work, not even by preemption. A new priority moves a waiting task but does not preempt.
    *A task asks*: among idle eligible workers of the pools that serve the line (in the mode of
    the pool's place), the smallest (rank of the pool for the line, idle since, worker). Idle
    since is the later of the last end and the last going on duty or joining the head count.
    *A worker asks*: among the first tasks of the lines its pool serves, the smallest
    (priority, rank of the line for the pool, waiting since, request); with preference first,
    (rank, priority, waiting since, request). A paused task that must be resumed by its own
    worker is invisible to others.
    *Nobody idle*: a task whose class preempts takes the worker whose running preemptible task
    has the lowest priority (largest number, larger than its own), then the latest start, then
    the highest worker number, among eligible pools. The victim's task is paused and re-enters
    its line with its first entry time; its request may then be taken at once by another idle
    worker of another pool.

Claim-then-push
    A WORK step with a claim asks volunteers before its task enters a line, unless the class is
    held. Candidates are the idle workers on duty of the pools that serve the claim line of the
    request's place, in order of number, from a keyed start: index_below(number of candidates,
    CLAIM of the offer, 0). The offer is subkey(request key, visit << 32 | step key). Candidate
    k from the start, from 0, accepts with CLAIM of the offer, ordinal k + 1; the first who
    accepts has the task: CLAIM, ENTRY in the claim line, START at once, whatever the limit of
    that line. It is a task of the claim line from then on, and interrupted work re-enters that
    line, where volunteers take it without being asked again. If nobody accepts: PUSH, then the
    ordinary ENTRY in the line of the step. A held task that is released is not offered.

Work
    Duration = ceil(rest · 1000 / productivity), productivity per mille fixed at the start or
    resume: max(1, floor(floor(that of the pool in its mode · the level a review has set / 1000)
    · the worker's own pace / 1000)). At an interruption: done = floor(elapsed · productivity /
    1000), rest is at least 0.

Shift end (rule of the pool in the mode of its place)
    finish: the worker ends the task and is then off duty (OFF is logged then, with the
    overtime). hand_over: the task is paused and re-enters its line with its first entry time.
    pause: the task stays with the worker and is resumed when the worker is next on duty; such
    a task is at no line. At one boundary of a group first all its workers go off, by number,
    then those handed-over tasks are offered (in order of worker), then those who come on are
    dispatched by number. A stretch of duty that ends when another begins is one stretch.

Head count
    The first n workers of a pool are posted at the start. More: the lowest unposted numbers are
    posted, at once or after their mobilisation delay. Fewer: idle longest first (smallest idle
    since, then number; off-duty workers count as idle since time -1), then latest started
    (then highest number); or the highest numbers. A busy leaver finishes its task, or is
    paused, as the mode's `running` says; a paused task re-enters its line.

Verdicts
    The band of a closed request is the time from report to closing on the clock that its limit
    had at the report (calendar time, or the hours of a calendar), divided by the limit.

Timers
    Armed and disarmed as `sim.model.timers` says; one that was disarmed does nothing and logs
    nothing. `leave` and `go` take a waiting task out of its line (WITHDRAW),
    end a delay, and let running work finish first: then the request leaves, or goes on at the
    step. `rise` does the same and leads to the step that `step_rise` names; at the top rung it
    only changes the priority (and is logged). Of several that wait for running work to end the
    latest counts, but nothing overrules `leave`. If that work is interrupted, they wait on. A
    timer after closing does nothing. `priority` applies if it is smaller (more urgent) than
    the present one; a waiting task is moved in its line and keeps its entry time. A lower
    number set by a timer stays when a mode changes class priorities: the present priority is
    the smaller of the two.

    A timer with `again` is drawn and armed anew each time it goes off, on the clock that it
    had, at least one tick later, before its request is sent anywhere.

Hazards
    Born at SURFACE: HAZARD_BORN, and its first surfacing enters the calendar. A *round* of a
    place is complete when a duty of the hazard's patrol class closes whose source hangs on a
    level at which that place is above the home. At CLOSE, after its row, every hazard of the
    place that is born and not yet known counts it, in order of number; with the last round
    that it needs it is found: HAZARD_FOUND, and a request of class `found` arrives at this
    instant (phase ARRIVAL). So a round that is interrupted counts when it ends, one that began
    before the birth counts, and at one instant a find wins over surfacing, since work and
    delays end in earlier phases. At SURFACE n it is reported with its place's probability
    (HAZARD_REPORT, ordinal n): HAZARD_SURFACED, and a request of class `surfaced` arrives at
    this instant; else HAZARD_UNREPORTED, and surfacing n + 1 follows after another delay
    (HAZARD_SURFACE, ordinal n), at least one tick. Either request has the source, home,
    household, ordinal and key of the hazard, and no draws in the trace.

Gates
    A request that comes to a gate is admitted or not (ACCEPT, its visit). Not admitted:
    GATE_TURNED, and on at `step_other`. Admitted: GATE_WAIT; it waits in the gate of its place,
    in no line, so that suspensions do not touch it and it counts as open, not as waiting.
    A session begins where a stretch of the gate's rota group does (one under way at time 0
    begins then), in phase GATE, whether anybody waits or not: those who came in an earlier
    phase of the instant are heard, later ones are not. The first `gate_batch` who wait, by
    (present priority, waiting since, request), are heard. For each in order the decision is
    drawn (SESSION, ordinal: hearing << 32 | step key, hearings of this request at this step
    counted from 0) and logged: GATE_PASS, GATE_REFUSE or GATE_NEXT; who is put off keeps its
    waiting since. When all is decided the others move on in the same order: passed to
    `step_next`, refused to `step_third`. Who moves on and is back at the gate in the same
    instant waits for the next session. Timers that divert take a request out of its gate:
    WITHDRAW with line -1, ordinal the gate, amount the time there.

Accounts
    The amount is drawn at each visit (AMOUNT; least + ((u >> 33) · count >> 31)), without a
    draw where least and most are equal. An account that holds it pays at once: PAY, and on at
    `step_next`; otherwise EMPTY, nothing is paid, and on at `step_other`. A refill is an event
    of phase GATE, after the sessions of its instant: the balance becomes the refill, plus the
    rest where it carries over (REFILL). At time 0 an account holds its balance, and a period
    that begins then brings no refill.

Votes
    Each visit is a round: every party that has not consented in this vote consents with
    `step_threshold` (CONSENT, subject: subkey(request key, party from 0), ordinal: visit << 32
    | step key). VOTE is logged; then `step_least` consents lead to `step_next`, and without
    them round `step_cap` leads to `step_third`, an earlier one to `step_other`. A decided vote
    is forgotten; one that a timer breaks off goes on where it stood when the request comes
    back.

Joins
    *Calls.* A request that comes to a join calls every line, in the order of the scenario:
    JOIN_CALL. A line hears the call of round n, from 1, with JOIN_RESPONSE, ordinal 2(n - 1),
    subject subkey(subkey(request key, visit << 32 | step key), hash of the line's name), and
    the threshold of its level of response. It answers after the delay of ordinal 2(n - 1) + 1,
    in phase RETURN, or, where there is no law of delay, in the order of lines as soon as all
    are called: JOIN_ANSWER. Round n + 1 calls, one `interval` after round n, who has not heard
    one; one `interval` after the last round no more calls follow (at once where there is no
    interval). Then, and at each answer lost later, it fails if fewer than `step_least` have
    heard a call: JOIN_FAIL, and on at `step_other`. Answers and rounds are events of the
    request's waits, numbered with its delays.
    *Together.* The join waits for its members in no line: it counts as open, not as waiting.
    Nobody is reserved. A worker is free for it who is idle on duty and whose next task, if
    any, is not more urgent (a smaller priority number) than the request. It begins at the
    instant at which `step_least` of the lines that have answered can each have a free worker
    of its own, unless its class is held. Lines are manned in their order: each takes the
    first free worker in the order in which a task asks that no line before it has; if all are
    taken, the first whose line can find another in the same way; a line that can be manned
    neither way is passed over. It is looked at when a line has answered; when a worker asks,
    before the worker looks for a task (of several joins whose answered lines the worker's
    pool serves, in order of priority, first call, request); and at MODE, after tasks that
    came loose are offered (all joins, same order). It interrupts nobody. Each member, in order
    of lines: ENTRY, START, whatever the limit of the line. All have the same content (WORK,
    the request's key). From then on each has a task of its line like any other, which may be
    interrupted and resumed by others; when the last ends: JOIN_DONE, and on at `step_next`.
    Answers still due are of no use. `join_patience` after the first call, in phase TIMER behind
    the timers of the class, a join that has not begun fails.
    *Parts.* Each line that answers has a task: JOIN_ANSWER, ENTRY, and it asks for a worker, or
    is held. Its content has subject subkey(request key, hash of the line's name). A full line
    that could not start it at once is as silent as if it had not heard the call. With
    the END of the task number `step_least`: JOIN_DONE. In the same event, before the worker
    is free, the tasks that nobody works on (waiting, held, or kept by a worker off duty) are
    withdrawn, in order of entry: WITHDRAW, then JOIN_DONE. Work under way goes on and ends
    without moving the request, even after its closing; if it is interrupted, it is withdrawn
    (PAUSE, WITHDRAW). The same holds when a join fails.
    *Timers and modes.* What diverts a request withdraws its waiting and held parts at once and
    stops calls and answers; running and kept parts end first, as single tasks do, and then it
    goes on: JOIN_DONE if enough have ended, else JOIN_FAIL. `rise` only changes the priority. A
    first call is the dispatch that arms timers. A mode that holds the class holds waiting
    parts; one that refuses or diverts it does so only where all its parts wait or are held.

Modes
    A place is in the first mode other than peace found at itself, its parent, … that is a
    scope. At MODE: the mode is set, then head counts, calendars (workers whose new group is on
    duty go on, others off under the rule of the *new* mode) in order of pool number; then the
    waiting requests by number (clocks, priorities, suspensions); then tasks that came loose are
    offered in that order; then joins whose members can begin do so; then all idle workers of
    the scope take their next task, by number.
    A drill is held when its period begins (CONTROL; DRILL): the mode's activation delay is from
    then on min(activation, max(least, floor(activation · (1 - shortens) ^ drills so far))); a
    call under way keeps its own. Of a pool with home duty the lowest numbers, min(head count in
    peace, max(ceil(share · that), least)), keep all settings of peace, as pools of their own.
    Posts: at the start, and in a mode after the waiting requests and before tasks that came
    loose, posts by number: one that is to be manned now and is not open takes the next number
    of a request and arrives at this instant (source, household and level -1, ordinal: its
    openings before); one that is open and is not to be manned leaves (running work is
    interrupted; a waiting task is withdrawn). When all are done, those who stood at a post that
    closed become free, in order of post. The first work of a post has endless content. At every
    START and RESUME of it: MANNED, with the time since its opening or last interruption. At a
    shift end it is handed over, whatever the rule of the pool; a leaver goes from it at once.
    CONTROL ticks at multiples of `run.control` look at state triggers: a rule that is true
    starts or keeps its holding clock, a rule that is false clears it; the rule that ends a
    mode begins to hold no earlier than the mode. Mobilised workers arrive in phase SHIFT,
    subject: number of rota groups + worker. Suspension concerns tasks that wait or enter a
    line; work begun goes on, also when it is resumed.

Reviews
    Counts are read off the rows of the log: REPORTED from ARRIVAL, CLOSED from CLOSE, ON_TIME
    and LATE from CLOSE where there is a limit (late: a MARK of the limit has been written),
    FOUND, SURFACED, CLAIMED, PUSHED and CONTACTS from their rows, UNRESOLVED and UNSATISFIED
    from VERDICT. A place is rated by the place of the row; people by the worker of the row, or
    by who last ended work on the request. At CONTROL the subjects of the review are rated by
    number: score = sum of weight · count, or floor(1000 · sum / base), -1 where the base is 0
    (REVIEW); then all counts are 0 again. What follows, in order of subject:
    *Moves*: rounds are requests of the source that are reported after this instant and up to
    the next review (or the end), at the place they have in the trace. Of n rounds a place gives
    min(floor(n · share), max(0, n - least)); what a group gives is shared out over it in
    proportion to the scores, as `sim.plan.shares.share_out`; nothing moves where all are 0. Of
    a place's n rounds with a surplus of s the k-th, from 0, moves if floor((k + 1) · s / n) >
    floor(k · s / n). Moved rounds go, in order of number, to the place that lacks most (of
    equals the first), and there to its leaves in turn. MOVED where the number differs from n.
    *Level*: one up if the score is above `review_above`, one down if it is below
    `review_below`, within 0 and 2 · `review_most`; LEVEL if it changed. -1 changes nothing. The
    level of a response holds for the calls of joins from then on.
    *Replaces*: in each group, of the posted who are not leaving, have learnt and have a score
    other than -1, the lowest go; of equals the highest number. Those who go do so by number.

Careers
    At the end of a week (CONTROL, Mondays 00:00), for every worker of a pool that has a career,
    by number: time on duty since the last Monday, h; fatigue rises by floor((h - norm) / step)
    if h > norm, else falls by the recovery, within its levels; service rises by a week; pace =
    max(1, floor(learning · fatigue / 1000)), PACE where it changed. Then chance of leaving at
    the level (ATTRITION, subject: subkey(worker key, people who have left the post), ordinal:
    the week). EXIT for all who leave, by number, each followed by what it leads to: idle or off
    duty, the worker is WITHDRAWN at once; busy, after the task, as a leaver of a cut. Tasks
    that came loose are offered at last. When the person has gone, the newcomer is on the way
    (HIRING, ordinal: people who have left the post) and arrives as a mobilised worker does,
    with fatigue and service 0. A post that is vacant or about to be counts in the head count; a
    cut closes such posts first, highest number first.

The end
    Nothing after `plan.end` happens; what is at exactly `plan.end` does not happen either.
"""

from typing import Protocol

from sim.demand.layout import DemandTrace
from sim.eventlog import EventLog
from sim.plan.layout import Plan


class Engine(Protocol):
    """Plays one replication."""

    def __call__(self, plan: Plan, trace: DemandTrace) -> EventLog:
        """The event log of `plan` under `trace`."""
