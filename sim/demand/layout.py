"""The demand trace: everything exogenous of one replication, as flat arrays.

Letters as in `sim.plan.layout`; R requests. Requests are numbered by (reported_at, source,
place, ordinal), which depends on names only; hazards in the same way by their birth. The first
draw of every step and timer of every request is made in bulk; later visits and armings call
`sim.demand.draws` with the same keys.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.eventlog import Requests

Int = NDArray[np.int64]

NEVER_FOUND: Final = 1 << 62
"""Rounds that a hazard needs which no round finds."""


class Hazards(NamedTuple):
    """One row per hazard in order of number."""

    born_at: Int
    """µs from time 0."""
    source: Int
    place: Int
    """Home: the narrowest place of its household."""
    household: Int
    """Number of the household within the place that the source hangs on, -1 none."""
    ordinal: Int
    """n-th of its source at its place."""
    rounds: Int
    """Completed rounds of its place after its birth that find it."""
    surfacing: Int
    """Delay from its birth until it surfaces for the first time."""
    key: NDArray[np.uint64]
    """Subject key of all its draws, and of the request that it raises."""


def no_hazards() -> Hazards:
    """The table of a demand without hazards."""
    nothing = np.empty(0, np.int64)
    return Hazards._make([*[nothing] * 7, nothing.astype(np.uint64)])


class DemandTrace(NamedTuple):
    """One replication's demand."""

    key0: int
    """First word of the key of randomness: made from seed and replication."""
    key1: int
    """Second word."""
    requests: Requests
    """All requests known before the run; members of finite populations add more in it."""
    draw_ptr: Int
    """[R + 1] where the draws of each request begin; its columns are `plan.step_draw` and
    `plan.timer_draw` of its class. Where a request has none, engines draw by its key."""
    draw: Int
    """Durations and work contents of the first visit or arming, in µs, rounded to the tick."""
    hazards: Hazards = no_hazards()
    """All hazards that are born in the run."""


def no_demand() -> DemandTrace:
    """A demand in which nothing is asked for."""
    nothing = np.empty(0, np.int64)
    requests = Requests._make([*[nothing] * 7, nothing.astype(np.uint64)])
    return DemandTrace(0, 0, requests, np.zeros(1, np.int64), nothing)
