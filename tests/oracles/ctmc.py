"""Generic solvers for finite Markov chains in continuous time.

For any small exponential scenario `stationary` gives the exact answer: write the transition
function and compare.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse, special
from scipy.sparse.linalg import spsolve

Floats = npt.NDArray[np.float64]
State = tuple[int, ...]
Transitions = Callable[[State], Iterable[tuple[State, float]]]


def stationary(
    start: State, transitions: Transitions, limit: int = 200_000
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return (states as rows, stationary law) of the chain reachable from ``start``.

    ``transitions(state)`` yields (next state, rate); rates of 0 are ignored.
    """
    index, order = {start: 0}, [start]
    source: list[int] = []
    target: list[int] = []
    rates: list[float] = []
    at = 0
    while at < len(order):
        for following, rate in transitions(order[at]):
            if rate <= 0 or following == order[at]:
                continue
            if following not in index:
                index[following] = len(order)
                order.append(following)
                if len(order) > limit:
                    raise ValueError("state space too large")
            source.append(at)
            target.append(index[following])
            rates.append(rate)
        at += 1
    n = len(order)
    q = sparse.coo_matrix((np.asarray(rates, float), (source, target)), shape=(n, n)).tocsr()
    q = q - sparse.diags(np.asarray(q.sum(axis=1)).ravel())
    balance = q.T.tolil()
    balance[n - 1, :] = 1.0  # one balance equation is implied by the others
    right = np.zeros(n)
    right[n - 1] = 1.0
    return np.array(order), np.asarray(spsolve(balance.tocsc(), right))


def birth_death(birth: Sequence[float], death: Sequence[float]) -> Floats:
    """Return p_0 … p_K with birth[i]: i -> i+1 and death[i]: i+1 -> i."""
    with np.errstate(divide="ignore"):
        logs = np.concatenate([[0.0], np.cumsum(np.log(birth) - np.log(death))])
    return np.asarray(np.exp(logs - special.logsumexp(logs)))


def n_model(
    lam: tuple[float, float], mu: float, servers: tuple[int, int], buffers: tuple[int, int]
) -> dict[str, float]:
    """Two classes, two pools: pool A takes class 1 only, pool B both (rows X).

    Class 1 goes to A if a server is free there, else to B; class 2 to B. A free B server
    takes a waiting class 2 before a waiting class 1; no preemption; one service rate. The
    state is (busy A, busy B, waiting 1, waiting 2).
    """
    a, b = servers

    def transitions(s: State) -> Iterable[tuple[State, float]]:
        x, y, q1, q2 = s
        yield arrival_1(x, y, q1, q2), lam[0]
        yield ((x, y + 1, q1, q2) if y < b else (x, y, q1, min(q2 + 1, buffers[1]))), lam[1]
        yield ((x, y, q1 - 1, q2) if q1 else (x - 1, y, q1, q2)), x * mu
        yield after_b(x, y, q1, q2), y * mu

    def arrival_1(x: int, y: int, q1: int, q2: int) -> State:
        if x < a:
            return (x + 1, y, q1, q2)
        return (x, y + 1, q1, q2) if y < b else (x, y, min(q1 + 1, buffers[0]), q2)

    def after_b(x: int, y: int, q1: int, q2: int) -> State:
        if q2:
            return (x, y, q1, q2 - 1)
        return (x, y, q1 - 1, q2) if q1 else (x, y - 1, q1, q2)

    state, p = stationary((0, 0, 0, 0), transitions)
    return {
        "lq1": float(p @ state[:, 2]),
        "lq2": float(p @ state[:, 3]),
        "busy": float(p @ (state[:, 0] + state[:, 1])),
    }
