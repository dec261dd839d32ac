"""A CSV table of places, read into ``places.rows`` as if the rows stood in the YAML.

Towns whose real sizes are known come as spreadsheets. Every cell keeps its line and column in
the CSV file, so that whatever is wrong with it later is told there. The cells are taken apart
here, since the standard reader forgets where they stood.
"""

import difflib
import re
from pathlib import Path as FilePath
from typing import Final, NamedTuple

from sim.errors import Problem, ScenarioError
from sim.scenario.aliases import ALIASES, english, spellings
from sim.scenario.document import near_file, read_lines
from sim.scenario.nodes import Entry, Items, Leaf, Mark, Node, Path, Source, Table, find
from sim.scenario.problems import make, quoted

TABLE: Final = "table"
_PLACE: Final[Path] = ("places", TABLE)
_COLUMNS: Final = ("name", "level", "parent", "households", "shops", "floors")
_TEXTS: Final = _COLUMNS[:3]
_RIVALS: Final = ("rows", "levels")
_MOST_ROWS: Final = 20_000
"""Ten nodes a row keep a table within the number of nodes that a document may have."""
_DIGITS: Final = re.compile(r"[0-9]{1,18}")
_OTHER_SEPARATORS: Final = (";", "\t", "，", "；")


class Cell(NamedTuple):
    """The text of one cell and where it stands."""

    text: str
    mark: Mark


def table_of(root: Node) -> Leaf | Table | Items | None:
    """What ``places.table`` says, if anything."""
    return find(root, _PLACE)


def read_table(root: Node, folder: FilePath, problems: list[Problem]) -> Node:
    """The tree with the rows of a table in the place of its name.

    Parameters
    ----------
    root
        The tree of one file, with English keys.
    folder
        What the name of the table is relative to.
    problems
        Receives what is wrong; the table is left out then.
    """
    named = table_of(root)
    if named is None or not isinstance(root, Table):
        return root
    places = root.entries["places"]
    if not isinstance(places.node, Table):
        return root
    found = dict(places.node.entries)
    key = found.pop(TABLE).key
    others = [other for other in _RIVALS if other in found and _says(found[other].node)]
    if isinstance(named, Leaf) and named.value is None:
        found.setdefault("rows", Entry(key, named))
    elif others:
        problems.append(make("table_and", key, _PLACE, other=others[0]))
    else:
        rows = _rows(named, folder, problems)
        if rows is not None:
            found["rows"] = Entry(key, rows)
    inner = Table(found, places.node.mark)
    return Table({**root.entries, "places": Entry(places.key, inner)}, root.mark)


def _says(node: Node) -> bool:
    return not (isinstance(node, Leaf) and node.value is None)


def _rows(named: Node, folder: FilePath, problems: list[Problem]) -> Items | None:
    """The rows of the table of this name; None, and a problem, if it cannot be read."""
    if not isinstance(named, Leaf) or not isinstance(named.value, str) or not named.value:
        problems.append(make("table_not_text", named.mark, _PLACE))
        return None
    file = folder / named.value
    try:
        missing = not file.is_file()
    except (OSError, ValueError):
        missing = True
    if missing:
        near = near_file(file, (".csv",))
        context = {"file": named.value, "suggestion": near}
        problems.append(make("table_missing", named.mark, _PLACE, **context))
        return None
    try:
        lines = read_lines(file)
    except ScenarioError as error:
        problems.extend(_in_csv_words(problem) for problem in error.problems)
        return None
    before = len(problems)
    rows = _read(Source(str(file), tuple(lines)), problems)
    return rows if len(problems) == before else None


def _in_csv_words(problem: Problem) -> Problem:
    """A spreadsheet is saved as UTF-8 in another way than a text."""
    start = Mark(Source(problem.file, ()), problem.line, problem.column)
    return make("table_gbk", start) if problem.code == "gbk" else problem


def _read(source: Source, problems: list[Problem]) -> Items | None:
    start = Mark(source, 1, 1)
    numbers = [n for n, line in enumerate(source.lines, start=1) if line.strip(" ,\t")]
    if not numbers:
        problems.append(make("table_empty", start, _PLACE, **_known()))
        return None
    if len(numbers) - 1 > _MOST_ROWS:
        last = Mark(source, numbers[_MOST_ROWS + 1], 1)
        problems.append(make("table_rows", last, _PLACE, limit=f"{_MOST_ROWS:,}"))
        return None
    first = _cells(source, numbers[0], problems)
    heading = _columns(first, problems) if first is not None else None
    if heading is None:
        return None
    if len(numbers) == 1:
        problems.append(make("table_empty", start, _PLACE, **_known()))
    rows = []
    for index, number in enumerate(numbers[1:]):
        cells = _cells(source, number, problems)
        if cells is not None:
            rows.append(_row(cells, heading, Mark(source, number, 1), index, problems))
    return Items(tuple(rows), start)


# ---- cells


def _cells(source: Source, number: int, problems: list[Problem]) -> list[Cell] | None:
    """The cells of one line, spaces around them left out; None where a quote is not closed."""
    line = source.lines[number - 1]
    cells: list[Cell] = []
    at = 0
    while at <= len(line):
        begin = at + len(line[at:]) - len(line[at:].lstrip(" "))
        if line[begin : begin + 1] == '"':
            closed = _closing(line, begin)
            if closed < 0:
                mark = Mark(source, number, begin + 1)
                problems.append(make("table_quote", mark, _PLACE))
                return None
            text = line[begin + 1 : closed].replace('""', '"').strip()
            end = line.find(",", closed)
        else:
            end = line.find(",", begin)
            text = line[begin : len(line) if end < 0 else end].strip()
        end = len(line) if end < 0 else end
        width = max(len(line[begin:end].rstrip()), 1)
        cells.append(Cell(text, Mark(source, number, min(begin, end) + 1, width)))
        at = end + 1
    return cells


def _closing(line: str, begin: int) -> int:
    """Where the quote that opens at `begin` is closed; -1 if nowhere, or text follows it."""
    found = re.compile(r'"(?:[^"]|"")*"(?=\s*(?:,|$))').match(line, begin)
    return found.end() - 1 if found else -1


# ---- the first line


def _columns(cells: list[Cell], problems: list[Problem]) -> list[str] | None:
    """The key of every column, empty where a column has no heading and no cells."""
    before = len(problems)
    while cells and not cells[-1].text:
        cells.pop()
    if len(cells) == 1 and (other := _separator(cells[0].text)):
        problems.append(make("table_separator", cells[0].mark, _PLACE, separator=other))
        return None
    keys: list[str] = []
    for cell in cells:
        key = english(cell.text.lstrip("\ufeff"), _COLUMNS)
        if key not in _COLUMNS:
            near = difflib.get_close_matches(cell.text, spellings(_COLUMNS), n=1, cutoff=0.5)
            context = {"key": cell.text, "suggestion": "".join(near), **_known()}
            problems.append(make("table_column", cell.mark, _PLACE, **context))
        elif key in keys:
            problems.append(make("table_twice", cell.mark, _PLACE, key=cell.text))
        keys.append(key)
    lacking = [key for key in _TEXTS if key not in keys]
    if len(problems) == before:
        for key in lacking:
            chinese = ALIASES[key][0]
            context = {"key": key, "chinese": chinese}
            problems.append(make("table_lacks", cells[0].mark, _PLACE, **context))
    return keys if len(problems) == before else None


def _separator(text: str) -> str:
    found = next((other for other in _OTHER_SEPARATORS if other in text), "")
    return "tab" if found == "\t" else found


def _known() -> dict[str, str]:
    chinese = "、".join(ALIASES[key][0] for key in _COLUMNS)
    return {"allowed": ", ".join(_COLUMNS), "chinese": chinese}


# ---- the other lines


def _row(
    cells: list[Cell], keys: list[str], mark: Mark, index: int, problems: list[Problem]
) -> Table:
    """One place; a cell left empty says nothing, and counts of nothing are 0."""
    here = ("places", "rows", index)
    if any(cell.text for cell in cells[len(keys) :]) or len(cells) < len(keys):
        context = {"got": len(cells), "wanted": len(keys)}
        problems.append(make("table_cells", mark, here, **context))
    entries: dict[str, Entry] = {}
    for key, cell in zip(keys, cells, strict=False):
        value: str | int = cell.text
        if key not in _TEXTS and cell.text:
            if not _DIGITS.fullmatch(cell.text):
                got = quoted(cell.text)
                problems.append(make("table_number", cell.mark, (*here, key), got=got))
                continue
            value = int(cell.text)
        if cell.text or key in _TEXTS:
            entries[key] = Entry(cell.mark, Leaf(value, cell.mark))
    return Table(entries, mark)
