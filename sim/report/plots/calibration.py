"""Reported outcomes against simulated intervals: what the model can and cannot reproduce."""

from collections.abc import Mapping, Sequence
from math import isinf
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from sim.report.plots.axes import rows_of, scaled, tick
from sim.report.style import (
    BLACK,
    BLUE,
    GREY,
    VERMILION,
    Chart,
    new_figure,
    say_finding,
    style,
    width_of,
)
from sim.report.words import Lang, Say, shown, word, wrapped

HELD_OUT = "held_out"
NAME_ROOM = 17.0
"""Width of a line of a target's name, in sizes of its font."""


def calibration(
    targets: pd.DataFrame,
    *,
    names: Mapping[str, Say] | None = None,
    percent: int = 95,
    lang: Lang = "both",
) -> Chart:
    """Draw each reported value beside what the calibrated model gives.

    Parameters
    ----------
    targets
        One row per target with the columns target (a term or a name), unit, reported, mean,
        low and high (simulated); optionally reported_low and reported_high (infinite where a
        report is a bound), and held_out: whether the target was kept from the calibration.
    names
        What targets are called; else each by its term, or as it is.
    percent
        How much of what was simulated lies between low and high.
    lang
        Language of the words.
    """
    if targets.empty:
        raise ValueError("no target to draw")
    known = {
        name: (names or {}).get(name) or word(name) for name in map(str, targets["target"])
    }
    plain = next((unit for unit in ("1", "share") if (targets["unit"] == unit).all()), "")
    base = pd.Series(1.0, index=targets.index) if plain else targets["reported"]
    with style():
        figure = new_figure(1.7 + 0.52 * len(targets))
        axes = figure.add_subplot()
        for place, row in enumerate(rows_of(targets)):
            _row(axes, row, float(base.iloc[place]), place, lang)
        _names(axes, [known[str(name)] for name in targets["target"]], lang)
        if plain:
            scaled(axes.xaxis, plain, [1.0], lambda _: Say("per cent", "%").text(lang, "  "))
        else:
            axes.axvline(1.0, color=BLACK, lw=0.8)
            axes.xaxis.set_major_formatter(lambda value, _: tick(value))
            axes.set_xlabel(Say("÷ reported value", "与报告值之比").text(lang, "  "))
        axes.grid(visible=True, axis="x")
        axes.tick_params(length=0)
        axes.margins(x=0.08)
        axes.set_ylim(len(targets) - 0.4, -0.6)
        say_finding(figure, _finding(targets, known), _note(targets, percent), lang)
    return figure


def is_met(row: Mapping[str, Any]) -> bool:
    """Whether the simulated interval holds the reported value, or meets its range."""
    low = row.get("reported_low", row["reported"])
    high = row.get("reported_high", row["reported"])
    low = row["reported"] if pd.isna(low) else low
    high = row["reported"] if pd.isna(high) else high
    return bool(row["low"] <= high and row["high"] >= low)


def _row(axes: Axes, row: Mapping[str, Any], base: float, place: int, lang: Lang) -> None:
    colour = BLUE if is_met(row) else VERMILION
    axes.plot(
        [row["low"] / base, row["high"] / base],
        [place, place],
        color=colour,
        lw=7,
        alpha=0.35,
        solid_capstyle="butt",
    )
    axes.plot(row["mean"] / base, place, "|", color=colour, ms=13, mew=2)
    if pd.notna(row.get("reported_low")) and pd.notna(row.get("reported_high")):
        _agreeing(axes, row, base, place)
    hollow = bool(row.get(HELD_OUT, False))
    axes.plot(
        row["reported"] / base, place, "o", mec=BLACK, mfc="white" if hollow else BLACK, ms=6
    )
    unit = str(row["unit"])
    values = [shown(float(row[name]), unit) for name in ("reported", "mean")]
    text = Say(f"{values[0].en} / {values[1].en}", f"{values[0].zh} / {values[1].zh}")
    axes.annotate(
        text.zh if lang == "zh" else text.en, (1.01, place),
        xycoords=("axes fraction", "data"), va="center", fontsize=8.5, color=colour,
        annotation_clip=False,
    )  # fmt: skip


def _agreeing(axes: Axes, row: Mapping[str, Any], base: float, place: int) -> None:
    """What agrees with a report, an arrow where it has no end."""
    known = [row[name] for name in ("reported", "low", "high")]
    ends = [
        (min if far < 0 else max)(known) if isinf(far) else far
        for far in (row["reported_low"], row["reported_high"])
    ]
    axes.plot([end / base for end in ends], [place, place], color=BLACK, lw=1)
    for end, found, arrow in zip(ends, ("reported_low", "reported_high"), "<>", strict=True):
        if isinf(row[found]):
            axes.annotate(
                "", (end / base, place), xytext=(16 if arrow == ">" else -16, 0),
                textcoords="offset points", arrowprops={"arrowstyle": "<-", "lw": 1},
            )  # fmt: skip


def _names(axes: Axes, names: Sequence[Say], lang: Lang) -> None:
    said = [wrapped(name.text(lang), NAME_ROOM, width_of) for name in names]
    axes.set_yticks(range(len(said)), said, linespacing=1.15)
    axes.annotate(
        Say("reported / simulated", "报告值 / 仿真值").text(lang), (1.01, 1),
        xycoords="axes fraction", xytext=(0, 3), textcoords="offset points", va="bottom",
        fontsize=8, color=GREY, annotation_clip=False,
    )  # fmt: skip


def _finding(targets: pd.DataFrame, names: Mapping[str, Say]) -> Say:
    met = [is_met(row) for row in rows_of(targets)]
    missed = [names[str(t)] for t, good in zip(targets["target"], met, strict=True) if not good]
    total = len(met)
    if not missed:
        return Say(
            f"All {total} reported values lie within the simulated intervals",
            f"{total}个报告值全部落在仿真区间内",
        )
    return Say(
        f"{sum(met)} of {total} reported values lie within the simulated intervals; outside: "
        + ", ".join(said.en for said in missed),
        f"{total}个报告值中{sum(met)}个落在仿真区间内；未落入："
        + "、".join(said.zh for said in missed),
    )


def _note(targets: pd.DataFrame, percent: int) -> Say:
    out = HELD_OUT in targets.columns and bool(targets[HELD_OUT].any())
    hollow = (
        Say(" Hollow: not used to calibrate.", "空心：未用于校准。") if out else Say("", "")
    )
    line = Say("", "")
    if "reported_low" in targets.columns:
        line = Say(" line: what agrees with it;", "细线：相符范围；")
    return Say(
        f"Dot: reported;{line.en} bar: simulated {percent}% interval with its mean. Red: "
        f"missed.{hollow.en}",
        f"圆点：报告值；{line.zh}横条：仿真{percent}%区间及均值。红色：未落入。{hollow.zh}",
    )
