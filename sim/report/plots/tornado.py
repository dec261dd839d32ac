"""Which assumptions matter: a figure at the low and the high end of each, the widest first."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from sim.metrics.catalogue import BY_NAME
from sim.report.plots.axes import rows_of, scaled
from sim.report.style import (
    BLUE,
    ORANGE,
    Chart,
    new_figure,
    say_finding,
    style,
    width_of,
)
from sim.report.words import Lang, Say, label, scale_for, shown, word, wrapped

MOST = 15
NAME_ROOM = 17.0
"""Width of a line of an assumption's name, in sizes of its font."""
END_ROOM = 0.042
"""Share of the axis to leave for each such size of the words at the end of a bar."""


def tornado(
    effects: pd.DataFrame,
    *,
    base: float,
    metric: str = "resolution_p90",
    names: Mapping[str, Say] | None = None,
    lang: Lang = "both",
) -> Chart:
    """Draw what each assumption does to a metric within its stated range.

    Parameters
    ----------
    effects
        One row per assumption with the columns assumption (a term or a name), low_setting and
        high_setting (ends of its range, as text or numbers), at_low and at_high (the metric
        there).
    base
        The metric with every assumption as it stands.
    metric
        Name of the metric in the catalogue.
    names
        What assumptions are called; else each by its term, or as it is.
    lang
        Language of the words.
    """
    if effects.empty:
        raise ValueError("no assumption to draw")
    span = (effects["at_high"] - effects["at_low"]).abs()
    table = effects.assign(span=span).sort_values("span", ascending=False, kind="stable")
    table = table.head(MOST).reset_index(drop=True)
    known = BY_NAME.get(metric)
    unit = known.unit if known is not None else ""
    with style():
        figure = new_figure(1.8 + 0.48 * len(table))
        axes = figure.add_subplot()
        for place, row in enumerate(rows_of(table)):
            _bar(axes, place, base, (row["at_low"], row["low_setting"]), BLUE)
            _bar(axes, place, base, (row["at_high"], row["high_setting"]), ORANGE)
        axes.axvline(base, color="black", lw=1)
        called = [
            (names or {}).get(name) or word(name) for name in map(str, table["assumption"])
        ]
        said = [wrapped(one.text(lang), NAME_ROOM, width_of) for one in called]
        axes.set_yticks(range(len(table)), said, linespacing=1.15)
        axes.set_ylim(len(table) - 0.4, -0.6)
        longest = max(
            width_of(_setting(end)) for end in (*table["low_setting"], *table["high_setting"])
        )
        axes.margins(x=max(0.16, END_ROOM * longest))
        axes.grid(visible=True, axis="x")
        axes.tick_params(length=0)
        ends = [*table["at_low"], *table["at_high"]]
        scaled(axes.xaxis, unit, ends, lambda shown_unit: label(metric, lang, shown_unit))
        say_finding(figure, _finding(table, called[0], base, unit, metric), _NOTE, lang)
    return figure


def _bar(axes: Axes, place: int, base: float, end: tuple[float, object], colour: str) -> None:
    """From the base to one end, which carries its setting."""
    value, setting = end
    axes.barh(place, value - base, left=base, color=colour, height=0.6, zorder=2)
    outwards = 1 if value >= base else -1
    axes.annotate(
        _setting(setting),
        (value, place), xytext=(4 * outwards, 0), textcoords="offset points",
        ha="left" if outwards > 0 else "right", va="center", fontsize=8,
    )  # fmt: skip


def _setting(end: object) -> str:
    """What stands at the end of a bar."""
    return f"{end:g}" if isinstance(end, int | float) else str(end)


def _finding(table: pd.DataFrame, name: Say, base: float, unit: str, metric: str) -> Say:
    first = table.iloc[0]
    scale = scale_for(unit, [first["at_low"], first["at_high"]])
    ends = sorted((float(first["at_low"]), float(first["at_high"])))
    low, high = (shown(value, unit, scale) for value in ends)
    now = shown(base, unit, scale)
    return Say(
        f"{name.en[:1].upper()}{name.en[1:]} matters most; within its range the "
        f"{label(metric, 'en').lower()} is {low.en} to {high.en} (now {now.en})",
        f"影响最大的是“{name.zh}”，在其范围内，{label(metric, 'zh')}为{low.zh}至{high.zh}"
        f"（现为{now.zh}）",
    )


_NOTE = Say(
    "One assumption at a time, from the low (blue) to the high (orange) end of its stated "
    "range; the ends carry the setting. Joint effects are not shown.",
    "逐一改变假设，由所述范围的低端（蓝）到高端（橙）；两端标注取值。不含联合影响。",
)
