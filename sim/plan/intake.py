"""Sources as rows of one class each: what the demand draws from.

A source with several classes is a stream of its own for each, keyed by ``source/class`` even
where there is one class only, so that one more class leaves the others as they are.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import PlanError
from sim.keys import name_key
from sim.model.sources import Arrivals, Duty, Hazard, Population, Profile
from sim.model.system import System
from sim.plan.calendars import CalendarSet
from sim.plan.codes import SourceKind
from sim.plan.laws import NO_LAW, LawPool, gamma_factor
from sim.plan.layout import Int, Words
from sim.plan.numbering import Numbers
from sim.plan.places import PlaceTree
from sim.plan.shares import share_out

COUNTED = ("place", "household", "person", "shop", "building", "floor")
"""What a rate may count, in the order of `source_counted`."""

PERIODS = ("day", "week", "month", "year", "workday")
"""Periods of duties, in the order of `source_period`."""


class SourceArrays(NamedTuple):
    """The source arrays of `sim.plan.layout.Plan`, but for the course of their rates."""

    source_kind: Int
    source_class: Int
    source_level: Int
    source_key: Words
    source_day_key: Words
    source_members: Int
    source_law: Int
    source_group: Int
    source_backlog: Int
    source_counted: Int
    source_rate: NDArray[np.float64]
    source_period: Int
    source_spread: Int
    source_dispersion: Int
    source_time_ptr: Int
    source_time: Int


class SourceRow(NamedTuple):
    """One row: a source, one of its classes, and its numbers."""

    source: str
    request: str
    kind: SourceKind
    level: int
    key: str
    members: int = 0
    law: int = NO_LAW
    group: int = -1
    backlog: int = 0
    counted: int = 0
    rate: float = 0.0
    period: int = 0
    spread: int = 0
    dispersion: int = NO_LAW
    times: tuple[int, ...] = ()
    profile: Profile = Profile()

    @property
    def name(self) -> str:
        """``source/class``, or ``source`` where that is all it has."""
        return self.key


def source_rows(
    system: System, tree: PlaceTree, laws: LawPool, calendars: CalendarSet
) -> list[SourceRow]:
    """All rows in order of source and class."""
    rows: list[SourceRow] = []
    for name, source in sorted(system.sources.items()):
        match source:
            case Arrivals():
                rows += _arrivals(name, source, tree, laws)
            case Duty():
                rows.append(_duty(name, source, tree, calendars))
            case Population():
                rows.append(_population(name, source, tree, laws))
            case Hazard():
                rows.append(_hazard(name, source, tree, laws))
    return rows


def _arrivals(
    name: str, source: Arrivals, tree: PlaceTree, laws: LawPool
) -> Iterator[SourceRow]:
    shares = {request: Fraction(repr(share)) for request, share in source.classes.items()}
    if (source.rate is None) == (source.times is None):
        raise PlanError(f"sources.{name}.rate: give exactly one of rate and times")
    if source.times is not None and len(shares) > 1:
        raise PlanError(f"sources.{name}.times: times written out belong to one class")
    ordered = sorted(shares)
    scale = 10**12
    weights = [int(shares[request] * scale) for request in ordered]
    backlog = dict(zip(ordered, share_out(source.from_backlog, weights), strict=True))
    dispersion = laws.add(gamma_factor(source.dispersion)) if source.dispersion else NO_LAW
    for request in ordered:
        row = SourceRow(
            source=name,
            request=request,
            kind=SourceKind.TIMES,
            level=tree.level_number(source.at),
            key=f"{name}/{request}",
            backlog=backlog[request],
            profile=source.profile,
        )
        if source.times is not None:
            yield row._replace(times=tuple(sorted(source.times)))
        elif source.rate is not None:
            yield row._replace(
                kind=SourceKind.ARRIVALS,
                counted=_counted(name, source.rate.noun),
                rate=float(source.rate.per_us * shares[request]),
                dispersion=dispersion,
            )


def _counted(name: str, noun: str | None) -> int:
    if noun is None:
        return 0
    if noun not in COUNTED:
        known = ", ".join(COUNTED)
        raise PlanError(f"sources.{name}.rate: a rate may count {known}, not {noun}")
    return COUNTED.index(noun)


def _duty(name: str, source: Duty, tree: PlaceTree, calendars: CalendarSet) -> SourceRow:
    return SourceRow(
        source=name,
        request=source.request,
        kind=SourceKind.DUTY,
        level=tree.level_number(source.at),
        key=name,
        group=calendars.groups_of(source.calendar)[0],
        counted=COUNTED.index(source.per),
        rate=source.times,
        period=PERIODS.index(source.every),
        spread=int(source.spread),
    )


def _population(name: str, source: Population, tree: PlaceTree, laws: LawPool) -> SourceRow:
    return SourceRow(
        source=name,
        request=source.request,
        kind=SourceKind.POPULATION,
        level=tree.level_number(source.at),
        key=name,
        members=source.members,
        law=laws.add(source.up_time),
    )


def _hazard(name: str, source: Hazard, tree: PlaceTree, laws: LawPool) -> SourceRow:
    row = SourceRow(
        source=name,
        request=source.surfaced,
        kind=SourceKind.HAZARD,
        level=tree.level_number(source.at),
        key=name,
        profile=source.profile,
    )
    if (source.rate is None) == (source.times is None):
        zh = "rate 与 times 须恰好给出一个"
        raise PlanError(f"sources.{name}.rate: give exactly one of rate and times", zh)
    if source.rate is None:
        return row._replace(times=tuple(sorted(source.times or ())))
    dispersion = laws.add(gamma_factor(source.dispersion)) if source.dispersion else NO_LAW
    return row._replace(
        counted=_counted(name, source.rate.noun),
        rate=float(source.rate.per_us),
        dispersion=dispersion,
    )


def compile_sources(rows: list[SourceRow], numbers: Numbers) -> SourceArrays:
    """The rows as arrays."""

    def column(name: str) -> Int:
        return np.array([getattr(row, name) for row in rows], np.int64)

    return SourceArrays(
        source_kind=column("kind"),
        source_class=np.array([numbers.classes[row.request] for row in rows], np.int64),
        source_level=column("level"),
        source_key=np.array([name_key(row.key) for row in rows], np.uint64),
        source_day_key=np.array([name_key(row.source) for row in rows], np.uint64),
        source_members=column("members"),
        source_law=column("law"),
        source_group=column("group"),
        source_backlog=column("backlog"),
        source_counted=column("counted"),
        source_rate=np.array([row.rate for row in rows], np.float64),
        source_period=column("period"),
        source_spread=column("spread"),
        source_dispersion=column("dispersion"),
        source_time_ptr=np.cumsum([0, *(len(row.times) for row in rows)], dtype=np.int64),
        source_time=np.array([time for row in rows for time in row.times], np.int64),
    )
