"""Repeating what a manifest records, and telling whether a results folder is still what it was.

A log is the same wherever the same scenario, seed and version of trajectories are played, so
its digest decides; tables follow from it. What stands in the way is refused with its reason
before anything is played.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from sim.engine import EngineName, choose, prepare
from sim.errors import ScenarioError, StoreError
from sim.eventlog import TRAJECTORIES
from sim.experiment.crate import members
from sim.experiment.manifest import SCHEMA_VERSION
from sim.experiment.playing import Keep, Setup
from sim.experiment.replicate import play_all
from sim.experiment.store import MANIFEST, file_digest
from sim.model.system import System
from sim.plan.compile import compile_plan
from sim.scenario.reader import Reading, load_scenario
from sim.scenario.resolve import resolved

SCENARIO: Final = "scenario.resolved.yaml"


class Refused(StoreError):  # noqa: N818  (not a fault: it says why not)
    """Why a manifest cannot be used, in both languages."""


class Fault(NamedTuple):
    """One thing in which a folder differs from its manifest."""

    path: str
    kind: str
    """``missing``, ``changed`` or ``log`` (another log when it was played again)."""
    en: str
    zh: str

    def message(self, lang: str) -> str:
        """What is wrong, in one language."""
        return self.zh if lang == "zh" else self.en


class Record(NamedTuple):
    """A manifest that was read, and where it lies."""

    folder: Path
    content: Mapping[str, Any]

    @property
    def kind(self) -> Literal["run", "compare", "sweep"]:
        """Which command made the results."""
        if "points" in self.content:
            return "sweep"
        return "compare" if "scenarios" in self.content else "run"


class Replay(NamedTuple):
    """One scenario to be played again, and the digests its logs had."""

    name: str
    reading: Reading[System]
    seed: int
    digests: Mapping[int, str]


def read_record(path: Path) -> Record:
    """The manifest at a path, or in the folder at a path.

    Raises
    ------
    Refused
        If there is none, it is damaged, or a later version wrote it.
    """
    file = path / MANIFEST if path.is_dir() else path
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused(
            f"{file} is not there; gridgov run SCENARIO writes one.",
            f"缺少 {file}；可用 gridgov run 情景文件 生成。",
        ) from None
    except (OSError, ValueError):
        raise _damaged(file) from None
    needed = {"schema", "tool", "scenario", "overrides", "files"}
    if not isinstance(content, dict) or needed - content.keys():
        raise _damaged(file)
    if not isinstance(content["schema"], int) or content["schema"] > SCHEMA_VERSION:
        raise Refused(
            f"{file} was written by a later version ({content['tool'].get('version')}).",
            f"{file} 由更新的版本（{content['tool'].get('version')}）写出。",
        )
    return Record(file.parent, content)


def _damaged(file: Path) -> Refused:
    return Refused(f"{file} is no manifest of results.", f"{file} 不是结果清单。")


def check_files(record: Record) -> Iterator[Fault]:
    """What is missing or has changed in the folder since the manifest was written."""
    for entry in record.content["files"]:
        name = str(entry["path"])
        path = record.folder / name
        if not path.is_file():
            yield Fault(name, "missing", f"{name} is missing", f"缺少 {name}")
        elif file_digest(path) != entry["sha256"]:
            yield Fault(
                name,
                "changed",
                f"{name} is not the file that was written (its hash differs)",
                f"{name} 已被改动（哈希不一致）",
            )


def check_playable(record: Record) -> None:
    """Refuse a manifest whose logs this version cannot make again.

    Raises
    ------
    Refused
        If trajectories have changed since.
    """
    tool = record.content["tool"]
    if "posterior" in record.content:
        raise Refused(
            "These runs were played over draws of a calibration, each with other assumptions; "
            "the command that made them stands in the manifest as 'command'.",
            "这些运行取自校准的后验抽样，各次假设不同；生成它们的命令见清单中的 command 一项。",
        )
    if tool.get("trajectories") != TRAJECTORIES:
        there = tool.get("trajectories") or "-"
        raise Refused(
            f"These results have version {there} of trajectories, this program has "
            f"{TRAJECTORIES}: the same scenario gives another log. Install gridgov-sim "
            f"{tool.get('version')} to repeat them.",
            f"这些结果的轨迹版本为 {there}，本程序为 {TRAJECTORIES}：同一情景会得到不同的日志。"
            f"如需重现，请安装 gridgov-sim {tool.get('version')}。",
        )


def reading_of(record: Record, below: str = "") -> Reading[System]:
    """The scenario as it was: from its own files if they still say the same, else the copy.

    Parameters
    ----------
    record
        The manifest.
    below
        Folder of one scenario of a comparison.

    Raises
    ------
    Refused
        If neither is to be had unchanged.
    """
    name = f"{below}/{SCENARIO}" if below else SCENARIO
    copy = record.folder / name
    entry = next((e for e in record.content["files"] if e["path"] == name), None)
    if entry is None or not copy.is_file() or file_digest(copy) != entry["sha256"]:
        raise Refused(
            f"{copy} is missing or was changed; without it nobody knows what was played.",
            f"{copy} 缺失或已被改动，无法确定当时运行的情景。",
        )
    said = next(one for one in members(record.content) if one.get("folder", "") == below)
    try:
        own = load_scenario(said["scenario"], said["overrides"])
    except ScenarioError:
        own = None
    if own is not None and resolved(own) == copy.read_text(encoding="utf-8"):
        return own
    return load_scenario(copy)


def replays(record: Record) -> list[Replay]:
    """All that can be played again: every scenario, or every point of a sweep.

    Raises
    ------
    Refused
        As `check_playable` and `reading_of` do, or if the manifest has no digests.
    """
    check_playable(record)
    found = _points(record) if record.kind == "sweep" else _members(record)
    if not any(one.digests for one in found):
        raise Refused(
            f"{record.folder} records no replications.", f"{record.folder} 中没有重复记录。"
        )
    return found


def _members(record: Record) -> list[Replay]:
    found = []
    for one in members(record.content):
        reading = reading_of(record, one.get("folder", ""))
        run = one["run"]
        name = one.get("name", reading.model.name)
        found.append(Replay(name, reading, int(run["seed"]), _numbered(run["digests"])))
    return found


def _points(record: Record) -> list[Replay]:
    base, seed = reading_of(record), int(record.content["run"]["seed"])
    return [
        Replay(
            str(point["design"]),
            load_scenario(base.files[0], [*base.overrides, *point["overrides"]]),
            seed,
            _numbered(point["digests"]),
        )
        for point in record.content["points"]
    ]


def _numbered(digests: Mapping[str, str]) -> dict[int, str]:
    return {int(number): digest for number, digest in digests.items()}


def first_of(found: Replay, most: int | None) -> Replay:
    """The same with its first replications only."""
    kept = dict(sorted(found.digests.items())[:most])
    return found._replace(digests=kept)


def play_again(
    found: Replay,
    engine: EngineName | None,
    *,
    workers: int | None = None,
    on_done: Callable[[int], None] | None = None,
) -> list[Fault]:
    """Play the replications again and compare their logs.

    Raises
    ------
    EngineError
        If the fast engine is asked for and cannot play.
    """
    plan = compile_plan(found.reading.model)
    chosen = choose(plan, engine)
    prepare(chosen, plan)
    setup = Setup(plan, found.seed, with_cases=False, keep=Keep(), engine=chosen)
    runs = play_all(found.name, setup, sorted(found.digests), workers=workers, on_done=on_done)
    return compare_logs(found.name, found.digests, runs.digests)


def compare_logs(name: str, wanted: Mapping[int, str], there: Mapping[int, str]) -> list[Fault]:
    """Which of the replications that were played have another log than is recorded."""
    return [
        Fault(
            f"{name}#{number}",
            "log",
            f"{name}: replication {number} gives another log than is recorded",
            f"{name}：第 {number} 次重复的日志与记录不一致",
        )
        for number, digest in sorted(there.items())
        if number in wanted and wanted[number] != digest
    ]
