"""Replications on demand: what a sequential procedure asks for, kept as soon as it is played.

A procedure asks for "the first n replications of this candidate". What lies in the folder is
read, what is missing is played and kept, so a procedure that was stopped goes on where it was
when it is begun again: it asks the same questions.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from sim.engine import EngineName, choose, prepare
from sim.errors import StoreError
from sim.experiment.blocks import (
    Block,
    block_name,
    program_version,
    read_block,
    write_block,
)
from sim.experiment.candidates import Candidates
from sim.experiment.playing import Keep, Setup, numbered_table, play_one
from sim.experiment.runs import Figure, figures_of
from sim.experiment.workers import default_workers, each

WORTH_PROCESSES: Final = 5.0
"""Seconds of work in one go above which other processes are started for it."""

Key = tuple[str, str, str]
"""Metric, what it is divided by, and the part."""


class Assignment(NamedTuple):
    """What a worker must know to play replications of one candidate."""

    setup: Setup
    digest: str
    program: str
    folder: Path


@dataclass(eq=False)
class Supply:
    """Figures of candidates, played when they are missing.

    Attributes
    ----------
    candidates
        The candidates.
    metrics
        Names of the metrics that are wanted.
    folder
        Where replications are kept; made before.
    engine, workers
        Which engine plays, and in how many processes; None: as many as are worth it.
    on_done
        Called with its number after each replication played.
    played, found
        Replications played now, and found in the folder.
    plays
        The engine that played last; None: nothing was played.
    """

    candidates: Candidates
    metrics: Collection[str]
    folder: Path
    engine: EngineName | None
    workers: int | None = None
    on_done: Callable[[int], None] | None = None
    played: int = 0
    found: int = 0
    plays: EngineName | None = None
    _tables: dict[tuple[int, int], dict[int, pd.DataFrame]] = field(default_factory=dict)
    _seconds: float | None = None

    def figures(self, candidate: int, n: int, seed: int | None = None) -> dict[Key, Figure]:
        """The wanted figures of the first n replications of a candidate.

        Raises
        ------
        StoreError
            If the folder cannot be written; what is finished is kept.
        """
        there = self._there(candidate, n, self.candidates.design.seed if seed is None else seed)
        rows = pd.concat([there[r] for r in range(1, n + 1)], ignore_index=True)
        return figures_of(rows, self.metrics)

    def used(self) -> dict[int, int]:
        """Replications looked at, by candidate, with whatever seed."""
        counts: dict[int, int] = {}
        for (candidate, _), tables in self._tables.items():
            counts[candidate] = counts.get(candidate, 0) + len(tables)
        return counts

    def _there(self, candidate: int, n: int, seed: int) -> dict[int, pd.DataFrame]:
        there = self._tables.setdefault((candidate, seed), {})
        wanted = [r for r in range(1, n + 1) if r not in there]
        if not wanted:
            return there
        known = self.candidates.known(candidate)
        program = program_version()
        names = {r: block_name(known.digest, program, seed, r) for r in wanted}
        blocks = {r: read_block(self.folder, name) for r, name in names.items()}
        missing = [r for r, block in blocks.items() if block is None]
        if missing:
            plan = self.candidates.plan(candidate)
            self.plays = choose(plan, self.engine)
            prepare(self.plays, plan)
            setup = Setup(plan, seed, with_cases=False, keep=Keep(), engine=self.plays)
            self._play(Assignment(setup, known.digest, program, self.folder), missing)
            blocks |= {r: read_block(self.folder, names[r]) for r in missing}
        self.found += len(wanted) - len(missing)
        for r, block in blocks.items():
            if block is None:
                raise StoreError(
                    f"{self.folder} lost replication {r}; the same command goes on.",
                    f"{self.folder} 中的第 {r} 次重复已丢失；再次运行同一命令即可继续。",
                )
            there[r] = self._wanted(block)
        return there

    def _play(self, given: Assignment, missing: list[int]) -> None:
        if self._seconds is None:
            begun = time.monotonic()
            self._count(play_and_keep(given, missing[0]))
            self._seconds, missing = time.monotonic() - begun, missing[1:]
        begun, cost = time.monotonic(), self._seconds * len(missing)
        workers = (self.workers or default_workers()) if cost > WORTH_PROCESSES else 1
        for number in each(play_and_keep, given, missing, workers):
            self._count(number)
        if missing:
            self._seconds = (time.monotonic() - begun) * workers / len(missing)

    def _count(self, replication: int) -> None:
        self.played += 1
        if self.on_done is not None:
            self.on_done(replication)

    def _wanted(self, block: Block) -> pd.DataFrame:
        rows = block.figures[block.figures["metric"].isin(list(self.metrics))]
        return numbered_table(block.replication, rows)


def play_and_keep(given: Assignment, replication: int) -> int:
    """Play one replication and keep it; a worker hands back no more than its number."""
    played = play_one(given.setup, replication)
    name = block_name(given.digest, given.program, given.setup.seed, replication)
    write_block(
        given.folder, name, Block(replication, played.figures, played.digest, played.events)
    )
    return replication
