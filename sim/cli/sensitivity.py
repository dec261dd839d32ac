"""``gridgov sensitivity``: which assumption matters most for a figure."""

import json
import math
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.calibrate import check_own, unknown_text
from sim.cli.engines import telling_of_engines
from sim.cli.language import in_each_language
from sim.cli.options import (
    fixed_run_options,
    resumable_out,
    set_option,
    study_folder,
    told_options,
)
from sim.cli.problems import telling_plan_errors
from sim.errors import AnalysisError, Language, StoreError

if TYPE_CHECKING:
    from sim.engine import EngineName
    from sim.experiment.attempts import Work
    from sim.experiment.sensitivity import Sensitivity

INTERRUPTED = 130
SHOWN = 15


@click.command("sensitivity")
@click.argument("file", metavar="SCENARIO")
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="METRIC",
    help="Figure of the decision (may be given several times; the first ranks) "
    "[default: resolution_mean].",
)
@click.option("--vary", multiple=True, metavar="PATH",
              help="Assumptions that may move [default: all with a range].")  # fmt: skip
@click.option("--trajectories", type=click.IntRange(2, 10_000), default=4, show_default=True,
              metavar="N", help="Walks of the screening (Morris).")  # fmt: skip
@click.option("--rows", type=click.IntRange(0, 65_536), default=16, show_default=True,
              metavar="N", help="Rows of the Sobol design: a power of two, or 0.")  # fmt: skip
@click.option("--keep", type=click.IntRange(1, 50), default=6, show_default=True, metavar="N",
              help="Strongest assumptions that get Sobol indices and bars.")  # fmt: skip
@fixed_run_options
@set_option
@resumable_out("sensitivity")
@told_options
def sensitivity(  # noqa: PLR0913  (one argument per flag)
    *,
    file: str,
    metrics: tuple[str, ...],
    vary: tuple[str, ...],
    trajectories: int,
    rows: int,
    keep: int,
    replications: int,
    seed: int,
    workers: int | None,
    engine: "EngineName | None",
    overrides: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Rank SCENARIO's assumptions by what they do to a figure within their ranges.

    First all are screened (Morris), then the strongest get Sobol indices, under the same
    randomness throughout. Every run is kept at once.
    """
    from sim.cli.progress import progress
    from sim.experiment.attempts import JOURNAL, Attempts, identity_of
    from sim.experiment.points import UnknownPath
    from sim.experiment.sensitivity import Settings, assess, runs_of, work_of

    if rows & (rows - 1):
        text = "应为 2 的幂，或 0" if lang == "zh" else "a power of two, or 0, is needed"
        raise click.BadParameter(text, param_hint="--rows")
    begun, hush = time.monotonic(), quiet or as_json
    try:
        with telling_of_engines(engine, lang, quiet=hush):
            work = work_of(
                file, overrides, metrics or ("resolution_mean",), vary=vary, seed=seed,
                replications=replications, engine=engine,
            )  # fmt: skip
    except UnknownPath as error:
        raise click.BadParameter(unknown_text(error, lang), param_hint="--vary") from None
    except AnalysisError as error:
        raise click.UsageError(error.message(lang)) from None
    model = work.readings[0].model
    folder = out or study_folder(model.name, "sensitivity", identity_of(work), seed)
    try:
        check_own(folder, JOURNAL)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / JOURNAL).touch()
    except OSError as error:
        raise click.UsageError(f"{folder}: {error}") from None
    except StoreError as error:
        raise click.UsageError(f"{folder}: {error.message(lang)}") from None
    settings = Settings(trajectories, rows, keep, seed)
    attempts = Attempts(work, folder / JOURNAL, workers=workers)
    try:
        with (
            telling_plan_errors(work.readings),
            progress(runs_of(work, settings), model.name, quiet=hush) as attempts.on_done,
        ):
            found = assess(work, attempts, settings)
    except KeyboardInterrupt:
        click.echo(
            f"已中断：{len(attempts.known)} 次运行已保留；再次运行同一命令即可继续。"
            if lang == "zh"
            else f"Interrupted: {len(attempts.known)} runs are kept; the same command goes on.",
            err=True,
        )
        sys.exit(INTERRUPTED)
    told = {
        "runs": runs_of(work, settings),
        "played": attempts.played,
        "refused": found.refused,
        "without_value": dict(zip(found.metrics, found.without, strict=True)),
        "seconds": round(time.monotonic() - begun, 1),
        "engine": work.engine,
        **settings._asdict(),
        "replications": replications,
    }
    record = _write(folder, found, work, told, lang)
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False))
        return
    _show(found, told, lang)
    if not quiet:
        where = "结果" if lang == "zh" else "Results"
        click.echo(f"{where}: {folder.as_posix()} ({told['seconds']:.0f} s)", err=True)


def _write(
    folder: Path, found: "Sensitivity", work: "Work", told: dict[str, Any], lang: Language
) -> dict[str, Any]:
    from sim.cli.run import as_records
    from sim.experiment.blocks import write_whole
    from sim.experiment.manifest import (
        SCHEMA_VERSION,
        describe_files,
        describe_inputs,
        describe_tool,
    )
    from sim.experiment.store import utc_now, write_manifest, write_table
    from sim.report.names import assumption_names
    from sim.report.plots.tornado import tornado
    from sim.report.style import to_bytes
    from sim.report.words import Say

    rows, tables = {}, {}
    reading = work.readings[0]
    names = assumption_names([one.name for one in found.unknowns], reading.model)
    for place, metric in enumerate(found.metrics):
        table, bars = found.table(place), found.tornado(place).dropna()
        tables[metric] = as_records(table)
        rows[f"sensitivity-{metric}.csv"] = write_table(
            table, folder / f"sensitivity-{metric}.csv"
        )
        base = float(found.base[place])
        if len(bars) and not math.isnan(base):
            chart = tornado(bars, base=base, metric=metric, names=names, lang=lang)
            write_whole(folder / f"tornado-{metric}.svg", to_bytes(chart))
            said = [names.get(name) or Say(name, name) for name in bars["assumption"]]
            kept = bars.assign(
                base=base, name_en=[one.en for one in said], name_zh=[one.zh for one in said]
            )
            rows[f"tornado-{metric}.csv"] = write_table(kept, folder / f"tornado-{metric}.csv")
    manifest = {
        "schema": SCHEMA_VERSION,
        "written": utc_now().isoformat(),
        "tool": describe_tool(),
        **describe_inputs(reading.files, reading.overrides, lang),
        "sensitivity": told,
        "files": describe_files(folder, rows),
    }
    write_manifest(folder, manifest)
    return {
        "scenario": reading.model.name,
        **told,
        "metrics": tables,
        "base": [None if math.isnan(value) else float(value) for value in found.base],
        "folder": folder.as_posix(),
    }


@in_each_language
def _show(found: "Sensitivity", told: dict[str, Any], lang: Language) -> None:
    from sim.cli.show import number, show_table
    from sim.experiment.figures import label, shown_unit

    zh = lang == "zh"
    metric = found.metrics[0]
    unit, table = shown_unit(metric), found.table()

    def size(row: Any) -> str:  # noqa: ANN401  (a row of a table)
        ends = [number(row[name], unit, lang) for name in ("size", "size_low", "size_high")]
        return f"{ends[0]} [{ends[1]}, {ends[2]}]"

    def share(row: Any, name: str) -> str:  # noqa: ANN401
        value = row.get(name)
        return "–" if value is None or math.isnan(value) else f"{value:.2f}"

    rows = [
        [
            str(row["assumption"]),
            f"{row['now']} [{row['low']}, {row['high']}]",
            size(row),
            share(row, "first"),
            f"{share(row, 'total')} [{share(row, 'total_low')}, {share(row, 'total_high')}]",
        ]
        for row in table.head(SHOWN).to_dict("records")
    ]
    base = number(float(found.base[0]), unit, lang)
    title = (
        f"{label(metric, lang)}（现为 {base}）：假设在其范围内的影响（共 {len(table)} 项）"
        if zh
        else f"{label(metric, lang)} (now {base}): what assumptions do within their ranges, "
        f"strongest of {len(table)}"
    )
    header = (
        ["假设", "现值 [范围]", "影响大小 [95 %]", "Sobol 一阶", "Sobol 总效应 [95 %]"]
        if zh
        else ["assumption", "now [range]", "mean size of effect [95 %]", "Sobol first",
              "Sobol total [95 %]"]
    )  # fmt: skip
    show_table(title, header, rows)
    click.echo(_most(found, lang))
    click.echo(
        f"{told['runs']} 次运行，共用随机数；情景不接受的取值 {found.refused} 次"
        f"；没有该指标值的运行 {found.without[0]} 次"
        if zh
        else f"{told['runs']} runs under common randomness; {found.refused} points refused by "
        f"the scenario, {found.without[0]} runs without a value of {metric}"
    )


def _most(found: "Sensitivity", lang: Language) -> str:
    """Which assumption matters most, as far as there are values to say it."""
    metric, table = found.metrics[0], found.table()
    sizes = table["size"]
    if not sizes.gt(0).any():
        return (
            f"没有任何假设改变 {metric}，或运行没有给出该指标的值；请换一个 --metric。"
            if lang == "zh"
            else f"No assumption moves {metric}, or too few runs give it a value; ask for "
            "another --metric."
        )
    # The total index counts joint effects and the whole range, as few trajectories cannot.
    told = "total" in table and table["total"].notna().any()
    place = int((table["total"] if told else sizes).fillna(-math.inf).to_numpy().argmax())
    first = str(table.iloc[place]["assumption"])
    by = ("Sobol 总效应", "Sobol total") if told else ("平均影响", "mean size of effect")
    return (
        f"对这一决策影响最大的假设（按{by[0]}）：{first}"
        if lang == "zh"
        else f"Which assumption matters most for this decision: {first} (by {by[1]})"
    )
