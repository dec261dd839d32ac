"""Playing one replication: what a worker process does, with as little to import as possible."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sim.demand.trace import draw_trace
from sim.engine import EngineName, play
from sim.experiment.apart import (
    PlayedIsland,
    digest_of,
    division,
    joint_digest,
    measured_whole,
    play_island,
)
from sim.experiment.store import events_path, write_events, write_part
from sim.experiment.workers import Workers, each
from sim.metrics import cases
from sim.metrics.days import days_table
from sim.metrics.measured import Measured
from sim.metrics.summary import figures_table, level_of
from sim.plan.islands import Islands, Sizes, islands
from sim.plan.layout import Plan


class Played(NamedTuple):
    """What one replication leaves behind."""

    replication: int
    figures: pd.DataFrame
    daily: pd.DataFrame
    cases: pd.DataFrame
    digest: str
    events: int
    seconds: float
    islands: int = 1
    """In how many islands it was played; 1: whole."""


class Keep(NamedTuple):
    """Folders into which each replication writes what is too large to hand back."""

    events: Path | None = None
    """Event logs, one file each."""
    cases: Path | None = None
    """One row per request, one compressed part each."""


class Setup(NamedTuple):
    """What all replications of one scenario have in common."""

    plan: Plan
    seed: int
    with_cases: bool
    keep: Keep
    engine: EngineName = "fast"
    sizes: Sizes = Sizes()
    """From which size on it is played in islands."""


def play_one(setup: Setup, replication: int) -> Played:
    """Play and measure one replication, in islands where its plan is large enough."""
    found = division(setup.plan, setup.sizes) if _may_divide(setup) else None
    if found is None:
        return _play_whole(setup, replication)
    items = [(replication, island) for island in range(found.number)]
    return _joined(setup, found, [_play_item(setup, item) for item in items])


def play_each(
    setup: Setup, numbers: Iterable[int], workers: Workers = None
) -> Iterator[Played]:
    """Play and measure replications, several side by side; in order of finishing.

    Where a plan is played in islands these go to the processes one by one, so that even a
    single replication has use of all of them.
    """
    found = division(setup.plan, setup.sizes) if _may_divide(setup) else None
    if found is None or isinstance(workers, str):
        yield from each(play_one, setup, numbers, workers)
        return
    items = [(number, island) for number in numbers for island in found.largest_first]
    waiting: dict[int, list[PlayedIsland]] = {}
    for one in each(_play_item, setup, items, workers):
        mine = waiting.setdefault(one.replication, [])
        mine.append(one)
        if len(mine) == found.number:
            del waiting[one.replication]
            yield _joined(setup, found, mine)


def _may_divide(setup: Setup) -> bool:
    """Events and cases are of the whole run, and are numbered through it."""
    return setup.keep.events is None and not setup.with_cases


def _play_item(setup: Setup, item: tuple[int, int]) -> PlayedIsland:
    replication, island = item
    found = islands(setup.plan, setup.sizes.island)
    return play_island(setup.plan, found, (setup.seed, replication), island, setup.engine)


def _joined(setup: Setup, found: Islands, played: list[PlayedIsland]) -> Played:
    """What the islands of one replication leave behind together."""
    begun = time.perf_counter()
    played = sorted(played, key=lambda one: one.island)
    measured = measured_whole(setup.plan, found, played)
    return Played(
        played[0].replication,
        figures=figures_table(measured),
        daily=days_table(measured.account.days, setup.plan, measured.history),
        cases=pd.DataFrame(),
        digest=joint_digest([one.digest for one in played]),
        events=sum(one.events for one in played),
        # As of a run played whole: what its processes took, not what they waited for others.
        seconds=sum(one.seconds for one in played) + time.perf_counter() - begun,
        islands=found.number,
    )


def _play_whole(setup: Setup, replication: int) -> Played:
    begun = time.perf_counter()
    plan = setup.plan
    trace = draw_trace(plan, setup.seed, replication, with_draws=setup.engine == "reference")
    log = play(plan, trace, setup.engine)
    if setup.keep.events is not None:
        write_events(log, events_path(setup.keep.events, replication))
    measured = Measured(log, plan, level_of(plan, None))
    wanted = setup.with_cases or setup.keep.cases is not None
    each_case = cases(log, plan, measured.table) if wanted else pd.DataFrame()
    if setup.keep.cases is not None:
        numbered = numbered_table(replication, each_case)
        write_part(numbered, setup.keep.cases / f"{replication:06d}.csv.gz")
    return Played(
        replication,
        figures=figures_table(measured),
        daily=days_table(measured.account.days, plan, measured.history),
        cases=each_case if setup.with_cases else pd.DataFrame(),
        digest=digest_of(log, plan, setup.sizes),
        events=log.n_rows,
        seconds=time.perf_counter() - begun,
    )


def numbered_table(replication: int, table: pd.DataFrame) -> pd.DataFrame:
    """A table of one replication with its number first."""
    return table.assign(replication=replication)[["replication", *table.columns]]
