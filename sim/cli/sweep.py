"""``gridgov sweep``: one scenario at many settings, and what shorter waits cost."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.cli.engines import telling_of_engines
from sim.cli.options import (
    debug_option,
    json_option,
    lang_option,
    quiet_option,
    run_options,
    set_option,
)
from sim.cli.problems import telling_plan_errors
from sim.errors import Language, StoreError

if TYPE_CHECKING:
    from sim.engine import EngineName
    from sim.experiment.design import Lever
    from sim.experiment.points import Design
    from sim.experiment.sweep import Opened, Sweep

INTERRUPTED = 130
MANY = 200
"""More points than this have to be confirmed."""


class Wish(NamedTuple):
    """What the user asked for, besides the design."""

    file: str
    overrides: tuple[str, ...]
    against: str
    workers: int | None
    lang: Language
    quiet: bool


@click.command("sweep")
@click.argument("file", metavar="SCENARIO")
@click.option(
    "--vary",
    "varied",
    multiple=True,
    required=True,
    metavar="PATH=VALUES",
    help="Field and its values: PATH=200:600:50 (start:stop:step, both ends included) or "
    "PATH=2h,4h. Several make a grid. gridgov resolve --paths lists the fields.",
)
@click.option(
    "--against",
    default="resolution_p90",
    show_default=True,
    metavar="METRIC",
    help="Metric that the frontier sets against the cost per month.",
)
@run_options
@set_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder for blocks and tables; the same folder again goes on from what is there "
    "[default: results/SCENARIO/sweep-HASH].",
)
@click.option("--yes", is_flag=True, help=f"Play designs of more than {MANY} points.")
@json_option
@lang_option
@quiet_option
@debug_option
def sweep(  # noqa: PLR0913  (one argument per flag)
    *,
    file: str,
    varied: tuple[str, ...],
    against: str,
    replications: int | None,
    seed: int | None,
    workers: int | None,
    engine: "EngineName | None",
    overrides: tuple[str, ...],
    out: Path | None,
    yes: bool,
    as_json: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Play SCENARIO at every combination of values, under the same demand.

    Every finished replication is kept at once. A sweep that was stopped, however hard, goes on
    when the same command is given again, and its tables are the same.
    """
    levers = _levers(varied, lang)
    _check_size(levers, lang, yes=yes)
    _check_metric(against, lang)
    wish = Wish(file, overrides, against, workers, lang, quiet or as_json)
    design = _design(wish, levers, replications, seed)
    folder = out or _default_folder(design)
    begun = time.monotonic()
    with (
        telling_plan_errors(design.readings),
        telling_of_engines(engine, lang, quiet=wish.quiet),
    ):
        opened = _opened(design, folder, engine)
        found = _played(opened, wish)
    record = _write(folder, found, wish, time.monotonic() - begun)
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False))
        return
    from sim.cli.sweep_tables import show_sweep

    show_sweep(found, against, lang)
    if not quiet:
        for warning in record["warnings"]:
            click.secho(f"! {warning}", err=True, fg="yellow")
        _tell_where(record, lang)


def _levers(texts: tuple[str, ...], lang: Language) -> "tuple[Lever, ...]":
    from sim.experiment.design import DesignError, check_levers, parse_lever

    try:
        levers = tuple(parse_lever(text) for text in texts)
        check_levers(levers)
    except DesignError as error:
        raise click.BadParameter(error.message(lang), param_hint="--vary") from None
    return levers


def _check_size(levers: "tuple[Lever, ...]", lang: Language, *, yes: bool) -> None:
    from sim.experiment.design import size_of

    size = size_of(levers)
    if size > MANY and not yes:
        raise click.UsageError(
            f"共 {size} 个方案（超过 {MANY}）；确认运行请加 --yes。"
            if lang == "zh"
            else f"This design has {size} points (more than {MANY}); --yes plays it."
        )


def _check_metric(name: str, lang: Language) -> None:
    from difflib import get_close_matches

    from sim.metrics.catalogue import BY_NAME

    if name in BY_NAME and BY_NAME[name].better != "neutral":
        return
    near = get_close_matches(name, BY_NAME, n=1)
    if name in BY_NAME:
        en, zh = f"neither more nor less of {name} is better", f"{name} 没有优劣方向"
    else:
        en = f"there is no metric '{name}'" + (f"; did you mean {near[0]}?" if near else "")
        zh = f"没有指标“{name}”" + (f"，是否指 {near[0]}？" if near else "")
    raise click.BadParameter(zh if lang == "zh" else en, param_hint="--against")


def _design(
    wish: Wish, levers: "tuple[Lever, ...]", replications: int | None, seed: int | None
) -> "Design":
    from sim.experiment.design import grid
    from sim.experiment.points import UnknownPath, design_of

    try:
        return design_of(
            wish.file,
            wish.overrides,
            levers,
            grid(levers),
            replications=replications,
            seed=seed,
        )
    except UnknownPath as error:
        raise click.BadParameter(
            unknown_path(error, wish.file, wish.lang), param_hint="--vary"
        ) from None


def unknown_path(error: Any, file: str, lang: Language) -> str:  # noqa: ANN401  (imported late)
    """That a scenario has no such field, and which may have been meant."""
    near = "、".join(error.near) if lang == "zh" else " or ".join(error.near)
    if lang == "zh":
        hint = f"是否指 {near}？" if near else ""
        return (
            f"情景中没有字段“{error.path}”。{hint}gridgov resolve --paths {file} 列出全部字段。"
        )
    hint = f" Did you mean {near}?" if near else ""
    return (
        f"the scenario has no field '{error.path}'.{hint} "
        f"gridgov resolve --paths {file} lists all."
    )


def _default_folder(design: "Design") -> Path:
    """The same for the same scenario, levers, version and seed, so that work is found again."""
    import hashlib

    content = json.dumps([design.identity, design.levers])
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    return Path("results") / design.base.model.name / f"sweep-{digest}"


def _opened(design: "Design", folder: Path, engine: "EngineName | None") -> "Opened":
    from sim.experiment.sweep import open_sweep

    try:
        return open_sweep(design, folder, engine=engine)
    except StoreError as error:
        raise click.UsageError(str(error)) from None


def _played(opened: "Opened", wish: Wish) -> "Sweep":
    from sim.cli.progress import progress
    from sim.experiment.sweep import kept_count, play_sweep

    name = opened.design.base.model.name
    try:
        with progress(len(opened.missing), name, quiet=wish.quiet) as on_done:
            return play_sweep(opened, workers=wish.workers, on_done=on_done)
    except KeyboardInterrupt:
        asked = len(opened.design.points) * opened.design.replications
        done, folder = kept_count(opened), opened.work.folder.as_posix()
        click.echo(
            f"已中断：{asked} 次重复中有 {done} 次保留在 {folder}；再次运行同一命令即可继续。"
            if wish.lang == "zh"
            else f"Interrupted: {done} of {asked} replications are kept in {folder}; the same "
            f"command goes on from there.",
            err=True,
        )
        sys.exit(INTERRUPTED)


def _write(folder: Path, found: "Sweep", wish: Wish, seconds: float) -> dict[str, Any]:
    """Write the tables and the manifest; return what ``--json`` prints."""
    from sim.cli.run import as_records
    from sim.cli.sweep_tables import warnings_of
    from sim.experiment.sweep_results import describe_sweep, write_sweep

    described = describe_sweep(found, wish.against, seconds)
    write_sweep(folder, found, wish.against, {**described, "language": wish.lang})
    table, frontier = found.table(), found.frontier(wish.against)
    return {
        **described,
        "frontier": as_records(frontier),
        "metrics": as_records(table[table["by"] == "all"]),
        "folder": folder.as_posix(),
        "warnings": warnings_of(frontier, wish.against, wish.lang),
    }


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
