"""Play a plan with both engines and say where their logs part, in words."""

import numpy as np

from sim.demand.trace import draw_trace
from sim.engine.fast import play as play_fast
from sim.engine.reference import play as play_reference
from sim.eventlog import COLUMNS, Requests
from sim.plan.codes import Code

TICKS = {"us": 1, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000}


def both(plan, seed=1):
    """The logs of the reference and of the fast engine."""
    trace = draw_trace(plan, seed, 0)
    return play_reference(plan, trace), play_fast(plan, trace)


def first_difference(one, other):
    """Empty if two logs are equal in every column; else rows around the first difference."""
    if all(np.array_equal(getattr(one, name), getattr(other, name)) for name in COLUMNS):
        for name in Requests._fields:
            if not np.array_equal(getattr(one.requests, name), getattr(other.requests, name)):
                return f"requests differ in {name}"
        return ""
    shared = min(one.n_rows, other.n_rows)
    tables = [
        np.stack([getattr(log, name)[:shared] for name in COLUMNS]) for log in (one, other)
    ]
    differs = np.flatnonzero((tables[0] != tables[1]).any(axis=0))
    row = int(differs[0]) if len(differs) else shared
    lines = [f"row {row} of {one.n_rows} and {other.n_rows}"]
    for name, log in (("reference", one), ("fast", other)):
        for n in range(max(0, row - 2), min(log.n_rows, row + 2)):
            told = [int(getattr(log, column)[n]) for column in COLUMNS]
            lines.append(f"{name} {n}: {Code(int(log.code[n])).name} {told}")
    return "\n".join(lines)


def shortened(system, tick, most=4000):
    """A system at a tick, with a horizon that brings at most so many requests, and its plan."""
    from sim.plan.compile import compile_plan

    horizon = system.run.horizon
    while True:
        run = {
            "horizon": horizon,
            "warm_up": 0,
            "cool_down": 0,
            "follow_up": None,
            "tick": tick,
        }
        plan = compile_plan(
            system.model_copy(update={"run": system.run.model_copy(update=run)})
        )
        if horizon <= 6 * TICKS["h"] or len(draw_trace(plan, 1, 0).requests.key) <= most:
            return plan
        horizon //= 4
