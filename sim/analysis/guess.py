"""A guess of how likely a run at some point meets all claims, from the runs so far."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr

from sim.analysis.claims import Band
from sim.analysis.emulator import Emulator, fit_emulator
from sim.analysis.ensemble import Floats

FLOOR: Final = 0.1
"""Share of proposals that are drawn from the prior, whatever is guessed."""
MOST_ACTIVE: Final = 10


def influential(points: Floats, outputs: Floats) -> NDArray[np.int64]:
    """The columns that move some output most, by a parabola in each column alone.

    At most `MOST_ACTIVE` are kept, and those only that explain more than chance would.
    """
    score = np.zeros(points.shape[1])
    for k in range(outputs.shape[1]):
        known = np.isfinite(outputs[:, k])
        if known.sum() < 8:
            continue
        ranks = np.argsort(np.argsort(outputs[known, k], kind="stable"), kind="stable")
        wanted = (ranks - ranks.mean()) / (ranks.std() or 1.0)
        for column in range(points.shape[1]):
            x = points[known, column] - 0.5
            base = np.column_stack([np.ones_like(x), x, x**2])
            fitted = base @ np.linalg.lstsq(base, wanted, rcond=None)[0]
            score[column] = max(score[column], float(fitted.var()))
    order = np.argsort(-score, kind="stable")[:MOST_ACTIVE]
    # By chance n times such a share follows chi-square with two degrees; one of twenty designs
    # without any effect may keep a column.
    tests = max(points.shape[1] * outputs.shape[1], 1)
    kept = order[score[order] > 2.0 * np.log(20.0 * tests) / max(len(points), 1)]
    return np.sort(kept if len(kept) else order[:1])


class Guess(NamedTuple):
    """Emulators of all outputs, each squashed so that far misses do not rule the fit."""

    emulators: tuple[Emulator, ...]
    bands: tuple[Band, ...]
    active: NDArray[np.int64]
    defined: tuple[float, ...]
    """Share of runs in which each output has a value."""

    @classmethod
    def fit(
        cls,
        points: Floats,
        outputs: Floats,
        bands: Sequence[Band],
        active: NDArray[np.int64],
    ) -> "Guess":
        """Emulators of all outputs, from the runs so far."""
        emulators, ends, defined = [], [], []
        for k, band in enumerate(bands):
            squash = _squash(outputs[:, k], band)
            emulators.append(fit_emulator(points, squash(outputs[:, k]), active))
            ends.append(Band(*(float(squash(np.array([end]))[0]) for end in band)))
            defined.append(float(np.isfinite(outputs[:, k]).mean()))
        return cls(tuple(emulators), tuple(ends), active, tuple(defined))

    def chance(self, points: Floats, *, heavy: bool = False) -> Floats:
        """The emulated probability that a run at each point meets all claims.

        With `heavy`, errors of the emulators have Student's tails of three degrees of freedom
        and the same variance: what a claim far from all runs so far must be judged by.
        """
        found = np.ones(len(points))
        below = _student if heavy else ndtr
        for emulator, band, defined in zip(
            self.emulators, self.bands, self.defined, strict=True
        ):
            mean, variance = emulator.predict(points)
            sd = np.sqrt(variance) + 1e-12
            found *= defined * (below((band.high - mean) / sd) - below((band.low - mean) / sd))
        return np.asarray(np.maximum(found, 0.0))

    def implausibility(self, points: Floats) -> Floats:
        """How many standard deviations the worst claim is missed by."""
        found = np.zeros(len(points))
        for emulator, band in zip(self.emulators, self.bands, strict=True):
            mean, variance = emulator.predict(points)
            miss = np.maximum(np.maximum(band.low - mean, mean - band.high), 0.0)
            found = np.maximum(found, miss / np.sqrt(variance + 1e-12))
        return found

    def density(self, points: Floats, level: float) -> Floats:
        """How much more often a point is proposed than the prior would."""
        if level <= 0:
            return np.ones(len(points))
        return np.asarray(FLOOR + (1 - FLOOR) * self.chance(points) / level)


def _student(standard: Floats) -> Floats:
    """The share below a number of standard deviations, of a t law of three degrees."""
    return np.asarray(stdtr(3.0, standard * 3.0**0.5), dtype=np.float64)


def _squash(values: Floats, band: Band) -> Callable[[Floats], Floats]:
    """A growing map that is straight near the claim and flat far from it."""
    ends = [end for end in band if np.isfinite(end)]
    known = values[np.isfinite(values)]
    centre = float(np.mean(ends)) if ends else float(np.median(known)) if len(known) else 0.0
    reach = float(np.median(np.abs(known - centre))) if len(known) else 1.0
    width = (band.high - band.low) / 2 if len(ends) == 2 else 0.0
    scale = max(reach / 3, width, 1e-9)

    def squash(given: Floats) -> Floats:
        return np.asarray(np.arcsinh((given - centre) / scale), dtype=np.float64)

    return squash
