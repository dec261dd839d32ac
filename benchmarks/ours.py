"""Our engines as one of the programs compared: `python -m benchmarks.ours WAY`.

The ways: `fast` draws the demand and plays it with the compiled engine, `table` adds the table
of requests to that, `play` times the playing alone, demand drawn beforehand, and `reference` is
all-in with the engine on SimPy. A job is as in `peers/model.py`, or names a shipped scenario
instead of A or B; the answer then has the digest of the log instead of means.
"""

import json
import resource
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np

import sim
from benchmarks.peers import model as m
from sim.engine import prepare
from sim.engine.fast import play as play_fast
from sim.engine.reference import play as play_reference
from sim.eventlog import EventLog
from sim.metrics.requests import request_table
from sim.plan.codes import Code
from sim.plan.layout import Plan

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
MICROSECONDS = 3_600_000_000
STAGES = ("grid", "community", "department", "hotline")
CODES = ("B", "anqiu")
"""A lean plan and one that is not: each is played by machine code of its own."""
MODEL_A = (
    f"sources.calls.rate={m.ARRIVALS_PER_HOUR:g}/h",
    f"requests.call.work.exponential={m.MEAN_SERVICE:g} h",
    f"pools.servers.staff={m.SERVERS}",
)


@lru_cache
def plan_of(name: str, hours: float, *overrides: str) -> Plan:
    """Model A or B, or a shipped scenario, measured from empty to the horizon."""
    run = [f"run.horizon={hours:g} h", "run.warm_up=0 h", "run.cool_down=0 h", *overrides]
    if name == "A":
        path, run = SCENARIOS / "theory" / "mmc-10.yaml", [*run, *MODEL_A]
    else:
        path = SCENARIOS / ("theory/network-b.yaml" if name == "B" else f"{name}.yaml")
    return sim.compile_plan(sim.read_scenario(path, overrides=run))


def fast(plan: Plan, seed: int) -> tuple[EventLog, m.Clock]:
    """Demand and playing; draws are made where they are needed."""
    with m.Clock() as clock:
        log = play_fast(plan, sim.draw_trace(plan, seed, 1, with_draws=False))
    return log, clock


def table(plan: Plan, seed: int) -> tuple[EventLog, m.Clock]:
    """Demand, playing, and the table of requests with their times, which metrics begin with."""
    with m.Clock() as clock:
        log = play_fast(plan, sim.draw_trace(plan, seed, 1, with_draws=False))
        request_table(log, plan)
    return log, clock


def play(plan: Plan, seed: int) -> tuple[EventLog, m.Clock]:
    """Playing alone: tables made, the loop, the log handed over."""
    trace = sim.draw_trace(plan, seed, 1)
    with m.Clock() as clock:
        log = play_fast(plan, trace)
    return log, clock


def reference(plan: Plan, seed: int) -> tuple[EventLog, m.Clock]:
    """Demand and playing by the engine on SimPy."""
    with m.Clock() as clock:
        log = play_reference(plan, sim.draw_trace(plan, seed, 1))
    return log, clock


WAYS = {"fast": fast, "table": table, "play": play, "reference": reference}


def means(model: str, log: EventLog, plan: Plan) -> dict[str, float | None]:
    """The quantities of `peers/model.py`, from the event log."""
    codes = (Code.ENTRY, Code.START, Code.WITHDRAW)
    entered, began, gave_up = (np.flatnonzero(log.code == code) for code in codes)
    visits = int(log.ordinal[entered].max(initial=0)) + 1
    stay = log.request.astype(np.int64) * visits + log.ordinal
    when = np.zeros(len(log.requests.key) * visits, np.int64)
    when[stay[entered]] = log.time[entered]
    waits = (log.time[began] - when[stay[began]]) / MICROSECONDS
    if model == "A":
        return {"wait": float(waits.mean())}
    stage_of_type = np.array([STAGES.index(name) for name in plan.names.line_types])
    stage = stage_of_type[np.asarray(plan.line_type)[log.line]]
    ordinary = log.requests.request_class != plan.names.classes.index("urgent")
    kind = 2 * stage[began] + ordinary[log.request[began]]
    tally = m.Tally()
    tally.sums = np.bincount(kind, waits, 8).tolist()
    tally.counts = np.bincount(kind, minlength=8).tolist()
    tally.gave_up = np.bincount(stage[gave_up], minlength=4).tolist()
    return tally.means()


def answer(way: str, job: str) -> dict[str, object]:
    """Play one job, `MODEL HOURS SEED`, or with `time` behind it, if only that is asked for."""
    model, hours, seed, *only = job.split()
    plan = plan_of(model, float(hours))
    log, clock = WAYS[way](plan, int(seed))
    told = {"n": len(log.requests.key), "rows": log.n_rows, "cpu": clock.cpu}
    told |= {"begin": clock.begin, "end": clock.end, "peak": _peak()}
    if only:
        return told
    if model in m.QUANTITIES:
        return {**told, "means": means(model, log, plan)}
    return {**told, "digest": log.digest()}


def _peak() -> float:
    """Most memory that this process has had, in GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> None:
    """Answer jobs from standard input until it ends."""
    way = sys.argv[1]
    for name in CODES if way != "reference" else ():
        prepare("fast", plan_of(name, 24))
    print(json.dumps({"versions": {"Python": sys.version.split()[0]}}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(way, line)), flush=True)


if __name__ == "__main__":
    main()
