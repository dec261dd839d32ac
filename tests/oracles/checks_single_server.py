"""A second computation of the rows on one server: phase chains, generators, embedded chains."""

import math
from collections.abc import Iterator

import numpy as np
from scipy import sparse, stats
from scipy.sparse.linalg import spsolve

from tests.oracles.ctmc import Floats, State, stationary

Moves = list[tuple[State, float]]
LONG = 600
"""Places in a line that is cut where the tail is below rounding."""


def fixed_service_departures() -> float:
    """G2: M/D/1 from the chain of numbers left behind, and Little's law."""
    rho, k = 0.8, 300
    arrivals = stats.poisson.pmf(np.arange(k + 1), rho)
    step = np.zeros((k, k))
    for i in range(k):
        start = max(i - 1, 0)
        step[i, start:] = arrivals[: k - start]
        step[i, -1] += 1 - step[i].sum()
    return float(_fixed_point(step) @ np.arange(k)) - rho


def two_phases(lam: float, mean: float, again: float = 0.0) -> tuple[float, float]:
    """G3 and F1: L and Lq of M/E2/1 where a served job returns with a probability."""
    rate = 2 / mean

    def moves(s: State) -> Moves:
        n, phase = s
        if n == 0:
            return [((1, 1), lam)]
        come = ((n + 1, phase), lam * (n < LONG))
        if phase == 1:
            return [come, ((n, 2), rate)]
        left = (n - 1, 1 if n > 1 else 0)
        return [come, ((n, 1), rate * again), (left, rate * (1 - again))]

    state, p = stationary((0, 0), moves)
    return float(p @ state[:, 0]), float(p @ np.maximum(state[:, 0] - 1, 0))


def absent_server(lam: float, mean: float, away: float) -> float:
    """V1: Wq when the server leaves for exponential spells whenever the line is empty."""
    rate = 2 / mean

    def moves(s: State) -> Moves:
        n, phase = s  # phase 0 is away
        come = ((n + 1, phase), lam * (n < LONG))
        if phase == 0:
            return [come, ((n, 1), (n > 0) / away)]
        if phase == 1:
            return [come, ((n, 2), rate)]
        return [come, ((n - 1, 1 if n > 1 else 0), rate)]

    state, p = stationary((0, 0), moves)
    return float(p @ (state[:, 0] - (state[:, 1] > 0))) / lam


def failing_server() -> float:
    """V2: M/M/1 with breakdowns by its generator."""
    state, p = stationary(
        (0, 1),
        lambda s: [
            ((s[0] + 1, s[1]), 0.5 * (s[0] < 400)),
            ((s[0] - 1, 1), 1.0 * (s[0] > 0 and s[1] == 1)),
            ((s[0], 0), 0.1 * s[1]),
            ((s[0], 1), 0.5 * (1 - s[1])),
        ],
    )
    return float(p @ state[:, 0]) / 0.5


def waiting_variance() -> float:
    """G5: second cumulant of the Pollaczek-Khinchine transform, by Fourier coefficients."""
    lam, mean, radius, points = 1.0, 0.8, 0.05, 64
    z = radius * np.exp(2j * np.pi * np.arange(points) / points)
    service = (1 / (1 + z * mean / 2)) ** 2
    transform = (1 - lam * mean) * z / (z - lam + lam * service)
    c = np.fft.fft(transform) / points / radius ** np.arange(points)
    return float((2 * c[2] - c[1] ** 2).real)


def shortest_first_classes() -> float:
    """P0: many classes of equal probability with Cobham's recursion, extrapolated."""

    def one(k: int) -> float:
        edge = np.append(-np.log1p(-np.arange(k) / k), np.inf)
        top = np.append((edge[1:-1] + 1) * np.exp(-edge[1:-1]), 0.0)
        mean = k * ((edge[:-1] + 1) * np.exp(-edge[:-1]) - top)
        s = np.concatenate([[0], np.cumsum(0.8 / k * mean)])
        return float(np.mean(0.8 / ((1 - s[:-1]) * (1 - s[1:]))))

    return (4 * one(40_000) - one(20_000)) / 3


def shared_by_two_types(k: int = 170) -> float:
    """P1: exponential sizes of both types under processor sharing, by the generator."""

    def moves(s: State) -> Moves:
        a, b = s
        each = 1 / max(a + b, 1)
        return [
            ((a + 1, b), 0.3 * (a < k)),
            ((a, b + 1), 0.1 * (b < k)),
            ((a - 1, b), a * each),
            ((a, b - 1), b * each / 5),
        ]

    state, p = stationary((0, 0), moves)
    return float(p @ state[:, 1]) / 0.1


def fixed_gaps(k: int = 400) -> float:
    """S1: D/M/1 from the numbers found by arrivals."""
    served = stats.poisson.pmf(np.arange(k + 1), 1.25)
    step = np.zeros((k, k))
    for i in range(k):
        last = min(i + 1, k - 1)
        step[i, 1 : last + 1] = served[i + 1 - np.arange(1, last + 1)]
        step[i, 0] = max(0.0, 1 - step[i].sum())
    return float(_fixed_point(step) @ np.arange(k))


def two_phase_gaps() -> float:
    """S2: E2/M/1 by its phase chain."""
    rate = 2 / 1.25
    state, p = stationary(
        (0, 1),
        lambda s: [
            ((s[0], 2), rate) if s[1] == 1 else ((s[0] + 1, 1), rate * (s[0] < LONG)),
            ((s[0] - 1, s[1]), 1.0 * (s[0] > 0)),
        ],
    )
    return float(p @ np.maximum(state[:, 0] - 1, 0)) * 1.25


def batches() -> float:
    """S3: the generator with geometric batches cut at 79 (tail mass 1e-14)."""
    size = np.arange(1, 80)
    share = (1 / 3) * (2 / 3) ** (size - 1)
    share[-1] += 1 - share.sum()
    pairs = list(zip(size.tolist(), share.tolist(), strict=True))

    def moves(s: State) -> Iterator[tuple[State, float]]:
        for x, q in pairs:
            if s[0] + x <= LONG:
                yield (s[0] + x,), 0.2 * q
        yield (s[0] - 1,), 1.0 * (s[0] > 0)

    state, p = stationary((0,), moves)
    return float(p @ state[:, 0]) / 0.6


def retrials() -> float:
    """H1: orbit and server by the generator."""
    state, p = stationary(
        (0, 0),
        lambda s: [
            ((s[0], 1), 0.6 * (1 - s[1])),
            ((s[0] - 1, 1), 0.5 * s[0] * (1 - s[1])),
            ((s[0] + 1, 1), 0.6 * s[1] * (s[0] < LONG)),
            ((s[0], 0), 1.0 * s[1]),
        ],
    )
    return float(p @ state[:, 0])


def first_passage() -> tuple[float, float]:
    """T1, T2: moments of the passage from 50 to 0 in M/M/1, by linear equations."""
    lam, k = 0.7, 900
    main = np.full(k, -(lam + 1))
    main[-1] = -1
    up_down = [np.full(k - 1, 1.0), main, np.full(k - 1, lam)]
    g = sparse.diags(up_down, [-1, 0, 1]).tocsc()
    first = spsolve(g, -np.ones(k))
    second = spsolve(g, -2 * first)
    return float(first[49]), math.sqrt(float(second[49] - first[49] ** 2))


def joined_lines(k: int = 90) -> float:
    """J0: two line lengths; jobs present are the longer of them."""
    state, p = stationary(
        (0, 0),
        lambda s: [
            ((s[0] + 1, s[1] + 1), 0.7 * (max(s) < k)),
            ((s[0] - 1, s[1]), 1.0 * (s[0] > 0)),
            ((s[0], s[1] - 1), 1.0 * (s[1] > 0)),
        ],
    )
    return float(p @ state.max(axis=1)) / 0.7


def _fixed_point(step: Floats) -> Floats:
    balance = step.T - np.eye(len(step))
    balance[-1] = 1
    right = np.zeros(len(step))
    right[-1] = 1
    return np.asarray(np.linalg.solve(balance, right))
