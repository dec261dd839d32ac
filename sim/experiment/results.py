"""What a results folder of one scenario holds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.experiment.cautions import Caution, as_records
from sim.experiment.crate import write_crate
from sim.experiment.manifest import (
    SCHEMA_VERSION,
    describe_files,
    describe_inputs,
    describe_runs,
    describe_tool,
)
from sim.experiment.runs import Runs
from sim.experiment.store import (
    join_parts,
    keep_events,
    utc_now,
    write_manifest,
    write_table,
    write_text,
)
from sim.experiment.targets import Outcome, outcomes_table
from sim.model.evidence import Provenance
from sim.model.system import System
from sim.scenario.reader import Reading
from sim.scenario.resolve import provenance_of, resolved

PARTS = "parts"
"""Folder, while a run is written, of what each replication adds to the table of cases."""
TARGETS = "targets.csv"
"""Simulated against reported, where the scenario names reported outcomes."""
ORIGINS = ("reported", "derived", "calibrated", "assumed", "plain", "unstated")
_NO_INPUTS = ("targets.", "experiment.")


class Occasion(NamedTuple):
    """How the runs came about, as far as they do not know it themselves."""

    asked: int
    """Replications that were asked for."""
    seconds: float
    """Time that passed."""
    lang: str
    cautions: Sequence[Caution]


def write_results(
    folder: Path,
    reading: Reading[System],
    runs: Runs,
    occasion: Occasion,
    outcomes: Sequence[Outcome] = (),
) -> None:
    """Fill a folder with the tables of the runs, the scenario in full, and the manifest."""
    write_text(resolved(reading), folder / "scenario.resolved.yaml")
    tables = {
        "summary.csv": runs.summary(),
        "replications.csv": runs.replications,
        "daily.csv": runs.daily,
    }
    if outcomes:
        tables[TARGETS] = outcomes_table(outcomes, occasion.lang)
    rows = {name: write_table(table, folder / name) for name, table in tables.items()}
    parts = folder / PARTS
    if parts.is_dir():
        rows["cases.csv.gz"] = join_parts(parts, folder / "cases.csv.gz", runs.digests)
    keep_events(folder / "events", runs.digests)
    manifest = _manifest(folder, reading, runs, occasion, rows)
    if outcomes:
        manifest["targets"] = [outcome.record(occasion.lang) for outcome in outcomes]
    write_manifest(folder, manifest)
    write_crate(folder, manifest)


def count_origins(reading: Reading[System]) -> dict[str, int]:
    """How many numbers of the scenario are reported, derived, assumed and so on.

    Those of targets and of a proposed experiment are not counted: results are held against the
    ones, the others stand for inputs that are counted themselves.
    """
    kinds: list[str] = [origin.kind for origin in input_origins(reading).values()]
    return {kind: kinds.count(kind) for kind in ORIGINS}


def input_origins(reading: Reading[System]) -> dict[str, Provenance]:
    """Where every input comes from, by path, without targets and the proposed experiment."""
    found = provenance_of(reading)
    return {path: each for path, each in found.items() if not path.startswith(_NO_INPUTS)}


def _manifest(
    folder: Path,
    reading: Reading[System],
    runs: Runs,
    occasion: Occasion,
    rows: dict[str, int],
) -> dict[str, Any]:
    return {
        "schema": SCHEMA_VERSION,
        "written": utc_now().isoformat(),
        "tool": describe_tool(),
        **describe_inputs(reading.files, reading.overrides, occasion.lang),
        "run": describe_runs(runs, reading.model.run, occasion.asked, occasion.seconds),
        "provenance": count_origins(reading),
        "warnings": [caution.message(occasion.lang) for caution in occasion.cautions],
        "cautions": as_records(occasion.cautions),
        "files": describe_files(folder, rows),
    }
