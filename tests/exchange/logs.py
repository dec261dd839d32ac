"""A log to export: a small community in peace and war that is asked too much."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sim.demand.trace import draw_trace
from sim.engine.reference import play
from sim.eventlog import COLUMNS, EventLog
from sim.plan.compile import compile_plan
from sim.plan.layout import Plan
from sim.scenario.reader import read_scenario
from tests.small_scenario import write_scenario


@cache
def played() -> tuple[EventLog, Plan]:
    """One replication."""
    with TemporaryDirectory() as folder:
        path = write_scenario(Path(folder), rate="20/household/year,")
        plan = compile_plan(read_scenario(path))
    return play(plan, draw_trace(plan, seed=1, replication=1)), plan


def long(log: EventLog, times: int) -> EventLog:
    """The rows of a log again and again: nonsense, but large."""
    columns = [np.tile(getattr(log, name), times) for name in COLUMNS]
    return EventLog._make([*columns, log.requests])
