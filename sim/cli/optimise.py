"""``gridgov optimise``: the cheapest staffing that keeps its limits, or the best of several."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from sim.cli.engines import telling_of_engines
from sim.cli.options import (
    posterior_options,
    resumable_out,
    set_option,
    study_folder,
    told_options,
    work_options,
)
from sim.cli.problems import telling_plan_errors
from sim.errors import Language, StoreError

if TYPE_CHECKING:
    from sim.cli.optimise_posterior import Over
    from sim.engine import EngineName
    from sim.experiment.best import Best, Score
    from sim.experiment.candidates import Candidates
    from sim.experiment.limits import Limit
    from sim.experiment.optimise import Answer, Order
    from sim.experiment.points import Design
    from sim.experiment.supply import Supply

INTERRUPTED = 130
MANY = 400
"""More candidates than this, all looked at, have to be confirmed."""


class Question(NamedTuple):
    """What the user asked, read and checked."""

    limits: "tuple[Limit, ...]"
    score: "Score | None"
    tolerance: float | None
    confidence: float
    order: "Order | None"
    most: int
    lang: Language


@click.command("optimise")
@click.argument("file", metavar="SCENARIO")
@click.option(
    "--vary",
    "varied",
    multiple=True,
    required=True,
    metavar="PATH=VALUES",
    help="Field and its values, as in sweep: PATH=2:12:1 or PATH=300,350,400.",
)
@click.option(
    "--minimise",
    default="cost",
    show_default=True,
    metavar="WHAT",
    help="cost (pay of the head count for 30 days) or workers; cost[war] for those of a mode.",
)
@click.option(
    "--subject",
    "subjects",
    multiple=True,
    metavar="LIMIT",
    help='Limit that must be kept, such as "p90(resolution_time) <= 3 d ± 2 h" or '
    '"on_time_rate[war] >= 90 %"; what lies within ± may be answered either way.',
)
@click.option(
    "--by",
    type=click.Choice(["mode", "class"]),
    help="Keep each limit in every mode, or for every class of requests.",
)
@click.option(
    "--best",
    metavar="METRIC",
    help='Instead of limits: the best by a metric or a sum, as "15*workers_posted + '
    '60*backlog_mean"; needs --tolerance.',
)
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0, min_open=True),
    metavar="X",
    help="With --best: the least difference worth telling, in the metric's unit.",
)
@click.option(
    "--confidence",
    type=click.FloatRange(0.5, 0.9999),
    default=0.95,
    show_default=True,
    help="Probability of an acceptable answer.",
)
@click.option(
    "--order",
    type=click.Choice(["scan", "bisection", "staircase", "search"]),
    help="In which order candidates are tested [default: by the number of levers].",
)
@click.option(
    "--most",
    type=click.IntRange(10, 1_000_000),
    default=2000,
    show_default=True,
    metavar="N",
    help="Replications of one candidate after which it counts as not decided.",
)
@work_options
@posterior_options
@set_option
@resumable_out("optimise")
@click.option("--yes", is_flag=True, help=f"Look at more than {MANY} candidates.")
@told_options
def optimise(  # noqa: PLR0913  (one argument per flag)
    *,
    file: str,
    varied: tuple[str, ...],
    minimise: str,
    subjects: tuple[str, ...],
    by: str | None,
    best: str | None,
    tolerance: float | None,
    confidence: float,
    order: "Order | None",
    most: int,
    seed: int | None,
    workers: int | None,
    engine: "EngineName | None",
    posterior: Path | None,
    claims_read_as: str | None,
    draws: int | None,
    overrides: tuple[str, ...],
    out: Path | None,
    yes: bool,
    as_json: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Find the cheapest setting of SCENARIO that keeps its limits, and say how sure that is.

    Replications are added where they are needed, under the same demand for all candidates,
    and each is kept at once: the same command goes on where it was stopped. With --posterior
    the answer is then played over the draws of a calibration.
    """
    from sim.cli.optimise_posterior import asked_posterior, over_ensemble
    from sim.experiment.design import DesignError

    ensemble = asked_posterior(posterior, claims_read_as, draws, lang)
    try:
        question = _question(
            subjects, best, tolerance, confidence=confidence, order=order, most=most, lang=lang
        )
        design = _design(file, overrides, varied, seed, lang)
        candidates, question = _candidates(design, minimise, by, question, yes=yes)
        folder = out or _default_folder(design)
        begun = time.monotonic()
        with (
            telling_plan_errors([design.base]),
            telling_of_engines(engine, lang, quiet=quiet or as_json),
        ):
            supply = _supply(candidates, question, folder, engine, workers)
            found = _found(supply, question, quiet=quiet or as_json)
            over = over_ensemble(
                supply, question, found, ensemble, engine, quiet=quiet or as_json
            )
    except DesignError as error:
        raise click.UsageError(error.message(lang)) from None
    seconds = time.monotonic() - begun
    _tell(supply, question, found, over, seconds, as_json=as_json, quiet=quiet)


def _question(
    subjects: tuple[str, ...],
    best: str | None,
    tolerance: float | None,
    *,
    confidence: float,
    order: "Order | None",
    most: int,
    lang: Language,
) -> Question:
    from sim.experiment.best import parse_score
    from sim.experiment.design import DesignError
    from sim.experiment.limits import parse_limit

    if bool(subjects) == bool(best):
        raise DesignError(
            "give limits with --subject, or a metric with --best, one of the two",
            "请用 --subject 给出服务限值，或用 --best 给出指标，二者取一",
        )
    if bool(best) != (tolerance is not None):
        raise DesignError(
            "--best needs --tolerance, the least difference worth telling; a limit has its own "
            'after ±, as in "<= 3 d ± 2 h"',
            "--best 需要 --tolerance（值得区分的最小差异）；服务限值的容差写在 ± 之后，"
            "如 “<= 3 d ± 2 h”",
        )
    limits = tuple(parse_limit(text) for text in subjects)
    score = parse_score(best) if best else None
    return Question(limits, score, tolerance, confidence, order, most, lang)


def _design(
    file: str,
    overrides: tuple[str, ...],
    varied: tuple[str, ...],
    seed: int | None,
    lang: Language,
) -> "Design":
    from sim.cli.sweep_asked import unknown_path
    from sim.experiment.design import check_levers, parse_lever
    from sim.experiment.points import UnknownPath, design_of

    levers = tuple(parse_lever(text) for text in varied)
    check_levers(levers)
    try:
        return design_of(file, overrides, levers, (), seed=seed)
    except UnknownPath as error:
        raise click.BadParameter(unknown_path(error, file, lang), param_hint="--vary") from None


def _candidates(
    design: "Design", minimise: str, by: str | None, question: Question, *, yes: bool
) -> "tuple[Candidates, Question]":
    """The candidates, and the limits for each mode or class where that was asked for."""
    from sim.experiment.candidates import candidates_of, parse_objective, size_of_grid
    from sim.experiment.design import DesignError
    from sim.experiment.limits import check_follow_up, limits_by

    size = size_of_grid(design.levers)
    searched = question.order == "search" or (question.order is None and len(design.levers) > 2)
    if size > MANY and not yes and not (searched and question.score is None):
        raise DesignError(
            f"there are {size} candidates (more than {MANY}); --yes looks at them, or --order "
            f"search looks at few",
            f"共 {size} 个候选方案（超过 {MANY}）；确认请加 --yes，"
            f"或用 --order search 只看少数",
        )
    candidates = candidates_of(design, parse_objective(minimise))
    model, limits = design.base.model, question.limits
    if by == "mode":
        limits = limits_by(limits, ["peace", *model.modes])
    elif by == "class":
        duties = {source.request for source in model.sources.values() if source.kind == "duty"}
        limits = limits_by(limits, [name for name in model.requests if name not in duties])
    follow_up = candidates.plan(0).follow_up / 3_600_000_000
    for limit in limits:
        check_follow_up(limit, follow_up)
    return candidates, question._replace(limits=limits)


def _default_folder(design: "Design") -> Path:
    """The same for the same scenario, version and seed: other questions share replications."""
    return study_folder(design.base.model.name, "optimise", design.identity)


def _supply(
    candidates: "Candidates",
    question: Question,
    folder: Path,
    engine: "EngineName | None",
    workers: int | None,
) -> "Supply":
    from sim.experiment.blocks import open_folder
    from sim.experiment.supply import Supply

    try:
        open_folder(folder, candidates.design.identity)
    except StoreError as error:
        raise click.UsageError(error.message(question.lang)) from None
    metrics = {limit.metric for limit in question.limits}
    if question.score is not None:
        metrics |= {term.metric for term in question.score.terms}
    return Supply(candidates, frozenset(metrics), folder, engine, workers)


def _found(supply: "Supply", question: Question, *, quiet: bool) -> "Answer | Best":
    from sim.cli.progress import counting
    from sim.experiment.best import best_of
    from sim.experiment.optimise import Wanted, cheapest

    name = supply.candidates.design.base.model.name
    try:
        with counting(name, quiet=quiet) as on_done:
            supply.on_done = on_done
            if question.score is not None and question.tolerance is not None:
                return best_of(
                    supply,
                    question.score,
                    tolerance=question.tolerance,
                    confidence=question.confidence,
                    most=question.most,
                )
            wanted = Wanted(question.limits, question.confidence, question.order, question.most)
            return cheapest(supply, wanted)
    except KeyboardInterrupt:
        done, folder = supply.played + supply.found, supply.folder.as_posix()
        click.echo(
            f"已中断：{done} 次重复保留在 {folder}；再次运行同一命令即可继续。"
            if question.lang == "zh"
            else f"Interrupted: {done} replications are kept in {folder}; the same command "
            f"goes on from there.",
            err=True,
        )
        sys.exit(INTERRUPTED)


def _tell(
    supply: "Supply",
    question: Question,
    found: "Answer | Best",
    over: "Over | None",
    seconds: float,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write the tables, and print the answer with its guarantee."""
    from sim.cli.optimise_posterior import record_of_draws, show_draws
    from sim.cli.optimise_words import record_of, show_answer
    from sim.experiment.optimise_results import write_answer

    record = record_of(supply, question, found, seconds)
    if over is not None:
        record["posterior"] = record_of_draws(supply, question, over)
    write_answer(supply, record, question.lang)
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False))
        return
    show_answer(supply, question, found, record, question.lang)
    if over is not None:
        show_draws(record["posterior"], quiet=quiet)
    if not quiet:
        lang, folder = question.lang, record["folder"]
        played, there = supply.played, supply.found
        click.echo(
            f"结果：{folder}（新运行 {played} 次，沿用 {there} 次，{seconds:.1f} 秒）"
            if lang == "zh"
            else f"Results: {folder} ({played} replications played, {there} found there, "
            f"{seconds:.1f} s)",
            err=True,
        )
