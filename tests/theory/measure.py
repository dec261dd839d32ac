"""Play a textbook scenario many times and measure it, one number per replication.

The measures are taken from the raw log and by hand, so that a fault of the metrics cannot hide
one of the engine. Runs begin empty; requests reported before the end of the warm-up are left
out.
"""

import numpy as np

from sim.demand.trace import draw_trace
from sim.engine.reference import play
from sim.plan.codes import Code
from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario

HOUR = 3_600_000_000


def logs(root, scenario, replications, overrides=()):
    """The plan and the logs of a theory scenario, one after another."""
    system = read_scenario(root / "scenarios/theory" / f"{scenario}.yaml", overrides)
    plan = compile_plan(system)
    for replication in range(replications):
        yield plan, play(plan, draw_trace(plan, system.run.seed, replication))


def cohort(plan, log, name=None):
    """Which requests count: reported after the warm-up, of one class if it is named."""
    found = log.requests.reported_at >= plan.warm_up
    if name is not None:
        found &= log.requests.request_class == plan.names.classes.index(name)
    return found


def times(log, code):
    """By request: time of its first row with this code, -1 for none."""
    rows = np.flatnonzero(log.code == code)[::-1]
    found = np.full(len(log.requests.key), -1, np.int64)
    found[log.request[rows]] = log.time[rows]
    return found


def wait(plan, log, name=None):
    """Mean time from report to first start of those who started, hours."""
    start = times(log, Code.START)
    counted = cohort(plan, log, name) & (start >= 0)
    return float((start - log.requests.reported_at)[counted].mean()) / HOUR


def delayed(plan, log, name=None):
    """Share of those who started that did not start at once."""
    start = times(log, Code.START)
    counted = cohort(plan, log, name) & (start >= 0)
    return float((start > log.requests.reported_at)[counted].mean())


def sojourn(plan, log, name=None):
    """Mean time from report to the end, hours."""
    end = times(log, Code.DONE)
    counted = cohort(plan, log, name) & (end >= 0)
    return float((end - log.requests.reported_at)[counted].mean()) / HOUR


def lost(plan, log, name=None):
    """Share of those whose fate is known that left without service."""
    gone, done = times(log, Code.LEAVE) >= 0, times(log, Code.DONE) >= 0
    counted = cohort(plan, log, name) & (gone | done)
    return float(gone[counted].mean())
