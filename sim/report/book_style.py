"""The sheets of a workbook: their names, formats, and how tables are laid out for printing."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from sim.errors import Language

_NAMES: Final = {
    "read_me": ("Read me", "说明"),
    "results": ("Results", "结果"),
    "all": ("All figures", "全部指标"),
    "compare": ("Compare", "对比"),
    "frontier": ("Frontier", "成本前沿"),
    "inputs": ("Inputs", "参数"),
}
INPUT_SHEETS: Final = _NAMES["inputs"]
"""What the sheet of inputs is called in either language."""
_WIDEST: Final = 60


def sheet_name(key: str, lang: Language) -> str:
    """The name of a sheet in one language."""
    return _NAMES[key][lang == "zh"]


class Sheets:
    """A workbook that is being written, with the formats that its sheets share."""

    def __init__(self, book: Any, lang: Language) -> None:  # noqa: ANN401  (no types there)
        self.book, self.lang = book, lang
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.bold = book.add_format({"bold": True, "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.head = book.add_format(
            {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True}
        )
        self.number = book.add_format({"num_format": "#,##0.00"})
        self.share = book.add_format({"num_format": "0.00%"})
        self.edit = book.add_format(
            {"bg_color": "#FFF8DC", "border": 1, "border_color": "#D9D9D9", "valign": "top"}
        )
        self.edit_text = book.add_format(
            {"bg_color": "#FFF8DC", "border": 1, "border_color": "#D9D9D9",
             "num_format": "@", "valign": "top"}
        )  # fmt: skip
        self.grey = book.add_format({"font_color": "#808080", "valign": "top"})
        self.changed = book.add_format({"bg_color": "#FFD966", "bold": True})

    def add(self, key: str, more: str = "") -> Any:  # noqa: ANN401
        """A new sheet, printed in landscape and as wide as a page."""
        sheet = self.book.add_worksheet(f"{sheet_name(key, self.lang)}{more}"[:31])
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        return sheet

    def put(self, sheet: Any, row: int, column: int, value: Any, form: Any = None) -> None:  # noqa: ANN401
        """Write a value; text is text whatever it begins with, what is missing is empty."""
        if value is None or value == "" or value != value:  # noqa: PLR0124  (nan)
            sheet.write_blank(row, column, None, form)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, form)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, form)
        else:
            sheet.write_string(row, column, str(value), form)

    def table(
        self,
        sheet: Any,  # noqa: ANN401
        top: int,
        head: Sequence[str],
        rows: Sequence[Any],
        shares: Callable[[Any], Collection[int]] = lambda _: (),
    ) -> None:
        """Headings that stay in sight, rows below them, a filter, and columns wide enough.

        Parameters
        ----------
        sheet, top
            Where it goes, and in which row it begins.
        head, rows
            Headings and cells.
        shares
            Columns of a row that hold shares, to be shown in per cent.
        """
        for column, name in enumerate(head):
            sheet.write_string(top, column, name, self.head)
            texts = [str(row[column]) for row in rows if row[column] is not None]
            widest = max([len(name), *map(width_of_cells, texts)], default=8)
            sheet.set_column(column, column, min(_WIDEST, widest + 2))
        for place, row in enumerate(rows, top + 1):
            for column, value in enumerate(row):
                form = self.share if column in shares(row) else self.number
                form = form if isinstance(value, float) else None
                self.put(sheet, place, column, value, form)
        sheet.autofilter(top, 0, top + max(len(rows), 1), len(head) - 1)
        sheet.freeze_panes(top + 1, 1)
        sheet.repeat_rows(top)


def width_of_cells(text: str) -> int:
    """Columns that a text takes: Chinese is twice as wide."""
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)
