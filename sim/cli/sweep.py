"""``gridgov sweep``: one scenario at many settings, and what shorter waits cost."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.cli.engines import telling_of_engines
from sim.cli.options import (
    resumable_out,
    run_options,
    set_option,
    study_folder,
    told_options,
)
from sim.cli.problems import telling_plan_errors
from sim.cli.sweep_asked import MANY, Flags, asked_for, check_size, design_from, shard_of
from sim.errors import Language, StoreError, WorkerError

if TYPE_CHECKING:
    from sim.engine import EngineName
    from sim.experiment.points import Design
    from sim.experiment.sweep import Opened
    from sim.experiment.sweep_work import Shard
    from sim.experiment.workers import Workers
    from sim.model.experiment import Kind

INTERRUPTED = 130


class Wish(NamedTuple):
    """What the user asked for, besides the design."""

    against: str
    metrics: tuple[str, ...]
    workers: "Workers"
    shard: "Shard | None"
    as_parquet: bool
    lang: Language
    quiet: bool
    as_json: bool


@click.command("sweep")
@click.argument("file", metavar="SCENARIO")
@click.option(
    "--vary",
    "varied",
    multiple=True,
    metavar="PATH=VALUES",
    help="Field and its values: PATH=200:600:50 (start:stop:step, both ends included), "
    "PATH=2h,4h, or for lhs and sobol PATH=200..600. gridgov resolve --paths lists the "
    "fields [default: what the experiment of the scenario says].",
)
@click.option(
    "--design",
    "kind",
    type=click.Choice(["grid", "lhs", "sobol"]),
    help="Every combination, a Latin hypercube or a Sobol sequence [default: grid].",
)
@click.option(
    "--points",
    type=click.IntRange(1, 100_000),
    metavar="N",
    help="Number of points of lhs and sobol.",
)
@click.option(
    "--against",
    metavar="METRIC",
    help="Metric that the frontier sets against the cost per month [default: resolution_p90].",
)
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="METRIC",
    help="Another metric to show beside each point (may be given several times).",
)
@run_options
@set_option
@resumable_out("sweep")
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Play on a Dask cluster: tcp://HOST:8786, or local:N for N workers here.",
)
@click.option(
    "--shard",
    metavar="K/N",
    help="Play only the K-th of N parts, as in a job array; the same command without it "
    "writes the tables.",
)
@click.option(
    "--merge",
    "merged",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Take over what the same sweep finished in another folder (several times).",
)
@click.option(
    "--format",
    "table_format",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
    help="parquet writes the long tables as Parquet beside the CSV (extra of this name).",
)
@click.option("--yes", is_flag=True, help=f"Play designs of more than {MANY} points.")
@told_options
def sweep(  # noqa: PLR0913  (one argument per flag)
    *,
    file: str,
    varied: tuple[str, ...],
    kind: "Kind | None",
    points: int | None,
    against: str | None,
    metrics: tuple[str, ...],
    replications: int | None,
    seed: int | None,
    workers: int | None,
    engine: "EngineName | None",
    overrides: tuple[str, ...],
    out: Path | None,
    cluster: str | None,
    shard: str | None,
    merged: tuple[Path, ...],
    table_format: str,
    yes: bool,
    as_json: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Play SCENARIO at many settings, under the same demand.

    What is varied, by which design and how often is said by flags or, without --vary, by the
    experiment of the scenario. Every finished replication is kept at once. A sweep that was
    stopped, however hard, goes on when the same command is given again, and its tables are the
    same.
    """
    from sim.experiment.proposed import distinct

    _check_workers(workers, cluster, lang)
    _check_parquet(table_format, lang)
    part = shard_of(shard, lang)
    flags = Flags(varied, kind, points, replications, seed, against, metrics)
    asked = asked_for(file, overrides, flags, lang)
    check_size(asked, lang, yes=yes)
    wish = Wish(
        asked.against, distinct(asked.metrics, asked.against), cluster or workers, part,
        table_format == "parquet", lang, quiet or as_json, as_json,
    )  # fmt: skip
    design = design_from(file, overrides, asked, lang)
    folder = out or _default_folder(design)
    begun = time.monotonic()
    with (
        telling_plan_errors(design.readings),
        telling_of_engines(engine, lang, quiet=wish.quiet),
    ):
        opened = _opened(design, folder, engine, part, merged, lang)
        _play(opened, wish)
    seconds = time.monotonic() - begun
    if part is not None:
        _tell_shard(opened, part, seconds, lang, as_json=as_json)
        return
    record = _write(opened, wish, seconds)
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False))
    elif not quiet:
        for warning in record["warnings"]:
            click.secho(f"! {warning}", err=True, fg="yellow")
        _tell_where(record, lang)


def _check_workers(workers: int | None, cluster: str | None, lang: Language) -> None:
    if cluster is None:
        return
    if workers is not None:
        raise click.UsageError(
            "--workers 与 --cluster 只能给出一个。"
            if lang == "zh"
            else "--workers are processes here, --cluster says who plays instead; give one."
        )
    from sim.errors import WorkerError
    from sim.experiment.cluster import check_address

    try:
        check_address(cluster)
    except WorkerError as error:
        raise click.BadParameter(error.message(lang), param_hint="--cluster") from None


def _check_parquet(table_format: str, lang: Language) -> None:
    from importlib.util import find_spec

    if table_format == "parquet" and find_spec("pyarrow") is None:
        raise click.UsageError(
            "--format parquet 需要 pyarrow：pip install 'gridgov-sim[parquet]'。"
            if lang == "zh"
            else "--format parquet needs pyarrow: pip install 'gridgov-sim[parquet]'."
        )


def _default_folder(design: "Design") -> Path:
    """The same for the same scenario, levers, version and seed, so that work is found again."""
    levers = [(lever.path, lever.values) for lever in design.levers]
    sampled = [] if design.asked is None else [design.kind, design.asked]
    return study_folder(design.base.model.name, "sweep", design.identity, levers, *sampled)


def _opened(
    design: "Design",
    folder: Path,
    engine: "EngineName | None",
    shard: "Shard | None",
    merged: tuple[Path, ...],
    lang: Language,
) -> "Opened":
    from sim.experiment.sweep import open_sweep

    try:
        return open_sweep(design, folder, engine=engine, shard=shard, merged=merged)
    except StoreError as error:
        raise click.UsageError(error.message(lang)) from None


def _play(opened: "Opened", wish: Wish) -> None:
    from sim.cli.progress import progress
    from sim.experiment.sweep import kept_count, play_missing

    name = opened.design.base.model.name

    def kept() -> str:
        asked, done = len(opened.asked), kept_count(opened)
        folder = opened.work.folder.as_posix()
        return (
            f"{asked} 次重复中有 {done} 次保留在 {folder}；再次运行同一命令即可继续。"
            if wish.lang == "zh"
            else f"{done} of {asked} replications are kept in {folder}; the same command goes "
            f"on from there."
        )

    try:
        with progress(len(opened.missing), name, quiet=wish.quiet) as on_done:
            play_missing(opened, workers=wish.workers, on_done=on_done)
    except WorkerError as error:
        raise WorkerError(f"{error.text} {kept()}", f"{error.zh}{kept()}") from None
    except KeyboardInterrupt:
        click.echo(f"{'已中断：' if wish.lang == 'zh' else 'Interrupted: '}{kept()}", err=True)
        sys.exit(INTERRUPTED)


def _write(opened: "Opened", wish: Wish, seconds: float) -> dict[str, Any]:
    """Write the tables and the manifest, show the points; return what ``--json`` prints."""
    from sim.cli.run import as_records
    from sim.cli.sweep_tables import show_sweep, warnings_of
    from sim.experiment.sweep import gathered
    from sim.experiment.sweep_results import describe_sweep, write_sweep

    found = gathered(opened)
    folder = opened.work.folder
    described = describe_sweep(found, wish.against, wish.metrics, seconds)
    said = {**described, "language": wish.lang}
    write_sweep(folder, found, said, as_parquet=wish.as_parquet)
    table, frontier = found.table(), found.frontier(wish.against, also=wish.metrics)
    if not wish.as_json:
        show_sweep(found, frontier, wish.against, wish.metrics, wish.lang)
    return {
        **described,
        "frontier": as_records(frontier),
        "metrics": as_records(table[table["by"] == "all"]),
        "folder": folder.as_posix(),
        "warnings": warnings_of(frontier, wish.against, wish.lang),
    }


def _tell_shard(
    opened: "Opened", shard: "Shard", seconds: float, lang: Language, *, as_json: bool
) -> None:
    record = {
        "folder": opened.work.folder.as_posix(),
        "shard": [shard.number, shard.of],
        "asked": len(opened.asked),
        "played": len(opened.missing),
        "seconds": round(seconds, 3),
    }
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
        return
    part, asked = f"{shard.number}/{shard.of}", record["asked"]
    click.echo(
        f"分片 {part}：{asked} 次重复已保留在 {record['folder']}"
        f"（新运行 {record['played']} 次）。"
        f"全部分片完成后，去掉 --shard 再运行同一命令即写出结果表。"
        if lang == "zh"
        else f"Shard {part}: {asked} replications are kept in {record['folder']} "
        f"({record['played']} played). When all shards are done, the same command without "
        f"--shard writes the tables.",
        err=True,
    )


def _tell_where(record: dict[str, Any], lang: Language) -> None:
    played, kept = record["played"], record["kept"]
    click.echo(
        f"结果：{record['folder']}（新运行 {played} 次，沿用 {kept} 次，"
        f"{record['seconds']:.1f} 秒）"
        if lang == "zh"
        else f"Results: {record['folder']} ({played} replications played, {kept} found there, "
        f"{record['seconds']:.1f} s)",
        err=True,
    )
