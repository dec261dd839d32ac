"""A scenario out of rows of inputs, its mistakes told by cell.

The YAML is written line by line beside the cell that each line comes from, and then read like
any other scenario. So the mistakes are those that the file would have, at their cells.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from sim.errors import Language, Problem, ScenarioError
from sim.scenario.aliases import ORIGINS
from sim.scenario.assemble import parse_path
from sim.scenario.document import compose, dump_inline
from sim.scenario.evidence import reason_written
from sim.scenario.inputs import (
    ASSUMED,
    CITED,
    DEFAULT,
    Cell,
    CellPlace,
    origin_of,
    section_note,
)
from sim.scenario.nodes import Mark, Path, Source, plain, show
from sim.scenario.problems import make
from sim.scenario.scalars import resolve


class Row(NamedTuple):
    """One row of the sheet, with the place of each of its cells (``plan.xlsx:Inputs!B7``)."""

    path: Cell
    value: Cell
    origin: Cell
    low: Cell
    high: Cell
    source: Cell
    before: Cell
    """The value when the workbook was written."""
    places: Mapping[str, CellPlace]
    """Where each of the cells above is, by its name."""


class Written(NamedTuple):
    """A scenario in YAML, and where each of its lines comes from."""

    text: str
    rows: tuple[Row | None, ...]
    """By line; None for lines that no row asks for."""
    changed: int
    """Values that differ from those before."""


@dataclass
class _Place:
    """A place in the tree that is being built: things below it, or a row's own text."""

    below: "dict[str | int, _Place]" = field(default_factory=dict)
    row: Row | None = None
    text: str = ""
    note: str = ""


def scenario_of(rows: Iterable[Row], head: Iterable[str], lang: Language) -> Written:
    """The scenario that the rows say.

    Parameters
    ----------
    rows
        Of the sheet of inputs, in any order; without a value they say nothing.
    head
        Comment lines at the top.
    lang
        Of the comments.

    Raises
    ------
    ScenarioError
        With the mistakes that leave no scenario to read: wrong paths, the same path twice,
        cells that are no YAML, lists with gaps.
    """
    problems: list[Problem] = []
    top, changed = _Place(), 0
    for row in rows:
        if row.value is None and not row.origin:
            continue
        path = _path_of(row, problems)
        found = _said(row, problems) if path else None
        if found is None:
            continue
        _put(top, path, row, found, problems)
        changed += bool(found[1])
    _check_lists(top, (), problems)
    if problems:
        raise ScenarioError(problems)
    lines: list[tuple[str, Row | None]] = [(f"# {line}", None) for line in head]
    for key, place in top.below.items():
        note = section_note(str(key), lang)
        if place.below and note:
            lines += [("", None), (f"# {note}", None)]
        lines += _entry(dump_inline(key), place, 0)
    texts, owners = zip(*lines, strict=True)
    return Written("\n".join(texts) + "\n", owners, changed)


def at_cells(error: ScenarioError, written: Written) -> ScenarioError:
    """The mistakes of the file that was written, at the cells that they come from."""
    found = []
    for problem in error.problems:
        row = written.rows[problem.line - 1] if 0 < problem.line <= len(written.rows) else None
        if row is None:
            row = _row_of_path(problem.path, written)
        if row is None:
            found.append(problem)
            continue
        of_range = problem.code.startswith("range")
        column = "low" if of_range else _column(problem.path)
        found.append(row.places[column].of(problem))
    return ScenarioError(found)


_COLUMNS: Final = {".range[0]": "low", ".range[1]": "high", ".range": "low"}


def _column(path: str) -> str:
    """Which cell of its row a mistake is about."""
    for ending, column in _COLUMNS.items():
        if path.endswith(ending):
            return column
    cited = any(path.endswith(f".{key}") for key in ("because", "use", "unit", *CITED))
    return "source" if cited else "value"


def _row_of_path(path: str, written: Written) -> Row | None:
    """The first row about something, or about what is below it."""
    for row in written.rows:
        if row is not None and path and str(row.path).startswith(path):
            return row
    return None


def _path_of(row: Row, problems: list[Problem]) -> Path:
    found = parse_path(str(row.path or "").strip())
    if not found:
        problems.append(_told("sheet_path", row, "path", setting=str(row.path or "")))
    return found


def _said(row: Row, problems: list[Problem]) -> tuple[str, str] | None:
    """A row's value as YAML in one line, and a comment where it was changed."""
    origin = origin_of(str(row.origin or ""))
    same = _equal(row.value, row.before)
    note = "" if row.before is None or same else f"was {row.before}"
    if origin in CITED:
        if same:
            return _yaml_of("{" + str(row.source or "") + "}", row, "source", problems), note
        # A number that somebody changed is no longer what the source reports.
        return _value(row, "value", problems), f"was {{{row.source}}} = {row.before}"
    if origin in ASSUMED:
        return _ranged(origin, row, problems), note
    if origin not in ("", DEFAULT):
        known = ", ".join(ORIGINS)
        problems.append(_told("sheet_origin", row, "origin", origin=origin, known=known))
        return None
    return _value(row, "value", problems), note


def _ranged(origin: str, row: Row, problems: list[Problem]) -> str:
    if row.source is not None and str(row.source).startswith(f"{origin}:"):
        return _yaml_of("{" + str(row.source) + "}", row, "source", problems)
    parts = [f"{origin}: {_value(row, 'value', problems)}"]
    if (row.low is None) != (row.high is None):
        empty = "low" if row.low is None else "high"
        problems.append(_told("sheet_range", row, empty))
    elif row.low is not None:
        low, high = (_value(row, name, problems) for name in ("low", "high"))
        parts.append(f"range: [{low}, {high}]")
    if row.source:
        why = reason_written(str(row.source))
        parts.append(f"because: {dump_inline({'x': why})[4:-1]}")
    return "{" + ", ".join(parts) + "}"


def _value(row: Row, column: str, problems: list[Problem]) -> str:
    """A cell as YAML in one line."""
    cell = getattr(row, column)
    if isinstance(cell, str):
        text = cell.strip()
        if text[:1] in ("[", "{", '"', "'"):
            return _yaml_of(text, row, column, problems)
        cell = resolve(text)
    # Inside a mapping, so that what flow style must quote is quoted.
    return dump_inline({"x": cell})[4:-1]


def _yaml_of(text: str, row: Row, column: str, problems: list[Problem]) -> str:
    try:
        node, found = compose(text, Source("cell", tuple(text.split("\n"))))
    except ScenarioError as error:
        found, node = list(error.problems), None
    if found or node is None:
        reason = found[0].message_en if found else text
        problems.append(_told("sheet_yaml", row, column, text=text, reason=reason))
        return "null"
    return dump_inline({"x": plain(node)})[4:-1]


def _put(
    top: _Place, path: Path, row: Row, said: tuple[str, str], problems: list[Problem]
) -> None:
    place = top
    for step in path:
        if place.row is not None:
            break
        place = place.below.setdefault(step, _Place())
    if place.row is not None or place.below:
        other = place.row or _first_row(place)
        problems.append(
            _told(
                "sheet_twice", row, "path", setting=show(path), other=other.places["path"].cell
            )
        )
        return
    place.row, (place.text, place.note) = row, said


def _first_row(place: _Place) -> Row:
    while place.row is None:
        place = next(iter(place.below.values()))
    return place.row


def _check_lists(place: _Place, path: Path, problems: list[Problem]) -> None:
    """The items of a list are numbered from 0 without gaps, and stand beside no names."""
    steps = list(place.below)
    numbers = sorted(step for step in steps if isinstance(step, int))
    if numbers and (len(numbers) < len(steps) or numbers != list(range(len(numbers)))):
        row = _first_row(place)
        problems.append(_told("sheet_list", row, "path", setting=show(path)))
        return
    for step, below in place.below.items():
        _check_lists(below, (*path, step), problems)


def _entry(head: str, place: _Place, depth: int) -> list[tuple[str, Row | None]]:
    pad = "  " * depth
    if place.row is not None:
        note = f"  # {' '.join(place.note.split())}" if place.note else ""
        return [(f"{pad}{head}: {place.text}{note}", place.row)]
    return [(f"{pad}{head}:", None), *_inside(place, depth + 1)]


def _inside(place: _Place, depth: int) -> list[tuple[str, Row | None]]:
    lines: list[tuple[str, Row | None]] = []
    for step, below in sorted(place.below.items()) if _is_list(place) else place.below.items():
        if isinstance(step, str):
            lines += _entry(dump_inline(step), below, depth)
            continue
        pad = "  " * depth
        if below.row is not None:
            lines.append((f"{pad}- {below.text}", below.row))
            continue
        first, *rest = _inside(below, depth + 1)
        lines += [(f"{pad}- {first[0].lstrip()}", first[1]), *rest]
    return lines


def _is_list(place: _Place) -> bool:
    return any(isinstance(step, int) for step in place.below)


def _equal(one: Cell, other: Cell) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return float(one) == float(other)
    return str(one).strip() == str(other).strip()


def _told(code: str, row: Row, column: str, **context: str) -> Problem:
    problem = make(code, Mark(Source("", ()), 0, 0), (), **context)
    return row.places[column].of(replace(problem, path=str(row.path or "")))
