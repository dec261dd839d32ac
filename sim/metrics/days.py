"""The days of a run: what was reported, closed and left, what stayed open, who was there."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.eventlog import EventLog
from sim.metrics.requests import request_table, take
from sim.metrics.rows import NONE, Ints
from sim.metrics.spells import Spells, duty_spells, mode_history, of_requests, task_spells
from sim.metrics.timeline import (
    Steps,
    count_steps,
    day_edges,
    integral_to,
    open_steps,
    value_before,
)
from sim.plan.codes import Channel, Code
from sim.plan.layout import Plan

if TYPE_CHECKING:
    import pandas as pd


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
    import pandas as pd

    edges = day_edges(plan.start_ns, plan.end)
    table = request_table(log, plan)
    requests = take(table, ~table.is_duty)
    is_duty = plan.class_duty[log.requests.request_class]
    tasks = task_spells(log, plan)
    busy = _per_day(_steps(of_requests(tasks, 1 - is_duty)), edges)
    on_duties = _per_day(_steps(of_requests(tasks, is_duty)), edges)
    on_duty = _per_day(_steps(duty_spells(log, plan)), edges)
    still_open, length = open_steps(requests), np.diff(edges)
    history = mode_history(log, plan)
    at_end = np.searchsorted(history.time, edges[1:] - 1, side="right") - 1
    begin = np.datetime64(plan.start_ns, "ns")
    with np.errstate(divide="ignore", invalid="ignore"):
        return pd.DataFrame(
            {
                "date": (begin + edges[:-1] * np.timedelta64(1000, "ns")).astype("M8[D]"),
                "reported": _count(requests.reported_at, edges),
                "closed": _count(requests.closed_at, edges),
                "left": _count(requests.left_at, edges),
                "open_mean": _per_day(still_open, edges) / length,
                "open_end": value_before(still_open, edges[1:]),
                "hotline_contacts": _count(_contacts(log, Channel.HOTLINE), edges),
                "petition_contacts": _count(_contacts(log, Channel.PETITION), edges),
                "workers_on_duty": on_duty / length,
                "utilisation_requests": busy / on_duty,
                "utilisation_duties": on_duties / on_duty,
                "mode": np.array(plan.names.modes)[history.mode[at_end, 0]],
            }
        ).astype({"date": "datetime64[s]"})


def open_means(log: EventLog, plan: Plan, edges: Ints) -> npt.NDArray[np.float64]:
    """Time-weighted mean of open requests between instants of the run, duties left out."""
    table = request_table(log, plan)
    requests = take(table, ~table.is_duty)
    return np.asarray(_per_day(open_steps(requests), edges) / np.diff(edges))


def _steps(spells: Spells) -> Steps:
    return count_steps(spells.start, spells.stop)


def _per_day(steps: Steps, edges: Ints) -> Ints:
    """Integral of a step function over each day."""
    return np.diff(integral_to(steps, edges)).astype(np.int64)


def _count(instants: Ints, edges: Ints) -> Ints:
    """How many instants lie in each day."""
    happened = np.sort(instants[instants != NONE])
    return np.diff(np.searchsorted(happened, edges, side="left")).astype(np.int64)


def _contacts(log: EventLog, channel: Channel) -> Ints:
    return log.time[np.flatnonzero((log.code == Code.CONTACT) & (log.amount == channel))]
