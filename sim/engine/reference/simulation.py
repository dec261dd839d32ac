"""Playing one replication: the calendar's handlers, the start, and the run to the end."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from sim.demand.layout import DemandTrace
from sim.engine.reference import (
    accounts,
    careers,
    drills,
    expiry,
    gates,
    hazards,
    life,
    modes,
    posts,
    reviews,
    shifts,
    tallies,
    work,
)
from sim.engine.reference.calendar import Walk
from sim.engine.reference.counts import count_open
from sim.engine.reference.timers import arm
from sim.engine.reference.world import Request, World
from sim.eventlog import EventLog
from sim.plan.codes import Code, Phase, TimerStart
from sim.plan.layout import Plan


def play(plan: Plan, trace: DemandTrace) -> EventLog:
    """Play one replication with SimPy.

    Parameters
    ----------
    plan
        The compiled scenario.
    trace
        One replication's demand, drawn for this plan.

    Returns
    -------
    The rows of everything that happened before `plan.end`, in order.
    """
    world = World(plan, trace)
    world.calendar.handlers = {
        Phase.END: lambda subject, ordinal: work.end(world, subject, ordinal),
        Phase.SHIFT: lambda subject, ordinal: shifts.boundary(world, subject, ordinal),
        Phase.MODE: lambda subject, ordinal: modes.happen(world, subject, ordinal),
        Phase.ARRIVAL: lambda subject, _: arrive(world, subject),
        Phase.RETURN: lambda subject, ordinal: life.delay_over(world, subject, ordinal),
        Phase.SURFACE: lambda subject, ordinal: hazards.happen(world, subject, ordinal),
        Phase.GATE: lambda subject, ordinal: _sit(world, subject, ordinal),
        Phase.TIMER: lambda subject, ordinal: expiry.expire(world, subject, ordinal),
        Phase.CONTROL: lambda subject, ordinal: _control(world, subject, ordinal),
    }
    tallies.begin_counting(world)
    _man_posts(world)
    posts.adjust(world)
    modes.schedule_modes(world)
    for gate in range(len(plan.gate_type)):
        gates.schedule_session(world, gate, 0)
    for account in range(len(plan.account_type)):
        accounts.schedule_refill(world, account, 0)
    careers.schedule_week(world, 0)
    for review in range(len(plan.review_effect)):
        reviews.schedule_review(world, review, 0)
    for mode in range(len(plan.mode_level)):
        drills.schedule_drill(world, mode, 0)
    _schedule_arrival(world, 0)
    hazards.schedule_birth(world, 0)
    with _no_collector():
        world.calendar.run(until=plan.end)
    return world.event_log()


@contextmanager
def _no_collector() -> Iterator[None]:
    """Leave the cycle collector out: a run makes millions of objects and hardly a cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _sit(world: World, subject: int, ordinal: int) -> None:
    """Phase GATE: a session of a gate, or the refill of an account."""
    n_gates = len(world.at_gate)
    if subject < n_gates:
        gates.hold_session(world, subject, ordinal)
    else:
        accounts.refill(world, subject - n_gates, ordinal)


def _control(world: World, subject: int, ordinal: int) -> None:
    """Phase CONTROL: state rules of modes, the end of a week, a review or a drill."""
    if subject == 0:
        modes.control(world, subject, ordinal)
    elif subject == careers.WEEK:
        careers.week_over(world, ordinal)
    elif subject >= drills.first_subject(world):
        drills.hold_drill(world, subject - drills.first_subject(world), ordinal)
    else:
        reviews.hold_review(world, subject - reviews.FIRST, ordinal)


def _man_posts(world: World) -> None:
    """Post the peacetime head counts and enter the first boundary of every group in use."""
    plan = world.plan
    for pool, count in enumerate(plan.pool_staff[0]):
        first = plan.pool_first[pool]
        for worker in range(first, first + count):
            shifts.post(world, worker)
    for group in sorted({group for row in plan.worker_group for group in row if group >= 0}):
        shifts.schedule_boundary(world, group, int(shifts.group_is_on(world, group)))


def _schedule_arrival(world: World, number: int) -> None:
    times = world.known[0]
    if number < len(times) and times[number] < world.plan.end:
        world.calendar.at(times[number], Phase.ARRIVAL, number, 0)


def arrive(world: World, number: int) -> None:
    """Phase ARRIVAL: a request is reported and begins its way."""
    n_known = len(world.known[0])
    if number < n_known:
        request = Request(number, *(column[number] for column in world.known))  # type: ignore[arg-type]
        if world.draw_ptr[number] < world.draw_ptr[number + 1]:
            request.draws = world.draw_ptr[number]
        _schedule_arrival(world, number + 1)
    else:
        request = world.born[number - n_known]
    plan = world.plan
    mode = world.place_mode[request.place]
    request.priority = plan.class_priority[mode][request.request_class]
    request.limit = plan.class_limit[mode][request.request_class]
    request.limit_clock = plan.class_limit_clock[mode][request.request_class]
    world.requests[number] = request
    world.log(
        Code.ARRIVAL, request.place, number, request.ordinal, amount=request.request_class
    )
    count_open(world, request, 1)
    arm(world, request, TimerStart.REPORT)
    Walk(life.live(world, request))
    posts.arrived(world, request)
