"""Priority classes; class 0 is the most urgent. One figure per class.

Sources: Cobham, Oper. Res. 2 (1954) 70-76; White & Christie, Oper. Res. 6 (1958); Kella &
Yechiali 1985; Buzen & Bondi, Oper. Res. 31 (1983).
"""

from collections.abc import Sequence

import numpy as np

from tests.oracles.ctmc import Floats
from tests.oracles.erlang import erlang_c, mmc


def _loads(rho: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(rho)])


def mg1_waiting(lam: Sequence[float], m1: Sequence[float], m2: Sequence[float]) -> Floats:
    """Wq without preemption: W0 / ((1 - s_{k-1}) (1 - s_k)), s the load of classes up to k."""
    s = _loads(np.multiply(lam, m1))
    return np.asarray(float(np.dot(lam, m2)) / 2 / ((1 - s[:-1]) * (1 - s[1:])))


def mg1_preemptive(lam: Sequence[float], m1: Sequence[float], m2: Sequence[float]) -> Floats:
    """W with preemption and resumption."""
    s = _loads(np.multiply(lam, m1))
    w0 = np.cumsum(np.multiply(lam, m2)) / 2
    return np.asarray(m1 / (1 - s[:-1]) + w0 / ((1 - s[:-1]) * (1 - s[1:])))


def mmc_waiting(lam: Sequence[float], mu: float, c: int) -> Floats:
    """Wq in M/M/c without preemption, one service rate for all."""
    s = _loads(np.asarray(lam) / (c * mu))
    p = erlang_c(c, float(sum(lam)) / mu)
    return np.asarray(p / (c * mu) / ((1 - s[:-1]) * (1 - s[1:])))


def mmc_preemptive(lam: Sequence[float], mu: float, c: int) -> Floats:
    """W in M/M/c with preemption: classes up to k together are an M/M/c; differences."""
    number = [0.0, *(mmc(float(total), mu, c)["l"] for total in np.cumsum(lam))]
    return np.asarray(np.diff(number) / np.asarray(lam, float))
