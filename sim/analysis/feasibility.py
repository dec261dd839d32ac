"""Does a system meet a limit? Procedure F_B: replications are added until it is clear.

With one observation per replication, centred so that its mean is 0 exactly at the limit and
positive where the limit is met, the running sum is watched until it leaves a triangle whose
size comes from the variance of the first replications. The *tolerance* is the indifference
zone: what lies within it of the limit may be answered either way; beyond it the answer is
wrong with probability at most `error`. Observations of one system must be independent and
about normal; different systems may share their demand, since errors are added up (Bonferroni).

Sources: Andradóttir & Kim, Naval Research Logistics 57 (2010) 403-421; Batur & Kim, ACM
TOMACS 20 (2010) 13.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Floats

FIRST: Final = 10
"""Replications from which the variance is estimated."""

Observe = Callable[[int, int], Sequence[Floats]]
"""Candidate and number of replications → for each limit the observations so far."""


class Finding(NamedTuple):
    """What a limit's observations say.

    Attributes
    ----------
    meets
        Whether the limit is met; None where so many replications do not tell.
    n
        Replications after which it was clear, or those there were.
    """

    meets: bool | None
    n: int


class Check(NamedTuple):
    """What was found about all limits of one candidate."""

    candidate: int
    meets: bool | None
    """True: all limits are met; False: one is not; None: not decided."""
    findings: tuple[Finding, ...]
    n: int
    """Replications used."""


def squared_width(error: float, first: int = FIRST) -> float:
    """Return h², the size of the triangle, for an error of one test and a first stage.

    Raises
    ------
    ValueError
        If the error is not between 0 and 0.5, or the first stage has fewer than two.
    """
    if not 0 < error < 0.5:
        raise ValueError(f"the error of one test lies between 0 and 0.5, not {error}")
    if first < 2:
        raise ValueError(f"a variance needs two replications, not {first}")
    eta = (math.pow(2 * error, -2 / (first - 1)) - 1) / 2
    return 2 * eta * (first - 1)


def judge(values: Floats, tolerance: float, error: float, first: int = FIRST) -> Finding:
    """Apply F_B to the observations so far.

    Parameters
    ----------
    values
        Centred observations in order of replication; positive means that the limit is met.
    tolerance
        Half-width of the indifference zone, in the unit of the values; positive.
    error
        Probability with which a system outside the zone may be judged wrongly.
    first
        Size of the first stage.

    Returns
    -------
    The answer at the first replication at which it is clear, whatever comes later, so that it
    does not depend on how many replications were played at once.
    """
    if not tolerance > 0:
        raise ValueError(f"the tolerance must be positive, not {tolerance}")
    if len(values) < first:
        return Finding(None, len(values))
    r = np.arange(first, len(values) + 1)
    total = np.cumsum(values)[first - 1 :]
    reach = _longest(values, tolerance, error, first)
    bound = np.maximum(tolerance / 2 * (reach - r), 0.0)
    clear = np.flatnonzero(np.abs(total) >= bound)
    if not len(clear):
        return Finding(None, len(values))
    return Finding(bool(total[clear[0]] >= 0), int(r[clear[0]]))


def most_needed(values: Floats, tolerance: float, error: float, first: int = FIRST) -> int:
    """Return the replications after which F_B has an answer at the latest."""
    return max(first, math.ceil(_longest(values, tolerance, error, first)))


def check(
    observe: Observe,
    candidate: int,
    tolerances: Sequence[float],
    error: float,
    *,
    first: int = FIRST,
    most: int = 10_000,
) -> Check:
    """Play a candidate until all its limits are judged, or one is not met.

    Parameters
    ----------
    observe
        Gives observations; undefined replications may be missing from them.
    candidate
        Its number.
    tolerances
        One for each limit.
    error
        Of one test of one limit.
    first
        Size of the first stage.
    most
        Replications after which a candidate is given up as not decided.
    """
    n = min(first, most)
    while True:
        findings = tuple(
            judge(values, tolerance, error, first)
            for values, tolerance in zip(observe(candidate, n), tolerances, strict=True)
        )
        verdicts = [finding.meets for finding in findings]
        met = False if False in verdicts else None if None in verdicts else True
        if met is not None or n >= most:
            return Check(candidate, met, findings, n)
        n = min(most, max(n + 5, math.ceil(1.25 * n)))


def _longest(values: Floats, tolerance: float, error: float, first: int) -> float:
    variance = float(values[:first].var(ddof=1))
    return squared_width(error, first) * variance / tolerance**2
