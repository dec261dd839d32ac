"""One pass over a long log, compiled: what the array operations of `requests` and `work` find.

Those sort the rows by request and by worker, several times; with ten rows to each request that
is most of the time of measuring. Here every row is looked at once, in order, and adds to what
is known of its request. Nothing is rounded, so both ways agree in every digit; the array
operations are the definition, and a test holds the passes to them.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.compiling import can_compile
from sim.eventlog import EventLog
from sim.metrics.rows import NONE, Ints
from sim.plan.codes import Code
from sim.plan.layout import Plan

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
    "left_early",
    "exit_at",
    "due_at",
    "must_close_by",
)
"""What is known of a request, in order; `NONE` or 0 at first. The last four follow from the
others when all rows were looked at; `left_early` is the leaving of one that was not closed."""

_AT: Final = {name: at for at, name in enumerate(FIELDS)}
_FIRST_NUMBER: Final = _AT["entries"]
_NOW: Final = 4
"""Numbers that say what a request is in just now (`sim.metrics.passes`)."""
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
    """[fields, requests]"""

    def column(self, name: str) -> Ints:
        """One field of all requests."""
        found: Ints = self.state[_AT[name]]
        return found


def is_long(log: EventLog) -> bool:
    """Whether a log is worth a compiled pass, and there can be one."""
    return log.n_rows >= LONG and can_compile()


def rows_of(log: EventLog, *wanted: Code) -> Ints:
    """The rows with one of these codes, in order."""
    is_wanted = np.zeros(max(Code) + 1, np.int64)
    is_wanted[list(wanted)] = 1
    if not is_long(log):
        return np.flatnonzero(is_wanted[log.code])
    rows = np.empty(log.n_rows + 1, np.int64)
    from sim.metrics.passes import find

    return rows[: find()(log.code, is_wanted, rows)]


def known_requests(log: EventLog, plan: Plan, part_after: Ints) -> Known:
    """Look at every row once.

    Parameters
    ----------
    log
        A long log without joins.
    plan
        The plan that was played.
    part_after
        By code: in which part of its time a request is after the row; -1: as before.
    """
    from sim.metrics.passes import end, look

    n = len(log.requests.key)
    state = np.zeros((len(FIELDS), n), np.int64)  # memory that is not touched costs nothing
    state[:_FIRST_NUMBER] = NONE
    now = np.full((n, _NOW), NONE, np.int64)
    counted = np.full(max(Code) + 1, NONE, np.int64)
    counted[list(_COUNTED)] = [_AT[name] for name in _COUNTED.values()]
    columns = (log.time, log.code, log.request, log.ordinal, log.mode, log.amount)
    look()(*columns, part_after, counted, state, now)
    # Each clock's duty time before its stretches, with one number more than it has stretches.
    lengths = plan.group_off - plan.group_on
    passed = np.concatenate([[0], np.cumsum(lengths)])
    end()(
        log.requests.reported_at,
        log.requests.request_class,
        plan.class_limit,
        plan.class_limit_clock,
        plan.class_limit_start,
        *(plan.group_ptr, plan.group_on, plan.group_off, passed),
        plan.end,
        state,
        now,
    )
    return Known(state)
