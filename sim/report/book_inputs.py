"""The sheet of inputs: every setting of a scenario in a row, to be edited and read back."""

from typing import Any, Final

from sim.errors import Language
from sim.model.system import System
from sim.report.book_style import Sheets
from sim.scenario.assemble import parse_path
from sim.scenario.evidence import reason_in
from sim.scenario.inputs import CITED, Input, about, inputs_of, origin_word
from sim.scenario.reader import Reading

HEADINGS: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("Setting", "Value", "Origin", "From", "To", "Why, or source", "Value before",
           "What it is"),
    "zh": ("设置", "数值", "来源", "下限", "上限", "理由或出处", "原值", "含义"),
}  # fmt: skip
_WIDTHS: Final = (52, 24, 12, 14, 14, 60, 20, 60)
_ORIGINS: Final = ("assumed", "calibrated", "reported", "derived")


def write_inputs(sheets: Sheets, reading: Reading[System]) -> None:
    """Write the sheet; yellow cells are meant to be edited, changed ones stand out."""
    sheet = sheets.add("inputs")
    for column, (name, width) in enumerate(zip(HEADINGS[sheets.lang], _WIDTHS, strict=True)):
        sheet.write_string(0, column, name, sheets.head)
        sheet.set_column(column, column, width)
    rows = inputs_of(reading)
    for place, row in enumerate(rows, 1):
        _write_row(sheets, sheet, place, row)
        meaning = about(parse_path(row.path), reading.placed, sheets.lang)
        sheets.put(sheet, place, 7, meaning, sheets.grey)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, len(rows), len(_WIDTHS) - 1)
    sheet.conditional_format(
        1,
        1,
        len(rows),
        1,
        {"type": "formula", "criteria": "=$B2<>$G2", "format": sheets.changed},
    )
    words = [origin_word(kind, sheets.lang) for kind in _ORIGINS]
    sheet.data_validation(
        1, 2, len(rows), 2,
        {"validate": "list", "source": words, "error_type": "warning", "ignore_blank": True},
    )  # fmt: skip


def _write_row(sheets: Sheets, sheet: Any, place: int, row: Input) -> None:  # noqa: ANN401
    sheet.write_string(place, 0, row.path)
    form = sheets.edit_text if isinstance(row.value, str) else sheets.edit
    sheets.put(sheet, place, 1, row.value, form)
    sheets.put(sheet, place, 2, origin_word(row.origin, sheets.lang), sheets.edit_text)
    for column, end in ((3, row.low), (4, row.high)):
        sheets.put(sheet, place, column, end, _form_of(sheets, end))
    # Of a number that cites facts the source is their ids; else it is a reason in words.
    source = reason_in(sheets.lang, row.source) if row.source else None
    sheets.put(sheet, place, 5, source, sheets.edit_text)
    sheets.put(sheet, place, 6, row.value, sheets.grey)
    ends = (row.low, row.high)
    numbers = [end for end in ends if isinstance(end, int | float)]
    if len(numbers) == 2 and row.origin not in CITED:
        sheet.data_validation(
            place, 1, place, 1,
            {"validate": "decimal", "criteria": "between", "minimum": numbers[0],
             "maximum": numbers[1], "error_type": "warning"},
        )  # fmt: skip


def _form_of(sheets: Sheets, value: object) -> Any:  # noqa: ANN401
    return sheets.edit_text if isinstance(value, str) else sheets.edit
