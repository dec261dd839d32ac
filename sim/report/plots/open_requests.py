"""How many requests are open, day by day, with the wartime stretch shaded."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib import dates
from matplotlib.axes import Axes
from matplotlib.ticker import Formatter, Locator

from sim.analysis.intervals import mean_interval
from sim.report.plots.axes import plain_ticks
from sim.report.style import BAND, BLUE, GREY, WAR_SHADE, Chart, new_figure, say_finding, style
from sim.report.words import Lang, Say, digits, label, word

WAR = "war"
MOST_ACROSS = 2


def open_requests(daily: pd.DataFrame, *, lang: Lang = "both") -> Chart:
    """Draw open requests over time, one panel for each scenario, on common axes.

    Parameters
    ----------
    daily
        `Runs.daily`, with a column ``scenario`` in front where there are several.
    lang
        Language of the words.
    """
    table = daily if "scenario" in daily.columns else daily.assign(scenario="")
    names = list(dict.fromkeys(table["scenario"]))
    days = {name: over_days(table[table["scenario"] == name]) for name in names}
    across = min(MOST_ACROSS, len(names))
    down = -(-len(names) // across)
    with style():
        figure = new_figure(1.5 + (2.9 if down == 1 else 2.0 * down))
        grid = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
        for axes, name in zip(grid.flat, names, strict=False):
            _panel(axes, days[name], name, lang)
        for axes in grid.flat[len(names) :]:
            axes.set_visible(False)
        for axes in grid[:, 0]:
            axes.set_ylabel(label("open_mean", lang, joint="\n"))
        grid[0, 0].set_ylim(bottom=0)
        say_finding(figure, _finding(days), _note(days), lang)
    return figure


def over_days(daily: pd.DataFrame) -> pd.DataFrame:
    """Mean of open requests over replications, by day.

    Returns
    -------
    Columns date, mean, low, high and war: the share of replications in wartime.
    """
    rows = []
    for date, day in daily.groupby("date", sort=True):
        found = mean_interval([float(value) for value in day["open_mean"]])
        war = float((day["mode"] == WAR).mean())
        rows.append((pd.Timestamp(str(date)), found.mean, found.low, found.high, war))
    table = pd.DataFrame(rows, columns=["date", "mean", "low", "high", "war"])
    return table.astype(dict.fromkeys(("mean", "low", "high", "war"), "float64"))


def stretches(days: pd.DataFrame) -> Iterator[tuple[pd.Timestamp, pd.Timestamp]]:
    """First and last day of each stretch in which most replications are in wartime."""
    at_war = (days["war"].to_numpy() >= 0.5).astype(int)
    edges = np.flatnonzero(np.diff(at_war, prepend=0, append=0))
    for first, after in pairwise(edges.tolist()):
        if at_war[first]:
            yield days["date"].iloc[first], days["date"].iloc[after - 1]


def _panel(axes: Axes, days: pd.DataFrame, name: str, lang: Lang) -> None:
    when = _numbers(days["date"].to_numpy()) + 0.5  # a mean belongs to midday
    for first, last in stretches(days):
        # A day's mode is the one at its end, so a stretch begins on its first day.
        left, right = _numbers([first, last])
        axes.axvspan(left, right + 1, color=WAR_SHADE, lw=0, zorder=0)
        axes.annotate(
            word(WAR).text(lang),
            ((left + right + 1) / 2, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, -3),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=8,
            color="#8A3B00",
        )
    axes.fill_between(when, days["low"], days["high"], color=BLUE, alpha=BAND, lw=0)
    axes.plot(when, days["mean"], color=BLUE, lw=1.6)
    peak = int(days["mean"].argmax())
    axes.plot(when[peak], days["mean"].iloc[peak], "o", color=BLUE, ms=5)
    axes.annotate(
        digits(float(days["mean"].iloc[peak])),
        (when[peak], days["mean"].iloc[peak]),
        xytext=(6, 2),
        textcoords="offset points",
        color=BLUE,
        fontsize=9,
    )
    plain_ticks(axes)
    axes.xaxis.set_major_locator(_locator())
    axes.xaxis.set_major_formatter(_formatter("%Y-%m-%d" if _spans_years(days) else "%m-%d"))
    axes.margins(x=0.01, y=0.22)
    if name:
        axes.set_title(name, color=GREY)


# matplotlib.dates carries no types, so that its three functions are given theirs here.
def _numbers(when: Sequence[pd.Timestamp] | np.ndarray) -> np.ndarray:
    return np.asarray(dates.date2num(when))  # type: ignore[no-untyped-call]


def _locator() -> Locator:
    found: Locator = dates.AutoDateLocator(minticks=3, maxticks=5)  # type: ignore[no-untyped-call]
    return found


def _formatter(form: str) -> Formatter:
    found: Formatter = dates.DateFormatter(form)  # type: ignore[no-untyped-call]
    return found


def _spans_years(days: pd.DataFrame) -> bool:
    return bool(days["date"].iloc[0].year != days["date"].iloc[-1].year)


def _finding(days: dict[str, pd.DataFrame]) -> Say:
    peaks = {name: float(table["mean"].max()) for name, table in days.items()}
    if len(peaks) > 1:
        least, most = min(peaks, key=lambda n: peaks[n]), max(peaks, key=lambda n: peaks[n])
        ends = digits(peaks[least]), digits(peaks[most])
        if ends[0] == ends[1]:
            return Say(
                f"Open requests peak at {ends[0]} in every scenario",
                f"各情景的在办件峰值均为{ends[0]}件",
            )
        return Say(
            f"Open requests peak at {ends[0]} ({least}) to {ends[1]} ({most})",
            f"在办件峰值从{ends[0]}件（{least}）到{ends[1]}件（{most}）",
        )
    table = next(iter(days.values()))
    at = int(table["mean"].argmax())
    peak, date = digits(float(table["mean"].iloc[at])), table["date"].iloc[at]
    war, calm = table["war"] >= 0.5, table["war"] < 0.5
    if war.any() and calm.any():
        inside = digits(float(table.loc[war, "mean"].mean()))
        outside = digits(float(table.loc[calm, "mean"].mean()))
        return Say(
            f"{inside} requests are open in wartime and {outside} otherwise; "
            f"the peak is {peak} on {date:%Y-%m-%d}",
            f"战时平均在办{inside}件，其余时间{outside}件；峰值{peak}件，在{date:%Y-%m-%d}",
        )
    last = digits(float(table["mean"].iloc[-1]))
    return Say(
        f"Open requests peak at {peak} on {date:%Y-%m-%d} and end at {last}",
        f"在办件在{date:%Y-%m-%d}达到峰值{peak}件，期末{last}件",
    )


def _note(days: dict[str, pd.DataFrame]) -> Say:
    shaded = Say("", "")
    if any((table["war"] >= 0.5).any() for table in days.values()):
        shaded = Say(
            " Shaded: at least half of the replications are in wartime.",
            "阴影：至少半数重复处于战时。",
        )
    return Say(
        f"Daily mean over replications; band: 95% interval of the mean.{shaded.en}",
        f"各次重复的日均值；色带：均值的95%置信区间。{shaded.zh}",
    )
