"""``gridgov compare``: scenarios under the same demand, and what differs beyond chance."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.cli.engines import telling_of_engines
from sim.cli.options import (
    out_options,
    posterior_options,
    precision_options,
    run_options,
    set_option,
    told_options,
    wanted_precision,
    warm_up_override,
)
from sim.cli.problems import telling_plan_errors, unique
from sim.errors import AnalysisError, Language, Problem, ScenarioError, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engine import EngineName
    from sim.experiment.checks import Check
    from sim.experiment.compare import Comparison
    from sim.experiment.targets import Outcome
    from sim.model.system import System
    from sim.scenario.reader import Reading

CHECK_FAILED = 3


class Wish(NamedTuple):
    """How the scenarios are to be played."""

    replications: int
    seed: int | None
    workers: int | None
    engine: "EngineName | None"
    independent: bool
    lang: Language
    quiet: bool
    precision: tuple[float, tuple[str, ...]] | None
    """Wanted half-width as a share of the mean, and the metrics that it is about."""


@click.command("compare")
@click.argument("files", nargs=-1, required=True, metavar="BASELINE OTHER...")
@run_options
@precision_options
@posterior_options
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
@out_options
@told_options
def compare(  # noqa: PLR0913  (one argument per flag)
    *,
    files: tuple[str, ...],
    replications: int | None,
    seed: int | None,
    workers: int | None,
    engine: "EngineName | None",
    precision: str | None,
    precise: tuple[str, ...],
    warm_up: str | None,
    posterior: Path | None,
    claims_read_as: str | None,
    draws: int | None,
    overrides: tuple[str, ...],
    independent: bool,
    checks: tuple[str, ...],
    out: Path | None,
    force: bool,
    as_json: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Play scenarios under the same demand and compare each with the first.

    Differences are taken replication by replication; their intervals hold together for all
    scenarios of a figure (Bonferroni). Settings that differ in demand are named. The tables
    of the differences and of every scenario, the full scenarios and a manifest go to a folder
    of their own, which appears when all is there.
    """
    if len(files) < 2:
        raise click.UsageError("A comparison needs at least two scenarios.")
    wanted, sharp = _parsed(checks), wanted_precision(precision, precise)
    if sharp is not None and independent:
        raise click.UsageError("--precision and --independent do not go together.")

    from sim.cli.predict import PosteriorWish, predict_if_wanted, wanted_ensemble
    from sim.cli.targets import as_json as as_json_of
    from sim.cli.targets import compared_outcomes, show_outcomes
    from sim.experiment.precisely import MOST
    from sim.experiment.store import check_free, draft, point_to

    others = {"--precision": precision, "--independent": independent, "--fail-if": checks}
    ensemble = wanted_ensemble(posterior, claims_read_as, draws, others, lang)
    quick = Wish(0, seed, workers, engine, independent, lang, quiet or as_json, sharp)
    readings, how = _settled(files, overrides, warm_up, quick)
    flags = (replications, seed, workers, engine, out, force, as_json, lang, quiet)
    if predict_if_wanted(readings, how, PosteriorWish(ensemble, *flags)):
        return
    _check_all(readings)
    count = replications or (readings[0].model.run.replications if sharp is None else MOST)
    folder = out or _default_folder(readings, count, seed)
    try:
        check_free(folder, force=force)
    except StoreError as error:
        raise click.UsageError(error.message(lang)) from None
    wish = quick._replace(replications=count)
    begun = time.monotonic()
    with draft(folder, force=force) as hidden:
        comparison = _played(readings, wish)
        failures = _failures(wanted, comparison)
        seconds = time.monotonic() - begun
        outcomes = compared_outcomes(readings, comparison)
        count = len(comparison.runs[0].digests)
        _fill(hidden, readings, comparison, (count, seconds, lang, failures), outcomes)
    if out is None:
        point_to(folder)
    if as_json:
        record = _record(files, comparison, failures, folder)
        record["warm_up"], record["warnings"] = how or None, _warnings(comparison, lang)
        record["targets"] = {name: as_json_of(found, lang) for name, found in outcomes.items()}
        click.echo(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        _tell(comparison, readings[0].model, failures, lang, how, quiet=quiet)
        for name, found in outcomes.items():
            show_outcomes(found, lang, name)
        if not quiet:
            _tell_where(folder, seconds, lang)
    if failures:
        sys.exit(CHECK_FAILED)


def _check_all(readings: "Sequence[Reading[System]]") -> None:
    from sim.experiment.targets import check_targets

    for reading in readings:
        check_targets(reading)


def _settled(
    files: tuple[str, ...], overrides: tuple[str, ...], warm_up: str | None, wish: Wish
) -> "tuple[list[Reading[System]], str]":
    """The scenarios with the warm-up that was asked for, and how it was found, in words."""
    readings = _read_all(files, overrides)
    with (
        telling_plan_errors(readings),
        telling_of_engines(wish.engine, wish.lang, quiet=wish.quiet),
    ):
        cut, how = warm_up_override(
            warm_up,
            [reading.model for reading in readings],
            seed=wish.seed,
            workers=wish.workers,
            engine=wish.engine,
            lang=wish.lang,
        )
    return (_read_all(files, (*overrides, *cut)) if cut else readings), how


def _played(readings: "Sequence[Reading[System]]", wish: Wish) -> "Comparison":
    from sim.cli.progress import progress
    from sim.experiment.compare import compare as play_and_compare

    rounds = len(readings) + (len(readings) - 1) * wish.independent
    label = "比较" if wish.lang == "zh" else "compare"
    with (
        telling_plan_errors(readings),
        telling_of_engines(wish.engine, wish.lang, quiet=wish.quiet),
        progress(rounds * wish.replications, label, quiet=wish.quiet) as on_done,
    ):
        return play_and_compare(
            [reading.model for reading in readings],
            wish.replications,
            wish.seed,
            independent=wish.independent,
            workers=wish.workers,
            on_done=on_done,
            engine=wish.engine,
            precision=wish.precision,
        )


def _fill(
    folder: Path,
    readings: "Sequence[Reading[System]]",
    comparison: "Comparison",
    occasion: tuple[int, float, Language, list[str]],
    outcomes: "dict[str, list[Outcome]]",
) -> None:
    from sim.experiment.compare_results import CompareOccasion, write_comparison

    write_comparison(folder, readings, comparison, CompareOccasion(*occasion), outcomes)


def _default_folder(
    readings: "Sequence[Reading[System]]", replications: int, seed: int | None
) -> Path:
    """A new folder among the results of the baseline."""
    from sim.experiment.store import new_folder
    from sim.scenario.resolve import resolved

    settings = readings[0].model.run
    start = settings.seed if seed is None else seed
    content = "\n".join([*map(resolved, readings), f"{replications} {start}"])
    return new_folder(Path("results"), readings[0].model.name, content, kind="compare")


def _tell_where(folder: Path, seconds: float, lang: Language) -> None:
    where = "结果" if lang == "zh" else "Results"
    click.echo(f"{where}: {folder.as_posix()} ({seconds:.1f} s)", err=True)


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
    files: tuple[str, ...], comparison: "Comparison", failures: list[str], folder: Path
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
        "folder": folder.as_posix(),
    }


def _tell(
    comparison: "Comparison",
    system: "System",
    failures: list[str],
    lang: Language,
    how: str,
    *,
    quiet: bool,
) -> None:
    from sim.cli.tables import show_comparison

    if how:
        click.echo(how)
    show_comparison(comparison, system, lang)
    for text in failures:
        click.secho(text, err=True, fg="red")
    if quiet:
        return
    for warning in _warnings(comparison, lang):
        click.secho(f"! {warning}", err=True, fg="yellow")


def _warnings(comparison: "Comparison", lang: Language) -> list[str]:
    """What a reader of the differences must know before trusting them."""
    from sim.experiment.cautions import precision_cautions

    found = []
    for name, sources in comparison.unmatched.items():
        listed = ", ".join(sources)
        found.append(
            f"{name}：以下来源的需求与基准不同：{listed}；差值包含需求的差别。"
            if lang == "zh"
            else f"{name}: demand differs from the baseline in {listed}; "
            f"differences there are of demand and answer together."
        )
    for name, modes in comparison.other_cohorts().items():
        listed = ", ".join(modes)
        found.append(
            f"{name}：以下状态期间上报的诉求与基准并非同一批：{listed}；"
            f"分状态的差值包含事项构成的差别，请看全部诉求的差值。"
            if lang == "zh"
            else f"{name}: the requests reported in {listed} are not those of the baseline; "
            f"differences by mode are of other reports too. Judge by all requests."
        )
    if comparison.reached is not None:
        found += [c.message(lang) for c in precision_cautions(comparison.reached)]
    return found
