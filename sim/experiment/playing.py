"""Playing one replication: what a worker process does, with as little to import as possible."""

import time
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sim.demand.trace import draw_trace
from sim.engine import EngineName, play
from sim.experiment.store import events_path, write_events, write_part
from sim.metrics import cases, daily, measure
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


def play_one(setup: Setup, replication: int) -> Played:
    """Play and measure one replication."""
    begun = time.perf_counter()
    trace = draw_trace(
        setup.plan, setup.seed, replication, with_draws=setup.engine == "reference"
    )
    log = play(setup.plan, trace, setup.engine)
    if setup.keep.events is not None:
        write_events(log, events_path(setup.keep.events, replication))
    wanted = setup.with_cases or setup.keep.cases is not None
    each_case = cases(log, setup.plan) if wanted else pd.DataFrame()
    if setup.keep.cases is not None:
        numbered = numbered_table(replication, each_case)
        write_part(numbered, setup.keep.cases / f"{replication:06d}.csv.gz")
    return Played(
        replication,
        figures=measure(log, setup.plan),
        daily=daily(log, setup.plan),
        cases=each_case if setup.with_cases else pd.DataFrame(),
        digest=log.digest(),
        events=log.n_rows,
        seconds=time.perf_counter() - begun,
    )


def numbered_table(replication: int, table: pd.DataFrame) -> pd.DataFrame:
    """A table of one replication with its number first."""
    return table.assign(replication=replication)[["replication", *table.columns]]
