"""The workbook of results or of a scenario: read me, results, comparison, inputs.

All text is written as text: a title that begins with ``=`` is no formula. Bytes are the same
for the same results, so the file carries no date of its own.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from sim.errors import Language
from sim.experiment.stored import Stored
from sim.model.system import System
from sim.report.book_inputs import write_inputs
from sim.report.book_results import write_compare, write_frontier, write_results
from sim.report.book_style import Sheets, sheet_name, width_of_cells
from sim.report.page.limits import cautions_said
from sim.report.words import word
from sim.scenario.reader import Reading

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
}
TEXT: Final = 100
"""Width of the column of texts, in characters."""
LINE: Final = 15
"""Height of a line, in points."""
_NO_DATE: Final = datetime(2000, 1, 1)


@dataclass(frozen=True)
class Content:
    """What a workbook is about."""

    reading: Reading[System]
    found: Sequence[Stored] = ()
    """Results, the baseline first; none for the workbook of a scenario."""
    differences: Any = None
    """Table of paired differences, where there are several results."""


def workbook(content: Content, lang: Language) -> bytes:
    """The workbook as a file.

    Parameters
    ----------
    content
        A scenario, and results if there are any.
    lang
        Of everything but the names that the scenario gives.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    book.set_properties(
        {"title": content.reading.model.name, "author": "gridgov-sim", "created": _NO_DATE}
    )
    sheets = Sheets(book, lang)
    _write_read_me(sheets, content)
    runs = [one for one in content.found if one.kind != "sweep"]
    if runs:
        write_results(sheets, runs)
    if content.differences is not None:
        write_compare(sheets, content.differences)
    for sweep in (one for one in content.found if one.kind == "sweep"):
        write_frontier(sheets, sweep)
    write_inputs(sheets, content.reading)
    book.close()
    return buffer.getvalue()


def _write_read_me(sheets: Sheets, content: Content) -> None:
    zh, model = sheets.lang == "zh", content.reading.model
    sheet = sheets.add("read_me")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, TEXT, sheets.wrapped)
    sheet.write_string(0, 0, model.title.read(sheets.lang) or model.name, sheets.title)
    rows = [("情景" if zh else "Scenario", model.name)]
    if model.question is not None:
        rows.append(("问题" if zh else "Question", model.question.read(sheets.lang)))
    rows += [("说明" if zh else "Note", note.read(sheets.lang)) for note in model.notes]
    for one in content.found:
        rows += _how_made(one, zh=zh)
    rows += _how_to_use(zh=zh)
    for place, (name, text) in enumerate(rows, 2):
        sheets.put(sheet, place, 0, name, sheets.bold)
        sheets.put(sheet, place, 1, text, sheets.wrapped)
        # Programs that do not fit rows by themselves would print long texts over the next row.
        sheet.set_row(place, LINE * max(1, -(-width_of_cells(text) // TEXT)))


def _how_made(one: Stored, *, zh: bool) -> list[tuple[str, str]]:
    """Where results come from: enough to make them again."""
    record, run = one.manifest, one.run
    lang: Language = "zh" if zh else "en"
    made = [("结果" if zh else "Results", one.name)]
    said = f"{run['replications']}, {run['seed']}, {run['engine']}"
    made.append(("重复次数、种子、引擎" if zh else "Replications, seed, engine", said))
    if "tool" in record:
        version = f"{record['tool']['name']} {record['tool']['version']}, {record['written']}"
        made.append(("版本与时间" if zh else "Version and time", version))
        command = " ".join(map(str, record["command"]))
        made.append(("命令" if zh else "Command", command))
    origins = record.get("provenance", {})
    if origins:
        named = ((word(f"{kind}_input").text(lang), count) for kind, count in origins.items())
        counted = ", ".join(f"{name} {count}" for name, count in named if count)
        made.append(("输入的来源" if zh else "Origins of inputs", counted))
    made += [("注意" if zh else "Beware", said.text(lang)) for said in cautions_said(record)]
    return made


def _how_to_use(*, zh: bool) -> list[tuple[str, str]]:
    name = sheet_name("inputs", "zh" if zh else "en")
    if zh:
        return [
            ("怎样修改", f"在“{name}”表中修改黄色单元格，保存，然后运行："),
            ("", "gridgov new 新情景.yaml --from 本文件.xlsx"),
            ("", "改动处会写入注释；出错时指明单元格。有范围的假定值应落在范围之内。"),
            ("", "报告或推算的数值一经改动，就不再引用原出处；请写明新的来源与理由。"),
        ]
    return [
        ("How to change it", f"Edit the yellow cells of the sheet {name}, save, and run:"),
        ("", "gridgov new mine.yaml --from this-file.xlsx"),
        ("", "Changes are noted as comments; mistakes are told by cell. Assumed values stay "
             "within their range."),
        ("", "A reported or derived value that is changed no longer cites its source: say "
             "where the new one comes from."),
    ]  # fmt: skip
