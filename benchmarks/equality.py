"""Count rows in which the two engines differ: `python -m benchmarks.equality`.

On a clock of whole minutes nearly all events are tied with another, so that a wrong rule of
order shows; every column of every row counts. A job is `SCENARIO HOURS SEED`.
"""

import json
import sys

import numpy as np

import sim
from benchmarks.ours import CODES, plan_of
from sim.engine import prepare
from sim.engine.fast import play as play_fast
from sim.engine.reference import play as play_reference
from sim.eventlog import COLUMNS, EventLog


def differing(one: EventLog, other: EventLog) -> int:
    """Rows of the longer log that are not, column by column, those of the other."""
    n = min(one.n_rows, other.n_rows)
    unlike = np.zeros(n, bool)
    for name in COLUMNS:
        unlike |= getattr(one, name)[:n] != getattr(other, name)[:n]
    return int(unlike.sum()) + abs(one.n_rows - other.n_rows)


def main() -> None:
    """Answer jobs from standard input until it ends."""
    for name in CODES:
        prepare("fast", plan_of(name, 24))
    print(json.dumps({"versions": {}}), flush=True)
    for line in sys.stdin:
        name, hours, seed = line.split()
        plan = plan_of(name, float(hours), "run.tick=1 min")
        trace = sim.draw_trace(plan, int(seed), 1)
        one, other = play_fast(plan, trace), play_reference(plan, trace)
        print(json.dumps({"rows": one.n_rows, "differing": differing(one, other)}), flush=True)


if __name__ == "__main__":
    main()
