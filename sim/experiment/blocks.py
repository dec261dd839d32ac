"""Finished replications as small files, named by what decides them.

A block is one replication of one scenario. Its name is a hash of the scenario in full, the
program's version, the seed and the number of the replication, so a block that is there need
never be played again, whoever wrote it. It is written under another name and then renamed:
after ``kill -9`` a block is there whole or not at all.
"""

import gzip
import hashlib
import json
import math
import os
import platform
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

import sim
from sim.errors import StoreError
from sim.experiment.store import unwritable
from sim.metrics.summary import COLUMNS
from sim.model.system import System

BLOCKS: Final = "blocks"
IDENTITY: Final = "sweep.json"
SUFFIX: Final = ".json.gz"
FORMAT: Final = 1
"""Raised when blocks are written otherwise."""

# Folders of the program that decide what a replication measures; the scenario's text does the
# rest. Their hash is the version of trajectories, also between releases.
_DECIDING = ("demand", "engine", "eventlog.py", "keys.py", "metrics", "model", "plan", "units")
_PACKAGES = ("chinesecalendar", "numpy", "scipy")


class Block(NamedTuple):
    """What one replication leaves behind."""

    replication: int
    figures: pd.DataFrame
    digest: str
    """Of its event log."""
    events: int


class Identity(NamedTuple):
    """What all blocks of a folder have in common."""

    scenario: str
    """Name of the scenario."""
    scenario_digest: str
    """Of the scenario before any lever is moved."""
    version: str
    """Of the program."""
    seed: int


@cache
def program_version() -> str:
    """The release, a hash of the sources that decide trajectories, and packages below them."""
    package = Path(sim.__file__).parent
    found = hashlib.sha256()
    for name in _DECIDING:
        top = package / name
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            found.update(path.relative_to(package).as_posix().encode() + b"\0")
            found.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    below = " ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return f"{sim.__version__}+{found.hexdigest()[:12]} ({below})"


def scenario_digest(system: System) -> str:
    """SHA-256 of everything a scenario says, except how often and with which seed."""
    said = system.model_dump(mode="json", by_alias=True, exclude_none=True)
    run = {key: value for key, value in said["run"].items() if key not in _DECIDED_ELSEWHERE}
    for name in ("targets", "experiment"):
        said.pop(name, None)  # what results are held against, or tried, decides nothing in them
    return _hash({**said, "run": run})


def block_name(scenario: str, program: str, seed: int, replication: int) -> str:
    """Name of a block: 20 hexadecimal digits of the hash of what decides it."""
    content = {
        "format": FORMAT,
        "program": program,
        "replication": replication,
        "scenario": scenario,
        "seed": seed,
    }
    return _hash(content)[:20]


def check_folder(folder: Path, identity: Identity) -> None:
    """Refuse a folder that is not free, unless a sweep of the same was begun there.

    Raises
    ------
    StoreError
        If it holds something else, or blocks of another version, scenario or seed.
    """
    path = folder / IDENTITY
    if path.is_file():
        _check_same(folder, _read_json(path), identity)
    elif folder.is_dir() and any(not _is_begun(one) for one in folder.iterdir()):
        raise StoreError(
            f"{folder} holds files that are not of a sweep; choose another --out.",
            f"{folder} 中有不属于扫描结果的文件；请另选 --out。",
        )


def _is_begun(path: Path) -> bool:
    """Whether another shard is just beginning the same folder."""
    return path.name.startswith(f"{IDENTITY}.tmp")


def open_folder(folder: Path, identity: Identity) -> None:
    """Make a folder for blocks, or go on with one that was begun for the same.

    Raises
    ------
    StoreError
        If it is refused (see `check_folder`) or cannot be written.
    """
    check_folder(folder, identity)
    path = folder / IDENTITY
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # The identity comes first: blocks without it would be taken for somebody else's files.
        if not path.is_file():
            write_whole(path, _text({"format": FORMAT, **identity._asdict()}))
        (folder / BLOCKS).mkdir(exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error


def _check_same(folder: Path, there: object, wanted: Identity) -> None:
    if not isinstance(there, Mapping) or there.get("format") != FORMAT:
        raise StoreError(
            f"{folder} holds a sweep in another format; choose another --out.",
            f"{folder} 中的扫描结果格式不同；请另选 --out。",
        )
    for field, (what, what_zh) in _WORDS.items():
        old, new = there.get(field), getattr(wanted, field)
        if old != new:
            known = field != "scenario_digest"
            said = f": {old} there, {new} now" if known else ""
            said_zh = f"（原为 {old}，现为 {new}）" if known else ""
            raise StoreError(
                f"{folder} holds a sweep of another {what}{said}; choose another --out.",
                f"{folder} 中的扫描结果属于{what_zh}{said_zh}；请另选 --out。",
            )


def write_block(folder: Path, name: str, block: Block) -> None:
    """Write a block, whole or not at all.

    Raises
    ------
    StoreError
        If it cannot be written, as on a full disk.
    """
    keep_packed(folder, name, pack_block(name, block))


def pack_block(name: str, block: Block) -> bytes:
    """A block as the content of its file."""
    columns = {column: _plain(block.figures[column]) for column in COLUMNS}
    record = {
        "name": name,
        "replication": block.replication,
        "digest": block.digest,
        "events": block.events,
        "check": _hash(columns),
        "figures": columns,
    }
    return _packed(record)


def keep_packed(folder: Path, name: str, packed: bytes) -> None:
    """Write the file of a block, whole or not at all.

    Raises
    ------
    StoreError
        If it cannot be written, as on a full disk.
    """
    with keeping(folder):
        write_whole(folder / BLOCKS / f"{name}{SUFFIX}", packed)


@contextmanager
def keeping(folder: Path) -> Iterator[None]:
    """Say of a disk that cannot be written that what is finished is kept."""
    try:
        yield
    except OSError as error:
        found = unwritable(folder, error)
        raise StoreError(
            f"{found.text}. Finished replications are kept; the same command goes on from "
            f"there.",
            f"{found.zh}。已完成的重复均已保留，再次运行同一命令即可继续。",
        ) from error


def merge_blocks(folder: Path, others: Iterable[Path]) -> int:
    """Take over blocks of other folders that are missing here; return how many.

    The folders must have been checked (`check_folder`): a name says all that decides a block,
    so blocks of one name are equal. Damaged ones are left where they are.

    Raises
    ------
    StoreError
        If another folder holds no sweep, or this one cannot be written.
    """
    taken = 0
    for other in others:
        if not (other / IDENTITY).is_file():
            raise StoreError(
                f"{other} holds no sweep (it has no {IDENTITY}).",
                f"{other} 中没有扫描结果（缺少 {IDENTITY}）。",
            )
        for path in sorted((other / BLOCKS).glob(f"*{SUFFIX}")):
            name = path.name.removesuffix(SUFFIX)
            if read_block(folder, name) is None and read_block(other, name) is not None:
                keep_packed(folder, name, path.read_bytes())
                taken += 1
    return taken


def read_block(folder: Path, name: str) -> Block | None:
    """A block; None where there is none or it is damaged, so that it is played again."""
    try:
        packed = (folder / BLOCKS / f"{name}{SUFFIX}").read_bytes()
        record = json.loads(gzip.decompress(packed))
    except (OSError, EOFError, ValueError, zlib.error):
        return None
    if not isinstance(record, dict) or record.get("name") != name:
        return None
    columns = record.get("figures")
    if not isinstance(columns, dict) or record.get("check") != _hash(columns):
        return None
    # The same few words stand in every block; held once, thousands of blocks fit into memory.
    shared = {
        column: [sys.intern(v) if isinstance(v, str) else v for v in values]
        for column, values in columns.items()
    }
    figures = pd.DataFrame(shared, columns=list(COLUMNS)).astype({"value": "float64"})
    return Block(record["replication"], figures, record["digest"], record["events"])


def write_whole(path: Path, data: str | bytes) -> None:
    """Write a file under another name, then rename it; readers see all of it or none."""
    # Machines that share a disk may have processes of one number.
    hidden = path.with_name(f"{path.name}.tmp-{platform.node()}-{os.getpid()}")
    try:
        with hidden.open("wb") as stream:
            stream.write(data.encode() if isinstance(data, str) else data)
            stream.flush()
            os.fsync(stream.fileno())
        hidden.replace(path)
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise


_WORDS = {
    "scenario": ("scenario", "另一情景"),
    "scenario_digest": (
        "scenario, or of this one with other values",
        "另一情景，或本情景的另一组取值",
    ),
    "version": ("version of the program", "程序的另一版本"),
    "seed": ("seed", "另一随机种子"),
}
_DECIDED_ELSEWHERE = ("replications", "seed")


def _plain(column: "pd.Series[Any]") -> list[Any]:
    """A column as JSON can hold it; what is missing is null."""
    return [
        None if isinstance(value, float) and math.isnan(value) else value
        for value in column.tolist()
    ]


def _packed(record: object) -> bytes:
    """Names of metrics and groups repeat in every block: a tenth of the room is enough."""
    return gzip.compress(_text(record).encode(), compresslevel=6, mtime=0)


def _text(record: object) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n"


def _hash(content: object) -> str:
    """SHA-256 over JSON with sorted keys; floats are written so that they read back equal."""
    return hashlib.sha256(_text(content).encode()).hexdigest()


def _read_json(path: Path) -> Any:  # noqa: ANN401  (whatever the file holds)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read.", f"无法读取 {path}。") from error
