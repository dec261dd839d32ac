"""An emulator: a Gaussian process that guesses a simulated output between the points tried.

Covariance: linear trend + Matérn 5/2 with one length for each input + noise of replication,
after Rasmussen & Williams, "Gaussian processes for machine learning" (2006), 2.7, 4.2 and
5.4. Hyper-parameters maximise the marginal likelihood on at most `MOST` points. A wrong
emulator costs runs, never truth: it only proposes (`sim.analysis.acceptance`).
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.optimize import minimize

Floats = NDArray[np.float64]

MOST: Final = 90
_JITTER: Final = 1e-8
_ROOT_5: Final = 5**0.5


class Emulator(NamedTuple):
    """A fitted process for one output.

    Attributes
    ----------
    points
        Where it was fitted, in the unit cube.
    active
        Columns of the cube that it looks at.
    hyper
        Logarithms: trend, variance, noise (all of the scaled output), one length a column.
    centre, scale
        The output is `centre` + `scale` × the process.
    """

    points: Floats
    active: NDArray[np.int64]
    hyper: Floats
    centre: float
    scale: float
    weights: Floats
    factor: tuple[Floats, bool]

    def predict(self, points: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of an output to be simulated at new points, noise included."""
        there = points[:, self.active]
        cross = _covariance(there, self.points, self.hyper)
        mean = cross @ self.weights
        trend, variance, noise = np.exp(self.hyper[:3])
        own = trend * _linear(there, there, diagonal=True) + variance
        spread = own - np.einsum("ij,ji->i", cross, cho_solve(self.factor, cross.T))
        spread = np.maximum(spread, 0.0) + noise
        return self.centre + self.scale * mean, self.scale**2 * spread


def fit_emulator(points: Floats, outputs: Floats, active: NDArray[np.int64]) -> Emulator:
    """Fit a process to the outputs at some points of the unit cube.

    Parameters
    ----------
    points
        One row each.
    outputs
        One number each; rows without one are left out.
    active
        Columns to look at; what the others do is noise.
    """
    known = np.isfinite(outputs)
    inside, values = points[known][:, active], outputs[known]
    centre = float(values.mean()) if len(values) else 0.0
    scale = float(values.std()) or 1.0
    scaled = (values - centre) / scale
    few = slice(0, MOST)
    start = np.log(np.array([0.5, 0.5, 0.2, *np.full(len(active), 0.7)]))
    bounds = [(-8.0, 3.0), (-6.0, 3.0), (-9.0, 1.0), *[(-2.5, 3.0)] * len(active)]
    found = minimize(
        _loss,
        start,
        args=(inside[few], scaled[few]),
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 20},
    )
    hyper = np.asarray(found.x, dtype=np.float64)
    factor = _factor(inside, hyper)
    return Emulator(inside, active, hyper, centre, scale, cho_solve(factor, scaled), factor)


def _loss(hyper: Floats, points: Floats, values: Floats) -> float:
    """Minus the log marginal likelihood, up to a constant."""
    try:
        factor = _factor(points, hyper)
    except LinAlgError:
        return 1e25
    log_determinant = 2.0 * float(np.log(np.diag(factor[0])).sum())
    return 0.5 * (float(values @ cho_solve(factor, values)) + log_determinant)


def _factor(points: Floats, hyper: Floats) -> tuple[Floats, bool]:
    matrix = _covariance(points, points, hyper)
    matrix[np.diag_indices_from(matrix)] += np.exp(hyper[2]) + _JITTER
    found: tuple[Floats, bool] = cho_factor(matrix, lower=True)
    return found


def _covariance(one: Floats, other: Floats, hyper: Floats) -> Floats:
    trend, variance = np.exp(hyper[:2])
    lengths = np.exp(hyper[3:])
    gaps = (one[:, None, :] - other[None, :, :]) / lengths
    distance = _ROOT_5 * np.sqrt(np.maximum((gaps**2).sum(axis=2), 0.0))
    matern = (1.0 + distance + distance**2 / 3.0) * np.exp(-distance)
    return np.asarray(trend * _linear(one, other) + variance * matern)


def _linear(one: Floats, other: Floats, *, diagonal: bool = False) -> Floats:
    """Covariance of a plane whose slopes are unknown, around the middle of the cube."""
    if diagonal:
        return np.asarray(1.0 + 12.0 * ((one - 0.5) ** 2).sum(axis=1))
    return np.asarray(1.0 + 12.0 * (one - 0.5) @ (other - 0.5).T)
