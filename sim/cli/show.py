"""Tables for people: figures with intervals, in the units and the language people use."""

import sys
from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

import click

from sim.errors import Language
from sim.report.words import Scale, digits, scale_for, signed, team, unit_word
from sim.terms import term

PIPE_WIDTH = 160
"""Columns of a table that does not go to a terminal."""

_COLUMNS = frozenset(
    {"figure", "class", "pool", "baseline", "scenario", "other", "difference", "verdict"}
    | {"narrower", "not_reached", "level", "place", "mode"}
)


def word(name: str, lang: Language) -> str:
    """A term of the tables in one language; names of the user's stay as they are."""
    return term(name, lang) if name in _COLUMNS else team(name).text(lang)


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
    scale = _suited(unit, [mean])
    shown, *ends = (digits(scale.of(value)) for value in (mean, low, high))
    said = f"{shown}{_unit(scale, lang)}"
    if isnan(low) or ends == [shown, shown] or high - low <= 1e-9 * abs(mean):
        return said  # an interval narrower than the digits says nothing
    return f"{said} [{ends[0]}, {ends[1]}]"


def number(value: float | None, unit: str, lang: Language) -> str:
    """One value in the unit that suits it."""
    if value is None or isnan(value):
        return "–"
    scale = _suited(unit, [value])
    return f"{digits(scale.of(value))}{_unit(scale, lang)}"


def difference(row: Mapping[str, Any], unit: str, lang: Language) -> str:
    """``+difference [low, high]``, all three in one unit; shares in percentage points."""
    value, ends = row["difference"], [row["low"], row["high"]]
    if value is None or isnan(value):
        return "–"
    bounds = [] if any(end is None or isnan(end) for end in ends) else ends
    scale = _suited(unit, [value, *bounds])
    shown = _unit(scale, lang)
    if unit == "share":
        shown = "个百分点" if lang == "zh" else " points"
    texts = [signed(number, scale) for number in (value, *bounds)]
    interval = f" [{texts[1]}, {texts[2]}]" if bounds else ""
    return f"{texts[0]}{shown}{interval}"


def _suited(unit: str, values: Sequence[float]) -> Scale:
    """The unit in which people say such values; of figures of 1 that are no shares, none."""
    if unit == "1":
        return Scale(1.0, "")
    return scale_for("1" if unit == "share" else unit, values)


def _unit(scale: Scale, lang: Language) -> str:
    """The unit behind its number; counts need none, their names say what is counted."""
    text = unit_word(scale.unit).text(lang)
    return text if lang == "zh" or text in ("", "%") else f" {text}"
