"""``gridgov switch``: when a place should go to wartime, and back."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.engines import telling_of_engines
from sim.cli.language import in_each_language
from sim.cli.options import (
    resumable_out,
    run_options,
    set_option,
    study_folder,
    told_options,
)
from sim.cli.problems import say, telling_plan_errors
from sim.errors import Language, StoreError

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine import EngineName
    from sim.experiment.switch import Settings, Switch
    from sim.model.system import System

INTERRUPTED = 130
TABLE = "switch.csv"


@click.command("switch")
@click.argument("file", metavar="SCENARIO")
@click.option("--mode", metavar="NAME", help="Mode to switch [default: war, or the first].")
@click.option(
    "--shock", metavar="NAME", help="Shock it answers [default: the mode's, or the first]."
)
@click.option(
    "--trigger",
    default="1.25,1.5,2",
    show_default=True,
    metavar="LIST",
    help="Open requests that call the mode, as multiples of the usual number.",
)
@click.option(
    "--hysteresis",
    default="0.5,1",
    show_default=True,
    metavar="LIST",
    help="How much of the way back to the usual number ends it, 0 to 1.",
)
@click.option(
    "--delay",
    default="6h,24h",
    show_default=True,
    metavar="LIST",
    help="Time until each added worker is there.",
)
@click.option(
    "--surge",
    default="1,2",
    show_default=True,
    metavar="LIST",
    help="Factors of the head counts that the mode itself sets.",
)
@run_options
@set_option
@resumable_out("switch")
@told_options
def switch(  # noqa: PLR0913  (one argument per flag)
    *,
    file: str,
    mode: str | None,
    shock: str | None,
    trigger: str,
    hysteresis: str,
    delay: str,
    surge: str,
    replications: int | None,
    seed: int | None,
    workers: int | None,
    engine: "EngineName | None",
    overrides: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Call a mode of SCENARIO by its backlog, at many settings, and see what a shock does.

    One table: peak backlog, time until it is normal again, cost and days in the mode, beside
    the scenario as it is written and one that never switches. All meet the same demand.
    """
    from sim.experiment.design import DesignError
    from sim.experiment.switch import switch_of
    from sim.scenario.reader import load_scenario

    begun, silent = time.monotonic(), quiet or as_json
    reading = load_scenario(file, overrides)
    try:
        settings = _settings(reading.model, (mode, shock), trigger, hysteresis, delay, surge)
        with telling_plan_errors([reading]), telling_of_engines(engine, lang, quiet=silent):
            found = switch_of(
                file,
                overrides,
                reading.model,
                settings,
                replications=replications,
                seed=seed,
                engine=engine,
            )
            folder = out or study_folder(reading.model.name, "switch", found.design.identity)
            table = _played(found, folder, engine, workers, lang, quiet=silent)
    except DesignError as error:
        raise click.UsageError(error.message(lang)) from None
    _tell(found, table, folder, lang, time.monotonic() - begun, as_json=as_json, quiet=quiet)


def _settings(
    system: "System",
    names: tuple[str | None, str | None],
    trigger: str,
    hysteresis: str,
    delay: str,
    surge: str,
) -> "Settings":
    from sim.experiment.switch import Settings, pick
    from sim.units import parse_duration

    return Settings(
        *pick(system, *names),
        _numbers(trigger, "--trigger"),
        _numbers(hysteresis, "--hysteresis"),
        _listed(delay, "--delay", parse_duration, "6h,24h"),
        _numbers(surge, "--surge"),
    )


def _numbers(text: str, option: str) -> tuple[float, ...]:
    return _listed(text, option, float, "1.5,2")


def _listed(text: str, option: str, read: Any, example: str) -> tuple[Any, ...]:  # noqa: ANN401
    try:
        found = tuple(read(part.strip()) for part in text.split(","))
    except ValueError:
        raise click.BadParameter(
            say(
                f"'{text}' is no list; write {example}",
                f"“{text}”不是列表；请写成 {example}",
            ),
            param_hint=option,
        ) from None
    return tuple(dict.fromkeys(found))


def _played(
    found: "Switch",
    folder: Path,
    engine: "EngineName | None",
    workers: int | None,
    lang: Language,
    *,
    quiet: bool,
) -> "pd.DataFrame":
    from sim.cli.progress import progress
    from sim.experiment.switch import play_switch

    total = len(found.rows) * found.design.replications
    try:
        with progress(total, found.design.base.model.name, quiet=quiet) as on_done:
            return play_switch(found, folder, engine=engine, workers=workers, on_done=on_done)
    except StoreError as error:
        raise click.UsageError(error.message(lang)) from None
    except KeyboardInterrupt:
        click.echo(
            f"已中断：完成的重复保留在 {folder.as_posix()}；再次运行同一命令即可继续。"
            if lang == "zh"
            else f"Interrupted: what is finished is kept in {folder.as_posix()}; the same "
            f"command goes on from there.",
            err=True,
        )
        sys.exit(INTERRUPTED)


def _tell(
    found: "Switch",
    table: "pd.DataFrame",
    folder: Path,
    lang: Language,
    seconds: float,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    from sim.cli.run import as_records
    from sim.experiment.blocks import write_whole

    text = table.to_csv(index=False, lineterminator="\n")
    write_whole(folder / TABLE, text.encode("utf-8-sig"))
    settings, design = found.settings, found.design
    if as_json:
        record = {
            "scenario": design.base.files[0],
            "mode": settings.mode,
            "shock": settings.shock,
            "usual": found.usual,
            "replications": design.replications,
            "seed": design.seed,
            "settings": as_records(table),
            "folder": folder.as_posix(),
        }
        click.echo(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False))
        return
    _show(found, table, lang)
    if not quiet:
        where = "结果" if lang == "zh" else "Results"
        click.echo(f"{where}: {folder.as_posix()} ({seconds:.1f} s)", err=True)


_WORDS = {
    "as written": ("as written", "按情景所写"),
    "never": ("never", "从不切换"),
    "switched": ("", ""),
}
_HEADER = (
    ("setting", "方案"), ("begins above", "高于…进入"), ("ends below", "低于…退出"),
    ("delay", "动员时长"), ("surge", "增援倍数"), ("peak backlog", "积压峰值"),
    ("time to normal", "恢复正常用时"), ("cost", "成本"), ("resolution p90", "办结时长 P90"),
    ("days in mode", "该状态天数"),
)  # fmt: skip


@in_each_language
def _show(found: "Switch", table: "pd.DataFrame", lang: Language) -> None:
    from sim.cli.show import number, show_table, with_interval

    zh, n = lang == "zh", found.design.replications
    model, settings = found.design.base.model, found.settings
    click.echo(model.title.read(lang) or model.name)
    usual = f"{found.usual:,.0f}"
    click.echo(
        f"状态 {settings.mode}，冲击 {settings.shock}；冲击前一周平均在办 {usual} 件；"
        f"各 {n} 次重复"
        if zh
        else f"Mode {settings.mode} against shock {settings.shock}; {usual} open requests are "
        f"usual in the week before it; {n} replications each"
    )
    click.echo()
    rows = []
    for row in table.to_dict("records"):
        cells = [_WORDS[row["name"]][zh]]
        cells += [number(row[key], "", lang) for key in ("above", "below")]
        cells.append(number(row["delay"], "h", lang))
        cells.append("–" if row["surge"] != row["surge"] else f"{row['surge']:g} ×")
        for key, unit in (
            ("backlog_peak", ""), ("time_to_normal", "h"), ("cost_per_month", "CNY/month"),
            ("resolution_p90", "h"),
        ):  # fmt: skip
            ends = {"mean": row[key], "low": row[f"{key}_low"], "high": row[f"{key}_high"]}
            cells.append(with_interval({**ends, "n": n}, unit, lang))
        rows.append([*cells, f"{row['days_in_mode']:.1f}"])
    title = "均值与 95 % 区间" if zh else "Mean [95 % interval]"
    show_table(title, [name[zh] for name in _HEADER], rows)
