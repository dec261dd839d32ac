"""Figures of the system as a whole: the backlog, its recovery, and how places differ."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.metrics.cohort import HOUR, Figure
from sim.metrics.place_means import PlaceMeans
from sim.metrics.spells import ModeHistory
from sim.metrics.timeline import (
    Steps,
    peak,
    recovery_time,
    time_average,
    value_before,
)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Backlog:
    """Open requests of a group, whenever reported, and the measuring window."""

    steps: Steps
    """Open requests over time."""
    begin: int
    end: int

    @property
    def days(self) -> float:
        """Length of the window in days."""
        return (self.end - self.begin) / (24 * HOUR)


@dataclass(frozen=True)
class Disturbances:
    """Stretches of one mode, and the open requests of the places where it was in force."""

    stretches: tuple[tuple[int, int, Steps], ...]
    """Begin, end and backlog of the scope."""
    end: int


def backlog_mean(group: Backlog) -> Figure:
    """Time-weighted mean of the open requests in the window."""
    return Figure(time_average(group.steps, group.begin, group.end), group.days)


def backlog_peak(group: Backlog) -> Figure:
    """Most open requests at one instant of the window."""
    return Figure(float(peak(group.steps, group.begin, group.end)), group.days)


def backlog_start(group: Backlog) -> Figure:
    """Open requests when the window begins."""
    return _at(group, group.begin)


def backlog_end(group: Backlog) -> Figure:
    """Open requests when the window ends."""
    return _at(group, group.end)


def _at(group: Backlog, instant: int) -> Figure:
    return Figure(float(value_before(group.steps, np.array([instant]))[0]), group.days)


def recovery(group: Disturbances) -> Figure:
    """Mean recovery time over stretches of a mode; None if one did not recover."""
    times = [
        recovery_time(steps, begin, over, group.end) for begin, over, steps in group.stretches
    ]
    reached = [time for time in times if time is not None]
    if not times or len(reached) < len(times):
        return Figure(None, len(times))
    return Figure(sum(reached) / len(reached) / HOUR, len(times))


def stretches_of(history: ModeHistory, mode: int, place: int) -> list[tuple[int, int | None]]:
    """When a mode was in force at a place: begins and ends, None where the run ends in it."""
    in_force = np.concatenate([[False], history.mode[:, place] == mode, [False]])
    change = np.flatnonzero(in_force[1:] != in_force[:-1])
    ends = [int(history.time[k]) if k < len(history.time) else None for k in change[1::2]]
    begins = [int(history.time[k]) for k in change[::2]]
    return list(zip(begins, ends, strict=True))


def gini(values: Floats) -> float | None:
    """Gini coefficient: half the mean difference between two values, over their mean.

    Source: Gini, *Variabilità e mutabilità* (1912); the formula over sorted values is that of
    Sen, *On Economic Inequality* (1973), 2.
    """
    total = float(values.sum())
    if not len(values) or total <= 0:
        return None
    rank = np.arange(1, len(values) + 1)
    weighted = float((rank * np.sort(values)).sum())
    return 2 * weighted / (len(values) * total) - (len(values) + 1) / len(values)


def p90_to_median(values: Floats) -> float | None:
    """The 90th percentile over the median, as statistics of income report it."""
    if not len(values):
        return None
    high, middle = np.quantile(values, [0.9, 0.5], method="inverted_cdf")
    return float(high / middle) if middle > 0 else None


def fairness_gini(places: PlaceMeans) -> Figure:
    """Gini coefficient of the mean resolution times of places."""
    means = places.hours
    return Figure(None if np.isnan(means).any() else gini(means), len(means))


def fairness_p90_p50(places: PlaceMeans) -> Figure:
    """How many times longer than in the middle place it takes at the 90th percentile."""
    means = places.hours
    return Figure(None if np.isnan(means).any() else p90_to_median(means), len(means))
