"""``gridgov facts``: list what the sources report, with its source and its doubts."""

import json
import sys
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

import click

from sim.cli.language import in_each_language, lang_option
from sim.cli.problems import json_option
from sim.errors import EvidenceError, Language
from sim.model.evidence import FACT_KINDS, DerivedRatio, Evidence, Fact, plain
from sim.scenario.evidence import load_evidence

_HEADINGS = {
    "en": ("id", "kind", "value", "unit", "statement"),
    "zh": ("编号", "类别", "数值", "单位", "内容"),
}
_KINDS_ZH = {
    "structure": "结构",
    "staffing": "人员配置",
    "rule": "规则",
    "process": "流程",
    "mode": "平战模式",
    "cost": "经费",
    "demand": "需求",
    "outcome": "成效",
    "benchmark": "行业参照",
    "assumption": "假设",
    "derived": "推算",
}


@click.command("facts")
@click.argument("system", required=False)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([*FACT_KINDS, "derived"]),
    help="Only entries of this kind (may be given several times).",
)
@click.option("--mechanism", help="Only facts about this mechanism, such as mode_switch.")
@json_option
@lang_option
def facts(
    *,
    system: str | None,
    kinds: tuple[str, ...],
    mechanism: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """List the facts that scenarios can cite, of all systems or of SYSTEM.

    An entry without a value is a rule. Derived ratios are formulas over the facts. Outcomes are
    self-reported. Use an id in a scenario as {reported: ID} or {derived: "FORMULA"}.
    """
    try:
        evidence = load_evidence()
    except EvidenceError as error:
        raise click.ClickException(str(error)) from None
    if system is not None:
        _check(system, list(evidence.systems), "system", lang)
    if mechanism is not None:
        _check(mechanism, _mechanisms(evidence), "mechanism", lang)
    chosen = [
        fact
        for fact in evidence.facts.values()
        if system in (None, fact.system)
        and (not kinds or fact.kind in kinds)
        and (mechanism is None or mechanism in fact.mechanisms)
    ]
    # A ratio has no kind or mechanism of its own: it is shown where nothing is filtered away.
    with_ratios = "derived" in kinds or not (kinds or mechanism)
    ratios = [
        ratio
        for ratio in evidence.derived.values()
        if with_ratios and system in (None, ratio.system)
    ]
    if as_json:
        click.echo(json.dumps(_as_tree(evidence, chosen, ratios), ensure_ascii=False, indent=1))
        return
    _show(chosen, ratios, lang)
    click.echo(_count(len(chosen), len(ratios), lang), err=True)


def _mechanisms(evidence: Evidence) -> list[str]:
    return sorted({name for fact in evidence.facts.values() for name in fact.mechanisms})


def _check(name: str, known: list[str], what: str, lang: Language) -> None:
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    choices = ", ".join(known)
    if lang == "zh":
        what = {"system": "系统", "mechanism": "机制"}[what]
        hint = f"是否指 {near[0]}？" if near else f"可选：{choices}"
        message = f"没有名为“{name}”的{what}。{hint}"
    else:
        hint = f"Did you mean {near[0]}?" if near else f"Choose from {choices}."
        message = f"There is no {what} “{name}”. {hint}"
    raise click.UsageError(message)


def _kind(kind: str, lang: Language) -> str:
    return _KINDS_ZH[kind] if lang == "zh" else kind


def _fact_row(fact: Fact, lang: Language) -> tuple[str, ...]:
    kind = _kind(fact.kind, lang)
    return (fact.id, kind, fact.value_text(), fact.unit_in(lang), fact.said(lang))


def _ratio_row(ratio: DerivedRatio, lang: Language) -> tuple[str, ...]:
    statement = f"{ratio.said(lang)} = {ratio.formula}"
    return (ratio.id, _kind("derived", lang), plain(ratio.value), "", statement)


def _count(facts_listed: int, ratios: int, lang: Language) -> str:
    if lang == "zh":
        return f"事实 {facts_listed} 条，推算比值 {ratios} 个"
    return f"{facts_listed} facts, {ratios} derived ratios"


@in_each_language
def _show(chosen: list[Fact], ratios: list[DerivedRatio], lang: Language) -> None:
    rows = [_fact_row(fact, lang) for fact in chosen] + [_ratio_row(r, lang) for r in ratios]
    if not sys.stdout.isatty():
        for row in (_HEADINGS[lang], *rows):
            click.echo("\t".join(row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # Ids are there to be copied, so they stay whole; the unit shares the column of its value.
    name, kind, value, _, statement = _HEADINGS[lang]
    table = Table(name, kind, value, statement, box=SIMPLE_HEAD, header_style="bold")
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    for row in rows:
        # Statements may hold square brackets, which rich would read as mark-up.
        value = f"{row[2]}{'' if lang == 'zh' else ' '}{row[3]}".strip()
        cells = (row[0], row[1], value, row[4])
        table.add_row(*(Text(cell) for cell in cells))
    Console().print(table)


def _as_tree(
    evidence: Evidence, chosen: list[Fact], ratios: list[DerivedRatio]
) -> dict[str, Any]:
    used = dict.fromkeys([fact.system for fact in chosen] + [ratio.system for ratio in ratios])
    keys = dict.fromkeys(fact.document for fact in chosen if fact.document)
    return {
        "count": len(chosen),
        "facts": [_fact_tree(fact) for fact in chosen],
        "derived": [_ratio_tree(ratio) for ratio in ratios],
        "documents": {key: evidence.documents[key].model_dump() for key in keys},
        "inconsistencies": {name: list(evidence.inconsistencies[name]) for name in used},
    }


def _fact_tree(fact: Fact) -> dict[str, Any]:
    value = fact.value
    shown = [_number(end) for end in value] if isinstance(value, tuple) else _number(value)
    fields = fact.model_dump(exclude={"value"})
    return {"id": fact.id, "system": fact.system, "kind": fact.kind, "value": shown} | fields


def _ratio_tree(ratio: DerivedRatio) -> dict[str, Any]:
    return {
        "id": ratio.id,
        "system": ratio.system,
        "formula": ratio.formula,
        "exact": str(ratio.exact),
        "value": _number(ratio.exact),
        "use": {name: _number(value) for name, value in ratio.use.items()},
        "statement": ratio.statement,
        "statement_zh": ratio.statement_zh,
    }


def _number(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)
