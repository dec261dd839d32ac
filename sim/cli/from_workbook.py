"""``gridgov new`` with workbooks: a scenario as a workbook, and a workbook as a scenario."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.errors import Language, Problem, ScenarioError

if TYPE_CHECKING:
    from sim.exchange.sheets import Grid
    from sim.scenario.from_inputs import Row

_COLUMNS = ("path", "value", "origin", "low", "high", "source", "before")
"""In the order of the headings that `sim.report.book_inputs` writes."""
_NEEDED = ("path", "value")


def workbook_of(file: Path, base: Path | None, starter: str, lang: Language) -> None:
    """Write the workbook of a scenario, or of a small one to start from."""
    from sim.cli.workbook import write_workbook
    from sim.report.book import Content
    from sim.scenario.reader import load_scenario

    if base is not None:
        reading = load_scenario(base)
    else:
        with tempfile.TemporaryDirectory() as hidden:
            path = Path(hidden) / "scenario.yaml"
            path.write_text(starter, encoding="utf-8")
            reading = load_scenario(path)
    write_workbook(file, Content(reading), lang, force=True)
    click.echo(f"gridgov new mine.yaml --from {file}", err=True)


def scenario_from(book: Path, file: Path, lang: Language) -> None:
    """Write the scenario that the sheet of inputs says, if it is a right one.

    Raises
    ------
    ScenarioError
        With every mistake at its cell; nothing is written then.
    """
    from sim.experiment.blocks import write_whole
    from sim.scenario.from_inputs import at_cells, scenario_of
    from sim.scenario.reader import load_scenario

    rows = list(_rows(book))
    made = f"由 {book.name} 生成" if lang == "zh" else f"Made from {book.name}"
    written = scenario_of(rows, [f"{made} (gridgov new --from)"], lang)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=file.parent) as hidden:
        path = Path(hidden) / file.name
        path.write_text(written.text, encoding="utf-8")
        try:
            load_scenario(path)
        except ScenarioError as error:
            raise at_cells(error, written) from None
    write_whole(file, written.text)
    told = f"{written.changed} 处改动" if lang == "zh" else f"{written.changed} values changed"
    click.echo(f"{file}: {told}", err=True)


def _rows(book: Path) -> "Iterator[Row]":
    """The rows of the sheet of inputs, each cell with its place."""
    from sim.exchange.sheets import cell_name
    from sim.scenario.from_inputs import Row
    from sim.scenario.inputs import CellPlace

    grid = _grid(book)
    columns = _columns(grid, book)
    problems: list[Problem] = []
    for number, cells in enumerate(grid.rows[1:], 1):
        places = {
            name: CellPlace(
                str(book), f"{grid.name}!{cell_name(number, column)}", number + 1, column + 1
            )
            for name, column in columns.items()
        }
        places = {name: places.get(name, places["path"]) for name in _COLUMNS}
        for name, column in columns.items():
            if (number, column) in grid.formulas:
                problems.append(places[name].of(_problem("sheet_formula", "")))
        values = {name: _cell(cells, columns.get(name)) for name in _COLUMNS}
        if any(values[name] is not None for name in _COLUMNS):
            yield Row(**values, places=places)
    if problems:
        raise ScenarioError(problems)


def _cell(cells: tuple[Any, ...], column: int | None) -> Any:  # noqa: ANN401
    return cells[column] if column is not None and column < len(cells) else None


def _grid(book: Path) -> "Grid":
    from sim.exchange.sheets import SheetError, read_sheet
    from sim.report.book_style import INPUT_SHEETS

    try:
        return read_sheet(book, INPUT_SHEETS)
    except SheetError as error:
        said = {"file": str(book), "reason": error.reason}
        raise ScenarioError([_problem(error.code, str(book), **said)]) from None


def _columns(grid: "Grid", book: Path) -> dict[str, int]:
    """The column of each cell of a row, found by its heading in either language."""
    from sim.report.book_inputs import HEADINGS

    head = [str(cell or "").strip() for cell in grid.rows[0]] if grid.rows else []
    found = {
        name: head.index(word)
        for words in HEADINGS.values()
        for name, word in zip(_COLUMNS, words, strict=False)
        if word in head
    }
    if any(name not in found for name in _NEEDED):
        raise ScenarioError([_problem("sheet_missing", str(book), file=str(book))])
    return found


def _problem(code: str, place: str, **context: str) -> Problem:
    from sim.scenario.nodes import Mark, Source
    from sim.scenario.problems import make

    return make(code, Mark(Source(place, ()), 0, 0), (), **context)
