"""How soon latent problems become known, and to whom first: the patrol or the residents.

The cohort is the hazards born in the measuring window. One that nobody knows of when the run
ends is censored there, so that a patrol that finds nothing looks no better for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.eventlog import EventLog
from sim.metrics.cohort import Figure, mean_within, time_until
from sim.metrics.rows import NONE, Ints, last_of
from sim.metrics.survival import Survival, kaplan_meier
from sim.plan.codes import Code
from sim.plan.layout import Plan


@dataclass(frozen=True)
class Hazards:
    """Hazards born in the window; times in µs from time 0, `NONE` where it did not happen."""

    place: Ints
    """Home."""
    born_at: Ints
    found_at: Ints
    surfaced_at: Ints
    end: int
    follow_up: int

    @cached_property
    def discovery(self) -> Survival:
        """Time from birth until a round finds it or a resident reports it."""
        known_at = np.maximum(self.found_at, self.surfaced_at)
        known = known_at != NONE
        return kaplan_meier(np.where(known, known_at, self.end) - self.born_at, ~known)

    def at(self, rows: Ints) -> "Hazards":
        """Some of them."""
        return Hazards(
            self.place[rows],
            self.born_at[rows],
            self.found_at[rows],
            self.surfaced_at[rows],
            self.end,
            self.follow_up,
        )


def hazards(log: EventLog, plan: Plan) -> Hazards:
    """The hazards born in the measuring window, in order of number."""
    born = np.flatnonzero(log.code == Code.HAZARD_BORN)
    # Hazards are numbered by birth and all are logged, so the n-th row is that of number n.
    every = Hazards(
        log.place[born],
        log.time[born],
        _known_at(log, Code.HAZARD_FOUND, len(born)),
        _known_at(log, Code.HAZARD_SURFACED, len(born)),
        plan.end,
        plan.follow_up,
    )
    inside = (every.born_at >= plan.warm_up) & (every.born_at < plan.window_end)
    return every.at(np.flatnonzero(inside))


def _known_at(log: EventLog, code: Code, n: int) -> Ints:
    rows = np.flatnonzero(log.code == code)
    return last_of(log.ordinal[rows], log.time[rows], n)


def number(group: Hazards) -> Figure:
    """How many were born."""
    return Figure(len(group.born_at), len(group.born_at))


def discovery_mean(group: Hazards) -> Figure:
    """Mean time until it is known, each cut at the follow-up, in hours."""
    longest_seen = group.end - int(group.born_at.min()) if group.discovery.n else 0
    return mean_within(group.discovery, group.follow_up, longest_seen)


def discovery_by(level: float) -> Callable[[Hazards], Figure]:
    """Time by which this share is known, in hours; None after the follow-up."""

    def measure(group: Hazards) -> Figure:
        return time_until(group.discovery, level, group.follow_up)

    return measure


def found_share(group: Hazards) -> Figure:
    """Share of those known by the end of the run that a round found first."""
    found, surfaced = (group.found_at != NONE).sum(), (group.surfaced_at != NONE).sum()
    known = int(found + surfaced)
    return Figure(float(found) / known if known else None, known)
