"""How joins go: who answers, how long it takes until work begins, and how many come to nothing.

The cohort is the joins whose first call lies in the measuring window. A request that comes to a
join twice has two of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.eventlog import EventLog
from sim.metrics.cohort import Figure, mean_within, time_until
from sim.metrics.rows import NONE, Bools, Ints, count_of, first_of
from sim.metrics.survival import Survival, kaplan_meier, share_closed
from sim.plan.codes import Code, JoinFailure
from sim.plan.layout import Plan

INTERVAL = 1_000_000
"""The time that lines have to answer, whatever their join gives them, in units of its own."""


class JoinTable(NamedTuple):
    """Columns of equal length; times in µs from time 0, `NONE` where it did not happen."""

    number: Ints
    place: Ints
    """Home of the request."""
    request_class: Ints
    called_at: Ints
    started_at: Ints
    """When the first part or all members began."""
    done_at: Ints
    failed_at: Ints
    why: Ints
    """`JoinFailure`."""
    calls: Ints
    """Calls to lines."""


class LineTable(NamedTuple):
    """Lines called first in a join, as columns of equal length."""

    join: Ints
    waited: Ints
    """Time until it answered, or while an answer was still of use, in parts of `INTERVAL`."""
    is_silent: Bools


@dataclass(frozen=True)
class Joins:
    """Joins called in the window."""

    table: JoinTable
    lines: LineTable
    end: int
    follow_up: int

    @cached_property
    def start(self) -> Survival:
        """Time from the first call until work begins, seen until the join fails or the end."""
        table = self.table
        began = table.started_at != NONE
        gone = np.where(table.failed_at != NONE, table.failed_at, self.end)
        until = np.where(began, table.started_at, gone)
        return kaplan_meier(until - table.called_at, ~began)

    def at(self, rows: Ints) -> "Joins":
        """Some of them."""
        table = JoinTable._make(column[rows] for column in self.table)
        mine = np.isin(self.lines.join, table.number)
        lines = LineTable._make(column[mine] for column in self.lines)
        return Joins(table, lines, self.end, self.follow_up)


def joins(log: EventLog, plan: Plan) -> Joins:
    """The joins called in the measuring window, in order of request and of time."""
    found = _rows(log)
    table = _table(log, found)
    every = Joins(table, _lines(log, plan, found, table), plan.end, plan.follow_up)
    inside = (table.called_at >= plan.warm_up) & (table.called_at < plan.window_end)
    return every.at(np.flatnonzero(inside))


class _Rows(NamedTuple):
    """Rows of joins, each with the number of its join."""

    row: Ints
    code: Ints
    join: Ints
    n: int

    def of(self, code: Code, *, ordinal: Ints | None = None) -> "_Rows":
        """Rows of one code; with a column of ordinals only those of the first round."""
        mine = self.code == code
        if ordinal is not None:
            mine &= ordinal[self.row] == 1
        return _Rows(self.row[mine], self.code[mine], self.join[mine], self.n)

    def first(self, code: Code, column: Ints) -> Ints:
        """The value in the first such row of each join."""
        rows = self.of(code)
        return first_of(rows.join, column[rows.row], self.n)


def _rows(log: EventLog) -> _Rows:
    codes = [Code.JOIN_CALL, Code.JOIN_ANSWER, Code.JOIN_DONE, Code.JOIN_FAIL, Code.START]
    rows = np.flatnonzero(np.isin(log.code, codes))
    rows = rows[np.argsort(log.request[rows], kind="stable")]
    code, join = log.code[rows], _numbers(log.code[rows], log.request[rows])
    mine = join != NONE
    return _Rows(rows[mine], code[mine], join[mine], int(join.max(initial=-1)) + 1)


def _table(log: EventLog, found: _Rows) -> JoinTable:
    call = found.first(Code.JOIN_CALL, np.arange(log.n_rows))
    return JoinTable(
        number=np.arange(found.n),
        place=log.place[call],
        request_class=log.requests.request_class[log.request[call]],
        called_at=log.time[call],
        started_at=found.first(Code.START, log.time),
        done_at=found.first(Code.JOIN_DONE, log.time),
        failed_at=found.first(Code.JOIN_FAIL, log.time),
        why=found.first(Code.JOIN_FAIL, log.ordinal),
        calls=count_of(found.of(Code.JOIN_CALL).join, found.n),
    )


def _lines(log: EventLog, plan: Plan, found: _Rows, table: JoinTable) -> LineTable:
    """How long each line called first was waited for, as a share of the join's interval.

    Once members begin without it, or the join is over, its answer would be of no use: its
    silence is censored then.
    """
    calls = found.of(Code.JOIN_CALL, ordinal=log.ordinal)
    said = found.of(Code.JOIN_ANSWER, ordinal=log.ordinal)
    width = len(plan.line_type)
    key = calls.join * width + log.line[calls.row]
    answered_at = np.full(found.n * width, NONE, np.int64)
    answered_at[said.join * width + log.line[said.row]] = log.time[said.row]
    step = log.amount[calls.row]
    over_at = np.maximum(table.done_at, table.failed_at)
    begun = (table.started_at != NONE)[calls.join] & (plan.join_together[step] == 1)
    until = np.where(begun, table.started_at[calls.join], over_at[calls.join])
    until = np.where(until == NONE, plan.end, until)
    silent = answered_at[key] == NONE
    waited = np.where(silent, until, answered_at[key]) - log.time[calls.row]
    interval = plan.join_interval[step]
    share = waited / np.maximum(interval, 1) * INTERVAL
    # Without an interval there is nothing to be in time for: either it answered or it did not.
    share = np.where(interval > 0, share, np.where(silent, 2 * INTERVAL, 0))
    return LineTable(calls.join, np.ceil(share).astype(np.int64), silent)


def _numbers(code: Ints, request: Ints) -> Ints:
    """The join that each row belongs to, `NONE` for starts of work outside joins."""
    over = (code == Code.JOIN_DONE) | (code == Code.JOIN_FAIL)
    marks = np.flatnonzero((code == Code.JOIN_CALL) | over)
    call = code[marks] == Code.JOIN_CALL
    before = np.concatenate([[True], over[marks][:-1]])
    other = np.concatenate([[True], request[marks][1:] != request[marks][:-1]])
    begins = np.zeros(len(code), np.int64)
    begins[marks[call & (before | other)]] = 1
    number = np.cumsum(begins) - 1
    # Past the end of the join it is not in a join; the row of the end itself still is.
    ended = np.cumsum(over) - over
    first = np.flatnonzero(begins)
    if not len(first):
        return np.full(len(code), NONE, np.int64)
    home = np.maximum(number, 0)
    inside = (ended == ended[first][home]) & (request == request[first][home]) & (number >= 0)
    return np.where(inside, number, NONE)


def number_called(group: Joins) -> Figure:
    """How many joins began."""
    return Figure(len(group.table.place), len(group.table.place))


def calls(group: Joins) -> Figure:
    """Calls to lines for each join."""
    n = len(group.table.place)
    return Figure(float(group.table.calls.sum()) / n if n else None, n)


def response(group: Joins) -> Figure:
    """Share of lines that answer the first call before the next is due."""
    lines = group.lines
    seen = kaplan_meier(lines.waited, lines.is_silent)
    return Figure(share_closed(seen, INTERVAL), seen.n)


def start_mean(group: Joins) -> Figure:
    """Mean time from the first call until work begins, each cut at the follow-up, in hours."""
    longest_seen = group.end - int(group.table.called_at.min()) if group.start.n else 0
    return mean_within(group.start, group.follow_up, longest_seen)


def start_by(level: float) -> Callable[[Joins], Figure]:
    """Time by which work has begun in this share, in hours; None after the follow-up."""

    def measure(group: Joins) -> Figure:
        return time_until(group.start, level, group.follow_up)

    return measure


def done_share(group: Joins) -> Figure:
    """Share of joins that were completed by the end of the run."""
    return _share(group.table.done_at != NONE)


def impatient_share(group: Joins) -> Figure:
    """Share of joins whose members did not come together in time."""
    return _share(group.table.why == JoinFailure.PATIENCE)


def silent_share(group: Joins) -> Figure:
    """Share of joins to which too few lines answered."""
    return _share(group.table.why == JoinFailure.SILENCE)


def _share(flags: Bools) -> Figure:
    n = len(flags)
    return Figure(float(flags.sum()) / n if n else None, n)
