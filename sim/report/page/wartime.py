"""What happens when peacetime turns to wartime."""

import pandas as pd

from sim.experiment.stored import Stored
from sim.report.names import name_of
from sim.report.page.cells import lookup
from sim.report.page.facts import by_mode, side_by_side
from sim.report.page.html import Html, block, inline, joined, tag
from sim.report.page.pictures import picture
from sim.report.page.points import Grid
from sim.report.words import Lang, Say, capitalised

METRICS = ("reported", "first_response_mean", "resolution_median", "resolution_p90",
           "on_time_rate", "closed_rate", "resolved_of_reported", "utilisation")  # fmt: skip


def wartime(stored: Stored, lang: Lang, grid: Grid | None) -> Html:
    """Open requests over time, and the figures by mode."""
    system = stored.reading.model
    if not system.modes:
        said = Say(
            "The scenario has no mode besides peacetime.", "该情景除平时外没有其他状态。"
        )
        return joined(
            [
                block("p", said, lang, class_="aside"),
                _over_time(stored, lang),
            ]
        )
    if grid is not None:
        table = stored.table("sweep.csv")
        cheapest = table[table["point"] == grid.points[0].number]
        said = Say(
            f"At the cheapest setting ({grid.points[0].name.en}):",
            f"成本最低的方案（{grid.points[0].name.zh}）：",
        )
        return joined([block("p", said, lang), by_mode(cheapest, system, lang)])
    parts = [_over_time(stored, lang)]
    for member in stored.members:
        if stored.kind == "compare":
            parts.append(tag("h3", member.name))
        parts.append(_modes(member.table("summary.csv"), stored, lang))
    return joined(parts)


def _over_time(stored: Stored, lang: Lang) -> Html:
    return (
        picture("open-requests", stored.members, lang, "o")
        if stored.kind != "sweep"
        else Html("")
    )


def _modes(summary: pd.DataFrame, stored: Stored, lang: Lang) -> Html:
    system, found = stored.reading.model, lookup(summary)
    modes = ["peace", *system.modes]
    return side_by_side(
        {mode: (found, ("mode", mode)) for mode in modes},
        {mode: inline(capitalised(name_of(mode, system)), lang) for mode in modes},
        Say("By mode: mean [95% interval]", "按状态：均值 [95%置信区间]"),
        lang,
        METRICS,
    )
