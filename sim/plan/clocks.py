"""Clocks: calendars as rota groups with numbers, and the limits and timers that run by them.

Limits count either all time (clock -1) or the hours of a rota group. A number of working days
becomes that many times the longest day of the limit's own clock; a mode that puts another clock
in its place leaves this amount as it is.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.errors import PlanError
from sim.keys import short_key
from sim.model.modes import Mode
from sim.model.system import System
from sim.model.timers import Limit, Timer
from sim.plan.calendars import ALWAYS, CalendarSet
from sim.plan.codes import Channel, TimerStart, TimerThen, TimerUntil
from sim.plan.laws import LawPool
from sim.plan.layout import Int
from sim.plan.numbering import Numbers, overlays
from sim.plan.programs import Programs

ELAPSED = "calendar"
"""The clock on which all time counts."""


def clock_of(calendars: CalendarSet, name: str) -> int:
    """Group by which a limit runs: the first of its calendar; -1 where all time counts."""
    return -1 if name in (ELAPSED, ALWAYS) else calendars.groups_of(name)[0]


class ClockArrays(NamedTuple):
    """The limit and timer arrays of `sim.plan.layout.Plan`."""

    class_limit: Int
    class_limit_clock: Int
    class_limit_start: Int
    timer_ptr: Int
    timer_law: Int
    timer_start: Int
    timer_until: Int
    timer_clock: Int
    timer_then: Int
    timer_to: Int
    timer_priority: Int
    timer_channel: Int
    timer_every: Int
    timer_draw: Int
    timer_key: Int
    timer_again: Int


def calendars_in_use(system: System) -> set[str]:
    """Calendars that somebody works or some clock runs by, in some mode."""
    used = {ALWAYS}
    used |= {pool.calendar for pool in system.pools.values()}
    used |= {source.calendar for source in system.sources.values() if source.kind == "duty"}
    used |= {gate.sessions for gate in system.gates.values()}
    for each in system.requests.values():
        used |= {each.limit.clock} if each.limit else set()
        used |= {timer.clock for timer in each.timers.values()}
    for mode in system.modes.values():
        used |= {pool.calendar for pool in mode.pools.values() if pool.calendar}
        used |= {each.limit.clock for each in mode.requests.values() if each.limit}
        used |= set(mode.clocks.values())
    return used - {ELAPSED}


def compile_clocks(
    system: System, numbers: Numbers, programs: Programs, laws: LawPool, calendars: CalendarSet
) -> ClockArrays:
    """Limits and timers of every class in every mode."""
    modes = overlays(system)
    limits = [
        [_limit(system, name, mode, calendars) for name in numbers.classes] for mode in modes
    ]
    starts = [_limit_start(system, name) for name in numbers.classes]
    timers, draws, ptr = _numbered(system, numbers, programs)
    rows = [timer for _, _, timer in timers]
    by_mode = [
        [clock_of(calendars, _replaced(row.clock, mode)) for row in rows] for mode in modes
    ]
    shape = (len(modes), len(rows))
    return ClockArrays(
        class_limit=_ints([[amount for amount, _ in row] for row in limits]),
        class_limit_clock=_ints([[clock for _, clock in row] for row in limits]),
        class_limit_start=_ints(starts),
        timer_ptr=_ints(ptr),
        timer_law=_ints([laws.add(row.after) for row in rows]),
        timer_start=_ints([TimerStart[row.start.upper()] for row in rows]),
        timer_until=_ints([TimerUntil[row.until.upper()] for row in rows]),
        timer_clock=_ints(by_mode).reshape(shape),
        timer_then=_ints([TimerThen[row.then.upper()] for row in rows]),
        timer_to=_ints(
            [
                -1 if row.to is None else programs.entries[name][row.to]
                for name, _, row in timers
            ]
        ),
        timer_priority=_ints([-1 if row.priority is None else row.priority for row in rows]),
        timer_channel=_ints([Channel[(row.channel or "none").upper()] for row in rows]),
        timer_every=_ints([-1 if row.every is None else row.every for row in rows]),
        timer_draw=_ints(draws),
        timer_key=_ints([short_key(name) for _, name, _ in timers]),
        timer_again=_ints([row.again for row in rows]),
    )


def timer_names(system: System) -> tuple[str, ...]:
    """``class.timer`` in order of number."""
    return tuple(
        f"{name}.{timer}"
        for name in sorted(system.requests)
        for timer in sorted(system.requests[name].timers)
    )


def _numbered(
    system: System, numbers: Numbers, programs: Programs
) -> tuple[list[tuple[str, str, Timer]], list[int], list[int]]:
    """Timers by class and name, their draw columns after those of the steps, and the CSR."""
    timers: list[tuple[str, str, Timer]] = []
    draws: list[int] = []
    ptr = [0]
    for name, columns in zip(numbers.classes, programs.columns, strict=True):
        own = sorted(system.requests[name].timers.items())
        if len({short_key(timer) for timer, _ in own}) < len(own):
            message = "two timers have the same key; rename one"
            zh = "两个计时的内部编号相同；请将其中一个改名"
            raise PlanError(f"requests.{name}.timers: {message}", zh)
        timers += [(name, timer, row) for timer, row in own]
        draws += range(columns, columns + len(own))
        ptr.append(len(timers))
    return timers, draws, ptr


def _limit(
    system: System, name: str, mode: Mode | None, calendars: CalendarSet
) -> tuple[int, int]:
    """Length and clock of a class's limit in a mode; -1 for none."""
    changed = mode.requests.get(name) if mode else None
    limit = (changed and changed.limit) or system.requests[name].limit
    if limit is None:
        return -1, -1
    amount = _amount(limit, calendars, name)
    return amount, clock_of(calendars, _replaced(limit.clock, mode))


def _amount(limit: Limit, calendars: CalendarSet, name: str) -> int:
    span = limit.after
    if span.clock == "calendar":
        return span.amount
    if limit.clock == ELAPSED:
        message = "a limit in working time needs a calendar as its clock"
        raise PlanError(f"requests.{name}.limit.clock: {message}")
    if span.clock == "work":
        return span.amount
    day = calendars.longest_day[limit.clock]
    if not day:
        message = f"calendar {limit.clock} has no hours in this run, so a workday has no length"
        zh = f"工作日历“{limit.clock}”在本次运行中没有工作时间，无法换算工作日"
        raise PlanError(f"requests.{name}.limit.clock: {message}", zh)
    return span.amount * day


def _limit_start(system: System, name: str) -> int:
    """One start for all modes: that of the class, or else of the modes that set a limit."""
    limits = [system.requests[name].limit]
    for mode in sorted(system.modes):
        changed = system.modes[mode].requests.get(name)
        limits.append(changed.limit if changed else None)
    starts = [TimerStart[limit.start.upper()] for limit in limits if limit is not None]
    if len(set(starts)) > 1:
        message = "a limit starts in the same way in all modes"
        zh = "各状态下时限的起算点须一致"
        raise PlanError(f"requests.{name}.limit.start: {message}", zh)
    return starts[0] if starts else TimerStart.REPORT


def _replaced(clock: str, mode: Mode | None) -> str:
    return mode.clocks.get(clock, clock) if mode else clock


def _ints(values: Sequence[object]) -> Int:
    return np.array(values, np.int64)
