"""A warm-up by MSER-5, chosen on pilot replications that are not used for anything else.

What is watched is the number of open requests: it is what an empty start is short of. It is
averaged over equal intervals and over the pilot replications, up to the first shock or the
first mode that begins on a date, since what comes then is no settling.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Floats
from sim.analysis.warm_up import warm_up
from sim.demand.trace import draw_trace
from sim.engine import EngineName, choose, play, prepare
from sim.errors import AnalysisError
from sim.experiment.workers import each
from sim.keys import subkey
from sim.metrics.days import open_means
from sim.model.system import System
from sim.plan.codes import Trigger
from sim.plan.compile import compile_plan
from sim.plan.layout import Plan
from sim.plan.overlays import moment

PILOTS: Final = 5
PILOT_SEED: Final = 0x9A1077
DAY: Final = 86_400_000_000
FINE: Final = 300
"""Intervals of a stretch of less than sixty days; longer ones go by the day."""
LEAST: Final = 30
"""Intervals that the rule needs."""


class Settled(NamedTuple):
    """The warm-up that was chosen.

    Attributes
    ----------
    cut
        Its length, µs.
    interval
        Length of the intervals that were watched, µs.
    intervals
        How many there were.
    pilots
        Replications that were averaged.
    """

    cut: int
    interval: int
    intervals: int
    pilots: int


class Task(NamedTuple):
    """What a worker must know to watch one pilot replication."""

    plan: Plan
    seed: int
    engine: EngineName
    edges: tuple[int, ...]


def settle(
    systems: Sequence[System],
    *,
    seed: int | None = None,
    workers: int | None = None,
    engine: EngineName | None = None,
) -> Settled:
    """Choose a warm-up for scenarios: the longest that any of them needs.

    Raises
    ------
    AnalysisError
        If the run, or what there is before the first shock, is too short to tell.
    PlanError
        If a scenario cannot be laid out.
    """
    found = [_settle(system, seed, workers, engine) for system in systems]
    return max(found, key=lambda one: one.cut)


def _settle(
    system: System, seed: int | None, workers: int | None, engine: EngineName | None
) -> Settled:
    plan = compile_plan(system)
    chosen = choose(plan, engine)
    prepare(chosen, plan)
    calm = _calm(system, plan)
    count = calm // DAY if calm >= 60 * DAY else FINE
    interval = DAY if calm >= 60 * DAY else calm // FINE
    if interval < 1 or count < LEAST:
        raise AnalysisError(
            f"{system.name}: there is no stretch in which it could settle.",
            f"{system.name}：没有一段平稳时间可供判断预热期。",
        )
    own = subkey(system.run.seed if seed is None else seed, PILOT_SEED) >> 1
    edges = tuple(range(0, (count + 1) * interval, interval))
    task = Task(plan, own, chosen, edges)
    series = list(each(_watched, task, range(1, PILOTS + 1), workers))
    settled = warm_up(np.array(sorted(series, key=lambda row: row.tolist())))
    if not settled.accepted:
        raise AnalysisError(
            f"{system.name}: still settling after half of the {calm / DAY:.4g} days looked at; "
            f"lengthen run.horizon, or give --warm-up a length.",
            f"{system.name}：所看 {calm / DAY:.4g} 天过半仍未平稳；"
            f"请加长 run.horizon，或用 --warm-up 给出长度。",
        )
    return Settled(settled.cut * interval, interval, count, PILOTS)


def _calm(system: System, plan: Plan) -> int:
    """How long the run goes on before its first shock, or first mode that begins on a date."""
    begins = [moment(system, shock.start) for shock in system.shocks.values()]
    dated = plan.mode_enter[1:] == Trigger.AT
    begins += plan.mode_enter_at[1:][dated].tolist()
    return min([plan.window_end, *(begin for begin in begins if begin > 0)])


def _watched(task: Task, replication: int) -> Floats:
    """Mean open requests in each interval of one pilot replication."""
    trace = draw_trace(task.plan, task.seed, replication)
    log = play(task.plan, trace, task.engine)
    return open_means(log, task.plan, np.array(task.edges, dtype=np.int64))
