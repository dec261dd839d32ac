"""Reported arrivals: an over-dispersed Poisson process at every place of a source.

The n-th arrival of a stream (a source and class at one place) is where the integrated rate
reaches the sum of its first n unit-rate gaps. The gaps are keyed by names and n alone; so the
time of an arrival depends on names, its number and the rate, not on other sources, on the order
of anything or on the length of the run. Gaps and their sums are integers; the integrated rate
uses additions, products and quotients of IEEE numbers in a fixed order, and nothing else.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import can_compile
from sim.demand.draws import draws, request_keys
from sim.demand.gaps import ONE, gap_table, unit_gaps
from sim.demand.homes import counted_in
from sim.demand.purposes import Purpose
from sim.keys import subkey_array
from sim.plan.codes import SourceKind
from sim.plan.layout import Plan

Int = NDArray[np.int64]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

BACKLOG: Final = 1 << 40
"""Ordinal of the first request of a backlog: a row of numbers of its own, so that a larger
backlog moves no arrival and more arrivals move no backlog."""

DAY: Final = 86_400_000_000
FACTOR_UNITS: Final = 1e6
"""Unit of the tables of over-dispersion factors."""

_LARGEST_COURSE: Final = 1 << 20
"""Cells of places × time that are held at once; results do not depend on it."""

_MARGIN: Final = 4
"""Standard deviations of gaps drawn beyond the mean at first; results do not depend on it."""


class Reports(NamedTuple):
    """Requests of one source: when, at which of its places, and as which of them."""

    reported_at: Int
    place: Int
    ordinal: Int


class Course(NamedTuple):
    """The rate of a source over time, per counted thing; one row, or one per place."""

    edge: Int
    """[E + 1] borders of stretches of constant rate, from 0 to the end of the run."""
    rate: Floats
    """[rows, E] per µs."""
    grown: Floats
    """[rows, E + 1] integrated rate from time 0."""


class Gaps(NamedTuple):
    """Which keyed gaps separate the arrivals of which streams."""

    key: tuple[int, int]
    purpose: Purpose
    streams: Words


def arrivals(
    plan: Plan, key: tuple[int, int], source: int, *, at_once: bool = False
) -> Reports:
    """All requests of a source of kind ARRIVALS or TIMES, or all its hazards, in order.

    With `at_once` in a compiled loop, where there is one.
    """
    places = np.flatnonzero(plan.place_level == plan.source_level[source])
    parts = [_backlog(plan, source, places)] if plan.source_backlog[source] else []
    if not plan.source_rate[source]:
        parts.append(_written_out(plan, source, places))
    elif at_once and can_compile():
        for block in _blocks(plan, source, places, places.size):
            parts += _arrived_at_once(plan, key, source, block)
    else:
        size = max(1, _LARGEST_COURSE // max(1, plan.source_cell.shape[1]))
        for block in _blocks(plan, source, places, size):
            parts.append(_arrived(plan, key, source, block))
    found = _together(parts)
    if not plan.source_backlog[source]:
        return found
    order = np.lexsort((found.ordinal, found.place))
    return Reports(*(column[order] for column in found))


def members(plan: Plan, key: tuple[int, int], source: int) -> Reports:
    """The first request of each member of a population; its number stands for the ordinal."""
    places = np.flatnonzero(plan.place_level == plan.source_level[source])
    count = int(plan.source_members[source])
    place = np.repeat(places, count)
    member = np.tile(np.arange(count), places.size)
    people = request_keys(int(plan.source_key[source]), plan.place_key[place], member)
    table = plan.law_table[plan.source_law[source]]
    times = draws(table, key, Purpose.UPTIME, people, 0, plan.tick)
    kept = times < plan.end
    return Reports(times[kept], place[kept], member[kept])


def course(plan: Plan, key: tuple[int, int], source: int, places: Int) -> Course:
    """The rate of a source in places that share its profile and shocks."""
    edge, day, base = _shape(plan, source, int(places[0]))
    rate = base[None, :]
    if plan.source_dispersion[source] >= 0:
        rate = rate * _daily_factors(plan, key, source, places, int(day[-1]) + 1)[:, day]
    grown = np.zeros((rate.shape[0], edge.size))
    np.cumsum(rate * np.diff(edge), axis=1, out=grown[:, 1:])
    return Course(edge, rate, grown)


def _shape(plan: Plan, source: int, place: int) -> tuple[Int, Int, Floats]:
    """Stretches of constant rate, the civil day of each from 0, and rates without factors."""
    factor = plan.source_cell[source]
    row = _local_row(plan, source, place)
    if row is not None:
        factor = factor * plan.local_cell[row]
    edge, day = _stretches(plan, factor, plan.source_dispersion[source] >= 0)
    return edge, day, plan.source_rate[source] * factor[edge[:-1] // plan.cell]


def _stretches(plan: Plan, factor: Floats, dispersed: bool) -> tuple[Int, Int]:  # noqa: FBT001
    """Borders of stretches of constant rate, and the civil day of each from 0.

    Equal cells in a row are one stretch: the length of a cell depends on all sources, and must
    not change how the sums of this one are rounded.
    """
    changes = np.flatnonzero(factor[1:] != factor[:-1]) + 1
    edge = np.append(0, changes * plan.cell)
    before = plan.start_ns // 1000 % DAY
    if dispersed:
        edge = np.union1d(edge, np.arange(DAY - before, plan.end, DAY))
    edge = np.append(edge[edge < plan.end], plan.end)
    return edge, (edge[:-1] + before) // DAY


def _local_row(plan: Plan, source: int, place: int) -> int | None:
    rows = np.flatnonzero((plan.local_source == source) & (plan.local_place == place))
    return int(rows[0]) if rows.size else None


def _blocks(plan: Plan, source: int, places: Int, size: int) -> list[Int]:
    """Places in order, in blocks that share a course; one with local shocks stands alone."""
    alone = np.isin(places, plan.local_place[plan.local_source == source])
    starts = np.flatnonzero(alone | np.append(True, alone[:-1]))
    return [
        run[at : at + size]
        for run in np.split(places, starts[1:])
        for at in range(0, run.size, size)
    ]


def _daily_factors(
    plan: Plan, key: tuple[int, int], source: int, places: Int, days: int
) -> Floats:
    """Gamma factors [places, days], shared by the classes of the source."""
    subjects = _subjects_of_days(plan, source, places)
    table = plan.law_table[plan.source_dispersion[source]]
    units = draws(table, key, Purpose.OVERDISPERSION, subjects[:, None], np.arange(days), 1)
    return units / FACTOR_UNITS


def _subjects_of_days(plan: Plan, source: int, places: Int) -> Words:
    return subkey_array(plan.source_day_key[source], plan.place_key[places])


def _arrived(plan: Plan, key: tuple[int, int], source: int, places: Int) -> Reports:
    counted = counted_in(plan, int(plan.source_counted[source]), places)
    places, counted = places[counted > 0], counted[counted > 0]
    if not places.size:
        return _none()
    rates = course(plan, key, source, places)
    streams = subkey_array(plan.source_key[source], plan.place_key[places])
    totals = np.broadcast_to(rates.grown[:, -1], places.shape)
    gaps = Gaps(key, _purpose_of_gaps(plan, source), streams)
    row, ordinal, reached = _gaps_until(gaps, counted.astype(np.float64), totals)
    time = np.empty(row.size, np.int64)
    if rates.grown.shape[0] == 1:
        time[:] = _inverted(rates, 0, reached, plan.tick)
    else:
        # Rows come in order, so each place has one stretch of them.
        cuts = np.searchsorted(row, np.arange(places.size + 1))
        for at in range(places.size):
            part = slice(cuts[at], cuts[at + 1])
            time[part] = _inverted(rates, at, reached[part], plan.tick)
    kept = time < plan.end
    return Reports(time[kept], places[row[kept]], ordinal[kept])


def _purpose_of_gaps(plan: Plan, source: int) -> Purpose:
    is_hazard = plan.source_kind[source] == SourceKind.HAZARD
    return Purpose.HAZARD_BIRTH if is_hazard else Purpose.ARRIVAL_GAP


def _arrived_at_once(
    plan: Plan, key: tuple[int, int], source: int, places: Int
) -> list[Reports]:
    """As `_arrived`, by a compiled loop that keeps the course of one place at a time."""
    from sim.demand.loops import fill_arrivals

    counted = counted_in(plan, int(plan.source_counted[source]), places)
    places, counted = places[counted > 0], counted[counted > 0].astype(np.float64)
    if not places.size:
        return []
    edge, day, base = _shape(plan, source, int(places[0]))
    start, fall, octave = gap_table()
    law = int(plan.source_dispersion[source])
    given = (
        (*key, int(_purpose_of_gaps(plan, source))),
        (int(plan.tick), int(plan.end), octave),
        np.stack([start, fall]),
        subkey_array(plan.source_key[source], plan.place_key[places]),
        _subjects_of_days(plan, source, places),
        counted,
        places,
        plan.law_table[law] if law >= 0 else np.empty(0, np.int64),
        *(edge, day, base),
        *(np.empty(base.size), np.zeros(edge.size)),
    )
    mean = float(counted.sum() * (base * np.diff(edge)).sum())
    room, first, parts = int(mean + _MARGIN * np.sqrt(mean)) + 64, 0, []
    while first < places.size:
        found = np.empty((3, room), np.int64)
        begun, (first, used) = first, fill_arrivals()(*given, found, first)
        parts.append(Reports(*found[:, :used]))
        if first == begun:
            room *= 2
    return parts


def _gaps_until(gaps_of: Gaps, counted: Floats, totals: Floats) -> tuple[Int, Int, Floats]:
    """Row, ordinal and integrated rate per counted thing of all arrivals below the totals."""
    key, purpose, streams = gaps_of
    found: list[tuple[Int, Int, Floats]] = []
    rows = np.arange(streams.size)
    first, start = np.zeros(streams.size, np.int64), np.zeros(streams.size, np.int64)
    while rows.size:
        missing = np.maximum(counted[rows] * totals[rows] - start / ONE, 0.0)
        size = (missing + _MARGIN * np.sqrt(missing)).astype(np.int64) + 4
        begin = np.cumsum(size) - size
        row = np.repeat(rows, size)
        ordinal = np.arange(row.size) - np.repeat(begin - first, size)
        gaps = unit_gaps(key, streams[row], ordinal, purpose)
        # Sums over all streams may wrap; their differences within one stream do not.
        running = np.cumsum(gaps)
        total = running - np.repeat(running[begin] - gaps[begin] - start, size)
        reached = total / ONE / counted[row]
        inside = reached < totals[row]
        found.append((row[inside], ordinal[inside], reached[inside]))
        last = begin + size - 1
        first, start = first + size, total[last]
        more = inside[last]
        rows, first, start = rows[more], first[more], start[more]
    row, ordinal, reached = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((ordinal, row)) if len(found) > 1 else np.arange(row.size)
    return row[order], ordinal[order], reached[order]


def _inverted(rates: Course, row: int, reached: Floats, tick: int) -> Int:
    """The times at which the integrated rate has grown so far, rounded to the tick once."""
    grown, rate = rates.grown[row], rates.rate[row]
    at = np.searchsorted(grown, reached, side="right") - 1
    time = rates.edge[at] + (reached - grown[at]) / rate[at]
    rounded: Int = np.floor(time / tick + 0.5).astype(np.int64) * tick
    return rounded


def _backlog(plan: Plan, source: int, places: Int) -> Reports:
    size = int(plan.source_backlog[source])
    ordinals = np.tile(BACKLOG + np.arange(size), places.size)
    return Reports(np.zeros(ordinals.size, np.int64), np.repeat(places, size), ordinals)


def _written_out(plan: Plan, source: int, places: Int) -> Reports:
    first, last = plan.source_time_ptr[source : source + 2]
    times = (plan.source_time[first:last] + (plan.tick >> 1)) // plan.tick * plan.tick
    ordinals = np.flatnonzero(times < plan.end)
    everywhere = np.tile(ordinals, places.size)
    return Reports(times[everywhere], np.repeat(places, ordinals.size), everywhere)


def _none() -> Reports:
    empty = np.empty(0, np.int64)
    return Reports(empty, empty, empty)


def _together(parts: list[Reports]) -> Reports:
    if len(parts) == 1:
        return parts[0]
    return Reports(*(np.concatenate(columns) for columns in zip(_none(), *parts, strict=True)))
