"""Confidence intervals over replications.

One replication gives one number, and only these numbers are independent: cases of one run
share its queue, so they are never pooled over replications. Three kinds of input:

* a mean or a quantile of each replication: `mean_interval`;
* a share or another ratio of totals, hits / cases: `ratio_interval`. The mean of the
  replications' own ratios is a different number (it weighs a quiet week like a busy one),
  so both totals are kept and resampled;
* a target for a share: `linear_form`, whose mean is zero exactly at the target.

Two ways in which a replication may have no number are kept apart:

* ``None``: *not reached* (a quantile beyond the follow-up). Leaving such replications out
  would flatter the system, so the whole interval has no value and says how many reached it.
* ``nan``: *undefined* (no case of this kind in the run). Such a replication says nothing and
  is left out; `Interval.n` counts those that remain.

Sources: Law, *Simulation Modeling and Analysis*, 5th ed., 9.4; Miller, "The jackknife: a
review", Biometrika 61 (1974) 1-15.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean over replications and its two-sided confidence interval.

    Attributes
    ----------
    mean
        The estimate, or None when some replication did not reach a value.
    low, high, half_width
        The bounds; None as well when fewer than two replications have a value.
    n
        Replications in which the quantity is defined.
    reached
        Those of the `n` that reached a value; less than `n` exactly when `mean` is None
        for that reason.
    confidence
        Level of the statement, over all comparisons reported together.
    """

    mean: float | None
    low: float | None
    high: float | None
    half_width: float | None
    n: int
    reached: int
    confidence: float


def mean_interval(
    values: Sequence[float | None] | Floats, *, confidence: float = 0.95, comparisons: int = 1
) -> Interval:
    """Return the t-interval of the mean of one number per replication.

    Quantiles enter the same way: one quantile per replication, None where not reached.

    Parameters
    ----------
    values
        One number per replication; None is "not reached", nan is "undefined".
    confidence
        Level of the statement, over all `comparisons` together.
    comparisons
        Number of intervals reported together; each is widened after Bonferroni.
    """
    reached = split_values(values)
    if reached.missing:
        return no_interval(reached.n, len(reached.values), confidence)
    return t_interval(reached.values, confidence=confidence, comparisons=comparisons)


def ratio_interval(
    hits: Sequence[float] | Floats,
    cases: Sequence[float] | Floats,
    *,
    confidence: float = 0.95,
    comparisons: int = 1,
    bounds: tuple[float, float] | None = None,
) -> Interval:
    """Return the interval of sum(hits) / sum(cases) by the jackknife over replications.

    The estimate is the plain ratio of totals, without the jackknife's bias correction, so
    that it equals the printed totals. A replication without cases adds nothing to either
    total but stays a replication. When all replications agree (a share of exactly 1 in each)
    the width is 0: replications cannot then tell how far the truth may be off.

    Parameters
    ----------
    hits, cases
        Totals of each replication, in the same order.
    confidence, comparisons
        As in `mean_interval`.
    bounds
        Natural range of the ratio, (0, 1) for a share; the bounds are cut to it.
    """
    pseudo = jackknife_values(hits, cases)
    if not len(pseudo):
        return no_interval(0, 0, confidence)
    ratio = float(np.sum(hits) / np.sum(cases))
    return t_interval(
        pseudo, centre=ratio, confidence=confidence, comparisons=comparisons, bounds=bounds
    )


def jackknife_values(hits: Sequence[float] | Floats, cases: Sequence[float] | Floats) -> Floats:
    """Return the jackknife pseudo-values of sum(hits) / sum(cases), one per replication.

    Their mean is the bias-corrected ratio and their standard error that of the ratio. Paired
    differences of ratios are paired differences of pseudo-values. Empty when no replication
    has a case; nan where the ratio without one replication is undefined.
    """
    hit, case = _totals(hits, cases)
    total = case.sum()
    if total == 0:
        return np.empty(0)
    n = len(hit)
    if n == 1:
        return hit / case
    rest = total - case
    without = np.full(n, np.nan)
    np.divide(hit.sum() - hit, rest, out=without, where=rest != 0)
    return np.asarray(n * hit.sum() / total - (n - 1) * without)


def linear_form(
    hits: Sequence[float] | Floats, cases: Sequence[float] | Floats, target: float
) -> Floats:
    """Return ``hits - target * cases`` of each replication.

    Its expectation is zero exactly when E hits / E cases equals the target, so a plain
    t-interval of it tests a ratio without any bias.
    """
    hit, case = _totals(hits, cases)
    return hit - target * case


@dataclass(frozen=True, slots=True)
class SplitValues:
    """The values of the replications that have one, and how many lack one.

    Attributes
    ----------
    values
        Numbers of the replications that reached one.
    missing
        Replications in which the value was not reached.
    undefined
        Replications that say nothing, because there was no case.
    """

    values: Floats
    missing: int
    undefined: int

    @property
    def n(self) -> int:
        """Replications in which the quantity is defined."""
        return len(self.values) + self.missing


def split_values(values: Sequence[float | None] | Floats) -> SplitValues:
    """Separate the reached values from the not reached (None) and undefined (nan) ones."""
    given = [float(value) for value in values if value is not None]
    reached = [value for value in given if not math.isnan(value)]
    return SplitValues(
        np.array(reached, dtype=np.float64), len(values) - len(given), len(given) - len(reached)
    )


def t_quantile(confidence: float, degrees: float, comparisons: int = 1) -> float:
    """Return t(1 - alpha / (2 m), degrees) with alpha = 1 - confidence, m = comparisons."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")
    if comparisons < 1:
        raise ValueError(f"comparisons must be at least 1, not {comparisons}")
    return float(stdtrit(degrees, 1 - (1 - confidence) / (2 * comparisons)))


def t_interval(
    values: Floats,
    *,
    confidence: float,
    comparisons: int = 1,
    centre: float | None = None,
    bounds: tuple[float, float] | None = None,
) -> Interval:
    """Return the t-interval of complete values, around their mean or around `centre`."""
    n = len(values)
    if n == 0:
        return no_interval(0, 0, confidence)
    mean = float(values.mean()) if centre is None else centre
    spread = float(values.std(ddof=1)) / math.sqrt(n) if n > 1 else math.nan
    if math.isnan(spread):
        return Interval(
            mean=mean,
            low=None,
            high=None,
            half_width=None,
            n=n,
            reached=n,
            confidence=confidence,
        )
    half = t_quantile(confidence, n - 1, comparisons) * spread
    return interval_around(mean, half, n=n, confidence=confidence, bounds=bounds)


def interval_around(
    mean: float,
    half_width: float,
    *,
    n: int,
    confidence: float,
    bounds: tuple[float, float] | None = None,
) -> Interval:
    """Return the symmetric interval, cut to the natural `bounds` of the quantity."""
    floor, ceiling = bounds or (-math.inf, math.inf)
    return Interval(
        mean=mean,
        low=max(mean - half_width, floor),
        high=min(mean + half_width, ceiling),
        half_width=half_width,
        n=n,
        reached=n,
        confidence=confidence,
    )


def no_interval(n: int, reached: int, confidence: float) -> Interval:
    """Return the interval that has no value, with the counts that say why."""
    return Interval(
        mean=None,
        low=None,
        high=None,
        half_width=None,
        n=n,
        reached=reached,
        confidence=confidence,
    )


def _totals(
    hits: Sequence[float] | Floats, cases: Sequence[float] | Floats
) -> tuple[Floats, Floats]:
    hit, case = np.asarray(hits, dtype=np.float64), np.asarray(cases, dtype=np.float64)
    if hit.shape != case.shape or hit.ndim != 1:
        raise ValueError(f"one pair of totals per replication: {hit.shape} and {case.shape}")
    return hit, case
