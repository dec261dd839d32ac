"""What is kept of a run for its figures when its log and its rows are gone.

Requests are counted in *cells*: those of one place (of the level that is told apart), class,
closing level and mode. Totals and histograms of cells add up to those of every group, in any
order and exactly, so a run that was played in pieces is measured as if it had been played
whole; nothing here is rounded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from sim.metrics.cohort import TIMED, TOTALS, Frame
from sim.metrics.histogram import Histogram, changes, histogram, regrouped, slim, together
from sim.metrics.requests import RequestTable
from sim.metrics.rows import NONE, Ints, distinct, halves, sum_of, whole
from sim.metrics.survival import Survival, estimate
from sim.plan.layout import Plan

EVENTS: Final = ("closed", "unclosed", "started", "unstarted")
"""Histograms of times from report: until final closing and first start, and how long those were
seen that are still without."""

_ROW: Final = {name: row for row, name in enumerate(TOTALS)}


class Axes(NamedTuple):
    """How cells are numbered: by place, class, closing level and mode, each from -1."""

    level: int
    """The level whose places are told apart."""
    classes: int
    rungs: int
    modes: int

    def number(self, table: RequestTable, plan: Plan) -> Ints:
        """The number of each request's cell."""
        place = plan.place_at[table.place, self.level]
        found = (place + 1) * self.classes + table.request_class
        found = found * (self.rungs + 1) + table.level + 1
        return np.asarray(found * self.modes + table.mode)

    def column(self, number: Ints, by: str) -> Ints:
        """Place, class, closing level or mode of cells."""
        rest, mode = np.divmod(number, self.modes)
        rest, rung = np.divmod(rest, self.rungs + 1)
        place, kind = np.divmod(rest, self.classes)
        return {"place": place - 1, "class": kind, "level": rung - 1, "mode": mode}[by]

    def without_place(self, number: Ints) -> Ints:
        """The cells with all places as one."""
        return number % (self.modes * (self.rungs + 1) * self.classes)

    def moved(self, number: Ints, place_of: Ints) -> Ints:
        """The cells of places that have other numbers in another plan."""
        inside = self.without_place(number)
        place = self.column(number, "place")
        there = np.where(place >= 0, place_of[place], NONE)
        return (there + 1) * (self.modes * (self.rungs + 1) * self.classes) + inside


def axes_of(plan: Plan, level: int) -> Axes:
    """The axes of a plan."""
    names = plan.names
    return Axes(level, len(names.classes), len(names.rungs), len(names.modes))


class Cells(NamedTuple):
    """Requests counted by cell."""

    number: Ints
    """[K] cells with requests, rising."""
    earliest: Ints
    """[K] report of the first."""
    totals: Ints
    """[K, totals, 2] in the order of `sim.metrics.cohort.TOTALS`, each as sums of `halves`."""
    times: Mapping[str, Histogram]
    """`EVENTS` and `TIMED`, by position of the cell; empty if they were not asked for."""


def cells_of(
    table: RequestTable, number: Ints, frame: Frame, names: Sequence[str] = (*EVENTS, *TIMED)
) -> Cells:
    """Count requests by cell, with histograms of these times."""
    known, cell = distinct(number)
    n = len(known)
    totals = _no_totals(n)
    for row, column in enumerate(TOTALS.values()):
        values = column(table, frame)
        if values.dtype == np.bool_:
            totals[:, row, 1] = np.bincount(cell[values], minlength=n)
        elif values.any():
            for half, part in enumerate(halves(values.astype(np.int64, copy=False))):
                totals[:, row, half] = sum_of(cell, part, n)
    earliest = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(earliest, cell, table.reported_at)
    times = {name: _times(table, cell, frame, name) for name in names}
    return Cells(known, earliest, totals, times)


def _no_totals(n: int) -> Ints:
    return np.zeros((n, len(TOTALS), 2), np.int64)


def _times(table: RequestTable, cell: Ints, frame: Frame, name: str) -> Histogram:
    if name in TIMED:
        return histogram(cell, getattr(table, name))
    at = table.closed_at if name in {"closed", "unclosed"} else table.first_start
    happened = at != NONE
    if name in {"closed", "started"}:
        return histogram(cell[happened], (at - table.reported_at)[happened])
    return histogram(cell[~happened], frame.end - table.reported_at[~happened])


def slim_cells(cells: Cells) -> Cells:
    """The same in little memory."""
    return cells._replace(times={name: slim(found) for name, found in cells.times.items()})


def all_cells(parts: Sequence[Cells]) -> Cells:
    """Cells of several pieces of one run; places have the numbers of the whole."""
    if len(parts) == 1:
        return parts[0]
    number = np.unique(np.concatenate([part.number for part in parts]))
    at = [np.searchsorted(number, part.number) for part in parts]
    earliest = np.full(len(number), np.iinfo(np.int64).max)
    totals = _no_totals(len(number))
    for where, part in zip(at, parts, strict=True):
        totals[where] += part.totals
        earliest[where] = np.minimum(earliest[where], part.earliest)
    times = {
        name: together(
            [
                found._replace(cell=where[found.cell])
                for where, found in zip(at, (part.times[name] for part in parts), strict=True)
            ]
        )
        for name in parts[0].times
    }
    return Cells(number, earliest, totals, times)


@dataclass(frozen=True)
class Counted:
    """A group of requests as counts: what `sim.metrics.cohort.Cohort` is of rows."""

    group: int
    cells: Cells
    """Of one grouping: the number of a cell is that of its group."""
    end: int
    follow_up: int
    households: int

    @cached_property
    def _at(self) -> int:
        at = int(np.searchsorted(self.cells.number, self.group))
        known = at < len(self.cells.number) and self.cells.number[at] == self.group
        return at if known else NONE

    @cached_property
    def resolution(self) -> Survival:
        """Time to final closing."""
        return estimate(self._times("closed"), self._times("unclosed"))

    @cached_property
    def response(self) -> Survival:
        """Time to the start of the first work."""
        return estimate(self._times("started"), self._times("unstarted"))

    @cached_property
    def longest_seen(self) -> int:
        """How long the request reported first could be seen, whatever became of it."""
        return 0 if self._at == NONE else self.end - int(self.cells.earliest[self._at])

    def total(self, name: str) -> int:
        """One of `TOTALS`."""
        return 0 if self._at == NONE else whole(*self.cells.totals[self._at, _ROW[name]])

    def quantile(self, name: str, level: float) -> int | None:
        """Smallest value that a share of the group does not exceed."""
        values, count = self._times(name)
        if not len(values):
            return None
        reached = np.cumsum(count)
        # The position that NumPy's inverted_cdf takes among the sorted values, bit for bit.
        virtual = int(reached[-1]) * level - 1
        position = max(0, int(np.ceil(virtual)))
        return int(values[np.searchsorted(reached, position, side="right")])

    def _times(self, name: str) -> tuple[Ints, Ints]:
        return self.cells.times[name].of(self._at)


def grouped(cells: Cells, label: Ints) -> Cells:
    """Cells put together by label; those called -1 are left out."""
    number = np.unique(label[label >= 0])
    position = np.where(label >= 0, np.searchsorted(number, label), NONE)
    kept = position >= 0
    earliest = np.full(len(number), np.iinfo(np.int64).max)
    np.minimum.at(earliest, position[kept], cells.earliest[kept])
    totals = _no_totals(len(number))
    np.add.at(totals, position[kept], cells.totals[kept])
    times = {name: regrouped(found, position) for name, found in cells.times.items()}
    return Cells(number, earliest, totals, times)


class Openings(NamedTuple):
    """By how much the open requests change at instants, by cell; modes are not told apart."""

    number: Ints
    """[K] cells with requests, rising."""
    steps: Histogram
    """By position of the cell."""


def openings_of(table: RequestTable, number: Ints) -> Openings:
    """Count open requests over time by cell."""
    known, cell = distinct(number)
    return Openings(known, changes(cell, table.reported_at, table.exit_at))


def all_openings(parts: Sequence[Openings]) -> Openings:
    """Open requests of several pieces of one run."""
    if len(parts) == 1:
        return parts[0]
    number = np.unique(np.concatenate([part.number for part in parts]))
    steps = [
        part.steps._replace(cell=np.searchsorted(number, part.number)[part.steps.cell])
        for part in parts
    ]
    return Openings(number, together(steps))
