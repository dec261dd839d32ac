"""Calendars as sorted stretches of duty: one list for each rota group.

Group 0 is ``always``; the groups of each used calendar follow in order of its name. Stretches
are half-open, merged, and cut to the run. Worker w of the pool at the i-th place of its level
belongs to group (i + w) modulo the groups of its calendar, so that the part-time people of
neighbouring places are spread over the week.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import PlanError
from sim.model.calendars import Calendar, Holidays
from sim.plan.civil import day_kinds, period_starts, periods
from sim.plan.duty import Span, duty_stretches, longest_day
from sim.units import DAY

__all__ = [
    "ALWAYS",
    "CalendarSet",
    "compile_calendars",
    "period_starts",
    "periods",
    "worker_group",
]

Int = NDArray[np.int64]

ALWAYS: Final = "always"


class CalendarSet(NamedTuple):
    """The duty stretches of all rota groups, and which groups a calendar has."""

    group_ptr: Int
    """[G + 1]"""
    group_on: Int
    group_off: Int
    names: tuple[str, ...]
    """[G] ``calendar#g``."""
    groups: Mapping[str, tuple[int, int]]
    """First group and number of groups of each calendar."""
    longest_day: Mapping[str, int]
    """µs of duty on the longest day of a calendar's pattern: what a workday of a limit is."""

    def groups_of(self, calendar: str) -> tuple[int, int]:
        """First group and number of groups of a calendar."""
        return self.groups[calendar]

    def stretches(self, group: int) -> tuple[Int, Int]:
        """Begins and ends of the duty of one group."""
        inside = slice(self.group_ptr[group], self.group_ptr[group + 1])
        return self.group_on[inside], self.group_off[inside]


def compile_calendars(
    calendars: Mapping[str, Calendar],
    holidays: Holidays | None,
    start: datetime,
    end: int,
    used: Iterable[str],
) -> CalendarSet:
    """Duty stretches of the calendars that something uses.

    Raises
    ------
    PlanError
        If a used calendar does not exist or cannot be laid out; the message begins with the
        field path.
    """
    stretches, names = [[(0, end)]], [f"{ALWAYS}#0"]
    groups, longest = {ALWAYS: (0, 1)}, {ALWAYS: DAY}
    if ALWAYS in calendars and not _is_always(calendars[ALWAYS]):
        raise PlanError(f"calendars.{ALWAYS}: this name stands for round the clock")
    for name in sorted(set(used) - {ALWAYS}):
        if name not in calendars:
            raise PlanError(f"calendars: there is no calendar {name}")
        calendar = calendars[name]
        groups[name], longest[name] = (0, 1), longest_day(name, calendar)
        if not _is_always(calendar):
            span = Span(start, end, day_kinds(name, calendar, holidays))
            own = duty_stretches(name, calendar, span)
            groups[name] = (len(stretches), len(own))
            names += [f"{name}#{group}" for group in range(len(own))]
            stretches += own
    flat = np.array([pair for own in stretches for pair in own], np.int64).reshape(-1, 2)
    ptr = np.cumsum([0, *map(len, stretches)]).astype(np.int64)
    on, off = np.ascontiguousarray(flat[:, 0]), np.ascontiguousarray(flat[:, 1])
    return CalendarSet(ptr, on, off, tuple(names), groups, longest)


def worker_group(first: int, count: int, place_rank: int, worker_rank: int) -> int:
    """The rota group of a worker.

    Parameters
    ----------
    first, count
        As `CalendarSet.groups_of` gives them.
    place_rank
        Number of the pool's place among those of its level, in order of name.
    worker_rank
        Number of the worker in the pool.
    """
    return first + (place_rank + worker_rank) % count


def _is_always(calendar: Calendar) -> bool:
    return calendar.always is True and calendar.holidays == "none"
