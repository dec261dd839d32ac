"""What ``calibrate`` prints: claims met, what they say of each assumption, what conflicts."""

import math
from typing import TYPE_CHECKING, Any

import click

from sim.cli.language import in_each_language
from sim.cli.show import show_table
from sim.errors import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiment.calibrate import Question
    from sim.experiment.calibrate_results import Answer

SHOWN = 12
"""Parameters in the printed table; parameters-….csv has all."""
THIN = 30
"""Below so many effective runs, held-out shares and intervals are rough."""

_VERDICTS: dict[str, tuple[str, str]] = {
    "identified": ("the claims fix it", "可由成效确定"),
    "partly": ("narrowed", "有所收窄"),
    "jointly": ("only together with {partner}", "仅能与 {partner} 联合确定"),
    "prior_only": ("the claims say nothing: prior only", "成效说明不了，仍为先验"),
    "screened": ("moves no claim noticeably: prior only", "对成效无明显影响，仍为先验"),
}


@in_each_language
def show_calibration(
    question: "Question", answers: "Sequence[Answer]", told: dict[str, Any], lang: Language
) -> None:
    """Print every reading."""
    model = question.readings[0].model
    click.echo(model.title.read(lang) or model.name)
    click.echo(_how(question, told, lang))
    for answer in answers:
        _show(question, answer, lang)


def _how(question: "Question", told: dict[str, Any], lang: Language) -> str:
    names = ", ".join(told["scenarios"])
    if lang == "zh":
        return (
            f"{len(question.unknowns)} 项未知假设；情景 {names}；新运行 {told['played']} 次，"
            f"另有 {told['refused']} 组取值情景不接受，不属先验；方法 {told['method']}，"
            f"种子 {told['seed']}"
        )
    return (
        f"{len(question.unknowns)} unknown assumptions; scenarios {names}; {told['played']} "
        f"runs played now, {told['refused']} draws refused by the scenario and so outside the "
        f"prior; method {told['method']}, seed {told['seed']}"
    )


def _show(question: "Question", answer: "Answer", lang: Language) -> None:
    zh = lang == "zh"
    one = answer.calibration
    n, effective = len(one.posterior.points), one.posterior.effective
    click.echo()
    click.echo(
        f"解读 {answer.name}：{one.search.spent} 次运行中接受 {n} 次（有效 {effective:.0f}）"
        if zh
        else f"Reading {answer.name}: {n} of {one.search.spent} runs accepted "
        f"(effective {effective:.0f})"
    )
    _show_claims(answer, lang)
    if one.identified:
        _show_parameters(answer, lang)
    for line in _words(question, answer, lang):
        click.echo(line)


def _show_claims(answer: "Answer", lang: Language) -> None:
    zh = lang == "zh"
    header = (
        ["对照指标", "解读", "相符范围", "先验单独相符", "接受后 [5, 95 %]", "留出检验"]
        if zh
        else ["target", "read as", "agrees from … to", "met by prior alone",
              "accepted [5, 95 %]", "met when left out"]
    )  # fmt: skip
    rows = []
    for row in answer.claims.to_dict("records"):
        used = "" if row["used"] else ("（未用）" if zh else " (held out)")
        rows.append(
            [
                f"{row['claim']}{used}",
                str(row["reading"]),
                f"{_end(row['agrees_from'], '-∞')} … {_end(row['agrees_to'], '∞')}",
                _share(row["prior_met"]),
                f"{_figure(row['mean'])} [{_figure(row['p05'])}, {_figure(row['p95'])}]",
                f"{_share(row['held_out_met'])} (n≈{row['held_out_runs']:.0f})",
            ]
        )
    title = "报道成效：校准之后与留出检验" if zh else "Claims: after calibration, and left out"
    show_table(title, header, rows)


def _show_parameters(answer: "Answer", lang: Language) -> None:
    zh = lang == "zh"
    header = (
        ["假设", "现值 [范围]", "后验中位 [5, 95 %]", "收缩", "结论"]
        if zh
        else ["assumption", "now [range]", "posterior [5, 95 %]", "contraction", "in words"]
    )
    rows = []
    for row in answer.parameters.head(SHOWN).to_dict("records"):
        said = str(row["verdict"])
        if said == "prior_only" and not row["guided"]:
            said = "screened"
        words = _VERDICTS[said][zh].format(partner=row["partner"])
        rows.append(
            [
                str(row["parameter"]),
                f"{row['now']} [{row['low']}, {row['high']}]",
                f"{row['median']} [{row['p05']}, {row['p95']}]",
                f"{row['contraction']:.2f}",
                words,
            ]
        )
    more = len(answer.parameters) - len(rows)
    title = "成效对各项假设的说明" if zh else "What the claims say of the assumptions"
    if more > 0:
        title += f"（另有 {more} 项见 CSV）" if zh else f" ({more} more in the CSV)"
    show_table(title, header, rows)


def _words(question: "Question", answer: "Answer", lang: Language) -> list[str]:
    """What the figures mean, and what must not be read into them."""
    zh = lang == "zh"
    from sim.analysis.ensemble import combinations_fixed

    one, lines = answer.calibration, []
    worth = f"{one.posterior.effective:.0f}"
    for conflict in one.conflicts:
        names = [question.outputs[one.used[k]].name for k in conflict.claims]
        lines.append(_conflict_text(names, conflict.alone, zh=zh))
    lines.append(_screened_text(question, answer, zh=zh))
    if one.search.hopeless:
        lines.append(
            "  已提前停止：按仿真器估计，余下的运行连一次也难以接受。"
            if zh
            else "  Given up early: from all runs left, the emulators expected less than one "
            "to be accepted."
        )
    if not one.identified:
        lines.append(
            f"  接受的运行太少（有效 {worth}），不足以说明任何假设；"
            "请增加 --runs，或检查容差与范围。"
            if zh
            else f"  Too few runs were accepted (effective {worth}) to say "
            "anything of an assumption; give more --runs, or look at widths and ranges."
        )
        return lines
    fixed = combinations_fixed(one.eigenvalues, one.posterior.effective)
    nothing = sum(said.verdict == "prior_only" for said in one.identified)
    lines.append(
        f"  在 {len(one.identified)} 项假设中，这些成效固定了约 {fixed} 个组合；"
        f"{nothing} 项仍为先验。"
        if zh
        else f"  The claims fix about {fixed} combinations of the {len(one.identified)} "
        f"assumptions; of {nothing} they say nothing."
    )
    if one.posterior.effective < THIN:
        lines.append(
            f"  有效运行仅 {worth} 次，以上区间与收缩均较粗略。"
            if zh
            else f"  Only {worth} effective runs: intervals and contractions "
            "are rough, and of many assumptions some contract by chance."
        )
    return lines


def _screened_text(question: "Question", answer: "Answer", *, zh: bool) -> str:
    """Which assumptions guide the search, and what happens to all others."""
    active = answer.calibration.search.active
    others = len(question.unknowns) - len(active)
    names = [question.unknowns[k].name for k in active]
    if zh:
        return (
            f"  设计阶段中明显影响成效的假设 {len(active)} 项：{'、'.join(names)}；"
            f"其余 {others} 项并未固定，每次运行均按先验抽取。"
        )
    return (
        f"  {len(active)} assumptions move a claim in the design and guide the search: "
        f"{', '.join(names)}. The other {others} are not fixed: every run draws them from "
        f"their priors."
    )


def _conflict_text(names: list[str], alone: tuple[float, ...], *, zh: bool) -> str:
    if len(names) == 1:
        return (
            f"  ! 在所述范围内没有一次运行达到 {names[0]}。"
            if zh
            else f"  ! No run within the ranges meets {names[0]}."
        )
    shares = " / ".join(_share(share) for share in alone)
    return (
        f"  ! {names[0]} 与 {names[1]} 单独均可达到（{shares}），同时则几乎不能：二者冲突。"
        if zh
        else f"  ! {names[0]} and {names[1]} are met alone ({shares}) but hardly together: "
        "they conflict in this model."
    )


def _share(value: float | None) -> str:
    return "–" if value is None or math.isnan(value) else f"{100 * value:.0f} %"


def _figure(value: float | None) -> str:
    return "–" if value is None or math.isnan(value) else f"{value:.3g}"


def _end(value: float | None, otherwise: str) -> str:
    return otherwise if value is None or math.isnan(value) else f"{value:g}"
