"""Runs: what came out of the replications of one scenario, as tables.

Each replication gives one number per figure and group, and only these are independent, so
every interval is over replications (`sim.analysis.intervals`).
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import pandas as pd

from sim.analysis.intervals import Interval, mean_interval, ratio_interval
from sim.experiment.figures import is_ratio

KEYS = ["metric", "by", "group"]
"""What names a figure: the metric, what it is split by, and the part."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Runs:
    """The replications of one scenario.

    Attributes
    ----------
    scenario
        Its name.
    seed
        Seed of all randomness.
    replications
        Long table: replication, metric, by, group, value, unit, n (cases behind the value).
    daily
        Counts per day and replication.
    cases
        One row per request and replication; empty unless they were asked for.
    digests
        SHA-256 of each replication's event log, by replication.
    events
        Number of log rows, by replication.
    seconds
        Time that each replication took, by replication.
    engine
        Name of the engine that played them.
    islands
        In how many islands each was played (`sim.experiment.apart`); 1: whole.
    """

    scenario: str
    seed: int
    replications: pd.DataFrame
    daily: pd.DataFrame
    cases: pd.DataFrame
    digests: Mapping[int, str]
    events: Mapping[int, int] = field(default_factory=dict)
    seconds: Mapping[int, float] = field(default_factory=dict)
    engine: str = "reference"
    islands: int = 1
    _summaries: dict[float, pd.DataFrame] = field(default_factory=dict, init=False)

    def __repr__(self) -> str:
        return f"Runs({self.scenario!r}, seed={self.seed}, replications={len(self.digests)})"

    def summary(self, ci: float = 0.95) -> pd.DataFrame:
        """Every figure with its interval over replications.

        Parameters
        ----------
        ci
            Level of each interval.

        Returns
        -------
        Columns metric, by, group, mean, low, high, unit, n (replications in which the figure
        is defined), cases (behind it, all replications together). ``mean`` is empty where
        some replication did not reach the value, as a quantile beyond the follow-up.
        """
        if ci not in self._summaries:
            figures = figures_of(self.replications)
            rows = [_summarised(figure, ci) for figure in figures.values()]
            columns = [*KEYS, "mean", "low", "high", "unit", "n", "cases"]
            numbers = dict.fromkeys(("mean", "low", "high"), "float64")
            self._summaries[ci] = pd.DataFrame(rows, columns=columns).astype(numbers)
        return self._summaries[ci].copy()


class Figure(NamedTuple):
    """One figure of one group, by replication."""

    metric: str
    by: str
    group: str
    unit: str
    replications: list[int]
    values: list[float | None]
    """None where cases exist but the value was not reached; nan where there is no case, so
    that this replication says nothing."""
    cases: list[float]

    @property
    def is_ratio(self) -> bool:
        """Whether it is a ratio of totals, all of which are known."""
        return is_ratio(self.metric) and None not in self.values

    @property
    def totals(self) -> tuple[list[float], list[float]]:
        """Numerator and denominator of a ratio, by replication."""
        pairs = zip(self.values, self.cases, strict=True)
        hits = [value * n if value is not None and n > 0 else 0.0 for value, n in pairs]
        return hits, self.cases


def figures_of(
    table: pd.DataFrame, metrics: Collection[str] | None = None
) -> dict[tuple[str, str, str], Figure]:
    """The figures of a long table by metric, by and group; only some metrics if said."""
    found: dict[tuple[str, str, str], Figure] = {}
    columns = ("metric", "by", "group", "unit", "replication", "value", "n")
    for metric, by, group, unit, number, value, n in zip(
        *(table[name].tolist() for name in columns), strict=True
    ):
        if metrics is not None and metric not in metrics:
            continue
        key = (metric, by, group)
        figure = found.setdefault(key, Figure(*key, unit, [], [], []))
        figure.replications.append(number)
        figure.values.append(None if n > 0 and math.isnan(value) else value)
        figure.cases.append(n)
    return found


def aligned(figure: Figure, replications: Iterable[int]) -> Figure:
    """The figure for just these replications; undefined where a group was not there."""
    places = {number: place for place, number in enumerate(figure.replications)}
    wanted = list(replications)
    there = [places.get(number) for number in wanted]
    return figure._replace(
        replications=wanted,
        values=[math.nan if place is None else figure.values[place] for place in there],
        cases=[0.0 if place is None else figure.cases[place] for place in there],
    )


def interval_of(figure: Figure, ci: float = 0.95) -> Interval:
    """The interval of one figure: of a ratio of totals where it is one, else of the mean."""
    if not figure.is_ratio:
        found = mean_interval(figure.values, confidence=ci)
        # Times, counts and costs are never negative, however few replications there are.
        return found if found.low is None else replace(found, low=max(0.0, found.low))
    # Most ratios are shares; contacts for each request may be more than one.
    most = max((v for v in figure.values if v is not None and not math.isnan(v)), default=0.0)
    bounds = (0.0, 1.0 if most <= 1 else math.inf)
    return ratio_interval(*figure.totals, confidence=ci, bounds=bounds)


def _summarised(figure: Figure, ci: float) -> dict[str, object]:
    found = interval_of(figure, ci)
    return {
        "metric": figure.metric,
        "by": figure.by,
        "group": figure.group,
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
        "unit": figure.unit,
        "n": found.n,
        "cases": sum(figure.cases),
    }
