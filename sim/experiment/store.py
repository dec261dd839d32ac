"""The results folder: written whole or not at all, and able to say where it came from.

Everything goes into a hidden folder beside the wanted one, which gets its name only when all
is there. Results that lie there already are replaced only when that is asked for, and only
where a manifest shows that they are results.
"""

import errno
import gzip
import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import StoreError
from sim.eventlog import COLUMNS, EventLog, Requests

MANIFEST = "manifest.json"
LATEST = "latest.txt"

_REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "文件系统只读",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已有同名文件",
}


def utc_now() -> datetime:
    """The present moment, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def new_folder(root: Path, scenario: str, content: str, kind: str = "") -> Path:
    """A folder for results that nobody has yet: ``root/scenario/TIME-HASH``.

    Parameters
    ----------
    root
        Folder of all results.
    scenario
        Name of the scenario.
    content
        Text that decides the results; eight digits of its hash are in the name.
    kind
        Word before the time, for results that are not of a plain run.
    """
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    name = f"{utc_now():%Y%m%dT%H%M%SZ}-{digest}"
    base = root / scenario / (f"{kind}-{name}" if kind else name)
    number, folder = 1, base
    while folder.exists():
        number += 1
        folder = base.with_name(f"{base.name}-{number}")
    return folder


def check_free(folder: Path, *, force: bool) -> None:
    """Refuse a folder in which something lies that must not be overwritten.

    Raises
    ------
    StoreError
        If it holds results and `force` is off, or anything but results.
    """
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / MANIFEST).is_file():
        raise StoreError(
            f"{folder} holds files that are not results; choose another --out.",
            f"{folder} 中有不是结果的文件；请另选 --out。",
        )
    if not force:
        raise StoreError(
            f"{folder} holds results already; --force replaces them.",
            f"{folder} 中已有结果；要替换请加 --force。",
        )


def unwritable(folder: Path, error: OSError) -> StoreError:
    """That a folder cannot be written, and why."""
    reason = error.strerror or str(error)
    told = _REASONS.get(error.errno or 0, reason)
    return StoreError(f"{folder} cannot be written: {reason}", f"无法写入 {folder}：{told}")


@contextmanager
def draft(folder: Path, *, force: bool = False) -> Iterator[Path]:
    """A folder to write into, which becomes `folder` at the end if nothing went wrong.

    Raises
    ------
    StoreError
        If the folder is taken (see `check_free`) or cannot be written.
    """
    check_free(folder, force=force)
    made = _missing_parents(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        hidden = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        yield hidden
        check_free(folder, force=force)
        if folder.exists():
            shutil.rmtree(folder)
        hidden.chmod(0o755)  # temporary folders are closed to others; results need not be
        hidden.rename(folder)
    except BaseException:
        shutil.rmtree(hidden, ignore_errors=True)
        for parent in made:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
        raise


def _missing_parents(folder: Path) -> list[Path]:
    """The parents that are about to be made, innermost first."""
    return [parent for parent in folder.parents if not parent.exists()]


def point_to(folder: Path) -> None:
    """Let ``latest.txt`` beside a results folder name it (a link is no use on Windows)."""
    (folder.parent / LATEST).write_text(f"{folder.name}\n", encoding="utf-8")


def write_table(table: pd.DataFrame, path: Path) -> int:
    """Write a table that spreadsheets read right, Chinese included; return its rows."""
    text = table.to_csv(index=False, lineterminator="\n")
    path.write_bytes(text.encode("utf-8-sig"))
    return len(table)


def write_part(table: pd.DataFrame, path: Path) -> None:
    """Write one replication's share of a large table, for `join_parts`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = table.to_csv(index=False, header=False, lineterminator="\n", date_format=_INSTANT)
    head = table.head(0).to_csv(index=False, lineterminator="\n").encode("utf-8-sig")
    path.write_bytes(_compressed(text.encode()))
    path.with_name(_HEAD).write_bytes(_compressed(head))
    path.with_suffix(".rows").write_text(str(len(table)), encoding="utf-8")


def join_parts(parts: Path, path: Path, numbers: Iterable[int]) -> int:
    """Make one compressed table of some parts in a folder, which goes; return its rows.

    Compressed files may be put one behind the other, so nothing is compressed twice.
    """
    rows = 0
    with path.open("wb") as stream:
        stream.write((parts / _HEAD).read_bytes())
        for part in (parts / f"{number:06d}.csv.gz" for number in sorted(numbers)):
            stream.write(part.read_bytes())
            rows += int(part.with_suffix(".rows").read_text(encoding="utf-8"))
    shutil.rmtree(parts)
    return rows


_HEAD = "head.csv.gz"
_INSTANT = "%Y-%m-%d %H:%M:%S"
"""Whole seconds in every row: pandas would choose the form anew every few thousand rows."""


def _compressed(data: bytes) -> bytes:
    """Without file name and time inside, so that equal tables are equal files."""
    return gzip.compress(data, compresslevel=6, mtime=0)


def write_text(text: str, path: Path) -> None:
    """Write a text with the same line ends on every system."""
    path.write_text(text, encoding="utf-8", newline="\n")


def write_pieces(pieces: Iterable[str], path: Path) -> None:
    """Write a text that comes in pieces, under another name until it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.part")
    try:
        with hidden.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(pieces)
        hidden.replace(path)
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise


def write_events(log: EventLog, path: Path) -> None:
    """Write one replication's event log; `read_events` gives it back exactly."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {name: getattr(log, name) for name in COLUMNS}
    requests = {f"requests.{name}": column for name, column in log.requests._asdict().items()}
    np.savez_compressed(path, **columns, **requests)


def events_path(folder: Path, replication: int) -> Path:
    """Where the event log of a replication lies."""
    return folder / f"replication-{replication:04d}.npz"


def keep_events(folder: Path, numbers: Iterable[int]) -> None:
    """Remove the logs of replications that were not finished."""
    finished = {events_path(folder, number) for number in numbers}
    for path in folder.glob("*.npz"):
        if path not in finished:
            path.unlink()


def read_events(path: Path) -> EventLog:
    """The event log that `write_events` wrote."""
    with np.load(path) as found:
        requests = Requests._make(found[f"requests.{name}"] for name in Requests._fields)
        return EventLog._make([*(found[name] for name in COLUMNS), requests])


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_manifest(folder: Path, record: Mapping[str, Any]) -> None:
    """Write the manifest of a results folder."""
    write_json(record, folder / MANIFEST)


def write_json(record: Mapping[str, Any], path: Path) -> None:
    """Write a record as JSON that people can read."""
    text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False)
    write_text(f"{text}\n", path)


def source_state(package: Path) -> dict[str, Any]:
    """Commit of the program's own source and whether files were changed since, if it is known.

    Parameters
    ----------
    package
        Folder of the package.
    """
    checkout = package.resolve().parent
    if not (checkout / ".git").exists():
        return {"commit": None, "dirty": None}
    commit = _git(checkout, "rev-parse", "HEAD")
    changed = _git(checkout, "status", "--porcelain", "--", package.name, "scenarios")
    return {
        "commit": commit.strip() if commit else None,
        "dirty": None if changed is None else bool(changed.strip()),
    }


def _git(checkout: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *words],
            cwd=checkout,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
