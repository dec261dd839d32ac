"""The days of a run: what was reported, closed and left, what stayed open, who was there.

Days are kept as whole numbers until the table is made, so that those of several pieces of one
run can be added up.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.eventlog import EventLog
from sim.metrics.compiled import rows_of
from sim.metrics.requests import RequestTable, request_table, requests_of
from sim.metrics.rows import NONE, Ints
from sim.metrics.spells import ModeHistory, mode_history
from sim.metrics.timeline import (
    Steps,
    count_by_day,
    day_edges,
    integral_to,
    open_steps,
    time_by_day,
)
from sim.metrics.work import Work, work_of
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


def days_of(log: EventLog, plan: Plan, table: RequestTable, work: Work, contacts: Ints) -> Days:
    """The days of a run: its log, requests, workers' time, and the rows of contacts."""
    edges = day_edges(plan.start_ns, plan.end)
    served = requests_of(table)
    reported, closed, left = served.reported_at, served.closed_at, served.left_at
    open_end, open_time = time_by_day(reported, served.exit_at, edges)
    hotline, petition = _contacts(log, contacts)
    return Days(
        reported=count_by_day(reported, edges),
        closed=count_by_day(closed[closed != NONE], edges),
        left=count_by_day(left[left != NONE], edges),
        open_end=open_end,
        open_time=open_time,
        hotline=count_by_day(hotline, edges),
        petition=count_by_day(petition, edges),
        on_requests=work.by_day[0],
        on_duties=work.by_day[1],
        on_duty=work.by_day[2],
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
    history = mode_history(log, plan)
    work, contacts = work_of(log, plan, history), rows_of(log, Code.CONTACT)
    days = days_of(log, plan, request_table(log, plan), work, contacts)
    return days_table(days, plan, history)


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
    requests = requests_of(table)
    return np.asarray(_per_day(open_steps(requests), edges) / np.diff(edges))


def _per_day(steps: Steps, edges: Ints) -> Ints:
    """Integral of a step function over each day."""
    return np.diff(integral_to(steps, edges)).astype(np.int64)


def _contacts(log: EventLog, rows: Ints) -> tuple[Ints, Ints]:
    """When contacts of each kind that is counted were made: hotline, petition."""
    time, channel = log.time[rows], log.amount[rows]
    return time[channel == Channel.HOTLINE], time[channel == Channel.PETITION]
