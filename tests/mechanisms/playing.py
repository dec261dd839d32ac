"""Play a cell: once as it is, once with the mechanism switched off."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.demand.trace import draw_trace
from sim.engine import play
from sim.metrics import measure
from sim.plan.codes import Code
from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"
ALONE = ("run.warm_up=0 d", "run.cool_down=0 d", "run.follow_up=5 d")


@lru_cache(maxsize=2)
def played(scenario, days, sets):
    """Plan and log of one replication."""
    overrides = (f"run.horizon={days} d", *ALONE, *sets)
    plan = compile_plan(read_scenario(FOLDER / f"{scenario}.yaml", overrides))
    return plan, play(plan, draw_trace(plan, 1, 0))


def rows_of(cell):
    """How many rows the run as it is has of the mechanism."""
    plan, log = played(cell.scenario, cell.days, cell.sets)
    mask = log.code == Code[cell.code]
    for key, name in cell.where:
        mask &= WHERE[key](plan, log, name)
    return int(mask.sum())


def figures(cell):
    """The metric as it is, and with the mechanism switched off."""
    return (
        _figure(cell, *played(cell.scenario, cell.days, cell.sets)),
        _figure(cell, *played(cell.scenario, cell.days, (*cell.sets, *cell.off))),
    )


def _figure(cell, plan, log):
    table = measure(log, plan, only={cell.metric})
    chosen = table[
        (table.metric == cell.metric) & (table.by == cell.by) & (table.group == cell.group)
    ]
    return float(chosen.value.iloc[0]) if len(chosen) else None


def _class(plan, log, name):
    known = log.request >= 0
    number = plan.names.classes.index(name)
    return known & (log.requests.request_class[np.where(known, log.request, 0)] == number)


def _source(plan, log, name):
    known = log.request >= 0
    number = plan.names.sources.index(name)
    return known & (log.requests.source[np.where(known, log.request, 0)] == number)


def _pool(plan, log, name):
    known = log.pool >= 0
    number = plan.names.pool_types.index(name)
    return known & (plan.pool_type[np.where(known, log.pool, 0)] == number)


def _line(plan, log, name):
    known = log.line >= 0
    number = plan.names.line_types.index(name)
    return known & (plan.line_type[np.where(known, log.line, 0)] == number)


def _mode(plan, log, name):
    return log.mode == plan.names.modes.index(name)


def _level(plan, log, name):
    known = log.place >= 0
    number = plan.names.levels.index(name)
    return known & (plan.place_level[np.where(known, log.place, 0)] == number)


def _ordinal_named(names):
    def where(plan, log, name):
        return log.ordinal == list(getattr(plan.names, names)).index(name)

    return where


def _station(kind):
    """Gates and accounts: the log has the number of the one at the request's place."""

    def where(plan, log, name):
        types = getattr(plan, f"{kind}_type")
        own = np.minimum(np.maximum(log.ordinal, 0), len(types) - 1)
        return types[own] == getattr(plan.names, f"{kind}s").index(name)

    return where


WHERE = {
    "class": _class,
    "source": _source,
    "pool": _pool,
    "line": _line,
    "mode": _mode,
    "level": _level,
    "timer": _ordinal_named("timers"),
    "gate": _station("gate"),
    "account": _station("account"),
    "rung": _ordinal_named("rungs"),
}
