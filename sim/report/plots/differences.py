"""What changes against the baseline: paired differences with their intervals."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from sim.metrics.catalogue import BY_NAME
from sim.report.plots.axes import rows_of, scaled
from sim.report.style import BLUE, GREY, VERMILION, Chart, new_figure, say_finding, style
from sim.report.words import Lang, Say, label, scale_for, shown, signed, unit_word

METRICS = (
    "first_response_mean",
    "resolution_mean",
    "resolution_p90",
    "on_time_rate",
    "closed_rate",
    "resolved_of_reported",
    "utilisation",
    "cost_per_month",
)
"""Drawn unless others are asked for, where they are known."""
ACROSS = 2
MANY_DIGITS = 10_000
"""Values whose numbers are too wide for many of them below a small panel."""


def differences(
    table: pd.DataFrame,
    *,
    metrics: Sequence[str] | None = None,
    lang: Lang = "both",
) -> Chart:
    """Draw the difference of each scenario from the baseline, one panel a metric.

    Parameters
    ----------
    table
        `Comparison.differences()`; rows that are not about everything together are left out.
    metrics
        Which metrics, in this order.
    lang
        Language of the words.
    """
    whole = table[(table["by"] == "all") & table["difference"].notna()]
    wanted = [m for m in (metrics or METRICS) if (whole["metric"] == m).any()]
    if not wanted:
        raise ValueError("the comparison holds none of the metrics to be drawn")
    others = list(dict.fromkeys(whole["other"]))
    across = min(ACROSS, len(wanted))
    down = -(-len(wanted) // across)
    with style():
        figure = new_figure(1.3 + down * (0.85 + 0.34 * len(others)))
        grid = figure.subplots(down, across, sharey=True, squeeze=False)
        for axes, metric in zip(grid.flat, wanted, strict=False):
            rows = whole[whole["metric"] == metric].set_index("other").reindex(others)
            _panel(axes, rows, metric, lang)
        for axes in grid.flat[len(wanted) :]:
            axes.set_visible(False)
        grid[0, 0].set_yticks(range(len(others)), others)
        grid[0, 0].set_ylim(len(others) - 0.4, -0.6)
        baseline = str(whole["baseline"].iloc[0])
        finding = _finding(whole, wanted, others)
        say_finding(figure, finding, _note(baseline), lang)
    return figure


def clearest_change(table: pd.DataFrame, metrics: Sequence[str] = METRICS) -> Say:
    """The largest change that chance cannot explain, relative to the baseline, in a sentence.

    Parameters
    ----------
    table
        `Comparison.differences()`, perhaps of some scenarios only.
    metrics
        Which metrics may be named.
    """
    whole = table[(table["by"] == "all") & table["difference"].notna()]
    wanted = [metric for metric in metrics if (whole["metric"] == metric).any()]
    return _finding(whole, wanted, list(dict.fromkeys(whole["other"])))


def verdict(row: Mapping[str, Any], metric: str) -> str:
    """better, worse, other (where neither can be said) or unclear."""
    if not bool(row["distinguishable"]):
        return "unclear"
    known = BY_NAME.get(metric)
    if known is None or known.better == "neutral":
        return "other"
    return "better" if (row["difference"] > 0) == (known.better == "higher") else "worse"


_LOOK = {
    "better": (BLUE, "o", BLUE),
    "worse": (VERMILION, "s", VERMILION),
    "other": ("#333333", "D", "#333333"),
    "unclear": (GREY, "o", "white"),
}
"""Colour, shape and filling: the verdict is seen without colour too."""


def _panel(axes: Axes, rows: pd.DataFrame, metric: str, lang: Lang) -> None:
    known = BY_NAME.get(metric)
    unit = known.unit if known is not None else ""
    ends = rows[["difference", "low", "high"]].to_numpy(dtype=float).ravel()
    scale = scale_for(unit, ends)
    axes.axvline(0, color="#333333", lw=0.9)
    for place, row in enumerate(rows_of(rows)):
        if pd.isna(row["difference"]):
            continue
        colour, shape, filling = _LOOK[verdict(row, metric)]
        axes.plot([row["low"], row["high"]], [place, place], color=colour, lw=2)
        axes.plot(row["difference"], place, shape, color=colour, mfc=filling, mew=1.5, ms=6.5)
        axes.annotate(
            signed(row["difference"], scale), (row["difference"], place),
            xytext=(0, 5), textcoords="offset points", ha="center", va="bottom", fontsize=8,
            color=colour,
        )  # fmt: skip
    axes.set_title(label(metric, lang, joint="\n"), fontsize=9)
    axes.grid(visible=True, axis="x")
    axes.tick_params(length=0)
    points = Say("percentage points", "百分点") if unit == "1" else None
    scaled(
        axes.xaxis,
        unit,
        ends,
        lambda shown_unit: _axis_name(shown_unit, points, lang),
        most=3 if abs(ends).max() >= MANY_DIGITS else 6,
    )
    axes.xaxis.label.set_fontsize(8)
    axes.margins(x=0.12)


def _axis_name(unit: str, points: Say | None, lang: Lang) -> str:
    return (points or unit_word(unit)).text(lang, " ")


def _finding(whole: pd.DataFrame, wanted: Sequence[str], others: Sequence[str]) -> Say:
    """The clearest change, relative to the baseline, of a metric one can judge by."""
    judged = [m for m in wanted if (known := BY_NAME.get(m)) and known.better != "neutral"]
    rows = whole[whole["metric"].isin(judged or wanted)]
    sure = rows[rows["distinguishable"].astype(bool)]
    if sure.empty:
        named = Say(", ".join(others), "、".join(others))
        base = str(whole["baseline"].iloc[0])
        return Say(
            f"{named.en} cannot be told apart from {base} by these figures",
            f"按这些指标，{named.zh}与{base}无法区分",
        )
    size = (sure["difference"] / sure["baseline_mean"].abs().clip(lower=1e-12)).abs()
    row = sure.iloc[int(size.to_numpy().argmax())]
    metric, unit = str(row["metric"]), str(row["unit"])
    scale = scale_for(unit, [row["other_mean"]])
    ends = (shown(float(row[c]), unit, scale) for c in ("baseline_mean", "other_mean"))
    before, after = ends
    change, low, high = (signed(row[c], scale) for c in ("difference", "low", "high"))
    return Say(
        f"With {row['other']} the {label(metric, 'en').lower()} goes from {before.en} to "
        f"{after.en} ({change}, interval {low} to {high})",
        f"“{row['other']}”使{label(metric, 'zh')}由{before.zh}变为{after.zh}"
        f"（{change}，区间{low}至{high}）",
    )


def _note(baseline: str) -> Say:
    return Say(
        f"Scenario minus {baseline}, replication by replication; bars: 95% intervals that hold "
        "together. Blue dot: better; red square: worse; diamond: neither; hollow: not "
        "distinguishable.",
        f"各情景减“{baseline}”，逐次重复配对；横线：同时成立的95%置信区间。"
        "蓝点：更好；红方：更差；菱形：不分优劣；空心：无法区分。",
    )
