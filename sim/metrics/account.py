"""The account of a run: counts, times and histograms from which its figures are made.

An account holds nothing of single requests or workers and is far smaller than the log. Those of
pieces of one run that share no place add up to that of the whole.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.eventlog import EventLog
from sim.metrics.cohort import Frame
from sim.metrics.compiled import rows_of
from sim.metrics.days import Days, days_of
from sim.metrics.extract import (
    Cells,
    Openings,
    axes_of,
    cells_of,
    openings_of,
    slim_cells,
)
from sim.metrics.histogram import slim
from sim.metrics.place_means import PlaceMeans, narrowest, place_means
from sim.metrics.requests import RequestTable, cohort, duties_due, requests_of
from sim.metrics.rows import NONE, Ints, last_of
from sim.metrics.spells import ModeHistory
from sim.metrics.staff import Outlays, StaffTime, outlays
from sim.metrics.work import work_of
from sim.plan.codes import Code, StepKind
from sim.plan.layout import Plan


class Account(NamedTuple):
    """What is kept of one run."""

    requests: Cells
    """Requests of the cohort."""
    duties: Cells
    """Duties that fell due in the measuring window; totals only."""
    openings: Openings
    """Open requests over time, whenever reported."""
    means: Mapping[int, PlaceMeans]
    """Mean resolution times of places by level."""
    staff: StaffTime
    outlays: Outlays
    days: Days


def account_of(
    log: EventLog,
    plan: Plan,
    level: int,
    made: tuple[RequestTable, ModeHistory],
    *,
    is_piece: bool = False,
) -> Account:
    """Take the account of a log.

    Parameters
    ----------
    log, plan
        What was played, and by what.
    level
        Number of the level whose places are told apart.
    made
        The table of requests and the history of modes.
    is_piece
        Whether this is a piece of a run: then which level has enough requests for means of its
        places is known only when all pieces are there, and those of all levels are kept.
    """
    table, history = made
    work = work_of(log, plan, history)
    rows = rows_of(log, Code.CLOSE, Code.PAY, Code.CONTACT)
    is_contact = log.code[rows] == Code.CONTACT
    costs = rows[~is_contact]
    frame = Frame(plan.end, can_evaluate(plan))
    axes = axes_of(plan, level)
    measured, duties = cohort(table, plan), duties_due(table, plan)
    everyone = requests_of(table)
    found = narrowest(measured, plan)
    levels = [] if found is None else [found]
    if is_piece:
        levels = list(range(1, len(plan.names.levels)))
    return Account(
        requests=cells_of(measured, axes.number(measured, plan), frame),
        duties=cells_of(duties, axes.number(duties, plan), frame, ()),
        openings=openings_of(
            everyone, axes.number(everyone._replace(mode=np.zeros_like(everyone.mode)), plan)
        ),
        means={number: place_means(measured, plan, number) for number in levels},
        staff=work.staff,
        outlays=outlays(log, plan, history, costs, _final_rows(log, table, costs)),
        days=days_of(log, plan, table, work, rows[is_contact]),
    )


def slim_account(account: Account) -> Account:
    """The same in little memory, to be kept until it is put together with others."""
    openings = account.openings
    return account._replace(
        requests=slim_cells(account.requests),
        duties=slim_cells(account.duties),
        openings=openings._replace(steps=slim(openings.steps)),
    )


def _final_rows(log: EventLog, table: RequestTable, rows: Ints) -> Ints:
    """Rows of the final closings of requests, from all that may be such."""
    closings = rows[log.code[rows] == Code.CLOSE]
    last = last_of(log.request[closings], closings, len(log.requests.key))
    final: Ints = last[table.number[(table.closed_at != NONE) & ~table.is_duty]]
    return final


def can_evaluate(plan: Plan) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether the flow of each class asks for a verdict."""
    asks = np.zeros(len(plan.class_duty), np.bool_)
    asks[plan.step_class[plan.step_kind == StepKind.EVALUATE]] = True
    return asks
