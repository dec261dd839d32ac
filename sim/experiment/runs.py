"""Runs: what came out of the replications of one scenario, as tables.

Each replication gives one number per figure and group, and only these are independent, so
every interval is over replications (`sim.analysis.intervals`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

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
    """

    scenario: str
    seed: int
    replications: pd.DataFrame
    daily: pd.DataFrame
    cases: pd.DataFrame
    digests: Mapping[int, str]
    events: Mapping[int, int] = field(default_factory=dict)
    seconds: Mapping[int, float] = field(default_factory=dict)

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
        rows = []
        for names, part in self.replications.groupby(
            KEYS, sort=False, observed=True, dropna=False
        ):
            found = interval_of(part, ci)
            rows.append(
                {
                    **dict(zip(KEYS, names, strict=True)),
                    "mean": found.mean,
                    "low": found.low,
                    "high": found.high,
                    "unit": part["unit"].iloc[0],
                    "n": found.n,
                    "cases": float(part["n"].sum()),
                }
            )
        columns = [*KEYS, "mean", "low", "high", "unit", "n", "cases"]
        numbers = dict.fromkeys(("mean", "low", "high"), "float64")
        return pd.DataFrame(rows, columns=columns).astype(numbers)


def values_of(part: pd.DataFrame) -> list[float | None]:
    """One number per replication; None where cases exist but the value was not reached.

    A missing value without any case is undefined (nan): that replication says nothing.
    """
    return [
        (None if n > 0 else math.nan) if pd.isna(value) else float(value)
        for value, n in zip(part["value"], part["n"], strict=True)
    ]


def interval_of(part: pd.DataFrame, ci: float = 0.95, comparisons: int = 1) -> Interval:
    """The interval of one figure: of a ratio of totals where it is one, else of the mean."""
    values = values_of(part)
    if is_share(part) and None not in values:
        hits, cases = totals_of(part)
        # Most ratios are shares; contacts for each request may be more than one.
        most = 1.0 if part["value"].max() <= 1 else math.inf
        return ratio_interval(
            hits, cases, confidence=ci, comparisons=comparisons, bounds=(0.0, most)
        )
    return mean_interval(values, confidence=ci, comparisons=comparisons)


def is_share(part: pd.DataFrame) -> bool:
    """Whether the figure is a ratio of totals, with the denominator in its column n."""
    return is_ratio(str(part["metric"].iloc[0]))


def totals_of(part: pd.DataFrame) -> tuple[list[float], list[float]]:
    """Numerator and denominator of a ratio, by replication."""
    cases = part["n"].to_numpy(float)
    return list(part["value"].fillna(0.0).to_numpy(float) * cases), list(cases)
