"""Mistakes in a log that is read, each with its place, in both languages."""

from typing import Final, NamedTuple

from sim.errors import Problem

MOST: Final = 20
"""Problems that are told of one log; the rest is likely the same mistake."""


class Words(NamedTuple):
    """One kind of mistake: what is wrong and what to do, in English and Chinese."""

    en: str
    zh: str
    hint_en: str
    hint_zh: str


WORDS: Final[dict[str, Words]] = {
    "log-missing": Words(
        "the log cannot be read ({reason})",
        "无法读取日志（{reason}）",
        "Give the path of a CSV or JSON file.",
        "请给出 CSV 或 JSON 文件的路径。",
    ),
    "log-empty": Words(
        "the log is empty",
        "日志为空",
        "Give a file with a row of headings and at least one request.",
        "文件须有表头行和至少一件诉求。",
    ),
    "log-encoding": Words(
        "this is not {encoding} text (byte {byte})",
        "此处不是 {encoding} 文本（字节 {byte}）",
        "Save the file as UTF-8, or say --encoding gbk (or another).",
        "请将文件另存为 UTF-8，或用 --encoding gbk 等指明编码。",
    ),
    "log-column": Words(
        "there is no column {wanted} (it says {meaning})",
        "没有 {wanted} 列（{meaning}）",
        "Columns found: {found}. Is --as right? Another form is described by a columns.yaml.",
        "现有各列：{found}。--as 是否正确？其他格式请用 columns.yaml 说明。",
    ),
    "log-heading-twice": Words(
        "two columns are called {wanted}",
        "有两列都叫 {wanted}",
        "Rename one of them.",
        "请为其中一列改名。",
    ),
    "log-cells": Words(
        "this row has {got} cells, the headings are {wanted}",
        "本行有 {got} 格，表头有 {wanted} 列",
        "Mend the row, or leave such rows out with --skip-unreadable.",
        "请改正本行，或用 --skip-unreadable 略去此类行。",
    ),
    "log-time": Words(
        "'{text}' is no time as {formats} writes it (column {column_name})",
        "“{text}”不是 {formats} 格式的时间（{column_name} 列）",
        "Mend the cell, name its form under `times:` in a columns.yaml, or leave such rows out "
        "with --skip-unreadable.",
        "请改正该格，在 columns.yaml 的 times 中写明其格式，"
        "或用 --skip-unreadable 略去此类行。",
    ),
    "log-times-mixed": Words(
        "'{text}' is written as {this}, the column {column_name} began as {first}",
        "“{text}”的格式为 {this}，而 {column_name} 列开头为 {first}",
        "Dates of two forms in one column cannot be told apart safely; write them in one form, "
        "or leave such rows out with --skip-unreadable.",
        "同一列混用两种日期格式，无法可靠区分；请统一格式，或用 --skip-unreadable 略去此类行。",
    ),
    "log-csv": Words(
        "this cannot be read as CSV ({reason})",
        "无法按 CSV 读取（{reason}）",
        "Look for a quotation mark that is not closed.",
        "请检查是否有未闭合的引号。",
    ),
    "log-json": Words(
        "this cannot be read as JSON ({reason})",
        "无法按 JSON 读取（{reason}）",
        "An Open311 log is a list of requests, or an object with such a list.",
        "Open311 日志应为诉求列表，或含有该列表的对象。",
    ),
    "log-zone": Words(
        "there is no time zone '{zone}'",
        "没有时区“{zone}”",
        "Use an IANA name such as America/New_York or Asia/Shanghai.",
        "请用 IANA 名称，如 Asia/Shanghai。",
    ),
    "log-nothing": Words(
        "no row of the log can be used",
        "日志中没有可用的行",
        "Dropped: {dropped}.",
        "已略去：{dropped}。",
    ),
}
MEANINGS: Final[dict[str, tuple[str, str]]] = {
    "created": ("when a request was reported", "上报时间"),
    "type": ("what a request is about", "事项类型"),
    "closed": ("when it was closed", "办结时间"),
}


def problem(code: str, file: str, line: int = 0, column: int = 0, **context: object) -> Problem:
    """A mistake at a place of a log.

    Parameters
    ----------
    code
        Key of `WORDS`.
    file, line, column
        The file as the user named it, and the place from 1; 0 where there is none.
    context
        What the placeholders stand for.
    """
    words = WORDS[code]
    filled = {name: _clean(str(value)) for name, value in context.items()}
    chinese = dict(filled)
    if "meaning" in filled:
        filled["meaning"], chinese["meaning"] = MEANINGS[filled["meaning"]]
    return Problem(
        code=code,
        message_en=words.en.format_map(filled),
        message_zh=words.zh.format_map(chinese),
        hint_en=words.hint_en.format_map(filled),
        hint_zh=words.hint_zh.format_map(chinese),
        file=file,
        line=line,
        column=column,
    )


def _clean(text: str) -> str:
    """Short, and safe to show on a terminal."""
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:200])
    return shown if len(text) <= 200 else shown + "…"
