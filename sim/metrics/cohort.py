"""Figures of a group of requests: the cohort, or those of one class, level, place or mode.

Nothing improves when requests stay open or people give up. A request that is still open is
censored at the end of the run; one that was left is treated in the same way, as if it were open
and nobody would ever close it (with the ends of observation all known, this is the estimate of
the share closed when leaving competes with closing: Fine & Gray, J. Amer. Statist. Assoc. 94
(1999) 496-509). Official rates whose denominators hold only what got far enough (evaluated,
closed) are given as they are defined, and are no headline figures.

A figure asks a group for three things only: totals by name, times by name, and the times to
response and closing. So a group may be rows of a table (`Cohort`) or what is left when the rows
are gone (`sim.metrics.extract`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Final, NamedTuple, Protocol

import numpy as np

from sim.metrics.requests import PART_NAMES, RequestTable
from sim.metrics.rows import NONE, Bools, Ints, exact_sum
from sim.metrics.survival import (
    Survival,
    kaplan_meier,
    quantile,
    restricted_mean,
    share_closed,
    share_open,
)

HOUR = 3_600_000_000
DAY = 24 * HOUR


class Figure(NamedTuple):
    """One number and its denominator."""

    value: float | None
    """None: not reached, or no denominator."""
    n: int | float


class Frame(NamedTuple):
    """What totals need to know besides the rows."""

    end: int
    """End of the run."""
    can_evaluate: Bools
    """[C] whether the flow of the class asks for a verdict."""


def is_closed(table: RequestTable) -> Bools:
    """Finally closed."""
    closed: Bools = table.closed_at != NONE
    return closed


def has_left(table: RequestTable) -> Bools:
    """Gone without closing."""
    left: Bools = table.left_at != NONE
    return left


def is_open(table: RequestTable) -> Bools:
    """Neither closed nor left when the run ends."""
    return ~is_closed(table) & ~has_left(table)


def _due(table: RequestTable, frame: Frame) -> Bools:
    is_over = (table.must_close_by < frame.end) | has_left(table)
    return np.asarray((table.due_at != NONE) & is_over)


def _met(table: RequestTable, frame: Frame) -> Bools:
    return _due(table, frame) & is_closed(table) & (table.closed_at <= table.due_at)


def _overdue(table: RequestTable, frame: Frame) -> Bools:
    return np.asarray(is_open(table) & (table.due_at != NONE) & (table.due_at < frame.end))


def _asked(table: RequestTable, frame: Frame) -> Bools:
    asked: Bools = frame.can_evaluate[table.request_class]
    return asked


def _has_bit(verdict: Ints, bit: int) -> Bools:
    return np.asarray((verdict != NONE) & ((verdict & bit) > 0))


def _dispatched(table: RequestTable, _: Frame) -> Bools:
    return np.asarray((table.entries > 0) | (table.misroutings > 0))


def _column(name: str) -> "Column":
    return lambda table, _: np.asarray(getattr(table, name))


SOLVED, CONTENT = 2, 1
"""Bits of a verdict."""

TIMED: Final = ("waiting", "paused", "worked")
"""Those whose quantiles are measured."""

Column = Callable[[RequestTable, Frame], Ints | Bools]

TOTALS: Final[Mapping[str, Column]] = {
    "reported": lambda table, _: table.number >= 0,
    "closed": lambda table, _: is_closed(table),
    "open": lambda table, _: is_open(table),
    "left": lambda table, _: has_left(table),
    "refused": lambda table, _: table.is_refused,
    "supervised": lambda table, _: table.supervisions > 0,
    "due": _due,
    "met": _met,
    "overdue": _overdue,
    "asked": _asked,
    "asked_solved": lambda t, f: _asked(t, f) & _has_bit(t.final_verdict, SOLVED),
    "asked_content": lambda t, f: _asked(t, f) & _has_bit(t.final_verdict, CONTENT),
    "judged": lambda table, _: table.verdict != NONE,
    "judged_solved": lambda table, _: _has_bit(table.verdict, SOLVED),
    "judged_content": lambda table, _: _has_bit(table.verdict, CONTENT),
    "closed_once": lambda table, _: table.first_closing != NONE,
    "reworked": lambda table, _: (table.reworks > 0) & (table.first_closing != NONE),
    "dispatched": _dispatched,
    "misrouted": lambda t, f: (t.misroutings > 0) & _dispatched(t, f),
    "repeats": lambda table, _: table.repeats,
    "hotlines": lambda table, _: table.hotlines,
    "petitions": lambda table, _: table.petitions,
    **{name: _column(name) for name in PART_NAMES},
}
"""What is added up over the requests of a group, by name: flags count, times and numbers sum.
Whole numbers only, so that it does not matter in which order."""


class Group(Protocol):
    """Requests, and what their figures ask of them."""

    @property
    def follow_up(self) -> int:
        """Time from report up to which times to an event are measured."""

    @property
    def households(self) -> int:
        """Households of the place that the group is about."""

    @property
    def resolution(self) -> Survival:
        """Time to final closing."""

    @property
    def response(self) -> Survival:
        """Time to the start of the first work."""

    @property
    def longest_seen(self) -> int:
        """How long the request reported first could be seen, whatever became of it."""

    def total(self, name: str) -> int:
        """One of `TOTALS`."""

    def quantile(self, name: str, level: float) -> int | None:
        """Smallest value of one of `TIMED` that this share does not exceed; None: no case."""


@dataclass(frozen=True)
class Cohort:
    """A group of requests as rows."""

    table: RequestTable
    end: int
    """End of the run."""
    follow_up: int
    """Time from report up to which times to an event are measured."""
    households: int
    """Households of the place that the group is about."""
    can_evaluate: Bools
    """[C] whether the flow of the class asks for a verdict."""

    @cached_property
    def resolution(self) -> Survival:
        """Time to final closing."""
        return self._survival(self.table.closed_at)

    @cached_property
    def response(self) -> Survival:
        """Time to the start of the first work."""
        return self._survival(self.table.first_start)

    @cached_property
    def longest_seen(self) -> int:
        """How long the request reported first could be seen, whatever became of it."""
        reported = self.table.reported_at
        return self.end - int(reported.min()) if len(reported) else 0

    def total(self, name: str) -> int:
        """One of `TOTALS`."""
        column = TOTALS[name](self.table, Frame(self.end, self.can_evaluate))
        return exact_sum(column.astype(np.int64, copy=False))

    def quantile(self, name: str, level: float) -> int | None:
        """Smallest value that a share of the group does not exceed."""
        values: Ints = attrgetter(name)(self.table)
        if not len(values):
            return None
        return int(np.quantile(values, level, method="inverted_cdf"))

    def _survival(self, happened_at: Ints) -> Survival:
        happened = happened_at != NONE
        until = np.where(happened, happened_at, self.end)
        return kaplan_meier(until - self.table.reported_at, ~happened)


Measure = Callable[[Group], Figure]


def mean_to(of: Callable[[Group], Survival]) -> Measure:
    """Mean time to an event, each cut at the follow-up, in hours."""

    def measure(group: Group) -> Figure:
        return mean_within(of(group), group.follow_up, group.longest_seen)

    return measure


def mean_within(survival: Survival, follow_up: int, longest_seen: int) -> Figure:
    """Mean time to an event, each cut at the follow-up, in hours.

    Where nobody was seen for the whole follow-up, but somebody for half of it, the mean is that
    of nothing more having happened.
    """
    mean = restricted_mean(survival, follow_up)
    if mean is None and 2 * longest_seen >= follow_up:
        mean = _carried_on(survival, follow_up)
    return Figure(_hours(mean), survival.n)


def _carried_on(survival: Survival, follow_up: int) -> float | None:
    """The restricted mean, as if nothing more happened after the last moment that was seen."""
    seen = survival.follow_up
    if seen is None:
        return None
    mean, left_open = restricted_mean(survival, seen), share_open(survival, seen)
    if mean is None or left_open is None:
        return None
    return mean + left_open * (follow_up - seen)


def quantile_to(of: Callable[[Group], Survival], level: float) -> Measure:
    """Time by which a share of the group has met an event, in hours; None after follow-up."""

    def measure(group: Group) -> Figure:
        return time_until(of(group), level, group.follow_up)

    return measure


def time_until(survival: Survival, level: float, follow_up: int) -> Figure:
    """Time by which a share has met an event, in hours; None after the follow-up."""
    reached = quantile(survival, level)
    # Later, few are still under observation, and they are the ones who reported first.
    late = reached is not None and reached > follow_up
    return Figure(None if late else _hours(reached), survival.n)


def closed_within(days: int) -> Measure:
    """Share closed within so many days of their report; None after the follow-up."""

    def measure(group: Group) -> Figure:
        seen = days * DAY <= group.follow_up
        share = share_closed(group.resolution, days * DAY) if seen else None
        return Figure(share, group.resolution.n)

    return measure


def mean_of(name: str) -> Measure:
    """Plain mean of a part of the time in the system, in hours."""

    def measure(group: Group) -> Figure:
        total, n = group.total(name), group.total("reported")
        return Figure(_hours(total / n) if n else None, n)

    return measure


def quantile_of(name: str, level: float) -> Measure:
    """Smallest value that a share of the group does not exceed, in hours."""

    def measure(group: Group) -> Figure:
        return Figure(_hours(group.quantile(name, level)), group.total("reported"))

    return measure


def number_of(name: str) -> Measure:
    """How many requests of the group it is true of, or a count summed over the group."""

    def measure(group: Group) -> Figure:
        return Figure(float(group.total(name)), group.total("reported"))

    return measure


def share_of(name: str, among: str) -> Measure:
    """One total for each of another: a share, or a count for each request."""

    def measure(group: Group) -> Figure:
        part, whole = group.total(name), group.total(among)
        return Figure(part / whole if whole else None, whole)

    return measure


def per_1000_households(name: str) -> Measure:
    """A count over the group for every thousand households."""

    def measure(group: Group) -> Figure:
        total, households = group.total(name), group.households
        return Figure(1000 * total / households if households else None, households)

    return measure


on_time = share_of("met", "due")
"""Share closed within the limit, among those whose limit has run out or who have left."""


def overdue_open(group: Group) -> Figure:
    """Open requests beyond their limit at the end of the run."""
    return Figure(float(group.total("overdue")), group.total("open"))


def _hours(time: float | None) -> float | None:
    return None if time is None else time / HOUR
