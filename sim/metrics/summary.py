"""Tables for people: the summary of one replication, its days and its cases."""

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.eventlog import EventLog
from sim.metrics.catalogue import METRICS
from sim.metrics.measured import (
    Measured,
    backlog_groups,
    career_groups,
    duty_groups,
    fairness_groups,
    hazard_groups,
    join_groups,
    post_groups,
    recovery_groups,
    request_groups,
    staff_groups,
)
from sim.metrics.metric import GROUPS, Of
from sim.plan.layout import Plan

if TYPE_CHECKING:
    import pandas as pd

Divide = Callable[[Measured, str], Iterator[tuple[str, Any]]]

DIVIDE: dict[Of, Divide] = {
    "requests": request_groups,
    "duties": duty_groups,
    "backlog": backlog_groups,
    "staff": staff_groups,
    "fairness": fairness_groups,
    "recovery": recovery_groups,
    "hazards": hazard_groups,
    "joins": join_groups,
    "careers": career_groups,
    "posts": post_groups,
}

COLUMNS = ("metric", "by", "group", "value", "unit", "n")


def measure(
    log: EventLog,
    plan: Plan,
    *,
    places: str | None = None,
    only: Collection[str] | None = None,
) -> "pd.DataFrame":
    """Every metric of the catalogue, undivided and by group.

    Parameters
    ----------
    log
        The log of one replication.
    plan
        The plan that was played.
    places
        The level whose places are told apart; None: the widest that has more than one.
    only
        Names of the metrics that are wanted; None: all.

    Returns
    -------
    One row per metric and group with the columns metric, by, group, value, unit and n. The
    value is missing where it is not reached or has no denominator; n is the denominator.
    """
    return figures_table(Measured(log, plan, level_of(plan, places)), only)


def figures_table(measured: Measured, only: Collection[str] | None = None) -> "pd.DataFrame":
    """The table that `measure` gives."""
    import pandas as pd

    rows = sorted(_figures(measured, only), key=lambda row: row[0])
    frame = pd.DataFrame([row[1:] for row in rows], columns=list(COLUMNS))
    return frame.astype({"value": "float64", "n": "float64"})


def level_of(plan: Plan, name: str | None) -> int:
    """The number of a level by name; for None, the widest level with more than one place."""
    if name is not None:
        if name not in plan.names.levels:
            known = ", ".join(plan.names.levels)
            raise ValueError(f"there is no level {name}; the levels are {known}")
        return plan.names.levels.index(name)
    places = np.bincount(plan.place_level, minlength=len(plan.names.levels))
    many = np.flatnonzero(places > 1)
    return int(many[0]) if len(many) else 0


def _figures(
    measured: Measured,
    only: Collection[str] | None,
) -> Iterator[tuple[int, str, str, str, float | None, str, float]]:
    """All figures, each with the number of its metric; groups are made once for all metrics."""
    for of, divide in DIVIDE.items():
        metrics = [
            (k, metric)
            for k, metric in enumerate(METRICS)
            if metric.of == of and (only is None or metric.name in only)
        ]
        if not metrics:
            continue
        for by in GROUPS[of]:
            for name, group in divide(measured, by):
                for k, metric in metrics:
                    value, n = metric.measure(group)
                    yield k, metric.name, by, name, value, metric.unit, n
