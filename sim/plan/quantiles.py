"""The quantile function of a law as a line of knots, ready for `sim.plan.tables`.

A `Line` is a piecewise linear quantile function: `value` rises with `below`, the probability of
being shorter. Equal probabilities in a row are a gap that no duration falls into; equal values
in a row are a duration that has a probability of its own. Continuous laws get their knots at
the borders of the table's cells, so that no second rounding follows.
"""

from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import Component, Empirical, Law, Lognormal, Triangular
from sim.units import YEAR

OCTAVES: Final = 40
"""Number of times that the distance to the end of the law is halved."""
SUBCELLS: Final = 32
"""Cells of equal probability in each octave."""

LONGEST: Final = float(10_000 * YEAR)
"""No duration is longer; it is also the longest that can be written."""

Floats = NDArray[np.float64]
Side = Literal["left", "right"]
SIDES: Final[tuple[Side, Side]] = ("left", "right")


class Line(NamedTuple):
    """Knots of a quantile function."""

    below: Floats
    value: Floats


def line(law: Law) -> Line:
    """The quantile function of a law in µs, with the law's own mean."""
    if law.constant is not None:
        return Line(np.array([0.0, 1.0]), np.full(2, float(law.constant)))
    if law.empirical is not None:
        return _steps(law.empirical)
    if law.mixture is not None:
        return _mixed(law.mixture)
    ends = tails()
    low, high = _ends(law)
    rising = _quantiles(law, ends, upper=False)
    value = np.concatenate([rising, _quantiles(law, ends[:-1], upper=True)[::-1]])
    if np.isnan(value).any():
        raise ValueError(f"SciPy cannot compute the quantiles of {law!r}")
    value = np.maximum.accumulate(np.clip(value, low, high))
    # Beyond its last borders the law stops (see `sim.plan.tables`).
    value = np.concatenate([value[:1], value, value[-1:]])
    below = borders()
    return Line(below, _with_mean(below, value, float(law.mean_us()), (low, high)))


def mean(knots: Line) -> float:
    """Mean of a law given by its knots."""
    middle = (knots.value[1:] + knots.value[:-1]) / 2
    return float(np.sum(middle * np.diff(knots.below)))


@lru_cache(maxsize=1)
def tails() -> Floats:
    """Borders of the cells of one side: probabilities from 2**-41 to 1/2."""
    octave = np.arange(OCTAVES)[:, None]
    inside = 1 + np.arange(SUBCELLS)[None, :] / SUBCELLS
    return np.append((inside * 2.0 ** (octave - OCTAVES - 1)).reshape(-1), 0.5)


@lru_cache(maxsize=1)
def borders() -> Floats:
    """Probabilities between the cells of a table, from 0 to 1."""
    ends = tails()
    return np.concatenate([[0.0], ends, 1.0 - ends[-2::-1], [1.0]])


def _ends(law: Law) -> tuple[float, float]:
    """Shortest and longest possible duration."""
    bounded = law.uniform or law.triangular
    if bounded is not None:
        return float(bounded.low), float(bounded.high)
    if law.scipy is not None:
        low, high = law.scipy.frozen().support()
        scale = law.scipy.scale_us()
        return float(low) * scale, min(float(high) * scale, LONGEST)
    return 0.0, LONGEST


def _with_mean(
    below: Floats, value: Floats, wanted: float, ends: tuple[float, float]
) -> Floats:
    """Move the knots, none at an end of the law, by what interpolation took from the mean."""
    low, high = ends
    room = (value - low) * (high - value) / (high - low)
    missing = wanted - mean(Line(below, value))
    if abs(missing) > wanted / 1000:
        raise ValueError(
            f"{missing / wanted:.1%} of the mean lie in a tail that no table can hold"
        )
    moved: Floats = value + missing * room / mean(Line(below, room))
    return moved


def _quantiles(law: Law, ends: Floats, *, upper: bool) -> Floats:
    """Durations with probability `ends` of being longer (upper) or shorter."""
    from scipy import special

    if law.scipy is not None:
        frozen = law.scipy.frozen()
        return _floats((frozen.isf if upper else frozen.ppf)(ends)) * law.scipy.scale_us()
    if law.uniform is not None:
        share = 1.0 - ends if upper else ends
        return _floats(law.uniform.low + share * (law.uniform.high - law.uniform.low))
    if law.triangular is not None:
        return _triangular(law.triangular, ends, upper=upper)
    if law.lognormal is not None:
        return _lognormal(law.lognormal, ends, upper=upper)
    if law.weibull is not None:
        shape = law.weibull.shape
        hazard = -np.log(ends) if upper else -np.log1p(-ends)
        scale = law.weibull.mean / float(special.gamma(1 + 1 / shape))
        return _floats(scale * hazard ** (1 / shape))
    shape, average = _gamma_parameters(law)
    inverse = special.gammainccinv if upper else special.gammaincinv
    return _floats(inverse(shape, ends)) * (average / shape)


def _gamma_parameters(law: Law) -> tuple[float, float]:
    """Shape and mean of the laws that are gamma laws."""
    if law.gamma is not None:
        return law.gamma.cv**-2, float(law.gamma.mean)
    if law.erlang is not None:
        return float(law.erlang.stages), float(law.erlang.mean)
    if law.exponential is not None:
        return 1.0, float(law.exponential.mean)
    raise ValueError(f"no quantiles are known for the family {law.family}")


def _lognormal(law: Lognormal, ends: Floats, *, upper: bool) -> Floats:
    from scipy import special

    location, spread = law.log_parameters()
    normal = _floats(special.ndtri(ends))
    return np.exp(location + spread * (-normal if upper else normal))


def _triangular(law: Triangular, ends: Floats, *, upper: bool) -> Floats:
    """Each leg is a square root, measured from the end that keeps its digits."""
    width = float(law.high - law.low)
    rising, falling = float(law.mode - law.low), float(law.high - law.mode)
    short, long = (1.0 - ends, ends) if upper else (ends, 1.0 - ends)
    return np.where(
        short <= rising / width,
        law.low + np.sqrt(short * width * rising),
        law.high - np.sqrt(long * width * falling),
    )


def _steps(law: Empirical) -> Line:
    pairs = sorted(zip(law.values, law.exact_weights(), strict=True))
    running = [Fraction(0), *accumulate(weight for _, weight in pairs)]
    below = np.array([float(weight / running[-1]) for weight in running])
    value = np.array([float(duration) for duration, _ in pairs])
    return Line(np.repeat(below, 2)[1:-1], np.repeat(value, 2))


def _mixed(components: list[Component]) -> Line:
    """Add the distribution functions, which are piecewise linear, at all knots."""
    lines = [line(component.of) for component in components]
    value = np.unique(np.concatenate([knots.value for knots in lines]))
    shares = np.array([component.share for component in components])
    at = np.zeros((2, value.size))
    for knots, share in zip(lines, shares / shares.sum(), strict=True):
        at += share * np.array(
            [interpolate(value, knots.value, knots.below, side) for side in SIDES]
        )
    below = np.maximum.accumulate(np.clip(at.T.reshape(-1), 0.0, 1.0))
    below[0], below[-1] = 0.0, 1.0
    return Line(below, np.repeat(value, 2))


def interpolate(at: Floats, x: Floats, y: Floats, side: Side) -> Floats:
    """Read `y` at points of `x`; where `x` stands still, its first (left) or last `y`."""
    last = len(x) - 1
    found = np.searchsorted(x, at, side=side)
    after, before = np.minimum(found, last), np.maximum(found - 1, 0)
    width = x[after] - x[before]
    part = np.where(width > 0, (at - x[before]) / np.where(width > 0, width, 1.0), 0.0)
    return _floats(y[before] + part * (y[after] - y[before]))


def _floats(values: Any) -> Floats:  # noqa: ANN401 - SciPy has no types
    return np.asarray(values, np.float64)
