"""The event log: the contract between the engines and the metrics.

One row for everything that happens, in order of happening. Rows hold numbers of the plan; the
table of requests beside them says what each request is. Metrics read nothing else.
"""

import hashlib
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]
Narrow: TypeAlias = NDArray[Any]
"""Whole numbers of fewer bits. What grows by arithmetic must be made wide before it."""

TRAJECTORIES = 2
"""Version of what is played: raised by every change after which the same scenario and seed
give another log, or the same log another digest. `sim/experiment/known_logs.json` holds logs of
this version, and a test refuses a change of theirs that does not raise it."""

DTYPES: Final[dict[str, type[np.signedinteger[Any]]]] = {
    "time": np.int64,
    "phase": np.int16,
    "code": np.int16,
    "request": np.int32,
    "ordinal": np.int32,
    "place": np.int32,
    "pool": np.int32,
    "line": np.int32,
    "worker": np.int32,
    "mode": np.int16,
    "amount": np.int64,
}
"""Columns and how wide they are. A year of a large city is a hundred million rows, and writing
and reading them costs as much as what happens: 46 bytes a row, where words would be 88."""
COLUMNS = tuple(DTYPES)


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
    """The rows of one replication, as columns of equal length, as wide as `DTYPES` says."""

    time: Int
    phase: Narrow
    code: Narrow
    request: Narrow
    ordinal: Narrow
    place: Narrow
    """Home of the request, place of the pool, or scope of the mode."""
    pool: Narrow
    line: Narrow
    worker: Narrow
    mode: Narrow
    """Mode in force at that place."""
    amount: Int
    requests: Requests

    def digest(self) -> str:
        """SHA-256 over all columns in order, as little-endian raw bytes of their `DTYPES`."""
        total = hashlib.sha256()
        rows = [(getattr(self, name), np.dtype(dtype)) for name, dtype in DTYPES.items()]
        known = [(column, column.dtype) for column in self.requests]
        for column, dtype in [*rows, *known]:
            # No copy where the column lies in memory as it is hashed.
            raw = np.ascontiguousarray(column, dtype.newbyteorder("<"))
            total.update(raw.view(np.uint8).data)
        return total.hexdigest()

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.time)
