"""One server with service of any law, and what may happen to it.

Sources: Pollaczek 1930 and Khintchine 1932 (`mg1`); Takács, BSTJ 42 (1963) 505-519
(`mg1_feedback`); Fuhrmann & Cooper, Oper. Res. 33 (1985) (`mg1_vacation`); Avi-Itzhak & Naor,
Oper. Res. 11 (1963), model A (`mg1_breakdown`); Phipps, Oper. Res. 4 (1956)
(`mm1_shortest_first`); Kleinrock, Queueing Systems I-II (sharing, GI/M/1, batches); Falin &
Templeton, Retrial Queues (1997); Nelson & Tantawi, IEEE TC 37 (1988) (`fork_join`).
"""

import math
from collections.abc import Callable

from scipy import integrate, optimize


def moments(kind: str, mean: float, scv: float = 1.0) -> tuple[float, float, float]:
    """(E S, E S², E S³) of a service law; scv is its squared coefficient of variation."""
    if kind == "exponential":
        return mean, 2 * mean**2, 6 * mean**3
    if kind == "fixed":
        return mean, mean**2, mean**3
    if kind == "gamma":  # an Erlang law when 1 / scv is an integer
        k = 1 / scv
        b = mean / k
        return mean, k * (k + 1) * b**2, k * (k + 1) * (k + 2) * b**3
    if kind == "lognormal":
        s2 = math.log1p(scv)
        return mean, mean**2 * math.exp(s2), mean**3 * math.exp(3 * s2)
    raise ValueError(kind)


def mg1(lam: float, m1: float, m2: float, m3: float = math.nan) -> dict[str, float]:
    """Pollaczek-Khinchine: Wq = lam E S² / (2 (1 - rho))."""
    rho = lam * m1
    wq = lam * m2 / (2 * (1 - rho))
    return {
        "rho": rho,
        "wq": wq,
        "lq": lam * wq,
        "w": wq + m1,
        "l": lam * (wq + m1),
        "var_wq": wq**2 + lam * m3 / (3 * (1 - rho)),
    }


def mg1_feedback(lam: float, m1: float, m2: float, p: float) -> float:
    """W when a finished job returns to the tail of the line with probability p.

    The number in system is that of an M/G/1 whose service is the sum of all passes.
    """
    q = 1 - p
    return mg1(lam, m1 / q, (m2 + 2 * p * m1**2 / q) / q)["w"]


def mg1_vacation(lam: float, m1: float, m2: float, v1: float, v2: float) -> float:
    """Wq when the server goes away again and again while the line is empty."""
    return lam * m2 / (2 * (1 - lam * m1)) + v2 / (2 * v1)


def mg1_breakdown(
    lam: float, service: tuple[float, float], f: float, r: tuple[float, float]
) -> float:
    """W when the server fails at rate f whenever up, repair has moments r, work resumes.

    The completion time C has E C = m1 (1 + f r1), E C² = m2 (1 + f r1)² + m1 f r2, and an
    arrival to an empty system may find the server down.
    """
    (m1, m2), (r1, r2) = service, r
    c1 = m1 * (1 + f * r1)
    c2 = m2 * (1 + f * r1) ** 2 + m1 * f * r2
    return lam * c2 / (2 * (1 - lam * c1)) + f * r2 / (2 * (1 + f * r1)) + c1


def mg1_sharing(lam: float, mean: float, x: float) -> float:
    """Processor sharing: a job of size x spends x / (1 - rho) in the system."""
    return x / (1 - lam * mean)


def mm1_shortest_first(lam: float, mu: float) -> float:
    """Wq of M/M/1, shortest job first without preemption: ∫ W0 / (1 - rho(x))² dF."""

    def below(x: float) -> float:
        return lam / mu * (1 - math.exp(-mu * x) * (1 + mu * x))

    def integrand(x: float) -> float:
        return mu * math.exp(-mu * x) * lam / mu**2 / (1 - below(x)) ** 2

    return float(integrate.quad(integrand, 0, math.inf, epsabs=1e-13, epsrel=1e-12)[0])


def gim1(transform: Callable[[float], float], mu: float) -> dict[str, float]:
    """GI/M/1 from the Laplace transform of the gaps: sigma = A*(mu (1 - sigma))."""
    sigma = optimize.brentq(
        lambda x: x - transform(mu * (1 - x)), 1e-12, 1 - 1e-9, xtol=1e-15, rtol=1e-14
    )
    return {"sigma": sigma, "wq": sigma / (mu * (1 - sigma)), "w": 1 / (mu * (1 - sigma))}


def batch_m1(lam: float, mu: float, x1: float, x2: float) -> float:
    """W when batches with size moments x1, x2 arrive at rate lam."""
    rho = lam * x1 / mu
    return rho * (x1 + x2) / (2 * x1 * (1 - rho)) / (lam * x1)


def mm1_retrial(lam: float, mu: float, theta: float) -> float:
    """Mean number in orbit: no waiting room, blocked callers each retry at rate theta."""
    rho = lam / mu
    return rho * (lam + rho * theta) / (theta * (1 - rho))


def clearance(n0: int, lam: float, m1: float, var_s: float) -> tuple[float, float]:
    """Mean and standard deviation of the time to empty n0 waiting jobs under arrivals."""
    rho = lam * m1
    return n0 * m1 / (1 - rho), math.sqrt(n0 * (var_s + rho * m1**2) / (1 - rho) ** 3)


def fork_join(lam: float, mu: float) -> float:
    """Mean time of jobs split over two M/M/1 lines and joined at the end."""
    return (12 - lam / mu) / 8 / (mu - lam)
