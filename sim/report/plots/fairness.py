"""Whether all places are served alike: their mean times in order, with intervals."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.metrics.catalogue import BY_NAME
from sim.report.plots.axes import plain_ticks, scaled
from sim.report.style import BAND, BLUE, GREY, VERMILION, Chart, new_figure, say_finding, style
from sim.report.words import Lang, Say, digits, label, scale_for, shown

MOST_NAMED = 25
"""Places up to which each has a line of its own; more are drawn as a curve by rank."""


def fairness(
    summary: pd.DataFrame, *, metric: str = "resolution_mean", lang: Lang = "both"
) -> Chart:
    """Draw a metric of all places in order of its value.

    Parameters
    ----------
    summary
        `Runs.summary()`; the rows by place are used, and the Gini coefficient if it is there.
    metric
        Which metric.
    lang
        Language of the words.
    """
    places = summary[(summary["by"] == "place") & (summary["metric"] == metric)]
    places = places.dropna(subset=["mean"]).sort_values("mean", kind="stable")
    if len(places) < 2:
        raise ValueError("fairness needs at least two places with known figures")
    whole = summary[(summary["by"] == "all") & (summary["metric"] == metric)]["mean"]
    mean = float(whole.iloc[0]) if len(whole) else float(places["mean"].mean())
    gini = summary[(summary["by"] == "all") & (summary["metric"] == "fairness_gini")]["mean"]
    known = BY_NAME.get(metric)
    unit = known.unit if known is not None else ""
    with style():
        few = len(places) <= MOST_NAMED
        figure = new_figure(1.7 + 0.24 * len(places) if few else 4.4)
        axes = figure.add_subplot()
        plain_ticks(axes)
        (_rows if few else _ranks)(axes, places, mean)
        axis = axes.xaxis if few else axes.yaxis
        scaled(
            axis,
            unit,
            places["mean"],
            lambda its: label(metric, lang, its, "  " if few else "\n"),
        )
        if not few:
            axes.set_xlabel(Say("places in order", "区域（按数值排序）").text(lang, "  "))
        _name_mean(axes, mean, Say(*_mean_words(mean, unit)), lang, few=few)
        finding = _finding(places, unit, metric, float(gini.iloc[0]) if len(gini) else np.nan)
        say_finding(figure, finding, _NOTE, lang)
    return figure


def _rows(axes: Axes, places: pd.DataFrame, mean: float) -> None:
    heights = range(len(places))
    axes.hlines(heights, places["low"], places["high"], color=BLUE, lw=1.6, alpha=0.6)
    axes.plot(places["mean"], heights, "o", color=BLUE, ms=5)
    axes.set_yticks(heights, [_short(str(name)) for name in places["group"]])
    axes.axvline(mean, color=VERMILION, lw=1.2)
    axes.grid(visible=False, axis="y")


def _ranks(axes: Axes, places: pd.DataFrame, mean: float) -> None:
    rank = np.arange(1, len(places) + 1)
    axes.fill_between(rank, places["low"], places["high"], color=BLUE, alpha=BAND, lw=0)
    axes.plot(rank, places["mean"], color=BLUE)
    axes.axhline(mean, color=VERMILION, lw=1.2)
    axes.set_xlim(1, len(places) * 1.12)
    axes.set_ylim(bottom=0)
    for index, beside in ((0, (6, -14)), (len(places) - 1, (5, 4))):
        row = places.iloc[index]
        axes.annotate(
            _short(str(row["group"])), (rank[index], row["mean"]), xytext=beside,
            textcoords="offset points", fontsize=8, color=GREY,
        )  # fmt: skip


def _short(name: str) -> str:
    """A place's name without the root, which all share."""
    return name.partition("/")[2] or name


def _mean_words(mean: float, unit: str) -> tuple[str, str]:
    said = shown(mean, unit)
    return f"all {said.en}", f"全部 {said.zh}"


def _name_mean(axes: Axes, mean: float, said: Say, lang: Lang, *, few: bool) -> None:
    place, ha = ((mean, 1.0), "left") if few else ((1.0, mean), "right")
    where = ("data", "axes fraction") if few else ("axes fraction", "data")
    axes.annotate(
        said.text(lang, " "), place, xycoords=where, xytext=(-2, 2) if few else (0, 4),
        textcoords="offset points", color=VERMILION, fontsize=8.5, ha=ha, va="bottom",
    )  # fmt: skip


def _finding(places: pd.DataFrame, unit: str, metric: str, gini: float) -> Say:
    first, last = places.iloc[0], places.iloc[-1]
    scale = scale_for(unit, places["mean"])
    ends = [shown(float(row["mean"]), unit, scale) for row in (first, last)]
    names = [_short(str(row["group"])) for row in (first, last)]
    index = Say(
        "" if np.isnan(gini) else f"; Gini coefficient {digits(gini)}",
        "" if np.isnan(gini) else f"；基尼系数{digits(gini)}",
    )
    return Say(
        f"{label(metric, 'en')}: from {ends[0].en} ({names[0]}) to {ends[1].en} ({names[1]}) "
        f"between places{index.en}",
        f"各区域{label(metric, 'zh')}从{ends[0].zh}（{names[0]}）到{ends[1].zh}（{names[1]}）"
        f"{index.zh}",
    )


_NOTE = Say(
    "Mean over replications with its 95% interval; level line: all places together. Chance "
    "alone makes small places differ, so compare with the intervals.",
    "各次重复的均值及其95%置信区间；横线：全部。小区域因偶然也会有差别，请对照区间。",
)
