"""Whether one observation could be one more replication of a model.

If the log were one more replication, (x - mean) / (s √(1 + 1/R)) would follow Student's t with
R - 1 degrees of freedom. Several figures are judged together: Holm's steps keep the chance of
any false alarm at the level. Figures that cannot be negative are compared by their logarithm.

Sources: Geisser, *Predictive Inference* (1993), 2.1; Holm, Scand. J. Statist. 6 (1979) 65-70.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

ALPHA: Final = 0.01
"""Chance of any false alarm over all figures of a comparison."""


class Foretold(NamedTuple):
    """What replications foretell of one figure, and what was observed."""

    observed: float | None
    middle: float | None
    low: float | None
    high: float | None
    p: float | None
    """Two-sided; None where there is nothing to judge."""


def foretell(
    observed: float | None, values: Sequence[float], *, logs: bool = True, alpha: float = 0.05
) -> Foretold:
    """Hold an observed figure against those of the replications.

    Parameters
    ----------
    observed
        The figure of the log; None where it has none.
    values
        The figure of each replication.
    logs
        Whether to compare logarithms; a zero anywhere falls back to the plain values.
    alpha
        One less the level of the interval for one more replication.
    """
    from scipy import stats

    known = np.array([value for value in values if not math.isnan(value)], np.float64)
    if known.size < 2:
        return Foretold(observed, _mean(known), None, None, None)
    # Without spread there is nothing to scale, and a given number stays what it is.
    positive = 0 < known.min() < known.max() and (observed is None or observed > 0)
    scaled = np.log(known) if logs and positive else known
    mean, spread = float(scaled.mean()), float(scaled.std(ddof=1))
    width = spread * math.sqrt(1 + 1 / known.size)
    reach = float(stats.t.ppf(1 - alpha / 2, known.size - 1)) * width
    back = math.exp if logs and positive else float
    if observed is None:
        p = None
    elif width > 0:
        here = math.log(observed) if logs and positive else observed
        p = 2 * float(stats.t.sf(abs(here - mean) / width, known.size - 1))
    else:
        p = 1.0 if math.isclose(observed, back(mean), rel_tol=1e-9, abs_tol=1e-12) else 0.0
    low = back(mean - reach)
    # Times and counts are never negative, however few replications there are.
    return Foretold(observed, back(mean), max(0.0, low), back(mean + reach), p)


def differing(ps: Sequence[float | None], alpha: float = ALPHA) -> list[bool]:
    """Which of several p-values stand out when all are judged together (Holm)."""
    there = sorted((p, place) for place, p in enumerate(ps) if p is not None)
    out = [False] * len(ps)
    for step, (p, place) in enumerate(there):
        if p > alpha / (len(there) - step):
            break
        out[place] = True
    return out


def _mean(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float | None:
    return float(values.mean()) if values.size else None
