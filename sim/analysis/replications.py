"""How many replications: run until every interval is narrow enough, and stays so.

The half-width of an interval wanders while it shrinks, and a rule that stops at the first
crossing covers too rarely. So the rule starts at ten replications and must hold for five
further ones (more beyond a hundred replications). Nominal 95 % then covers 94-95 %.

Source: Hoad, Robinson & Davies, "Automated selection of the number of replications for a
discrete-event simulation", J. Oper. Res. Soc. 61 (2010) 1632-1644.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from sim.analysis.intervals import Floats

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """What is precise enough, and how carefully it is judged.

    Attributes
    ----------
    relative
        Wanted half-width as a share of the absolute mean, or None.
    absolute
        Wanted half-width in the unit of the output, or None. With both, either is enough:
        near zero no relative precision can be met.
    confidence
        Level of each interval.
    minimum
        Fewest replications at which the rule may hold.
    look_ahead
        Further replications for which it must go on holding.
    """

    relative: float | None = None
    absolute: float | None = None
    confidence: float = 0.95
    minimum: int = 10
    look_ahead: int = 5

    def __post_init__(self) -> None:
        if self.relative is None and self.absolute is None:
            raise ValueError("a precision is relative, absolute or both; it was given neither")
        if self.minimum < 3:
            raise ValueError(f"an interval needs at least 3 replications, not {self.minimum}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether to stop, and if not, how far it is.

    Attributes
    ----------
    enough
        True when every output met its precision and kept it for the look-ahead.
    met_at
        Number of replications at which all outputs first met it for good, or None.
    n
        Replications seen so far (the most that every output has).
    suggested
        Total number at which to ask again: never less than `n`, an estimate from the
        present half-widths when the precision is not met yet.
    unmet
        Names of the outputs that are not precise enough at `n`.
    """

    enough: bool
    met_at: int | None
    n: int
    suggested: int
    unmet: tuple[str, ...]


def judge_replications(
    outputs: Mapping[str, Sequence[float | None] | Floats], precision: Precision
) -> Verdict:
    """Say whether the replications so far are enough for all named outputs.

    An output that is not reached in some replication (None) cannot become precise, and is
    named in `Verdict.unmet`; an undefined one (nan) does not count as a replication of it.
    """
    n = min((len(values) for values in outputs.values()), default=0)
    met = {name: _met(values, precision)[:n] for name, values in outputs.items()}
    together = np.logical_and.reduce(list(met.values())) if met else np.empty(0, np.bool_)
    met_at = _held_from(together, precision)
    unmet = tuple(name for name, flags in met.items() if n == 0 or not flags[-1])
    return Verdict(
        enough=met_at is not None,
        met_at=met_at,
        n=n,
        suggested=n if met_at else _suggested(outputs, together, precision, n),
        unmet=unmet,
    )


def look_ahead(n: int, precision: Precision) -> int:
    """Return the further replications for which the rule must hold after the n-th."""
    return precision.look_ahead * max(n, 100) // 100


def running_half_widths(
    values: Sequence[float | None] | Floats, confidence: float
) -> tuple[Floats, Floats]:
    """Return the mean and the half-width after each replication; nan where there is none."""
    given = np.array([math.nan if v is None else v for v in values], dtype=np.float64)
    defined = ~np.isnan(given)
    count = np.cumsum(defined)
    offset = float(given[defined][0]) if defined.any() else 0.0
    centred = np.where(defined, given - offset, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.cumsum(centred) / count
        variance = np.maximum(np.cumsum(centred**2) - count * mean**2, 0.0) / (count - 1)
        half = stdtrit(np.maximum(count - 1, 1), 0.5 + confidence / 2) * np.sqrt(
            variance / count
        )
    missing = np.array([v is None for v in values], dtype=np.bool_)
    half[np.logical_or.accumulate(missing) | (count < 2)] = np.nan
    return mean + offset, np.asarray(half)


def _met(values: Sequence[float | None] | Floats, precision: Precision) -> Bools:
    mean, half = running_half_widths(values, precision.confidence)
    with np.errstate(invalid="ignore"):
        met = half <= _allowed(mean, precision)
    met[: precision.minimum - 1] = False
    return np.asarray(met, dtype=np.bool_)


def _allowed(mean: Floats, precision: Precision) -> Floats:
    relative = np.abs(mean) * (precision.relative or 0.0)
    return np.maximum(relative, precision.absolute or 0.0)


def _held_from(met: Bools, precision: Precision) -> int | None:
    """Return the first n at which the rule holds and holds on through its look-ahead."""
    since: int | None = None
    for n, holds in enumerate(met.tolist(), start=1):
        since = (since or n) if holds else None
        if since is not None and n - since >= look_ahead(since, precision):
            return since
    return None


def _suggested(
    outputs: Mapping[str, Sequence[float | None] | Floats],
    together: Bools,
    precision: Precision,
    n: int,
) -> int:
    if len(together) and together[-1]:
        failed = np.flatnonzero(~together)
        since = int(failed[-1]) + 2 if len(failed) else 1
        return since + look_ahead(since, precision)
    needed = precision.minimum
    for values in outputs.values():
        mean, half = running_half_widths(values, precision.confidence)
        if n < 2 or math.isnan(half[n - 1]):
            continue
        allowed = float(_allowed(mean, precision)[n - 1])
        if allowed > 0:
            # Never more than double: early half-widths are too uncertain for a long jump.
            needed = max(needed, min(2 * n, math.ceil(n * (half[n - 1] / allowed) ** 2)))
    return max(needed, n + 1) + look_ahead(max(needed, n + 1), precision)
