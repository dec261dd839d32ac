"""When requests of a log come: weights of hours and weekdays, and over-dispersion of days.

The rate at an hour h of a weekday w is taken as level × h-weight × w-weight. Its maximum
likelihood under Poisson counts is found by fitting the two margins in turn, each cell weighed
by how long it was observed: a log that ends on Friday at noon has seen no Friday afternoon.

Over-dispersion is the coefficient of variation c of a gamma factor on each day, by moments:
E[(N - m)²] = m + c² m². Residual degrees of freedom are days less fitted weekdays; without any
left it cannot be known.

Sources: Baker & Nelder, *GLIM* (margins in turn); Cameron & Trivedi, *Regression Analysis of
Count Data*, 2nd ed., 3.2-3.3 (dispersion by moments, Pearson's test).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]
Floats = NDArray[np.float64]

HOUR: Final = 3_600_000_000
DAY: Final = 24 * HOUR
_ROUNDS: Final = 200
_SETTLED: Final = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalProfile:
    """The profile of one class of a log.

    Attributes
    ----------
    n
        Number of arrivals.
    per_day
        Mean rate of a whole week, as a number a day; weekdays never seen count as mean ones.
    hours, weekdays
        Weights with mean 1, Monday first.
    weekdays_seen
        Which weekdays the window holds.
    days
        Days that the window touches.
    dispersion
        Coefficient of variation of the day's factor; None where it cannot be known.
    p_poisson
        Probability of counts at least as uneven if days were Poisson; None likewise.
    """

    n: int
    per_day: float
    hours: Floats
    weekdays: Floats
    weekdays_seen: tuple[bool, ...]
    days: int
    dispersion: float | None
    p_poisson: float | None


def fit_profile(
    arrived: Int, begin: int, end: int, *, hours: Floats | None = None
) -> ArrivalProfile:
    """Fit the profile of the arrivals of one class.

    Parameters
    ----------
    arrived
        Wall-clock times in µs since 1970.
    begin, end
        The window that the log covers, in the same unit; the end is not part of it.
    hours
        Weights of the hours to take instead of fitting them, for classes of few requests.

    Raises
    ------
    ValueError
        If the window is empty or an arrival lies outside it.
    """
    if end <= begin or (arrived.size and not begin <= arrived.min() <= arrived.max() < end):
        raise ValueError("arrivals lie outside the window of the log")
    cells, length = _cells(begin, end)
    weekday, hour = (cells // DAY + 3) % 7, cells // HOUR % 24
    counts = np.bincount((arrived // HOUR) - cells[0] // HOUR, minlength=cells.size)
    seen = _table(weekday, hour, length)
    found = _table(weekday, hour, counts.astype(np.float64))
    level, of_hours, of_days = _margins(found, seen, hours)
    mean = level * of_hours[hour] * of_days[weekday] * length
    dispersion, p = _dispersion(counts, mean, cells // DAY, int((seen.sum(1) > 0).sum()))
    return ArrivalProfile(
        n=int(arrived.size),
        per_day=float(level * 24),
        hours=of_hours,
        weekdays=of_days,
        weekdays_seen=tuple(bool(x) for x in seen.sum(1) > 0),
        days=len(np.unique(cells // DAY)),
        dispersion=dispersion,
        p_poisson=p,
    )


def _cells(begin: int, end: int) -> tuple[Int, Floats]:
    """The hours that the window touches, by their begin, and how much of each is in it."""
    first = begin // HOUR * HOUR
    cells = np.arange(first, end, HOUR, dtype=np.int64)
    inside = np.minimum(cells + HOUR, end) - np.maximum(cells, begin)
    return cells, inside / HOUR


def _table(weekday: Int, hour: Int, values: Floats) -> Floats:
    flat = np.bincount(weekday * 24 + hour, weights=values, minlength=168)
    return np.asarray(flat, np.float64).reshape(7, 24)


def _margins(found: Floats, seen: Floats, hours: Floats | None) -> tuple[float, Floats, Floats]:
    """Level per hour and the weights of hours and weekdays, each with mean 1."""
    of_hours = np.ones(24) if hours is None else hours / hours.mean()
    of_days = np.ones(7)
    for _ in range(_ROUNDS):
        before = np.concatenate([of_hours, of_days])
        if hours is None:
            of_hours = _weights(found.sum(0), (seen * of_days[:, None]).sum(0))
        of_days = _weights(found.sum(1), (seen * of_hours).sum(1))
        if np.abs(np.concatenate([of_hours, of_days]) - before).max() < _SETTLED:
            break
    exposed = float((seen * of_hours * of_days[:, None]).sum())
    return float(found.sum()) / exposed if exposed else 0.0, of_hours, of_days


def _weights(found: Floats, exposed: Floats) -> Floats:
    """Counts by exposure, scaled to mean 1; what was never seen is taken as the mean."""
    there = exposed > 0
    rate = np.divide(found, exposed, out=np.zeros_like(found), where=there)
    if not there.any() or rate[there].mean() == 0:
        return np.ones(found.size)
    return np.asarray(np.where(there, rate / rate[there].mean(), 1.0))


def _dispersion(
    counts: Int, mean: Floats, day: Int, fitted: int
) -> tuple[float | None, float | None]:
    from scipy import stats

    place = day - day[0]
    number = np.bincount(place, weights=counts.astype(np.float64))
    wanted = np.bincount(place, weights=mean)
    number, wanted = number[wanted > 0], wanted[wanted > 0]
    free = len(number) - fitted
    if free < 1:
        return None, None
    pearson = float(((number - wanted) ** 2 / wanted).sum())
    extra = ((number - wanted) ** 2).sum() * len(number) / free - wanted.sum()
    squared = max(0.0, float(extra) / float((wanted**2).sum()))
    return squared**0.5, float(stats.chi2.sf(pearson, free))
