"""Cells of a workbook, for the sheet of inputs that planners edit.

The file is not trusted: its size and its rows are limited, formulas are not worked out (the
value that the spreadsheet program saved counts), and macros and links are not looked at.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final, NamedTuple
from zipfile import BadZipFile, ZipFile

MOST_BYTES: Final = 10_000_000
MOST_UNPACKED: Final = 100_000_000
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 50


class SheetError(Exception):
    """Why a workbook cannot be read; ``code`` names the message."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code, self.reason = code, reason


class Grid(NamedTuple):
    """One sheet: its rows of cells, the headings first."""

    name: str
    rows: list[tuple[Any, ...]]
    formulas: frozenset[tuple[int, int]]
    """Cells (row and column from 0) that hold a formula without a value."""


def read_sheet(path: Path, names: tuple[str, ...]) -> Grid:
    """The first sheet with one of these names.

    Raises
    ------
    SheetError
        If the file is no workbook, is too large, or has no such sheet.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    _check_size(path)
    try:
        values = openpyxl.load_workbook(path, read_only=True, data_only=True)
        written = openpyxl.load_workbook(path, read_only=True, data_only=False)
        name = next((name for name in values.sheetnames if name in names), None)
        rows = [tuple(map(_plain, row)) for row in _rows(values[name])] if name else []
        pairs = zip(rows, _rows(written[name]), strict=False) if name else ()
        empty = frozenset(_formulas(pairs))
    # openpyxl raises whatever its XML parser does; none of it is the program's fault.
    except (OSError, ValueError, KeyError, BadZipFile, SyntaxError, InvalidFileException) as e:
        raise SheetError("sheet_unreadable", type(e).__name__) from e
    if name is None:
        raise SheetError("sheet_missing")
    return Grid(name, rows, empty)


def _check_size(path: Path) -> None:
    """Refuse files that would fill the memory when they are unpacked."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SheetError("sheet_unreadable", f"> {MOST_BYTES // 1_000_000} MB")
        with ZipFile(path) as packed:
            size = sum(each.file_size for each in packed.infolist())
    except (OSError, BadZipFile) as error:
        raise SheetError("sheet_unreadable", type(error).__name__) from error
    if size > MOST_UNPACKED:
        raise SheetError("sheet_unreadable", f"> {MOST_UNPACKED // 1_000_000} MB")


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401  (openpyxl has no types)
    yield from sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)


def _formulas(pairs: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401
    for row, (values, written) in enumerate(pairs):
        for column, (value, text) in enumerate(zip(values, written, strict=False)):
            if value is None and isinstance(text, str) and text.startswith("="):
                yield row, column


def _plain(value: Any) -> Any:  # noqa: ANN401
    """A cell as text or number; spreadsheets turn dates and times into their own kind."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, str):
        return value.strip() or None
    return value


def cell_name(row: int, column: int) -> str:
    """The name of a cell by its row and column from 0, such as ``C7``."""
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row + 1}"
