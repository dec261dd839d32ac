"""Rates and staffing that change with time.

Sources: Eick, Massey & Whitt, Oper. Res. 41 (1993) and Mgmt Sci. 39 (1993) (unlimited staff);
Jensen 1953 (uniformisation); Ingolfsson et al., INFORMS JoC 19 (2007) 201-214 (what happens
to a case when staffing falls).
"""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from scipy import integrate, sparse, stats

from tests.oracles.ctmc import Floats, State

Rate = Callable[[float], float]
Step = tuple[float, float, int]
"""Duration, arrival rate and number of servers."""


def mt_g_inf(
    rate: Rate, survival: Rate, t: float, *, since: float = -math.inf, kink: float | None = None
) -> float:
    """Mean of the Poisson number in Mt/G/inf at t: ∫ rate(t - u) P(S > u) du."""
    last = t - since
    points = None if kink is None or math.isinf(last) else [kink]
    return float(
        integrate.quad(
            lambda u: rate(t - u) * survival(u),
            0,
            last,
            limit=500,
            points=points,
            epsabs=1e-12,
            epsrel=1e-11,
        )[0]
    )


def mt_m_inf_sine(t: float, base: float, beta: float, gamma: float, mu: float) -> float:
    """Periodic mean for the rate base (1 + beta sin(gamma t)) and exponential service."""
    swing = base * beta / (mu**2 + gamma**2)
    return base / mu + swing * (mu * math.sin(gamma * t) - gamma * math.cos(gamma * t))


def mt_m_inf_sine_from_empty(
    t: float, base: float, beta: float, gamma: float, mu: float
) -> float:
    """The same from an empty start."""
    return mt_m_inf_sine(t, base, beta, gamma, mu) - math.exp(-mu * t) * mt_m_inf_sine(
        0, base, beta, gamma, mu
    )


def sine_response(
    base: float, beta: float, gamma: float, mu: float
) -> tuple[float, float, float]:
    """Mean, amplitude and lag of the periodic mean number."""
    amplitude = base * beta / math.hypot(mu, gamma)
    return base / mu, amplitude, math.atan2(gamma, mu) / gamma


def mt_inf_network(
    rate: Callable[[float], Floats],
    routing: Sequence[Sequence[float]],
    mu: Sequence[float],
    t: float,
) -> Floats:
    """Mean numbers from an empty start in a network of stations with unlimited staff.

    dm/dt = rate(t) + (Rᵀ - I) diag(mu) m; the numbers are independent Poisson variables.
    """
    a = (np.asarray(routing, float).T - np.eye(len(mu))) * np.asarray(mu)
    solved = integrate.solve_ivp(
        lambda s, m: rate(s) + a @ m,
        (0, t),
        np.zeros(len(mu)),
        method="DOP853",
        rtol=1e-11,
        atol=1e-12,
    )
    return np.asarray(solved.y[:, -1])


def interval_counts(rates: Sequence[float], ends: Sequence[float], until: float) -> list[float]:
    """Expected Poisson arrivals under each rate of a table that repeats until a time."""
    totals = [0.0] * len(rates)
    start = 0.0
    while start < until:
        edges = [start, *(start + end for end in ends)]
        for i, rate in enumerate(rates):
            totals[i] += rate * max(0.0, min(edges[i + 1], until) - min(edges[i], until))
        start = edges[-1]
    return totals


def mt_m_ct(
    steps: Sequence[Step],
    mu: float,
    *,
    theta: float = 0.0,
    finish: bool = False,
    places: int = 200,
) -> list[dict[str, float]]:
    """Mt/M/ct(+M) from an empty start, by uniformisation; one row per step.

    When staffing falls, the surplus servers either put their case back into the line, where
    its work is resumed later, or ``finish`` it first. The state is (busy, waiting); without
    ``finish`` the number in system is enough and stands as ``busy``. Each row has the state
    at the end of the step and totals over the step.
    """
    cmax = max(c for _, _, c in steps)
    states = _states(cmax, places, finish=finish)
    index = {state: i for i, state in enumerate(states)}
    array = np.array(states)
    p = np.zeros(len(states))
    p[index[(0, 0)]] = 1.0
    out = []
    for duration, lam, c in steps:
        if finish:
            p = _newcomers_take_waiting(p, index, c)
        moves = _finish_moves if finish else _put_back_moves
        p, over = _uniformise(p, _generator(index, moves, (lam, mu, theta, c)), duration)
        busy = array[:, 0] if finish else np.minimum(array[:, 0], c)
        waiting = array[:, 1] if finish else np.maximum(array[:, 0] - c, 0)
        out.append(
            {
                "n": float(p @ (busy + waiting)),
                "q": float(p @ waiting),
                "served": mu * float(over @ busy),
                "abandoned": theta * float(over @ waiting),
                "delayed": lam * float(over @ (busy >= c)),
                "mass": float(p.sum()),
            }
        )
    return out


Rates = tuple[float, float, float, int]
Moves = Callable[[State, Rates], Iterator[tuple[State, float]]]


def _states(cmax: int, places: int, *, finish: bool) -> list[State]:
    if not finish:
        return [(n, 0) for n in range(cmax + places + 1)]
    return [(b, q) for q in range(places + 1) for b in range(cmax + 1)]


def _put_back_moves(state: State, rates: Rates) -> Iterator[tuple[State, float]]:
    n, (lam, mu, theta, c) = state[0], rates
    yield (n + 1, 0), lam
    yield (n - 1, 0), min(n, c) * mu + max(n - c, 0) * theta


def _finish_moves(state: State, rates: Rates) -> Iterator[tuple[State, float]]:
    (b, q), (lam, mu, theta, c) = state, rates
    if b < c and q > 0:
        return  # a free desk and a waiting case never meet
    yield ((b + 1, 0) if b < c else (b, q + 1)), lam
    yield ((b, q - 1) if q > 0 and b <= c else (b - 1, q)), b * mu
    yield (b, q - 1), q * theta


def _generator(index: dict[State, int], moves: Moves, rates: Rates) -> sparse.csr_matrix:
    entries = [
        (i, index[following], rate)
        for state, i in index.items()
        for following, rate in moves(state, rates)
        if rate > 0 and following in index
    ]
    rows, columns, values = zip(*entries, strict=True)
    g = sparse.coo_matrix((values, (rows, columns)), shape=(len(index), len(index))).tocsr()
    return g - sparse.diags(np.asarray(g.sum(axis=1)).ravel())


def _newcomers_take_waiting(p: Floats, index: dict[State, int], c: int) -> Floats:
    after = np.zeros(len(p))
    for (busy, waiting), i in index.items():
        taken = min(waiting, max(c - busy, 0))
        after[index[(busy + taken, waiting - taken)]] += p[i]
    return after


def _uniformise(p: Floats, g: sparse.csr_matrix, t: float) -> tuple[Floats, Floats]:
    """Return p exp(G t) and its integral over [0, t], by Jensen's method."""
    rate = float(-g.diagonal().min()) or 1.0
    step = (sparse.identity(g.shape[0]) + g / rate).T.tocsr()
    count = np.arange(int(stats.poisson.isf(1e-14, rate * t)) + 6)
    weight = stats.poisson.pmf(count, rate * t)
    tail = stats.poisson.sf(count, rate * t) / rate  # weight in the integral
    at, after, over = p.copy(), np.zeros_like(p), np.zeros_like(p)
    for k in count:
        after += weight[k] * at
        over += tail[k] * at
        at = step @ at
    return after, over


def named_leavers_finish(
    steps: Sequence[Step], last: Step, mu: float, *, places: int = 200
) -> float:
    """E N at the end where those who leave are named at the cut before the last step.

    The idle leave first; the others finish their case while those who stay serve the line. So
    the leavers' cases end at rate mu each, and all others are a queue of their own.
    """
    before = _law(steps, mu, places)
    duration, _, c = last
    surplus = np.maximum(np.minimum(np.arange(len(before)), steps[-1][2]) - c, 0)
    rest = np.zeros(len(before))
    np.add.at(rest, np.arange(len(before)) - surplus, before)
    after = _law((last,), mu, places, start=rest)
    leaving = float(before @ surplus) * math.exp(-mu * duration)
    return leaving + float(after @ np.arange(len(after)))


def put_back_without_patience(
    steps: Sequence[Step], last: Step, mu: float, theta: float, *, places: int = 150
) -> float:
    """E abandoned where cases put back at the cut before the last step never abandon.

    They stand first in the line. The state is (put back and waiting, all others): while k are
    put back all c servers are busy, and whoever ends takes one of the k.
    """
    before = _law(steps, mu, places, theta=theta)
    lost = sum(step["abandoned"] for step in mt_m_ct(steps, mu, theta=theta, places=places))
    duration, lam, c = last
    cmax = steps[-1][2]
    index = {(k, n): k * places + n for k in range(cmax - c + 1) for n in range(places)}
    p = np.zeros(len(index))
    for n, share in enumerate(before[:places].tolist()):
        k = max(min(n, cmax) - c, 0)
        p[index[(k, n - k)]] += share

    def moves(state: State, rates: Rates) -> Iterator[tuple[State, float]]:
        k, n = state
        if k and n < c:
            return  # the put back wait only where all servers are busy
        yield (k, n + 1), lam
        yield ((k - 1, n) if k else (0, n - 1)), min(n, c) * mu
        yield (k, n - 1), max(n - c, 0) * theta

    _, over = _uniformise(p, _generator(index, moves, (lam, mu, theta, c)), duration)
    waiting = np.array([max(n - c, 0) for _, n in index])
    return lost + theta * float(over @ waiting)


def _law(
    steps: Sequence[Step],
    mu: float,
    places: int,
    *,
    theta: float = 0.0,
    start: Floats | None = None,
) -> Floats:
    """Law of the number after the steps, cases put back, from empty or from a law."""
    index = {state: i for i, state in enumerate(_states(0, places, finish=False))}
    p = np.zeros(len(index)) if start is None else start
    if start is None:
        p[0] = 1.0
    for duration, lam, c in steps:
        p, _ = _uniformise(p, _generator(index, _put_back_moves, (lam, mu, theta, c)), duration)
    return p
