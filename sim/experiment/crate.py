"""The results folder as a research object: RO-Crate metadata beside the manifest.

The manifest is for this program; the crate says the same in the words of archives and
workflow tools: who (which program) made what out of what, when. It follows the profile
"Process Run Crate" (https://w3id.org/ro/wfrun/process/0.5) on RO-Crate 1.1.
"""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sim.experiment.store import MANIFEST, file_digest, write_json

CRATE: Final = "ro-crate-metadata.json"
PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
SPECIFICATION: Final = "https://w3id.org/ro/crate/1.1"
CONTEXT: Final = (
    f"{SPECIFICATION}/context",
    "https://w3id.org/ro/terms/workflow-run/context",
)
SCENARIO: Final = "scenario.resolved.yaml"

_PROGRAM: Final = "#gridgov-sim"
_RUN: Final = "#run"
_FORMATS: Final = {
    ".csv": "text/csv",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".npz": "application/zip",
    ".yaml": "application/yaml",
}

Entity = dict[str, Any]


def write_crate(folder: Path, record: Mapping[str, Any]) -> None:
    """Write the metadata beside the manifest, which lies in the folder already."""
    write_json(describe_crate(record, file_digest(folder / MANIFEST)), folder / CRATE)


def describe_crate(record: Mapping[str, Any], manifest_digest: str) -> Entity:
    """The crate of a results folder.

    Parameters
    ----------
    record
        The manifest.
    manifest_digest
        SHA-256 of the manifest, which cannot hold its own.
    """
    files = [_file(entry) for entry in record["files"]]
    files.append(_file({"path": MANIFEST, "sha256": manifest_digest}))
    run = members(record)[0]["run"]
    settings = [_setting(name, run[name]) for name in _SETTINGS]
    read = {entry["path"]: entry for one in members(record) for entry in one["inputs"]}
    inputs = [_input(entry) for entry in read.values()]
    return {
        "@context": list(CONTEXT),
        "@graph": [
            _metadata(),
            _root(record, files),
            _action(record, files, [*settings, *inputs]),
            _program(record["tool"]),
            *files,
            *inputs,
            *settings,
            _profile(),
        ],
    }


def members(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The scenarios of a manifest: those of a comparison, else the one it is about."""
    return list(record.get("scenarios", [record]))


_SETTINGS: Final = ("seed", "replications", "engine")


def _metadata() -> Entity:
    return {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": SPECIFICATION},
    }


def _profile() -> Entity:
    return {
        "@id": PROFILE,
        "@type": "CreativeWork",
        "name": "Process Run Crate",
        "version": PROFILE.rpartition("/")[2],
    }


def _root(record: Mapping[str, Any], files: list[Entity]) -> Entity:
    name = Path(str(record["scenario"])).stem
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Simulation results of {name}",
        "description": f"Made by gridgov-sim {record['tool']['version']} with the command: "
        f"{_command(record)}",
        "datePublished": record["written"],
        "license": "To be chosen by who publishes these results.",
        "conformsTo": {"@id": PROFILE},
        "hasPart": _references(files),
        "mentions": {"@id": _RUN},
    }


def _action(record: Mapping[str, Any], files: list[Entity], beside: list[Entity]) -> Entity:
    read = [entity for entity in files if Path(entity["@id"]).name == SCENARIO]
    made = [entity for entity in files if entity not in read and entity["@id"] != MANIFEST]
    return {
        "@id": _RUN,
        "@type": "CreateAction",
        "name": f"Run of {record['scenario']}",
        "description": _command(record),
        "endTime": record["written"],
        "instrument": {"@id": _PROGRAM},
        "object": _references([*read, *beside]),
        "result": _references(made),
    }


def _program(tool: Mapping[str, Any]) -> Entity:
    return {
        "@id": _PROGRAM,
        "@type": "SoftwareApplication",
        "name": tool["name"],
        "softwareVersion": tool["version"],
        "softwareRequirements": f"Python {tool['python']}, "
        + ", ".join(f"{name} {found}" for name, found in tool["packages"].items() if found),
    }


def _file(entry: Mapping[str, Any]) -> Entity:
    path = str(entry["path"])
    found = {
        "@id": path,
        "@type": "File",
        "name": path,
        "encodingFormat": _FORMATS.get(Path(path).suffix, "application/octet-stream"),
        "sha256": entry["sha256"],
    }
    if "bytes" in entry:
        found["contentSize"] = str(entry["bytes"])
    return found


def _input(entry: Mapping[str, Any]) -> Entity:
    """A file that was read; it lies outside, its content is in the resolved scenario."""
    path = str(entry["path"])
    return {
        "@id": f"#input/{path}",
        "@type": "CreativeWork",
        "name": path,
        "sha256": entry["sha256"],
    }


def _setting(name: str, value: object) -> Entity:
    return {
        "@id": f"#{name}",
        "@type": "PropertyValue",
        "name": name,
        "value": str(value),
    }


def _command(record: Mapping[str, Any]) -> str:
    return shlex.join(record["command"])


def _references(entities: list[Entity]) -> list[Entity]:
    return [{"@id": entity["@id"]} for entity in entities]
