"""Words and numbers of the figures: labels in one language or both, values in plain units.

A figure may be read by people of two languages at once, so `both` sets Chinese beside English;
numbers are the same in both. What users named themselves (classes, pools, places) stays as it
is.
"""

import textwrap
from collections.abc import Iterable
from math import isnan
from typing import Literal, NamedTuple

from sim.terms import terms

Lang = Literal["en", "zh", "both"]
LANGS: tuple[Lang, ...] = ("en", "zh", "both")

HOURS_OF_A_DAY = 24
LONG = 72
"""Hours from which on people speak of days."""


class Say(NamedTuple):
    """One sentence in both languages."""

    en: str
    zh: str

    def text(self, lang: Lang, joint: str = "\n") -> str:
        """The sentence in the language asked for, Chinese first where both are."""
        if lang == "both":
            return self.en if self.en == self.zh else f"{self.zh}{joint}{self.en}"
        return self.zh if lang == "zh" else self.en


def word(key: str) -> Say:
    """A term; the key itself for names that are the user's own."""
    found = terms().get(key)
    return Say(key, key) if found is None else Say(found.en, found.zh)


def label(key: str, lang: Lang, unit: str = "") -> str:
    """A term as a label, with its unit in brackets if one is given."""
    said = word(key)
    ends = _bracketed(unit)
    english = said.en if said.en == said.zh else said.en[:1].upper() + said.en[1:]
    return Say(english + ends.en, said.zh + ends.zh).text(lang, joint="  ")


def _bracketed(unit: str) -> Say:
    shown = unit_word(unit)
    return Say(f" ({shown.en})" if shown.en else "", f"（{shown.zh}）" if shown.zh else "")


def unit_word(unit: str) -> Say:
    """A unit as people write it; nothing for what the label already counts."""
    if unit in ("", "requests", "duties", "workers", "contacts"):
        return Say("", "")
    if unit == "1":
        return Say("%", "%")
    return Say("days", "天") if unit == "d" else word(unit)


class Scale(NamedTuple):
    """How the values of an axis are shown."""

    divide: float
    unit: str

    def of(self, value: float) -> float:
        """The value as drawn."""
        return value / self.divide


def scale_for(unit: str, values: Iterable[float]) -> Scale:
    """Per cent for shares, days for long times, else the unit as it is."""
    if unit == "1":
        return Scale(0.01, "1")
    most = max((abs(value) for value in values if not isnan(value)), default=0.0)
    if unit == "h" and most >= LONG:
        return Scale(HOURS_OF_A_DAY, "d")
    return Scale(1.0, unit)


def digits(value: float) -> str:
    """Three significant digits, whole numbers from a hundred on, thousands apart."""
    size = abs(value)
    if size >= 99.95 or value == 0:
        return f"{value:,.0f}".replace("-", "−")
    shown = f"{value:.1f}" if size >= 9.995 else f"{value:.2f}"
    return shown.replace("-", "−")


def shown(value: float, unit: str, scale: Scale | None = None) -> Say:
    """One value with its unit."""
    if isnan(value):
        return word("not_reached")
    used = scale or scale_for(unit, [value])
    number = digits(used.of(value))
    known = unit_word(used.unit)
    if used.unit == "1":
        return Say(f"{number}%", f"{number}%")
    return Say(f"{number} {known.en}".strip(), f"{number} {known.zh}".strip())


def signed(value: float, scale: Scale) -> str:
    """A difference as drawn, with its sign; the axis says the unit."""
    number = digits(scale.of(value))
    return f"+{number}" if value > 0 else number


def width_of(text: str) -> int:
    """Columns of a text where a Chinese character takes two."""
    return sum(1 + (ord(character) > 0x2E7F) for character in text)


def wrapped(text: str, columns: int) -> str:
    """Break lines longer than so many columns; Chinese may break anywhere."""
    return "\n".join(part for line in text.split("\n") for part in _folded(line, columns))


def _folded(line: str, columns: int) -> list[str]:
    if width_of(line) <= columns:
        return [line]
    if width_of(line) < 1.3 * len(line):
        return textwrap.wrap(line, columns)
    parts, part = [], ""
    for character in line:
        # Punctuation must not begin a line.
        if width_of(part + character) > columns and character not in "，。；：、）％%":
            parts.append(part)
            part = ""
        part += character
    return [*parts, part]
