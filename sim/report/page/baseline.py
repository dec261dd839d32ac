"""What changes against the baseline: paired differences, in words as well as in numbers."""

from typing import Any

import pandas as pd

from sim.experiment.figures import HEADLINE
from sim.experiment.stored import Stored
from sim.report.page.cells import (
    difference_unit,
    metric_name,
    signed_interval,
    unit_of,
)
from sim.report.page.html import Html, block, inline, joined, table, tag
from sim.report.page.pictures import picture
from sim.report.page.points import Grid
from sim.report.plots.differences import verdict
from sim.report.words import Lang, Say, capitalised, digits, scale_for, word

VERDICTS = {
    "better": Say("better", "较好"),
    "worse": Say("worse", "较差"),
    "other": Say("differs", "有差别"),
    "unclear": word("not_distinguishable"),
    "same": Say("identical", "完全相同"),
}


def baseline(stored: Stored, lang: Lang, grid: Grid | None) -> Html:
    """The differences, or how to get some."""
    if grid is not None:
        return _of_sweep(grid, lang)
    if stored.kind != "compare":
        return block(
            "p",
            Say(
                "This is one scenario alone. gridgov compare BASELINE OTHER plays several "
                "under the same demand and says which differences chance does not explain.",
                "这里只有一个情景。用 gridgov compare 基准 其他情景，可在相同需求下比较，"
                "并说明哪些差别不是随机造成的。",
            ),
            lang,
            class_="aside",
        )
    differences = stored.table("differences.csv")
    return joined(
        [
            picture("differences", stored.members, lang, "d"),
            _warnings(stored, lang),
            _tables(differences, lang),
            block("p", _HOW, lang, class_="note"),
        ]
    )


_HOW = Say(
    "Each scenario minus the baseline, replication by replication, under the same demand; the "
    "95% intervals of one figure hold together for all scenarios.",
    "各情景减基准，需求相同，逐次重复配对；同一指标的95%置信区间对所有情景同时成立。",
)


def _warnings(stored: Stored, lang: Lang) -> Html:
    unmatched: dict[str, list[str]] = stored.manifest["compare"]["unmatched_sources"]
    said = [
        Say(
            f"{name}: demand differs from the baseline in {', '.join(sources)}; differences "
            "there are of demand and answer together.",
            f"{name}：{'、'.join(sources)}的需求与基准不同；差值包含需求的差别。",
        )
        for name, sources in unmatched.items()
    ]
    return joined([block("p", each, lang, class_="warning") for each in said])


def _tables(differences: pd.DataFrame, lang: Lang) -> Html:
    """One table for each scenario but the baseline."""
    whole = differences[(differences["by"] == "all") & differences["difference"].notna()]
    return joined(_table(part, lang) for _, part in whole.groupby("other", sort=False))


def _table(part: pd.DataFrame, lang: Lang) -> Html:
    found = {
        str(row["metric"]): {str(key): value for key, value in row.items()}
        for row in part.to_dict("records")
    }
    wanted = (*HEADLINE, "cost_per_month", "utilisation")
    rows = [_row(found[metric], metric, lang) for metric in wanted if metric in found]
    head = [
        Say("Figure", "指标"),
        Say("Baseline", "基准"),
        Say("There", "该情景"),
        Say("Difference [95%]", "差值 [95%]"),
        capitalised(word("verdict")),
    ]
    other, first = part["other"].iloc[0], part["baseline"].iloc[0]
    caption = Say(f"{other} against {first}", f"{other}与{first}相比")
    return table([inline(each, lang) for each in head], rows, inline(caption, lang))


def _row(row: dict[str, Any], metric: str, lang: Lang) -> list[Html]:
    ends = [abs(row[column]) for column in ("baseline_mean", "other_mean")]
    scale = scale_for(unit_of(metric), ends)
    found = verdict(row, metric)
    if row["difference"] == 0 and row["low"] == row["high"]:
        found = "same"
    return [
        inline(metric_name(metric, scale), lang),
        tag("span", digits(scale.of(row["baseline_mean"]))),
        tag("span", digits(scale.of(row["other_mean"]))),
        signed_interval(row, scale),
        tag("span", inline(VERDICTS[found], lang), class_=f"verdict {found}"),
    ]


def _ends(rows: list[Any]) -> list[float]:
    """Differences with their ends: what one unit has to suit."""
    return [float(row[column]) for row in rows for column in ("difference", "low", "high")]


def _of_sweep(grid: Grid, lang: Lang) -> Html:
    """Every point of the frontier against the cheapest."""
    front = [point for point in grid.points if point.against_cheapest is not None]
    front = [point for point in front if point.standing in ("frontier", "knee")] or front
    first = grid.points[0]
    gains = [point.against_cheapest["gain"] for point in front if point.against_cheapest]
    costs = [point.against_cheapest["cost"] for point in front if point.against_cheapest]
    gain = scale_for(unit_of(grid.against), _ends(gains))
    cost = scale_for(unit_of(grid.cost), _ends(costs))
    rows = []
    for point, more, better in zip(front, costs, gains, strict=True):
        found = verdict(better, grid.against)
        if better["difference"] == 0 and better["low"] == better["high"]:
            found = "same"
        rows.append(
            [
                *(tag("span", value) for value in point.values),
                signed_interval(more, cost),
                signed_interval(better, gain),
                tag("span", inline(VERDICTS[found], lang), class_=f"verdict {found}"),
            ]
        )
    head = [
        *(inline(name, lang) for name in grid.lever_names),
        inline(difference_unit(grid.cost, cost), lang),
        inline(difference_unit(grid.against, gain), lang),
        inline(capitalised(word("verdict")), lang),
    ]
    caption = Say(
        f"Points of the frontier minus the cheapest point ({first.name.en}), paired",
        f"前沿各方案减成本最低的方案（{first.name.zh}），逐次重复配对",
    )
    if not rows:
        said = Say("No other point lies on the frontier.", "前沿上没有其他方案。")
        return block("p", said, lang, class_="aside")
    return joined(
        [
            table(head, rows, inline(caption, lang), names=len(grid.levers)),
            block("p", _HOW, lang, class_="note"),
        ]
    )
