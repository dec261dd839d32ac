"""The life of a request: a walk through the steps of its flow, from wait to wait.

`walk` takes the steps that need no time one after another and stops where the request waits;
whatever ends the wait calls `resume` with the step that is next.
"""

from sim.engine.fast.accounts import pay
from sim.engine.fast.calendar import push
from sim.engine.fast.claims import claimant
from sim.engine.fast.codes import (
    ARRIVAL,
    AT_DISPATCH,
    AT_REPORT,
    CLOSE,
    DELAY,
    DIVERT,
    DONE,
    ENDLESS,
    ENTRY,
    FOR_BRANCH,
    FOR_DELAY,
    FOR_EVALUATION,
    FOR_HAND_OFF,
    FOR_MISROUTE,
    FOR_RESOLVED,
    FOR_RETURN,
    FOR_WORK,
    GONE,
    HAND_OFF,
    LEAVE,
    LEAVING,
    MISROUTE,
    NOBODY,
    OVER,
    PHASE_RETURN,
    REFUSE,
    RETURN,
    REWORK,
    STEP_BRANCH,
    STEP_CLOSE,
    STEP_DELAY,
    STEP_END,
    STEP_EVALUATE,
    STEP_GATE,
    STEP_HAND_OFF,
    STEP_JOIN,
    STEP_LEAVE,
    STEP_LEVEL,
    STEP_PAY,
    STEP_RETURN,
    STEP_WORK,
    SUSPEND_DIVERT,
    SUSPEND_HOLD,
    SUSPEND_REFUSE,
    VERDICT,
    WAITS,
)
from sim.engine.fast.counts import count
from sim.engine.fast.dispatch import hold, is_full
from sim.engine.fast.draws import chance, choose, draw
from sim.engine.fast.gates import attend
from sim.engine.fast.hazards import round_completed
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.joins import confer
from sim.engine.fast.levels import limit_of
from sim.engine.fast.log import log, tell
from sim.engine.fast.slots import give_back, visit_number
from sim.engine.fast.state import (
    branch_share,
    branch_step,
    class_modes,
    classes,
    clock,
    draws,
    line_of,
    lives,
    places,
    step_law,
    step_threshold,
    steps,
    verdict_edge,
    verdict_resolved,
    verdict_satisfied,
    verdict_unresolved,
    verdicts,
)
from sim.engine.fast.timers import arm, disarm_all, working_time
from sim.engine.fast.votes import vote
from sim.engine.fast.work import offer, start


@jit
def begin(w: Handle, slot: int) -> None:
    """A request is reported and begins its way."""
    life = lives(w)[slot]
    settings = class_modes(w)[places(w)[life.place].mode, life.request_class]
    life.priority = settings.priority
    life.limit = settings.limit
    life.limit_clock = settings.limit_clock
    life.arrived = 1
    clock(w)[0].alive += 1
    tell(w, ARRIVAL, slot, life.ordinal, -1, life.request_class)
    count(w, slot, 1, 1)
    arm(w, slot, AT_REPORT, 0)
    walk(w, slot, classes(w)[life.request_class].start)


@jit
def resume(w: Handle, slot: int, step: int) -> None:
    """End the request's wait; it goes on at a step, or with the verdict it waited for."""
    life = lives(w)[slot]
    life.delay_until = -1
    if life.asked >= 0:
        step = _verdict(w, slot, life.step)
    walk(w, slot, step)


@jit
def walk(w: Handle, slot: int, step: int) -> None:
    """Go from step to step until the request waits, has ended or has left."""
    life = lives(w)[slot]
    while step >= 0 and step != LEAVING:
        life.step = step
        kind = steps(w)[step].kind
        if kind == STEP_WORK:
            step = _work(w, slot, step)
        elif kind == STEP_BRANCH:
            step = _branch(w, slot, step)
        elif kind == STEP_LEVEL:
            here = steps(w)[step]
            step = here.next if life.level <= here.level else here.other
        elif kind == STEP_CLOSE:
            step = _close(w, slot, step)
        elif kind == STEP_END:
            tell(w, DONE, slot, life.closings, -1, 0)
            give_back(w, slot)
            step = GONE
        elif kind == STEP_LEAVE:
            step = LEAVING
        else:
            step = _other_step(w, slot, step, kind)
    if step == LEAVING:
        _leave(w, slot)


@jit
def _other_step(w: Handle, slot: int, step: int, kind: int) -> int:
    """Take a step that keeps nobody busy: it takes time, or it decides the way."""
    if kind == STEP_DELAY:
        return _delay(w, slot, step)
    if kind == STEP_HAND_OFF:
        return _hand_off(w, slot, step)
    if kind == STEP_RETURN:
        return _come_back(w, slot, step)
    if kind == STEP_GATE:
        return attend(w, slot, step)
    if kind == STEP_PAY:
        return pay(w, slot, step)
    if kind == STEP_EVALUATE:
        return _evaluate(w, slot, step)
    if kind == STEP_JOIN:
        return _join(w, slot, step)
    return vote(w, slot, step)


@jit
def _duration(w: Handle, slot: int, step: int, visit: int) -> int:
    """The step's work content or delay on this visit, from the trace or by its key."""
    life = lives(w)[slot]
    here = steps(w)[step]
    if visit == 0 and here.draw >= 0 and life.draws >= 0:
        return int(draws(w)[life.draws + here.draw])
    if here.kind == STEP_EVALUATE:
        law = verdicts(w)[here.table].delay
    else:
        law = step_law(w)[places(w)[life.place].mode, step]
    if law < 0:
        return 0
    purpose = FOR_DELAY
    if here.kind == STEP_WORK:
        purpose = FOR_WORK
    elif here.kind == STEP_HAND_OFF:
        purpose = FOR_HAND_OFF
    elif here.kind == STEP_RETURN:
        purpose = FOR_RETURN
    return draw(w, law, purpose, life.key, visit << 32 | int(here.key))


@jit
def _wait(w: Handle, slot: int, length: int, onward: int) -> int:
    """Let time pass with nobody busy; then go on (or where a timer says)."""
    life = lives(w)[slot]
    life.delay_until = clock(w)[0].instant + length
    life.onward = onward
    push(w, life.delay_until, PHASE_RETURN, life.number, 0)
    return WAITS


@jit
def _work(w: Handle, slot: int, step: int) -> int:
    """Enter the line, wait, and be worked on."""
    life = lives(w)[slot]
    mode = places(w)[life.place].mode
    visit = visit_number(w, slot, step)
    life.rest = _duration(w, slot, step, visit) if life.post < 0 else ENDLESS
    life.entries += 1
    life.visit = life.entries
    life.task_step = step
    life.line = line_of(w)[steps(w)[step].line, life.place]
    life.since = clock(w)[0].instant
    life.state = OVER
    life.owner = NOBODY
    life.worker = NOBODY
    life.begun = 0
    settings = class_modes(w)[mode, life.request_class]
    suspended = settings.suspended
    if suspended == SUSPEND_DIVERT and life.diverted == 0:
        life.diverted = 1
        tell(w, DIVERT, slot, settings.divert, -1, 0)
        return int(settings.divert)
    volunteer = NOBODY
    if suspended != SUSPEND_HOLD and suspended != SUSPEND_REFUSE:  # noqa: PLR1714
        if steps(w)[step].claim >= 0:
            volunteer = claimant(w, slot, visit)
        if volunteer == NOBODY and is_full(w, slot):
            suspended = SUSPEND_REFUSE
    if suspended == SUSPEND_REFUSE:
        tell(w, REFUSE, slot, life.entries, life.line, 0)
        return LEAVING
    life.task = 1
    tell(w, ENTRY, slot, life.visit, life.line, life.priority)
    if suspended == SUSPEND_HOLD:
        hold(w, slot)
    elif volunteer != NOBODY:
        start(w, slot, volunteer)
    else:
        offer(w, slot)
    arm(w, slot, AT_DISPATCH, life.begun)
    return WAITS


@jit
def _join(w: Handle, slot: int, step: int) -> int:
    """Call several lines and wait until they are done, unless the class is suspended."""
    life = lives(w)[slot]
    settings = class_modes(w)[places(w)[life.place].mode, life.request_class]
    if settings.suspended == SUSPEND_REFUSE:
        tell(w, REFUSE, slot, life.entries, -1, 0)
        return LEAVING
    if settings.suspended == SUSPEND_DIVERT and life.diverted == 0:
        life.diverted = 1
        tell(w, DIVERT, slot, settings.divert, -1, 0)
        return int(settings.divert)
    onward = confer(w, slot, step)
    return onward if onward >= 0 else WAITS


@jit
def _delay(w: Handle, slot: int, step: int) -> int:
    """Wait with nobody busy: parts, permits, a contractor."""
    length = _duration(w, slot, step, visit_number(w, slot, step))
    tell(w, DELAY, slot, step, -1, length)
    return _wait(w, slot, length, steps(w)[step].next)


@jit
def _branch(w: Handle, slot: int, step: int) -> int:
    """Go one of several ways."""
    here = steps(w)[step]
    life = lives(w)[slot]
    visit = visit_number(w, slot, step)
    if visit == 0 and life.draws >= 0 and here.draw >= 0:
        chosen = draws(w)[life.draws + here.draw]
    else:
        ordinal = visit << 32 | int(here.key)
        chosen = choose(w, branch_share(w), here.first, FOR_BRANCH, life.key, ordinal)
    return int(branch_step(w)[here.first + chosen])


@jit
def _hand_off(w: Handle, slot: int, step: int) -> int:
    """Leave a rung for the next, or for a wrong desk of it."""
    life = lives(w)[slot]
    here = steps(w)[step]
    mode = places(w)[life.place].mode
    visit = visit_number(w, slot, step)
    length = _duration(w, slot, step, visit)
    misrouted = 0
    if life.misroutings < here.cap:
        ordinal = visit << 32 | int(here.key)
        limit = limit_of(w, slot, step, step_threshold(w)[mode, step])
        misrouted = chance(w, limit, FOR_MISROUTE, life.key, ordinal)
    tell(w, HAND_OFF, slot, here.level, -1, length)
    onward = here.next
    if misrouted != 0:
        onward = here.other
        life.misroutings += 1
        tell(w, MISROUTE, slot, life.misroutings, -1, 0)
    if step_law(w)[mode, step] < 0:
        return int(onward)
    return _wait(w, slot, length, onward)


@jit
def _come_back(w: Handle, slot: int, step: int) -> int:
    """Return from a wrong desk."""
    life = lives(w)[slot]
    length = _duration(w, slot, step, visit_number(w, slot, step))
    tell(w, RETURN, slot, life.misroutings, -1, length)
    onward = steps(w)[step].next
    if step_law(w)[places(w)[life.place].mode, step] < 0:
        return int(onward)
    return _wait(w, slot, length, onward)


@jit
def _evaluate(w: Handle, slot: int, step: int) -> int:
    """Ask the resident, perhaps after a while."""
    life = lives(w)[slot]
    visit = visit_number(w, slot, step)
    life.asked = visit
    if verdicts(w)[steps(w)[step].table].delay >= 0:
        return _wait(w, slot, _duration(w, slot, step, visit), step)
    return _verdict(w, slot, step)


@jit
def _verdict(w: Handle, slot: int, step: int) -> int:
    """Hear the resident; reopen the request if it is not resolved and may be reopened."""
    life = lives(w)[slot]
    here = steps(w)[step]
    ordinal = life.asked << 32 | int(here.key)
    life.asked = -1
    band = _band(w, slot, here.table)
    last = clock(w)[0].verdict_rows
    row = here.table * last + min(life.reworks, last - 1)
    resolved = chance(w, verdict_resolved(w)[here.table, band], FOR_RESOLVED, life.key, ordinal)
    limit = verdict_satisfied(w)[row, band]
    if resolved == 0:
        limit = verdict_unresolved(w)[row, band]
    satisfied = chance(w, limit, FOR_EVALUATION, life.key, ordinal)
    tell(w, VERDICT, slot, life.closings, -1, 2 * resolved + satisfied)
    if resolved != 0 or here.other < 0 or life.reworks >= here.cap:
        return int(here.next)
    life.reworks += 1
    life.is_open = 1
    count(w, slot, 1, 1)
    tell(w, REWORK, slot, life.reworks, -1, 0)
    return int(here.other)


@jit
def _band(w: Handle, slot: int, table: int) -> int:
    """How many edges the time to closing exceeds, as a multiple of the limit, on its clock."""
    life = lives(w)[slot]
    if life.limit <= 0:
        return 0
    taken = life.closed_at - life.reported_at
    if life.limit_clock >= 0:
        taken = working_time(w, life.limit_clock, life.reported_at, life.closed_at)
    band = 0
    for edge in range(verdicts(w)[table].edges):
        if taken * 1000 > verdict_edge(w)[table, edge] * life.limit:
            band += 1
    return band


@jit
def _close(w: Handle, slot: int, step: int) -> int:
    """Close the request; a verdict may follow."""
    life = lives(w)[slot]
    life.closings += 1
    life.closed_at = clock(w)[0].instant
    if life.is_open != 0:
        count(w, slot, 1, -1)
    life.is_open = 0
    disarm_all(w, slot)
    cost = classes(w)[life.request_class].cost
    log(w, CLOSE, life.place, life.number, life.closings, -1, -1, -1, cost)
    round_completed(w, slot)
    return int(steps(w)[step].next)


@jit
def _leave(w: Handle, slot: int) -> None:
    """Gone without closing."""
    life = lives(w)[slot]
    disarm_all(w, slot)
    if life.is_open != 0:
        count(w, slot, 1, -1)
    life.is_open = 0
    tell(w, LEAVE, slot, life.closings, -1, 0)
    give_back(w, slot)
