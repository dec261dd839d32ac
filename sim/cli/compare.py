"""``gridgov compare``: scenarios under the same demand, and what differs beyond chance."""

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import (
    debug_option,
    json_option,
    lang_option,
    quiet_option,
    run_options,
    set_option,
    telling_engine_errors,
)
from sim.cli.problems import telling_plan_errors, unique
from sim.errors import AnalysisError, Language, Problem, ScenarioError

if TYPE_CHECKING:
    from sim.engine import EngineName
    from sim.experiment.checks import Check
    from sim.experiment.compare import Comparison
    from sim.model.system import System
    from sim.scenario.reader import Reading

CHECK_FAILED = 3


@click.command("compare")
@click.argument("files", nargs=-1, required=True, metavar="BASELINE OTHER...")
@run_options
@set_option
@click.option(
    "--independent",
    is_flag=True,
    help="Play the others again with seeds of their own, to see what common demand gains.",
)
@click.option(
    "--fail-if",
    "checks",
    multiple=True,
    metavar="CHECK",
    help='Exit code 3 if true of any scenario: "METRIC>NUMBER", "METRIC[war]>NUMBER", '
    '"METRIC.difference>NUMBER" (times in hours, shares from 0 to 1 or in %).',
)
@json_option
@lang_option
@quiet_option
@debug_option
def compare(  # noqa: PLR0913  (one argument per flag)
    *,
    files: tuple[str, ...],
    replications: int | None,
    seed: int | None,
    workers: int | None,
    engine: "EngineName",
    overrides: tuple[str, ...],
    independent: bool,
    checks: tuple[str, ...],
    as_json: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Play scenarios under the same demand and compare each with the first.

    Differences are taken replication by replication; their intervals hold together for all
    scenarios of a figure (Bonferroni). Settings that differ in demand are named.
    """
    if len(files) < 2:
        raise click.UsageError("A comparison needs at least two scenarios.")
    wanted = _parsed(checks)

    from sim.cli.progress import progress
    from sim.experiment.compare import compare as play_and_compare

    readings = _read_all(files, overrides)
    systems = [reading.model for reading in readings]
    count = replications or systems[0].run.replications
    rounds = len(systems) + (len(systems) - 1) * independent
    label = "比较" if lang == "zh" else "compare"
    with (
        telling_plan_errors(readings),
        telling_engine_errors(engine),
        progress(rounds * count, label, quiet=quiet or as_json) as on_done,
    ):
        comparison = play_and_compare(
            systems,
            count,
            seed,
            independent=independent,
            workers=workers,
            on_done=on_done,
            engine=engine,
        )
    failures = _failures(wanted, comparison)
    if as_json:
        record = _record(files, comparison, failures)
        click.echo(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        _tell(comparison, failures, lang, quiet=quiet)
    if failures:
        sys.exit(CHECK_FAILED)


def _parsed(texts: tuple[str, ...]) -> "list[Check]":
    from sim.experiment.checks import parse_check

    try:
        return [parse_check(text) for text in texts]
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--fail-if") from None


def _read_all(files: tuple[str, ...], overrides: tuple[str, ...]) -> "list[Reading[System]]":
    """All scenarios, or the problems of all of them."""
    from sim.scenario.reader import load_scenario

    readings: list[Reading[System]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            readings.append(load_scenario(file, overrides))
        except ScenarioError as error:
            problems.extend(error.problems)
    if problems:
        raise ScenarioError(unique(problems))
    return readings


def _failures(checks: "list[Check]", comparison: "Comparison") -> list[str]:
    from sim.experiment.checks import failed

    if not checks:
        return []
    table = comparison.differences([check.metric for check in checks])
    try:
        return [text for check in checks for text in failed(check, table)]
    except AnalysisError as error:
        raise click.BadParameter(str(error), param_hint="--fail-if") from None


def _record(
    files: tuple[str, ...], comparison: "Comparison", failures: list[str]
) -> dict[str, Any]:
    from sim.cli.run import as_records
    from sim.cli.tables import narrowing
    from sim.experiment.figures import HEADLINE

    first = comparison.runs[0]
    differences = comparison.differences()
    return {
        "scenarios": [
            {"name": name, "file": file, "seed": runs.seed, "digests": dict(runs.digests)}
            for name, file, runs in zip(comparison.names, files, comparison.runs, strict=True)
        ],
        "replications": len(first.digests),
        "seed": first.seed,
        "independent": bool(comparison.independent),
        "confidence": comparison.confidence,
        "unmatched_sources": comparison.unmatched,
        "headline": list(HEADLINE),
        "narrowing": narrowing(differences),
        "differences": as_records(differences),
        "failed_checks": failures,
    }


def _tell(
    comparison: "Comparison", failures: list[str], lang: Language, *, quiet: bool
) -> None:
    from sim.cli.tables import show_comparison

    show_comparison(comparison, lang)
    for text in failures:
        click.secho(text, err=True, fg="red")
    if quiet:
        return
    for name, sources in comparison.unmatched.items():
        listed = ", ".join(sources)
        click.secho(
            f"! {name}：以下来源的需求与基准不同：{listed}；差值包含需求的差别。"
            if lang == "zh"
            else f"! {name}: demand differs from the baseline in {listed}; "
            f"differences there are of demand and answer together.",
            err=True,
            fg="yellow",
        )
