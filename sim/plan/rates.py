"""Rates over time: profiles and shocks as factors of equal cells, 1 in the long run.

The factor of a cell is taken at its middle. Cells end where hours, and the shocks' corners, do;
only a corner between two minutes may fall inside one. Weights of hours and weekdays have a mean
of 1 over the week, those of months over a year of 365 days.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import PlanError
from sim.model.sources import Arrivals, Hazard, Profile, Shock, Source
from sim.plan.civil import micros
from sim.plan.places import PlaceTree
from sim.units import HOUR, MINUTE

Int = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_CELLS: Final = 20_000_000
SINE_CELLS: Final = 1440
"""Cells in one wave: a day's wave by the minute, so that its steps do not show."""

_MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Rates(NamedTuple):
    """Factors of the mean rate of every source."""

    cell: int
    """Length of a cell in µs, the same for all sources; the first begins at time 0."""
    factors: Mapping[str, Floats]
    """By source, for every cell of the run."""
    local: Sequence[tuple[str, int, Floats]]
    """Source, place at the level of the source, and its *further* factors (local shocks);
    sorted, and at most one for a source and place."""


def rate_cells(
    sources: Mapping[str, Source],
    shocks: Mapping[str, Shock],
    tree: PlaceTree,
    start: datetime,
    end: int,
) -> Rates:
    """Factors of all sources; only those with a rate vary, all others have ones.

    Raises
    ------
    PlanError
        If weights cannot be used, a shock names something that it cannot change, or the run
        would need too many cells; the message begins with the field path.
    """
    for name, shock in sorted(shocks.items()):
        _check(name, shock, sources)
    cell = cell_length(sources, shocks, start, end)
    middle = np.arange(-(-end // cell), dtype=np.int64) * cell + cell // 2
    factors: dict[str, Floats] = {}
    local: dict[tuple[str, int], Floats] = {}
    for name, source in sorted(sources.items()):
        factors[name] = np.ones(len(middle))
        if isinstance(source, Arrivals | Hazard):
            factors[name] = _profile(f"sources.{name}.profile", source.profile, start, middle)
            for title, shock in sorted(shocks.items()):
                if name not in shock.factors:
                    continue
                shape = _shape(shock, shock.factors[name], start, middle)
                if shock.places is None:
                    factors[name] = factors[name] * shape
                for place in _struck(title, shock, tree, source):
                    local[name, place] = local.get((name, place), np.ones(1)) * shape
    return Rates(cell, factors, [(*key, local[key]) for key in sorted(local)])


def cell_length(
    sources: Mapping[str, Source], shocks: Mapping[str, Shock], start: datetime, end: int
) -> int:
    """Length of all cells in µs: an hour, or less where a sine or a corner needs it."""
    day_offset = micros(start, start.replace(hour=0, minute=0, second=0, microsecond=0))
    corners = [0]
    waves = []
    for source in sources.values():
        if isinstance(source, Arrivals | Hazard):
            profile = source.profile
            if profile.sine is not None:
                waves.append(profile.sine.period)
            if profile.hours or profile.weekdays or profile.months:
                corners.append(day_offset)
    for shock in shocks.values():
        corners += _corners(shock, start)
    length = max(math.gcd(HOUR, *corners), MINUTE)
    if waves:
        length = _part(length, min(waves) // SINE_CELLS)
    if end > length * MOST_CELLS:
        message = f"{-(-end // length):,} cells of {length:,} µs are too many for this run"
        hint = "use a longer sine period or a shorter run"
        zh = "运行时段划分过细；请加长正弦周期或缩短运行"
        raise PlanError(f"run.horizon: {message}; {hint}", zh)
    return length


def _part(length: int, most: int) -> int:
    """The largest divisor of a length that is not above `most` (1 µs at the least)."""
    small = [n for n in range(1, math.isqrt(length) + 1) if length % n == 0]
    return max((n for s in small for n in (s, length // s) if n <= most), default=1)


# ---- profiles


def _profile(path: str, profile: Profile, start: datetime, middle: Int) -> Floats:
    lists = (profile.hours, profile.weekdays, profile.months)
    if profile.sine is not None:
        if any(weights is not None for weights in lists):
            raise PlanError(f"{path}.sine: give a sine or weights, not both")
        turns = middle % profile.sine.period / profile.sine.period
        return 1.0 + profile.sine.amplitude * np.sin(2 * np.pi * turns)
    factors = np.ones(len(middle))
    if not any(weights is not None for weights in lists):
        return factors
    moment = np.datetime64(start, "us") + middle.astype("timedelta64[us]")
    days = moment.astype("datetime64[D]")
    hour = ((moment - days).astype(np.int64) // HOUR).astype(np.int64)
    weekday = (days.astype(np.int64) + 3) % 7  # day 0, 1 January 1970, was a Thursday
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    if profile.hours is not None:
        factors *= _weights(f"{path}.hours", profile.hours, [1] * 24)[hour]
    if profile.weekdays is not None:
        factors *= _weights(f"{path}.weekdays", profile.weekdays, [1] * 7)[weekday]
    if profile.months is not None:
        factors *= _weights(f"{path}.months", profile.months, _MONTH_DAYS)[month]
    return factors


def _weights(path: str, weights: Sequence[float], lengths: Sequence[int]) -> Floats:
    """Weights with a mean of 1, each counted for its length."""
    if min(weights) < 0 or max(weights) <= 0:
        raise PlanError(f"{path}: weights are not negative, and not all zero")
    mean = math.fsum(w * n for w, n in zip(weights, lengths, strict=True)) / sum(lengths)
    return np.array(weights) / mean


# ---- shocks


def _begin(shock: Shock, start: datetime) -> int:
    return micros(shock.start, start) if isinstance(shock.start, datetime) else shock.start


def _corners(shock: Shock, start: datetime) -> list[int]:
    begin = _begin(shock, start)
    end = begin + shock.lasts
    return [begin, begin + shock.rise, end - shock.fall, end]


def _shape(shock: Shock, factor: float, start: datetime, middle: Int) -> Floats:
    """1 before and after, `factor` at full height, straight lines between."""
    since = middle - _begin(shock, start)
    height = ((since >= 0) & (since < shock.lasts)).astype(np.float64)
    if shock.rise:
        height *= np.clip(since / shock.rise, 0.0, 1.0)
    if shock.fall:
        height *= np.clip((shock.lasts - since) / shock.fall, 0.0, 1.0)
    return 1.0 + (factor - 1.0) * height


def _check(name: str, shock: Shock, sources: Mapping[str, Source]) -> None:
    path = f"shocks.{name}"
    if shock.rise + shock.fall > shock.lasts:
        raise PlanError(f"{path}.lasts: shorter than rise and fall together")
    for source, factor in sorted(shock.factors.items()):
        if source not in sources:
            raise PlanError(f"{path}.factors: there is no source {source}")
        found = sources[source]
        if not isinstance(found, Arrivals | Hazard) or found.rate is None:
            raise PlanError(
                f"{path}.factors.{source}: only arrivals and hazards with a rate have shocks"
            )
        if factor < 0:
            raise PlanError(f"{path}.factors.{source}: {factor} is less than 0")


def _struck(name: str, shock: Shock, tree: PlaceTree, source: Arrivals | Hazard) -> list[int]:
    """Places of the source's level in the places of a shock; none if it is everywhere."""
    level = tree.level_number(source.at)
    struck: set[int] = set()
    for index, text in enumerate(shock.places or ()):
        path = f"shocks.{name}.places[{index}]"
        place = find_place(path, text, tree)
        if tree.level[place] > level:
            wide = tree.level_names[level]
            message = f"{text} is narrower than the level {wide} that the source hangs on"
            zh = f"“{text}”比该来源所在的级别“{wide}”更低"
            raise PlanError(f"{path}: {message}", zh)
        places = tree.places_at(level)
        struck |= {int(p) for p in places[tree.at[places, tree.level[place]] == place]}
    return sorted(struck)


def find_place(path: str, text: str, tree: PlaceTree) -> int:
    """The only place whose full name ends with these names."""
    found = [
        number for number, name in enumerate(tree.names) if f"/{name}".endswith(f"/{text}")
    ]
    if len(found) != 1:
        message = f"{len(found)} places are called {text}" if found else f"no place {text}"
        zh = f"有 {len(found)} 处地点名为“{text}”" if found else f"没有名为“{text}”的地点"
        raise PlanError(f"{path}: {message}", zh)
    return found[0]
