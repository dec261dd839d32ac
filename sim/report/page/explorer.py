"""Precomputed sliders: every point of a sweep inside the file, nothing to compute or to load.

All texts are written here, in the language of the page; the script only puts those of the
chosen point where they belong.
"""

import json
from math import isnan
from typing import Any, Final

from sim.experiment.figures import HEADLINE
from sim.experiment.sweep import FRONTIER, KNEE
from sim.report.page.cells import (
    interval,
    metric_name,
    said_difference,
    said_interval,
    scale_of,
    unit_of,
)
from sim.report.page.html import Html, block, inline, joined, table, tag
from sim.report.page.points import Grid, Point
from sim.report.page.scatter import Scatter, draw_scatter
from sim.report.words import Lang, Say, digits, scale_for

MOST: Final = 500
"""Points up to which the file stays small enough to be sent."""
FIGURES: Final = (
    "cost_per_month",
    "workers_posted",
    "utilisation",
    *HEADLINE,
    "duty_done_rate",
    "open",
)
STANDINGS: Final = {
    FRONTIER: Say("on the frontier", "在前沿上"),
    KNEE: Say("the knee of the frontier", "前沿的拐点"),
    "dominated": Say("another point costs no more and serves no worse", "另有方案不贵且不差"),
    "unknown": Say("no value", "无数值"),
}


def explorer(grid: Grid, lang: Lang) -> Html:
    """Sliders for the levers, with the sentence, the figure and the table they change."""
    if len(grid.points) > MOST or len(grid.points) < 2:
        return Html("")
    scatter = draw_scatter(grid, lang)
    ordered = sorted(grid.points, key=lambda point: point.number)
    shown = _start(grid)
    figures = _figures(grid)
    data = {
        "sizes": [len(lever.values) for lever in grid.levers],
        "points": [_record(point, grid, scatter, figures, lang) for point in ordered],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return tag(
        "div",
        block("h3", Say("Try the settings", "调节变量"), lang, id="explore"),
        block("p", _HOW, lang, class_="note how"),
        tag("noscript", block("p", _WITHOUT, lang, class_="aside")),
        tag(
            "div",
            tag("form", _sliders(grid, shown, lang), class_="controls", autocomplete="off"),
            tag("p", _parts(sentence(shown, grid), lang), class_="chosen", aria_live="polite",
                role="status"),
            tag("figure", tag("div", scatter.svg, class_="scroll", tabindex=0)),
            _table(shown, figures, lang),
            id="explorer", hidden=True,
        ),
        tag("script", Html(_harmless(text)), type="application/json", id="points"),
        class_="explorer",
    )  # fmt: skip


_HOW = Say(
    "Every combination was played beforehand and lies in this file; the sliders choose one. "
    "Arrow keys move them.",
    "各组合均已事先运行并存于本文件；滑块只做选择，也可用方向键移动。",
)
_WITHOUT = Say(
    "Scripts are switched off: the table of all settings below has the same figures.",
    "脚本已关闭：下文“全部方案”表中有相同的数字。",
)


def _harmless(text: str) -> str:
    """JSON that cannot end the element it stands in."""
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _start(grid: Grid) -> Point:
    """The knee, else the cheapest."""
    return next((point for point in grid.points if point.standing == KNEE), grid.points[0])


def _figures(grid: Grid) -> list[str]:
    return [
        metric
        for metric in dict.fromkeys((grid.cost, grid.against, *FIGURES))
        if any(point.row(metric)["n"] for point in grid.points)
    ]


def _sliders(grid: Grid, shown: Point, lang: Lang) -> list[Html]:
    return [_slider(grid, place, shown, lang) for place in range(len(grid.levers))]


def _slider(grid: Grid, place: int, shown: Point, lang: Lang) -> Html:
    lever, name = grid.levers[place], grid.lever_names[place]
    chosen = lever.values.index(shown.values[place])
    key = f"lever-{place}"
    return tag(
        "div",
        tag("label", inline(name, lang), for_=key),
        tag("output", shown.values[place], for_=key, id=f"{key}-value", aria_hidden="true"),
        tag(
            "input", type="range", id=key, min=0, max=len(lever.values) - 1, step=1,
            value=chosen, aria_valuetext=shown.values[place],
            data_values=json.dumps(list(lever.values), ensure_ascii=False),
        ),
        tag("span", tag("span", lever.values[0]), tag("span", lever.values[-1]), class_="ends",
            aria_hidden="true"),
        class_="lever",
    )  # fmt: skip


def sentence(point: Point, grid: Grid) -> Say:
    """What one point gives, and whether it differs from the cheapest."""
    gain, cost = (said_interval(point.row(name), name) for name in (grid.against, grid.cost))
    metric, standing = metric_name(grid.against), STANDINGS[point.standing]
    begun = Say(
        f"{point.name.en}: {metric.en[:1].lower()}{metric.en[1:]} {gain.en}, at {cost.en}; "
        f"{standing.en}.",
        f"{point.name.zh}：{metric.zh}{gain.zh}，成本{cost.zh}；{standing.zh}。",
    )
    pair = point.against_cheapest
    if pair is None:
        return Say(f"{begun.en} The cheapest point.", f"{begun.zh}成本最低。")
    change = said_difference(pair["gain"], grid.against)
    if not pair["gain"]["distinguishable"]:
        return Say(
            f"{begun.en} It cannot be told apart from the cheapest point.",
            f"{begun.zh}与成本最低的方案无法区分。",
        )
    return Say(
        f"{begun.en} Against the cheapest point: {change.en}.",
        f"{begun.zh}与成本最低的方案相比：{change.zh}。",
    )


def _parts(said: Say, lang: Lang) -> Html:
    """A sentence that the script can replace, language by language."""
    langs = ("zh", "en") if lang == "both" else (lang,)
    return joined(
        tag("span", getattr(said, each), lang=each, class_="line" if lang == "both" else None,
            data_say=each)
        for each in langs
    )  # fmt: skip


def _table(shown: Point, figures: list[str], lang: Lang) -> Html:
    rows = []
    for place, metric in enumerate(figures):
        scale = scale_for(unit_of(metric), _means(shown, metric))
        rows.append(
            [
                inline(metric_name(metric, scale), lang),
                tag("span", interval(shown.row(metric), scale, lang), data_cell=place),
            ]
        )
    head = [
        inline(Say("Figure", "指标"), lang),
        inline(Say("Chosen setting", "所选方案"), lang),
    ]
    caption = Say("The chosen setting: mean [95% interval]", "所选方案：均值 [95%置信区间]")
    return table(head, rows, inline(caption, lang), class_="few")


def _means(point: Point, metric: str) -> list[float]:
    return [float(point.row(metric)["mean"])]


def _record(
    point: Point, grid: Grid, scatter: Scatter, figures: list[str], lang: Lang
) -> dict[str, Any]:
    """What the script shows for one point: sentences, cells and the place of the mark."""
    said = sentence(point, grid)
    langs = ("zh", "en") if lang == "both" else (lang,)
    record: dict[str, Any] = {
        "say": {each: getattr(said, each) for each in langs},
        "cells": [_cell(point, metric, grid, lang) for metric in figures],
    }
    row = point.row(grid.against)
    x, y = point.row(grid.cost)["mean"], row["mean"]
    if not (isnan(x) or isnan(y)):
        ends = [y if isnan(row[end]) else row[end] for end in ("low", "high")]
        record["at"] = [scatter.x(x), scatter.y(y), *(scatter.y(end) for end in ends)]
    return record


def _cell(point: Point, metric: str, grid: Grid, lang: Lang) -> list[str]:
    """Mean and interval as texts, in the unit that the whole table of the page has."""
    start = _start(grid)
    scale = scale_for(unit_of(metric), _means(start, metric))
    row = point.row(metric)
    if not row["n"]:
        return ["–", ""]
    if isnan(row["mean"]):
        return ["未达到" if lang == "zh" else "not reached", ""]
    mean = digits(scale.of(row["mean"]))
    ends = [row["low"], row["high"]]
    if any(isnan(end) for end in ends) or ends[0] == ends[1]:
        return [mean, ""]
    low, high = (digits(scale.of(end)) for end in ends)
    return [mean, "" if low == mean == high else f"[{low}, {high}]"]


def all_points(grid: Grid, lang: Lang) -> Html:
    """Every setting with its cost and its gain: what the sliders choose from."""
    scales = {
        metric: scale_of(metric, [point.row(metric) for point in grid.points])
        for metric in (grid.cost, grid.against)
    }
    rows = [
        [
            *(tag("span", value) for value in point.values),
            *(interval(point.row(metric), scales[metric], lang) for metric in scales),
            tag("span", inline(STANDINGS[point.standing], lang), class_="said"),
        ]
        for point in grid.points
    ]
    head = [
        *(inline(name, lang) for name in grid.lever_names),
        *(inline(metric_name(metric, scale), lang) for metric, scale in scales.items()),
        inline(Say("Standing", "位置"), lang),
    ]
    caption = Say(
        "All settings, the cheapest first: mean [95% interval]",
        "全部方案（成本由低到高）：均值 [95%置信区间]",
    )
    return table(head, rows, inline(caption, lang), names=len(grid.levers))
