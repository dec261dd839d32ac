"""The computation of every row of the table that has numbers, by id.

Traces are recomputed where a rule of one line gives them; the rest of the arithmetic is
written out, so that a reader can follow it by hand.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy import stats

from tests.oracles.ctmc import birth_death, n_model, stationary
from tests.oracles.erlang import (
    erlang_a,
    erlang_b,
    erlang_c,
    impatient,
    mmc,
    mmc_sojourn_tail,
    mmc_wait_tail,
    mmck,
)
from tests.oracles.networks import jackson, machine_repair, mva
from tests.oracles.priorities import (
    mg1_preemptive,
    mg1_waiting,
    mmc_preemptive,
    mmc_waiting,
)
from tests.oracles.single_server import (
    batch_m1,
    clearance,
    fork_join,
    gim1,
    mg1,
    mg1_breakdown,
    mg1_feedback,
    mg1_sharing,
    mg1_vacation,
    mm1_retrial,
    mm1_shortest_first,
    moments,
)
from tests.oracles.time_varying import (
    interval_counts,
    mt_g_inf,
    mt_inf_network,
    mt_m_ct,
    mt_m_inf_sine,
    mt_m_inf_sine_from_empty,
    named_leavers_finish,
    put_back_without_patience,
    sine_response,
)

Computation = Callable[[], Sequence[float]]

DAY = 2 * math.pi / 24
THREE = (
    [0.2, 0.3, 0.25],
    [0.5, 0.8, 1.6],
    [moments("exponential", 0.5)[1], moments("fixed", 0.8)[1], moments("gamma", 1.6, 0.5)[1]],
)
FOUR_STATIONS = (
    [4.0, 0.0, 0.0, 0.0],
    [[0, 0.7, 0.3, 0], [0, 0, 0, 0.8], [0, 0, 0, 0.9], [0.15, 0.05, 0, 0]],
    [3, 2, 1, 2.5],
    [2, 3, 3, 3],
)
CLOSED = (20, [0.5, 0.8, 3.0], [1, 2, math.inf])
HOURS = [(1.0, 20.0, 6), (1.0, 45.0, 12), (1.0, 30.0, 12), (1.0, 10.0, 6)]
SHIFT_END = [*HOURS[:3], (1.0, 20.0, 4)]
N_MODEL = ((3.0, 2.0), 1.0, (3, 4), (20, 20))


def sine(t: float) -> float:
    """The arrival rate of rows I."""
    return 10 * (1 + 0.6 * math.sin(DAY * t))


def mg1_wq(kind: str, lam: float, mean: float, scv: float = 1.0) -> float:
    """Wq for a named law of service."""
    first, second, third = moments(kind, mean, scv)
    return mg1(lam, first, second, third)["wq"]


def mmc_wq(cases: Sequence[tuple[float, float, int]]) -> list[float]:
    """Wq of each (mean gap, mean service, servers)."""
    return [mmc(1 / gap, 1 / service, c)["wq"] for gap, service, c in cases]


def rework() -> Sequence[float]:
    """Mean numbers at work and in the delay at 24, rows I5 and I6."""
    found = mt_inf_network(
        lambda t: np.array([sine(t), 0.0]), [[0, 0.3], [1, 0]], [0.25, 0.1], 24
    )
    return [float(found[0]), float(found[1])]


def lognormal_inf() -> float:
    """Row I4."""
    law = stats.lognorm(math.sqrt(math.log(2)), scale=4 / math.sqrt(2))
    return mt_g_inf(sine, law.sf, 9, since=0)


def erlang_a_seconds(c: int) -> list[float]:
    """Wait in seconds and share lost of row P-7A-7."""
    found = erlang_a(3.5 / 60, 1 / 180, 1 / 300, c)
    return [found["wq"], found["p_abandon"]]


def repair() -> list[float]:
    """L, Lq and cost for one to five repairers, row P-7A-13."""
    found = [machine_repair(5, 0.1, 0.25, c) for c in range(1, 6)]
    cost = [15 * c + 60 * f["l"] for c, f in enumerate(found, start=1)]
    return [*(f["l"] for f in found), *(f["lq"] for f in found), *cost]


def grotto() -> list[float]:
    """Wq of each station of row P-7A-20."""
    routing: list[list[float]] = [
        [0, 0.75, 0, 0],
        [0, 0, 0.65, 0.35],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
    ]
    found = jackson([2, 0, 0.5, 0.6], routing, [2.2] * 4, [1] * 4)
    return [float(wait) for wait in found["wq"]]


def shared_processor() -> list[float]:
    """P(N = 0) … P(N = 5) of row P-7A-22."""
    p = birth_death([10] * 200, [min(i, 3) * 12 for i in range(1, 201)])
    return [float(share) for share in p[:6]]


def petrol_pump() -> list[float]:
    """P(car), P(empty), P(motorcycle) and L, row P-7A-21; state 1 is a car, 2 a motorcycle."""
    arrivals = {1: 0.75 * 3 / 20, 2: 0.25 * 3 / 20}
    leave = {1: 1 / 8, 2: 1 / 3}
    state, p = stationary(
        (0,),
        lambda s: (
            [((0,), leave[s[0]])] if s[0] else [((k,), rate) for k, rate in arrivals.items()]
        ),
    )
    share = dict(zip(state[:, 0].tolist(), p.tolist(), strict=True))
    return [share[1], share[0], share[2], share[1] + share[2]]


def beds() -> list[float]:
    """Share delayed for the bed numbers of row P-7A-23."""
    acute, rehab = 8.145, 9.718
    cases = [
        *((c, acute) for c in range(9, 15)),
        *((c, 1.05 * acute) for c in range(10, 15)),
        *((c, rehab) for c in (10, *range(12, 17))),
        *((c, 1.05 * rehab) for c in range(12, 17)),
        *((c, acute + rehab) for c in (22, 26)),
    ]
    return [erlang_b(c, a) for c, a in cases]


def first_come(arrivals: Sequence[float], services: Sequence[float]) -> list[float]:
    """Waits at one server: W(n+1) = max(0, W(n) + S(n) - gap)."""
    waits = [0.0]
    for n, gap in enumerate(np.diff(arrivals[: len(services)])):
        waits.append(max(0.0, waits[-1] + services[n] - float(gap)))
    return waits


def horizon_cut() -> list[float]:
    """Row P-7C-1: the eighth arrives at 27 and still waits at 31."""
    arrivals, services = [3, 11, 13, 14, 17, 19, 21, 27], [4, 4, 4, 3, 2, 4, 3]
    waits = first_come(arrivals, services)
    open_wait = 31 - arrivals[-1]
    busy = sum(services)
    waited = sum(waits)
    served = len(services)
    return [
        *waits,
        (waited + busy) / served,
        waited / served,
        (waited + busy + open_wait) / 31,
        (waited + open_wait) / 31,
        busy / 31,
    ]


FORMS: dict[str, Computation] = {
    "B1": lambda: [erlang_b(12, 10)],
    "C1": lambda: [erlang_c(10, 20 / 2.2)],
    "C2": lambda: [mmc(20, 2.2, 10)["wq"]],
    "C3": lambda: [mmc_wait_tail(20, 2.2, 10, 0.25)],
    "C4": lambda: [mmc_sojourn_tail(20, 2.2, 10, 1)],
    "A1": lambda: [erlang_a(20, 2, 1.5, 9)["p_wait"]],
    "A2": lambda: [erlang_a(20, 2, 1.5, 9)["p_abandon"]],
    "A3": lambda: [erlang_a(20, 2, 1.5, 9)["wq"]],
    "A4": lambda: [erlang_a(20, 2, 1.5, 9, 0.2)["p_offered_gt_t"]],
    "A5": lambda: [impatient(20, 2, 9, lambda x: min(x, 0.5))["p_abandon"]],
    "A6": lambda: [impatient(20, 2, 9, lambda x: min(x, 0.5))["wq"]],
    "K1": lambda: [mmck(6, 2, 3, 8)["p_block"]],
    "K2": lambda: [mmck(6, 2, 3, 8)["wq"]],
    "G1": lambda: [mg1_wq("exponential", 1, 0.8)],
    "G2": lambda: [mg1_wq("fixed", 1, 0.8)],
    "G3": lambda: [mg1_wq("gamma", 1, 0.8, 0.5)],
    "G4": lambda: [mg1_wq("lognormal", 1, 0.8, 4)],
    "G5": lambda: [mg1(1, *moments("gamma", 0.8, 0.5))["var_wq"]],
    "F1": lambda: [mg1_feedback(1, 0.6, moments("gamma", 0.6, 0.5)[1], 0.2)],
    "V1": lambda: [mg1_vacation(1, 0.8, moments("gamma", 0.8, 0.5)[1], 1, 2)],
    "V2": lambda: [mg1_breakdown(0.5, (1, 2), 0.1, (2, 8))],
    "P0": lambda: [mm1_shortest_first(0.8, 1)],
    "P1": lambda: [mg1_sharing(0.4, 2, 5)],
    "S1": lambda: [gim1(lambda s: math.exp(-1.25 * s), 1)["wq"]],
    "S2": lambda: [gim1(lambda s: (1 + 0.625 * s) ** -2, 1)["wq"]],
    "S3": lambda: [batch_m1(0.2, 1, 3, 15)],
    "H1": lambda: [mm1_retrial(0.6, 1, 0.5)],
    "T1": lambda: [clearance(50, 0.7, 1, 1)[0]],
    "T2": lambda: [clearance(50, 0.7, 1, 1)[1]],
    "J0": lambda: [fork_join(0.7, 1)],
    "N1": lambda: [mg1_waiting(*THREE)[0]],
    "N2": lambda: [mg1_waiting(*THREE)[1]],
    "N3": lambda: [mg1_waiting(*THREE)[2]],
    "R1": lambda: [mg1_preemptive(*THREE)[0]],
    "R2": lambda: [mg1_preemptive(*THREE)[1]],
    "R3": lambda: [mg1_preemptive(*THREE)[2]],
    "Q1": lambda: [mmc_waiting([3, 4], 2, 4)[0]],
    "Q2": lambda: [mmc_waiting([3, 4], 2, 4)[1]],
    "Q3": lambda: [mmc_preemptive([3, 4], 2, 4)[0]],
    "Q4": lambda: [mmc_preemptive([3, 4], 2, 4)[1]],
    "J1": lambda: [jackson(*FOUR_STATIONS)["lam"][0]],
    "J2": lambda: [jackson(*FOUR_STATIONS)["w"][0]],
    "J3": lambda: [jackson([3, 0], [[0, 0.4], [1, 0]], [1.5, 0.1], [4, math.inf])["w"][0]],
    "M1": lambda: [mva(*CLOSED)[0]],
    "M2": lambda: [mva(*CLOSED)[1][0]],
    "M3": lambda: [machine_repair(10, 0.1, 0.5, 2)["l"]],
    "M4": lambda: [machine_repair(10, 0.1, 0.5, 2)["throughput"]],
    "X1": lambda: [n_model(*N_MODEL)["lq1"]],
    "X2": lambda: [n_model(*N_MODEL)["lq2"]],
    "I1": lambda: [mt_m_inf_sine(9, 10, 0.6, DAY, 0.25)],
    "I2": lambda: [mt_m_inf_sine_from_empty(9, 10, 0.6, DAY, 0.25)],
    "I3": lambda: [mt_g_inf(sine, lambda u: float(u < 4), 9, since=0, kink=4)],
    "I4": lambda: [lognormal_inf()],
    "I5": lambda: [rework()[0]],
    "I6": lambda: [rework()[1]],
    "U1": lambda: [mt_m_ct(HOURS, 4)[-1]["n"]],
    "U2": lambda: [mt_m_ct(HOURS, 4)[-1]["q"]],
    "U3": lambda: [sum(step["delayed"] for step in mt_m_ct(HOURS, 4)) / 105],
    "U4": lambda: [mt_m_ct(SHIFT_END, 4, finish=True)[-1]["n"]],
    "U5": lambda: [mt_m_ct(SHIFT_END, 4)[-1]["n"]],
    "U6": lambda: [sum(step["abandoned"] for step in mt_m_ct(HOURS, 4, theta=2))],
    "O-U4": lambda: [named_leavers_finish(HOURS[:3], SHIFT_END[3], 4)],
    "O-U6": lambda: [put_back_without_patience(HOURS[:3], HOURS[3], 4, 2)],
}


def _pick(found: dict[str, float], *names: str) -> list[float]:
    return [found[name] for name in names]


PEERS: dict[str, Computation] = {
    "P-7A-1": lambda: _pick(mmc(0.2, 0.1, 3), "rho", "p_wait", "wq", "lq"),
    "P-7A-2": lambda: _pick(mmc(0.2, 0.1, 4), "p_wait", "wq"),
    "P-7A-3": lambda: mmc_wq(
        [(10, 3, 2), (6, 4, 2), (4, 3, 1), (5.5, 5, 3), (8, 4, 1), (4, 10, 4), (60, 10, 15)]
    ),
    "P-7A-4": lambda: mmc_wq([(4, 10, 5), (4, 10, 6), (4, 10, 7), (3, 10, 6), (3, 10, 7)]),
    "P-7A-5": lambda: [*_pick(mmc(10, 12, 1), "l", "lq"), mmc(10, 12, 1)["wq"] * 60],
    "P-7A-6": lambda: _pick(mmc(3.5 / 60, 1 / 180, 13), "wq", "p_wait"),
    "P-7A-7": lambda: [*erlang_a_seconds(13), *erlang_a_seconds(9)],
    "P-7A-8": lambda: [
        *_pick(erlang_a(4.2, 0.5, 1, 12), "p_abandon", "p_wait"),
        (1 - erlang_a(4.2, 0.5, 1, 12)["p_abandon"]) * 8.4 / 12,
    ],
    "P-7A-9": lambda: [
        *_pick(mmc(4.2, 0.5, 12), "p_wait", "wq"),
        1 - mmc_wait_tail(4.2, 0.5, 12, 1 / 3),
    ],
    "P-7A-10": lambda: _pick(mmck(3, 4, 2, 3), "p_block", "l"),
    "P-7A-11": lambda: _pick(mmck(1, 1.2, 1, 6), "l", "p_block"),
    "P-7A-12": lambda: [erlang_b(10, 40)],
    "P-7A-13": repair,
    "P-7A-14": lambda: [
        *(mmc_waiting([0.2, 0.6], 1, 1) + 1),
        *mmc_waiting([0.2, 0.6], 1, 1),
    ],
    "P-7A-15": lambda: mmc_preemptive([0.2, 0.6], 1, 1).tolist(),
    "P-7A-16": lambda: mmc_waiting([0.5, 1, 0.9], 1, 3).tolist(),
    "P-7A-17": lambda: [
        mg1_wq("fixed", 0.8, 1),
        *(mg1_wq("gamma", 0.8, 1, scv) for scv in (0.5, 2, 4)),
    ],
    "P-7A-18": lambda: [
        *mmc_wq([(6, 4, 1), (6, 3, 1)]),
        sum(mmc_wq([(6, 4, 1), (6, 3, 1)])) + 7,
    ],
    "P-7A-19": lambda: mmc_wq([(2, 0.7, 1), (2, 0.9, 1)]),
    "P-7A-20": grotto,
    "P-7A-21": petrol_pump,
    "P-7A-22": shared_processor,
    "P-7A-23": beds,
    "P-7B-1": lambda: sine_response(10, 0.5, DAY, 0.5),
    "P-7B-2": lambda: interval_counts([5, 1.5, 3], [3.2, 7.9, 10], 20),
    "P-7B-3": lambda: interval_counts([2, 0.6, 0.8, 12, 3], [0.5, 10, 32, 40.3, 50], 100),
    "P-7B-4": lambda: [
        *(60 / gap for gap in (15, 12, 7, 5, 8, 10, 15, 20, 20)),
        sum(60 / gap for gap in (15, 12, 7, 5, 8, 10, 15, 20, 20)),
    ],
}

TRACES: dict[str, Computation] = {
    "P-7C-1": horizon_cut,
    # Three wait their patience of 3 and leave; the first spends its service of 10.
    "P-7C-2": lambda: [2 + 3, 3 + 3, 4 + 3, (10 + 3 + 3 + 3) / 4],
    "P-7C-3": lambda: [4 + 7, 5 + 6],
    # One in service and two waiting fill the room before the fourth comes.
    "P-7C-4": lambda: [1 + 2, 5 - 3],
    # 5, 10, 15 enter; 26 = 5 + 21 frees a place that 30 takes; 47 frees one for 50.
    "P-7C-5": lambda: [20, 25, 35, 40, 45, 5, 5 + 21, 0, 26 - 10],
    # One server ends at 6, 7, 8; two at 6, 6, 7.
    "P-7C-6": lambda: [(6 - 1 + 7 - 2 + 8 - 3) / 3, (6 - 1 + 6 - 2 + 7 - 3) / 3],
    # 4 of the 10 were worked from 1 to 5.
    "P-7C-7": lambda: [9 + 10, 9 + (10 - 4), 9 + 20],
    "P-7C-8": lambda: [1.5, 1.5 + 5, 6.5 + 5],
    "P-7C-9": lambda: [7.5, 7.5 + 4, 11.5 + 5],
    # The high one works from 3 to 13; the low one had worked 2 of its 6.
    "P-7C-10": lambda: [13 + 6, 13 + (6 - 2), 13 + 3],
    # Works 1-3, repair to 6, works 6-8, repair to 11: the work of 4 ends as the repair does.
    "P-7C-11": lambda: [11, 10, 2, 4],
}

COMPUTATIONS: dict[str, Computation] = FORMS | PEERS | TRACES
