"""Erlang B, C and A: many servers, with loss, waiting or impatience.

Sources: Erlang 1917; Palm 1957; Zeltyn & Mandelbaum, Queueing Systems 51 (2005) 361-402.
"""

import math
from collections.abc import Callable

import numpy as np
from scipy import integrate, stats

from tests.oracles.ctmc import birth_death

Function = Callable[[float], float]


def erlang_b(c: int, a: float) -> float:
    """Blocking in M/G/c/c, for any law of service: B(n) = a B(n-1) / (n + a B(n-1))."""
    b = 1.0
    for n in range(1, c + 1):
        b = a * b / (n + a * b)
    return b


def erlang_c(c: int, a: float) -> float:
    """P(wait) in M/M/c for a < c: C = c B / (c - a (1 - B))."""
    b = erlang_b(c, a)
    return c * b / (c - a * (1.0 - b))


def mmc(lam: float, mu: float, c: int) -> dict[str, float]:
    """Means of M/M/c and the variance of its waiting time."""
    a = lam / mu
    p = erlang_c(c, a)
    spare = c * mu - lam
    wq = p / spare
    return {
        "p_wait": p,
        "wq": wq,
        "lq": lam * wq,
        "w": wq + 1 / mu,
        "l": lam * wq + a,
        "var_wq": p * (2 - p) / spare**2,
        "rho": a / c,
    }


def mmc_wait_tail(lam: float, mu: float, c: int, t: float) -> float:
    """P(Wq > t) = C exp(-(c mu - lam) t)."""
    return erlang_c(c, lam / mu) * math.exp(-(c * mu - lam) * t)


def mmc_sojourn_tail(lam: float, mu: float, c: int, t: float) -> float:
    """P(W > t) in M/M/c: the share that misses a deadline t."""
    p, r = erlang_c(c, lam / mu), c * mu - lam
    if math.isclose(r, mu):
        return math.exp(-mu * t) * (1 + p * mu * t)
    return math.exp(-mu * t) + p * mu * (math.exp(-r * t) - math.exp(-mu * t)) / (mu - r)


def mmck(lam: float, mu: float, c: int, k: int) -> dict[str, float]:
    """M/M/c/K, with K places in service and waiting together; wq of the accepted."""
    p = birth_death([lam] * k, [min(i, c) * mu for i in range(1, k + 1)])
    n = np.arange(k + 1)
    lq = float(p @ np.maximum(n - c, 0))
    throughput = lam * (1 - float(p[-1]))
    return {
        "p_block": float(p[-1]),
        "lq": lq,
        "l": float(p @ n),
        "wq": lq / throughput,
        "throughput": throughput,
    }


def impatient(
    lam: float, mu: float, c: int, patience: Function, t: float = 0.0
) -> dict[str, float]:
    """M/M/c+G with patience of any law.

    ``patience(x)`` is the integral of P(patience > u) over [0, x]. ``wq`` is the mean wait of
    all, served and abandoned; ``p_offered_gt_t`` is P(offered wait > t).
    """

    def weight(x: float) -> float:
        return math.exp(lam * patience(x) - c * mu * x)

    j = _to_infinity(weight, 1 / mu)
    jh = _to_infinity(lambda x: patience(x) * weight(x), 1 / mu)
    down = 1.0 / erlang_b(c - 1, lam / mu) + lam * j
    return {
        "p_wait": lam * j / down,
        "p_abandon": (1 + (lam - c * mu) * j) / down,
        "wq": lam * jh / down,
        "lq": lam * lam * jh / down,
        "p_offered_gt_t": lam * _to_infinity(weight, 1 / mu, t) / down,
    }


def erlang_a(lam: float, mu: float, theta: float, c: int, t: float = 0.0) -> dict[str, float]:
    """M/M/c+M, patience exponential at rate theta."""
    return impatient(lam, mu, c, lambda x: -math.expm1(-theta * x) / theta, t)


def erlang_a_chain(
    lam: float, mu: float, theta: float, c: int, k: int = 4000
) -> dict[str, float]:
    """M/M/c+M a second way, by its birth-death chain."""
    death = [min(i, c) * mu + max(i - c, 0) * theta for i in range(1, k + 1)]
    p = birth_death([lam] * k, death)
    lq = float(p @ np.maximum(np.arange(k + 1) - c, 0))
    return {
        "p_wait": float(p[c:].sum()),
        "p_abandon": theta * lq / lam,
        "wq": lq / lam,
        "lq": lq,
    }


def halfin_whitt(beta: float) -> float:
    """Limit of P(wait) under c = a + beta sqrt(a): for sanity, not for tests."""
    return float(1.0 / (1.0 + beta * stats.norm.cdf(beta) / stats.norm.pdf(beta)))


def _to_infinity(f: Function, step: float, low: float = 0.0) -> float:
    """Integrate in pieces of one service time until the tail is negligible."""
    total, x = 0.0, low
    while True:
        piece = float(integrate.quad(f, x, x + step, epsabs=1e-15, epsrel=1e-12, limit=200)[0])
        total += piece
        x += step
        if abs(piece) < 1e-15 * max(1.0, abs(total)) and x > low + 20 * step:
            return total
