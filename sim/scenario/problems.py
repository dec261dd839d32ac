"""Problems with their place: message, code frame and hint for one mistake."""

import re
import unicodedata
from dataclasses import replace
from typing import Final

from sim.errors import Problem
from sim.scenario.messages import CATALOGUE
from sim.scenario.nodes import Mark, Path, show

_WIDEST: Final = 100
_LONGEST_VALUE: Final = 60


def make(code: str, mark: Mark, path: Path = (), **context: object) -> Problem:
    """Describe a mistake from the catalogue of messages.

    Parameters
    ----------
    code
        Key of the catalogue.
    mark
        Where it is.
    path
        Field path, as keys and indices.
    context
        What the placeholders stand for; ``suggestion`` chooses the hint for a near miss.
    """
    message = CATALOGUE[code]
    filled = {name: tidy(str(value)) for name, value in context.items()}
    near = bool(filled.get("suggestion"))
    return place(
        Problem(
            code=code.replace("_", "-"),
            message_en=message.en.format_map(filled),
            message_zh=message.zh.format_map(_chinese(filled)),
            hint_en=(message.near_en if near else message.hint_en).format_map(filled) or None,
            hint_zh=(message.near_zh if near else message.hint_zh).format_map(filled) or None,
        ),
        mark,
        path,
    )


def _chinese(filled: dict[str, str]) -> dict[str, str]:
    """The placeholders that hold our own English words, put into Chinese."""
    words = {"a mapping": "映射", "nothing": "空值"}
    got = filled.get("got", "")
    counted = re.sub(r"^a list of (\d+)$", r"含 \1 项的列表", got)
    choices = filled.get("expected", "").replace(", ", "、").replace(" or ", "、")
    return {**filled, "got": words.get(got, counted), "expected": choices}


def place(problem: Problem, mark: Mark, path: Path = ()) -> Problem:
    """The same problem at a place in the text, with its code frame."""
    return replace(
        problem,
        hint_en=problem.hint_en and problem.hint_en[:1].upper() + problem.hint_en[1:],
        path=tidy(show(path)),
        file=mark.source.name,
        line=mark.line,
        column=mark.column,
        frame=code_frame(mark),
    )


def tidy(text: str) -> str:
    """Text that is safe to show on a terminal: no control characters, not endless."""
    text = text.replace("\t", " ")
    clean = "".join(c if unicodedata.category(c)[0] != "C" else "\ufffd" for c in text[:1000])
    return clean if len(text) <= 1000 else clean + "…"


def quoted(value: object) -> str:
    """A value as a message shows it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    if isinstance(value, str):
        text = value if len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + "…"
        return f"'{tidy(text)}'"
    return str(value)


def _display_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def code_frame(mark: Mark) -> str:
    """The line of a mark, the line before it where that says more, and a caret under it.

    Long lines are cut to the part around the caret; carets count wide characters twice, as
    terminals do.
    """
    lines = mark.source.lines
    if not 1 <= mark.line <= len(lines):
        return ""
    rows = []
    if mark.line > 1 and lines[mark.line - 2].strip():
        rows.append((mark.line - 1, lines[mark.line - 2][:_WIDEST]))
    text = lines[mark.line - 1]
    cut = max(0, mark.column - 1 - _WIDEST // 2) if len(text) > _WIDEST else 0
    shown = ("…" if cut else "") + text[cut : cut + _WIDEST]
    rows.append((mark.line, shown))
    start = mark.column - 1 - cut + bool(cut)
    token = shown[start : start + mark.width].rstrip() or " "
    pad = " " * _display_width(shown[:start])
    gutter = max(5, len(str(mark.line)) + 1)
    numbered = [f"{number:>{gutter}} | {tidy(row)}".rstrip() for number, row in rows]
    return "\n".join([*numbered, f"{'':>{gutter}} | {pad}{'^' * _display_width(token)}"])
