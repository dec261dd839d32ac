"""Sweeps: one scenario at many settings of its levers, under the same demand.

Replication r of every point meets the same residents and requests. Each finished replication
is a block on disk at once (`sim.experiment.blocks`), and tables are made of blocks alone, so a
sweep that was killed and begun again gives the same tables, byte for byte.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from sim.analysis.frontier import efficient, knee_of
from sim.engine import EngineName, choose, prepare
from sim.errors import StoreError
from sim.experiment.blocks import (
    Block,
    block_name,
    check_folder,
    open_folder,
    program_version,
    read_block,
    scenario_digest,
    write_block,
)
from sim.experiment.figures import better
from sim.experiment.playing import Keep, Setup, numbered_table, play_one
from sim.experiment.points import Design
from sim.experiment.runs import Runs
from sim.experiment.workers import each
from sim.model.system import System
from sim.plan.compile import compile_plan
from sim.plan.layout import Plan
from sim.scenario.laying_out import compile_reading

COST: Final = "cost_per_month"
AGAINST: Final = "resolution_p90"

FRONTIER, KNEE, DOMINATED, UNKNOWN = "frontier", "knee", "dominated", "unknown"


@dataclass(frozen=True, kw_only=True, eq=False)
class Sweep:
    """The replications of all points.

    Attributes
    ----------
    design
        Scenario, levers and points.
    runs
        One for each point.
    played
        Replications played now; all others were in the folder already.
    """

    design: Design
    runs: tuple[Runs, ...]
    played: int

    def table(self) -> pd.DataFrame:
        """Every figure of every point with its interval.

        Returns
        -------
        Columns point, one for each lever, metric, by, group, mean, low, high, unit, n, cases;
        as `Runs.summary` has them.
        """
        parts = self._beside(runs.summary() for runs in self.runs)
        return pd.concat(parts, ignore_index=True)

    def replications(self) -> Iterator[pd.DataFrame]:
        """Every figure of every replication, one table for each point, since they are large."""
        return self._beside(runs.replications for runs in self.runs)

    def frontier(self, against: str = AGAINST, cost: str = COST) -> pd.DataFrame:
        """What each point costs and gives, the cheapest first.

        Parameters
        ----------
        against, cost
            Names of metrics.

        Returns
        -------
        Columns point, design, one for each lever, both metrics with ``_low`` and ``_high``,
        and standing: frontier (no other point costs no more and gives no less), knee (the
        point of the frontier after which money gains less), dominated, or unknown where a
        figure has no value. Standing goes by means.
        """
        rows = [
            {**_figure(runs.summary(), cost), **_figure(runs.summary(), against)}
            for runs in self.runs
        ]
        values = pd.DataFrame(rows).astype("float64")
        found = pd.concat([self._levers(), values], axis=1)
        found.insert(1, "design", [point.name for point in self.design.points])
        standing = standings(values[cost], better(against) * values[against])
        found = found.assign(standing=standing)
        return found.sort_values([cost, against, "point"], kind="stable", ignore_index=True)

    def _levers(self) -> pd.DataFrame:
        columns: dict[str, list[Any]] = {"point": [p.number for p in self.design.points]}
        for place, lever in enumerate(self.design.levers):
            texts = [point.values[place] for point in self.design.points]
            columns[lever.path] = [_number(t) for t in texts] if lever.is_number else texts
        return pd.DataFrame(columns)

    def _beside(self, tables: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        levers = self._levers()
        for number, table in enumerate(tables, 1):
            point = levers[levers["point"] == number]
            yield point.merge(table.assign(point=number), on="point", validate="1:m")


Task = tuple[int, int]
"""Index of a point, and number of a replication."""


class Work(NamedTuple):
    """What a worker must know; it compiles plans itself, since they are large."""

    systems: tuple[System, ...]
    digests: tuple[str, ...]
    program: str
    seed: int
    folder: Path
    engine: EngineName


class Opened(NamedTuple):
    """A sweep whose folder is ready: what is to do, and what is missing."""

    design: Design
    work: Work
    missing: tuple[Task, ...]


def open_sweep(design: Design, folder: Path, *, engine: EngineName | None = None) -> Opened:
    """Make or find the folder of a sweep, and check that what is missing there can be played.

    Parameters
    ----------
    design
        The checked scenarios.
    folder
        Of this sweep alone.
    engine
        Which engine plays what is missing, as for `replicate`; where the fast one cannot play
        one point, the reference plays all. Blocks do not depend on it.

    Raises
    ------
    StoreError
        If the folder belongs to something else.
    ScenarioError
        If a point cannot be laid out.
    EngineError
        If the engine cannot play a point.
    """
    check_folder(folder, design.identity)
    systems = tuple(reading.model for reading in design.readings)
    digests = tuple(scenario_digest(system) for system in systems)
    work = Work(systems, digests, program_version(), design.seed, folder, engine or "fast")
    missing = tuple(task for task in _tasks(design) if _kept(work, task) is None)
    for index in sorted({index for index, _ in missing}):
        if choose(compile_reading(design.readings[index]).plan, engine) == "reference":
            engine = "reference"  # one engine plays all, so that one name says which
    if missing:
        prepare(engine or "fast")
    open_folder(folder, design.identity)
    return Opened(design, work._replace(engine=engine or "fast"), missing)


def play_sweep(
    opened: Opened,
    *,
    workers: int | None = None,
    on_done: Callable[[int], None] | None = None,
) -> Sweep:
    """Play what is missing, keep each replication at once, and read them all.

    Raises
    ------
    StoreError
        If the folder cannot be written; what is finished is kept.
    """
    for number in each(_play_and_keep, opened.work, opened.missing, workers):
        if on_done is not None:
            on_done(number)
    design = opened.design
    runs = tuple(_gathered(opened, index) for index in range(len(design.points)))
    return Sweep(design=design, runs=runs, played=len(opened.missing))


def kept_count(opened: Opened) -> int:
    """How many replications of the sweep lie in its folder by now."""
    return sum(_kept(opened.work, task) is not None for task in _tasks(opened.design))


def _tasks(design: Design) -> Iterator[Task]:
    """All replications, point by point, so that a worker compiles each plan once."""
    for index in range(len(design.points)):
        for replication in range(1, design.replications + 1):
            yield index, replication


def _name(work: Work, task: Task) -> str:
    return block_name(work.digests[task[0]], work.program, work.seed, task[1])


def _kept(work: Work, task: Task) -> Block | None:
    return read_block(work.folder, _name(work, task))


_latest: tuple[str, Plan] | None = None


def _plan(work: Work, index: int) -> Plan:
    """The plan of a point; the latest one is remembered, since its replications come next."""
    global _latest  # noqa: PLW0603  (a worker process plays many replications of one plan)
    if _latest is None or _latest[0] != work.digests[index]:
        _latest = (work.digests[index], compile_plan(work.systems[index]))
    return _latest[1]


def _play_and_keep(work: Work, task: Task) -> int:
    """Play one replication of one point and keep it; a worker hands back no more than this."""
    index, replication = task
    plan = _plan(work, index)
    setup = Setup(plan, work.seed, with_cases=False, keep=Keep(), engine=work.engine)
    played = play_one(setup, replication)
    block = Block(replication, played.figures, played.digest, played.events)
    write_block(work.folder, _name(work, task), block)
    return replication


def _gathered(opened: Opened, index: int) -> Runs:
    design, blocks = opened.design, []
    for replication in range(1, design.replications + 1):
        block = _kept(opened.work, (index, replication))
        if block is None:
            raise StoreError(
                f"{opened.work.folder} lost replication {replication} of "
                f"{design.points[index].name} meanwhile; the same command plays it again."
            )
        blocks.append(block)
    return Runs(
        scenario=f"{design.base.model.name} ({design.points[index].name})",
        seed=design.seed,
        engine=opened.work.engine,
        replications=pd.concat(
            [numbered_table(block.replication, block.figures) for block in blocks],
            ignore_index=True,
        ),
        daily=pd.DataFrame(),
        cases=pd.DataFrame(),
        digests={block.replication: block.digest for block in blocks},
        events={block.replication: block.events for block in blocks},
    )


def standings(cost: "pd.Series[float]", worth: "pd.Series[float]") -> list[str]:
    """How each design stands: on the frontier, its knee, dominated, or unknown."""
    found = [UNKNOWN] * len(cost)
    known = [i for i, ok in enumerate((cost.notna() & worth.notna()).tolist()) if ok]
    if not known:
        return found
    costs, worths = cost.to_numpy(dtype=float)[known], worth.to_numpy(dtype=float)[known]
    best = efficient(costs, worths)
    for index, is_best in zip(known, best.tolist(), strict=True):
        found[index] = FRONTIER if is_best else DOMINATED
    front = sorted(
        (i for i, ok in zip(known, best.tolist(), strict=True) if ok),
        key=lambda i: (cost.iloc[i], worth.iloc[i]),
    )
    knee = knee_of(cost.iloc[front].to_numpy(), worth.iloc[front].to_numpy())
    if knee is not None:
        found[front[knee]] = KNEE
    return found


def _figure(summary: pd.DataFrame, metric: str) -> Mapping[str, object]:
    rows = summary[(summary["metric"] == metric) & (summary["by"] == "all")]
    ends = rows[["mean", "low", "high"]].iloc[0].tolist() if len(rows) else [None] * 3
    return dict(zip((metric, f"{metric}_low", f"{metric}_high"), ends, strict=True))


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
