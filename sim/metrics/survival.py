"""How long until a request is closed, when some are still open: Kaplan-Meier.

A request that is still open when observation ends has waited *at least* that long. Leaving it
out, or counting it as closed on that day, flatters a slow system. The product-limit estimate
uses it for as long as it was seen. What the data cannot say stays unsaid: a quantile that is
not reached, a share beyond the last observation and a mean restricted to a longer follow-up
than was seen are None.

Times are integers (microseconds), and a closing and an end of observation in one instant
count as closing first. Without open requests all figures are the plain ones: quantiles are
order statistics, the unrestricted mean is the mean.

Sources: Kaplan & Meier, J. Amer. Statist. Assoc. 53 (1958) 457-481; restricted mean: Irwin,
J. Hygiene 47 (1949) 188-189.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Far above the rounding of the product and far below 1/n of any run that fits in memory:
# a quantile is reached when the closed share equals the level, whatever the last bit says.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """A step function: the share of requests still open after each time.

    Attributes
    ----------
    time
        Distinct times at which requests were closed, ascending.
    open_share
        Estimated share still open just after each of these times.
    n
        Number of requests, closed and censored.
    censored
        Number that were still open when last seen.
    follow_up
        Longest time for which any request was seen, or None without requests.
    """

    time: Ints
    open_share: Floats
    n: int
    censored: int
    follow_up: int | None


def kaplan_meier(time: Ints, is_censored: Bools) -> Survival:
    """Estimate the time to closing from times seen and whether the request was then open.

    Parameters
    ----------
    time
        Time from report to final closing, or to the end of observation.
    is_censored
        True where the request was still open at that time.
    """
    seen, censored = np.asarray(time, dtype=np.int64), np.asarray(is_censored, dtype=np.bool_)
    if seen.shape != censored.shape or seen.ndim != 1:
        raise ValueError(f"one flag per time: {seen.shape} and {censored.shape}")
    if len(seen) and int(seen.min()) < 0:
        raise ValueError(f"a time to closing cannot be negative: {int(seen.min())}")
    closed = np.unique(seen[~censored], return_counts=True)
    return estimate(closed, np.unique(seen[censored], return_counts=True))


def estimate(closed: tuple[Ints, Ints], censored: tuple[Ints, Ints]) -> Survival:
    """Estimate the time to closing from how often each time occurs.

    Parameters
    ----------
    closed
        Distinct times to closing, rising, and their counts.
    censored
        Distinct times after which requests were still open when last seen, and their counts.
    """
    (closed_at, closings), (seen_until, ends) = closed, censored
    lost = np.concatenate([[0], np.cumsum(ends)])
    n = int(closings.sum() + lost[-1])
    before = np.cumsum(closings) - closings
    # Censored at the very time of a closing are still at risk there: closings come first.
    at_risk = n - before - lost[np.searchsorted(seen_until, closed_at, side="left")]
    longest = [int(times[-1]) for times in (closed_at, seen_until) if len(times)]
    return Survival(
        time=closed_at,
        open_share=_open_share(at_risk, closings),
        n=n,
        censored=int(lost[-1]),
        follow_up=max(longest, default=None),
    )


def share_open(survival: Survival, after: int) -> float | None:
    """Share of requests still open at a time after their report; None beyond the data."""
    if survival.follow_up is None:
        return None
    if after > survival.follow_up and not _is_exhausted(survival):
        return None
    step = int(np.searchsorted(survival.time, after, side="right"))
    return float(survival.open_share[step - 1]) if step else 1.0


def share_closed(survival: Survival, within: int) -> float | None:
    """Share of requests closed within a time of their report; None beyond the data."""
    still_open = share_open(survival, within)
    return None if still_open is None else 1.0 - still_open


def quantile(survival: Survival, level: float) -> int | None:
    """Return the smallest time by which at least `level` are closed; None if not reached."""
    if not 0 < level <= 1:
        raise ValueError(f"a quantile level lies above 0 and at most at 1, not {level}")
    reached = survival.open_share <= (1 - level) + ROUNDING
    if not reached.any():
        return None
    return int(survival.time[int(np.argmax(reached))])


def quantiles(survival: Survival, levels: Sequence[float]) -> list[int | None]:
    """Return several quantiles, each None where it is not reached."""
    return [quantile(survival, level) for level in levels]


def restricted_mean(survival: Survival, follow_up: int) -> float | None:
    """Mean of the time to closing, each cut at `follow_up`; None if not all was seen.

    The area under the share still open from 0 to `follow_up`: the mean time a request spends
    open within that time of its report.
    """
    if share_open(survival, follow_up) is None:
        return None
    inside = survival.time[survival.time < follow_up]
    edges = np.concatenate([np.zeros(1, np.int64), inside, np.array([follow_up], np.int64)])
    height = np.concatenate([np.ones(1), survival.open_share[: len(inside)]])
    # Not by BLAS: its sums depend in the last digit on how many threads it may use.
    return float((np.diff(edges) * height).sum())


def _open_share(at_risk: Ints, closed: Ints) -> Floats:
    """Product of (at risk - closed) / at risk, telescoped between censorings.

    Between two censorings the factors cancel to one division, so that without censoring the
    shares are exactly k / n and rounding grows only with the number of censorings.
    """
    remain = at_risk - closed
    if not len(at_risk):
        return np.empty(0)
    starts = np.flatnonzero(np.concatenate([[True], at_risk[1:] != remain[:-1]]))
    ends = np.concatenate([starts[1:], [len(at_risk)]]) - 1
    whole = remain[ends] / at_risk[starts]
    before = np.concatenate([[1.0], np.cumprod(whole)[:-1]])
    run = np.repeat(np.arange(len(starts)), ends - starts + 1)
    return np.asarray(before[run] * (remain / at_risk[starts][run]))


def _is_exhausted(survival: Survival) -> bool:
    return bool(len(survival.time)) and float(survival.open_share[-1]) == 0.0
