"""The event log: the contract between the engines and the metrics.

One row for everything that happens, in order of happening. Rows hold numbers of the plan; the
table of requests beside them says what each request is. Metrics read nothing else.
"""

import hashlib
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]

TRAJECTORIES = 1
"""Version of what is played: raised by every change after which the same scenario and seed
give another log. `sim/experiment/known_logs.json` holds logs of this version, and a test
refuses a change of theirs that does not raise it."""

COLUMNS = (
    "time",
    "phase",
    "code",
    "request",
    "ordinal",
    "place",
    "pool",
    "line",
    "worker",
    "mode",
    "amount",
)


class Requests(NamedTuple):
    """One row per request in order of number; -1 means none."""

    reported_at: Int
    """µs from time 0 (0 for a backlog)."""
    request_class: Int
    source: Int
    place: Int
    """Home: the narrowest place of its household."""
    household: Int
    """Number of the household (or shop, or member) within the place that the source hangs
    on."""
    level: Int
    """Number of the rung at which it can be closed at the lowest."""
    ordinal: Int
    """n-th of its source and class at its place."""
    key: NDArray[np.uint64]
    """Subject key of all its draws; the same in every scenario of a family."""


class EventLog(NamedTuple):
    """The rows of one replication, as columns of equal length."""

    time: Int
    phase: Int
    code: Int
    request: Int
    ordinal: Int
    place: Int
    """Home of the request, place of the pool, or scope of the mode."""
    pool: Int
    line: Int
    worker: Int
    mode: Int
    """Mode in force at that place."""
    amount: Int
    requests: Requests

    def digest(self) -> str:
        """SHA-256 over all columns, as little-endian raw bytes in the order of `COLUMNS`."""
        total = hashlib.sha256()
        names = (getattr(self, name) for name in COLUMNS)
        columns: tuple[NDArray[Any], ...] = (*names, *self.requests)
        for column in columns:
            # No copy where the column lies in memory as it is hashed.
            raw = np.ascontiguousarray(column, column.dtype.newbyteorder("<"))
            total.update(raw.view(np.uint8).data)
        return total.hexdigest()

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.time)
