"""The tables: headline figures, classes, teams, and every setting of a sweep."""

from sim.experiment.stored import Stored
from sim.report.page.cells import WHOLE, lookup
from sim.report.page.explorer import all_points
from sim.report.page.facts import by_class, by_mode, by_team, side_by_side
from sim.report.page.html import Html, joined, tag
from sim.report.page.pictures import picture
from sim.report.page.points import Grid
from sim.report.words import Lang, Say

MOST_BESIDE = 4
"""Scenarios beside the baseline in one table."""


def tables(stored: Stored, lang: Lang, grid: Grid | None) -> Html:
    """All numbers that a reader may look for, with their intervals."""
    if grid is not None:
        return all_points(grid, lang)
    system = stored.reading.model
    if stored.kind == "compare":
        columns = {
            one.name: (lookup(one.table("summary.csv")), WHOLE) for one in stored.members
        }
        caption = Say(
            "Headline figures of each scenario: mean [95% interval]",
            "各情景主要指标：均值 [95%置信区间]",
        )
        titles = {name: tag("span", name) for name in columns}
        first, *others = columns
        # A page has room for the baseline and four more.
        starts = range(0, len(others) or 1, MOST_BESIDE)
        parts = [(first, *others[start : start + MOST_BESIDE]) for start in starts]
        shown = [{name: columns[name] for name in part} for part in parts]
        return joined(side_by_side(part, titles, caption, lang) for part in shown)
    summary = stored.table("summary.csv")
    return joined(
        [
            by_mode(summary, system, lang),
            picture("resolution-times", [stored], lang, "r"),
            by_class(summary, system, lang),
            picture("utilisation", [stored], lang, "u"),
            by_team(summary, system, lang),
            picture("fairness", [stored], lang, "g"),
        ]
    )
