"""A small drawing of cost against service, made so that a script can move the mark of a point.

Drawn by hand instead of by matplotlib: the script needs the scale of its axes, and the mark
must be an element of its own.
"""

from dataclasses import dataclass
from math import isnan

import pandas as pd

from sim.report.page.cells import metric_name, scale_of
from sim.report.page.html import Html, joined, tag
from sim.report.page.points import Grid, as_frame
from sim.report.plots.axes import tick, ticks_between
from sim.report.style import BLUE, GREY, PALE, VERMILION
from sim.report.words import Lang, Say

WIDE, HIGH = 640.0, 330.0
LEFT, RIGHT, TOP, BOTTOM = 76.0, 16.0, 30.0, 52.0


@dataclass(frozen=True)
class Scatter:
    """The drawing, and where a value lies in it."""

    svg: Html
    x_ends: tuple[float, float]
    y_ends: tuple[float, float]

    def x(self, value: float) -> float:
        """Place of a cost."""
        low, high = self.x_ends
        return round(LEFT + (value - low) / (high - low) * (WIDE - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Place of a figure, upwards."""
        low, high = self.y_ends
        return round(HIGH - BOTTOM - (value - low) / (high - low) * (HIGH - BOTTOM - TOP), 1)


def draw_scatter(grid: Grid, lang: Lang) -> Scatter:
    """All points, the frontier as a line, and the mark, which stands nowhere yet."""
    known = as_frame(grid).dropna(subset=["x", "y"])
    ends = pd.concat([known["y"], known["low"], known["high"]])
    plain = Scatter(Html(""), _ends(known["x"]), _ends(ends))
    parts = [
        *_axis(plain, grid, lang),
        *_points(plain, known),
        tag(
            "g",
            tag("line", x1=0, x2=0, y1=0, y2=0, stroke=VERMILION, stroke_width=2.5),
            tag("circle", r=9, cx=0, cy=0, fill="none", stroke=VERMILION, stroke_width=3),
            tag("circle", r=3.5, cx=0, cy=0, fill=VERMILION),
            id="mark",
        ),
    ]
    name = Say(
        "Cost and service of every setting; the ring marks the chosen one",
        "各方案的成本与效果；圆环为所选方案",
    ).text(lang, " / ")
    svg = tag(
        "svg", *parts, viewBox=f"0 0 {WIDE:g} {HIGH:g}", role="img", aria_label=name,
        class_="plot scatter",
    )  # fmt: skip
    return Scatter(svg, plain.x_ends, plain.y_ends)


def _ends(values: "pd.Series[float]") -> tuple[float, float]:
    known = [float(value) for value in values if not isnan(value)]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    room = (high - low or abs(high) or 1.0) * 0.08
    return low - room, high + room


def _axis(scatter: Scatter, grid: Grid, lang: Lang) -> list[Html]:
    parts = []
    bottom = HIGH - BOTTOM
    rows = [point.row(grid.cost) for point in grid.points]
    cost = scale_of(grid.cost, rows)
    gain = scale_of(grid.against, [point.row(grid.against) for point in grid.points])
    for value in ticks_between(*scatter.x_ends, cost.divide):
        at = scatter.x(value)
        parts += [
            tag("line", x1=at, x2=at, y1=TOP, y2=bottom, class_="grid"),
            tag("text", tick(cost.of(value)), x=at, y=bottom + 16, text_anchor="middle"),
        ]
    for value in ticks_between(*scatter.y_ends, gain.divide):
        at = scatter.y(value)
        parts += [
            tag("line", x1=LEFT, x2=WIDE - RIGHT, y1=at, y2=at, class_="grid"),
            tag("text", tick(gain.of(value)), x=LEFT - 8, y=at + 4, text_anchor="end"),
        ]
    across = metric_name(grid.cost, cost).text(lang, " / ")
    upwards = metric_name(grid.against, gain).text(lang, " / ")
    return [
        *parts,
        tag("text", across, x=(LEFT + WIDE) / 2, y=HIGH - 10, text_anchor="middle"),
        tag("text", upwards, x=4, y=14),
    ]


def _points(scatter: Scatter, known: pd.DataFrame) -> list[Html]:
    front = known[known["standing"].isin(["frontier", "knee"])].sort_values("x")
    line = " ".join(
        f"{scatter.x(x)},{scatter.y(y)}" for x, y in zip(front["x"], front["y"], strict=True)
    )
    dots = [
        tag("circle", cx=scatter.x(x), cy=scatter.y(y), r=4,
            fill=BLUE if standing in ("frontier", "knee") else "white",
            stroke=BLUE if standing in ("frontier", "knee") else GREY)
        for standing, x, y in zip(known["standing"], known["x"], known["y"], strict=True)
    ]  # fmt: skip
    bars = [
        tag("line", x1=scatter.x(x), x2=scatter.x(x), y1=scatter.y(low), y2=scatter.y(high),
            stroke=PALE)
        for x, low, high in zip(known["x"], known["low"], known["high"], strict=True)
        if not isnan(low)
    ]  # fmt: skip
    return [
        joined(bars),
        tag("polyline", points=line, fill="none", stroke=BLUE, stroke_width=1.5),
        joined(dots),
    ]
