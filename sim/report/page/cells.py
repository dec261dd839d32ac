"""Numbers of tables and sentences: a mean with its interval, in the unit of its whole row."""

from collections.abc import Iterable, Mapping, Sequence
from math import isnan
from typing import Any, Final

import pandas as pd

from sim.metrics.catalogue import BY_NAME
from sim.report.page.html import Html, inline, joined, tag
from sim.report.words import (
    Lang,
    Say,
    Scale,
    digits,
    scale_for,
    shown,
    signed,
    unit_word,
    with_unit,
    word,
)

Row = Mapping[str, Any]
"""One row of a table of figures: mean, low, high, n."""
Found = Mapping[tuple[str, str, str], Row]

NOTHING: Final = "–"
SHORT: Final = 6.0
"""Hours that are told in hours, even beside days."""
WHOLE: Final = ("all", "all")


def lookup(table: pd.DataFrame) -> dict[tuple[str, str, str], Row]:
    """The rows of a table by metric, by and group."""
    return {
        (row["metric"], row["by"], row["group"]): {str(key): row[key] for key in row}
        for row in table.to_dict("records")
    }


def unit_of(metric: str) -> str:
    """Unit of a metric of the catalogue."""
    known = BY_NAME.get(metric)
    return known.unit if known is not None else ""


def metric_name(metric: str, scale: Scale | None = None) -> Say:
    """A metric as people call it, with the unit of its numbers."""
    said = word(metric)
    begun = Say(said.en[:1].upper() + said.en[1:], said.zh)
    return begun if scale is None else with_unit(begun, scale.unit)


def scale_of(metric: str, rows: Iterable[Row | None]) -> Scale:
    """The unit that suits all numbers of one metric in a table."""
    means = [float(row["mean"]) for row in rows if row is not None and row["n"]]
    scale = scale_for(unit_of(metric), means)
    some = [value for value in means if value > 0]
    # A few minutes are no hundredths of a day, however long others take.
    return Scale(1.0, "h") if scale.unit == "d" and min(some) < SHORT else scale


def interval(row: Row | None, scale: Scale, lang: Lang) -> Html:
    """``mean [low, high]``, or that there is none."""
    if row is None or not row["n"]:
        return Html(NOTHING)
    if isnan(row["mean"]):
        return inline(word("not_reached"), lang)
    mean = digits(scale.of(row["mean"]))
    ends = [row["low"], row["high"]]
    if any(isnan(end) for end in ends) or ends[0] == ends[1]:
        return tag("b", mean)
    low, high = (digits(scale.of(end)) for end in ends)
    if low == mean == high:  # narrower than what is shown
        return tag("b", mean)
    return joined([tag("b", mean), " ", tag("span", f"[{low}, {high}]", class_="ci")])


def signed_interval(row: Row, scale: Scale) -> Html:
    """``+difference [low, high]``."""
    ends = [row["difference"], row["low"], row["high"]]
    if any(isnan(end) for end in ends):
        return Html(NOTHING)
    value, low, high = (signed(end, scale) for end in ends)
    if low == high:
        return tag("b", value)
    return joined([tag("b", value), " ", tag("span", f"[{low}, {high}]", class_="ci")])


def said_interval(row: Row, metric: str) -> Say:
    """A mean with its unit and, in brackets, its interval."""
    scale = scale_for(unit_of(metric), [row["mean"]])
    mean = shown(row["mean"], unit_of(metric), scale)
    ends = [row["low"], row["high"]]
    if isnan(row["mean"]) or any(isnan(end) for end in ends) or ends[0] == ends[1]:
        return mean
    low, high = (digits(scale.of(end)) for end in ends)
    if low == high == digits(scale.of(row["mean"])):  # narrower than what is shown
        return mean
    return Say(f"{mean.en} ({low} to {high})", f"{mean.zh}（{low}至{high}）")


def said_difference(row: Row, metric: str) -> Say:
    """A difference with its unit and, in brackets, its interval."""
    ends = [row["difference"], row["low"], row["high"]]
    scale = scale_for(unit_of(metric), ends)
    points = Say("percentage points", "个百分点")
    unit = points if scale.unit == "1" else unit_word(scale.unit)
    value, low, high = (signed(end, scale) for end in ends)
    known = Say("", "") if low == high else Say(f" ({low} to {high})", f"（{low}至{high}）")
    return Say(f"{value} {unit.en}".strip() + known.en, f"{value}{unit.zh}{known.zh}")


def difference_unit(metric: str, scale: Scale) -> Say:
    """A metric with the unit of its differences."""
    if scale.unit != "1":
        return metric_name(metric, scale)
    said = metric_name(metric)
    return Say(f"{said.en} (percentage points)", f"{said.zh}（百分点）")


def there(found: Found, metrics: Iterable[str], groups: Sequence[tuple[str, str]]) -> list[str]:
    """Metrics that have a case in one of the groups."""
    return [
        metric
        for metric in metrics
        if any((row := found.get((metric, *group))) and row["n"] for group in groups)
    ]
