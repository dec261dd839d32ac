"""A second computation of the time-varying rows: ODEs, grids and dense matrix exponentials."""

import math
from collections.abc import Sequence

import numpy as np
from scipy import integrate, stats
from scipy.linalg import expm

from tests.oracles.ctmc import Floats

HOURS = [(20.0, 6), (45.0, 12), (30.0, 12), (10.0, 6)]
SHIFT_END = [*HOURS[:3], (20.0, 4)]
PLACES = 200
TURN = 2 * math.pi / 24


def rework_exponential() -> Floats:
    """I5, I6: the sine as two more states and a constant, in one matrix exponential."""
    a = np.zeros((5, 5))  # at work, in the delay, 1, sin, cos
    a[0, :] = [-0.25, 0.1, 10, 6, 0]
    a[1, :2] = [0.3 * 0.25, -0.1]
    a[3, 4], a[4, 3] = TURN, -TURN
    return np.asarray((expm(a * 24) @ np.array([0, 0, 1, 0, 1.0]))[:2])


def fixed_stay() -> float:
    """I3: the arrivals of the last four hours, integrated by hand."""
    return 40 + 6 / TURN * (math.cos(TURN * 5) - math.cos(TURN * 9))


def growing_from_empty() -> float:
    """I2: the differential equation of the mean."""
    solved = integrate.solve_ivp(
        lambda t, m: 10 * (1 + 0.6 * math.sin(TURN * t)) - 0.25 * m,
        (0, 9),
        [0.0],
        rtol=1e-10,
        atol=1e-10,
    )
    return float(solved.y[0, -1])


def stepwise_exponential(steps: Sequence[tuple[float, int]], theta: float = 0.0) -> Floats:
    """U1, U2, U5: law of the number by dense matrix exponentials, one hour each."""
    p = np.zeros(PLACES)
    p[0] = 1
    n = np.arange(1, PLACES)
    for lam, c in steps:
        down = np.minimum(n, c) * 4.0 + np.maximum(n - c, 0) * theta
        a = np.diag(np.full(PLACES - 1, lam), 1) + np.diag(down, -1)
        a -= np.diag(a.sum(axis=1))
        p = p @ expm(a)
    return np.asarray(p)


def periodic() -> float:
    """I1: all past arrivals that are still there, on a grid of ages up to 160."""
    age = np.linspace(0, 160, 1_600_001)
    there = 10 * (1 + 0.6 * np.sin(TURN * (9 - age))) * np.exp(-0.25 * age)
    return float(integrate.simpson(there, x=age))


def lognormal_stay() -> float:
    """I4: the same for stays of any law, from an empty start."""
    law = stats.lognorm(math.sqrt(math.log(2)), scale=4 / math.sqrt(2))
    age = np.linspace(0, 9, 400_001)
    there = 10 * (1 + 0.6 * np.sin(TURN * (9 - age))) * law.sf(age)
    return float(integrate.simpson(there, x=age))


def hourly_totals(
    steps: Sequence[tuple[float, int]], theta: float = 0.0
) -> tuple[float, float]:
    """U3, U6: share delayed and number abandoned, as integrals of the forward equations."""
    n = np.arange(PLACES)
    y = np.zeros(PLACES + 2)
    y[0] = 1
    for lam, c in steps:
        down = np.minimum(n, c) * 4.0 + np.maximum(n - c, 0) * theta

        def change(
            _: float, y: Floats, lam: float = lam, c: int = c, down: Floats = down
        ) -> Floats:
            p = y[:-2]
            up = lam * (n < PLACES - 1) * p
            flow = -up - down * p
            flow[1:] += up[:-1]
            flow[:-1] += (down * p)[1:]
            lost = theta * (np.maximum(n - c, 0) @ p)
            return np.concatenate([flow, [lam * p[c:].sum(), lost]])

        y = integrate.solve_ivp(change, (0, 1), y, method="LSODA", rtol=1e-10, atol=1e-13).y[
            :, -1
        ]
    return float(y[-2]) / sum(lam for lam, _ in steps), float(y[-1])


def finish_exponential() -> float:
    """U4: surplus desks count down; state (surplus still busy, others in the system)."""
    before = stepwise_exponential(HOURS[:3])
    c, most, lam, mu = 4, 9, 20.0, 4.0
    a = np.zeros((most, PLACES, most, PLACES))
    for m in range(PLACES):
        if m + 1 < PLACES:
            a[np.arange(most), m, np.arange(most), m + 1] += lam
        if m:
            a[0, m, 0, m - 1] += min(m, c) * mu
        for e in range(1, most):
            if m >= c:  # whoever ends first, one of the surplus desks closes
                a[e, m, e - 1, m] += (c + e) * mu
    flat = a.reshape(most * PLACES, -1)
    flat -= np.diag(flat.sum(axis=1))
    start = np.zeros((most, PLACES))
    for n, share in enumerate(before):
        surplus = max(0, min(n, 12) - c)
        start[surplus, n - surplus] += share
    after = (start.ravel() @ expm(flat)).reshape(most, PLACES)
    number = np.arange(most)[:, None] + np.arange(PLACES)[None, :]
    return float((after * number).sum())


def named_leavers() -> float:
    """O-U4: from each number at the cut, the stayers' queue and the leavers apart."""
    before = stepwise_exponential(HOURS[:3])
    n = np.arange(PLACES)
    down = np.minimum(n[1:], 4) * 4.0
    a = np.diag(np.full(PLACES - 1, 20.0), 1) + np.diag(down, -1)
    a -= np.diag(a.sum(axis=1))
    number = expm(a) @ n  # expected number after an hour, by number now
    leavers = [max(min(k, 12) - 4, 0) for k in range(PLACES)]
    return float(
        sum(
            share * (number[k - gone] + gone * math.exp(-4))
            for k, (share, gone) in enumerate(zip(before, leavers, strict=True))
        )
    )


def put_back_patient() -> float:
    """O-U6: the last hour by the forward equations, one block for each number put back."""
    before = stepwise_exponential(HOURS[:3], 2.0)
    lost = hourly_totals(HOURS[:3], 2.0)[1]
    most, room, c = 7, 120, 6
    y = np.zeros(most * room + 1)
    for n, share in enumerate(before):
        k = max(min(n, 12) - c, 0)
        if n - k < room:
            y[k * room + n - k] += share
    n = np.arange(room)

    def change(_: float, y: Floats) -> Floats:
        p = y[:-1].reshape(most, room)
        flow = np.zeros_like(p)
        up, patience = 10.0 * p[:, :-1], 2.0 * np.maximum(n - c, 0) * p
        done = 4.0 * np.minimum(n, c) * p
        flow[:, :-1] -= up
        flow[:, 1:] += up
        flow -= patience
        flow[:, :-1] += patience[:, 1:]
        flow -= done
        flow[:-1] += done[1:]
        flow[0, :-1] += done[0, 1:]
        return np.append(flow.ravel(), patience.sum())

    solved = integrate.solve_ivp(change, (0, 1), y, method="LSODA", rtol=1e-9, atol=1e-12)
    return lost + float(solved.y[-1, -1])
