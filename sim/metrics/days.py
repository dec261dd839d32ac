"""The days of a run: what was reported, closed and left, what stayed open, who was there.

Days are kept as whole numbers until the table is made, so that those of several pieces of one
run can be added up.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.eventlog import EventLog
from sim.metrics.requests import RequestTable, request_table, take
from sim.metrics.rows import NONE, Ints, sum_of
from sim.metrics.spells import (
    ModeHistory,
    Spells,
    duty_spells,
    mode_history,
    of_requests,
    task_spells,
)
from sim.metrics.timeline import DAY, Steps, day_edges, integral_to, open_steps
from sim.plan.codes import Channel, Code
from sim.plan.layout import Plan

if TYPE_CHECKING:
    import pandas as pd


class Days(NamedTuple):
    """One number per day of the run; duties are not counted."""

    reported: Ints
    closed: Ints
    left: Ints
    open_end: Ints
    """Open requests at the end of the day."""
    open_time: Ints
    """Request-µs for which requests were open, as the following of workers."""
    hotline: Ints
    petition: Ints
    on_duty: Ints
    on_requests: Ints
    on_duties: Ints


def days_of(log: EventLog, plan: Plan, table: RequestTable, tasks: Spells) -> Days:
    """The days of a run, from its log, its table of requests and its stretches of work."""
    calendar = _Calendar(plan)
    requests = take(table, ~table.is_duty)
    is_duty = plan.class_duty[log.requests.request_class]
    open_end, open_time = calendar.present(requests.reported_at, requests.exit_at)
    return Days(
        reported=calendar.count(requests.reported_at),
        closed=calendar.count(requests.closed_at[requests.closed_at != NONE]),
        left=calendar.count(requests.left_at[requests.left_at != NONE]),
        open_end=open_end,
        open_time=open_time,
        hotline=calendar.count(_contacts(log, Channel.HOTLINE)),
        petition=calendar.count(_contacts(log, Channel.PETITION)),
        on_duty=calendar.time(duty_spells(log, plan)),
        on_requests=calendar.time(of_requests(tasks, 1 - is_duty)),
        on_duties=calendar.time(of_requests(tasks, is_duty)),
    )


def all_days(parts: Sequence[Days]) -> Days:
    """The days of several pieces of one run."""
    return Days._make(np.sum(column, axis=0) for column in zip(*parts, strict=True))


def daily(log: EventLog, plan: Plan) -> "pd.DataFrame":
    """One row per day of the run, warm-up and cool-down included; duties are not counted.

    Returns
    -------
    Columns ``date``; ``reported``, ``closed`` (finally) and ``left`` on that day;
    ``open_mean`` over the day and ``open_end`` at its end; ``hotline_contacts``,
    ``petition_contacts``; ``workers_on_duty`` on average; ``utilisation_requests`` and
    ``utilisation_duties``; ``mode`` at the root at the day's end. First and last day may be
    parts of a day.
    """
    days = days_of(log, plan, request_table(log, plan), task_spells(log, plan))
    return days_table(days, plan, mode_history(log, plan))


def days_table(days: Days, plan: Plan, history: ModeHistory) -> "pd.DataFrame":
    """The table that `daily` gives."""
    import pandas as pd

    edges = day_edges(plan.start_ns, plan.end)
    length = np.diff(edges)
    at_end = np.searchsorted(history.time, edges[1:] - 1, side="right") - 1
    begin = np.datetime64(plan.start_ns, "ns")
    with np.errstate(divide="ignore", invalid="ignore"):
        return pd.DataFrame(
            {
                "date": (begin + edges[:-1] * np.timedelta64(1000, "ns")).astype("M8[D]"),
                "reported": days.reported,
                "closed": days.closed,
                "left": days.left,
                "open_mean": days.open_time / length,
                "open_end": days.open_end,
                "hotline_contacts": days.hotline,
                "petition_contacts": days.petition,
                "workers_on_duty": days.on_duty / length,
                "utilisation_requests": days.on_requests / days.on_duty,
                "utilisation_duties": days.on_duties / days.on_duty,
                "mode": np.array(plan.names.modes)[history.mode[at_end, 0]],
            }
        ).astype({"date": "datetime64[s]"})


def open_means(log: EventLog, plan: Plan, edges: Ints) -> npt.NDArray[np.float64]:
    """Time-weighted mean of open requests between instants of the run, duties left out."""
    table = request_table(log, plan)
    requests = take(table, ~table.is_duty)
    return np.asarray(_per_day(open_steps(requests), edges) / np.diff(edges))


def _per_day(steps: Steps, edges: Ints) -> Ints:
    """Integral of a step function over each day."""
    return np.diff(integral_to(steps, edges)).astype(np.int64)


class _Calendar:
    """The days of a run, and how instants and stretches are laid over them."""

    def __init__(self, plan: Plan) -> None:
        self.edges = day_edges(plan.start_ns, plan.end)
        self.n = len(self.edges) - 1
        self._before = plan.start_ns // 1000 % DAY

    def _day(self, instants: Ints) -> Ints:
        """The day of each instant; the end of the run is in the one after the last."""
        day = (instants + self._before) // DAY
        return np.where(instants < self.edges[-1], day, self.n)

    def count(self, instants: Ints) -> Ints:
        """How many instants lie in each day."""
        return self._counts(self._day(instants))[:-1]

    def _counts(self, day: Ints) -> Ints:
        return np.bincount(day, minlength=self.n + 1).astype(np.int64)

    def present(self, start: Ints, stop: Ints) -> tuple[Ints, Ints]:
        """How many stretches [start, stop) there are at the end of each day, and their time."""
        ends = np.append(self.edges[1:], self.edges[-1])
        rest = np.zeros(self.n + 1, np.int64)
        change = np.zeros(self.n + 1, np.int64)
        for instants, sign in ((start, 1), (stop, -1)):
            day = self._day(instants)
            rest += sign * sum_of(day, ends[day] - instants, self.n + 1)
            change += sign * self._counts(day)
        at_end = np.cumsum(change)[:-1]
        at_begin = np.append(0, at_end[:-1])
        return at_end, at_begin * np.diff(self.edges) + rest[:-1]

    def time(self, spells: Spells) -> Ints:
        """Total length of stretches in each day."""
        return self.present(spells.start, spells.stop)[1]


def _contacts(log: EventLog, channel: Channel) -> Ints:
    return log.time[np.flatnonzero((log.code == Code.CONTACT) & (log.amount == channel))]
