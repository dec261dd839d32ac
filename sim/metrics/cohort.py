"""Figures of a group of requests: the cohort, or those of one class, level, place or mode.

Nothing improves when requests stay open or people give up. A request that is still open is
censored at the end of the run; one that was left is treated in the same way, as if it were open
and nobody would ever close it (with the ends of observation all known, this is the estimate of
the share closed when leaving competes with closing: Fine & Gray, J. Amer. Statist. Assoc. 94
(1999) 496-509). Official rates whose denominators hold only what got far enough (evaluated,
closed) are given as they are defined, and are no headline figures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.metrics.requests import RequestTable
from sim.metrics.rows import NONE, Bools, Ints
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


@dataclass(frozen=True)
class Cohort:
    """A group of requests reported in the measuring window, and what their figures need."""

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

    def _survival(self, happened_at: Ints) -> Survival:
        happened = happened_at != NONE
        until = np.where(happened, happened_at, self.end)
        return kaplan_meier(until - self.table.reported_at, ~happened)


Measure = Callable[[Cohort], Figure]
Columns = Callable[[RequestTable], Ints]
Flags = Callable[[RequestTable], Bools]


def mean_to(of: Callable[[Cohort], Survival]) -> Measure:
    """Mean time to an event, each cut at the follow-up, in hours."""

    def measure(group: Cohort) -> Figure:
        survival = of(group)
        mean = restricted_mean(survival, group.follow_up)
        if mean is None and 2 * group.longest_seen >= group.follow_up:
            mean = carried_on(survival, group.follow_up)
        return Figure(_hours(mean), survival.n)

    return measure


def carried_on(survival: Survival, follow_up: int) -> float | None:
    """The restricted mean, as if nothing more happened after the last moment that was seen."""
    seen = survival.follow_up
    if seen is None:
        return None
    mean, left_open = restricted_mean(survival, seen), share_open(survival, seen)
    if mean is None or left_open is None:
        return None
    return mean + left_open * (follow_up - seen)


def quantile_to(of: Callable[[Cohort], Survival], level: float) -> Measure:
    """Time by which a share of the group has met an event, in hours; None after follow-up."""

    def measure(group: Cohort) -> Figure:
        survival = of(group)
        reached = quantile(survival, level)
        # Later, few are still under observation, and they are the ones who reported first.
        late = reached is not None and reached > group.follow_up
        return Figure(None if late else _hours(reached), survival.n)

    return measure


def closed_within(days: int) -> Measure:
    """Share closed within so many days of their report; None after the follow-up."""

    def measure(group: Cohort) -> Figure:
        seen = days * DAY <= group.follow_up
        share = share_closed(group.resolution, days * DAY) if seen else None
        return Figure(share, group.resolution.n)

    return measure


def mean_of(column: Columns) -> Measure:
    """Plain mean of a part of the time in the system, in hours."""

    def measure(group: Cohort) -> Figure:
        values = column(group.table)
        return Figure(
            _hours(int(values.sum()) / len(values)) if len(values) else None, len(values)
        )

    return measure


def quantile_of(column: Columns, level: float) -> Measure:
    """Smallest value that a share of the group does not exceed, in hours."""

    def measure(group: Cohort) -> Figure:
        values = column(group.table)
        if not len(values):
            return Figure(None, 0)
        found = np.quantile(values, level, method="inverted_cdf")
        return Figure(_hours(int(found)), len(values))

    return measure


def number_of(flags: Flags) -> Measure:
    """How many requests of the group it is true of."""

    def measure(group: Cohort) -> Figure:
        return Figure(float(flags(group.table).sum()), len(group.table.number))

    return measure


def share_of(flags: Flags, among: Flags | None = None) -> Measure:
    """The share of requests of which it is true, among those of which `among` is."""

    def measure(group: Cohort) -> Figure:
        true = flags(group.table)
        base = np.ones_like(true) if among is None else among(group.table)
        return _share(int((true & base).sum()), int(base.sum()))

    return measure


def total_of(column: Columns) -> Measure:
    """Sum of a count over the group."""

    def measure(group: Cohort) -> Figure:
        return Figure(float(column(group.table).sum()), len(group.table.number))

    return measure


def total_per_request(column: Columns) -> Measure:
    """A count over the group for each request of it."""

    def measure(group: Cohort) -> Figure:
        return _share(int(column(group.table).sum()), len(group.table.number))

    return measure


def per_1000_households(column: Columns) -> Measure:
    """A count over the group for every thousand households."""

    def measure(group: Cohort) -> Figure:
        total, households = int(column(group.table).sum()), group.households
        return Figure(1000 * total / households if households else None, households)

    return measure


def on_time(group: Cohort) -> Figure:
    """Share closed within the limit, among those whose limit has run out or who have left."""
    table = group.table
    has_limit = table.due_at != NONE
    is_due = has_limit & ((table.must_close_by < group.end) | (table.left_at != NONE))
    met = is_due & (table.closed_at != NONE) & (table.closed_at <= table.due_at)
    return _share(int(met.sum()), int(is_due.sum()))


def overdue_open(group: Cohort) -> Figure:
    """Open requests beyond their limit at the end of the run."""
    table = group.table
    late = is_open(table) & (table.due_at != NONE) & (table.due_at < group.end)
    return Figure(float(late.sum()), int(is_open(table).sum()))


def verdict_of_reported(bit: int) -> Measure:
    """Share of requests whose final closing has a verdict with a bit set, among all asked."""

    def measure(group: Cohort) -> Figure:
        asked = group.can_evaluate[group.table.request_class]
        good = asked & (group.table.final_verdict != NONE)
        good &= (group.table.final_verdict & bit) > 0
        return _share(int(good.sum()), int(asked.sum()))

    return measure


def verdict_of_evaluated(bit: int) -> Measure:
    """Share of requests whose last verdict has a bit set, among those with a verdict."""

    def measure(group: Cohort) -> Figure:
        verdict = group.table.verdict[group.table.verdict != NONE]
        return _share(int(((verdict & bit) > 0).sum()), len(verdict))

    return measure


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


def _share(part: int, whole: int) -> Figure:
    return Figure(part / whole if whole else None, whole)


def _hours(time: float | None) -> float | None:
    return None if time is None else time / HOUR
