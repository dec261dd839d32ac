"""The life of a request: one SimPy process that walks through the steps of its flow.

Whenever it waits it yields a signal, and whoever settles that signal says which step is next:
the end of its work, the end of a delay, or a timer that sends it elsewhere.
"""

from collections.abc import Callable, Generator

import simpy

from sim.demand.draws import chance, choose, draw
from sim.demand.purposes import Purpose
from sim.engine.reference.accounts import pay
from sim.engine.reference.calendar import Signal
from sim.engine.reference.claims import claimant
from sim.engine.reference.counts import count_open
from sim.engine.reference.dispatch import hold, is_full
from sim.engine.reference.gates import attend
from sim.engine.reference.hazards import round_completed
from sim.engine.reference.joins import confer, due
from sim.engine.reference.levels import limit_of
from sim.engine.reference.population import succeed
from sim.engine.reference.timers import arm, disarm_all, working_time
from sim.engine.reference.votes import vote
from sim.engine.reference.work import offer, start
from sim.engine.reference.world import (
    NOBODY,
    Request,
    Task,
    World,
    visit_number,
)
from sim.plan.codes import Code, Phase, StepKind, Suspension, TimerStart

ENDLESS = 1 << 60
"""Work content of a post: more than any run has."""
LEAVING = 1 << 40
"""The step that is none: the request leaves."""
GONE = -1

Life = Generator[simpy.Event, int, None]
Visit = Generator[simpy.Event, int, int]

DRAWN_FOR = {
    StepKind.WORK: Purpose.WORK,
    StepKind.DELAY: Purpose.DELAY,
    StepKind.HAND_OFF: Purpose.HAND_OFF,
    StepKind.RETURN: Purpose.RETURN,
    StepKind.EVALUATE: Purpose.DELAY,
}


def live(world: World, request: Request) -> Life:
    """From the report until the last closure stands, or the request has left."""
    plan = world.plan
    step = plan.class_start[request.request_class]
    while step != GONE:
        if step == LEAVING:
            leave(world, request)
            return
        request.step = step
        kind = plan.step_kind[step]
        if kind in AT_ONCE:
            step = AT_ONCE[kind](world, request, step)
        else:
            step = yield from WAITING_FOR[kind](world, request, step)


def _duration(world: World, request: Request, step: int, visit: int) -> int:
    """The step's work content or delay on this visit, from the trace or by its key."""
    plan = world.plan
    column = plan.step_draw[step]
    if visit == 0 and column >= 0 and request.draws >= 0:
        return int(world.draw[request.draws + column])
    if plan.step_kind[step] == StepKind.EVALUATE:
        law = plan.verdict_delay[plan.step_table[step]]
    else:
        law = plan.step_law[world.place_mode[request.place]][step]
    if law < 0:
        return 0
    purpose = DRAWN_FOR[StepKind(plan.step_kind[step])]
    ordinal = visit << 32 | plan.step_key[step]
    table = plan.law_table[law]
    return draw(table, world.key0, world.key1, purpose, request.key, ordinal, world.tick)


def _wait(world: World, request: Request, length: int, step: int) -> Visit:
    """Let time pass with nobody busy; then go on at `step` (or where a timer says)."""
    request.signal = Signal(world.calendar)
    request.waits += 1
    ticket = request.waits
    due = world.calendar.instant + length
    world.calendar.at(due, Phase.RETURN, request.number, ticket)
    world.delays[request.number] = (ticket, step)
    onward = yield request.signal
    request.signal = None
    world.delays.pop(request.number, None)
    return onward


def delay_over(world: World, number: int, ordinal: int) -> None:
    """Phase RETURN: the delay that is still waited for is over."""
    ticket = world.delays.get(number)
    if ticket is None or ticket[0] != ordinal:
        if number in world.requests:
            due(world, world.requests[number], ordinal)
        return
    signal = world.requests[number].signal
    assert signal is not None
    signal.settle(ticket[1])


def work(world: World, request: Request, step: int) -> Visit:
    """Enter the line, wait, and be worked on."""
    plan = world.plan
    visit = visit_number(request, step)
    line = plan.line_of[plan.step_line[step]][request.place]
    content = _duration(world, request, step, visit) if request.post < 0 else ENDLESS
    request.entries += 1
    task = Task(request, step, line, world.calendar.instant, content, request.entries)
    mode = world.place_mode[request.place]
    suspended = plan.class_suspended[mode][request.request_class]
    if suspended == Suspension.REFUSE:
        return refuse(world, request, line)
    if suspended == Suspension.DIVERT and not request.diverted:
        return diverted(world, request, mode)
    volunteer = NOBODY
    if suspended != Suspension.HOLD and plan.step_claim[step] >= 0:
        volunteer = claimant(world, task, visit)
    if suspended != Suspension.HOLD and volunteer == NOBODY and is_full(world, task):
        return refuse(world, request, line)
    request.task = task
    request.signal = Signal(world.calendar)
    world.log(
        Code.ENTRY,
        request.place,
        request.number,
        task.visit,
        line=task.line,
        amount=request.priority,
    )
    if suspended == Suspension.HOLD:
        hold(world, task)
    elif volunteer != NOBODY:
        start(world, task, volunteer)
    else:
        offer(world, task)
    arm(world, request, TimerStart.DISPATCH, began=task.begun)
    onward = yield request.signal
    request.signal = None
    return onward


def join(world: World, request: Request, step: int) -> Visit:
    """Call several lines and wait until they are done, unless the class is suspended."""
    mode = world.place_mode[request.place]
    suspended = world.plan.class_suspended[mode][request.request_class]
    if suspended == Suspension.REFUSE:
        return refuse(world, request, -1)
    if suspended == Suspension.DIVERT and not request.diverted:
        return diverted(world, request, mode)
    return (yield from confer(world, request, step))


def refuse(world: World, request: Request, line: int) -> int:
    """Turn the request away at the line."""
    world.log(Code.REFUSE, request.place, request.number, request.entries, line=line)
    return LEAVING


def diverted(world: World, request: Request, mode: int) -> int:
    """Send the request to the step that its suspension names; once per request."""
    step = int(world.plan.class_divert[mode][request.request_class])
    request.diverted = True
    world.log(Code.DIVERT, request.place, request.number, step)
    return step


def delay(world: World, request: Request, step: int) -> Visit:
    """Wait with nobody busy: parts, permits, a contractor."""
    length = _duration(world, request, step, visit_number(request, step))
    world.log(Code.DELAY, request.place, request.number, step, amount=length)
    return (yield from _wait(world, request, length, world.plan.step_next[step]))


def branch(world: World, request: Request, step: int) -> int:
    """Go one of several ways."""
    plan = world.plan
    visit = visit_number(request, step)
    first = plan.step_first[step]
    if visit == 0 and request.draws >= 0:
        return int(plan.branch_step[first + world.draw[request.draws + plan.step_draw[step]]])
    ordinal = visit << 32 | plan.step_key[step]
    shares = plan.branch_share[first : first + plan.step_count[step]]
    chosen = choose(shares, world.key0, world.key1, Purpose.BRANCH, request.key, ordinal)
    return int(plan.branch_step[first + chosen])


def level(world: World, request: Request, step: int) -> int:
    """Stay at this rung if it may close the request, else climb."""
    plan = world.plan
    enough = request.level <= plan.step_level[step]
    return int(plan.step_next[step] if enough else plan.step_other[step])


def hand_off(world: World, request: Request, step: int) -> Visit:
    """Leave a rung for the next, or for a wrong desk of it."""
    plan = world.plan
    visit = visit_number(request, step)
    length = _duration(world, request, step, visit)
    ordinal = visit << 32 | plan.step_key[step]
    mode = world.place_mode[request.place]
    threshold = limit_of(world, request, step, plan.step_threshold[mode][step])
    misrouted = request.misroutings < plan.step_cap[step] and chance(
        threshold, world.key0, world.key1, Purpose.MISROUTE, request.key, ordinal
    )
    world.log(
        Code.HAND_OFF, request.place, request.number, plan.step_level[step], amount=length
    )
    onward = plan.step_other[step] if misrouted else plan.step_next[step]
    if misrouted:
        request.misroutings += 1
        world.log(Code.MISROUTE, request.place, request.number, request.misroutings)
    if plan.step_law[mode][step] < 0:
        return int(onward)
    return (yield from _wait(world, request, length, onward))


def come_back(world: World, request: Request, step: int) -> Visit:
    """Return from a wrong desk."""
    plan = world.plan
    length = _duration(world, request, step, visit_number(request, step))
    world.log(Code.RETURN, request.place, request.number, request.misroutings, amount=length)
    if plan.step_law[world.place_mode[request.place]][step] < 0:
        return int(plan.step_next[step])
    return (yield from _wait(world, request, length, plan.step_next[step]))


def evaluate(world: World, request: Request, step: int) -> Visit:
    """Ask the resident; reopen the request if it is not resolved and may be reopened."""
    plan = world.plan
    visit = visit_number(request, step)
    table = plan.step_table[step]
    if plan.verdict_delay[table] >= 0:
        length = _duration(world, request, step, visit)
        yield from _wait(world, request, length, step)
    ordinal = visit << 32 | plan.step_key[step]
    band = _band(world, request, table)
    row = min(request.reworks, len(plan.verdict_satisfied[table]) - 1)

    def happens(threshold: int, purpose: Purpose) -> bool:
        return chance(threshold, world.key0, world.key1, purpose, request.key, ordinal)

    resolved = happens(plan.verdict_resolved[table][band], Purpose.RESOLVED)
    likelihood = plan.verdict_satisfied if resolved else plan.verdict_unresolved
    satisfied = happens(likelihood[table][row][band], Purpose.EVALUATION)
    world.log(
        Code.VERDICT,
        request.place,
        request.number,
        request.closings,
        amount=2 * resolved + satisfied,
    )
    if resolved or plan.step_other[step] < 0 or request.reworks >= plan.step_cap[step]:
        return int(plan.step_next[step])
    request.reworks += 1
    request.is_open = True
    count_open(world, request, 1)
    world.log(Code.REWORK, request.place, request.number, request.reworks)
    return int(plan.step_other[step])


def _band(world: World, request: Request, table: int) -> int:
    """How many edges the time to closing exceeds, as a multiple of the limit, on its clock."""
    if request.limit <= 0:
        return 0
    taken = request.closed_at - request.reported_at
    if request.limit_clock >= 0:
        clock = request.limit_clock
        taken = working_time(world, clock, request.reported_at, request.closed_at)
    edges = world.plan.verdict_edge[table][: world.plan.verdict_edges[table]]
    return sum(taken * 1000 > edge * request.limit for edge in edges)


def close(world: World, request: Request, step: int) -> int:
    """Close the request; a verdict may follow."""
    plan = world.plan
    request.closings += 1
    request.closed_at = world.calendar.instant
    if request.is_open:
        count_open(world, request, -1)
    request.is_open = False
    disarm_all(world, request)
    world.log(
        Code.CLOSE,
        request.place,
        request.number,
        request.closings,
        amount=plan.class_cost[request.request_class],
    )
    round_completed(world, request)
    return int(plan.step_next[step])


def done(world: World, request: Request, step: int) -> int:
    """The last closure stands."""
    del step
    world.log(Code.DONE, request.place, request.number, request.closings)
    over(world, request)
    return GONE


def depart(world: World, request: Request, step: int) -> int:
    """The flow itself lets the request go."""
    del world, request, step
    return LEAVING


def leave(world: World, request: Request) -> None:
    """Gone without closing."""
    disarm_all(world, request)
    if request.is_open:
        count_open(world, request, -1)
    request.is_open = False
    world.log(Code.LEAVE, request.place, request.number, request.closings)
    over(world, request)


def over(world: World, request: Request) -> None:
    """Forget the request, and let a finite population start its next up-time."""
    request.is_over = True
    del world.requests[request.number]
    succeed(world, request)


WAITING_FOR: dict[int, Callable[[World, Request, int], Visit]] = {
    StepKind.WORK: work,
    StepKind.DELAY: delay,
    StepKind.HAND_OFF: hand_off,
    StepKind.RETURN: come_back,
    StepKind.EVALUATE: evaluate,
    StepKind.GATE: attend,
    StepKind.JOIN: join,
}
AT_ONCE: dict[int, Callable[[World, Request, int], int]] = {
    StepKind.BRANCH: branch,
    StepKind.PAY: pay,
    StepKind.VOTE: vote,
    StepKind.LEVEL: level,
    StepKind.CLOSE: close,
    StepKind.END: done,
    StepKind.LEAVE: depart,
}
