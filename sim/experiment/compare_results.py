"""What the folder of a comparison holds: the differences, and every scenario's own tables.

One folder below ``scenarios/`` holds what a run of that scenario would hold; the manifest
above tells all of them, the baseline first.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd

from sim.experiment.cautions import as_records, cautions_of
from sim.experiment.compare import Comparison
from sim.experiment.crate import write_crate
from sim.experiment.figures import HEADLINE
from sim.experiment.manifest import (
    SCHEMA_VERSION,
    describe_files,
    describe_inputs,
    describe_runs,
    describe_tool,
)
from sim.experiment.results import TARGETS, count_origins
from sim.experiment.runs import Runs
from sim.experiment.store import utc_now, write_manifest, write_table, write_text
from sim.experiment.targets import Outcome, outcomes_table
from sim.model.system import System
from sim.scenario.reader import Reading
from sim.scenario.resolve import resolved

DIFFERENCES = "differences.csv"
MEMBERS = "scenarios"
SCENARIO = "scenario.resolved.yaml"


class CompareOccasion(NamedTuple):
    """How the comparison came about, as far as it does not know it itself."""

    asked: int
    """Replications of each scenario."""
    seconds: float
    """Time that passed."""
    lang: str
    failed_checks: Sequence[str]
    """What was asked for with ``--fail-if`` and did not hold."""


def member_folder(place: int, name: str) -> str:
    """Where the tables of one scenario lie, the baseline being the first (place 1)."""
    return f"{MEMBERS}/{place}-{name.replace('#', '-')}"


def write_comparison(
    folder: Path,
    readings: Sequence[Reading[System]],
    comparison: Comparison,
    occasion: CompareOccasion,
    outcomes: Mapping[str, Sequence[Outcome]] = MappingProxyType({}),
) -> None:
    """Fill a folder with the differences, the tables of each scenario, and the manifest.

    Parameters
    ----------
    folder, readings, comparison, occasion
        Where to, and what was compared.
    outcomes
        Simulated against reported, by name of the scenario.
    """
    rows = {DIFFERENCES: write_table(comparison.differences(), folder / DIFFERENCES)}
    if outcomes:
        tables = [
            outcomes_table(found, occasion.lang).assign(scenario=name)
            for name, found in outcomes.items()
        ]
        table = pd.concat(tables, ignore_index=True)
        rows[TARGETS] = write_table(table, folder / TARGETS)
    for where, _, reading, runs in _members(readings, comparison):
        rows |= _write_member(folder, where, reading, runs)
    record = _manifest(folder, readings, comparison, occasion, rows)
    write_manifest(folder, record)
    write_crate(folder, record)


def _members(
    readings: Sequence[Reading[System]], comparison: Comparison
) -> Iterator[tuple[str, str, Reading[System], Runs]]:
    """Folder, name, scenario and runs of each."""
    each = zip(comparison.names, readings, comparison.runs, strict=True)
    for place, (name, reading, runs) in enumerate(each, start=1):
        yield member_folder(place, name), name, reading, runs


def _write_member(
    folder: Path, where: str, reading: Reading[System], runs: Runs
) -> dict[str, int]:
    (folder / where).mkdir(parents=True)
    write_text(resolved(reading), folder / where / SCENARIO)
    tables = {
        f"{where}/summary.csv": runs.summary(),
        f"{where}/replications.csv": runs.replications,
        f"{where}/daily.csv": runs.daily,
    }
    return {name: write_table(table, folder / name) for name, table in tables.items()}


def _manifest(
    folder: Path,
    readings: Sequence[Reading[System]],
    comparison: Comparison,
    occasion: CompareOccasion,
    rows: dict[str, int],
) -> dict[str, Any]:
    first = readings[0]
    inputs = describe_inputs(first.files, first.overrides, occasion.lang)
    return {
        "schema": SCHEMA_VERSION,
        "written": utc_now().isoformat(),
        "tool": describe_tool(),
        **inputs,
        "compare": {
            "names": list(comparison.names),
            "replications": occasion.asked,
            "seed": comparison.runs[0].seed,
            "confidence": comparison.confidence,
            "unmatched_sources": comparison.unmatched,
            "independent": [
                {"seed": runs.seed, "digests": _digests(runs)}
                for runs in comparison.independent
            ],
            "failed_checks": list(occasion.failed_checks),
            "seconds": round(occasion.seconds, 3),
        },
        "scenarios": [
            {"name": name, "folder": where, **_member(reading, runs, occasion)}
            for where, name, reading, runs in _members(readings, comparison)
        ],
        "files": describe_files(folder, rows),
    }


def _member(reading: Reading[System], runs: Runs, occasion: CompareOccasion) -> dict[str, Any]:
    """One scenario, told as the manifest of its own run would tell it."""
    inputs = describe_inputs(reading.files, reading.overrides, occasion.lang)
    seconds = sum(runs.seconds.values())
    cautions = cautions_of(runs, HEADLINE, occasion.asked, reading.model)
    return {
        **{key: inputs[key] for key in ("scenario", "inputs", "overrides")},
        "run": describe_runs(runs, reading.model.run, occasion.asked, seconds),
        "provenance": count_origins(reading),
        "warnings": [caution.message(occasion.lang) for caution in cautions],
        "cautions": as_records(cautions),
    }


def _digests(runs: Runs) -> dict[str, str]:
    return {str(number): runs.digests[number] for number in sorted(runs.digests)}
