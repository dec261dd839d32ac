"""ABC by sequential Monte Carlo, the plain second method: tolerances shrink until they are 0.

After Toni et al., J. R. Soc. Interface 6 (2009), with the kernel of Filippi et al. (2013):
normal, twice the weighted covariance. The next tolerance is the smaller of a quantile and the
largest distance below the present one, so that it shrinks strictly: distances on a lattice, as
counts give, would else stall. At tolerance 0 a run meets all claims and is accepted exactly.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy.special import ndtri

from sim.analysis.acceptance import (
    BATCH,
    MOST_TRIES,
    Fits,
    Search,
    Settings,
    Simulate,
    refuses,
    takes_all,
)
from sim.analysis.claims import Band
from sim.analysis.ensemble import Ensemble, Floats
from sim.demand.uniforms import uniforms

QUANTILE: Final = 0.5
MOST_COLUMNS: Final = 20
"""With more, hardly any step of the kernel stays within the cube."""
FEWEST_RUNS: Final = 2
"""Runs of a generation for each parameter, so that their covariance has full rank."""


class _Generation(NamedTuple):
    """Runs within one tolerance."""

    points: Floats
    outputs: Floats
    weights: Floats
    distances: Floats


def search_smc(
    simulate: Simulate,
    columns: int,
    bands: Sequence[Band],
    settings: Settings,
    fits: Fits = takes_all,
) -> Search:
    """Find runs that meet all claims by shrinking tolerances.

    Parameters
    ----------
    simulate, columns, bands, settings, fits
        As `sim.analysis.acceptance.search`; `wanted` is the number of runs a generation.

    Raises
    ------
    AnalysisError
        If nearly every point is refused.
    """
    size = settings.wanted
    points, tries = _first(settings, min(2 * size, settings.budget), columns, fits)
    outputs = simulate(points, 0)
    spent = len(points)
    scales = _scales(outputs, bands)
    prior = Ensemble(points, outputs, np.ones(spent))
    found = distances_to(outputs, bands, scales)
    # The better half of runs from the prior is the first generation.
    order = np.argsort(found, kind="stable")[:size]
    now = _Generation(points[order], outputs[order], np.ones(len(order)), found[order])
    turn = 0
    while True:
        tolerance = next_tolerance(now.distances)
        if tolerance is None:
            ends = np.all(now.distances == 0)
            every = tuple(range(columns))
            return Search(_as_ensemble(now), prior, spent, bool(ends), every, tries=tries)
        turn += 1
        stage = (tolerance, turn, spent)
        grown, used, tried = _grow((simulate, fits), now, (bands, scales), stage, settings)
        spent, tries = spent + used, tries + tried
        if grown is None:
            every = tuple(range(columns))
            return Search(
                _as_ensemble(now), prior, spent, finished=False, active=every, tries=tries
            )
        now = grown


def _first(settings: Settings, size: int, columns: int, fits: Fits) -> tuple[Floats, int]:
    """So many points from the prior, and how many were drawn for them."""
    points = uniforms(settings.seed, "smc 0", size, columns)
    tries = size
    points = points[fits(points)]
    while len(points) < size:
        if tries > MOST_TRIES * size:
            raise refuses(tries - len(points), tries)
        more = uniforms(settings.seed, "smc 0", size - len(points), columns, tries)
        points, tries = np.vstack([points, more[fits(more)]]), tries + len(more)
    return points, tries


def next_tolerance(distances: Floats, quantile: float = QUANTILE) -> float | None:
    """A tolerance below the largest distance; None where all are 0 or nothing is below."""
    largest = float(distances.max())
    if largest <= 0:
        return None
    below = distances[distances < largest]
    if not len(below):
        # All equally far, or none has a value: only agreeing runs are closer.
        return 0.0
    finite = distances[np.isfinite(distances)]
    return float(min(np.quantile(finite, quantile), below.max()))


def distances_to(outputs: Floats, bands: Sequence[Band], scales: Floats) -> Floats:
    """How far runs are from meeting all claims: the worst claim, in units of its scale."""
    gaps = np.zeros(len(outputs))
    for k, band in enumerate(bands):
        gap = np.array([band.gap(float(value)) for value in outputs[:, k]])
        gaps = np.maximum(gaps, gap / scales[k])
    return gaps


def _grow(
    play: tuple[Simulate, Fits],
    before: _Generation,
    claims: tuple[Sequence[Band], Floats],
    stage: tuple[float, int, int],
    settings: Settings,
) -> tuple[_Generation | None, int, int]:
    """The next generation, the runs and the tries it took; None if the budget ends first."""
    (simulate, fits), (bands, scales), (tolerance, turn, spent) = play, claims, stage
    kernel = _Kernel.around(before)
    kept: list[_Generation] = []
    used = tries = count = 0
    while count < settings.wanted:
        if spent + used >= settings.budget or tries > MOST_TRIES * settings.budget:
            return None, used, tries
        size = min(BATCH, settings.budget - spent - used)
        points = kernel.propose(settings.seed, f"smc {turn} {tries}", size)
        tries += size
        points = points[fits(points)]
        outputs = simulate(points, spent + used)
        used += len(points)
        gaps = distances_to(outputs, bands, scales)
        good = gaps <= tolerance
        kept.append(
            _Generation(points[good], outputs[good], kernel.weigh(points[good]), gaps[good])
        )
        count += int(good.sum())
    joined = _Generation(*(np.concatenate(parts) for parts in zip(*kept, strict=True)))
    return joined, used, tries


class _Kernel(NamedTuple):
    """Normal steps from the runs of the generation before, kept within the cube."""

    centres: Floats
    weights: Floats
    root: Floats

    @classmethod
    def around(cls, runs: _Generation) -> "_Kernel":
        share = runs.weights / runs.weights.sum()
        off = runs.points - share @ runs.points
        cov = 2.0 * (off * share[:, None]).T @ off + 1e-10 * np.eye(off.shape[1])
        return cls(runs.points, share, np.linalg.cholesky(cov))

    def propose(self, seed: int, name: str, size: int) -> Floats:
        """Points within the cube, the same for the same name; steps outside are drawn again."""
        columns = self.centres.shape[1]
        found: list[Floats] = []
        first = 0
        while len(found) < size:
            drawn = uniforms(seed, name, 64, columns + 1, first)
            first += 64
            picks = np.searchsorted(np.cumsum(self.weights), drawn[:, 0])
            centres = self.centres[np.minimum(picks, len(self.centres) - 1)]
            points = centres + ndtri(drawn[:, 1:]) @ self.root.T
            found.extend(points[((points > 0) & (points < 1)).all(axis=1)])
        return np.array(found[:size])

    def weigh(self, points: Floats) -> Floats:
        """One over the density of the proposals; the prior is uniform, so it is 1."""
        if not len(points):
            return np.empty(0)
        gaps = points[:, None, :] - self.centres[None, :, :]
        solved = np.linalg.solve(self.root, gaps.reshape(-1, gaps.shape[2]).T).T
        heights = np.exp(-0.5 * (solved**2).sum(axis=1)).reshape(gaps.shape[:2])
        return np.asarray(1.0 / np.maximum(heights @ self.weights, 1e-300))


def _scales(outputs: Floats, bands: Sequence[Band]) -> Floats:
    """The median gap of prior runs that miss each claim, so that claims count alike."""
    found = []
    for k, band in enumerate(bands):
        gaps = np.array([band.gap(float(value)) for value in outputs[:, k]])
        missing = gaps[np.isfinite(gaps) & (gaps > 0)]
        found.append(float(np.median(missing)) if len(missing) else 1.0)
    return np.array(found)


def _as_ensemble(runs: _Generation) -> Ensemble:
    return Ensemble(runs.points, runs.outputs, runs.weights)
