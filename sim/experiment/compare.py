"""Comparing scenarios like with like: common random numbers and paired differences.

Replication r of every scenario meets the same residents and requests, so differences are taken
replication by replication, with intervals that hold together (Bonferroni over the scenarios
compared with the first). The price of chance is paid once, in the demand, and cancels.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from sim.analysis.comparison import (
    PairedDifference,
    paired_difference,
    paired_ratio_difference,
    welch_interval,
)
from sim.analysis.intervals import split_values
from sim.demand.trace import draw_trace
from sim.engine import EngineName
from sim.errors import AnalysisError
from sim.experiment.precisely import Reached, replicate_until
from sim.experiment.replicate import replicate
from sim.experiment.runs import KEYS, Figure, Runs, aligned, figures_of, interval_of
from sim.experiment.sources import unmatched_sources
from sim.keys import subkey
from sim.model.system import System, check_system
from sim.plan.compile import compile_plan


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """Scenarios against the first of them.

    Attributes
    ----------
    names
        The scenarios; the first is the baseline.
    runs
        Their replications under common random numbers.
    independent
        Replications of the others with seeds of their own; empty unless asked for.
    unmatched
        Sources whose requests are not those of the baseline, by scenario; their differences
        are of demand and answer together.
    confidence
        Level of the intervals of one figure together.
    """

    names: tuple[str, ...]
    runs: tuple[Runs, ...]
    independent: tuple[Runs, ...] = ()
    unmatched: dict[str, list[str]] = field(default_factory=dict)
    confidence: float = 0.95
    reached: Reached | None = None
    """How a wanted precision ended; None where none was asked for."""

    def other_cohorts(self) -> dict[str, list[str]]:
        """Modes during which other requests were reported than in the baseline, by scenario.

        They differ where a mode's begin or end depends on the state, and so on the answer.
        """
        first = _reported_by_mode(self.runs[0])
        found = {}
        for name, runs in zip(self.names[1:], self.runs[1:], strict=True):
            there = _reported_by_mode(runs)
            unlike = [
                mode for mode in first.keys() & there.keys() if first[mode] != there[mode]
            ]
            if unlike and name not in self.unmatched:
                found[name] = sorted(unlike)
        return found

    def __repr__(self) -> str:
        return f"Comparison({' / '.join(self.names)})"

    def differences(self, metrics: Sequence[str] | None = None) -> pd.DataFrame:
        """Every figure of every scenario against the baseline.

        Parameters
        ----------
        metrics
            Only these; all by default.

        Returns
        -------
        Columns metric, by, group, baseline, other, baseline_mean, other_mean, difference
        (other minus baseline), low, high, distinguishable, correlation, narrowing (width of
        the interval with independent seeds over that of the paired one), variance_factor,
        independent_low, independent_high, unit, n.
        """
        tables = [figures_of(runs.replications, metrics) for runs in self.runs]
        alone = [figures_of(runs.replications, metrics) for runs in self.independent]
        rows = []
        for index in range(1, len(self.names)):
            for key, figure in tables[0].items():
                if key in tables[index]:
                    free = alone[index - 1].get(key) if alone else None
                    rows.append(self._row(figure, tables[index][key], free, index))
        numbers = dict.fromkeys(_NUMBERS, "float64")
        return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(numbers)

    def _row(
        self, first: Figure, other: Figure, free: Figure | None, index: int
    ) -> dict[str, object]:
        pair = (self.names[0], self.names[index])
        number = len(self.names) - 1
        found = compare_figure(first, other, pair, self.confidence, number)
        low, high = found.independent.low, found.independent.high
        narrowing = found.narrowing
        if free is not None:
            low, high = _independent(first, free, self.confidence, number)
            narrowing = _factor(low, high, found.difference.half_width)
        return {
            "metric": first.metric,
            "by": first.by,
            "group": first.group,
            "baseline": pair[0],
            "other": pair[1],
            "baseline_mean": interval_of(first).mean,
            "other_mean": interval_of(other).mean,
            "difference": found.difference.mean,
            "low": found.difference.low,
            "high": found.difference.high,
            "distinguishable": found.distinguishable,
            "correlation": found.correlation,
            "narrowing": narrowing,
            "variance_factor": found.variance_factor,
            "independent_low": low,
            "independent_high": high,
            "unit": first.unit,
            "n": found.difference.n,
        }


_NUMBERS = (
    "baseline_mean",
    "other_mean",
    "difference",
    "low",
    "high",
    "correlation",
    "narrowing",
    "variance_factor",
    "independent_low",
    "independent_high",
)
_COLUMNS = (
    *KEYS,
    "baseline",
    "other",
    "baseline_mean",
    "other_mean",
    "difference",
    "low",
    "high",
    "distinguishable",
    "correlation",
    "narrowing",
    "variance_factor",
    "independent_low",
    "independent_high",
    "unit",
    "n",
)


def compare(  # noqa: PLR0913 - a keyword per wish
    systems: Sequence[System],
    replications: int | None = None,
    seed: int | None = None,
    *,
    independent: bool = False,
    workers: int | None = None,
    on_done: Callable[[int], None] | None = None,
    engine: EngineName | None = None,
    precision: tuple[float, Sequence[str]] | None = None,
) -> Comparison:
    """Play scenarios under the same demand and compare each with the first.

    Parameters
    ----------
    systems
        At least two scenarios.
    replications, seed
        The same for all; as in the ``run`` settings of the first unless given.
    independent
        Play the others once more with seeds of their own, to see what the pairing gains.
    workers
        Processes that play replications side by side.
    on_done
        Called with its number after each replication of each scenario.
    engine
        Which engine plays, as for `replicate`.
    precision
        Half-width of intervals as a share of the mean, and the metrics that it is about; the
        scenarios are then played until all have it, `replications` times at most.

    Raises
    ------
    AnalysisError
        If there are fewer than two scenarios.
    PlanError
        If one cannot be laid out.
    """
    for each in systems:
        check_system(each)
    if len(systems) < 2:
        raise AnalysisError("A comparison needs at least two scenarios.")
    count = replications or systems[0].run.replications
    start = systems[0].run.seed if seed is None else seed
    unmatched = _unmatched(systems, start)

    def played(system: System, its_seed: int) -> Runs:
        return replicate(
            system, count, its_seed, workers=workers, on_done=on_done, engine=engine
        )

    reached = None
    if precision is not None:
        runs, reached = replicate_until(
            systems,
            precision[0],
            of=precision[1],
            most=count,
            seed=start,
            workers=workers,
            on_done=on_done,
            engine=engine,
        )
    else:
        runs = tuple(played(system, start) for system in systems)
    alone = tuple(
        played(system, _own_seed(start, index))
        for index, system in enumerate(systems)
        if independent and index
    )
    return Comparison(
        names=distinct_names([system.name for system in systems]),
        runs=runs,
        independent=alone,
        unmatched=unmatched,
        reached=reached,
    )


def _reported_by_mode(runs: Runs) -> dict[str, dict[int, float | None]]:
    """Number of requests by the mode at their report and by replication."""
    figures = figures_of(runs.replications, ["reported"])
    return {
        group: dict(zip(figure.replications, figure.values, strict=True))
        for (_, by, group), figure in figures.items()
        if by == "mode"
    }


def distinct_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names, numbered where two scenarios have the same."""
    return tuple(
        name if names.count(name) == 1 else f"{name}#{names[: place + 1].count(name)}"
        for place, name in enumerate(names)
    )


def compare_figure(
    first: Figure,
    other: Figure,
    names: tuple[str, str],
    confidence: float,
    comparisons: int,
) -> PairedDifference:
    """The paired difference of one figure: of ratios of totals for shares, else of means."""
    both = sorted({*first.replications, *other.replications})
    first, other = aligned(first, both), aligned(other, both)
    if first.is_ratio and other.is_ratio:
        return paired_ratio_difference(
            first.totals,
            other.totals,
            names=names,
            confidence=confidence,
            comparisons=comparisons,
        )
    return paired_difference(
        first.values,
        other.values,
        names=names,
        confidence=confidence,
        comparisons=comparisons,
    )


def _unmatched(systems: Sequence[System], seed: int) -> dict[str, list[str]]:
    names = distinct_names([system.name for system in systems])
    plans = [compile_plan(system) for system in systems]
    demand = [(plan, draw_trace(plan, seed, 1)) for plan in plans]
    found = {
        name: unmatched_sources(demand[0], there)
        for name, there in zip(names[1:], demand[1:], strict=True)
    }
    return {name: sources for name, sources in found.items() if sources}


def _own_seed(seed: int, index: int) -> int:
    """A seed that no other scenario of the comparison has, within the range of seeds."""
    return subkey(seed, index) >> 1


def _independent(
    first: Figure, other: Figure, confidence: float, comparisons: int
) -> tuple[float | None, float | None]:
    """The Welch interval of runs that were in truth played with different seeds."""
    ours, theirs = split_values(first.values), split_values(other.values)
    if ours.missing or theirs.missing or min(ours.n, theirs.n) < 2:
        return None, None
    found = welch_interval(
        ours.values, theirs.values, confidence=confidence, comparisons=comparisons
    )
    return found.low, found.high


def _factor(low: float | None, high: float | None, half_width: float | None) -> float | None:
    if low is None or high is None or not half_width:
        return None
    factor = (high - low) / 2 / half_width
    return factor if math.isfinite(factor) else None
