"""How long until requests are closed: the share closed within each time, with the limit."""

from datetime import datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes

from sim.analysis.intervals import mean_interval
from sim.metrics.survival import Survival, kaplan_meier, quantile, share_closed
from sim.report.plots.axes import plain_ticks, scaled
from sim.report.style import (
    BAND,
    BLACK,
    LINES,
    Chart,
    new_figure,
    say_finding,
    style,
)
from sim.report.words import (
    Lang,
    Say,
    digits,
    label,
    scale_for,
    shown,
    trimmed,
    with_unit,
)

HOUR = 3_600_000_000
"""Microseconds."""
MOST_CURVES = 6
MOST_BANDS = 3
WHOLE = "all"
BAND_TIMES = 120
LONG_TAIL = 40
"""How many times the median the longest may be before the axis turns logarithmic."""
ROUND_TIMES = (1 / 60, 1 / 6, 1.0, 6.0, 24.0, 72.0, 168.0, 720.0, 2160.0, 8760.0)
"""Hours of ticks that are named on a logarithmic axis."""
_CLOSED = Say("Share closed within that time", "在该时间内办结的比例")


class Curve(NamedTuple):
    """The requests of one group."""

    name: str
    survival: Survival
    limit: float
    """Hours; nan where there is none, or where it differs within the group."""
    end: float
    """Hours up to which the curve is drawn."""
    each: tuple[Survival, ...]
    """The same of each replication."""


def resolution_times(
    cases: pd.DataFrame,
    *,
    observed_until: datetime,
    follow_up: float | None = None,
    by: str | None = None,
    lang: Lang = "both",
) -> Chart:
    """Draw the share of requests closed within each time from report (Kaplan-Meier).

    Parameters
    ----------
    cases
        `Runs.cases`: one row per request.
    observed_until
        End of the run; requests that are open then were seen no longer. Requests that were
        left stay in as if nobody would ever close them.
    follow_up
        Hours up to which the curves are drawn; as far as they were seen if not given.
    by
        Column that tells groups apart, such as class, place or mode; the largest six are
        drawn.
    lang
        Language of the words.
    """
    if cases.empty:
        raise ValueError("no case to draw")
    curves = curves_of(cases, observed_until, follow_up, by)
    with style():
        figure = new_figure(4.4)
        axes = figure.add_subplot()
        ends = [curve.end for curve in curves]
        begin = _begin(curves)
        axes.set_ylim(0, 1.04)
        if begin > 0:
            axes.set_xscale("log")
        axes.set_xlim(begin, max(ends) * 1.02)
        _limits(axes, curves, lang)
        for curve, colour in zip(curves, LINES, strict=False):
            times, closed = _steps(curve)
            axes.step(times, closed, where="post", color=colour)
            if len(curves) <= MOST_BANDS:
                _band(axes, curve, begin, colour)
        _names(axes, curves)
        plain_ticks(axes)
        if begin > 0:
            _name_times(axes, lang)
        else:
            scaled(axes.xaxis, "h", ends, lambda unit: label("resolution_time", lang, unit))
        scaled(axes.yaxis, "1", [1.0], lambda unit: with_unit(_CLOSED, unit).text(lang))
        axes.margins(x=0)
        say_finding(figure, _finding(curves), _note(curves), lang)
    return figure


def curves_of(
    cases: pd.DataFrame, observed_until: datetime, follow_up: float | None, by: str | None
) -> list[Curve]:
    """The curve of each group, the largest first; of all requests where no group is asked."""
    if by is None:
        return [_curve(WHOLE, cases, observed_until, follow_up)]
    sizes = cases.groupby(by, observed=True).size().sort_values(ascending=False, kind="stable")
    return [
        _curve(str(name), cases[cases[by] == name], observed_until, follow_up)
        for name in sizes.index[:MOST_CURVES]
    ]


def _curve(
    name: str, cases: pd.DataFrame, observed_until: datetime, follow_up: float | None
) -> Curve:
    closed = (cases["outcome"] == "closed").to_numpy()
    reported = pd.to_datetime(cases["reported_at"], format="ISO8601")
    seen = ((pd.Timestamp(observed_until) - reported) / pd.Timedelta(hours=1)).to_numpy(float)
    hours = np.where(closed, cases["resolution"].to_numpy(dtype=float), seen)
    times = np.rint(hours * HOUR).astype(np.int64)
    limits = cases["limit"].dropna().round(6).unique()
    limit = float(limits[0]) if len(limits) == 1 else float("nan")
    # Beyond the last closing a curve says nothing more, however long was waited for one.
    last = 1.1 * max(hours[closed].max(initial=1.0), np.nan_to_num(limit))
    number = cases["replication"].to_numpy()
    each = tuple(
        kaplan_meier(times[number == one], ~closed[number == one]) for one in np.unique(number)
    )
    end = float(last) if follow_up is None else follow_up
    return Curve(name, kaplan_meier(times, ~closed), limit, end, each)


def _begin(curves: list[Curve]) -> float:
    """Where the axis begins: 0, or later on a logarithmic axis, which long tails need.

    Where half is closed within a few per cent of the longest time, minutes and weeks can be
    seen together only so.
    """
    halves = [quantile(curve.survival, 0.5) for curve in curves]
    early = [half / HOUR for half in halves if half is not None]
    end = max(curve.end for curve in curves)
    if not early or min(early) * LONG_TAIL > end:
        return 0.0
    known = [at for at in ROUND_TIMES if at <= min(early) / 4 and at < end]
    return known[-1] if known else ROUND_TIMES[0]


def _name_times(axes: Axes, lang: Lang) -> None:
    """Ticks at times that people speak of, each with its own unit."""
    low, high = axes.get_xlim()
    there = [at for at in ROUND_TIMES if low <= at <= high]
    said = [shown(at, "h").text("zh" if lang == "zh" else "en") for at in there]
    axes.set_xticks(there, said)
    axes.tick_params(axis="x", pad=7)  # the first stands below the 0 of the other axis
    axes.set_xticks([], minor=True)
    axes.set_xlabel(label("resolution_time", lang))


def _steps(curve: Curve) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    times = np.concatenate([[0.0], curve.survival.time / HOUR])
    closed = np.concatenate([[0.0], 1 - curve.survival.open_share])
    inside = times <= curve.end
    end = min(curve.end, (curve.survival.follow_up or 0) / HOUR)
    last = closed[inside][-1:]
    return np.append(times[inside], end), np.concatenate([closed[inside], last])


def _band(axes: Axes, curve: Curve, begin: float, colour: str) -> None:
    """The 95% interval of the mean over replications, at each time by itself."""
    if len(curve.each) < 2:
        return
    spaced = np.geomspace if begin > 0 else np.linspace
    times = spaced(begin, curve.end, BAND_TIMES)
    shares = [[share_closed(one, round(at * HOUR)) for one in curve.each] for at in times]
    found = [mean_interval(row) for row in shares]
    known = [
        (at, i.low, i.high) for at, i in zip(times, found, strict=True) if i.low is not None
    ]
    if known:
        at, low, high = np.clip(np.array(known, dtype=float), 0, [np.inf, 1, 1]).T
        axes.fill_between(at, low, high, color=colour, alpha=BAND, lw=0)


def _limits(axes: Axes, curves: list[Curve], lang: Lang) -> None:
    """A dashed line at each limit, and where each curve meets its own."""
    for limit in sorted(
        {c.limit for c in curves if not np.isnan(c.limit) and c.limit <= c.end}
    ):
        axes.axvline(limit, color=BLACK, lw=1, ls=(0, (4, 3)))
        said = shown(limit, "h")
        text = Say(f"limit {said.en}", f"时限 {said.zh}").text(lang)
        axes.annotate(
            text, (limit, 0.02), xytext=(4, 0), textcoords="offset points", fontsize=8,
            color=BLACK, va="bottom",
        )  # fmt: skip
    for curve, colour in zip(curves, LINES, strict=False):
        share = _on_time(curve)
        if share is not None:
            axes.plot(curve.limit, share, "o", color=colour, ms=6, zorder=5)


def _on_time(curve: Curve) -> float | None:
    if np.isnan(curve.limit) or curve.limit > curve.end:
        return None
    return share_closed(curve.survival, round(curve.limit * HOUR))


def _names(axes: Axes, curves: list[Curve]) -> None:
    """Names at the right end of the curves, apart from each other."""
    if len(curves) < 2:
        return
    ends = [float(_steps(curve)[1][-1]) for curve in curves]
    placed = _spread(ends, 0.052)
    right = axes.get_xlim()[1]
    for curve, colour, height in zip(curves, LINES, placed, strict=False):
        axes.annotate(
            curve.name, (right, height), xytext=(4, 0), textcoords="offset points",
            color=colour, va="center", fontsize=9, annotation_clip=False,
        )  # fmt: skip


def _spread(heights: list[float], gap: float) -> list[float]:
    """The same heights in the same order, at least a gap apart, pushed downwards."""
    order = sorted(range(len(heights)), key=lambda i: -heights[i])
    placed, above = list(heights), float("inf")
    for index in order:
        placed[index] = min(heights[index], above - gap)
        above = placed[index]
    return placed


def _per_cent(share: float) -> str:
    return trimmed(digits(100 * share))


def _finding(curves: list[Curve]) -> Say:
    if len(curves) > 1:
        return _finding_of_groups(curves)
    curve = curves[0]
    half, most = (quantile(curve.survival, level) for level in (0.5, 0.9))
    if half is None:
        share = _per_cent(float(_steps(curve)[1][-1]))
        return Say(
            f"Only {share}% of requests are closed in the time observed",
            f"观察期内仅{share}%的诉求办结",
        )
    median = shown(half / HOUR, "h")
    text = Say(
        f"Half of all requests are closed within {median.en}", f"半数诉求在{median.zh}内办结"
    )
    if most is not None:
        nine = shown(most / HOUR, "h")
        text = Say(f"{text.en}, nine in ten within {nine.en}", f"{text.zh}，九成在{nine.zh}内")
    share_met = _on_time(curve)
    if share_met is None:
        return text
    met, limit = _per_cent(share_met), shown(curve.limit, "h")
    return Say(
        f"{text.en}; {met}% within the limit of {limit.en}",
        f"{text.zh}；{limit.zh}时限内办结{met}%",
    )


def _finding_of_groups(curves: list[Curve]) -> Say:
    medians = {c.name: quantile(c.survival, 0.5) for c in curves}
    reached = {name: value for name, value in medians.items() if value is not None}
    if len(reached) < 2:
        return Say("Most requests stay open in the time observed", "观察期内多数诉求未办结")
    fast, slow = min(reached, key=lambda n: reached[n]), max(reached, key=lambda n: reached[n])
    scale = scale_for("h", [reached[slow] / HOUR])
    ends = [shown(reached[name] / HOUR, "h", scale) for name in (fast, slow)]
    return Say(
        f"Half are closed within {ends[0].en} ({fast}) to {ends[1].en} ({slow})",
        f"半数办结用时：{fast}为{ends[0].zh}，{slow}为{ends[1].zh}",
    )


def _note(curves: list[Curve]) -> Say:
    n = sum(curve.survival.n for curve in curves)
    censored = sum(curve.survival.censored for curve in curves)
    share = _per_cent(censored / n)
    band = Say("", "")
    if len(curves) <= MOST_BANDS and any(len(curve.each) > 1 for curve in curves):
        band = Say("; band: 95% interval over replications", "；色带：各次重复的95%置信区间")
    dashed = Say("", "")
    if any(not np.isnan(curve.limit) for curve in curves):
        dashed = Say("; dashed: the limit", "；虚线：办结时限")
    return Say(
        f"Kaplan-Meier over {n:,} requests of all replications; {share}% were never closed "
        f"while observed. Time from report to final closing{dashed.en}{band.en}.",
        f"Kaplan-Meier估计，全部重复共{n:,}件；{share}%在观察期内未办结。"
        f"自受理至最终办结{dashed.zh}{band.zh}。",
    )
