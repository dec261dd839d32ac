"""What the folder of a sweep holds besides its blocks: tables, the scenario, the manifest."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiment.blocks import keeping, program_version, scenario_digest, write_whole
from sim.experiment.crate import CRATE, write_crate
from sim.experiment.manifest import (
    SCHEMA_VERSION,
    STREAMS,
    describe_inputs,
    describe_tool,
)
from sim.experiment.parquet import write_parquet
from sim.experiment.points import Design
from sim.experiment.store import MANIFEST, file_digest, utc_now, write_manifest
from sim.experiment.sweep import COST, Sweep
from sim.scenario.resolve import resolved
from sim.units import format_duration

SWEEP_TABLE = "sweep.csv"
REPLICATIONS = "replications.csv"
FRONTIER_TABLE = "frontier.csv"
SCENARIO = "scenario.resolved.yaml"
LONG = (SWEEP_TABLE, REPLICATIONS)


def describe_sweep(
    sweep: Sweep, against: str, metrics: Sequence[str], seconds: float
) -> dict[str, Any]:
    """The design, and what was played, as JSON can hold it."""
    design = sweep.design
    asked = len(design.points) * design.replications
    return {
        "scenario": design.base.files[0],
        "name": design.base.model.name,
        "overrides": list(design.base.overrides),
        "design": design.kind,
        "levers": {
            lever.path: _used(design, place) for place, lever in enumerate(design.levers)
        },
        "points": len(design.points),
        "replications": design.replications,
        "seed": design.seed,
        "version": program_version(),
        "cost": COST,
        "against": against,
        "also": list(metrics),
        "played": sweep.played,
        "kept": asked - sweep.played,
        "seconds": round(seconds, 3),
    }


def _used(design: Design, place: int) -> list[str]:
    """The values of a lever: of a grid all that were given, else those that points have."""
    values = design.levers[place].values
    if design.kind == "grid":
        return list(values)
    used = {point.values[place] for point in design.points}
    return [value for value in values if value in used]


def write_sweep(
    folder: Path, sweep: Sweep, described: dict[str, Any], *, as_parquet: bool = False
) -> None:
    """Write the tables of a sweep into its folder, each whole, and the manifest last.

    Parameters
    ----------
    folder
        Of the sweep.
    sweep
        What was played.
    described
        As `describe_sweep` says, and the language.
    as_parquet
        Whether the two long tables are written once more as Parquet.

    Raises
    ------
    StoreError
        If the folder cannot be written; blocks are kept.
    """
    frontier = sweep.frontier(described["against"], also=described["also"])
    tables: dict[str, Callable[[], Iterable[pd.DataFrame]]] = {
        SWEEP_TABLE: lambda: [sweep.table()],
        REPLICATIONS: sweep.replications,
        FRONTIER_TABLE: lambda: [frontier],
    }
    with keeping(folder):
        rows = {name: _write_table(parts(), folder / name) for name, parts in tables.items()}
        for name in LONG if as_parquet else ():
            path = (folder / name).with_suffix(".parquet")
            rows[path.name] = write_parquet(tables[name](), path)
        write_whole(folder / SCENARIO, resolved(sweep.design.base))
        _write_manifest(folder, sweep, described, rows)


def _write_table(parts: Iterable[pd.DataFrame], path: Path) -> int:
    """Write a table part by part, so that it need not fit into memory; return its rows."""
    rows = 0
    with tempfile.TemporaryDirectory(prefix=".table-", dir=path.parent) as hidden:
        with (Path(hidden) / path.name).open("wb") as stream:
            for part in parts:
                # Spreadsheets know by the mark at the beginning that Chinese is UTF-8.
                text = part.to_csv(index=False, header=not rows, lineterminator="\n")
                stream.write(text.encode("utf-8" if rows else "utf-8-sig"))
                rows += len(part)
        (Path(hidden) / path.name).replace(path)
    return rows


def _write_manifest(
    folder: Path, sweep: Sweep, described: dict[str, Any], rows: dict[str, int]
) -> None:
    design = sweep.design
    run = design.base.model.run
    inputs = describe_inputs(design.base.files, design.base.overrides, described["language"])
    record = {
        "schema": SCHEMA_VERSION,
        "written": utc_now().isoformat(),
        "tool": describe_tool(),
        **inputs,
        "run": {
            "engine": sweep.runs[0].engine,
            "seed": design.seed,
            "streams": STREAMS,
            "replications": design.replications,
            "start": run.start.isoformat(),
            "warm_up": format_duration(run.warm_up),
            "horizon": format_duration(run.horizon),
            "cool_down": format_duration(run.cool_down),
        },
        "sweep": described,
        "points": [
            {
                "point": point.number,
                "design": point.name,
                "overrides": list(point.overrides),
                "scenario_digest": scenario_digest(reading.model),
                "digests": {str(number): digest for number, digest in runs.digests.items()},
            }
            for point, reading, runs in zip(
                design.points, design.readings, sweep.runs, strict=True
            )
        ],
        "files": [
            {
                "path": name,
                "sha256": file_digest(folder / name),
                "bytes": (folder / name).stat().st_size,
                "rows": rows.get(name),
            }
            for name in (*rows, SCENARIO)
        ],
    }
    with tempfile.TemporaryDirectory(prefix=".manifest-", dir=folder) as hidden:
        write_manifest(Path(hidden), record)
        write_crate(Path(hidden), record)
        for name in (CRATE, MANIFEST):
            (Path(hidden) / name).replace(folder / name)
