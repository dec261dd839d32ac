"""Sweeps: one scenario at many settings of its levers, under the same demand.

Replication r of every point meets the same residents and requests. Each finished replication
is a block on disk at once (`sim.experiment.blocks`), and tables are made of blocks alone, so a
sweep that was killed and begun again gives the same tables, byte for byte.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.frontier import efficient, knee_of, without_noise
from sim.engine import EngineName, choose, prepare
from sim.errors import StoreError
from sim.experiment.blocks import (
    check_folder,
    keep_packed,
    merge_blocks,
    open_folder,
    program_version,
    scenario_digest,
)
from sim.experiment.figures import better
from sim.experiment.playing import numbered_table
from sim.experiment.points import Design
from sim.experiment.runs import Runs
from sim.experiment.sweep_work import (
    Shard,
    Task,
    Work,
    kept,
    name_of,
    play_and_keep,
    play_and_pack,
    tasks_of,
)
from sim.experiment.workers import Workers, each
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

    def frontier(
        self, against: str = AGAINST, cost: str = COST, also: Sequence[str] = ()
    ) -> pd.DataFrame:
        """What each point costs and gives, the cheapest first.

        Parameters
        ----------
        against, cost, also
            Names of metrics; those of `also` are shown only.

        Returns
        -------
        Columns point, design, one for each lever, all metrics with ``_low`` and ``_high``,
        and standing: frontier (no other point costs no more and gives no less), knee (the
        point of the frontier after which money gains less), dominated, or unknown where a
        figure has no value. Standing goes by means.
        """
        rows: list[dict[str, object]] = []
        for runs in self.runs:
            summary, row = runs.summary(), dict[str, object]()
            for metric in (cost, against, *also):
                row |= _figure(summary, metric)
            rows.append(row)
        values = pd.DataFrame(rows).astype("float64")
        found = pd.concat([self._levers(), values], axis=1)
        found.insert(1, "design", [point.name for point in self.design.points])
        standing = standings(values[cost], better(against) * values[against])
        found = found.assign(standing=standing)
        keys = [without_noise(values[name].to_numpy()) for name in (against, cost)]
        order = np.lexsort((found["point"].to_numpy(), *keys))
        return found.iloc[order].reset_index(drop=True)

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


class Opened(NamedTuple):
    """A sweep whose folder is ready: what is to do, and what is missing.

    Attributes
    ----------
    asked
        Replications of the sweep, or of its shard.
    missing
        Those of them that are not there and have to be played.
    """

    design: Design
    work: Work
    asked: tuple[Task, ...]
    missing: tuple[Task, ...]


def open_sweep(
    design: Design,
    folder: Path,
    *,
    engine: EngineName | None = None,
    shard: Shard | None = None,
    merged: Sequence[Path] = (),
) -> Opened:
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
    shard
        Which part of the replications is played here; None: all.
    merged
        Folders of the same sweep, played elsewhere, whose blocks are taken over first.

    Raises
    ------
    StoreError
        If a folder belongs to something else.
    ScenarioError
        If a point cannot be laid out.
    EngineError
        If the engine cannot play a point.
    """
    for one in (folder, *merged):
        check_folder(one, design.identity)
    if merged:
        open_folder(folder, design.identity)
        merge_blocks(folder, merged)
    systems = tuple(reading.model for reading in design.readings)
    digests = tuple(scenario_digest(system) for system in systems)
    work = Work(systems, digests, program_version(), design.seed, folder, engine or "fast")
    asked = tasks_of(len(design.points), design.replications, shard)
    missing = tuple(task for task in asked if kept(work, task) is None)
    for index in sorted({index for index, _ in missing}):
        plan = compile_reading(design.readings[index]).plan
        if choose(plan, engine) == "reference":
            engine = "reference"  # one engine plays all, so that one name says which
            break
        prepare("fast", plan)
    open_folder(folder, design.identity)
    return Opened(design, work._replace(engine=engine or "fast"), asked, missing)


def play_missing(
    opened: Opened,
    *,
    workers: Workers = None,
    on_done: Callable[[int], None] | None = None,
) -> None:
    """Play what is missing and keep each replication at once.

    Parameters
    ----------
    workers
        Processes on this machine, which write their blocks themselves, or the address of a
        cluster, whose workers hand them back.
    on_done
        Called with its number after each replication.

    Raises
    ------
    StoreError
        If the folder cannot be written; what is finished is kept.
    WorkerError
        If workers die again and again, or the cluster is lost; likewise.
    """
    work, missing = opened.work, opened.missing
    if isinstance(workers, str):
        for task, packed in each(play_and_pack, work, missing, workers):
            keep_packed(work.folder, name_of(work, task), packed)
            if on_done is not None:
                on_done(task[1])
        return
    for number in each(play_and_keep, work, missing, workers):
        if on_done is not None:
            on_done(number)


def play_sweep(
    opened: Opened,
    *,
    workers: Workers = None,
    on_done: Callable[[int], None] | None = None,
) -> Sweep:
    """Play what is missing (see `play_missing`) and read all replications of all points."""
    play_missing(opened, workers=workers, on_done=on_done)
    return gathered(opened)


def gathered(opened: Opened) -> Sweep:
    """All replications of all points, read from the folder.

    Raises
    ------
    StoreError
        If one is missing.
    """
    design = opened.design
    runs = tuple(_gathered(opened, index) for index in range(len(design.points)))
    return Sweep(design=design, runs=runs, played=len(opened.missing))


def kept_count(opened: Opened) -> int:
    """How many of the replications that were asked for lie in the folder by now."""
    return sum(kept(opened.work, task) is not None for task in opened.asked)


def _gathered(opened: Opened, index: int) -> Runs:
    design, blocks = opened.design, []
    for replication in range(1, design.replications + 1):
        block = kept(opened.work, (index, replication))
        if block is None:
            folder, name = opened.work.folder, design.points[index].name
            raise StoreError(
                f"{folder} lost replication {replication} of {name} meanwhile; the same "
                f"command plays it again.",
                f"{folder} 中“{name}”的第 {replication} 次重复已丢失；"
                f"再次运行同一命令即可补上。",
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
