"""Words and numbers of the figures: labels in one language or both, values in plain units.

A figure may be read by people of two languages at once, so `both` sets Chinese beside English;
numbers are the same in both. What users named themselves (classes, pools, places) stays as it
is.
"""

import re
from collections.abc import Callable, Iterable
from math import isnan
from typing import Literal, NamedTuple

from sim.terms import terms

Lang = Literal["en", "zh", "both"]
LANGS: tuple[Lang, ...] = ("en", "zh", "both")

HOURS_OF_A_DAY = 24
LONG = 72
"""Hours from which on people speak of days."""
MINUTES_OF_AN_HOUR = 60


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


def team(key: str) -> Say:
    """What a pool or a mode is called: its term if it is named after one, in one or many."""
    name = key.replace("-", "_")
    known = [each for each in (name, name.removesuffix("s")) if each in _ROLES]
    return word(known[0]) if known else Say(key, key)


_ROLES = frozenset(
    {"peace", "war", "recovery", "all", "grid_worker", "grid_leader", "building_leader"}
    | {"red_building_leader", "unit_leader", "community_worker", "volunteer", "department"}
    | {"seconded_cadre", "reserve"}
)
"""Other terms are left alone: a pool of somebody's may be called like a column."""


def capitalised(said: Say) -> Say:
    """As the heading of a column: titles that somebody wrote stand beside terms."""
    return Say(said.en[:1].upper() + said.en[1:], said.zh)


def label(key: str, lang: Lang, unit: str = "", joint: str = "  ") -> str:
    """A term as a label, with its unit in brackets if one is given."""
    said = word(key)
    english = said.en if said.en == said.zh else said.en[:1].upper() + said.en[1:]
    return with_unit(Say(english, said.zh), unit).text(lang, joint)


def with_unit(said: Say, unit: str) -> Say:
    """A label with its unit in brackets, joining those that the label has."""
    ends = unit_word(unit)
    if not ends.en:
        return said
    begun = f"{said.zh[:-1]}，" if said.zh.endswith("）") else f"{said.zh}（"
    return Say(f"{said.en} ({ends.en})", f"{begun}{ends.zh}）")


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
    """Per cent for shares, days for long times and minutes for short ones, else as it is."""
    if unit == "1":
        return Scale(0.01, "1")
    most = max((abs(value) for value in values if not isnan(value)), default=0.0)
    if unit == "h" and most >= LONG:
        return Scale(HOURS_OF_A_DAY, "d")
    if unit == "h" and 0 < most < 1:
        return Scale(1 / MINUTES_OF_AN_HOUR, "min")
    return Scale(1.0, unit)


def digits(value: float) -> str:
    """Three significant digits, whole numbers from a hundred on, thousands apart."""
    size = abs(value)
    if size >= 99.95 or value == 0:
        return f"{value:,.0f}".replace("-", "−")
    if size < 0.095:
        return f"{value:.2g}".replace("-", "−")
    shown = f"{value:.1f}" if size >= 9.995 else f"{value:.2f}"
    return shown.replace("-", "−")


def shown(value: float, unit: str, scale: Scale | None = None) -> Say:
    """One value with its unit."""
    if isnan(value):
        return word("not_reached")
    used = scale or scale_for(unit, [value])
    number = trimmed(digits(used.of(value)))
    known = unit_word(used.unit)
    if used.unit == "1":
        return Say(f"{number}%", f"{number}%")
    return Say(f"{number} {known.en}".strip(), f"{number}{known.zh}")


def length_said(text: str) -> Say:
    """A length of time as scenarios write it (``2 h 30 min``), for people."""
    zh = "".join(_LENGTHS.get(part, part) for part in text.split())
    return Say(text.replace(" d", " days") if text != "1 d" else "1 day", zh)


def quantity_said(text: str) -> Say:
    """A value as scenarios write it (``600 CNY/month``, ``8 h``), for people; else as it is."""
    if _LENGTH.fullmatch(text):
        return Say(text, length_said(text).zh)
    rate = _RATE.fullmatch(text)
    if rate is not None:
        return Say(text, f"{rate[1]}次/{_WHOM[rate[2]]}/{_WHEN[rate[3]]}")
    money = _MONEY.fullmatch(text)
    return (
        Say(text, text) if money is None else Say(text, f"{money[1]}元{_PER.get(money[2], '')}")
    )


_LENGTH = re.compile(r"(-?[\d.]+ (d|h|min|s|ms|us)( |$))+")
_MONEY = re.compile(r"(-?[\d.]+) CNY(/month|/request|/h|/d)?")
_WHOM = {"household": "户", "person": "人", "shop": "商户", "place": "处"}
_WHEN = {"year": "年", "month": "月", "week": "周", "day": "天", "d": "天", "h": "小时"}
_RATE = re.compile(rf"([\d.]+)/({'|'.join(_WHOM)})/({'|'.join(_WHEN)})")
_PER = {"/month": "/月", "/request": "/件", "/h": "/小时", "/d": "/天"}
_LENGTHS = {"d": "天", "h": "小时", "min": "分钟", "s": "秒", "ms": "毫秒", "us": "微秒"}


def trimmed(number: str) -> str:
    """A number without zeros that say nothing in a sentence."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def signed(value: float, scale: Scale) -> str:
    """A difference as drawn, with its sign; the axis says the unit."""
    number = digits(scale.of(value))
    return f"+{number}" if value > 0 else number


def wrapped(text: str, widest: float, width_of: Callable[[str], float]) -> str:
    """Break lines that are too wide: Latin between words, Chinese anywhere but before a stop.

    Parameters
    ----------
    text
        Lines to be broken where they must.
    widest
        Width of a line.
    width_of
        Width of a piece of text in the same measure.
    """
    return "\n".join(
        part for line in text.split("\n") for part in _balanced(line, widest, width_of)
    )


_STOPS = "[，。；：、）”％]*"
_PIECES = re.compile(
    rf"[^\s\u2e80-\uffef]+{_STOPS}\s*|（*[\u2e80-\uffef](?:/[\u2e80-\uffef])?{_STOPS}\s*|\s+"
)


def _balanced(line: str, widest: float, width_of: Callable[[str], float]) -> list[str]:
    """As few lines as possible, and then about equally long, so that no word stands alone."""
    pieces = _PIECES.findall(line)
    parts = _folded(pieces, widest, width_of)
    for share in (0.9, 0.8, 0.7, 0.6):
        narrower = _folded(pieces, share * widest, width_of)
        if len(narrower) > len(parts):
            break
        parts = narrower
    return parts


def _folded(pieces: list[str], widest: float, width_of: Callable[[str], float]) -> list[str]:
    parts = [""]
    for piece in pieces:
        if parts[-1] and width_of(parts[-1] + piece.rstrip()) > widest:
            parts.append("")
        parts[-1] += piece
    return [part.rstrip() for part in parts]
