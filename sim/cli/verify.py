"""``gridgov verify``: whether a results folder is still what its manifest says."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.engines import telling_of_engines
from sim.cli.options import (
    told_options,
)
from sim.cli.problems import INVALID
from sim.errors import Language

if TYPE_CHECKING:
    from sim.engine import EngineName
    from sim.experiment.repeat import Fault, Record

CHECK_FAILED = 3


@click.command("verify")
@click.argument("manifest", metavar="RESULTS", type=click.Path(exists=True, path_type=Path))
@click.option("--replay", is_flag=True, help="Play it again and compare the logs.")
@click.option(
    "-n",
    "--replications",
    type=click.IntRange(1, 100_000),
    metavar="N",
    help="With --replay: only the first N replications [default: all].",
)
@click.option(
    "--engine",
    type=click.Choice(["reference", "fast"]),
    help="With --replay: which engine plays [default: fast, or with a warning reference].",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    metavar="N",
    help="With --replay: processes that play side by side [default: 2, or 1 core].",
)
@told_options
def verify(  # noqa: PLR0913  (one argument per flag)
    *,
    manifest: Path,
    replay: bool,
    replications: int | None,
    engine: "EngineName | None",
    workers: int | None,
    as_json: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Compare the files of a results folder with the hashes in its manifest.

    RESULTS is the folder or its manifest.json. Exit code 3 if a file is missing or differs,
    or if --replay gives another log.
    """
    from sim.experiment.repeat import Refused, check_files, read_record

    try:
        record = read_record(manifest)
        faults = list(check_files(record))
        played = 0
        if replay:
            silent = quiet or as_json
            played, found = _replayed(
                record, engine, replications, workers, quiet=silent, lang=lang
            )
            faults += found
    except Refused as refused:
        _refuse(refused.message(lang), as_json=as_json)
    files = len(record.content["files"])
    if as_json:
        click.echo(json.dumps(_described(record, faults, played, lang), ensure_ascii=False))
    else:
        _tell(files, played, faults, lang)
    if faults:
        sys.exit(CHECK_FAILED)


def _replayed(
    record: "Record",
    engine: "EngineName | None",
    most: int | None,
    workers: int | None,
    *,
    quiet: bool,
    lang: Language,
) -> "tuple[int, list[Fault]]":
    """How many replications were played again, and which differ."""
    from sim.cli.progress import progress
    from sim.experiment.repeat import first_of, play_again, replays

    wanted = [first_of(one, most) for one in replays(record)]
    total = sum(len(one.digests) for one in wanted)
    faults: list[Fault] = []
    with (
        telling_of_engines(engine, lang, quiet=quiet),
        progress(total, "verify", quiet=quiet) as on_done,
    ):
        for one in wanted:
            faults += play_again(one, engine, workers=workers, on_done=on_done)
    return total, faults


def _refuse(message: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"errors": [{"message": message}]}, ensure_ascii=False))
    else:
        click.echo(message, err=True)
    sys.exit(INVALID)


def _described(
    record: "Record", faults: "list[Fault]", played: int, lang: Language
) -> dict[str, object]:
    return {
        "folder": record.folder.as_posix(),
        "files": len(record.content["files"]),
        "replayed": played,
        "verified": not faults,
        "faults": [
            {"path": fault.path, "kind": fault.kind, "message": fault.message(lang)}
            for fault in faults
        ],
    }


def _tell(files: int, played: int, faults: "list[Fault]", lang: Language) -> None:
    for fault in faults:
        click.secho(fault.message(lang), err=True, fg="red")
    wrong = len(faults)
    if lang == "zh":
        again = f"，重放 {played} 次重复" if played else ""
        click.echo(
            f"核对 {files} 个文件{again}：{f'{wrong} 处不一致' if wrong else '全部一致'}"
        )
        return
    again = f", {played} replications played again" if played else ""
    click.echo(f"{files} files{again}: {f'{wrong} differ' if wrong else 'all as recorded'}")
