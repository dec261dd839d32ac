"""Predictions that carry what is not known of the assumptions: runs over posterior draws.

Draw d is played in replications (d - 1) · n + 1 … d · n, the same of every scenario, so that
scenarios are compared under the same demand and with the same assumptions. An assumption is
found again by the fields that it reaches and by its range; what a scenario fixes itself, or
assumes otherwise, is left as the scenario says, and named.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from sim.analysis.predictive import Sign, Spread, sign_of, spread_of
from sim.engine import EngineName
from sim.errors import AnalysisError, PlanError, ScenarioError
from sim.experiment.calibrate import engine_for
from sim.experiment.playing import Keep, Played, Setup, play_one
from sim.experiment.posterior import Known, Posterior
from sim.experiment.replicate import gather
from sim.experiment.runs import Figure, Runs, figures_of
from sim.experiment.unknowns import Unknown, systems_at, unknowns_of
from sim.experiment.workers import each
from sim.model.system import System
from sim.plan.compile import compile_plan
from sim.scenario.nodes import show
from sim.scenario.reader import Reading

DRAWS = 40
REPLICATIONS = 2


class Applied(NamedTuple):
    """A scenario and what a posterior says of it.

    Attributes
    ----------
    reading
        The scenario.
    unknowns, columns
        Its assumptions that move, and their columns of the posterior.
    absent
        Calibrated assumptions that it does not have, or has with another range.
    unmoved
        Its assumptions with a range that were not calibrated: they stay as assumed.
    """

    reading: Reading[System]
    unknowns: tuple[Unknown, ...]
    columns: tuple[int, ...]
    absent: tuple[str, ...]
    unmoved: tuple[str, ...]


class Work(NamedTuple):
    """What a worker must know."""

    applied: tuple[Applied, ...]
    posterior: Posterior
    replications: int
    seed: int
    engine: EngineName


class Item(NamedTuple):
    """One draw: its number from 1, and its row of the posterior."""

    number: int
    row: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Prediction:
    """Scenarios played over the draws of a posterior.

    Attributes
    ----------
    posterior
        Where the draws come from.
    applied
        The scenarios and what moves in each.
    runs
        Of each scenario, all replications of all draws.
    drawn
        Row of the posterior by number of the draw.
    refused
        Numbers of draws that some scenario refuses; no scenario plays them.
    replications
        Of each draw.
    """

    posterior: Posterior
    applied: tuple[Applied, ...]
    runs: tuple[Runs, ...]
    drawn: Mapping[int, int]
    refused: tuple[int, ...]
    replications: int

    def draw_of(self, replication: int) -> int:
        """The draw that a replication was played with."""
        return (replication - 1) // self.replications + 1

    def spreads(self, place: int = 0) -> dict[tuple[str, str, str], tuple[Figure, Spread]]:
        """Every figure of one scenario with its prediction interval and both parts of it."""
        found = {}
        for key, figure in figures_of(self.runs[place].replications).items():
            groups = self._by_draw(figure, None)
            spread = spread_of(groups) if groups is not None else None
            if spread is not None:
                found[key] = (figure, spread)
        return found

    def signs(self, place: int) -> dict[tuple[str, str, str], tuple[Figure, Sign]]:
        """Every difference of a scenario to the first, with the draws that say otherwise."""
        there = figures_of(self.runs[place].replications)
        found = {}
        for key, first in figures_of(self.runs[0].replications).items():
            groups = self._by_draw(there[key], first) if key in there else None
            sign = sign_of(groups) if groups is not None else None
            if sign is not None:
                found[key] = (first, sign)
        return found

    def _by_draw(self, figure: Figure, before: Figure | None) -> list[list[float]] | None:
        """Values, or differences, of each draw; None where some were not reached."""
        values = dict(zip(figure.replications, figure.values, strict=True))
        base = None
        if before is not None:
            base = dict(zip(before.replications, before.values, strict=True))
        groups: dict[int, list[float]] = {}
        for number, value in values.items():
            start = 0.0 if base is None else base.get(number, float("nan"))
            if value is None or start is None:
                return None
            groups.setdefault(self.draw_of(number), []).append(value - start)
        return list(groups.values())

    def draws_table(self) -> pd.DataFrame:
        """The draws that were played: number, row of the posterior, and every value."""
        rows = []
        for number, row in self.drawn.items():
            point = self.posterior.points[row]
            said: dict[str, object] = {"draw": number, "row": row}
            for one in self.applied:
                for unknown, column in zip(one.unknowns, one.columns, strict=True):
                    name = self.posterior.unknowns[column].name
                    said.setdefault(name, unknown.text(float(point[column])))
            rows.append(said)
        return pd.DataFrame(rows)


def apply(reading: Reading[System], posterior: Posterior) -> Applied:
    """Find the calibrated assumptions of a posterior in a scenario.

    Raises
    ------
    AnalysisError
        If it has none of them.
    """
    mine = unknowns_of([reading])
    column_of = {id(one): _column(one, reading.model.name, posterior.unknowns) for one in mine}
    moved = [one for one in mine if column_of[id(one)] is not None]
    columns = tuple(column for one in moved if (column := column_of[id(one)]) is not None)
    if not moved:
        raise AnalysisError(
            f"{reading.model.name} has none of the assumptions that were calibrated in "
            f"{posterior.folder} with the ranges that they had there.",
            f"{reading.model.name} 中没有 {posterior.folder} 所校准的假设（或范围不同）。",
        )
    own = {known.name for k, known in enumerate(posterior.unknowns) if k not in columns
           and _concerns(known, reading.model.name)}  # fmt: skip
    return Applied(
        reading,
        tuple(moved),
        columns,
        tuple(sorted(own)),
        tuple(one.name for one in mine if column_of[id(one)] is None),
    )


def _concerns(known: Known, name: str) -> bool:
    """Whether a scenario of this name should have it: not if only others had it."""
    names = {scenario for scenario, _ in known.places}
    return name in names or "@" not in known.name


def _column(one: Unknown, name: str, unknowns: Sequence[Known]) -> int | None:
    """The column with the same range that reaches one of the same fields."""
    paths = {show(path) for _, path in one.places}
    for column, known in enumerate(unknowns):
        if (known.low, known.high, known.unit) != (one.low, one.high, one.unit):
            continue
        own = {path for scenario, path in known.places if scenario == name}
        # A variant has the fields of the scenario that was calibrated, under another name.
        fields = own or {path for _, path in known.places if "@" not in known.name}
        if fields & paths:
            return column
    return None


def predict(  # noqa: PLR0913 - a keyword per wish
    readings: Sequence[Reading[System]],
    posterior: Posterior,
    *,
    draws: int = DRAWS,
    replications: int = REPLICATIONS,
    seed: int,
    workers: int | None = None,
    engine: EngineName | None = None,
    on_done: Callable[[int], None] | None = None,
) -> Prediction:
    """Play scenarios over draws of a posterior.

    Parameters
    ----------
    readings
        The scenarios; each plays the same draws under the same demand.
    posterior
        Draws of a calibration.
    draws, replications
        How many draws, and how often each is played.
    seed
        Of the demand, and of the choice of draws.
    workers, engine
        As for `sim.experiment.replicate.replicate`.
    on_done
        Called with its number after each draw.

    Raises
    ------
    AnalysisError
        If a scenario has no calibrated assumption, or refuses every draw.
    KeyboardInterrupt
        On Ctrl-C; half an ensemble is none, so nothing is kept.
    """
    applied = tuple(apply(reading, posterior) for reading in readings)
    work = Work(applied, posterior, replications, seed, engine_for(readings, engine))
    rows = posterior.resampled(draws, seed)
    items = [Item(number, int(row)) for number, row in enumerate(rows, 1)]
    played: dict[int, list[list[Played]] | None] = {}
    for item, one in each(_play_draw, work, items, workers):
        played[item.number] = one
        if on_done is not None:
            on_done(item.number)
    whole = {number: one for number, one in sorted(played.items()) if one is not None}
    if not whole:
        raise AnalysisError(
            f"Every one of the {draws} draws is refused by some scenario.",
            f"{draws} 组抽样均被某一情景拒绝。",
        )
    return Prediction(
        posterior=posterior,
        applied=applied,
        runs=tuple(_runs(work, place, whole) for place in range(len(applied))),
        drawn={item.number: item.row for item in items if item.number in whole},
        refused=tuple(number for number in sorted(played) if number not in whole),
        replications=replications,
    )


def _runs(work: Work, place: int, played: Mapping[int, list[list[Played]]]) -> Runs:
    reading = work.applied[place].reading
    setup = Setup(
        compile_plan(reading.model),
        work.seed,
        with_cases=False,
        keep=Keep(),
        engine=work.engine,
    )
    every = [one for members in played.values() for one in members[place]]
    return gather(reading.model.name, setup, every)


def _play_draw(work: Work, item: Item) -> tuple[Item, list[list[Played]] | None]:
    """All scenarios with one draw; None where one of them refuses it."""
    try:
        plans = [compile_plan(system_at(one, work.posterior, item.row)) for one in work.applied]
    except (ScenarioError, PlanError):
        return item, None
    first = (item.number - 1) * work.replications + 1
    numbers = range(first, first + work.replications)
    found = []
    for plan in plans:
        setup = Setup(plan, work.seed, with_cases=False, keep=Keep(), engine=work.engine)
        found.append([play_one(setup, number) for number in numbers])
    return item, found


def system_at(one: Applied, posterior: Posterior, row: int) -> System:
    """The scenario with the values of one row of a posterior.

    Raises
    ------
    ScenarioError
        If the scenario refuses them.
    """
    point = [float(posterior.points[row, column]) for column in one.columns]
    return systems_at([one.reading], one.unknowns, point)[0]
