"""What every program plays, what it counts, and how it is asked: no package is needed here.

A program reads jobs from its standard input, one a line, `MODEL HORIZON SEED`, plays each from
an empty system to the horizon (hours), and answers with one line of JSON: `n` requests that
arrived, `cpu` seconds of the processor, and `means`, the mean of each quantity in `QUANTITIES`.
A wait counts when it ends in a start of work before the horizon, so that programs that cannot
empty the system at the end measure the same.

Model A is M/M/10 at load 0.9. Model B is the network of `scenarios/theory/network-b.yaml`: 200
grids of 2 workers, 20 communities of 3, 5 departments of 8, and a hotline of 5 for those whose
patience ends in one of the lines before; a fifth of the requests goes first.
"""

import gc
import json
import sys
import time

SERVERS = 10
ARRIVALS_PER_HOUR = 9.0
MEAN_SERVICE = 1.0

GRIDS, COMMUNITIES, DEPARTMENTS = 200, 20, 5
STAFF = (2, 3, 8, 5)
REQUESTS_PER_HOUR_AND_GRID = 1.7
MEANS = (1.0, 0.5, 3.0, 0.05)
PATIENCE = 8.0
RISES = (0.3, 0.1)
URGENT = 0.2
HOTLINE = GRIDS + COMMUNITIES + DEPARTMENTS
"""Number of the hotline's pool; grids come first, then communities, then departments."""

STAGE = [0] * GRIDS + [1] * COMMUNITIES + [2] * DEPARTMENTS + [3]
"""Stage of each pool."""
UP = [
    *(GRIDS + grid // (GRIDS // COMMUNITIES) for grid in range(GRIDS)),
    *(GRIDS + COMMUNITIES + own // (COMMUNITIES // DEPARTMENTS) for own in range(COMMUNITIES)),
    *[HOTLINE] * (DEPARTMENTS + 1),
]
"""Where a request that rises goes from each pool."""

QUANTITIES = {
    "A": ("wait",),
    "B": (
        "grid urgent",
        "grid ordinary",
        "community urgent",
        "community ordinary",
        "department urgent",
        "department ordinary",
        "gave up at grid",
        "gave up at community",
    ),
}
"""Means of waits in hours, then shares of those who lost patience among all who left a line."""

RATE = {"A": ARRIVALS_PER_HOUR, "B": REQUESTS_PER_HOUR_AND_GRID * GRIDS}
"""Requests an hour."""


class Tally:
    """Waits of model B by 2 x stage + (0 if urgent else 1), and how many gave up."""

    __slots__ = ("counts", "gave_up", "sums")

    def __init__(self):
        self.sums = [0.0] * 8
        self.counts = [0] * 8
        self.gave_up = [0] * 3

    def means(self):
        """The quantities of model B, by name; None where nobody was counted."""
        waits = [s / n if n else None for s, n in zip(self.sums[:6], self.counts, strict=False)]
        shares = []
        for stage in (0, 1):
            left = self.gave_up[stage] + self.counts[2 * stage] + self.counts[2 * stage + 1]
            shares.append(self.gave_up[stage] / left if left else None)
        return dict(zip(QUANTITIES["B"], waits + shares, strict=True))


class Clock:
    """Processor seconds of a block, and when by the clock it began and ended."""

    cpu = begin = end = 0.0

    def __enter__(self):
        gc.collect()
        self.begin = time.perf_counter()
        self._cpu = time.process_time()
        return self

    def __exit__(self, *_):
        self.cpu = time.process_time() - self._cpu
        self.end = time.perf_counter()


def serve(play, **versions):
    """Answer jobs until standard input ends; `play(model, horizon, seed)` gives n, cpu, means.

    The first line printed tells the versions, the last thing that can go wrong at the start.
    """
    out = sys.stdout
    sys.stdout = sys.stderr  # nothing that a package prints may come between the answers
    print(json.dumps({"versions": {"Python": sys.version.split()[0], **versions}}), file=out,
          flush=True)  # fmt: skip
    for line in sys.stdin:
        model, horizon, seed = line.split()
        n, cpu, means = play(model, float(horizon), int(seed))
        print(json.dumps({"n": n, "cpu": cpu, "means": means}), file=out, flush=True)
