"""The demand trace: everything exogenous of one replication, as flat arrays.

Letters as in `sim.plan.layout`; R requests. Requests are numbered by (reported_at, source,
place, ordinal), which depends on names only. The first draw of every step and timer of every
request is made in bulk; later visits and armings call `sim.demand.draws` with the same keys.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.eventlog import Requests

Int = NDArray[np.int64]


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
    `plan.timer_draw` of its class."""
    draw: Int
    """Durations and work contents of the first visit or arming, in µs, rounded to the tick."""
