"""The cases of a run: one row per request of the cohort, for spreadsheets and notebooks."""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.eventlog import EventLog
from sim.metrics.cohort import HOUR, has_left, is_closed
from sim.metrics.requests import RequestTable, cohort, request_table
from sim.metrics.rows import NONE, Bools, Floats, Ints
from sim.plan.layout import Plan

if TYPE_CHECKING:
    import pandas as pd


def cases(log: EventLog, plan: Plan, table: RequestTable | None = None) -> "pd.DataFrame":
    """One row per request reported in the measuring window; times in hours.

    Parameters
    ----------
    log, plan
        What was played, and by what.
    table
        The table of all requests of the log, if it was made before.

    Returns
    -------
    Columns ``request`` (number in the log), ``class``, ``level``, ``place``, ``mode`` (at
    report), ``reported_at``; ``outcome`` (closed, left or open); ``first_response``,
    ``resolution`` and ``limit`` from report, empty where there is none; the parts of its time
    in the system; how often it was reopened, misrouted and asked about again; ``on_time``,
    ``resolved`` and ``satisfied``, empty where that is not known.
    """
    import pandas as pd

    table = cohort(request_table(log, plan) if table is None else table, plan)
    names = plan.names
    begin = np.datetime64(plan.start_ns, "ns")
    closed, left = is_closed(table), has_left(table)
    verdict = table.final_verdict
    return pd.DataFrame(
        {
            "request": table.number,
            "class": _named(table.request_class, names.classes),
            "level": _named(table.level, names.rungs),
            "place": _named(table.place, names.places),
            "mode": _named(table.mode, names.modes),
            "reported_at": begin + table.reported_at * np.timedelta64(1000, "ns"),
            "outcome": np.select([closed, left], ["closed", "left"], "open"),
            "first_response": _since_report(table, table.first_start),
            "resolution": _since_report(table, table.closed_at),
            "limit": _since_report(table, table.due_at),
            "waiting": table.waiting / HOUR,
            "paused": table.paused / HOUR,
            "worked": table.worked / HOUR,
            "delay": table.delay / HOUR,
            "held": table.held / HOUR,
            "evaluation": table.evaluation / HOUR,
            "gate": table.gate / HOUR,
            "reworks": table.reworks,
            "misroutings": table.misroutings,
            "hotline_contacts": table.hotlines,
            "petition_contacts": table.petitions,
            "repeat_contacts": table.repeats,
            "on_time": _known(
                np.where(closed, table.closed_at <= table.due_at, 0),
                (table.due_at != NONE) & (closed | left | (table.due_at < plan.end)),
            ),
            "resolved": _known(verdict >> 1 & 1, verdict != NONE),
            "satisfied": _known(verdict & 1, verdict != NONE),
        }
    )


def _named(column: Ints, names: tuple[str, ...]) -> "pd.Series[Any]":
    import pandas as pd

    return pd.Series(pd.Categorical.from_codes(column, dtype=pd.CategoricalDtype(list(names))))


def _since_report(table: RequestTable, instant: Ints) -> Floats:
    hours = (instant - table.reported_at) / HOUR
    return np.where(instant != NONE, hours, np.nan)


def _known(flag: Ints, is_known: Bools) -> "pd.Series":
    import pandas as pd

    return pd.Series(flag != 0, dtype="boolean").where(pd.Series(is_known))
