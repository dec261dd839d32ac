"""Sensitivity of an output to its inputs: Morris screening, then Sobol indices.

Points lie in the unit cube, whose sides are the stated ranges. All runs of a design share
their randomness, so that a difference between two is of the inputs.

Morris: elementary effects along trajectories on a grid (Technometrics 33, 1991), with the mean
of their size μ* (Campolongo, Cariboni & Saltelli 2007). Sobol: first-order and total indices by
the estimators of `scipy.stats.sobol_indices` (Saltelli et al. 2010), which a test compares.
They stand here because SciPy takes no design from which a refused point was left out, and
draws its bootstrap from a generator of its own.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.demand.uniforms import uniforms

Floats = NDArray[np.float64]
Simulate = Callable[[Floats], Floats]
"""The outputs at points, one row each."""

LEVELS: Final = 4
BOOTSTRAP: Final = 400


class Screening(NamedTuple):
    """Elementary effects, one row for each input and one column for each output.

    Attributes
    ----------
    mean
        Mean effect of moving an input through its whole range, with its sign.
    size
        Mean size of the effects (μ*).
    spread
        Their standard deviation: large beside the size where inputs act together or crookedly.
    low, high
        Bootstrap interval of the size, 95 %.
    runs
        Points simulated.
    """

    mean: Floats
    size: Floats
    spread: Floats
    low: Floats
    high: Floats
    runs: int


def screen(simulate: Simulate, columns: int, *, trajectories: int, seed: int) -> Screening:
    """Screen inputs by elementary effects.

    Parameters
    ----------
    simulate
        The simulator; rows with nan are left out.
    columns
        Number of inputs.
    trajectories
        Walks through the grid, each of `columns` + 1 points.
    seed
        Of the walks and the bootstrap.
    """
    walks, orders, signs = _walks(columns, trajectories, seed)
    outputs = simulate(walks.reshape(-1, columns)).reshape(trajectories, columns + 1, -1)
    step = LEVELS / (2 * (LEVELS - 1))
    changes = np.diff(outputs, axis=1) / step
    effects = np.full((trajectories, columns, outputs.shape[2]), np.nan)
    for walk in range(trajectories):
        effects[walk, orders[walk]] = changes[walk] * signs[walk, orders[walk]][:, None]
    sizes = np.abs(effects)
    picks = (uniforms(seed, "morris bootstrap", BOOTSTRAP, trajectories) * trajectories).astype(
        np.int64
    )
    again = np.array([_nanmean(sizes[pick]) for pick in picks])
    known = np.isfinite(again).any(axis=0)
    low, high = np.full((2, *known.shape), np.nan)
    if known.any():
        low[known], high[known] = np.nanquantile(again[:, known], [0.025, 0.975], axis=0)
    return Screening(
        _nanmean(effects),
        _nanmean(sizes),
        _nanstd(effects),
        low,
        high,
        walks.shape[0] * (columns + 1),
    )


def _walks(
    columns: int, trajectories: int, seed: int
) -> tuple[Floats, NDArray[np.int64], Floats]:
    """Walks that move every input once, in an order of their own."""
    step = LEVELS / (2 * (LEVELS - 1))
    drawn = uniforms(seed, "morris", trajectories, 3 * columns)
    orders = np.argsort(drawn[:, :columns], axis=1, kind="stable")
    signs = np.where(drawn[:, columns : 2 * columns] < 0.5, -1.0, 1.0)
    # Up from the lower half of the grid, or down from the upper half.
    base = np.floor(drawn[:, 2 * columns :] * (LEVELS // 2)) / (LEVELS - 1)
    start = np.where(signs > 0, base, base + step)
    walks = np.repeat(start[:, None, :], columns + 1, axis=1)
    for walk in range(trajectories):
        for place, column in enumerate(orders[walk]):
            walks[walk, place + 1 :, column] += signs[walk, column] * step
    return np.clip(walks, 0.0, 1.0), orders, signs


def _nanmean(values: Floats) -> Floats:
    counts = np.isfinite(values).sum(axis=0)
    total = np.nansum(values, axis=0)
    return np.asarray(np.where(counts > 0, total / np.maximum(counts, 1), np.nan))


def _nanstd(values: Floats) -> Floats:
    counts = np.isfinite(values).sum(axis=0)
    off = np.nansum((values - _nanmean(values)) ** 2, axis=0)
    return np.asarray(np.where(counts > 1, np.sqrt(off / np.maximum(counts - 1, 1)), np.nan))


class Indices(NamedTuple):
    """Sobol indices, one row for each input and one column for each output.

    Attributes
    ----------
    first, total
        Share of the variance that an input explains alone, and with all others.
    total_low, total_high
        Bootstrap interval of the total, 95 %.
    runs
        Points simulated.
    kept
        Rows of the design without nan; indices rest on these.
    """

    first: Floats
    total: Floats
    total_low: Floats
    total_high: Floats
    runs: int
    kept: int


def decompose(simulate: Simulate, columns: int, *, rows: int, seed: int) -> Indices:
    """First-order and total indices of all outputs.

    Parameters
    ----------
    simulate
        The simulator.
    columns
        Number of inputs.
    rows
        Rows of the design, a power of two; ``rows × (columns + 2)`` points are simulated.
    seed
        Of the shift of the design and of the bootstrap.
    """
    if rows < 2 or rows & (rows - 1):
        raise ValueError(f"rows must be a power of two, not {rows}")
    plain = stats.qmc.Sobol(2 * columns, scramble=False).random(rows)
    # A random shift keeps the evenness and is keyed, as scrambling inside SciPy is not.
    design = (plain + uniforms(seed, "sobol", 1, 2 * columns)) % 1.0
    one, other = design[:, :columns], design[:, columns:]
    crossed = np.repeat(one[None, :, :], columns, axis=0)
    for column in range(columns):
        crossed[column, :, column] = other[:, column]
    points = np.concatenate([one, other, crossed.reshape(-1, columns)])
    outputs = simulate(points)
    f_one, f_other = outputs[:rows], outputs[rows : 2 * rows]
    f_crossed = outputs[2 * rows :].reshape(columns, rows, -1)
    good = np.isfinite(f_one).all(axis=1) & np.isfinite(f_other).all(axis=1)
    good &= np.isfinite(f_crossed).all(axis=(0, 2))
    f_one, f_other, f_crossed = f_one[good], f_other[good], f_crossed[:, good]
    kept = int(good.sum())
    count = outputs.shape[1]
    if kept < 4:
        none = np.full((columns, count), np.nan)
        return Indices(none, none, none, none, len(points), kept)
    first, total = _indices(f_one, f_other, f_crossed)
    picks = (uniforms(seed, "sobol bootstrap", BOOTSTRAP, kept) * kept).astype(np.int64)
    again = np.array([_indices(f_one[p], f_other[p], f_crossed[:, p])[1] for p in picks])
    low, high = np.quantile(again, [0.025, 0.975], axis=0)
    return Indices(first, total, low, high, len(points), kept)


def _indices(one: Floats, other: Floats, crossed: Floats) -> tuple[Floats, Floats]:
    """First-order and total indices; 0 where an output does not vary."""
    every = np.concatenate([one, other])
    variance = every.var(axis=0)
    still = variance <= 1e-24 * np.maximum(np.abs(every).max(axis=0), 1e-150) ** 2
    under = np.where(still, 1.0, variance)
    # As SciPy does: without this the mean's own size is noise in designs of few rows.
    first = ((other - every.mean(axis=0)) * (crossed - one)).mean(axis=1) / under
    total = 0.5 * ((one - crossed) ** 2).mean(axis=1) / under
    return np.where(still, 0.0, first), np.where(still, 0.0, total)
