"""``gridgov export``: event logs for process miners and animators."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.language import one_language_option
from sim.cli.options import debug_option, quiet_option
from sim.errors import Language, StoreError

if TYPE_CHECKING:
    from sim.exchange.formats import Format
    from sim.experiment.repeat import Record
    from sim.plan.layout import Plan

KINDS = ("vidigi", "pm4py", "xes", "ocel")


@click.command("export")
@click.argument(
    "folder",
    metavar="RESULTS",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(KINDS),
    required=True,
    help="vidigi or pm4py (CSV), xes (XES 1.0, XML), ocel (OCEL 2.0, JSON).",
)
@click.option(
    "--replication",
    "only",
    multiple=True,
    type=click.IntRange(1),
    metavar="N",
    help="Only this one (may be given several times) [default: all].",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder for the files [default: export/ in RESULTS].",
)
@click.option("--force", is_flag=True, help="Replace files that are there.")
@one_language_option
@quiet_option
@debug_option
def export(
    *,
    folder: Path,
    kind: str,
    only: tuple[int, ...],
    out: Path | None,
    force: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Write the event logs of RESULTS, made by run --events, for another program.

    One file for each replication; their names go to stdout. --lang is also the language of
    the activities.
    """
    from sim.cli.progress import progress
    from sim.exchange.formats import FORMATS
    from sim.experiment.repeat import Refused, check_playable, read_record

    try:
        record = read_record(folder)
        check_playable(record)
        logs = _logs(record, only)
        plan = _plan(record)
    except Refused as refused:
        raise click.UsageError(refused.message(lang)) from None
    target = out or folder / "export"
    paths = {number: target / f"{log.stem}.{FORMATS[kind].ending}" for number, log in logs}
    _check_free(paths.values(), lang, force=force)
    with progress(len(logs), kind, quiet=quiet) as on_done:
        for number, log in logs:
            _write(log, paths[number], plan, (FORMATS[kind], number, lang))
            if on_done is not None:
                on_done(number)
            click.echo(paths[number].as_posix())


def _logs(record: "Record", only: tuple[int, ...]) -> list[tuple[int, Path]]:
    """The logs that are wanted, by replication."""
    from sim.experiment.repeat import Refused
    from sim.experiment.store import events_path

    finished = record.content["run"]["finished"] if record.kind == "run" else []
    found = [(number, events_path(record.folder / "events", number)) for number in finished]
    there = [(number, path) for number, path in found if path.is_file()]
    if not there:
        raise Refused(
            f"{record.folder} holds no event logs; gridgov run SCENARIO --events keeps them.",
            f"{record.folder} 中没有事件日志；请用 gridgov run 情景文件 --events 保留日志。",
        )
    known = dict(there)
    missing = sorted(set(only) - known.keys())
    if missing:
        listed = ", ".join(map(str, missing))
        raise Refused(
            f"{record.folder} has no log of replication {listed}.",
            f"{record.folder} 中没有第 {listed} 次重复的日志。",
        )
    return [(number, known[number]) for number in sorted(only)] if only else there


def _plan(record: "Record") -> "Plan":
    """The plan, which knows the names behind the numbers of a log."""
    from sim.experiment.repeat import reading_of
    from sim.scenario.laying_out import compile_reading

    return compile_reading(reading_of(record)).plan


def _check_free(paths: Iterable[Path], lang: Language, *, force: bool) -> None:
    taken = [path for path in paths if path.exists()]
    if taken and not force:
        raise click.UsageError(
            f"{taken[0]} 已存在；用 --force 覆盖。"
            if lang == "zh"
            else f"{taken[0]} is there already; --force replaces it."
        )


def _write(
    log_path: Path, path: Path, plan: "Plan", how: "tuple[Format, int, Language]"
) -> None:
    from sim.experiment.store import read_events, write_pieces

    kind, number, lang = how
    try:
        log = read_events(log_path)
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(f"{log_path} is damaged; play the scenario again.") from error
    write_pieces(kind.write(log, plan, number, lang), path)
