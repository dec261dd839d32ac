"""A log as rows of cells that know where they stand: CSV, or JSON with one object a request."""

import codecs
import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from sim.errors import ScenarioError
from sim.exchange.log_problems import problem

LISTS: Final = ("service_requests", "requests", "results", "data")
"""Keys under which a JSON log may keep its list."""


class Row(NamedTuple):
    """One request as written."""

    cells: Sequence[str]
    line: int
    """Line on which it begins."""
    column: int
    """Column at which it begins: 1 in CSV."""
    raw: str = ""
    """Its text in CSV; empty in JSON."""
    mark: str = ","
    """What parts its cells."""

    def place(self, cell: int) -> tuple[int, int]:
        """Line and column of one of its cells."""
        if not self.raw:
            return self.line, self.column
        at = _offset(self.raw, cell, self.mark)
        before = self.raw[:at]
        return self.line + before.count("\n"), at - (before.rfind("\n") + 1) + 1


class Sheet(NamedTuple):
    """A log before its cells are understood."""

    file: str
    header: list[str]
    line: int
    """Line of the headings."""
    rows: Iterator[Row]


def read_sheet(path: Path, encoding: str = "utf-8") -> Sheet:
    """The headings and rows of a log; JSON by its ending or its first sign.

    Raises
    ------
    ScenarioError
        If the file cannot be read, is empty, has another encoding or is neither CSV nor JSON.
    """
    text = _decoded(path, encoding)
    if not text.strip():
        raise ScenarioError([problem("log-empty", str(path), 1, 1)])
    if path.suffix.lower() == ".json" or text.lstrip()[:1] in ("[", "{"):
        return _json_sheet(str(path), text)
    return _csv_sheet(str(path), text)


def _decoded(path: Path, encoding: str) -> str:
    """The text; a byte order mark is no part of it."""
    try:
        data = path.read_bytes()
        codec = codecs.lookup(encoding).name
    except (OSError, LookupError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError([problem("log-missing", str(path), reason=reason)]) from None
    if codec == "utf-8":
        data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        tail = before[before.rfind(b"\n") + 1 :].decode(codec, errors="replace")
        bad = f"0x{data[error.start]:02X}"
        place = (line, len(tail) + 1)
        raise ScenarioError(
            [problem("log-encoding", str(path), *place, encoding=codec.upper(), byte=bad)]
        ) from None


# ---- CSV


def _csv_sheet(file: str, text: str) -> Sheet:
    rows = _csv_rows(file, text)
    head = next(rows, None)
    if head is None:
        raise ScenarioError([problem("log-empty", file, 1, 1)])
    return Sheet(file, [name.strip() for name in head.cells], head.line, rows)


def _csv_rows(file: str, text: str) -> Iterator[Row]:
    taken: list[str] = []
    # Unlike splitlines, this does not take signs inside a cell for the end of a line.
    lines = list(io.StringIO(text, newline=""))
    mark = _delimiter(lines[0])

    def feed() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    begin = 1
    reader = csv.reader(feed(), delimiter=mark, strict=True)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise ScenarioError(
                [problem("log-csv", file, begin, 1, reason=str(error))]
            ) from None
        if cells is None:
            return
        raw, line = "".join(taken), begin
        begin += len(taken)
        taken.clear()
        if any(cell.strip() for cell in cells):
            yield Row(cells, line, 1, raw, mark)


def _delimiter(line: str) -> str:
    """Comma, semicolon or tab: whichever the headings have most of."""
    return max(",;\t", key=line.count)


def _offset(raw: str, cell: int, mark: str) -> int:
    """Where a cell of a CSV row begins."""
    inside, seen = False, 0
    for at, sign in enumerate(raw):
        if seen == cell:
            return at
        if sign == '"':
            inside = not inside
        elif sign == mark and not inside:
            seen += 1
    return len(raw.rstrip("\r\n"))


# ---- JSON


def _json_sheet(file: str, text: str) -> Sheet:
    rows = list(_json_objects(file, text))
    header = list(dict.fromkeys(name for _, record in rows for name in record))
    if not header:
        raise ScenarioError([problem("log-empty", file, 1, 1)])
    return Sheet(file, header, 1, _json_rows(text, header, rows))


def _json_rows(
    text: str, header: list[str], rows: list[tuple[int, dict[str, Any]]]
) -> Iterator[Row]:
    line, last = 1, 0
    for at, record in rows:
        line += text.count("\n", last, at)
        last = at
        cells = [_plain(record.get(name)) for name in header]
        yield Row(cells, line, at - (text.rfind("\n", 0, at) + 1) + 1)


def _json_objects(file: str, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every object of the list, with its place in the text."""
    decoder = json.JSONDecoder()
    at = _list_start(file, text, decoder)
    while True:
        at = _skip(text, at, " \t\r\n,")
        if text[at : at + 1] == "]":
            return
        try:
            record, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            raise _not_json(file, text, getattr(error, "pos", at), error) from None
        if not isinstance(record, dict):
            raise _not_json(file, text, at, ValueError("a request is an object"))
        yield at, record
        at = end


def _list_start(file: str, text: str, decoder: json.JSONDecoder) -> int:
    """Just inside the list of requests: the document itself, or one of its `LISTS`."""
    at = _skip(text, 0, " \t\r\n")
    if text[at] == "[":
        return at + 1
    try:
        found, _ = decoder.raw_decode(text, at)
    except (json.JSONDecodeError, RecursionError) as error:
        raise _not_json(file, text, getattr(error, "pos", at), error) from None
    for name in LISTS:
        if isinstance(found, dict) and isinstance(found.get(name), list):
            return text.index("[", text.index(f'"{name}"')) + 1
    raise _not_json(file, text, at, ValueError("no list of requests"))


def _skip(text: str, at: int, signs: str) -> int:
    while at < len(text) and text[at] in signs:
        at += 1
    return at


def _not_json(file: str, text: str, at: int, error: Exception) -> ScenarioError:
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    reason = getattr(error, "msg", None) or str(error) or type(error).__name__
    return ScenarioError([problem("log-json", file, line, column, reason=reason)])


def _plain(value: object) -> str:
    return "" if value is None else str(value)
