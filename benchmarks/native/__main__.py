"""Time the loop of model A in C beside ours: `python -m benchmarks.native LIBRARY`.

Both get the same arrivals and work, in one process and in turn, and must write the same log.
Jobs and answers are as in `benchmarks/ours.py`.
"""

import ctypes
import json
import sys
from pathlib import Path

import numpy as np

import sim
from benchmarks.ours import plan_of
from benchmarks.peers import model as m
from sim.engine import prepare
from sim.engine.fast import play as play_fast
from sim.eventlog import DTYPES, EventLog
from sim.plan.codes import Code

ROWS_PER_REQUEST = 6
"""Arrival, entry, start, end, closing, final closing."""


def load(path: Path) -> ctypes.CDLL:
    """The compiled library, its results declared."""
    library = ctypes.CDLL(str(path))
    library.play.restype = library.starts.restype = ctypes.c_int64
    return library


def pointer(array: np.ndarray) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def work_of(log: EventLog, n: int, end: int) -> np.ndarray:
    """Work content by request, from the log; of those never begun it does not matter."""
    began = log.code == Code.START
    work = np.full(n, end, np.int64)
    work[log.request[began]] = log.amount[began]
    return work


def answer(library: ctypes.CDLL, job: str) -> dict[str, object]:
    """Play one job in C with the log, in C without it, and with our engine."""
    model, hours, seed = job.split()
    if model != "A":
        raise SystemExit("the loop in C plays model A only")
    plan = plan_of("A", float(hours))
    trace = sim.draw_trace(plan, int(seed), 1)
    with m.Clock() as ours:
        log = play_fast(plan, trace)
    n, end = len(log.requests.key), int(plan.end)
    at, work = np.ascontiguousarray(trace.requests.reported_at), work_of(log, n, end)
    priority = int(log.amount[log.code == Code.ENTRY][0])
    numbers = [ctypes.c_int64(each) for each in (n, m.SERVERS, priority, end)]
    with m.Clock() as whole:
        room = ROWS_PER_REQUEST * n + 4 * m.SERVERS
        rows = [np.empty(room, dtype) for dtype in DTYPES.values()]
        columns = (ctypes.c_void_p * len(rows))(*[each.ctypes.data for each in rows])
        written = library.play(
            *numbers, pointer(at), pointer(work), columns, ctypes.c_int64(room)
        )
    same = written == log.n_rows and all(
        np.array_equal(column[:written], getattr(log, name))
        for name, column in zip(DTYPES, rows, strict=True)
    )
    del rows, columns
    with m.Clock() as bare:
        begun = np.empty(n, np.int64)
        library.starts(*numbers[:2], numbers[3], pointer(at), pointer(work), pointer(begun))
    told = {"n": n, "cpu": whole.cpu, "bare": bare.cpu, "ours": ours.cpu, "same": bool(same)}
    return {**told, "means": None}


def main() -> None:
    """Answer jobs from standard input until it ends."""
    library = load(Path(sys.argv[1]))
    prepare("fast", plan_of("A", 24))
    print(json.dumps({"versions": {}}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(library, line)), flush=True)


if __name__ == "__main__":
    main()
