"""Which of several systems is best: the procedure of Kim and Nelson (KN).

All systems are played side by side, best under common random numbers. A system is dropped as
soon as another leads by more than chance could explain, judged by the variance of *their*
difference in the first replications, so variances may differ as they like. Where the best leads
by the tolerance or more, it is selected with probability 1 - alpha or more; otherwise what is
selected is, with that probability, within the tolerance of the best.

Source: Kim & Nelson, "A fully sequential procedure for indifference-zone selection in
simulation", ACM TOMACS 11 (2001) 251-273, with c = 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.analysis.feasibility import FIRST
from sim.analysis.intervals import Floats

ObserveOne = Callable[[int, int], Floats]
"""System and number of replications → its values so far; more is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was selected.

    Attributes
    ----------
    best
        Number of the system.
    decided
        False when the replications ran out before all others were dropped; `best` then leads.
    dropped
        Replications after which each of the others was dropped, by system.
    n
        Replications of the selected system.
    """

    best: int
    decided: bool
    dropped: dict[int, int]
    n: int


def select_best(
    observe: ObserveOne,
    systems: int,
    *,
    tolerance: float,
    alpha: float,
    first: int = FIRST,
    most: int = 10_000,
    ahead: int = 1,
) -> Choice:
    """Select the system with the largest mean.

    Parameters
    ----------
    observe
        Gives the first n values of a system.
    systems
        How many there are.
    tolerance
        The least difference worth telling; positive.
    alpha
        Probability of a wrong selection.
    first
        Replications from which variances of differences are estimated.
    most
        Replications of one system after which the leader is taken.
    ahead
        Replications asked for at once after the first stage; the answer does not depend on it.
    """
    if not tolerance > 0:
        raise ValueError(f"the tolerance must be positive, not {tolerance}")
    if systems == 1:
        return Choice(best=0, decided=True, dropped={}, n=0)
    values = np.array([observe(system, first)[:first] for system in range(systems)])
    reach = _reaches(values, tolerance, alpha)
    alive, dropped, r = list(range(systems)), dict[int, int](), first
    while True:
        sums = values[:, :r].sum(axis=1)
        for system in _behind(alive, sums, reach, tolerance, r):
            dropped[system] = r
        alive = [system for system in alive if system not in dropped]
        longest = reach[np.ix_(alive, alive)].max()
        if len(alive) == 1 or r > longest or r >= most:
            break
        r += 1
        if values.shape[1] < r:
            values = _longer(values, alive, observe, min(most, r + ahead - 1))
    best = max(alive, key=lambda system: (sums[system], -system))
    decided = len(alive) == 1 or r > longest
    dropped |= {system: r for system in alive if system != best and decided}
    return Choice(best=best, decided=decided, dropped=dropped, n=r)


def _reaches(values: Floats, tolerance: float, alpha: float) -> Floats:
    """Return h² S²_il / δ², the replications after which a pair is told apart at the latest."""
    systems, first = values.shape
    eta = ((2 * alpha / (systems - 1)) ** (-2 / (first - 1)) - 1) / 2
    differences = values[:, None, :] - values[None, :, :]
    variance = differences.var(axis=2, ddof=1)
    return np.asarray(2 * eta * (first - 1) * variance / tolerance**2)


def _behind(
    alive: list[int], sums: Floats, reach: Floats, tolerance: float, r: int
) -> list[int]:
    """Systems that some other one leads by more than the triangle is wide now."""
    gap = np.maximum(tolerance / 2 * (reach - r), 0.0)
    return [i for i in alive if any(sums[i] < sums[other] - gap[i, other] for other in alive)]


def _longer(values: Floats, alive: list[int], observe: ObserveOne, n: int) -> Floats:
    """More replications of those that are left; the others' are never looked at again."""
    wider = np.full((len(values), n), np.nan)
    wider[:, : values.shape[1]] = values
    for system in alive:
        wider[system] = observe(system, n)[:n]
    return wider
