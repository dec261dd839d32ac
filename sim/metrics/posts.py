"""Posts manned round the clock: how long nobody stood there."""

from dataclasses import dataclass

import numpy as np

from sim.eventlog import EventLog
from sim.metrics.cohort import HOUR, Figure
from sim.metrics.rows import Ints, last_of, sum_of
from sim.metrics.spells import clip, of_requests, task_spells
from sim.plan.codes import Code
from sim.plan.layout import Plan

MINUTE = HOUR / 60


@dataclass(frozen=True)
class Posts:
    """Openings of posts, with times in the measuring window, µs."""

    request_class: Ints
    wanted: Ints
    """How long it was to be manned."""
    manned: Ints
    """How long somebody stood there."""

    def of(self, request_class: int) -> "Posts":
        """Those of one class."""
        rows = self.request_class == request_class
        return Posts(self.request_class[rows], self.wanted[rows], self.manned[rows])


def posts(log: EventLog, plan: Plan) -> Posts:
    """All openings of posts in the run, in order of number."""
    n = len(log.requests.key)
    is_post = np.isin(log.requests.request_class, plan.post_class)
    left = np.flatnonzero(log.code == Code.LEAVE)
    until = last_of(log.request[left], log.time[left], n)
    until = np.where(until < 0, plan.end, until)
    begin = np.maximum(log.requests.reported_at, plan.warm_up)
    wanted = np.maximum(0, np.minimum(until, plan.window_end) - begin)
    spells = of_requests(task_spells(log, plan), is_post.astype(np.int64))
    inside = clip(spells, plan.warm_up, plan.window_end)
    manned = sum_of(inside.request, inside.stop - inside.start, n)
    return Posts(log.requests.request_class[is_post], wanted[is_post], manned[is_post])


def vacant_minutes(group: Posts) -> Figure:
    """Minutes in which a post was open and nobody stood there."""
    vacant = int(group.wanted.sum() - group.manned.sum())
    return Figure(vacant / MINUTE, int(group.wanted.sum()) / HOUR)


def vacant_share(group: Posts) -> Figure:
    """The same as a share of the time in which posts were to be manned."""
    wanted = int(group.wanted.sum())
    share = 1 - int(group.manned.sum()) / wanted if wanted else None
    return Figure(share, wanted / HOUR)
