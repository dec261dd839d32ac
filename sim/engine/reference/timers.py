"""Timers: arming, disarming, and the deadline on a clock.

What a timer does when it goes off stands in `expiry`, since it moves requests about.
"""

from bisect import bisect_right

from sim.demand.draws import draw
from sim.demand.purposes import Purpose
from sim.engine.reference.world import Alarm, Request, Task, World
from sim.plan.codes import Phase, TimerStart, TimerUntil

LIMIT = -1
"""Number of the limit among the timers of a class, which count from 0 over all classes."""
STAMPS = 1 << 28
"""Settings of one timer that an ordinal can tell apart."""


def working_deadline(world: World, group: int, since: int, amount: int) -> int:
    """The instant at which `amount` of the group's hours have passed since `since`."""
    plan = world.plan
    first, last = plan.group_ptr[group], plan.group_ptr[group + 1]
    entry = bisect_right(plan.group_off, since, first, last)
    while entry < last:
        begin = max(since, plan.group_on[entry])
        if plan.group_off[entry] - begin >= amount:
            return int(begin + amount)
        amount -= plan.group_off[entry] - begin
        entry += 1
    return int(plan.end)


def working_time(world: World, group: int, since: int, until: int) -> int:
    """How much of the group's hours lies between two instants."""
    plan = world.plan
    first, last = plan.group_ptr[group], plan.group_ptr[group + 1]
    entry = bisect_right(plan.group_off, since, first, last)
    total = 0
    while entry < last and plan.group_on[entry] < until:
        total += min(until, plan.group_off[entry]) - max(since, plan.group_on[entry])
        entry += 1
    return total


def set_alarm(world: World, request: Request, timer: int, amount: int, clock: int) -> None:
    """Let a timer go off after `amount` on its clock; an earlier setting of it is void."""
    now = world.calendar.instant
    stamp = request.settings.get(timer, 0) + 1
    request.settings[timer] = stamp
    due = now + amount if clock < 0 else working_deadline(world, clock, now, amount)
    request.armed[timer] = Alarm(stamp, due, amount, now, clock)
    if due < world.plan.end:
        local = timer - world.plan.timer_ptr[request.request_class] if timer >= 0 else -1
        world.calendar.at(due, Phase.TIMER, request.number, (local + 1) * STAMPS + stamp)


def arm(world: World, request: Request, start: TimerStart, *, began: bool = False) -> None:
    """Arm the limit and the timers of the class that begin with `start`.

    With `began` the work that would disarm a timer has begun already: such a timer only counts
    its arming, so that the next one draws its own number.
    """
    plan = world.plan
    request_class = request.request_class
    # Only the first dispatch starts the limit, however often the request enters a line.
    is_first = LIMIT not in request.settings
    if request.limit >= 0 and is_first and plan.class_limit_start[request_class] == start:
        clock = plan.class_limit_clock[world.place_mode[request.place]][request_class]
        set_alarm(world, request, LIMIT, request.limit, clock)
    for timer in _timers_of(world, request_class, start):
        until = plan.timer_until[timer]
        if until == TimerUntil.FIRST_START and request.accepted and not began:
            continue
        if began and until != TimerUntil.CLOSING:
            request.armings[timer] = request.armings.get(timer, 0) + 1
            continue
        clock = plan.timer_clock[world.place_mode[request.place]][timer]
        set_alarm(world, request, timer, _amount(world, request, timer), clock)


def set_again(world: World, request: Request, timer: int, clock: int) -> None:
    """Arm a repeating timer anew, with the number of its next arming."""
    # Without the tick a length of zero would go off for ever in one instant.
    length = max(_amount(world, request, timer), world.tick)
    set_alarm(world, request, timer, length, clock)


def _timers_of(world: World, request_class: int, start: TimerStart) -> list[int]:
    found = world.timers_of.get((request_class, start))
    if found is None:
        plan = world.plan
        timers = range(plan.timer_ptr[request_class], plan.timer_ptr[request_class + 1])
        found = [timer for timer in timers if plan.timer_start[timer] == start]
        world.timers_of[request_class, start] = found
    return found


def _amount(world: World, request: Request, timer: int) -> int:
    """How long the timer runs this time: the law's number of this arming."""
    plan = world.plan
    arming = request.armings.get(timer, 0)
    request.armings[timer] = arming + 1
    column = plan.timer_draw[timer]
    if arming == 0 and request.draws >= 0 and column >= 0:
        return int(world.draw[request.draws + column])
    ordinal = arming << 32 | plan.timer_key[timer]
    table = plan.law_table[plan.timer_law[timer]]
    return draw(
        table, world.key0, world.key1, Purpose.PATIENCE, request.key, ordinal, world.tick
    )


def disarm_on_start(world: World, task: Task) -> None:
    """At the start of a task: disarm what waited for it, arm what begins with acceptance."""
    request = task.request
    plan = world.plan
    for timer in list(request.armed):
        until = plan.timer_until[timer] if timer >= 0 else TimerUntil.CLOSING
        if until in (TimerUntil.FIRST_START, TimerUntil.START):
            del request.armed[timer]
    if not request.accepted:
        request.accepted = True
        arm(world, request, TimerStart.ACCEPTANCE)


def disarm_all(world: World, request: Request) -> None:
    """At closing and at leaving: nothing is armed any more."""
    del world
    request.armed.clear()


def move_clocks(world: World, request: Request, old: int, new: int) -> None:
    """A mode replaces a clock: what is left of each timer runs on the new clock from now."""
    plan = world.plan
    for timer, alarm in list(request.armed.items()):
        if timer >= 0:
            clocks = (plan.timer_clock[old][timer], plan.timer_clock[new][timer])
        else:
            limit = plan.class_limit_clock
            clocks = (limit[old][request.request_class], limit[new][request.request_class])
        if clocks[0] == clocks[1]:
            continue
        passed = (
            world.calendar.instant - alarm.since
            if alarm.clock < 0
            else working_time(world, alarm.clock, alarm.since, world.calendar.instant)
        )
        set_alarm(world, request, timer, max(0, alarm.amount - passed), clocks[1])
