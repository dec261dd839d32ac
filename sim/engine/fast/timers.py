"""Timers: arming, disarming, and the deadline on a clock.

A request's alarms stand in one row: the limit first, then the timers of its class.
"""

from sim.engine.fast.calendar import push
from sim.engine.fast.codes import (
    AT_ACCEPTANCE,
    FOR_PATIENCE,
    PHASE_TIMER,
    UNTIL_CLOSING,
    UNTIL_FIRST_START,
)
from sim.engine.fast.draws import draw
from sim.engine.fast.jit import Handle, apart, jit
from sim.engine.fast.state import (
    alarms,
    class_modes,
    classes,
    clock,
    draws,
    groups,
    lives,
    places,
    stretches,
    timer_clock,
    timers,
)


@jit
def _first_stretch(w: Handle, group: int, since: int) -> int:
    """The first stretch of a group's hours that ends after an instant."""
    low = groups(w)[group].first
    high = groups(w)[group].last
    while low < high:
        middle = (low + high) >> 1
        if stretches(w)[middle].off > since:
            high = middle
        else:
            low = middle + 1
    return int(low)


@jit
def working_deadline(w: Handle, group: int, since: int, amount: int) -> int:
    """The instant at which `amount` of the group's hours have passed since `since`."""
    for entry in range(_first_stretch(w, group, since), groups(w)[group].last):
        stretch = stretches(w)[entry]
        begin = max(since, stretch.on)
        if stretch.off - begin >= amount:
            return int(begin + amount)
        amount -= stretch.off - begin
    return int(clock(w)[0].end)


@jit
def working_time(w: Handle, group: int, since: int, until: int) -> int:
    """How much of the group's hours lies between two instants."""
    total = 0
    for entry in range(_first_stretch(w, group, since), groups(w)[group].last):
        stretch = stretches(w)[entry]
        if stretch.on >= until:
            break
        total += min(until, stretch.off) - max(since, stretch.on)
    return total


@jit
def set_alarm(w: Handle, slot: int, local: int, amount: int, by: int) -> None:
    """Let a timer go off after `amount` on its clock; an earlier setting of it is void."""
    now = clock(w)[0].instant
    lives(w)[slot].alarmed = 1
    alarm = alarms(w)[slot, local]
    alarm.settings += 1
    alarm.armed = 1
    alarm.due = now + amount if by < 0 else working_deadline(w, by, now, amount)
    alarm.amount = amount
    alarm.since = now
    alarm.clock = by
    push(w, alarm.due, PHASE_TIMER, lives(w)[slot].number, local)


@jit
def arm(w: Handle, slot: int, start: int, began: int) -> None:
    """Arm the limit and the timers of the class that begin with `start`, if there are any.

    With `began` the work that would disarm a timer has begun already: such a timer only counts
    its arming, so that the next one draws its own number.
    """
    if classes(w)[lives(w)[slot].request_class].armed_at >> start & 1 != 0:
        _arm(w, slot, start, began)


@apart
def _arm(w: Handle, slot: int, start: int, began: int) -> None:
    life = lives(w)[slot]
    kind = classes(w)[life.request_class]
    mode = places(w)[life.place].mode
    if life.limit >= 0 and alarms(w)[slot, 0].settings == 0 and kind.limit_start == start:
        by = class_modes(w)[mode, life.request_class].limit_clock
        set_alarm(w, slot, 0, life.limit, by)
    for number in range(kind.timers, kind.timers_end):
        timer = timers(w)[number]
        if timer.start != start:
            continue
        if timer.until == UNTIL_FIRST_START and life.accepted != 0 and began == 0:
            continue
        local = number - kind.timers + 1
        if began != 0 and timer.until != UNTIL_CLOSING:
            alarms(w)[slot, local].armings += 1
            continue
        set_alarm(w, slot, local, _amount(w, slot, number, local), timer_clock(w)[mode, number])


@jit
def set_again(w: Handle, slot: int, number: int, local: int) -> None:
    """Arm a repeating timer anew, with the number of its next arming."""
    # Without the tick a length of zero would go off for ever in one instant.
    length = max(_amount(w, slot, number, local), clock(w)[0].tick)
    set_alarm(w, slot, local, length, alarms(w)[slot, local].clock)


@jit
def _amount(w: Handle, slot: int, number: int, local: int) -> int:
    """How long the timer runs this time: the law's number of this arming."""
    life = lives(w)[slot]
    timer = timers(w)[number]
    alarm = alarms(w)[slot, local]
    arming = alarm.armings
    alarm.armings = arming + 1
    if arming == 0 and life.draws >= 0 and timer.draw >= 0:
        return int(draws(w)[life.draws + timer.draw])
    ordinal = arming << 32 | int(timer.key)
    return draw(w, timer.law, FOR_PATIENCE, life.key, ordinal)


@jit
def disarm_on_start(w: Handle, slot: int) -> None:
    """At the start of a task: disarm what waited for it, arm what begins with acceptance."""
    life = lives(w)[slot]
    if life.alarmed != 0:
        _disarm_what_waits(w, slot)
    if life.accepted == 0:
        life.accepted = 1
        arm(w, slot, AT_ACCEPTANCE, 0)


@apart
def _disarm_what_waits(w: Handle, slot: int) -> None:
    kind = classes(w)[lives(w)[slot].request_class]
    for number in range(kind.timers, kind.timers_end):
        if timers(w)[number].until != UNTIL_CLOSING:
            alarms(w)[slot, number - kind.timers + 1].armed = 0


@jit
def disarm_all(w: Handle, slot: int) -> None:
    """At closing and at leaving: nothing is armed any more."""
    life = lives(w)[slot]
    if life.alarmed == 0:
        return
    life.alarmed = 0
    kind = classes(w)[life.request_class]
    for local in range(kind.timers_end - kind.timers + 1):
        alarms(w)[slot, local].armed = 0


@jit
def move_clocks(w: Handle, slot: int, old: int, new: int) -> None:
    """A mode replaces a clock: what is left of each timer runs on the new clock from now."""
    life = lives(w)[slot]
    kind = classes(w)[life.request_class]
    now = clock(w)[0].instant
    for local in range(kind.timers_end - kind.timers + 1):
        alarm = alarms(w)[slot, local]
        if alarm.armed == 0:
            continue
        if local == 0:
            before = class_modes(w)[old, life.request_class].limit_clock
            after = class_modes(w)[new, life.request_class].limit_clock
        else:
            before = timer_clock(w)[old, kind.timers + local - 1]
            after = timer_clock(w)[new, kind.timers + local - 1]
        if before == after:
            continue
        passed = now - alarm.since
        if alarm.clock >= 0:
            passed = working_time(w, alarm.clock, alarm.since, now)
        set_alarm(w, slot, local, max(0, alarm.amount - passed), after)
