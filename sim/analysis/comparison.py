"""Paired differences of scenarios under common random numbers.

Replication r of every scenario meets the same residents, requests and work contents, so the
difference of two scenarios is taken replication by replication:
mean(d) ± t(1 - alpha/(2m), n-1) · s_d / √n, with Bonferroni over the m intervals reported
together. The interval that independent seeds would give (Welch) stands beside it as a check
on the pairing; `PairedDifference.variance_factor` says what the pairing saved.

SciPy's ``dunnett`` and ``tukey_hsd`` assume independent samples and are wrong here.

Sources: Law, *Simulation Modeling and Analysis*, 5th ed., 10.2 and 11.2; Welch, Biometrika 34
(1947) 28-35.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.intervals import (
    Floats,
    Interval,
    interval_around,
    jackknife_values,
    no_interval,
    t_interval,
    t_quantile,
)

Totals = tuple[Sequence[float] | Floats, Sequence[float] | Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDifference:
    """How one scenario differs from another, with and without the pairing.

    Attributes
    ----------
    baseline, other
        Names of the scenarios; the difference is other minus baseline.
    difference
        Paired interval; without a value when either scenario did not reach one somewhere.
    independent
        The interval the same numbers would give with independent seeds (Welch).
    correlation
        Correlation of the two scenarios over replications; None where one is constant.
    variance_factor
        (s_A² + s_B²) / s_D²: how many times more replications independent seeds would need.
        None where it is undefined (no spread, or fewer than two pairs).
    comparisons
        Number of intervals reported together, over which the confidence holds.
    """

    baseline: str
    other: str
    difference: Interval
    independent: Interval
    correlation: float | None
    variance_factor: float | None
    comparisons: int

    @property
    def distinguishable(self) -> bool:
        """Whether the paired interval leaves zero outside."""
        low, high = self.difference.low, self.difference.high
        return low is not None and high is not None and (low > 0 or high < 0)

    @property
    def pairing_harms(self) -> bool:
        """Whether the scenarios move against each other, so that pairing costs precision."""
        return self.correlation is not None and self.correlation < 0

    @property
    def narrowing(self) -> float | None:
        """Half-width with independent seeds divided by the paired half-width."""
        paired, independent = self.difference.half_width, self.independent.half_width
        if not paired or independent is None:
            return None
        return independent / paired


def paired_difference(
    baseline: Sequence[float | None] | Floats,
    other: Sequence[float | None] | Floats,
    *,
    names: tuple[str, str] = ("baseline", "other"),
    confidence: float = 0.95,
    comparisons: int = 1,
) -> PairedDifference:
    """Compare one number per replication of two scenarios, replication by replication.

    A pair with an undefined member (nan) is left out; one with a member that is not reached
    (None) leaves the difference without a value, as in `sim.analysis.intervals`.
    """
    if len(baseline) != len(other):
        raise ValueError(f"pairs need equal replications: {len(baseline)} and {len(other)}")
    pairs = [
        (a, b)
        for a, b in zip(baseline, other, strict=True)
        if not (_is_undefined(a) or _is_undefined(b))
    ]
    reached = [(float(a), float(b)) for a, b in pairs if a is not None and b is not None]
    if len(reached) < len(pairs) or not pairs:
        nothing = no_interval(len(pairs), len(reached), confidence)
        return _compared(names, nothing, nothing, comparisons)
    first, second = np.array(reached, dtype=np.float64).T
    return _paired(first, second, None, names, confidence, comparisons)


def paired_ratio_difference(
    baseline: Totals,
    other: Totals,
    *,
    names: tuple[str, str] = ("baseline", "other"),
    confidence: float = 0.95,
    comparisons: int = 1,
) -> PairedDifference:
    """Compare two ratios of totals, (hits, cases) per replication, by the paired jackknife."""
    first, second = jackknife_values(*baseline), jackknife_values(*other)
    if not len(first) or not len(second):
        nothing = no_interval(0, 0, confidence)
        return _compared(names, nothing, nothing, comparisons)
    if len(first) != len(second):
        raise ValueError(f"pairs need equal replications: {len(first)} and {len(second)}")
    centre = _ratio(other) - _ratio(baseline)
    return _paired(first, second, centre, names, confidence, comparisons)


def compare_scenarios(
    values: Mapping[str, Sequence[float | None] | Floats],
    *,
    confidence: float = 0.95,
    all_pairs: bool = False,
    outputs: int = 1,
) -> list[PairedDifference]:
    """Compare scenarios with the first one, or all pairs, at one simultaneous level.

    Parameters
    ----------
    values
        Numbers per replication by scenario name; the first scenario is the baseline.
    confidence
        Level of all intervals together.
    all_pairs
        Whether to report every pair instead of every scenario against the baseline.
    outputs
        Number of output figures that are reported together in this way.
    """
    pairs = scenario_pairs(list(values), all_pairs=all_pairs)
    return [
        paired_difference(
            values[first],
            values[second],
            names=(first, second),
            confidence=confidence,
            comparisons=len(pairs) * outputs,
        )
        for first, second in pairs
    ]


def scenario_pairs(names: Sequence[str], *, all_pairs: bool = False) -> list[tuple[str, str]]:
    """Return (baseline, other) pairs: each against the first, or all k(k-1)/2 of them."""
    if all_pairs:
        return list(itertools.combinations(names, 2))
    return [(names[0], other) for other in names[1:]]


def welch_interval(
    baseline: Floats,
    other: Floats,
    *,
    confidence: float,
    comparisons: int = 1,
    centre: float | None = None,
) -> Interval:
    """Return the interval of a difference of means of independent samples (Welch)."""
    mean = float(other.mean() - baseline.mean()) if centre is None else centre
    sizes = np.array([len(baseline), len(other)])
    n = int(sizes.min())
    if n < 2:
        return t_interval(np.array([mean]), confidence=confidence)
    errors = np.array([baseline.var(ddof=1), other.var(ddof=1)]) / sizes
    total = float(errors.sum())
    if total == 0 or math.isnan(total):
        return interval_around(mean, total, n=n, confidence=confidence)
    degrees = total**2 / float((errors**2 / (sizes - 1)).sum())
    half = t_quantile(confidence, degrees, comparisons) * math.sqrt(total)
    return interval_around(mean, half, n=n, confidence=confidence)


def _paired(
    first: Floats,
    second: Floats,
    centre: float | None,
    names: tuple[str, str],
    confidence: float,
    comparisons: int,
) -> PairedDifference:
    difference = t_interval(
        second - first, centre=centre, confidence=confidence, comparisons=comparisons
    )
    independent = welch_interval(
        first, second, centre=centre, confidence=confidence, comparisons=comparisons
    )
    return _compared(names, difference, independent, comparisons, first, second)


def _compared(
    names: tuple[str, str],
    difference: Interval,
    independent: Interval,
    comparisons: int,
    first: Floats | None = None,
    second: Floats | None = None,
) -> PairedDifference:
    correlation = factor = None
    if first is not None and second is not None and len(first) > 1:
        correlation, factor = _correlation(first, second), _variance_factor(first, second)
    return PairedDifference(
        baseline=names[0],
        other=names[1],
        difference=difference,
        independent=independent,
        correlation=correlation,
        variance_factor=factor,
        comparisons=comparisons,
    )


def _correlation(first: Floats, second: Floats) -> float | None:
    spread = first.std() * second.std()
    if not spread > 0:
        return None
    covariance = float(((first - first.mean()) * (second - second.mean())).mean())
    return max(-1.0, min(1.0, covariance / float(spread)))


def _variance_factor(first: Floats, second: Floats) -> float | None:
    paired = float((second - first).var(ddof=1))
    if not paired > 0:
        return None
    return float(first.var(ddof=1) + second.var(ddof=1)) / paired


def _ratio(totals: Totals) -> float:
    return float(np.sum(totals[0]) / np.sum(totals[1]))


def _is_undefined(value: float | None) -> bool:
    return value is not None and math.isnan(value)
