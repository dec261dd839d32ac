"""What an optimisation leaves besides replications: the table and the manifest."""

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiment.blocks import program_version, write_whole
from sim.experiment.manifest import SCHEMA_VERSION, STREAMS, describe_inputs, describe_tool
from sim.experiment.store import MANIFEST, file_digest, utc_now, write_manifest
from sim.experiment.supply import Supply
from sim.scenario.resolve import resolved

TABLE = "candidates.csv"
SCENARIO = "scenario.resolved.yaml"


def write_answer(supply: Supply, record: dict[str, Any], lang: str) -> None:
    """Write the table of candidates and the scenario, each whole, and the manifest last.

    Raises
    ------
    StoreError
        If the folder cannot be written.
    """
    folder, design = supply.folder, supply.candidates.design
    table = pd.DataFrame([_flat(row) for row in record["looked_at"]])
    text = table.to_csv(index=False, lineterminator="\n")
    # Spreadsheets know by the mark at the beginning that Chinese is UTF-8.
    write_whole(folder / TABLE, text.encode("utf-8-sig"))
    write_whole(folder / SCENARIO, resolved(design.base))
    manifest = {
        "schema": SCHEMA_VERSION,
        "written": utc_now().isoformat(),
        "tool": describe_tool(),
        **describe_inputs(design.base.files, design.base.overrides, lang),
        "version": program_version(),
        "streams": STREAMS,
        "optimise": record,
        "files": [
            {"path": name, "sha256": file_digest(folder / name)} for name in (TABLE, SCENARIO)
        ],
    }
    with tempfile.TemporaryDirectory(prefix=".manifest-", dir=folder) as hidden:
        write_manifest(Path(hidden), manifest)
        (Path(hidden) / MANIFEST).replace(folder / MANIFEST)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """One line for a candidate: the figures of each limit as columns of their own."""
    found = {key: value for key, value in row.items() if key != "figures"}
    for figure in row.get("figures", ()):
        for name in ("mean", "low", "high", "verdict"):
            found[f"{figure['limit']} {name}"] = figure[name]
    return found
