"""Tables of figures: groups as columns for a few groups, as rows for many."""

from collections.abc import Mapping, Sequence

import pandas as pd

from sim.experiment.figures import BY_CLASS, BY_ROLE, HEADLINE
from sim.model.system import System
from sim.report.names import name_of
from sim.report.page.cells import (
    WHOLE,
    Found,
    interval,
    lookup,
    metric_name,
    scale_of,
    there,
)
from sim.report.page.html import Html, inline, table
from sim.report.words import Lang, Say, capitalised, word

ALSO = ("cost_per_month", "cost_per_closed", "duty_done_rate", "open")
"""Figures below the headline, where they are known."""


def by_mode(summary: pd.DataFrame, system: System, lang: Lang) -> Html:
    """Headline figures of all requests and by the mode in which they were reported."""
    modes = ["peace", *system.modes] if system.modes else []
    columns = {"all": WHOLE, **{mode: ("mode", mode) for mode in modes}}
    titles = {name: inline(capitalised(name_of(name, system)), lang) for name in columns}
    caption = Say(
        "Headline figures: mean [95% interval], by the mode at the report",
        "主要指标：均值 [95%置信区间]，按受理时的状态",
    )
    if not modes:
        caption = Say("Headline figures: mean [95% interval]", "主要指标：均值 [95%置信区间]")
    found = lookup(summary)
    return side_by_side({name: (found, group) for name, group in columns.items()},
                        titles, caption, lang)  # fmt: skip


def side_by_side(
    columns: Mapping[str, tuple[Found, tuple[str, str]]],
    titles: Mapping[str, Html],
    caption: Say,
    lang: Lang,
    metrics: Sequence[str] = (*HEADLINE, *ALSO),
) -> Html:
    """Metrics as rows, and as columns whatever has a table of figures and a group in it."""
    rows = []
    for metric in metrics:
        cells = [found.get((metric, *group)) for found, group in columns.values()]
        if not any(cell is not None and cell["n"] for cell in cells):
            continue
        scale = scale_of(metric, cells)
        rows.append(
            [
                inline(metric_name(metric, scale), lang),
                *(interval(cell, scale, lang) for cell in cells),
            ]
        )
    head = [inline(Say("Figure", "指标"), lang), *(titles[name] for name in columns)]
    return table(head, rows, inline(caption, lang))


def by_class(summary: pd.DataFrame, system: System, lang: Lang) -> Html:
    """Waits and closings of each class of request."""
    caption = Say("By class: mean [95% interval]", "按事项类别：均值 [95%置信区间]")
    return _groups(summary, "class", BY_CLASS, system, caption, lang)


def by_team(summary: pd.DataFrame, system: System, lang: Lang) -> Html:
    """How busy each team is."""
    caption = Say("By team: mean [95% interval]", "按队伍：均值 [95%置信区间]")
    return _groups(summary, "pool", BY_ROLE, system, caption, lang)


def _groups(
    summary: pd.DataFrame,
    by: str,
    metrics: Sequence[str],
    system: System,
    caption: Say,
    lang: Lang,
) -> Html:
    part = summary[(summary["by"] == by) & summary["metric"].isin(list(metrics))]
    found, groups = lookup(part), [str(each) for each in dict.fromkeys(part["group"])]
    kept = there(found, metrics, [(by, group) for group in groups])
    scales = {
        metric: scale_of(metric, [found.get((metric, by, group)) for group in groups])
        for metric in kept
    }
    rows = [
        [
            inline(name_of(group, system), lang),
            *(
                interval(found.get((metric, by, group)), scales[metric], lang)
                for metric in kept
            ),
        ]
        for group in groups
    ]
    head = [
        inline(capitalised(word(by)), lang),
        *(inline(metric_name(metric, scales[metric]), lang) for metric in kept),
    ]
    return table(head, rows, inline(caption, lang))
