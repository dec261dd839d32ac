"""What reported outcomes say of assumptions: each alone, and pairs that lean on each other."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.report.style import BLUE, GREY, PALE, Chart, new_figure, say_finding, style, width_of
from sim.report.words import Lang, Say, quantity_said, wrapped

MOST = 9
MOST_PAIRS = 4
BINS = 10
NAME_ROOM = 21.0
"""Width of a line of a parameter's name, in sizes of its font."""


def marginals(
    places: pd.DataFrame,
    weights: "pd.Series[float]",
    table: pd.DataFrame,
    *,
    names: Mapping[str, Say] | None = None,
    lang: Lang = "both",
) -> Chart:
    """Draw how likely each place of a range is, once the claims are met.

    Parameters
    ----------
    places
        One column for each parameter, best known first: places from 0 to 1 of its range.
    weights
        Of the rows.
    table
        As `parameters_table` gives it: parameter, low, high, contraction.
    names
        What parameters are called; else each by the end of its path.
    lang
        Language of the words.
    """
    shown = list(places.columns[:MOST])
    if not shown or places.empty:
        raise ValueError("no accepted run to draw")
    known = table.set_index("parameter")
    rows = (len(shown) + 2) // 3
    with style():
        figure = new_figure(1.6 + 1.7 * rows)
        grid = figure.subplots(rows, 3, squeeze=False)
        for axes, name in zip(grid.flat, shown, strict=False):
            axes.hist(
                places[name], bins=BINS, range=(0, 1), weights=weights, density=True, color=BLUE
            )
            axes.axhline(1.0, color=GREY, lw=0.9, ls="--")
            axes.set_title(_called(name, names, lang), fontsize=7.5)
            ends = [quantity_said(str(known.loc[name, end])) for end in ("low", "high")]
            axes.set_xticks([0, 1], [end.text(lang) for end in ends])
            # Towards the middle of the panel, or neighbours would run into each other.
            for tick, side in zip(axes.get_xticklabels(), ("left", "right"), strict=True):
                tick.set_horizontalalignment(side)
            axes.set_yticks([])
            axes.tick_params(labelsize=7, length=0)
        for axes in list(grid.flat)[len(shown) :]:
            axes.set_axis_off()
        say_finding(figure, _finding(known.loc[shown]), _NOTE, lang)
    return figure


def pairs(
    places: pd.DataFrame,
    weights: "pd.Series[float]",
    *,
    names: Mapping[str, Say] | None = None,
    lang: Lang = "both",
) -> Chart:
    """Draw the best known parameters against each other, one dot for each accepted run."""
    shown = list(places.columns[:MOST_PAIRS])
    if len(shown) < 2 or places.empty:
        raise ValueError("pairs need two parameters and accepted runs")
    sizes = 40.0 * weights / weights.max()
    count = len(shown) - 1
    with style():
        figure = new_figure(1.4 + 1.9 * count)
        grid = figure.subplots(count, count, squeeze=False)
        for row in range(count):
            for column in range(count):
                axes = grid[row][column]
                if column > row:
                    axes.set_axis_off()
                    continue
                x, y = shown[column], shown[row + 1]
                axes.scatter(places[x], places[y], s=sizes, color=BLUE, alpha=0.5, lw=0)
                axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
                axes.spines[["left", "bottom"]].set_color(PALE)
                if row == count - 1:
                    axes.set_xlabel(_called(x, names, lang), fontsize=7)
                if column == 0:
                    axes.set_ylabel(_called(y, names, lang), fontsize=7)
        say_finding(figure, _pair_finding(places, weights, shown, names), _PAIR_NOTE, lang)
    return figure


def _called(name: str, names: Mapping[str, Say] | None, lang: Lang) -> str:
    """What people call a parameter, in lines that a small panel has room for."""
    found = (names or {}).get(name)
    return _short(name) if found is None else wrapped(found.text(lang), NAME_ROOM, width_of)


def _short(name: str) -> str:
    """The last three words of a path, on two lines if they are long."""
    plain, _, at = name.partition("@")
    text = ".".join(plain.split(".")[-3:])
    text = text if len(text) < 26 else text.replace(".", ".\n", 1)
    return f"{text}\n@{at}" if at else text


def _finding(table: pd.DataFrame) -> Say:
    good = int((table["contraction"] >= 0.3).sum())
    return Say(
        f"Reported outcomes narrow {good} of the {len(table)} assumptions shown by 30% or more",
        f"图中{len(table)}项假设，已报道成效使其中{good}项的不确定性缩小三成以上",
    )


def _pair_finding(
    places: pd.DataFrame,
    weights: "pd.Series[float]",
    shown: list[str],
    names: Mapping[str, Say] | None,
) -> Say:
    cov = np.cov(places[shown].to_numpy().T, aweights=weights.to_numpy())
    sd = np.sqrt(np.maximum(np.diag(cov), 1e-12))
    correlation = cov / np.outer(sd, sd)
    np.fill_diagonal(correlation, 0)
    i, j = np.unravel_index(int(np.argmax(np.abs(correlation))), correlation.shape)
    short = [Say(name.split(".")[-1], name.split(".")[-1]) for name in shown]
    known = [(names or {}).get(name, each) for name, each in zip(shown, short, strict=True)]
    one, other = known[int(i)], known[int(j)]
    value = correlation[i, j]
    return Say(
        f"Strongest tie: {one.en} and {other.en}, correlation {value:+.2f}",
        f"关联最强：{one.zh} 与 {other.zh}，相关系数 {value:+.2f}",
    )


_NOTE = Say(
    "Bars: runs that meet all claims, over the stated range; dashed: the assumption before. "
    "Flat bars mean that the outcomes say nothing of it.",
    "柱：满足全部对照的运行在所述范围内的分布；虚线：校准之前。柱形平坦表示成效说明不了该假设。",
)
_PAIR_NOTE = Say(
    "One dot for each accepted run, larger with more weight; axes are the stated ranges.",
    "每点为一次被接受的运行，权重大者点大；坐标为所述范围。",
)
