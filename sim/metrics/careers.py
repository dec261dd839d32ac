"""How people changed over the weeks: who left for good, and how fast those were who stayed."""

from dataclasses import dataclass

import numpy as np

from sim.eventlog import EventLog
from sim.metrics.cohort import Figure
from sim.metrics.rows import Bools, Ints
from sim.plan.codes import Code
from sim.plan.layout import Plan

FULL = 1000


@dataclass(frozen=True)
class Careers:
    """The workers of a group of pools in the measuring window, by worker."""

    exits: Ints
    """[W] how often somebody announced to leave for good."""
    posted: Ints
    """[W] time in the head count, µs."""
    paced: Ints
    """[W] the same times the own pace, per mille."""

    def of(self, workers: Bools) -> "Careers":
        """Some of them."""
        return Careers(self.exits[workers], self.posted[workers], self.paced[workers])


def careers(log: EventLog, plan: Plan) -> Careers:
    """Everybody's career in the measuring window."""
    n = len(plan.worker_pool)
    begin, end = plan.warm_up, plan.window_end
    left = log.worker[(log.code == Code.EXIT) & (log.time >= begin) & (log.time < end)]
    posted, paced = np.zeros((2, n), np.int64)
    pace, since = np.full(n, FULL), np.full(n, -1)
    rows = np.flatnonzero(np.isin(log.code, [Code.POST, Code.WITHDRAWN, Code.PACE]))

    def pass_time(worker: int, now: int) -> None:
        """Count the time since the worker's last row, if in the head count."""
        if since[worker] >= 0:
            length = max(0, min(now, end) - max(int(since[worker]), begin))
            posted[worker] += length
            paced[worker] += length * pace[worker]
            since[worker] = now

    for row in rows:
        worker, now, code = int(log.worker[row]), int(log.time[row]), log.code[row]
        pass_time(worker, now)
        if code == Code.PACE:
            pace[worker] = log.amount[row]
        else:
            since[worker] = now if code == Code.POST else -1
    for worker in range(n):
        pass_time(worker, end)
    return Careers(np.bincount(left, minlength=n), posted, paced)


def has_careers(plan: Plan) -> bool:
    """Whether anybody may learn, tire, leave or be replaced."""
    return bool(len(plan.week_at) or (plan.review_law >= 0).any())


def exits(group: Careers) -> Figure:
    """How many left for good."""
    total = int(group.exits.sum())
    return Figure(total, total)


def pace_mean(group: Careers) -> Figure:
    """Mean own pace of those in the head count, as a part of their pool's productivity."""
    posted = int(group.posted.sum())
    part = int(group.paced.sum()) / posted / FULL if posted else None
    return Figure(part, len(group.posted))
