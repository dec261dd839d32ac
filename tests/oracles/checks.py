"""A second, independent computation of the closed forms: nothing here uses what it checks.

Rows without one: G1 and G4 (the formula of G2 and G3 with other moments), J3 (the formula of
J2) and X1, X2 (themselves a generator solve).
"""

import functools
import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy import integrate, sparse, stats
from scipy.sparse.linalg import expm_multiply

from tests.oracles import checks_single_server as one
from tests.oracles import checks_time_varying as timed
from tests.oracles.ctmc import Floats, State, birth_death, stationary
from tests.oracles.erlang import erlang_a_chain, erlang_b
from tests.oracles.networks import buzen, mva

Moves = list[tuple[State, float]]
COUNT = np.arange(timed.PLACES)


def truncated_poisson() -> float:
    """B1: the law of M/M/c/c is a Poisson law cut at c."""
    return float(stats.poisson.pmf(12, 10) / stats.poisson.cdf(12, 10))


def many_server_chain() -> Floats:
    """Law of the number in M/M/10 of rows C."""
    return birth_death([20] * 3000, [min(i, 10) * 2.2 for i in range(1, 3001)])


def wait_tail(t: float) -> float:
    """C3: an arrival that finds k >= c waits for k - c + 1 departures at rate c mu."""
    p = many_server_chain()
    return float(sum(p[k] * stats.poisson.cdf(k - 10, 22 * t) for k in range(10, 400)))


def sojourn_tail() -> float:
    """C4: convolution of the waiting and the service time."""
    inside = integrate.quad(
        lambda s: 2.2 * math.exp(-2.2 * s) * wait_tail(1 - s), 0, 1, epsabs=1e-10
    )
    return float(inside[0]) + math.exp(-2.2)


def offered_wait_tail() -> float:
    """A4: with j ahead the offered wait is a sum of exponentials; an absorbing chain."""
    p = birth_death([20] * 400, [min(i, 9) * 2 + max(i - 9, 0) * 1.5 for i in range(1, 401)])
    ahead = np.arange(300)
    rates = [-(18 + 1.5 * ahead), 18 + 1.5 * ahead[1:]]
    matrix = sparse.diags(rates, [0, 1], dtype=float).tocsr()
    return float(expm_multiply(matrix * 0.2, p[9:309]).sum())


def fixed_patience() -> tuple[float, float]:
    """A5, A6: M/M/c+D from the density of the offered wait, in closed form."""
    lam, mu, c, d = 20.0, 2.0, 9, 0.5
    k = lam - c * mu
    e = math.exp(k * d)
    down = 1 / erlang_b(c - 1, lam / mu) + lam * ((e - 1) / k + e / (c * mu))
    lost = lam * (e / (c * mu)) / down
    return lost, lam * ((e * (k * d - 1) + 1) / k**2 + d * e / (c * mu)) / down


def finite_room() -> tuple[float, float]:
    """K1, K2: M/M/3/8 by its generator."""
    state, p = stationary(
        (0,), lambda s: [((s[0] + 1,), 6.0 * (s[0] < 8)), ((s[0] - 1,), min(s[0], 3) * 2.0)]
    )
    n = state[:, 0]
    blocked = float(p[n == 8][0])
    return blocked, float(p @ np.maximum(n - 3, 0)) / (6 * (1 - blocked))


def mean_value_priorities() -> Floats:
    """N1-N3: mean-value equations instead of Cobham's product."""
    lam, m1 = np.array([0.2, 0.3, 0.25]), np.array([0.5, 0.8, 1.6])
    w0 = float(lam @ np.array([0.5, 0.64, 3.84])) / 2
    rho = lam * m1
    # W_k = W0 + sum over i <= k of rho_i W_i + (sum over i < k of rho_i) W_k
    system = np.eye(3) - np.tril(np.tile(rho, (3, 1)))
    system -= np.diag(np.concatenate([[0.0], np.cumsum(rho)[:-1]]))
    return np.asarray(np.linalg.solve(system, np.full(3, w0)))


def busy_period_priorities() -> Sequence[float]:
    """R1-R3: wait for the work of classes up to k, then be served between more urgent ones."""
    lam, m1, m2 = [0.2, 0.3, 0.25], [0.5, 0.8, 1.6], [0.5, 0.64, 3.84]
    out = []
    for k in range(3):
        load = sum(lam[i] * m1[i] for i in range(k + 1))
        work = sum(lam[i] * m2[i] for i in range(k + 1)) / 2 / (1 - load)
        urgent = sum(lam[i] * m1[i] for i in range(k))
        out.append((work + m1[k]) / (1 - urgent))
    return out


def visits_to_first() -> float:
    """J1: expected visits to station 1, step by step along the path."""
    routing = np.array([[0, 0.7, 0.3, 0], [0, 0, 0, 0.8], [0, 0, 0, 0.9], [0.15, 0.05, 0, 0]])
    at, total = np.array([1.0, 0, 0, 0]), 0.0
    for _ in range(400):
        total += float(at[0])
        at = at @ routing
    return total


def station_by_station() -> float:
    """J2: L of each station by its birth-death chain; rates by counting visits."""
    first = 4 * visits_to_first()
    second = 0.7 * first + 0.05 * (first - 4) / 0.15
    third, fourth = 0.3 * first, (first - 4) / 0.15
    number = 0.0
    for lam, mu, c in ((first, 3, 2), (second, 2, 3), (third, 1, 3), (fourth, 2.5, 3)):
        p = birth_death([lam] * 2000, [min(i, c) * mu for i in range(1, 2001)])
        number += float(p @ np.arange(2001))
    return number / 4


@functools.cache
def two_class_chain(*, preempt: bool) -> Sequence[float]:
    """Q1-Q4: two classes in M/M/4 by the generator, (Wq) or (W) of both."""
    l1, l2, mu, c = 3.0, 4.0, 2.0, 4

    def after(x: int, y: int, q1: int, q2: int) -> State:
        if q1:
            return (x + 1, y, q1 - 1, q2)
        return (x, y + 1, q1, q2 - 1) if q2 else (x, y, 0, 0)

    def moves(s: State) -> Moves:
        x, y, q1, q2 = s  # in service and waiting, by class
        done = [(after(x - 1, y, q1, q2), x * mu), (after(x, y - 1, q1, q2), y * mu)]
        if x + y < c:
            return [*done, ((x + 1, y, q1, q2), l1), ((x, y + 1, q1, q2), l2)]
        pushed = (x + 1, y - 1, q1, q2 + 1) if preempt and y else (x, y, q1 + 1, q2)
        room1, room2 = pushed[2] <= 30 and pushed[3] <= 160, q2 < 160
        return [*done, (pushed, l1 * room1), ((x, y, q1, q2 + 1), l2 * room2)]

    state, p = stationary((0, 0, 0, 0), moves)
    line = [float(p @ state[:, 2]) / l1, float(p @ state[:, 3]) / l2]
    if not preempt:
        return line
    return [line[0] + float(p @ state[:, 0]) / l1, line[1] + float(p @ state[:, 1]) / l2]


def closed_chain() -> float:
    """M2: the closed network by its generator."""
    state, p = stationary(
        (0, 0),
        lambda s: [
            ((s[0] + 1, s[1]), (20 - s[0] - s[1]) / 3.0),
            ((s[0] - 1, s[1] + 1), 2.0 * (s[0] > 0)),
            ((s[0], s[1] - 1), min(s[1], 2) / 0.8),
        ],
    )
    return float(p @ state[:, 0])


CHECKS: dict[str, Callable[[], float]] = {
    "B1": truncated_poisson,
    "C1": lambda: float(many_server_chain()[10:].sum()),
    "C2": lambda: float(many_server_chain() @ np.maximum(np.arange(3001) - 10, 0)) / 20,
    "C3": lambda: wait_tail(0.25),
    "C4": sojourn_tail,
    "A1": lambda: erlang_a_chain(20, 2, 1.5, 9)["p_wait"],
    "A2": lambda: erlang_a_chain(20, 2, 1.5, 9)["p_abandon"],
    "A3": lambda: erlang_a_chain(20, 2, 1.5, 9)["wq"],
    "A4": offered_wait_tail,
    "A5": lambda: fixed_patience()[0],
    "A6": lambda: fixed_patience()[1],
    "K1": lambda: finite_room()[0],
    "K2": lambda: finite_room()[1],
    "G2": one.fixed_service_departures,
    "G3": lambda: one.two_phases(1, 0.8)[1],
    "G5": one.waiting_variance,
    "F1": lambda: one.two_phases(1, 0.6, 0.2)[0],
    "V1": lambda: one.absent_server(1, 0.8, 1),
    "V2": one.failing_server,
    "P0": one.shortest_first_classes,
    "P1": one.shared_by_two_types,
    "S1": one.fixed_gaps,
    "S2": one.two_phase_gaps,
    "S3": one.batches,
    "H1": one.retrials,
    "T1": lambda: one.first_passage()[0],
    "T2": lambda: one.first_passage()[1],
    "J0": one.joined_lines,
    "N1": lambda: float(mean_value_priorities()[0]),
    "N2": lambda: float(mean_value_priorities()[1]),
    "N3": lambda: float(mean_value_priorities()[2]),
    "R1": lambda: busy_period_priorities()[0],
    "R2": lambda: busy_period_priorities()[1],
    "R3": lambda: busy_period_priorities()[2],
    "Q1": lambda: two_class_chain(preempt=False)[0],
    "Q2": lambda: two_class_chain(preempt=False)[1],
    "Q3": lambda: two_class_chain(preempt=True)[0],
    "Q4": lambda: two_class_chain(preempt=True)[1],
    "J1": lambda: 4 * visits_to_first(),
    "J2": station_by_station,
    "M1": lambda: buzen(20, [0.5, 0.8, 3.0], [1, 2, math.inf]),
    "M2": closed_chain,
    "M3": lambda: float(mva(10, [2, 10], [2, math.inf])[1][0]),
    "M4": lambda: buzen(10, [2, 10], [2, math.inf]),
    "I1": timed.periodic,
    "I2": timed.growing_from_empty,
    "I3": timed.fixed_stay,
    "I4": timed.lognormal_stay,
    "I5": lambda: float(timed.rework_exponential()[0]),
    "I6": lambda: float(timed.rework_exponential()[1]),
    "U1": lambda: float(timed.stepwise_exponential(timed.HOURS) @ COUNT),
    "U2": lambda: float(timed.stepwise_exponential(timed.HOURS) @ np.maximum(COUNT - 6, 0)),
    "U3": lambda: timed.hourly_totals(timed.HOURS)[0],
    "U4": timed.finish_exponential,
    "U5": lambda: float(timed.stepwise_exponential(timed.SHIFT_END) @ COUNT),
    "U6": lambda: timed.hourly_totals(timed.HOURS, 2.0)[1],
    "O-U4": timed.named_leavers,
    "O-U6": timed.put_back_patient,
}
