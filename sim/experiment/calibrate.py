"""Calibration: what reported outcomes say of the assumptions of a scenario.

The unknowns are assumptions with a range, the claims are targets, and a run is accepted when
it meets all claims. A claim that may mean several figures is calibrated in each reading.
"""

import math
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.analysis.acceptance import Search, Settings, search
from sim.analysis.claims import Band
from sim.analysis.ensemble import (
    Conflict,
    Ensemble,
    HeldOut,
    Identified,
    conflicts,
    directions,
    identify,
    leave_one_out,
)
from sim.analysis.smc import FEWEST_RUNS, MOST_COLUMNS, search_smc
from sim.engine import EngineName, choose, prepare
from sim.errors import AnalysisError
from sim.experiment.attempts import Attempts, Floats, Output, Work
from sim.experiment.targets import baseline_files, check_targets, claim_band
from sim.experiment.unknowns import Unknown, unknowns_of
from sim.model.system import System
from sim.plan.compile import compile_plan
from sim.scenario.evidence import load_evidence
from sim.scenario.reader import Reading, load_scenario

Method = Literal["emulator", "smc"]

MOST_READINGS: Final = 12


class Question(NamedTuple):
    """What is to be calibrated.

    Attributes
    ----------
    readings
        The scenario, then those before that its claims are held against.
    unknowns
        Assumptions that may move.
    outputs
        Every reading of every claim.
    bands
        What agrees, one for each output.
    held_out
        Claims that are simulated and not used.
    """

    readings: tuple[Reading[System], ...]
    unknowns: tuple[Unknown, ...]
    outputs: tuple[Output, ...]
    bands: tuple[Band, ...]
    held_out: tuple[str, ...]

    @property
    def claims(self) -> tuple[str, ...]:
        """Names of the targets."""
        return tuple(dict.fromkeys(one.name.partition("/")[0] for one in self.outputs))

    def combinations(self) -> list[tuple[int, ...]]:
        """Every way to read the claims: one output of each target, in their order."""
        groups = [
            [k for k, one in enumerate(self.outputs) if one.name.partition("/")[0] == claim]
            for claim in self.claims
        ]
        return list(product(*groups))


class Calibration(NamedTuple):
    """The answer in one reading of the claims.

    Attributes
    ----------
    columns
        The outputs read, one for each claim.
    used
        Those of them that had to be met.
    search
        All runs and how they were found.
    posterior
        The runs that met every claim used.
    identified
        One for each unknown; empty where too few runs were accepted.
    eigenvalues
        Of the posterior covariance in prior units.
    held_out
        For each claim: how often runs that meet the other used ones meet it.
    conflicts
        Claims that cannot be met, alone or together; places refer to `used`.
    """

    columns: tuple[int, ...]
    used: tuple[int, ...]
    search: Search
    posterior: Ensemble
    identified: list[Identified]
    eigenvalues: Floats
    held_out: list[HeldOut]
    conflicts: list[Conflict]


FEWEST: Final = 10.0
"""Fewer accepted runs than this, in effective number, say nothing of any parameter."""


def question_of(
    file: str | Path,
    overrides: Sequence[str] = (),
    *,
    vary: Sequence[str] = (),
    hold_out: Sequence[str] = (),
    read_as: dict[str, str] | None = None,
) -> Question:
    """Read a scenario and what its targets need.

    Parameters
    ----------
    file, overrides
        The scenario; the overrides hold for the scenarios before as well, except those of
        its targets.
    vary
        Field paths of the assumptions that may move; all by default.
    hold_out
        Targets that are simulated but not used.
    read_as
        The reading of some targets; the others are taken in each reading.

    Raises
    ------
    ScenarioError, UnknownPath
        If a file is wrong, or nothing assumed lies at a path.
    AnalysisError
        If there is nothing to calibrate with, or a name is unknown.
    """
    reading = load_scenario(file, overrides)
    check_targets(reading)
    files = baseline_files(reading)
    before = list(dict.fromkeys(path.resolve() for path in files.values()))
    # What is said of claims is said of this scenario only: those before have none.
    shared = [one for one in overrides if not one.strip().startswith("targets.")]
    readings = (reading, *(load_scenario(path, shared) for path in before))
    chosen = read_as or {}
    targets = reading.model.targets
    for name in (*hold_out, *chosen):
        if name not in targets:
            known = ", ".join(targets) or "none"
            raise AnalysisError(
                f"The scenario has no target '{name}'; it has: {known}.",
                f"情景中没有对照指标“{name}”；现有：{'、'.join(targets) or '无'}。",
            )
    if not [name for name in targets if name not in hold_out]:
        raise AnalysisError(
            f"{file} has no target to calibrate with; see docs/calibration.md.",
            f"{file} 没有可供校准的对照指标；参见 docs/calibration.md。",
        )
    number_of = {name: 1 + before.index(path.resolve()) for name, path in files.items()}
    outputs, bands = _outputs(reading, chosen, number_of)
    unknowns = unknowns_of(readings, vary)
    if not unknowns:
        raise nothing_assumed(file)
    question = Question(readings, unknowns, outputs, bands, tuple(hold_out))
    if len(question.combinations()) > MOST_READINGS:
        raise AnalysisError(
            f"{len(question.combinations())} ways to read the claims are too many; choose "
            f"some with --read TARGET=READING.",
            f"解读方式共 {len(question.combinations())} 种，过多；"
            f"请用 --read TARGET=READING 选定其中几项。",
        )
    return question


def nothing_assumed(file: str | Path) -> AnalysisError:
    """Nothing can move."""
    return AnalysisError(
        f"{file} assumes nothing with a range, so nothing can move.",
        f"{file} 中没有带范围的假定，无可变动之处。",
    )


def _outputs(
    reading: Reading[System], chosen: dict[str, str], number_of: dict[str, int]
) -> tuple[tuple[Output, ...], tuple[Band, ...]]:
    """Every reading of every claim, with the values that agree."""
    outputs, bands = [], []
    for name, target in reading.model.targets.items():
        if name in chosen and chosen[name] not in target.readings:
            known = ", ".join(target.readings)
            raise AnalysisError(
                f"The target {name} has no reading '{chosen[name]}'; it has: {known}.",
                f"对照指标 {name} 没有解读“{chosen[name]}”；"
                f"现有：{'、'.join(target.readings)}。",
            )
        band = claim_band(target, load_evidence().fact(target.reported))
        if target.window is not None:
            # A run gives the count at the middle of the window; each end may be the true one.
            slack = math.sqrt(target.window[1] / target.window[0])
            band = Band(band.low / slack, band.high * slack)
        for title, quantity in target.readings.items():
            if chosen.get(name, title) == title:
                outputs.append(Output(f"{name}/{title}", target, quantity, number_of.get(name)))
                bands.append(band)
    return tuple(outputs), tuple(bands)


def work_of(
    question: Question, seed: int, replications: int, engine: EngineName | None
) -> Work:
    """What is played for a question, and by which engine; one that cannot is refused here."""
    engine = engine_for(question.readings, engine)
    return Work(
        question.readings,
        question.unknowns,
        question.outputs,
        seed,
        replications,
        engine,
        common=False,
    )


def engine_for(readings: Sequence[Reading[System]], engine: EngineName | None) -> EngineName:
    """The engine that plays all of them: the fast one only if it can play each."""
    for reading in readings:
        plan = compile_plan(reading.model)
        if choose(plan, engine) == "reference":
            return "reference"
        prepare("fast", plan)
    return "fast"


def calibrate(
    question: Question, attempts: Attempts, settings: Settings, method: Method = "emulator"
) -> list[Calibration]:
    """Calibrate in every reading of the claims.

    Parameters
    ----------
    question
        What is to be calibrated.
    attempts
        Plays and keeps the runs; readings share them.
    settings
        How long to look, in each reading.
    method
        ``emulator``: guided exact acceptance; ``smc``: plain sequential Monte Carlo.
    """
    return [
        _one(question, attempts, settings, method, columns)
        for columns in question.combinations()
    ]


def check_method(question: Question, settings: Settings, method: Method) -> None:
    """Refuse a plain search among more unknowns than it can find its way in.

    Raises
    ------
    AnalysisError
        If sequential Monte Carlo has too many unknowns, or too few runs a generation.
    """
    count = len(question.unknowns)
    if method == "emulator":
        return
    if count > MOST_COLUMNS:
        raise AnalysisError(
            f"--method smc moves all {count} unknowns in every step and is lost among more "
            f"than {MOST_COLUMNS}; choose some with --vary, or take --method emulator.",
            f"--method smc 每一步都移动全部 {count} 项未知假设，超过 {MOST_COLUMNS} 项时"
            f"无法收敛；请用 --vary 选定其中几项，或改用 --method emulator。",
        )
    if settings.wanted < FEWEST_RUNS * count:
        raise AnalysisError(
            f"--method smc with {count} unknowns needs --accept {FEWEST_RUNS * count} or more.",
            f"--method smc 有 {count} 项未知假设，--accept 至少应为 {FEWEST_RUNS * count}。",
        )


def _one(
    question: Question,
    attempts: Attempts,
    settings: Settings,
    method: Method,
    columns: tuple[int, ...],
) -> Calibration:
    held = [question.claims.index(name) for name in question.held_out]
    used = tuple(k for place, k in enumerate(columns) if place not in held)
    bands = [question.bands[k] for k in columns]
    # What is held out is simulated all the same, behind a claim that everything meets.
    wide = Band(-math.inf, math.inf)
    asked = [wide if place in held else band for place, band in enumerate(bands)]
    asked = [band for band in asked if band is not wide]
    kept: dict[int, Floats] = {}

    def simulate(points: Floats, first: int) -> Floats:
        found = attempts(points, first)
        kept.update({first + k: row for k, row in enumerate(found)})
        return found[:, list(used)]

    finder = search if method == "emulator" else search_smc
    found = finder(simulate, len(question.unknowns), asked, settings, attempts.fits)
    every = _with_held_out(found, kept, columns, used)
    rows = Ensemble(found.runs.points, found.runs.outputs, found.runs.weights).meets(asked)
    posterior = every.only(rows)
    enough = posterior.effective >= FEWEST
    return Calibration(
        columns=columns,
        used=used,
        search=found,
        posterior=posterior,
        identified=identify(posterior, found.active) if enough else [],
        eigenvalues=directions(posterior, found.active) if enough else np.empty(0),
        held_out=_held_out(found.prior, asked, posterior, columns, used, bands),
        conflicts=conflicts(found.prior, asked, len(found.prior.points)),
    )


def _with_held_out(
    found: Search, kept: dict[int, Floats], columns: tuple[int, ...], used: tuple[int, ...]
) -> Ensemble:
    """The counted runs with the outputs of all claims, found again by those that were used."""
    if used == columns:
        return found.runs
    by_used = {tuple(row[list(used)]): row[list(columns)] for row in kept.values()}
    none = np.full(len(columns), np.nan)
    rows = [by_used.get(tuple(row), none) for row in found.runs.outputs]
    return Ensemble(found.runs.points, np.array(rows), found.runs.weights)


def _held_out(
    prior: Ensemble,
    asked: list[Band],
    posterior: Ensemble,
    columns: tuple[int, ...],
    used: tuple[int, ...],
    bands: list[Band],
) -> list[HeldOut]:
    turns = iter(leave_one_out(prior, asked))
    found = []
    for place, column in enumerate(columns):
        if column in used:
            found.append(next(turns))
            continue
        values, band = posterior.outputs[:, place], bands[place]
        rows = (values >= band.low) & (values <= band.high)
        found.append(HeldOut(posterior.share(rows), posterior.effective))
    return found
