"""The answer in a few sentences, each with its interval."""

from collections.abc import Iterator
from math import isnan

import pandas as pd

from sim.experiment.figures import HEADLINE
from sim.experiment.stored import Stored
from sim.report.names import name_of
from sim.report.page.cells import (
    WHOLE,
    Found,
    lookup,
    metric_name,
    said_difference,
    said_interval,
)
from sim.report.page.html import Html, block, inline, joined, tag
from sim.report.page.points import Grid
from sim.report.plots.differences import clearest_change
from sim.report.words import Lang, Say

CARDS = ("resolution_p90", "on_time_rate", "resolved_of_reported", "cost_per_month")
JUDGED = ("first_response_mean", "resolution_mean", "resolution_p90", "on_time_rate",
          "closed_rate", "resolved_of_reported")  # fmt: skip
"""What the clearest change of a comparison is looked for among."""


def answer(stored: Stored, lang: Lang, grid: Grid | None) -> Html:
    """What the results say, for someone who reads nothing else."""
    if grid is not None:
        return _sentences(of_sweep(grid), lang)
    if stored.kind == "compare":
        return _sentences(of_comparison(stored.table("differences.csv")), lang)
    found = lookup(stored.table("summary.csv"))
    return joined([_sentences(of_run(found, stored), lang), _cards(found, lang)])


def of_run(found: Found, stored: Stored) -> Iterator[Say]:
    """How long requests take, and what wartime changes."""
    yield _how_long(found, WHOLE, Say("the requests", "诉求"))
    system = stored.reading.model
    slow = [
        (mode, row)
        for mode in ("peace", *system.modes)
        if (row := found.get(("resolution_p90", "mode", mode))) and row["n"] and system.modes
    ]
    named = (
        (name_of(mode, system), said_interval(row, "resolution_p90")) for mode, row in slow
    )
    parts = [
        Say(f"{name.en[:1].lower()}{name.en[1:]} {time.en}", f"{name.zh}{time.zh}")
        for name, time in named
    ]
    if parts:
        yield Say(
            "By the mode at the report, nine in ten are closed within: "
            f"{'; '.join(part.en for part in parts)}.",
            "按受理时的状态，九成诉求的办结用时不超过："
            f"{'；'.join(part.zh for part in parts)}。",
        )


def _how_long(found: Found, group: tuple[str, str], what: Say) -> Say:
    half = found.get(("resolution_median", *group))
    most = found.get(("resolution_p90", *group))
    en: list[str] = []
    zh: list[str] = []
    shares = (Say("half", "半数"), Say("nine in ten", "九成"))
    metrics = ("resolution_median", "resolution_p90")
    for row, metric, share in zip((half, most), metrics, shares, strict=True):
        if row is None or not row["n"]:
            continue
        if isnan(row["mean"]):
            en.append(f"fewer than {share.en} are closed within the follow-up")
            zh.append(f"随访期内办结的不足{share.zh}")
        else:
            said = said_interval(row, metric)
            en.append(f"{share.en} are closed within {said.en}")
            zh.append(f"{share.zh}在{said.zh}内办结")
    on_time = found.get(("on_time_rate", *group))
    if on_time is not None and on_time["n"] and not isnan(on_time["mean"]):
        said = said_interval(on_time, "on_time_rate")
        en.append(f"{said.en} of those with a limit are on time")
        zh.append(f"有时限的按期办结率为{said.zh}")
    if not en:
        return Say("No request was reported in the measuring window.", "统计窗口内没有诉求。")
    return Say(
        f"Of {what.en}, {'; '.join(en)}.",
        f"{what.zh}：{'，'.join(zh)}。",
    )


def of_comparison(differences: pd.DataFrame) -> Iterator[Say]:
    """For each scenario the clearest change against the baseline."""
    for other in dict.fromkeys(differences["other"]):
        said = clearest_change(differences[differences["other"] == other], JUDGED)
        yield Say(f"{said.en}.", f"{said.zh}。")
    sure = differences[(differences["by"] == "all") & differences["metric"].isin(HEADLINE)]
    told = int(sure["distinguishable"].astype(bool).sum())
    yield Say(
        f"Of {len(sure)} headline differences, {told} are beyond what chance explains.",
        f"{len(sure)}项主要指标差值中，有{told}项超出随机波动。",
    )


def of_sweep(grid: Grid) -> Iterator[Say]:
    """What the dearest sensible point buys over the cheapest, and whether that is sure."""
    first = grid.points[0]
    metric = metric_name(grid.against)
    gain_name = f"{metric.en[:1].lower()}{metric.en[1:]}"
    value, cost = (said_interval(first.row(name), name) for name in (grid.against, grid.cost))
    yield Say(
        f"Cheapest ({first.name.en}): {cost.en}; {gain_name} {value.en}.",
        f"成本最低的方案（{first.name.zh}）：{cost.zh}，{metric.zh}{value.zh}。",
    )
    for point in grid.worth_telling():
        pair = point.against_cheapest
        if pair is None:
            continue
        more = said_difference(pair["cost"], grid.cost)
        gain = said_difference(pair["gain"], grid.against)
        if pair["gain"]["distinguishable"]:
            yield Say(
                f"{point.name.en}: cost {more.en}; {gain_name} {gain.en}.",
                f"{point.name.zh}：成本{more.zh}；{metric.zh}{gain.zh}。",
            )
        else:
            yield Say(
                f"{point.name.en}: cost {more.en}; {gain_name} not distinguishable from the "
                f"cheapest: {gain.en}.",
                f"{point.name.zh}：成本{more.zh}；{metric.zh}与成本最低的方案无法区分："
                f"{gain.zh}。",
            )


def _sentences(said: Iterator[Say], lang: Lang) -> Html:
    parts = [
        block("p", each, lang, class_="lead" if place == 0 else None)
        for place, each in enumerate(said)
    ]
    return tag("div", parts, class_="answer")


def _cards(found: Found, lang: Lang) -> Html:
    """The figures that people look for first, large."""
    cards: list[Html] = []
    for metric in CARDS:
        row = found.get((metric, *WHOLE))
        if row is None or not row["n"] or isnan(row["mean"]):
            continue
        said = said_interval(row, metric)
        big, _, _ = said.en.partition(" (")
        large, _, ends = said.zh.partition("（")
        value = Say(big, large)
        cards.append(
            tag(
                "div",
                tag("dt", inline(metric_name(metric), lang)),
                tag("dd", tag("strong", inline(value, lang, " · ")),
                    tag("span", f"95% [{ends.rstrip('）').replace('至', ', ')}]", class_="ci")
                    if ends else None),
            )
        )  # fmt: skip
    return tag("dl", cards, class_="cards") if cards else Html("")
