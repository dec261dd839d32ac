"""``--help`` in Chinese: texts from ``help.toml``, laid out by the width of characters.

Commands say their help in English, where they are written. A paragraph or the text of an option
that the table knows is shown in Chinese where that was asked for; nothing else changes, so a
command needs no second set of declarations. A test demands that the table knows all.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from unicodedata import east_asian_width

import click

from sim.cli.language import default_language
from sim.errors import Language
from sim.report.words import wrapped

LANGUAGE = "lang"
"""Where the settings of a call keep the language that was asked for."""

_HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}
_USAGE = (("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]...", "命令 [参数]..."))
_EXTRA = re.compile(r"(?s)(.*?)  \[([^\]]*)\]")
_NOTES = (("required", "必填"), ("default: ", "默认："))
_GAP = 2


@cache
def texts() -> dict[str, str]:
    """Every help text in Chinese, by its English with single blanks."""
    text = files("sim").joinpath("cli", "help.toml").read_text(encoding="utf-8")
    return {_flat(each["en"]): _flat(each["zh"]) for each in tomllib.loads(text)["help"]}


def in_chinese(text: str) -> str:
    """A help text or a paragraph of one in Chinese; as it is where the table lacks it."""
    known = texts().get(_flat(text))
    if known is not None:
        return known
    found = _EXTRA.fullmatch(text)
    if found is None:
        return text
    note = found[2]
    for english, chinese in _NOTES:
        note = note.replace(english, chinese)
    return f"{in_chinese(found[1])}  [{note}]"


class Context(click.Context):
    """A call of a command whose help is told in the language that was asked for."""

    def make_formatter(self) -> click.HelpFormatter:
        """What lays out ``--help``."""
        kind = _Chinese if language_of(self) == "zh" else click.HelpFormatter
        return kind(width=self.terminal_width, max_width=self.max_content_width)


def language_of(context: click.Context) -> Language:
    """The language asked for, also before options are read: ``--help`` comes first."""
    settings = context.find_object(dict) or {}
    said = settings.get(LANGUAGE) or context.find_root().params.get("lang")
    return said if said in ("en", "zh") else default_language()


class _Chinese(click.HelpFormatter):
    """Lays out help in Chinese, whose characters are two columns wide."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for english, chinese in _USAGE:
            args = args.replace(english, chinese)
        super().write_usage(prog, args, "用法：" if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_text(self, text: str) -> None:
        paragraphs = [in_chinese(each) for each in text.split("\n\n")]
        room = self.width - self.current_indent
        blocks = ["\n".join(_lines(each, room, self.current_indent)) for each in paragraphs]
        self.write("\n\n".join(blocks) + "\n")

    def write_dl(
        self,
        rows: Iterable[tuple[str, str]],
        col_max: int = 30,
        col_spacing: int = _GAP,
    ) -> None:
        rows = list(rows)
        widest = max((columns(name) for name, _ in rows), default=0)
        first = min(widest, col_max) + col_spacing
        start = self.current_indent + first
        for name, text in rows:
            self.write(f"{'':>{self.current_indent}}{name}")
            lines = _lines(in_chinese(text), max(self.width - start, 20), start)
            if columns(name) > first - col_spacing:
                self.write("\n" + "\n".join(lines) + "\n")
            else:
                lines[0] = f"{'':>{first - columns(name)}}{lines[0].lstrip()}"
                self.write("\n".join(lines) + "\n")


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _lines(text: str, widest: int, indent: int) -> list[str]:
    return [f"{'':>{indent}}{line}" for line in wrapped(text, widest, columns).split("\n")]


def _flat(text: str) -> str:
    return " ".join(text.split())
