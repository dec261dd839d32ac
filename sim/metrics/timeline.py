"""Step functions of time: how many requests are open, how many workers are busy.

Everything is exact in integers: the integral of a step function is a whole number of
microseconds, and a time-weighted average is one division of it.
"""

from typing import NamedTuple

import numpy as np

from sim.metrics.requests import RequestTable
from sim.metrics.rows import Bools, Ints, exact_sum, sum_of

DAY = 86_400_000_000
BEFORE = 7 * DAY
"""Stretch whose average is the level before a disturbance: whole weeks even out weekdays."""


class Steps(NamedTuple):
    """A count that changes at instants and is 0 before the first."""

    time: Ints
    """Distinct, rising."""
    value: Ints
    """From this instant to the next."""


def count_steps(start: Ints, stop: Ints) -> Steps:
    """How many stretches [start, stop) hold each instant."""
    time = np.concatenate([start, stop])
    change = np.concatenate([np.ones_like(start), -np.ones_like(stop)])
    order = np.argsort(time, kind="stable")
    time, value = time[order], np.cumsum(change[order])
    last_of_instant = np.append(time[1:] != time[:-1], True) if len(time) else slice(0)
    return Steps(time[last_of_instant], value[last_of_instant])


def open_steps(table: RequestTable) -> Steps:
    """Open requests: from report to final closing or leaving."""
    return count_steps(table.reported_at, table.exit_at)


def value_at(steps: Steps, instants: Ints) -> Ints:
    """The value just after each instant."""
    values = np.concatenate([[0], steps.value])
    return values[np.searchsorted(steps.time, instants, side="right")]


def value_before(steps: Steps, instants: Ints) -> Ints:
    """The value just before each instant."""
    values = np.concatenate([[0], steps.value])
    return values[np.searchsorted(steps.time, instants, side="left")]


def integral_to(steps: Steps, instants: Ints) -> Ints:
    """The integral from the beginning to each instant, in units of value · µs."""
    if not len(steps.time):
        return np.zeros(len(instants), np.int64)
    area = np.concatenate([[0], np.cumsum(np.diff(steps.time) * steps.value[:-1])])
    entry = np.searchsorted(steps.time, instants, side="right") - 1
    inside = np.maximum(entry, 0)
    whole = area[inside] + (instants - steps.time[inside]) * steps.value[inside]
    return np.where(entry >= 0, whole, 0)


def integral(steps: Steps, begin: int, end: int) -> int:
    """The integral between two instants, a whole number."""
    inside = (steps.time > begin) & (steps.time < end)
    edges = np.concatenate([[begin], steps.time[inside], [end]]).astype(np.int64)
    at_begin = value_at(steps, np.array([begin], np.int64))
    return exact_sum(np.diff(edges) * np.concatenate([at_begin, steps.value[inside]]))


def time_average(steps: Steps, begin: int, end: int) -> float | None:
    """The mean over time between two instants; None where there is no time between them."""
    return integral(steps, begin, end) / (end - begin) if end > begin else None


def peak(steps: Steps, begin: int, end: int) -> int:
    """The highest value in [begin, end)."""
    inside = (steps.time >= begin) & (steps.time < end)
    at_begin = int(value_at(steps, np.array([begin], np.int64))[0])
    return max(at_begin, int(steps.value[inside].max(initial=0)))


def level_before(steps: Steps, instant: int) -> float | None:
    """Mean over the week before an instant, or over what there is of it; None without any."""
    return time_average(steps, max(0, instant - BEFORE), instant)


def recovery_time(steps: Steps, disturbed: int, over: int, end: int) -> int | None:
    """How long after a disturbance a count is back at its former level.

    Parameters
    ----------
    steps
        The count, such as the open requests.
    disturbed
        When the disturbance began; the former level is the mean over the week before.
    over
        When it ended.
    end
        End of the run.

    Returns
    -------
    Time from `over` to the first instant at which the count is at or below the former level:
    0 if it is so at once, None if that does not happen before the run ends or if there is no
    time before the disturbance.
    """
    level = level_before(steps, disturbed)
    if level is None or over >= end:
        return None
    if value_at(steps, np.array([over], np.int64))[0] <= level:
        return 0
    back: Bools = (steps.time > over) & (steps.time < end) & (steps.value <= level)
    return int(steps.time[int(np.argmax(back))]) - over if back.any() else None


def days_at(instants: Ints, edges: Ints) -> Ints:
    """The day of each instant; the end of the run is in the one after the last."""
    # The first day may be shorter; it ends where the others begin.
    day = (instants + (DAY - edges[1]) % DAY) // DAY if len(edges) > 2 else 0 * instants
    return np.where(instants < edges[-1], day, len(edges) - 1)


def count_by_day(instants: Ints, edges: Ints) -> Ints:
    """How many instants lie in each day."""
    found = np.bincount(days_at(instants, edges), minlength=len(edges))
    return found.astype(np.int64)[:-1]


def time_by_day(start: Ints, stop: Ints, edges: Ints) -> tuple[Ints, Ints]:
    """How many stretches [start, stop) there are at the end of each day, and their time."""
    ends = np.append(edges[1:], edges[-1])
    change, rest = np.zeros((2, len(edges)), np.int64)
    for instants, sign in ((start, 1), (stop, -1)):
        day = days_at(instants, edges)
        rest += sign * sum_of(day, ends[day] - instants, len(edges))
        change += sign * np.bincount(day, minlength=len(edges)).astype(np.int64)
    at_end = np.cumsum(change)[:-1]
    at_begin = np.append(0, at_end[:-1])
    return at_end, at_begin * np.diff(edges) + rest[:-1]


def day_edges(start_ns: int, end: int) -> Ints:
    """Begin of the run, every midnight in it, and its end, in µs from time 0."""
    since_midnight = start_ns // 1000 % DAY
    midnights = np.arange(DAY - since_midnight, end, DAY, dtype=np.int64)
    return np.concatenate([[0], midnights, [end]]).astype(np.int64)
