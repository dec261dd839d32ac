"""``--posterior`` of ``optimise``: whether the answer holds for what is not known."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.errors import AnalysisError, Language, StoreError

if TYPE_CHECKING:
    from sim.cli.optimise import Question
    from sim.engine import EngineName
    from sim.experiment.best import Best
    from sim.experiment.optimise import Answer
    from sim.experiment.optimise_posterior import Ensemble, Held
    from sim.experiment.posterior import Posterior
    from sim.experiment.supply import Supply

Record = dict[str, Any]


class Asked(NamedTuple):
    """The draws that were asked for."""

    posterior: "Posterior"
    draws: int | None


class Over(NamedTuple):
    """The draws, and what they say of the answer."""

    posterior: "Posterior"
    found: "Ensemble"


def asked_posterior(
    folder: Path | None, reading: str | None, draws: int | None, lang: Language
) -> Asked | None:
    """Read the draws before anything is played; None where none were asked for."""
    from sim.cli.predict import wanted_ensemble

    wanted_ensemble(folder, reading, draws, {}, lang)
    if folder is None:
        return None
    from sim.experiment.posterior import read_posterior

    try:
        return Asked(read_posterior(folder, reading), draws)
    except StoreError as error:
        raise click.UsageError(error.message(lang)) from None


def over_ensemble(
    supply: "Supply",
    question: "Question",
    found: "Answer | Best",
    asked: Asked | None,
    engine: "EngineName | None",
    *,
    quiet: bool,
) -> Over | None:
    """Play the answer and those beside it over the draws."""
    if asked is None:
        return None
    from sim.cli.progress import progress
    from sim.experiment.optimise_posterior import over_draws
    from sim.experiment.predict import DRAWS

    try:
        with progress(asked.draws or DRAWS, "posterior", quiet=quiet) as on_done:
            ensemble = over_draws(
                supply,
                found,
                asked.posterior,
                limits=question.limits,
                score=question.score,
                tolerance=question.tolerance or 0.0,
                draws=asked.draws,
                engine=engine,
                on_done=on_done,
            )
    except AnalysisError as error:
        raise click.UsageError(error.message(question.lang)) from None
    return Over(asked.posterior, ensemble)


def record_of_draws(supply: "Supply", question: "Question", over: Over) -> Record:
    """What the draws say, as JSON can hold it, and in words."""
    found = over.found
    best = question.score is not None
    flips = found.flips(question.confidence)
    return {
        "folder": over.posterior.folder.as_posix(),
        "reading": over.posterior.reading,
        "draws": found.draws,
        "refused": found.refused,
        "replications_of_each": found.replications,
        "flips": flips,
        "candidates": [
            {
                "candidate": one.candidate + 1,
                "design": supply.candidates.points[one.candidate].name,
                "best_in" if best else "keeps_in": one.good,
                "behind_by_more_than_tolerance_in" if best else "misses_by_more_in": one.bad,
                "judged": one.judged,
            }
            for one in found.held
        ],
        "answer": _lines(supply, question, over, flips=flips, zh=question.lang == "zh"),
    }


def show_draws(record: Record, *, quiet: bool) -> None:
    """Print what the draws say; that the answer flips is a warning."""
    *told, last = record["answer"]
    click.echo()
    for line in told if record["flips"] else record["answer"]:
        click.echo(line)
    if record["flips"] and not quiet:
        click.secho(f"! {last}", err=True, fg="yellow")


def _lines(
    supply: "Supply", question: "Question", over: Over, *, flips: bool, zh: bool
) -> list[str]:
    found, where = over.found, over.posterior.folder.as_posix()
    head = (
        f"上述保证只针对情景所假定的取值。{where} 的后验（{found.draws} 组抽样，"
        f"每组 {found.replications} 次重复）："
        if zh
        else f"This guarantee is for the values that the scenario assumes. Over {found.draws} "
        f"draws of the posterior in {where}, {found.replications} replications each:"
    )
    lines = [head, *(_line(supply, question, one, zh=zh) for one in found.held)]
    if found.refused:
        lines.append(
            f"  {found.refused} 组抽样被情景拒绝，未计入。"
            if zh
            else f"  {found.refused} draws are refused by a scenario and left out."
        )
    if not found.held[0].judged:
        lines.append(
            "  没有一组抽样给出答案所需的全部指标值：结论既未得到印证，也未被否定。"
            if zh
            else "  No draw gives every figure of the answer a value: it is neither borne out "
            "nor refuted."
        )
    if flips:
        lines.append(
            "结论在后验样本内会翻转：按情景假定值作答之前，请先核实这些假定。"
            if zh
            else "The conclusion flips within the ensemble: find out more about these "
            "assumptions before you rely on the answer."
        )
    return lines


def _line(supply: "Supply", question: "Question", one: "Held", *, zh: bool) -> str:
    name = supply.candidates.points[one.candidate].name
    if question.score is not None:
        return (
            f"  {name}：{one.judged} 组中 {one.good} 组最优，{one.bad} 组落后超过容差。"
            if zh
            else f"  {name}: the best of these in {one.good} of {one.judged}, behind by more "
            f"than the tolerance in {one.bad}."
        )
    return (
        f"  {name}：{one.judged} 组中 {one.good} 组满足全部限值，{one.bad} 组超出容差。"
        if zh
        else f"  {name}: keeps all limits in {one.good} of {one.judged}, misses one by more "
        f"than its tolerance in {one.bad}."
    )
