"""What ``run`` and ``compare`` print: which figures, in which tables."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.cli.language import in_each_language
from sim.cli.show import difference, number, show_table, with_interval, word
from sim.errors import Language
from sim.experiment.figures import (
    BY_CLASS,
    BY_ROLE,
    HEADLINE,
    OPEN_REQUESTS,
    better,
    label,
    shown_unit,
)
from sim.experiment.results import count_origins
from sim.report.names import name_of
from sim.report.words import capitalised, length_said, team
from sim.terms import term
from sim.units import format_duration

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.compare import Comparison
    from sim.experiment.runs import Runs
    from sim.model.system import System
    from sim.scenario.reader import Reading


@in_each_language
def show_run(reading: "Reading[System]", runs: "Runs", lang: Language) -> None:
    """Print the figures of a run: by mode, by class and by role, and where inputs come from."""
    summary = runs.summary()
    system = reading.model
    modes = ["peace", *system.modes] if system.modes else []
    click.echo(system.title.read(lang) or system.name)
    if system.question is not None:
        click.echo(system.question.read(lang))
    click.echo(_settings_line(system, runs, lang))
    click.echo()
    names = {mode: capitalised(name_of(mode, system)).text(lang) for mode in modes}
    _show_by_mode(summary, names, lang)
    title = (
        "按事项类别（均值与 95 % 区间）" if lang == "zh" else "By class, mean [95 % interval]"
    )
    _show_groups(summary, ("class", BY_CLASS), system, title, lang)
    title = "各队伍的时间利用" if lang == "zh" else "How busy people are, by role"
    _show_groups(summary, ("pool", BY_ROLE), system, title, lang)
    click.echo(_open_line(summary, lang))
    click.echo(origins_line(count_origins(reading), lang))


def _show_by_mode(summary: "pd.DataFrame", modes: Mapping[str, str], lang: Language) -> None:
    """Headline figures, all requests and by the mode at their report, under its name."""
    found = _lookup(summary)
    rows = []
    for metric in HEADLINE:
        cells = [found.get((metric, "all", _ALL), None)]
        cells += [found.get((metric, "mode", mode), None) for mode in modes]
        if any(cell is not None and cell["n"] for cell in cells):
            unit = shown_unit(metric)
            rows.append([label(metric, lang), *(with_interval(c, unit, lang) for c in cells)])
    title = "主要指标（均值与 95 % 区间）" if lang == "zh" else "Headline, mean [95 % interval]"
    every = term("all", lang).capitalize()
    show_table(title, [word("figure", lang), every, *modes.values()], rows)


def _show_groups(
    summary: "pd.DataFrame",
    shown: tuple[str, Sequence[str]],
    system: "System",
    title: str,
    lang: Language,
) -> None:
    """Some figures side by side for every group of one kind, by the names people use."""
    by, metrics = shown
    part = summary[(summary["by"] == by) & summary["metric"].isin(list(metrics))]
    if not len(part):
        return
    found = _lookup(part)
    there = [metric for metric in metrics if (part["metric"] == metric).any()]
    rows = [
        [
            _called(str(group), system, lang),
            *(
                with_interval(cell, shown_unit(metric), lang)
                for metric in there
                for cell in [found.get((metric, by, group))]
            ),
        ]
        for group in dict.fromkeys(part["group"])
    ]
    show_table(title, [word(by, lang), *(label(metric, lang) for metric in there)], rows)


@in_each_language
def show_comparison(comparison: "Comparison", system: "System", lang: Language) -> None:
    """Print the headline differences, with the verdict in words; modes by their names."""
    first, n = comparison.names[0], len(comparison.runs[0].digests)
    header = ["figure", "scenario", "baseline", "other", "difference", "verdict", "narrower"]
    title = (
        f"与 {first} 的差值（{n} 次重复，相同需求，95 % 联合区间）"
        if lang == "zh"
        else f"Differences to {first} ({n} replications, common demand, 95 % intervals that "
        f"hold together)"
    )
    differences = comparison.differences(HEADLINE)
    rows = [_difference_row(row, system, lang) for row in _worth_showing(differences)]
    show_table(title, [word(name, lang) for name in header], rows)
    for name, factors in narrowing(differences).items():
        click.echo(_narrowing_line(name, list(factors.values()), comparison, lang))


def _worth_showing(differences: "pd.DataFrame") -> list[dict[str, Any]]:
    """Undivided, and by mode where there are several; only figures that somebody has."""
    modes = set(differences.loc[differences["by"] == "mode", "group"])
    kept = ["all", "mode"] if len(modes) > 1 else ["all"]
    has_value = differences[["baseline_mean", "other_mean"]].notna().any(axis=1)
    there = differences[differences["by"].isin(kept) & (has_value | (differences["n"] > 0))]
    order = {metric: place for place, metric in enumerate(HEADLINE)}
    rows: list[dict[str, Any]] = [{**row} for row in there.to_dict("records")]  # type: ignore[dict-item]
    groups = list(dict.fromkeys(row["group"] for row in rows))
    return sorted(rows, key=lambda row: (order[row["metric"]], groups.index(row["group"])))


def narrowing(differences: "pd.DataFrame") -> dict[str, dict[str, float]]:
    """How many times narrower the paired interval is, by scenario and headline metric."""
    rows = differences[(differences["by"] == "all") & differences["metric"].isin(HEADLINE)]
    rows = rows[rows["narrowing"].notna()]
    found: dict[str, dict[str, float]] = {}
    for row in rows.to_dict("records"):
        found.setdefault(row["other"], {})[row["metric"]] = float(row["narrowing"])
    return found


def origins_line(counts: dict[str, int], lang: Language) -> str:
    """How many inputs come from where."""
    named = [(term(f"{kind}_input", lang), count) for kind, count in counts.items() if count]
    if lang == "zh":
        return f"输入数字的来源：{'，'.join(f'{name} {count}' for name, count in named)}"
    return f"Inputs: {', '.join(f'{count} {name}' for name, count in named)}"


_ALL = "all"


def _lookup(summary: "pd.DataFrame") -> dict[tuple[str, str, str], Any]:
    return {(row["metric"], row["by"], row["group"]): row for row in summary.to_dict("records")}


def _called(group: str, system: "System", lang: Language) -> str:
    """The title; without one in English the name as written, as commands take it."""
    said = name_of(group, system)
    return group if lang == "en" and said == team(group) else said.text(lang)


def _settings_line(system: "System", runs: "Runs", lang: Language) -> str:
    run, n = system.run, len(runs.digests)
    length, cut = (
        length_said(format_duration(each)).text(lang) for each in (run.horizon, run.warm_up)
    )
    start = f"{run.start:%Y-%m-%d}"
    if lang == "zh":
        return f"自 {start} 起 {length}，其中预热 {cut}；{n} 次重复，种子 {runs.seed}"
    return f"{length} from {start}, warm-up {cut} of it; {n} replications, seed {runs.seed}"


def _open_line(summary: "pd.DataFrame", lang: Language) -> str:
    row = _lookup(summary).get((OPEN_REQUESTS, "all", _ALL))
    text = with_interval(row, "", lang)
    name = "期末未办结诉求" if lang == "zh" else "Requests still open at the end"
    return f"{name}{'：' if lang == 'zh' else ': '}{text}"


def _difference_row(row: dict[str, Any], system: "System", lang: Language) -> list[str]:
    unit = shown_unit(row["metric"])
    name = label(row["metric"], lang)
    if row["by"] != "all":
        name = f"{name} · {capitalised(name_of(row['group'], system)).text(lang)}"
    factor = row["narrowing"]
    return [
        name,
        row["other"],
        number(row["baseline_mean"], unit, lang),
        number(row["other_mean"], unit, lang),
        difference(row, unit, lang),
        verdict(row, lang),
        f"{factor:.1f} ×" if _is_number(factor) else "–",
    ]


def verdict(row: dict[str, Any], lang: Language) -> str:
    """The difference in words; nothing is claimed that chance could have made."""
    value = row["difference"]
    if not _is_number(value):
        return "无法比较" if lang == "zh" else "cannot be compared"
    if not row["distinguishable"]:
        if value == 0 and row["low"] == row["high"]:
            return "完全相同" if lang == "zh" else "identical"
        return "无法区分" if lang == "zh" else "not distinguishable"
    wish = better(row["metric"])
    if wish == 0:
        higher = ("higher", "较高") if value > 0 else ("lower", "较低")
        return higher[lang == "zh"]
    good = (value > 0) == (wish > 0)
    return (("better", "较好") if good else ("worse", "较差"))[lang == "zh"]


def _is_number(value: float | None) -> bool:
    return value is not None and not math.isnan(value)


def _narrowing_line(
    name: str, factors: list[float], comparison: "Comparison", lang: Language
) -> str:
    middle = math.exp(sum(math.log(factor) for factor in factors) / len(factors))
    if lang == "zh":
        how = "另以独立种子实测" if comparison.independent else "按独立种子估算"
        return f"{name}：相同需求使差值区间平均缩窄 {middle:.1f} 倍（{how}）。"
    how = "measured with" if comparison.independent else "estimated for"
    return (
        f"{name}: common demand makes intervals of differences {middle:.1f} times narrower "
        f"on average ({how} independent seeds)."
    )
