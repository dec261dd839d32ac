"""Logs as tables: the columns that vidigi animates, and those that pm4py expects.

vidigi (MIT) reads ``entity_id, pathway, event_type, event, time, resource_id``; pm4py reads a
table with ``case:concept:name``, ``concept:name`` and ``time:timestamp``. Neither is needed to
write them.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from sim.errors import Language
from sim.eventlog import EventLog
from sim.exchange.steps import Step, of_requests, steps
from sim.plan.codes import Code
from sim.plan.layout import Plan

MINUTE: Final = 60_000_000

VIDIGI: Final = (
    "entity_id",
    "pathway",
    "event_type",
    "event",
    "time",
    "resource_id",
    "run_number",
)
PM4PY: Final = (
    "case:concept:name",
    "concept:name",
    "time:timestamp",
    "lifecycle:transition",
    "org:resource",
    "org:group",
    "place",
    "mode",
    "case:class",
    "case:place",
    "case:level",
)

_WAITS: Final = {
    Code.DELAY: "delay",
    Code.HAND_OFF: "hand_off",
    Code.HOLD: "held",
    Code.GATE_WAIT: "session",
}
_WORKS: Final = (Code.START, Code.RESUME)
_STOPS: Final = (Code.PAUSE, Code.END)
_LEAVES: Final = (Code.DONE, Code.LEAVE)


def vidigi(log: EventLog, plan: Plan, replication: int, _: Language = "en") -> Iterator[str]:
    """The log as vidigi reads it, as pieces of CSV; times in minutes from time 0.

    Names of events are in English, since vidigi knows ``arrival`` and ``depart`` by them.
    """
    ranks, known = _ranks(plan), _Cases(log, plan)
    rows = (
        (step.request, known[step.request][0], *event, replication)
        for step in steps(log, plan, "en", of_requests(log))
        if (event := _vidigi_event(step, ranks)) is not None
    )
    yield from _csv(VIDIGI, rows)


def _vidigi_event(step: Step, ranks: Sequence[int]) -> tuple[str, str, str, str] | None:
    """Columns event_type, event, time and resource_id; None for rows that vidigi has not."""
    time, code = f"{step.time / MINUTE:.6f}", step.code
    if code == Code.ARRIVAL:
        return "arrival_departure", "arrival", time, ""
    if code in _LEAVES:
        return "arrival_departure", "depart", time, ""
    if code == Code.ENTRY:
        return "queue", f"wait_{step.line}", time, ""
    if code in _WORKS:
        return "resource_use", f"work_{step.line}", time, str(ranks[step.worker])
    if code in _STOPS:
        return "resource_use_end", f"end_{step.line}", time, str(ranks[step.worker])
    wait = _WAITS.get(Code(code))
    return ("queue", wait, time, "") if wait is not None else None


def _ranks(plan: Plan) -> list[int]:
    """The place of each worker among all of its kind, from 1: where vidigi draws it."""
    kinds = plan.pool_type[plan.worker_pool]
    ranks = np.zeros(len(kinds), np.int64)
    for kind in np.unique(kinds):
        there = np.flatnonzero(kinds == kind)
        ranks[there] = np.arange(1, len(there) + 1)
    return [int(rank) for rank in ranks]


def pm4py(log: EventLog, plan: Plan, replication: int, lang: Language = "en") -> Iterator[str]:
    """The log as a table of events that pm4py, and most process miners, read, as CSV."""
    del replication
    known = _Cases(log, plan)
    rows = (
        (
            step.request,
            step.name,
            step.stamp,
            step.activity.transition,
            step.worker_name,
            step.pool,
            step.place,
            step.mode,
            *known[step.request],
        )
        for step in steps(log, plan, lang, of_requests(log))
    )
    yield from _csv(PM4PY, rows)


class _Cases:
    """Class, home and closing level of a request by its number, looked up when needed."""

    def __init__(self, log: EventLog, plan: Plan) -> None:
        self.table, self.names = log.requests, plan.names

    def __getitem__(self, request: int) -> tuple[str, str, str]:
        kind, place = self.table.request_class[request], self.table.place[request]
        level = self.table.level[request]
        return (
            self.names.classes[kind],
            self.names.places[place],
            self.names.rungs[level] if level >= 0 else "",
        )


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(row)
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()
