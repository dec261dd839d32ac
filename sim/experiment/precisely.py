"""Playing until intervals are narrow enough (`sim.analysis.replications`).

How many replications there are is decided by their figures alone, so it depends neither on
the number of processes nor on who finished first. Compared scenarios stop together, since
differences are taken replication by replication.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from sim.analysis.replications import Precision, judge_replications, look_ahead
from sim.engine import EngineName, choose, prepare
from sim.experiment.playing import Keep, Played, Setup, play_each
from sim.experiment.replicate import Interrupted, gather
from sim.experiment.runs import Runs, figures_of
from sim.model.system import System
from sim.plan.compile import compile_plan

MOST: Final = 200
"""Replications after which it is given up, unless more are asked for."""


class Reached(NamedTuple):
    """How it ended.

    Attributes
    ----------
    wanted
        Half-width of each interval as a share of its mean.
    of
        Metrics that it was asked of.
    met_at
        Replications at which all were precise enough and stayed so; None: they never were.
    n
        Replications played.
    unmet
        Figures that are not precise enough, ``SCENARIO: METRIC`` where there are several.
    """

    wanted: float
    of: tuple[str, ...]
    met_at: int | None
    n: int
    unmet: tuple[str, ...]


def replicate_until(  # noqa: PLR0913 - a keyword per wish
    systems: Sequence[System],
    wanted: float,
    *,
    of: Sequence[str],
    most: int = MOST,
    seed: int | None = None,
    workers: int | None = None,
    on_done: Callable[[int], None] | None = None,
    keep: Keep | None = None,
    engine: EngineName | None = None,
) -> tuple[tuple[Runs, ...], Reached]:
    """Play scenarios equally often, until each figure's interval is narrow enough.

    Parameters
    ----------
    systems
        One or several.
    wanted
        Half-width of the 95 % interval as a share of the mean.
    of
        Metrics, undivided. One that is not reached in some replication can never be precise;
        it is named as unmet and not waited for.
    most
        Replications after which it is given up.
    seed
        As in the first scenario unless given.
    workers, on_done, keep, engine
        As in `sim.experiment.replicate.replicate`.

    Raises
    ------
    PlanError
        If a scenario cannot be laid out.
    Interrupted
        On Ctrl-C; holds the finished replications of the scenario that was being played.
    """
    precision = Precision(relative=wanted)
    start = systems[0].run.seed if seed is None else seed
    plans = [compile_plan(system) for system in systems]
    chosen = [choose(plan, engine) for plan in plans]
    for name, plan in zip(chosen, plans, strict=True):
        prepare(name, plan)
    setups = [
        Setup(plan, start, False, keep or Keep(), name)  # noqa: FBT003
        for plan, name in zip(plans, chosen, strict=True)
    ]
    played: list[list[Played]] = [[] for _ in systems]
    n, then = 0, precision.minimum + look_ahead(precision.minimum, precision)
    while True:
        for system, setup, mine in zip(systems, setups, played, strict=True):
            numbers = range(n + 1, min(then, most) + 1)
            try:
                for one in play_each(setup, numbers, workers):
                    mine.append(one)
                    if on_done is not None:
                        on_done(one.replication)
            except KeyboardInterrupt:
                raise Interrupted(gather(system.name, setup, mine)) from None
        n = min(then, most)
        runs = tuple(
            gather(system.name, setup, mine)
            for system, setup, mine in zip(systems, setups, played, strict=True)
        )
        outputs, never = _outputs(runs, of)
        verdict = judge_replications(outputs, precision)
        if verdict.enough or n >= most or not outputs:
            unmet = () if verdict.enough else verdict.unmet
            return runs, Reached(wanted, tuple(of), verdict.met_at, n, (*unmet, *never))
        then = verdict.suggested


def _outputs(
    runs: Sequence[Runs], of: Sequence[str]
) -> tuple[dict[str, list[float | None]], tuple[str, ...]]:
    """Values by replication of what can become precise, and the names of what cannot."""
    outputs: dict[str, list[float | None]] = {}
    never = []
    for number, one in enumerate(runs, 1):
        for (metric, by, _), figure in figures_of(one.replications, of).items():
            if by != "all":
                continue
            name = f"{one.scenario}#{number}: {metric}" if len(runs) > 1 else metric
            if None in figure.values:
                never.append(name)
            elif any(value is not None and not math.isnan(value) for value in figure.values):
                outputs[name] = figure.values
    return outputs, tuple(never)
