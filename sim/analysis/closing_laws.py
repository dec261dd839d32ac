"""Laws of closing times with open requests: fitted by likelihood, tested so that they can fail.

Three families with long tails compete by their information criterion: lognormal, Weibull, and a
mixture of two lognormals (the quick and the slow). An open request says that it took longer; a
closing in the very minute of the report is an atom at zero and no part of the family.

The test counts closings in cells of about equal probability against the closings that the law
expects there of the requests still open, Σ [H(min(t, b)) - H(min(t, a))] with its cumulative
hazard H. So censoring needs no imputation. Cells lie between two ticks of the log's clock.

Sources: Akritas, J. Amer. Statist. Assoc. 83 (1988) 222-230 and Hjort, Int. Statist. Rev. 58
(1990) 355-387 (chi-squared test with censoring). Degrees of freedom: parameters are fitted to
the single times, so the limit lies between cells less parameters and cells (Chernoff &
Lehmann, Ann. Math. Statist. 25 (1954) 579-586); cells less one is taken, which errs towards
keeping a rich family.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Family = Literal["lognormal", "weibull", "two_lognormals"]

FEWEST: Final = 30
"""Closings below which no family is told from another."""
CELLS: Final = 12
"""Most cells of the test; each expects at least five closings."""
ALPHA: Final = 0.01
"""Level at which a family is given up."""

_SIGMA: Final = (0.02, 20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingLaw:
    """A fitted family, and how well it does.

    Attributes
    ----------
    family, parameters
        Its name, and: mu and sigma of the logarithm; scale and shape; or share of the first,
        mu, sigma, mu, sigma. Times are in hours.
    at_zero
        Share of requests closed within half a tick of their report.
    log_likelihood, bic
        Of the family over the other requests.
    statistic, degrees, p
        The test; ``p`` is None where there are too few closings for it.
    """

    family: Family
    parameters: tuple[float, ...]
    at_zero: float
    log_likelihood: float
    bic: float
    statistic: float
    degrees: int
    p: float | None

    @property
    def is_refused(self) -> bool:
        """Whether the test gives the family up."""
        return self.p is not None and self.p < ALPHA

    def open_share(self, hours: Floats) -> Floats:
        """Share still open after these times, by the law, atom at zero included."""
        log_open = _families()[self.family].log_open(np.array(self.parameters), hours)
        return np.asarray((1 - self.at_zero) * np.exp(log_open))


@dataclass(frozen=True, slots=True)
class _Formula:
    """What a family needs: its parameters start somewhere and stay within bounds."""

    start: Callable[[Floats], Floats]
    bounds: tuple[tuple[float | None, float | None], ...]
    log_density: Callable[[Floats, Floats], Floats]
    log_open: Callable[[Floats, Floats], Floats]


def fit_laws(hours: Floats, is_open: Bools, tick: float) -> list[ClosingLaw]:
    """All families, the best by its information criterion first; none where too few closed.

    Parameters
    ----------
    hours
        Time from report to closing, or to the end of the log.
    is_open
        True where the request was still open then.
    tick
        Resolution of the log in hours: shorter times are the atom at zero.
    """
    at_once = (hours < tick / 2) & ~is_open
    times, opened = np.maximum(hours[~at_once], tick / 2), is_open[~at_once]
    if (~opened).sum() < FEWEST:
        return []
    share = float(at_once.sum()) / hours.size
    found = [_fit(family, times, opened, tick, share) for family in _families()]
    return sorted(found, key=lambda law: law.bic)


def _fit(
    family: Family, times: Floats, is_open: Bools, tick: float, at_zero: float
) -> ClosingLaw:
    from scipy import optimize

    formula = _families()[family]

    def loss(values: Floats) -> float:
        density = formula.log_density(values, times[~is_open]).sum()
        total = density + formula.log_open(values, times[is_open]).sum()
        return -float(total) if math.isfinite(total) else 1e300

    start = formula.start(times[~is_open])
    found = optimize.minimize(
        loss, start, method="L-BFGS-B", bounds=formula.bounds, options={"maxiter": 500}
    )
    values = np.asarray(found.x, np.float64)
    statistic, degrees, p = _test(formula, values, times, is_open, tick)
    return ClosingLaw(
        family=family,
        parameters=tuple(map(float, values)),
        at_zero=at_zero,
        log_likelihood=-float(found.fun),
        bic=2 * float(found.fun) + len(values) * math.log(times.size),
        statistic=statistic,
        degrees=degrees,
        p=p,
    )


def _test(
    formula: _Formula, values: Floats, times: Floats, is_open: Bools, tick: float
) -> tuple[float, int, float | None]:
    """Statistic, degrees of freedom and p of the test with cells."""
    from scipy import stats

    closed = times[~is_open]
    cells = min(CELLS, closed.size // 5)
    edges = np.quantile(closed, np.arange(1, cells) / cells) if cells > 1 else np.empty(0)
    # Between two ticks, so that rounding to the tick cannot move a closing across an edge.
    edges = np.unique((np.floor(edges / tick) + 0.5) * tick)
    edges = np.concatenate([[0.0], edges[edges > 0], [np.inf]])
    observed = np.histogram(closed, edges)[0].astype(np.float64)
    ends = np.minimum(times[:, None], edges[None, 1:])
    hazard = -formula.log_open(values, np.maximum(ends, tick * 1e-6))
    grown = np.diff(np.concatenate([np.zeros((times.size, 1)), hazard], axis=1), axis=1)
    expected = grown.sum(0)
    enough = expected >= 1
    degrees = int(enough.sum()) - 1
    if degrees < len(values):
        return math.nan, degrees, None
    squares = (observed - expected)[enough] ** 2 / expected[enough]
    statistic = float(squares.sum())
    return statistic, degrees, float(stats.chi2.sf(statistic, degrees))


def _families() -> dict[Family, _Formula]:
    return {
        "lognormal": _Formula(
            _lognormal_start, ((None, None), _SIGMA), _lognormal_density, _lognormal_open
        ),
        "weibull": _Formula(
            _weibull_start, ((None, None), (0.05, 50.0)), _weibull_density, _weibull_open
        ),
        "two_lognormals": _Formula(
            _two_start,
            ((0.02, 0.98), (None, None), _SIGMA, (None, None), _SIGMA),
            _two_density,
            _two_open,
        ),
    }


def _lognormal_start(times: Floats) -> Floats:
    logs = np.log(times)
    return np.array([logs.mean(), max(float(logs.std()), 0.1)])


def _lognormal_density(values: Floats, times: Floats) -> Floats:
    mu, sigma = values
    z = (np.log(times) - mu) / sigma
    return np.asarray(-0.5 * z * z - math.log(sigma * math.sqrt(2 * math.pi)) - np.log(times))


def _lognormal_open(values: Floats, times: Floats) -> Floats:
    from scipy import special

    mu, sigma = values
    with np.errstate(divide="ignore"):
        return np.asarray(special.log_ndtr(-(np.log(times) - mu) / sigma))


def _weibull_start(times: Floats) -> Floats:
    logs = np.log(times)
    return np.array([logs.mean() + 0.5, max(0.1, 1.28 / max(float(logs.std()), 0.1))])


def _weibull_density(values: Floats, times: Floats) -> Floats:
    log_scale, shape = values
    z = np.log(times) - log_scale
    return np.asarray(math.log(shape) + shape * z - np.log(times) - np.exp(shape * z))


def _weibull_open(values: Floats, times: Floats) -> Floats:
    log_scale, shape = values
    with np.errstate(divide="ignore"):
        return np.asarray(-np.exp(np.minimum(shape * (np.log(times) - log_scale), 700.0)))


def _two_start(times: Floats) -> Floats:
    logs = np.log(times)
    low, high = np.quantile(logs, [0.25, 0.75])
    spread = max(float(logs.std()) / 2, 0.1)
    return np.array([0.5, low, spread, high, spread])


def _two(part: Any, values: Floats, times: Floats) -> Floats:  # noqa: ANN401 - a function
    share = values[0]
    first = part(values[1:3], times) + math.log(share)
    second = part(values[3:5], times) + math.log1p(-share)
    return np.asarray(np.logaddexp(first, second))


def _two_density(values: Floats, times: Floats) -> Floats:
    return _two(_lognormal_density, values, times)


def _two_open(values: Floats, times: Floats) -> Floats:
    return _two(_lognormal_open, values, times)
