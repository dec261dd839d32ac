"""Read the mechanisms and their cells."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from sim.scenario.evidence import load_evidence

HERE = Path(__file__).resolve().parent
SYSTEMS = (
    "anqiu", "hanting", "weicheng", "putian", "chifeng", "songyuan", "wujiaochang", "bijiang",
)  # fmt: skip


class Mechanism(NamedTuple):
    """One row of the matrix."""

    name: str
    group: str
    zh: str
    primitives: tuple[str, ...]
    how: str
    untouched: str | None


class Cell(NamedTuple):
    """A mechanism in a system, and how a run shows it."""

    system: str
    mechanism: str
    scenario: str
    """Name of the file in scenarios/."""
    code: str
    """Name of the log's code that the mechanism writes."""
    where: tuple[tuple[str, str], ...]
    """Which rows with that code: (class | pool | line | source | timer | step, name)."""
    off: tuple[str, ...]
    """The ``--set`` that switch it off."""
    metric: str
    by: str
    group: str
    days: int
    """Length of the run."""
    sets: tuple[str, ...]
    """What both runs set besides, such as an early outbreak."""


@cache
def mechanisms():
    """All rows in order, by name."""
    groups = yaml.safe_load((HERE / "mechanisms.yaml").read_text("utf-8"))
    return {
        name: Mechanism(
            name,
            f"{group['group']['en']} {group['group']['zh']}",
            entry["zh"],
            tuple(entry["primitives"]),
            entry["how"],
            entry.get("untouched"),
        )
        for group in groups
        for name, entry in group["mechanisms"].items()
    }


@cache
def cells():
    """All cells, in the order of systems and files."""
    return tuple(cell for system in SYSTEMS for cell in _of(system))


def _of(system):
    path = HERE / "cells" / f"{system}.yaml"
    if not path.exists():
        return
    for entry in yaml.safe_load(path.read_text("utf-8")) or []:
        changes = entry["changes"]
        yield Cell(
            system,
            entry["mechanism"],
            entry["scenario"],
            entry["logs"]["code"],
            tuple((key, name) for key, name in entry["logs"].items() if key != "code"),
            tuple(entry["without"]),
            changes["metric"],
            changes.get("by", "all"),
            changes.get("group", "all"),
            entry.get("days", 14),
            tuple(entry.get("sets", ())),
        )


@cache
def mentions():
    """How many reported facts mention a mechanism, by system and mechanism."""
    counts = {}
    for fact in load_evidence().facts.values():
        system = fact.id.split(".")[0]
        for name in fact.mechanisms:
            counts[system, name] = counts.get((system, name), 0) + 1
    return counts
