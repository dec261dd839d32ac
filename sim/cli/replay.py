"""``gridgov replay``: the requests of a log through the staffing of a scenario."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.engines import telling_of_engines
from sim.cli.language import in_each_language
from sim.cli.logs import Asked, log_options, read, reading_record, show_reading
from sim.cli.options import (
    run_options,
    set_option,
    told_options,
)
from sim.cli.problems import telling_plan_errors
from sim.errors import Language

if TYPE_CHECKING:
    from sim.engine import EngineName
    from sim.experiment.log_replay import Demand, Matched, Replayed
    from sim.experiment.runs import Runs
    from sim.model.system import System
    from sim.scenario.reader import Reading

CHECK_FAILED = 3


@click.command("replay")
@log_options
@click.option(
    "--scenario",
    "file",
    required=True,
    metavar="FILE.yaml",
    help="The scenario whose staffing, calendars and flows serve the requests.",
)
@click.option(
    "--classes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.yaml",
    help="Which class plays which type: `classes: {Type of the log: class, '*': class}` "
    "[default: classes of the same name, and other_types].",
)
@click.option(
    "--demand",
    type=click.Choice(["log", "scenario"]),
    default="log",
    show_default=True,
    help="Play the requests of the log, or the scenario's own sources, to see whether these "
    "give back the log.",
)
@click.option(
    "--follow-up",
    default="30 d",
    show_default=True,
    metavar="LENGTH",
    help="Longest time for which open requests are watched after the last report.",
)
@click.option(
    "--check",
    is_flag=True,
    help="End with exit code 3 if a figure of the log differs from the simulation.",
)
@run_options
@set_option
@told_options
def replay(  # noqa: PLR0913 - one argument per flag
    *,
    asked: Asked,
    file: str,
    classes: Path | None,
    demand: "Demand",
    follow_up: str,
    check: bool,
    replications: int | None,
    seed: int | None,
    workers: int | None,
    engine: "EngineName | None",
    overrides: tuple[str, ...],
    as_json: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Play the very requests of LOG, their times and classes, through a scenario.

    Log and simulation stand side by side, class by class. Intervals are for one more
    replication; a figure of the log differs where it could not be one (t-test on logarithms,
    1 % for all figures together by Holm's steps).
    """
    from sim.experiment.log_replay import lines_of, match
    from sim.experiment.log_replay import replay as replayed_of
    from sim.scenario.reader import load_scenario
    from sim.units import parse_duration

    try:
        watched = parse_duration(follow_up)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--follow-up") from None
    found = read(asked, lang)
    reading = load_scenario(file, overrides)
    matched = match(found, reading.model, _given(classes))
    if not matched.log.ids:
        raise click.UsageError(
            "情景中没有与日志类型对应的类别；请用 --classes 指明。"
            if lang == "zh"
            else "The scenario has no class for any type of the log; name them with --classes."
        )
    played = replayed_of(reading.model, matched.log, demand=demand, follow_up=watched)
    runs = _play(
        reading, played, (replications, seed, workers, engine), lang, quiet=quiet or as_json
    )
    lines = lines_of(played, runs, demand)
    if as_json:
        _print_json(found, matched, played, runs, lines)
    else:
        _show(found, matched, played, runs, lang)
        _show_result(lines, demand, lang)
    if check and any(line.differs for line in lines):
        sys.exit(CHECK_FAILED)


def _given(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    from sim.model.columns import TypeClasses
    from sim.scenario.reader import read_as

    return read_as(TypeClasses, path).model.classes


def _play(
    reading: "Reading[System]",
    played: "Replayed",
    how: "tuple[int | None, int | None, int | None, EngineName | None]",
    lang: Language,
    *,
    quiet: bool,
) -> "Runs":
    from sim.cli.progress import progress
    from sim.experiment.replicate import replicate

    number, seed, workers, engine = how
    asked = number or played.system.run.replications
    with (
        telling_plan_errors([reading]),
        telling_of_engines(engine, lang, quiet=quiet),
        progress(asked, played.system.name, quiet=quiet) as on_done,
    ):
        return replicate(
            played.system, asked, seed, workers=workers, on_done=on_done, engine=engine
        )


def _print_json(
    found: Any,  # noqa: ANN401 - imported late
    matched: "Matched",
    played: "Replayed",
    runs: "Runs",
    lines: Any,  # noqa: ANN401
) -> None:
    from sim.cli.logs_tables import lines_record

    record = {
        **reading_record(found),
        "scenario": played.system.name,
        "classes": dict(matched.classes),
        "not_played": dict(matched.unplayed),
        "replaced_sources": list(played.left_out),
        "replications": len(runs.digests),
        "seed": runs.seed,
        "engine": runs.engine,
        "figures": lines_record(lines),
        "differ": sum(line.differs for line in lines),
    }
    click.echo(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False))


@in_each_language
def _show(
    found: Any,  # noqa: ANN401 - imported late
    matched: "Matched",
    played: "Replayed",
    runs: "Runs",
    lang: Language,
) -> None:
    from sim.cli.logs_tables import show_unplayed
    from sim.units import format_duration

    show_reading(found, lang)
    show_unplayed(matched.unplayed, lang)
    run, zh = played.system.run, lang == "zh"
    window, after = format_duration(run.horizon), format_duration(run.cool_down)
    click.echo(
        f"情景 {played.system.name}：自 {run.start:%Y-%m-%d %H:%M} 起 {window}，"
        f"其后再观察 {after}；{len(runs.digests)} 次重复，种子 {runs.seed}"
        if zh
        else f"Scenario {played.system.name}: {window} from {run.start:%Y-%m-%d %H:%M}, "
        f"watched for {after} more; {len(runs.digests)} replications, seed {runs.seed}"
    )
    if played.left_out:
        listed = ", ".join(played.left_out)
        click.echo(
            f"由日志代替的来源：{listed}" if zh else f"Sources that the log replaces: {listed}"
        )


@in_each_language
def _show_result(lines: Any, demand: "Demand", lang: Language) -> None:  # noqa: ANN401
    from sim.cli.logs_tables import show_lines

    click.echo()
    show_lines(lines, lang)
    judged = sum(not line.is_given and line.foretold.p is not None for line in lines)
    out = sum(line.differs for line in lines)
    given = demand == "log"
    if lang == "zh":
        click.echo(
            f"  {judged} 项指标中 {out} 项与仿真不符"
            "（再做一次重复的 t 检验，Holm，合计 1 %）。"
            + ("件数由日志给定。" if given else "")
        )
        return
    click.echo(
        f"  {out} of {judged} figures of the log differ from the simulation (t-test for one "
        "more replication, Holm, 1 % in all)."
        + (" Counts are given by the log." if given else "")
    )
