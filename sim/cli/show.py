"""Tables for people: figures with intervals, in the units and the language people use."""

import sys
from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

import click

from sim.errors import Language

PIPE_WIDTH = 160
"""Columns of a table that does not go to a terminal."""

WORDS: dict[str, tuple[str, str]] = {
    "all": ("all", "全部"),
    "peace": ("peace", "平时"),
    "war": ("war", "战时"),
    "recovery": ("recovery", "恢复期"),
    "figure": ("figure", "指标"),
    "class": ("class", "事项类别"),
    "pool": ("pool", "队伍"),
    "baseline": ("baseline", "基准"),
    "scenario": ("scenario", "情景"),
    "other": ("other", "该情景"),
    "difference": ("difference", "差值"),
    "verdict": ("verdict", "结论"),
    "narrower": ("narrower by", "区间缩窄"),
    "not_reached": ("not reached", "未达到"),
}


def word(name: str, lang: Language) -> str:
    """A term of the tables in one language; names of the user's stay as they are."""
    return WORDS[name][lang == "zh"] if name in WORDS else name


def show_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table to stdout: as wide as the terminal, or wide where nobody counts columns."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title, style="bold"), title_justify="left", box=SIMPLE_HEAD)
    for index, name in enumerate(header):
        table.add_column(Text(name), justify="right" if index else "left")
    for row in rows:
        # Names may hold square brackets, which rich would read as mark-up.
        table.add_row(*(Text(cell) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False)
    with console.capture() as captured:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def with_interval(row: Mapping[str, Any] | None, unit: str, lang: Language) -> str:
    """``mean [low, high]`` in the unit that suits the mean."""
    if row is None or not row["n"]:
        return "–"
    if isnan(row["mean"]):
        return word("not_reached", lang)
    mean, low, high = float(row["mean"]), float(row["low"]), float(row["high"])
    scale, shown = suited(unit, mean, lang)
    if isnan(low) or low == high:
        return f"{_digits(mean / scale)}{shown}"
    return f"{_digits(mean / scale)}{shown} [{_digits(low / scale)}, {_digits(high / scale)}]"


def number(value: float | None, unit: str, lang: Language) -> str:
    """One value in the unit that suits it."""
    if value is None or isnan(value):
        return "–"
    scale, shown = suited(unit, value, lang)
    return f"{_digits(value / scale)}{shown}"


def difference(row: Mapping[str, Any], unit: str, lang: Language) -> str:
    """``+difference [low, high]``, all three in one unit; shares in percentage points."""
    value, ends = row["difference"], [row["low"], row["high"]]
    if value is None or isnan(value):
        return "–"
    bounds = [] if any(end is None or isnan(end) for end in ends) else ends
    scale, shown = suited(unit, max(map(abs, [value, *bounds])), lang)
    if unit == "share":
        shown = " 个百分点" if lang == "zh" else " points"
    signed = [
        f"{'+' if number > 0 else ''}{_digits(number / scale)}" for number in (value, *bounds)
    ]
    interval = f" [{signed[1]}, {signed[2]}]" if bounds else ""
    return f"{signed[0]}{shown}{interval}"


def suited(unit: str, value: float, lang: Language) -> tuple[float, str]:
    """The unit in which people say such a value: what to divide by, and its sign."""
    size, zh = abs(value), lang == "zh"
    if unit == "share":
        return 0.01, " %"
    if unit == "h":
        if size >= 48:
            return 24.0, " 天" if zh else " d"
        return (
            (1.0, " 小时" if zh else " h") if size >= 1 else (1 / 60, " 分钟" if zh else " min")
        )
    # Counts need no unit: the name of the figure says what is counted.
    return 1.0, f" {unit}" if "/" in unit and "CNY" in unit else ""


def _digits(value: float) -> str:
    """Three significant digits, whole numbers from a hundred on, thousands apart."""
    if abs(value) >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
