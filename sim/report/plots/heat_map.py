"""Two levers at once: one figure for each pair of settings, written into its cell."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from sim.metrics.catalogue import BY_NAME
from sim.report.style import HEAT, VERMILION, Chart, new_figure, say_finding, style
from sim.report.words import Lang, Say, Scale, digits, label, scale_for, shown


def heat_map(
    cells: pd.DataFrame,
    *,
    x: str,
    y: str,
    metric: str = "on_time_rate",
    target: float | None = None,
    names: Mapping[str, Say] | None = None,
    lang: Lang = "both",
) -> Chart:
    """Draw a metric over two levers.

    Parameters
    ----------
    cells
        One row per pair of settings: the columns named by `x` and `y`, ``mean``, and ``low``
        and ``high`` if intervals are known.
    x, y
        Columns of the levers.
    metric
        What ``mean`` is, as named in the catalogue.
    target
        Value to be met; cells that meet it are framed.
    names
        What the levers are called, by column; else each by its term, or as it is.
    lang
        Language of the words.
    """
    if cells.duplicated([x, y]).any():
        raise ValueError(f"a heat map needs one row for each pair of {x} and {y}")
    table = cells.pivot_table(index=y, columns=x, values="mean", dropna=False, sort=True)
    value = table.to_numpy(dtype=float)
    known = BY_NAME.get(metric)
    unit, higher = (known.unit, known.better == "higher") if known else ("", False)
    scale = scale_for(unit, value.ravel())
    met = _met(value, target, higher=higher)
    with style():
        figure = new_figure(
            1.9 + 0.52 * len(table.index), width=max(5.6, 2.2 + 0.85 * len(table.columns))
        )
        axes = figure.add_subplot()
        _colour(axes, value, higher=higher)
        _write(axes, value, _half_widths(cells, table, x, y), scale, higher=higher)
        for row, column in zip(*np.nonzero(met), strict=True):
            frame = Rectangle((column - 0.46, row - 0.46), 0.92, 0.92, fill=False)
            frame.set(edgecolor=VERMILION, linewidth=2)
            axes.add_patch(frame)
        axes.set_xticks(range(len(table.columns)), [_setting(v) for v in table.columns])
        axes.set_yticks(range(len(table.index)), [_setting(v) for v in table.index])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.set_xlabel(_called(x, names).text(lang, "  "))
        axes.set_ylabel(_called(y, names).text(lang))
        figure_words = (metric, unit, scale)
        finding = _finding(
            table, met, target, (_called(x, names), _called(y, names)), figure_words
        )
        say_finding(figure, finding, _note(metric, scale, target), lang)
    return figure


def _met(value: np.ndarray, target: float | None, *, higher: bool) -> np.ndarray:
    if target is None:
        return np.zeros(value.shape, dtype=bool)
    return np.asarray(value >= target if higher else value <= target)


def _shade(value: np.ndarray, *, higher: bool) -> np.ndarray:
    """Colours of the cells: bright is good, whichever direction that is."""
    there = value[np.isfinite(value)]
    low, high = (there.min(), there.max()) if there.size else (0.0, 1.0)
    share = Normalize(low, high if high > low else low + 1)(value)
    return np.asarray(colormaps[HEAT](share if higher else 1 - share))


def _colour(axes: Axes, value: np.ndarray, *, higher: bool) -> None:
    colours = _shade(value, higher=higher)
    colours[~np.isfinite(value)] = (0.94, 0.94, 0.94, 1.0)
    # Rectangles rather than an image: they stay sharp, and a page may hold no images.
    rows, columns = value.shape
    axes.pcolormesh(
        np.arange(columns + 1) - 0.5, np.arange(rows + 1) - 0.5, colours, linewidth=0
    )


def _half_widths(cells: pd.DataFrame, table: pd.DataFrame, x: str, y: str) -> np.ndarray | None:
    if not {"low", "high"} <= set(cells.columns):
        return None
    wide = cells.assign(half=(cells["high"] - cells["low"]) / 2)
    found = wide.pivot_table(index=y, columns=x, values="half", dropna=False)
    return found.reindex(index=table.index, columns=table.columns).to_numpy(dtype=float)


def _write(
    axes: Axes, value: np.ndarray, half: np.ndarray | None, scale: Scale, *, higher: bool
) -> None:
    bright = _shade(value, higher=higher)[..., :3] @ (0.299, 0.587, 0.114)
    for (row, column), number in np.ndenumerate(value):
        ink = "black" if bright[row, column] > 0.5 or np.isnan(number) else "white"
        text = "–" if np.isnan(number) else digits(scale.of(float(number)))
        said = half is not None and np.isfinite(half[row, column])
        axes.text(column, row + 0.1 * said, text, ha="center", va="center", color=ink)
        if half is not None and said:
            width = f"±{scale.of(float(half[row, column])):.2g}"
            axes.text(
                column, row - 0.24, width, ha="center", va="center", color=ink, fontsize=7
            )


def _setting(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _finding(
    table: pd.DataFrame,
    met: np.ndarray,
    target: float | None,
    levers: tuple[Say, Say],
    words: tuple[str, str, Scale],
) -> Say:
    metric, unit, scale = words
    known = BY_NAME.get(metric)
    value = table.to_numpy(dtype=float)
    if not np.isfinite(value).any():
        return Say(f"{label(metric, 'en')}: not reached", f"{label(metric, 'zh')}：未达到")
    if target is not None:
        goal = shown(target, unit, scale)
        sign = (
            Say("at least", "不低于")
            if known and known.better == "higher"
            else Say("at most", "不超过")
        )
        return Say(
            f"{label(metric, 'en')} of {sign.en} {goal.en} is met in {met.sum()} of {met.size} "
            f"pairs of settings",
            f"{met.size}种组合中有{met.sum()}种达到{label(metric, 'zh')}{sign.zh}{goal.zh}",
        )
    ends = [_place(table, int(pick(value)), levers) for pick in (np.nanargmin, np.nanargmax)]
    least, most = (shown(float(pick(value)), unit, scale) for pick in (np.nanmin, np.nanmax))
    return Say(
        f"{label(metric, 'en')}: from {least.en} ({ends[0].en}) to {most.en} ({ends[1].en})",
        f"{label(metric, 'zh')}：从{least.zh}（{ends[0].zh}）到{most.zh}（{ends[1].zh}）",
    )


def _place(table: pd.DataFrame, index: int, levers: tuple[Say, Say]) -> Say:
    row, column = divmod(index, len(table.columns))
    settings = (table.columns[column], table.index[row])
    named = list(zip(levers, settings, strict=True))
    return Say(
        ", ".join(f"{_inside(lever.en)} {_setting(s)}" for lever, s in named),
        "，".join(f"{lever.zh} {_setting(s)}" for lever, s in named),
    )


def _called(lever: str, names: Mapping[str, Say] | None) -> Say:
    """A lever as it is called, else by its term."""
    if names is not None and lever in names:
        return names[lever]
    return Say(label(lever, "en"), label(lever, "zh"))


def _inside(name: str) -> str:
    """A name within a sentence."""
    return name[:1].lower() + name[1:]


def _note(metric: str, scale: Scale, target: float | None) -> Say:
    framed = Say("", "") if target is None else Say(" Framed: target met.", "加框：达到目标。")
    return Say(
        f"{label(metric, 'en', scale.unit)}; ± half of the 95% interval. Bright is better."
        f"{framed.en}",
        f"{label(metric, 'zh', scale.unit)}；±为95%置信区间半宽。颜色越亮越好。{framed.zh}",
    )
