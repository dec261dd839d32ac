"""Open and closed networks, and machine repair.

Sources: Jackson 1957 and 1963; Yom-Tov & Mandelbaum, M&SOM 16 (2014) (return after a delay);
Reiser & Lavenberg, JACM 27 (1980) (`mva`); Buzen, CACM 16 (1973) (`buzen`).
"""

import math
from collections.abc import Sequence

import numpy as np

from tests.oracles.ctmc import Floats, birth_death
from tests.oracles.erlang import mmc

Matrix = Sequence[Sequence[float]]


def jackson_rates(gamma: Sequence[float], routing: Matrix) -> Floats:
    """Throughput of each station: lam = (I - Rᵀ)⁻¹ gamma."""
    r = np.asarray(routing, float)
    return np.asarray(np.linalg.solve((np.eye(len(gamma)) - r).T, np.asarray(gamma, float)))


def jackson(
    gamma: Sequence[float], routing: Matrix, mu: Sequence[float], c: Sequence[float]
) -> dict[str, Floats]:
    """Open network; c[i] = inf makes station i a pure delay. ``w`` has one element."""
    lam = jackson_rates(gamma, routing)
    number = np.zeros(len(gamma))
    wait = np.zeros(len(gamma))
    for i, rate in enumerate(lam.tolist()):
        if math.isinf(c[i]):
            number[i] = rate / mu[i]
            continue
        station = mmc(rate, mu[i], int(c[i]))
        number[i], wait[i] = station["l"], station["wq"]
    return {"lam": lam, "l": number, "wq": wait, "w": np.array([number.sum() / sum(gamma)])}


def mva(n: int, demand: Sequence[float], servers: Sequence[float]) -> tuple[float, Floats]:
    """Throughput and mean numbers of a closed network, by exact mean value analysis."""
    m = len(demand)
    marginal = np.zeros((m, n + 1))  # load dependent
    marginal[:, 0] = 1.0
    x, response = 0.0, np.zeros(m)
    for k in range(1, n + 1):
        j = np.arange(1, k + 1)
        for i, d in enumerate(demand):
            busy = np.minimum(j, servers[i])
            queueing = 1.0 if math.isinf(servers[i]) else float(j / busy @ marginal[i, :k])
            response[i] = d * queueing
        x = k / float(response.sum())
        for i, d in enumerate(demand):
            marginal[i, 1 : k + 1] = d * x * marginal[i, :k] / np.minimum(j, servers[i])
            marginal[i, 0] = 1.0 - marginal[i, 1 : k + 1].sum()
    return x, x * response


def buzen(n: int, demand: Sequence[float], servers: Sequence[float]) -> float:
    """Throughput of the same network a second way, by convolution: G(n-1) / G(n)."""
    g = np.zeros(n + 1)
    g[0] = 1.0
    for d, s in zip(demand, servers, strict=True):
        factor = [d**j / math.prod(min(i, s) for i in range(1, j + 1)) for j in range(n + 1)]
        g = np.convolve(factor, g)[: n + 1]
    return float(g[n - 1] / g[n])


def machine_repair(n: int, fail: float, mu: float, c: int) -> dict[str, float]:
    """M/M/c//N: n sources, each raises its next job at rate ``fail`` after the last."""
    p = birth_death(
        [(n - i) * fail for i in range(n)], [min(i, c) * mu for i in range(1, n + 1)]
    )
    k = np.arange(n + 1)
    number = float(p @ k)
    throughput = fail * (n - number)
    return {
        "l": number,
        "lq": float(p @ np.maximum(k - c, 0)),
        "throughput": throughput,
        "w": number / throughput,
    }
