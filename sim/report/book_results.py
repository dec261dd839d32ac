"""The sheets of figures: headlines with a chart, all figures, differences, the frontier."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.figures import HEADLINE, label, shown_unit
from sim.experiment.stored import SCENARIO, Stored
from sim.report.book_style import Sheets, sheet_name
from sim.report.names import name_of
from sim.report.words import team
from sim.terms import term

if TYPE_CHECKING:
    import pandas as pd

_HEAD: Final = {
    "en": ("figure", "by", "scenario", "group", "mean", "low", "high", "unit", "n", "cases"),
    "zh": ("指标", "分组方式", "情景", "组", "均值", "下限", "上限", "单位", "重复", "件数"),
}
_MEAN, _LOW, _HIGH, _UNIT = 4, 5, 6, 7
_DIFFERENCE: Final = {
    "en": ("figure", "by", "group", "baseline", "other", "baseline mean", "other mean",
           "difference", "low", "high", "beyond chance", "unit"),
    "zh": ("指标", "分组方式", "组", "基准", "对比", "基准均值", "对比均值",
           "差值", "下限", "上限", "超出偶然", "单位"),
}  # fmt: skip
_BLUE: Final = "#0072B2"
_ORANGE: Final = "#E69F00"


def write_results(sheets: Sheets, found: Sequence[Stored]) -> None:
    """Headline figures of every scenario with a chart, and a sheet with all figures."""
    rows = [row for one in found for row in _rows(sheets, one)]
    order = [label(metric, sheets.lang) for metric in HEADLINE]
    whole, mode, pool = (_by(kind, sheets) for kind in ("all", "mode", "pool"))
    shown = [row for row in rows if row[0] in order and row[1] in (whole, mode)]
    shown.sort(key=lambda row: order.index(row[0]))
    sheet, every = sheets.add("results"), sheets.add("all")
    for page, part in ((sheet, shown), (every, rows)):
        sheets.table(page, 0, _HEAD[sheets.lang], part, _shares)
    p90, load = (label(each, sheets.lang) for each in ("resolution_p90", "utilisation"))
    _bars(sheets, sheet, ("results", shown), p90, (whole, mode))
    _bars(sheets, every, ("all", rows), load, (pool,))


_SHARES: Final = ("1", "比例")


def _shares(row: Sequence[Any]) -> Sequence[int]:
    return (_MEAN, _LOW, _HIGH) if row[_UNIT] in _SHARES else ()


def _share_differences(row: Sequence[Any]) -> Sequence[int]:
    return range(5, 10) if row[11] in _SHARES else ()


def _by(kind: str, sheets: Sheets) -> str:
    """What groups are of; in English as tables for programs call it."""
    return term(kind, "zh") if sheets.lang == "zh" else kind


def _unit(unit: str, sheets: Sheets) -> str:
    if sheets.lang != "zh":
        return unit
    return _SHARES[1] if unit == "1" else term(unit, "zh")


def _group(group: str, one: Stored, sheets: Sheets) -> str:
    """A class, team or mode by its name in Chinese; in English as it is written."""
    known = sheets.lang == "zh" and one.has(SCENARIO)
    return name_of(group, one.reading.model).zh if known else group


def _rows(sheets: Sheets, one: Stored) -> "list[tuple[Any, ...]]":
    table = one.table("summary.csv")
    return [
        (
            label(row["metric"], sheets.lang),
            _by(row["by"], sheets),
            one.name,
            _group(row["group"], one, sheets),
            _number(row["mean"]),
            _number(row["low"]),
            _number(row["high"]),
            _unit(row["unit"], sheets),
            int(row["n"]),
            _number(row["cases"]),
        )
        for row in table.to_dict("records")
    ]


def _number(value: float) -> float | None:
    return None if value != value else float(value)  # noqa: PLR0124  (nan)


def _bars(
    sheets: Sheets,
    sheet: Any,  # noqa: ANN401
    table: tuple[str, list[tuple[Any, ...]]],
    figure: str,
    kinds: Sequence[str],
) -> None:
    """A native chart of one figure by scenario and group, with its intervals."""
    key, rows = table
    places = [i for i, row in enumerate(rows) if row[0] == figure and row[1] in kinds]
    if not places:
        return
    name = sheet_name(key, sheets.lang)
    first, last = places[0], places[-1]
    values = rows[first : last + 1]
    chart = sheets.book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": figure,
            "categories": [name, first + 1, 2, last + 1, 3],
            "values": [name, first + 1, _MEAN, last + 1, _MEAN],
            "fill": {"color": _BLUE},
            "gap": 60,
            "y_error_bars": {
                "type": "custom",
                "plus_values": [_above(row[_HIGH], row[_MEAN]) for row in values],
                "minus_values": [_above(row[_MEAN], row[_LOW]) for row in values],
            },
        }
    )
    chart.set_title({"name": figure, "name_font": {"size": 12}})
    chart.set_y_axis({"name": values[0][_UNIT], "min": 0})
    chart.set_legend({"none": True})
    chart.set_size({"width": 640, "height": 320})
    sheet.insert_chart("L2", chart)


def _above(high: float | None, low: float | None) -> float:
    return 0.0 if high is None or low is None else high - low


def write_compare(sheets: Sheets, differences: "pd.DataFrame") -> None:
    """Paired differences with their intervals, headline figures first, and a chart of them."""
    rows = _differences(sheets, differences)
    sheet = sheets.add("compare")
    sheets.table(sheet, 0, _DIFFERENCE[sheets.lang], rows, _share_differences)
    wanted, whole = label("resolution_p90", sheets.lang), _by("all", sheets)
    places = [i for i, row in enumerate(rows, 1) if row[0] == wanted and row[1] == whole]
    if not places:
        return
    name = sheet_name("compare", sheets.lang)
    chart = sheets.book.add_chart({"type": "column"})
    for place in places:
        chart.add_series(
            {
                "name": [name, place, 4],
                "values": [name, place, 7, place, 7],
                "categories": [name, place, 0, place, 0],
                "data_labels": {"value": True, "num_format": "0.0"},
            }
        )
    chart.set_title({"name": f"{wanted} ({_DIFFERENCE[sheets.lang][7]})"})
    chart.set_y_axis({"name": rows[places[0] - 1][11]})
    sheet.insert_chart("N2", chart)


def _differences(sheets: Sheets, table: "pd.DataFrame") -> "list[tuple[Any, ...]]":
    rows = table.to_dict("records")
    rows.sort(key=lambda row: (row["metric"] not in HEADLINE, row["by"] != "all"))
    return [
        (
            label(row["metric"], sheets.lang),
            _by(row["by"], sheets),
            team(row["group"]).text(sheets.lang) if sheets.lang == "zh" else row["group"],
            row["baseline"],
            row["other"],
            *(_number(row[key]) for key in _VALUES),
            _YES[sheets.lang][bool(row["distinguishable"])],
            _unit(row["unit"], sheets),
        )
        for row in rows
    ]


_YES: Final = {"en": ("no", "yes"), "zh": ("否", "是")}
_VALUES: Final = ("baseline_mean", "other_mean", "difference", "low", "high")


def write_frontier(sheets: Sheets, sweep: Stored) -> None:
    """Every point of a sweep, and cost against service as a scatter chart."""
    table = sweep.table("frontier.csv")
    head = [str(name) for name in table.columns]
    rows = [tuple(map(_plain, row)) for row in table.itertuples(index=False)]
    sheet = sheets.add("frontier")
    sheets.table(sheet, 0, [_named(name, sheets) for name in head], rows)
    cost, against = sweep.manifest["sweep"]["cost"], sweep.manifest["sweep"]["against"]
    if cost not in head or against not in head:
        return
    name = sheet_name("frontier", sheets.lang)
    x, y = head.index(cost), head.index(against)
    chart = sheets.book.add_chart({"type": "scatter"})
    chart.add_series(
        {
            "name": label(against, sheets.lang),
            "categories": [name, 1, x, len(rows), x],
            "values": [name, 1, y, len(rows), y],
            "marker": {"type": "circle", "size": 8, "fill": {"color": _ORANGE}},
        }
    )
    units = {metric: shown_unit(metric) for metric in (cost, against)}
    chart.set_x_axis({"name": f"{label(cost, sheets.lang)} ({units[cost]})"})
    chart.set_y_axis({"name": f"{label(against, sheets.lang)} ({units[against]})"})
    chart.set_legend({"none": True})
    sheet.insert_chart(len(rows) + 3, 0, chart)


def _named(name: str, sheets: Sheets) -> str:
    for ending in ("_low", "_high"):
        if name.endswith(ending):
            end = term(ending[1:], sheets.lang)
            return f"{label(name.removesuffix(ending), sheets.lang)} {end}"
    return label(name, sheets.lang)


def _plain(value: Any) -> Any:  # noqa: ANN401
    """NumPy's numbers as Python's."""
    return value.item() if hasattr(value, "item") else value
