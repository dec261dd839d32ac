"""What ``import`` and ``replay`` print of a log: estimates, fits, and the two side by side."""

import math
from typing import TYPE_CHECKING, Any

import click

from sim.cli.language import in_each_language
from sim.cli.logs import reading_record, show_reading
from sim.cli.show import number, show_table, with_interval
from sim.errors import Language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.experiment.log_model import ClassEstimate, LogModel, OnTime
    from sim.experiment.log_replay import Line

FAMILIES: dict[str, tuple[str, str]] = {
    "lognormal": ("lognormal", "对数正态"),
    "weibull": ("Weibull", "韦布尔"),
    "two_lognormals": ("two lognormals", "双对数正态"),
}
ALL_CLASSES = ("all", "全部")


# ---- import


@in_each_language
def show_model(model: "LogModel", lang: Language) -> None:
    """Print what was read, the estimates of each class, and on-time closing."""
    zh = lang == "zh"
    show_reading(model.log, lang)
    if model.merged:
        names = ("、" if zh else ", ").join(model.merged[:8])
        more = " …" if len(model.merged) > 8 else ""
        said = "合并为 other_types 的稀少类型" if zh else "rare types put into other_types"
        click.echo(f"  {said} ({len(model.merged)}): {names}{more}")
    header = (
        ["事项类别", "件数", "每天", "日间离散", "未办结", "中位", "90 分位", "同刻批量办结",
         "办结时长规律", "拟合 p", "最大偏差"]
        if zh
        else ["class", "requests", "a day", "dispersion", "open", "median", "90th pct",
              "in batches", "law in the scenario", "best fit, p", "largest gap"]
    )  # fmt: skip
    click.echo()
    show_table(
        "按类别估计" if zh else "Estimates by class",
        header,
        [_class_row(one, lang) for one in model.classes],
    )
    for line in _notes(model, lang):
        click.echo(line)
    show_on_time(model.on_time, lang)


def _class_row(one: "ClassEstimate", lang: Language) -> list[str]:
    zh = lang == "zh"
    observed = "观测分位数" if zh else "observed quantiles"
    best = one.laws[0] if one.laws else None
    law = FAMILIES[one.law.family][zh] if one.law is not None else observed
    fit = "–" if best is None else f"{FAMILIES[best.family][zh]}, {_p(best.p)}"
    return [
        one.name,
        f"{one.n:,}",
        f"{one.profile.per_day:,.1f}",
        _unknown(one.profile.dispersion, lang),
        f"{one.open:,}",
        number(one.median, "h", lang),
        number(one.p90, "h", lang),
        f"{100 * one.batches.requests / max(1, one.closed):.0f} %",
        law,
        fit,
        "–" if one.distance is None else f"{100 * one.distance:.1f} %",
    ]


def _notes(model: "LogModel", lang: Language) -> list[str]:
    """What the table does not say by itself."""
    whole = model.all
    refused = sum(bool(one.laws) and one.laws[0].is_refused for one in model.classes)
    poisson = _p(whole.p_poisson)
    if lang == "zh":
        return [
            f"  窗口内 {whole.days} 天，含 {sum(whole.weekdays_seen)} 种星期；"
            f"全部诉求的日间离散：{_unknown(whole.dispersion, lang)}（泊松检验 p {poisson}）。",
            f"  {refused} 个类别的最佳分布族被卡方检验（含截尾，1 %）拒绝，"
            "情景改用观测分位数，除非 --laws fitted。",
            "  办结时长＝等候＋处置＋外部耗时；日志只有三者之和，处置时间为假定。",
        ]
    return [
        f"  {whole.days} days with {sum(whole.weekdays_seen)} of the weekdays; over-dispersion "
        f"of all requests: {_unknown(whole.dispersion, lang)} (Poisson days: p {poisson}).",
        f"  Of {refused} classes the best family is refused by the chi-squared test with "
        "censoring at 1 %; the scenario has their observed quantiles unless --laws fitted.",
        "  Closing time = waiting + work + outside delay; a log has only their sum. Hands-on "
        "times are assumed.",
    ]


def show_on_time(found: "OnTime", lang: Language) -> None:
    """Print on-time closing, where the log has due times."""
    if not found.due:
        return
    all_of = found.due + found.without
    by_rule = found.in_time + found.without
    if lang == "zh":
        click.echo(
            f"按期办结（只看时间，不读标记）：有期限的 {found.due:,} 件中"
            f"按期 {found.in_time:,} 件；超期 {found.late:,}，未到期 {found.not_yet:,}"
        )
        click.echo(f"  无期限按“按期”计：{all_of:,} 件中 {by_rule:,} 件")
        if found.flagged:
            click.echo(f"  与日志自带标记相同：{found.flagged:,} 件中 {found.agreeing:,} 件")
        return
    click.echo(
        f"On time (from times alone, no flag read): {found.in_time:,} of {found.due:,} with a "
        f"due time; late {found.late:,}, open and not yet due {found.not_yet:,}"
    )
    click.echo(f"  no due time counted as on time: {by_rule:,} of {all_of:,}")
    if found.flagged:
        click.echo(
            f"  same as the log's own flag: {found.agreeing:,} of {found.flagged:,} cases"
        )


def model_record(model: "LogModel") -> dict[str, Any]:
    """Everything as one JSON object; times in hours."""
    return {
        **reading_record(model.log),
        "merged": list(model.merged),
        "days": model.all.days,
        "weekdays_seen": list(model.all.weekdays_seen),
        "dispersion": model.all.dispersion,
        "classes": [_class_record(one) for one in model.classes],
        "on_time": model.on_time._asdict(),
    }


def _class_record(one: "ClassEstimate") -> dict[str, Any]:
    return {
        "class": one.name,
        "title": one.title,
        "requests": one.n,
        "closed": one.closed,
        "open": one.open,
        "without_closing_time": one.untimed,
        "closed_at_once": one.at_once,
        "batches": one.batches._asdict(),
        "median": one.median,
        "p90": one.p90,
        "per_day": one.profile.per_day,
        "hours": [float(x) for x in one.profile.hours],
        "own_hours": one.own_hours,
        "weekdays": [float(x) for x in one.profile.weekdays],
        "dispersion": one.profile.dispersion,
        "p_poisson": one.profile.p_poisson,
        "law": one.law.family if one.law is not None else None,
        "distance": _finite(one.distance),
        "fits": [
            {
                "family": law.family,
                "parameters": list(law.parameters),
                "at_zero": law.at_zero,
                "bic": law.bic,
                "statistic": _finite(law.statistic),
                "degrees": law.degrees,
                "p": law.p,
            }
            for law in one.laws
        ],
    }


# ---- replay


def show_lines(lines: "Sequence[Line]", lang: Language) -> None:
    """Print log and simulation side by side."""
    zh = lang == "zh"
    header = (
        ["事项类别", "件数：日志", "仿真", "中位：日志", "仿真", "90 分位：日志", "仿真",
         "不符"]
        if zh
        else ["class", "requests: log", "simulated", "median: log", "simulated",
              "90th pct: log", "simulated", "differs in"]
    )  # fmt: skip
    rows = []
    for group in dict.fromkeys(line.group for line in lines):
        mine = [line for line in lines if line.group == group]
        row = [ALL_CLASSES[zh] if group == "all" else group]
        for line in mine:
            row += _pair(line, lang)
        words = _differences(mine, lang)
        rows.append([*row, words])
    show_table("日志与仿真对照" if zh else "Log and simulation side by side", header, rows)


def _pair(line: "Line", lang: Language) -> list[str]:
    said, unit = line.foretold, "" if line.metric == "reported" else "h"
    nothing = math.nan
    interval = {
        "n": 0 if said.middle is None else 1,
        "mean": said.middle,
        "low": nothing if said.low is None or line.is_given else said.low,
        "high": nothing if said.high is None else said.high,
    }
    return [number(said.observed, unit, lang), with_interval(interval, unit, lang)]


def _differences(lines: "Sequence[Line]", lang: Language) -> str:
    names = {
        "reported": ("requests", "件数"),
        "resolution_median": ("median", "中位"),
        "resolution_p90": ("90th pct", "90 分位"),
    }
    zh = lang == "zh"
    return ", ".join(names[line.metric][zh] for line in lines if line.differs) or "–"


def lines_record(lines: "Sequence[Line]") -> list[dict[str, Any]]:
    """The same as JSON objects."""
    return [
        {
            "class": line.group,
            "metric": line.metric,
            **{name: _finite(value) for name, value in line.foretold._asdict().items()},
            "given": line.is_given,
            "differs": line.differs,
        }
        for line in lines
    ]


def show_unplayed(unplayed: "Mapping[str, int]", lang: Language) -> None:
    """Say which requests the scenario has no class for."""
    if not unplayed:
        return
    listed = ", ".join(f"{name} {n:,}" for name, n in unplayed.items())
    total = sum(unplayed.values())
    click.echo(
        f"情景中没有对应类别、未运行的诉求 {total:,} 件：{listed}"
        if lang == "zh"
        else f"Not played, as the scenario has no class for them ({total:,}): {listed}"
    )


def _p(p: float | None) -> str:
    return "–" if p is None else "<0.001" if p < 0.001 else f"{p:.3f}"


def _unknown(value: float | None, lang: Language) -> str:
    if value is None:
        return "无法得知" if lang == "zh" else "not known"
    return f"{value:.2f}"


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
