"""Results that lie in a folder, read back: of a run, of a comparison or of a sweep.

Tables are read when they are needed. The scenario is the one that was written out in full, so
nothing but the folder is looked at.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, cast

import pandas as pd

from sim.errors import StoreError
from sim.experiment.compare import Comparison, distinct_names
from sim.experiment.runs import Runs
from sim.experiment.store import MANIFEST
from sim.model.system import System
from sim.scenario.reader import Reading, load_scenario
from sim.units import parse_duration

Kind = Literal["run", "compare", "sweep"]

SCENARIO: Final = "scenario.resolved.yaml"
_STUDIES: Final = {
    "calibrate": "calibrate",
    "sensitivity": "sensitivity",
    "optimise": "optimise",
    "posterior": "run --posterior",
}
"""Keys by which manifests of other commands are known."""
_TEXTS = ("metric", "by", "group", "unit", "mode", "class", "level", "place", "outcome")


class Unreadable(StoreError):  # noqa: N818  (names what the folder is)
    """Why a folder cannot be used, in both languages."""


@dataclass(frozen=True)
class Stored:
    """One results folder.

    Attributes
    ----------
    folder
        Where it lies.
    name
        What its scenario is called in figures: the file, with what was changed on the command
        line.
    manifest
        What it says of itself; of a scenario within a comparison: its part.
    """

    folder: Path
    name: str
    manifest: dict[str, Any]

    @property
    def kind(self) -> Kind:
        """What made it."""
        found: tuple[Kind, ...] = ("compare", "sweep")
        return next((kind for kind in found if kind in self.manifest), "run")

    @cached_property
    def members(self) -> "tuple[Stored, ...]":
        """The scenarios of a comparison, the baseline first; else the folder itself."""
        if self.kind != "compare":
            return (self,)
        return tuple(
            Stored(self.folder / each["folder"], str(each["name"]), each)
            for each in self.manifest["scenarios"]
        )

    @cached_property
    def reading(self) -> Reading[System]:
        """The scenario in full, with where its numbers come from; of a comparison the first.

        Raises
        ------
        Unreadable
            If it is not there.
        ScenarioError
            If this version of the program does not understand it.
        """
        path = self.members[0].folder / SCENARIO
        if not path.is_file():
            raise _missing(path)
        return load_scenario(path)

    @property
    def run(self) -> dict[str, Any]:
        """Clock, seed and replications; of a comparison those of the baseline."""
        return cast("dict[str, Any]", self.members[0].manifest["run"])

    def has(self, name: str) -> bool:
        """Whether a table is there."""
        return (self.folder / name).is_file()

    def table(self, name: str) -> pd.DataFrame:
        """A table of the folder.

        Raises
        ------
        Unreadable
            If it is not there.
        """
        path = self.folder / name
        if not path.is_file():
            raise _missing(path)
        # A group may be called NA, and the unit of a share is written 1.
        return pd.read_csv(
            path,
            encoding="utf-8-sig",
            dtype=dict.fromkeys(_TEXTS, "str"),
            keep_default_na=False,
            na_values=[""],
        )

    def ends_at(self) -> datetime:
        """When observation ended, cool-down included."""
        length = parse_duration(self.run["horizon"]) + parse_duration(self.run["cool_down"])
        return datetime.fromisoformat(self.run["start"]) + timedelta(microseconds=length)


def read_stored(folder: Path) -> Stored:
    """Read what a results folder says of itself.

    Raises
    ------
    Unreadable
        If it is no results folder, or its manifest is damaged.
    """
    manifest = _manifest(folder)
    return Stored(folder, _name(manifest), manifest)


def read_study(folder: Path) -> Stored | None:
    """What ``gridgov calibrate`` or ``sensitivity`` left, or nothing if another command did.

    Raises
    ------
    Unreadable
        If it is no results folder, or its manifest is damaged.
    """
    manifest = _record(folder)
    drawn = "sensitivity" in manifest or "calibrate" in manifest
    return Stored(folder, _name(manifest), manifest) if drawn else None


def read_all(folders: Sequence[Path]) -> list[Stored]:
    """Several folders, those with the same name numbered."""
    found = [read_stored(folder) for folder in folders]
    names = distinct_names([one.name for one in found])
    return [
        Stored(one.folder, name, one.manifest) for one, name in zip(found, names, strict=True)
    ]


def compared(found: Sequence[Stored]) -> pd.DataFrame:
    """Paired differences of runs with one seed, which met the same demand."""
    runs = tuple(
        Runs(
            scenario=one.name,
            seed=one.run["seed"],
            replications=one.table("replications.csv"),
            daily=pd.DataFrame(),
            cases=pd.DataFrame(),
            digests={int(key): value for key, value in one.run["digests"].items()},
        )
        for one in found
    )
    return Comparison(names=tuple(one.name for one in found), runs=runs).differences()


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run, a comparison or a sweep."""
    record = _record(folder)
    for key, command in _STUDIES.items():
        if key in record:
            raise Unreadable(
                f"{folder} is of gridgov {command}; this takes folders of gridgov run, compare "
                f"and sweep.",
                f"{folder}是 gridgov {command} 的结果；此处需要 gridgov run、compare 或 sweep "
                f"的结果文件夹。",
            )
    known = ("scenarios",) if "compare" in record else ("scenario", "run")
    if any(key not in record for key in known):
        raise _damaged(folder / MANIFEST)
    return record


def _record(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise Unreadable(
            f"{folder} is no results folder (it has no {MANIFEST}); "
            "gridgov run SCENARIO makes one.",
            f"{folder}不是结果文件夹（没有{MANIFEST}）；请先用 gridgov run 生成。",
        ) from None
    except ValueError:
        record = None
    if not isinstance(record, dict):
        raise _damaged(path)
    return cast("dict[str, Any]", record)


def _damaged(path: Path) -> Unreadable:
    return Unreadable(
        f"{path} is damaged; play the scenario again.", f"{path}已损坏；请重新运行情景。"
    )


def _name(manifest: dict[str, Any]) -> str:
    changed = ", ".join(manifest.get("overrides", []))
    name = Path(str(manifest["scenario"])).stem
    return f"{name} ({changed})" if changed else name


def _missing(path: Path) -> Unreadable:
    return Unreadable(f"{path} is not there", f"缺少{path}")
