"""What shorter waits cost: the frontier of designs, its knee, and what others beat."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox, BboxBase

from sim.analysis.frontier import efficient, knee_of
from sim.metrics.catalogue import BY_NAME
from sim.report.plots.axes import plain_ticks, rows_of, scaled
from sim.report.style import (
    BAND,
    BLUE,
    GREY,
    PALE,
    VERMILION,
    Chart,
    new_figure,
    say_finding,
    style,
)
from sim.report.words import Lang, Say, label, scale_for, shown

COLUMNS = ("design", "x", "x_low", "x_high", "y", "y_low", "y_high")
MOST_NAMED = 12
SIDES = ((8, 6), (8, -6), (-8, 6), (-8, -6))
"""Where a name may stand from its point, in points across and up, the best first."""
DOT = 5.0
"""Half the size of a point, in pixels."""


def frontier_points(
    summaries: dict[str, pd.DataFrame],
    x: str = "cost_per_month",
    y: str = "resolution_p90",
) -> pd.DataFrame:
    """The points of a frontier from the summaries of several designs.

    Parameters
    ----------
    summaries
        `Runs.summary()` by name of the design.
    x, y
        What it costs and what it gives, as named in the catalogue of metrics.

    Returns
    -------
    Columns design, x, x_low, x_high, y, y_low, y_high; designs whose figures are not known
    (a quantile that was not reached) are left out.
    """
    rows = []
    for name, summary in summaries.items():
        whole = summary[summary["by"] == "all"].set_index("metric")
        if x in whole.index and y in whole.index:
            ends = whole[["mean", "low", "high"]].loc[[x, y]].to_numpy(dtype=float)
            rows.append((name, *ends.ravel().tolist()))
    return pd.DataFrame(rows, columns=list(COLUMNS)).dropna(subset=["x", "y"])


def frontier(
    points: pd.DataFrame,
    *,
    x: str = "cost_per_month",
    y: str = "resolution_p90",
    names: Mapping[str, Say] | None = None,
    lang: Lang = "both",
) -> Chart:
    """Draw designs by what they cost (less is better) and what they give.

    Parameters
    ----------
    points
        As from `frontier_points`; the columns low and high may hold nan.
    x, y
        Names of the metrics, for labels, units and the better direction of y.
    names
        What the designs are called, by the column design; as they are written unless given.
    lang
        Language of the words.
    """
    if points.empty:
        raise ValueError("a frontier needs at least one design with known figures")
    table = points.sort_values(["x", "y"], kind="stable").reset_index(drop=True)
    worth = _better(y) * table["y"].to_numpy(dtype=float)
    said = {each: Say(each, each) for each in map(str, table["design"])} | dict(names or {})
    best = efficient(table["x"].to_numpy(dtype=float), worth)
    front, beaten = table[best], table[~best]
    knee = knee_of(
        front["x"].to_numpy(dtype=float), _better(y) * front["y"].to_numpy(dtype=float)
    )
    with style():
        figure = new_figure(4.6)
        axes = figure.add_subplot()
        _draw_beaten(axes, beaten, said, lang)
        _draw_front(axes, front, knee, said, lang)
        plain_ticks(axes)
        units = (_unit(x), _unit(y))
        scaled(axes.xaxis, units[0], table["x"], lambda unit: label(x, lang, unit))
        scaled(axes.yaxis, units[1], table["y"], lambda unit: label(y, lang, unit, "\n"))
        axes.margins(0.12, 0.14)
        say_finding(figure, _finding(front, knee, units, y, said), _note(len(beaten)), lang)
        _without_overlaps(axes, table, figure.bbox)
    return figure


def _without_overlaps(axes: Axes, points: pd.DataFrame, whole: BboxBase) -> None:
    """Put each name beside its point where it covers nothing, those that matter most first.

    First the knee, then ends, then the rest; a name without room on any side is hidden.
    """
    names = sorted(
        (each for each in axes.texts if isinstance(each, Annotation)),
        key=lambda name: _rank(name, axes),
    )
    dots = axes.transData.transform(points[["x", "y"]].to_numpy())
    marks = [Bbox.from_bounds(x - DOT, y - DOT, 2 * DOT, 2 * DOT) for x, y in dots]
    kept: list[Bbox] = []
    for name in names:
        free = (
            box
            for box in _beside(name)
            if not any(box.overlaps(other) for other in (*kept, *marks))
            and whole.x0 <= box.x0
            and box.x1 <= whole.x1
        )
        found = next(free, None)
        if found is None:
            name.set_visible(False)
        else:
            kept.append(found)


def _beside(name: Annotation) -> Iterator[Bbox]:
    """Where a name comes to lie on each side of its point; it stays where the last box is."""
    for across, up in SIDES:
        name.set(
            position=(across, up),
            ha="left" if across > 0 else "right",
            va="baseline" if up > 0 else "top",
        )
        yield name.get_window_extent()


def _rank(name: Annotation, axes: Axes) -> tuple[int, float]:
    """The knee first, then the frontier from its ends inwards, then what is beaten."""
    colours = {VERMILION: 0, BLUE: 1}
    left, right = axes.get_xlim()
    return colours.get(str(name.get_color()), 2), min(name.xy[0] - left, right - name.xy[0])


def _better(metric: str) -> int:
    known = BY_NAME.get(metric)
    return 1 if known is not None and known.better == "higher" else -1


def _unit(metric: str) -> str:
    known = BY_NAME.get(metric)
    return known.unit if known is not None else ""


def _draw_beaten(axes: Axes, beaten: pd.DataFrame, said: Mapping[str, Say], lang: Lang) -> None:
    _bars(axes, beaten, PALE)
    axes.plot(beaten["x"], beaten["y"], "o", mfc="white", mec=GREY, ms=5, ls="none", zorder=3)
    if len(beaten) <= MOST_NAMED:
        for row in rows_of(beaten):
            _name(axes, row, said[str(row["design"])].text(lang), GREY, 8)


def _draw_front(
    axes: Axes,
    front: pd.DataFrame,
    knee: int | None,
    said: Mapping[str, Say],
    lang: Lang,
) -> None:
    axes.fill_between(
        front["x"], front["y_low"], front["y_high"], color=BLUE, alpha=BAND, lw=0, zorder=1
    )
    _bars(axes, front, BLUE)
    axes.plot(front["x"], front["y"], "-o", color=BLUE, ms=6, zorder=4)
    named = range(len(front)) if len(front) <= MOST_NAMED else {0, knee, len(front) - 1}
    for index, row in enumerate(rows_of(front)):
        if index in named:
            name = said[str(row["design"])].text(lang)
            _name(axes, row, name, VERMILION if index == knee else BLUE, 9)
    if knee is not None:
        at = front.iloc[knee]
        axes.plot(at["x"], at["y"], "D", ms=12, mfc="none", mec=VERMILION, mew=2, zorder=5)


def _bars(axes: Axes, points: pd.DataFrame, colour: str) -> None:
    """Intervals of both figures as thin crosses."""
    for row in rows_of(points):
        x, y = row["x"], row["y"]
        axes.plot([row["x_low"], row["x_high"]], [y, y], color=colour, lw=1, zorder=2)
        axes.plot([x, x], [row["y_low"], row["y_high"]], color=colour, lw=1, zorder=2)


def _name(axes: Axes, row: dict[str, Any], name: str, colour: str, size: float) -> None:
    axes.annotate(
        name,
        (row["x"], row["y"]),
        xytext=(8, 6),
        textcoords="offset points",
        color=colour,
        fontsize=size,
        zorder=6,
    )


def _finding(
    front: pd.DataFrame,
    knee: int | None,
    units: tuple[str, str],
    y: str,
    said: Mapping[str, Say],
) -> Say:
    first, last = front.iloc[0], front.iloc[-1]
    name = said[str(first["design"])]
    if len(front) == 1:
        cost, gives = shown(first["x"], units[0]), shown(first["y"], units[1])
        return Say(
            f"{name.en} beats every other design: {gives.en} at {cost.en}",
            f"“{name.zh}”优于其他全部方案：{cost.zh}，{gives.zh}",
        )
    if first["x"] == last["x"]:
        gives = shown(first["y"], units[1])
        return Say(
            f"These designs cost the same and give the same: {gives.en}",
            f"这些方案成本与效果相同：{gives.zh}",
        )
    middle = front.iloc[knee] if knee is not None else last
    other = said[str(middle["design"])]
    spent = shown(middle["x"] - first["x"], units[0])
    scale = scale_for(units[1], front["y"])
    before, after = (shown(each["y"], units[1], scale) for each in (first, middle))
    text = Say(
        f"{spent.en} more, from {name.en} to {other.en}, moves the "
        f"{label(y, 'en').lower()} from {before.en} to {after.en}",
        f"从“{name.zh}”到“{other.zh}”，多花{spent.zh}，"
        f"{label(y, 'zh')}由{before.zh}变为{after.zh}",
    )
    if _within(first, middle):
        chance = Say("; the intervals overlap, so chance may do it", "；区间重叠，可能出于偶然")
        return Say(f"{text.en}{chance.en}", f"{text.zh}{chance.zh}")
    if knee is None or knee == len(front) - 1:
        return text
    rest = shown(last["x"] - middle["x"], units[0])
    final = shown(last["y"], units[1], scale)
    return Say(
        f"{text.en}; another {rest.en} only to {final.en}",
        f"{text.zh}；再花{rest.zh}，仅到{final.zh}",
    )


def _within(first: "pd.Series[Any]", other: "pd.Series[Any]") -> bool:
    """Whether the gain of one design lies in the interval of another's."""
    pairs = ((first["y"], other), (other["y"], first))
    return any(each["y_low"] <= value <= each["y_high"] for value, each in pairs)


def _note(beaten: int) -> Say:
    more = Say(
        f" Hollow: {beaten} dearer or no better than another design." if beaten else "",
        f"空心：{beaten}个方案不优于其他方案。" if beaten else "",
    )
    return Say(
        "Line: designs that none beats. Diamond: the knee, after which more money gains less. "
        f"Band and bars: 95% intervals.{more.en}",
        f"折线：未被超过的方案。菱形：拐点，此后增加投入收益变小。色带与细线：95%置信区间。{more.zh}",
    )
