"""``gridgov run --from-manifest``: the run of a results folder once more."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.errors import Language

if TYPE_CHECKING:
    from sim.experiment.repeat import Record
    from sim.experiment.runs import Runs
    from sim.model.system import System
    from sim.scenario.reader import Reading

CHECK_FAILED = 3


def record_of(
    file: str | None, manifest: Path | None, lang: Language, *, changed: bool
) -> "Record | None":
    """The manifest to repeat, if one is given instead of a scenario."""
    zh = lang == "zh"
    if (file is None) == (manifest is None):
        raise click.UsageError(
            "请给出一个情景文件，或 --from-manifest 与结果文件夹，二者取一。"
            if zh
            else "Give a SCENARIO, or --from-manifest with a results folder, not both."
        )
    if manifest is None:
        return None
    if changed:
        raise click.UsageError(
            "--from-manifest 原样重现，不能与 --set、--seed、-n 同用。"
            if zh
            else "--from-manifest repeats a run as it was; it takes no --set, --seed or -n."
        )
    from sim.experiment.repeat import Refused, check_playable, read_record

    try:
        record = read_record(manifest)
        check_playable(record)
    except Refused as refused:
        raise click.UsageError(refused.message(lang)) from None
    if record.kind != "run":
        raise click.UsageError(
            "这些结果不是 gridgov run 得到的；清单中的 command 一项是生成它们的命令。"
            if zh
            else "These results are not of gridgov run; the command that made them stands in "
            "the manifest as 'command'."
        )
    return record


def reading_for(
    file: str | None, overrides: tuple[str, ...], record: "Record | None", lang: Language
) -> "Reading[System]":
    """The scenario of a run: from its file, or as a manifest has it."""
    from sim.scenario.reader import load_scenario

    if record is None:
        return load_scenario(str(file), overrides)
    from sim.experiment.repeat import Refused, reading_of

    try:
        return reading_of(record)
    except Refused as refused:
        raise click.UsageError(refused.message(lang)) from None


def check_repeated(record: "Record", runs: "Runs", lang: Language, *, quiet: bool) -> None:
    """Say whether the repeated logs are the recorded ones; exit code 3 if they are not."""
    from sim.experiment.repeat import compare_logs

    wanted = {int(key): value for key, value in record.content["run"]["digests"].items()}
    faults = compare_logs(runs.scenario, wanted, runs.digests)
    for fault in faults:
        click.secho(fault.message(lang), err=True, fg="red")
    if faults:
        sys.exit(CHECK_FAILED)
    if not quiet:
        same = (
            f"全部 {len(wanted)} 份日志与清单一致"
            if lang == "zh"
            else (f"All {len(wanted)} logs are as recorded")
        )
        click.echo(same, err=True)
