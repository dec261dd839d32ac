"""One pass over a long log, compiled: what the array operations of `requests` and `work` find.

Those sort the rows by request and by worker, several times; with ten rows to each request that
is most of the time of measuring. Here every row is looked at once, in order, and adds to what
is known of its request. Nothing is rounded, so both ways agree in every digit; the array
operations are the definition, and a test holds the passes to them.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from sim.eventlog import EventLog
from sim.metrics.rows import NONE, Ints
from sim.plan.codes import Channel, Code

Pass = Callable[..., None]

LONG: Final = 300_000
"""Rows from which the compiled pass is worth having it loaded."""

FIELDS: Final = (
    "mode",
    "first_dispatch",
    "first_start",
    "first_closing",
    "closed_at",
    "left_at",
    "limit_at",
    "verdict",
    "final_verdict",
    "entries",
    "closings",
    "reworks",
    "misroutings",
    "hotlines",
    "petitions",
    "repeats",
    "supervisions",
    "refusals",
    "waiting",
    "paused",
    "worked",
    "delay",
    "held",
    "evaluation",
    "gate",
    "part",
    "base",
    "since",
)
"""What is known of a request, in order; `NONE` or 0 at first. The last three are what it is in,
what it would be in if it were not held, and since when."""

_AT: Final = {name: at for at, name in enumerate(FIELDS)}
_FIRST_NUMBER, _FIRST_PART = _AT["entries"], _AT["waiting"]
_MODE, _DISPATCH, _START, _CLOSING = 0, 1, 2, 3
_CLOSED, _LEFT, _LIMIT, _VERDICT, _FINAL = 4, 5, 6, 7, 8
_PART, _BASE, _SINCE = _AT["part"], _AT["base"], _AT["since"]
_ARRIVAL, _ENTRY, _BEGIN = int(Code.ARRIVAL), int(Code.ENTRY), int(Code.START)
_CLOSE, _REWORK, _LEAVE = int(Code.CLOSE), int(Code.REWORK), int(Code.LEAVE)
_JUDGED, _MARK, _CONTACT = int(Code.VERDICT), int(Code.MARK), int(Code.CONTACT)
_HOLD, _RELEASE = int(Code.HOLD), int(Code.RELEASE)
_HOTLINE, _PETITION, _REPEAT = (
    int(Channel.HOTLINE),
    int(Channel.PETITION),
    int(Channel.REPEAT),
)
_COUNTED: Final = {
    Code.ENTRY: "entries",
    Code.CLOSE: "closings",
    Code.REWORK: "reworks",
    Code.MISROUTE: "misroutings",
    Code.SUPERVISE: "supervisions",
    Code.REFUSE: "refusals",
}


class Known(NamedTuple):
    """What is known of all requests after the last row."""

    state: Ints
    """[requests, fields]"""

    def column(self, name: str) -> Ints:
        """One field of all requests."""
        return np.ascontiguousarray(self.state[:, _AT[name]])


def known_requests(log: EventLog, part_after: Ints) -> Known | None:
    """Look at every row once; None where the log is short or there is no Numba.

    Parameters
    ----------
    log
        A log without joins.
    part_after
        By code: in which part of its time a request is after the row; -1: as before.
    """
    look = compiled(_look) if log.n_rows >= LONG else None
    if look is None:
        return None
    n = len(log.requests.key)
    state = np.zeros((n, len(FIELDS)), np.int64)
    state[:, :_FIRST_NUMBER] = NONE
    state[:, _PART:_SINCE] = NONE
    counted = np.full(max(Code) + 1, NONE, np.int64)
    counted[list(_COUNTED)] = [_AT[name] for name in _COUNTED.values()]
    columns = (log.time, log.code, log.request, log.ordinal, log.mode, log.amount)
    look(*(np.ascontiguousarray(column) for column in columns), part_after, counted, state)
    return Known(state)


@cache
def compiled(function: Pass) -> Pass | None:
    """A pass as machine code; None without Numba."""
    try:
        import numba
        from numba.core import config
    except ImportError:
        return None
    if config.DISABLE_JIT:  # type: ignore[attr-defined]
        return None
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        return numba.njit(function, cache=True, **options)  # type: ignore[no-any-return]
    except RuntimeError:  # no folder can be written to
        return numba.njit(function, **options)  # type: ignore[no-any-return]


def _look(  # noqa: C901, PLR0912, PLR0913, PLR0917 - one pass, as a compiler likes it
    time: Ints,
    codes: Ints,
    request: Ints,
    ordinal: Ints,
    mode: Ints,
    amount: Ints,
    part_after: Ints,
    counted: Ints,
    state: Ints,
) -> None:
    for row in range(len(time)):
        if request[row] < 0:
            continue
        known, code, now = state[request[row]], codes[row], time[row]
        if counted[code] >= 0:
            known[counted[code]] += 1
        part = part_after[code]
        if part >= 0:
            if known[_PART] >= 0:
                known[_FIRST_PART + known[_PART]] += now - known[_SINCE]
            if code == _RELEASE:
                part = known[_BASE]
            elif code != _HOLD:
                known[_BASE] = part
            known[_PART] = part
            known[_SINCE] = now
        if code == _ENTRY:
            if known[_DISPATCH] < 0:
                known[_DISPATCH] = now
        elif code == _BEGIN:
            if known[_START] < 0:
                known[_START] = now
        elif code == _ARRIVAL:
            known[_MODE] = mode[row]
        elif code == _CLOSE:
            if known[_CLOSING] < 0:
                known[_CLOSING] = now
            known[_CLOSED] = now
            known[_FINAL] = -1
        elif code == _REWORK:
            known[_CLOSED] = -1
        elif code == _JUDGED:
            known[_VERDICT] = amount[row]
            known[_FINAL] = amount[row]
        elif code == _LEAVE:
            known[_LEFT] = now
        elif code == _MARK:
            if ordinal[row] == -1 and known[_LIMIT] < 0:
                known[_LIMIT] = now
        elif code == _CONTACT:
            if amount[row] == _HOTLINE:
                known[_FIRST_NUMBER + 4] += 1
            elif amount[row] == _PETITION:
                known[_FIRST_NUMBER + 5] += 1
            elif amount[row] == _REPEAT:
                known[_FIRST_NUMBER + 6] += 1
