"""One row per request: when it was reported, worked on and closed, and where its time went.

The time from report to exit (final closing, leaving, or the end of the run) is divided without
rest into waiting, paused, worked, delay, held, evaluation and gate time; each row of the log
says in which of them the request is until its next row. *Evaluation* is the time between a
closing and the verdict that reopened the request: it had been closed, but not for good. *Gate*
is the time it waited for a session that would hear it. In a join `sim.metrics.joint_parts` says
what it is in.

The final closing is the last one that no reopening follows; a verdict still to come does not
make it less final. A request that left after such a closing counts as closed.
"""

from typing import NamedTuple

import numpy as np

from sim.eventlog import EventLog
from sim.metrics.compiled import FIELDS, is_long, known_requests
from sim.metrics.deadlines import due_times
from sim.metrics.joint_parts import joint_parts
from sim.metrics.rows import NONE, Bools, Ints, count_of, first_of, last_of, order_of
from sim.plan.codes import Channel, Code
from sim.plan.layout import Plan

WAITING, PAUSED, WORKED, DELAY, HELD, EVALUATION, GATE = PARTS = range(7)
"""The parts of a request's time in the system."""
PART_NAMES = ("waiting", "paused", "worked", "delay", "held", "evaluation", "gate")
"""Their columns, in the same order."""

PART_AFTER = {
    Code.ARRIVAL: DELAY,
    Code.ENTRY: WAITING,
    Code.START: WORKED,
    Code.PAUSE: PAUSED,
    Code.RESUME: WORKED,
    Code.END: DELAY,
    Code.DELAY: DELAY,
    Code.HAND_OFF: DELAY,
    Code.RETURN: DELAY,
    Code.WITHDRAW: DELAY,
    Code.CLOSE: EVALUATION,
    Code.REWORK: DELAY,
    Code.GATE_WAIT: GATE,
    Code.GATE_PASS: DELAY,
    Code.GATE_REFUSE: DELAY,
    Code.HOLD: HELD,
    Code.JOIN_CALL: WAITING,
    Code.JOIN_DONE: DELAY,
    Code.JOIN_FAIL: DELAY,
    Code.RELEASE: HELD,  # replaced by what the request was in before it was held
}
"""In which part of its time a request is after a row; rows of other codes change nothing."""


class RequestTable(NamedTuple):
    """Columns of equal length; times in µs from time 0, `NONE` where it did not happen."""

    number: Ints
    """Number in the log."""
    request_class: Ints
    level: Ints
    place: Ints
    mode: Ints
    """Mode in force at its place when it was reported."""
    is_duty: Bools
    reported_at: Ints
    first_start: Ints
    first_closing: Ints
    closed_at: Ints
    """Final closing."""
    left_at: Ints
    exit_at: Ints
    """Final closing, leaving or end of the run."""
    due_at: Ints
    """When its limit runs out."""
    must_close_by: Ints
    """When its limit would run out if it were counted from the report: what decides whether it
    is among those due, since the start of work depends on the staff."""
    waiting: Ints
    paused: Ints
    worked: Ints
    delay: Ints
    held: Ints
    evaluation: Ints
    gate: Ints
    entries: Ints
    closings: Ints
    reworks: Ints
    misroutings: Ints
    hotlines: Ints
    petitions: Ints
    repeats: Ints
    supervisions: Ints
    is_refused: Bools
    verdict: Ints
    """The last verdict, 2·resolved + satisfied."""
    final_verdict: Ints
    """The verdict on the final closing."""


def request_table(log: EventLog, plan: Plan) -> RequestTable:
    """Build the table of all requests and duties reported in the run, in order of number."""
    at_once = len(plan.join_ptr) <= 1 and is_long(log)
    told = _told_at_once(log, plan) if at_once else _told(log, plan)
    request_class, mode = log.requests.request_class, told["mode"]
    columns: dict[str, Ints | Bools] = {
        **told,
        "number": np.arange(len(mode)),
        "request_class": request_class,
        "level": log.requests.level,
        "place": log.requests.place,
        "is_duty": plan.class_duty[request_class] == 1,
        "reported_at": log.requests.reported_at,
        "is_refused": told["refusals"] > 0,
    }
    table = RequestTable._make(columns[name] for name in RequestTable._fields)
    return table if (mode != NONE).all() else take(table, np.flatnonzero(mode != NONE))


def _told_at_once(log: EventLog, plan: Plan) -> dict[str, Ints]:
    """What `_told` gives, of a long log."""
    known = known_requests(log, plan, _parts_after())
    told = {name: known.column(name) for name in FIELDS}
    return {**told, "left_at": told["left_early"]}


def _told(log: EventLog, plan: Plan) -> dict[str, Ints]:
    """What the rows say of each request, and what follows from it."""
    told = _said(log)
    closed_at = told["closed_at"]
    left_at = np.where(closed_at == NONE, told["left_at"], NONE)
    gone_at = np.where(left_at != NONE, left_at, plan.end)
    exit_at = np.where(closed_at != NONE, closed_at, gone_at)
    due_at, must_close_by = due_times(
        plan,
        log.requests.request_class,
        told["mode"],
        starts=(log.requests.reported_at, told["first_dispatch"], told["first_start"]),
        marked=told["limit_at"],
        seen_until=np.where(told["first_closing"] != NONE, told["first_closing"], exit_at),
    )
    return {
        **told,
        **dict(zip(PART_NAMES, _parts(log, exit_at), strict=True)),
        "left_at": left_at,
        "exit_at": exit_at,
        "due_at": due_at,
        "must_close_by": must_close_by,
        "final_verdict": np.where(closed_at != NONE, told["final_verdict"], NONE),
    }


def _said(log: EventLog) -> dict[str, Ints]:
    """What the rows say of each request, by the fields of `sim.metrics.compiled`."""
    by_code = _Rows(log, len(log.requests.key))
    closing, rework = by_code.last_row(Code.CLOSE), by_code.last_row(Code.REWORK)
    verdict = by_code.last(Code.VERDICT, log.amount)
    is_last = by_code.last_row(Code.VERDICT) > closing
    return {
        "mode": by_code.first(Code.ARRIVAL, log.mode),
        "first_dispatch": by_code.first_dispatch(),
        "first_start": by_code.first(Code.START),
        "first_closing": by_code.first(Code.CLOSE),
        "closed_at": np.where(closing > rework, by_code.last(Code.CLOSE), NONE),
        "left_at": by_code.last(Code.LEAVE),
        "limit_at": by_code.first_limit(),
        "verdict": verdict,
        "final_verdict": np.where(is_last, verdict, NONE),
        "entries": by_code.count(Code.ENTRY),
        "closings": by_code.count(Code.CLOSE),
        "reworks": by_code.count(Code.REWORK),
        "misroutings": by_code.count(Code.MISROUTE),
        "hotlines": by_code.contacts(Channel.HOTLINE),
        "petitions": by_code.contacts(Channel.PETITION),
        "repeats": by_code.contacts(Channel.REPEAT),
        "supervisions": by_code.count(Code.SUPERVISE),
        "refusals": by_code.count(Code.REFUSE),
    }


def take(table: RequestTable, rows: Ints | Bools | slice) -> RequestTable:
    """Return some rows of the table."""
    return RequestTable._make(column[rows] for column in table)


def cohort(table: RequestTable, plan: Plan) -> RequestTable:
    """Return the requests, without duties, that were reported in the measuring window."""
    return requests_of(take(table, _window(table, plan)))


def requests_of(table: RequestTable) -> RequestTable:
    """Return the requests without duties."""
    return take(table, ~table.is_duty) if table.is_duty.any() else table


def duties_due(table: RequestTable, plan: Plan) -> RequestTable:
    """Return the duties that fell due in the measuring window."""
    table = take(table, _window(table, plan))
    # Posts are never done, so they are measured apart.
    ends = ~np.isin(table.request_class, plan.post_class)
    return take(table, table.is_duty & ends)


def _window(table: RequestTable, plan: Plan) -> Bools | slice:
    """The rows reported in the window: as a slice, if it can be, which copies nothing."""
    at, begin, end = table.reported_at, plan.warm_up, plan.window_end
    if (at[1:] >= at[:-1]).all():
        return slice(*np.searchsorted(at, (begin, end)).tolist())
    return (at >= begin) & (at < end)


class _Rows:
    """The rows of a log by code."""

    def __init__(self, log: EventLog, n: int) -> None:
        self.log, self.n = log, n
        order = np.argsort(log.code.astype(np.uint8), kind="stable")
        ends = np.cumsum(np.bincount(log.code, minlength=max(Code) + 1))
        self._of: dict[int, Ints] = dict(enumerate(np.split(order, ends[:-1])))

    def first(self, code: Code, column: Ints | None = None) -> Ints:
        rows = self._of[code]
        value = self.log.time if column is None else column
        return first_of(self.log.request[rows], value[rows], self.n)

    def last(self, code: Code, column: Ints | None = None) -> Ints:
        rows = self._of[code]
        value = self.log.time if column is None else column
        return last_of(self.log.request[rows], value[rows], self.n)

    def last_row(self, code: Code) -> Ints:
        rows = self._of[code]
        return last_of(self.log.request[rows], rows, self.n)

    def count(self, code: Code) -> Ints:
        return count_of(self.log.request[self._of[code]], self.n)

    def contacts(self, channel: Channel) -> Ints:
        rows = self._of[Code.CONTACT]
        return count_of(self.log.request[rows[self.log.amount[rows] == channel]], self.n)

    def first_dispatch(self) -> Ints:
        """The first entry into a line, or the first call to several."""
        entry, call = self.first(Code.ENTRY), self.first(Code.JOIN_CALL)
        return np.where((entry == NONE) | ((call != NONE) & (call < entry)), call, entry)

    def first_limit(self) -> Ints:
        """When the limit ran out: the MARK rows that are of no timer."""
        rows = self._of[Code.MARK]
        rows = rows[self.log.ordinal[rows] == NONE]
        return first_of(self.log.request[rows], self.log.time[rows], self.n)


def _parts_after() -> Ints:
    """`PART_AFTER` by code; `NONE` for codes that change nothing."""
    part_after = np.full(max(Code) + 1, NONE, np.int64)
    part_after[list(PART_AFTER)] = list(PART_AFTER.values())
    return part_after


def _parts(log: EventLog, exit_at: Ints) -> list[Ints]:
    """How long each request was in each part of its time, up to its exit."""
    part_of = _parts_after()[log.code]
    is_base = (log.code != Code.HOLD) & (log.code != Code.RELEASE)
    joint, joint_part = joint_parts(log)
    part_of[joint], is_base[joint] = joint_part, True
    rows = np.flatnonzero(part_of != NONE)
    rows = rows[order_of(log.request[rows], len(exit_at))]
    request, code, time = log.request[rows], log.code[rows], log.time[rows]
    part, is_base = part_of[rows], is_base[rows]
    before = np.maximum.accumulate(np.where(is_base, np.arange(len(rows)), 0))
    released = (code == Code.RELEASE) & ~is_base
    part[released] = part[before[released]]
    until = np.full(len(rows), np.iinfo(np.int64).max)
    until[:-1] = np.where(request[1:] == request[:-1], time[1:], until[:-1])
    length = np.minimum(until, exit_at[request]) - np.minimum(time, exit_at[request])
    # One request's time fits in the 53 bits of a float, so that the fast sum is exact here.
    n = len(PARTS)
    cells = np.bincount(
        part * len(exit_at) + request, weights=length, minlength=n * len(exit_at)
    )
    return list(cells.astype(np.int64).reshape(n, len(exit_at)))
