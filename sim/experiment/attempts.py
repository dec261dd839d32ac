"""Attempts: a scenario played with its unknowns at one point, and only wanted figures kept.

An attempt plays the scenario and the ones before under the same seed and replications of its
own, so attempts are independent and a change is taken under common random numbers. Each
finished attempt is a line of a journal, named by what decides it; work that was killed goes on
from there.
"""

import hashlib
import json
import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.demand.trace import draw_trace
from sim.engine import EngineName, play
from sim.errors import PlanError, ScenarioError
from sim.experiment.blocks import program_version, scenario_digest
from sim.experiment.playing import numbered_table
from sim.experiment.runs import Runs
from sim.experiment.targets import over_window, simulated
from sim.experiment.unknowns import Unknown, systems_at
from sim.experiment.workers import each
from sim.metrics import measure
from sim.model.system import System
from sim.model.targets import Quantity, Target
from sim.plan.compile import compile_plan
from sim.scenario.reader import Reading

Floats = NDArray[np.float64]
JOURNAL: Final = "attempts.jsonl"


class Output(NamedTuple):
    """One number that an attempt gives: a claim in one reading, or a plain figure.

    Attributes
    ----------
    name
        For tables.
    target
        The claim; None for a plain figure.
    quantity
        The figure.
    before
        Number of the scenario before, of a change.
    """

    name: str
    target: Target | None
    quantity: Quantity
    before: int | None


class Work(NamedTuple):
    """What a worker must know."""

    readings: tuple[Reading[System], ...]
    unknowns: tuple[Unknown, ...]
    outputs: tuple[Output, ...]
    seed: int
    replications: int
    engine: EngineName
    common: bool
    """Whether all attempts share their replications (sensitivity), or each has its own."""


class Item(NamedTuple):
    """One attempt: its number and its point."""

    number: int
    point: tuple[float, ...]


class Attempts:
    """Simulates points of the unit cube, keeping each in a journal.

    Parameters
    ----------
    work
        What is played.
    journal
        The file; what it holds already is not played again.
    workers
        Processes side by side.
    on_done
        Called after each attempt with its number.
    """

    def __init__(
        self,
        work: Work,
        journal: Path | None,
        *,
        workers: int | None = None,
        on_done: Callable[[int], None] | None = None,
    ) -> None:
        self.work = work
        self.journal = journal
        self.workers = workers
        self.on_done = on_done
        self.base = identity_of(work)
        self.known = _read(journal) if journal is not None else {}
        self.played = 0
        self.refused = 0

    def __call__(self, points: Floats, first: int) -> Floats:
        """Outputs at points, one row each; nan where there is none, or the point is refused."""
        items = [Item(first + k, tuple(map(float, row))) for k, row in enumerate(points)]
        names = {item: self._name(item) for item in items}
        todo = [item for item in items if names[item] not in self.known]
        # Some items for each worker at a time, so that a kill loses little.
        for item, values in each(_attempt, self.work, todo, self.workers):
            self.played += 1
            self._keep(names[item], values)
            if self.on_done is not None:
                self.on_done(item.number)
        rows = [self.known[names[item]] for item in items]
        self.refused += sum(not row for row in rows)
        none = [math.nan] * len(self.work.outputs)
        table = [
            [math.nan if value is None else value for value in row] if row else none
            for row in rows
        ]
        return np.array(table, dtype=np.float64).reshape(len(items), len(self.work.outputs))

    def fits(self, points: Floats) -> NDArray[np.bool_]:
        """Which points the scenarios take; what they refuse is no part of the prior."""
        taken = np.array([_fits(self.work, row) for row in points], dtype=np.bool_)
        self.refused += int((~taken).sum())
        return taken

    def _name(self, item: Item) -> str:
        number = 0 if self.work.common else item.number
        said = json.dumps([self.base, number, [repr(place) for place in item.point]])
        return hashlib.sha256(said.encode()).hexdigest()[:24]

    def _keep(self, name: str, values: list[float | None]) -> None:
        self.known[name] = values
        if self.journal is None:
            return
        line = json.dumps({"name": name, "values": values, "check": _check(name, values)})
        with self.journal.open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")
            stream.flush()
            os.fsync(stream.fileno())


def _read(journal: Path) -> dict[str, list[float | None]]:
    """What is whole in a journal; a line cut off by a kill, or damaged, is left out."""
    found: dict[str, list[float | None]] = {}
    if not journal.is_file():
        return found
    text = journal.read_text(encoding="utf-8", errors="replace")
    if text and not text.endswith("\n"):
        # The next line must not be glued to what a kill cut off.
        with journal.open("a", encoding="utf-8") as stream:
            stream.write("\n")
    for line in text.splitlines():
        try:
            record: Any = json.loads(line)
            name, values = record["name"], record["values"]
        except (ValueError, KeyError, TypeError):
            continue
        if record.get("check") == _check(name, values):
            found[name] = values
    return found


def _check(name: str, values: list[float | None]) -> str:
    return hashlib.sha256(json.dumps([name, values]).encode()).hexdigest()[:12]


def identity_of(work: Work) -> str:
    """A hash of all that decides the outputs besides the point.

    How wide claims are is no part of it: they may be made wider and runs are found again.
    """
    said = [
        [
            scenario_digest(reading.model.model_copy(update={"targets": {}}))
            for reading in work.readings
        ],
        [list(map(str, (one.name, one.ends, one.unit, one.whole))) for one in work.unknowns],
        [
            [
                one.name,
                one.quantity.model_dump_json(),
                one.before,
                one.target.model_dump_json(exclude={"width", "title", "left_open"})
                if one.target
                else None,
            ]
            for one in work.outputs
        ],
        program_version(),
        work.seed,
        work.replications,
        work.common,
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _fits(work: Work, point: Sequence[float]) -> bool:
    try:
        systems_at(work.readings, work.unknowns, point)
    except ScenarioError:
        return False
    return True


def _attempt(work: Work, item: Item) -> tuple[Item, list[float | None]]:
    """Play one attempt; a worker hands back its numbers only, and none of a refused one."""
    try:
        systems = systems_at(work.readings, work.unknowns, item.point)
        played = [_played(work, system, item.number) for system in systems]
    except (ScenarioError, PlanError):
        # Values that fit alone may not fit together: the prior is what the scenario takes.
        return item, []
    return item, [_output(one, systems, played) for one in work.outputs]


def _played(work: Work, system: System, number: int) -> Runs:
    plan = compile_plan(system)
    first = 1 if work.common else 1 + number * work.replications
    wanted = {one.quantity.metric for one in work.outputs}
    tables = {}
    for replication in range(first, first + work.replications):
        log = play(plan, draw_trace(plan, work.seed, replication), work.engine)
        tables[replication] = measure(log, plan, only=wanted)
    stacked = [numbered_table(number, table) for number, table in tables.items()]
    return Runs(
        scenario=system.name,
        seed=work.seed,
        replications=pd.concat(stacked, ignore_index=True),
        daily=pd.DataFrame(),
        cases=pd.DataFrame(),
        digests={},
    )


def _output(one: Output, systems: Sequence[System], played: Sequence[Runs]) -> float | None:
    before = None if one.before is None else played[one.before]
    target = one.target or Target(reported="none.none", readings={"figure": one.quantity})
    found = simulated(target, one.quantity, played[0], before, scale=one.target is not None)
    if isinstance(found, str) or found[0] is None or not math.isfinite(found[0]):
        return None
    if target.window is not None:
        # The middle of the window; its length is a width of the claim.
        low, high = over_window(target, systems[0], found[0], found[0])
        return math.sqrt(low * high)
    return float(found[0])
