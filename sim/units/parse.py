"""Reading quantities; every failure is a `PydanticCustomError` with a kind and its context."""

import datetime
import difflib
import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, Literal, NoReturn, TypeVar

from pydantic_core import PydanticCustomError

from sim.units.tables import (
    CLOCKS,
    DAY,
    EVENT_NOUNS,
    HOUR,
    LONGEST,
    MINUTE,
    MONEY_UNITS,
    MONTH,
    NOUNS,
    SECOND,
    TIME_UNITS,
    YEAR,
    PayValue,
    RateValue,
    SpanValue,
)

T = TypeVar("T")

_MOST_TEXT: Final = 80
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+/\d+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?"
_TERM = re.compile(rf"\s*([-+]?)\s*({_NUMBER})?\s*([^\W\d_]+(?:-[^\W\d_]+)*|%|‰)?\s*")
_DATE = re.compile(
    r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def _fail(kind: str, message: str, **context: str) -> NoReturn:
    raise PydanticCustomError(kind, message, context)


def _unreadable(text: str, example: str) -> NoReturn:
    _fail("quantity_unreadable", "cannot read '{text}'", text=text, example=example)


def _text(value: object, example: str) -> str:
    """Normalise full-width characters, or say that a quantity is needed here."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        _fail("quantity_expected", "write a quantity such as '{example}'", example=example)
    if isinstance(value, int | float):
        _fail(
            "unit_missing",
            "needs a unit, for example '{number} {unit}'",
            number=repr(value),
            unit=example.split(maxsplit=1)[-1].split(" ", maxsplit=1)[0],
            example=example,
        )
    text = unicodedata.normalize("NFKC", value).strip()
    if not text or len(text) > _MOST_TEXT:
        _fail("quantity_expected", "write a quantity such as '{example}'", example=example)
    return text


def _fraction(digits: str) -> Fraction:
    whole, _, divisor = digits.replace(",", "").partition("/")
    if divisor and not int(divisor):
        _fail("quantity_unreadable", "'{text}' divides by zero", text=digits, example="1/3 h")
    return Fraction(whole) / (int(divisor) if divisor else 1)


def _unknown(unit: str, table: Mapping[str, object]) -> NoReturn:
    # Whole words are better advice than abbreviations: 'hours' for 'hrs', not 'hr'.
    words = [name for name in table if len(name) > 2 or not name.isascii()]
    near = difflib.get_close_matches(unit.lower(), words, n=1, cutoff=0.6)
    first: dict[object, str] = {}
    for name, meaning in table.items():
        first.setdefault(meaning, name)
    _fail(
        "unit_unknown",
        "unknown unit '{unit}'",
        unit=unit,
        suggestion=near[0] if near else "",
        allowed=", ".join(first.values()),
    )


def _lookup(unit: str, table: Mapping[str, T]) -> T:
    bare = unit.removeprefix("个") if len(unit) > 1 else unit
    for name in (bare, bare.lower()):
        if name in table:
            return table[name]
    return _unknown(unit, table)


def _terms(text: str, example: str) -> list[tuple[Fraction | None, str]]:
    """Split ``2 h 30 min`` into numbers and units; a missing part is None or empty."""
    found: list[tuple[Fraction | None, str]] = []
    at = 0
    while at < len(text):
        match = _TERM.match(text, at)
        if match is None or match.end() == at or not any(match.groups()[1:]):
            _unreadable(text, example)
        sign, digits, unit = match.groups()
        if sign == "-" and at > 0:
            _unreadable(text, example)
        if sign == "-":
            _fail("quantity_negative", "must not be negative, got '{text}'", text=text)
        found.append((_fraction(digits) if digits else None, unit or ""))
        at = match.end()
    return found


def _summed(text: str, table: dict[str, Any], example: str) -> Fraction:
    total = Fraction(0)
    terms = _terms(text, example)
    for number, unit in terms:
        if number is None:
            _unreadable(text, example)
        if not unit and len(terms) > 1:
            _unreadable(text, example)
        if not unit:
            _fail(
                "unit_missing",
                "needs a unit, for example '{number} {unit}'",
                number=text,
                unit=example.split(maxsplit=1)[-1].split(" ", maxsplit=1)[0],
                example=example,
            )
        total += number * int(_lookup(unit, table))
    return total


def _whole(amount: Fraction, text: str, step: str, most: int) -> int:
    if amount.denominator != 1:
        _fail(
            "quantity_too_fine",
            "'{text}' is not a whole number of {step}",
            text=text,
            step=step,
        )
    if amount > most:
        _fail("quantity_too_large", "'{text}' is too large", text=text)
    return int(amount)


def parse_duration(value: object) -> int:
    """A length of time in µs, such as ``2 h 30 min``, ``90 min`` or ``2小时30分钟``."""
    text = _text(value, "30 min")
    return _whole(_summed(text, TIME_UNITS, "30 min"), text, "microseconds", LONGEST)


def parse_money(value: object) -> int:
    """An amount in fen, such as ``600 CNY``, ``600元`` or ``3.5 万元``."""
    text = _text(value, "600 CNY")
    return _whole(_summed(text, MONEY_UNITS, "600 CNY"), text, "fen", 2**62)


def _parts(text: str) -> list[str]:
    """The pieces between ``/``, ``per`` and ``每``; a slash inside a number stays."""
    spelled = re.sub(r"\s+per\s+|每", "/", text)
    ratio = re.fullmatch(rf"({_NUMBER})\s*/\s*([1-9]\d*)\s*([^\W\d_]+)", spelled)
    if ratio:
        return [ratio[1], f"{ratio[2]} {ratio[3]}"]
    return [part.strip() for part in re.split(r"(?<!\d)\s*/\s*|\s*/\s*(?!\d)", spelled)]


def _divisor(part: str, text: str) -> tuple[Fraction | None, str | None]:
    """What one piece after a slash means: a length of time in µs, or a noun."""
    terms = _terms(part, "3 per day")
    if len(terms) != 1 or not terms[0][1]:
        _unreadable(text, "3 per day")
    number, unit = terms[0]
    if number == 0:
        _fail("quantity_unreadable", "'{text}' divides by zero", text=text, example="3 per day")
    known: dict[str, int | str] = {**TIME_UNITS, **NOUNS}
    found = _lookup(unit, known)
    if isinstance(found, str):
        if number not in (None, 1):
            _unreadable(text, "3 per day")
        return None, found
    return (1 if number is None else number) * Fraction(found), None


def parse_rate(value: object) -> RateValue:
    """How often, such as ``3 per day``, ``0.5/h``, ``1 per 20 min``, ``1.2/household/year``."""
    example = "3 per day"
    text = _text(value, example)
    head, *rest = _parts(text)
    terms = _terms(head, example)
    if len(terms) != 1 or terms[0][0] is None:
        _unreadable(text, example)
    number, counted = terms[0]
    if counted and counted.lower() not in EVENT_NOUNS:
        _unknown(counted, dict.fromkeys(sorted(EVENT_NOUNS)))
    divisors = [_divisor(part, text) for part in rest]
    times = [time for time, _ in divisors if time is not None]
    nouns = [noun for _, noun in divisors if noun is not None]
    if len(times) != 1 or len(nouns) > 1:
        _fail("rate_time", "'{text}' must say per which time", text=text, example=example)
    return RateValue((number or Fraction(0)) / times[0], nouns[0] if nouns else None)


def parse_pay(value: object) -> PayValue:
    """What somebody is paid, such as ``600 CNY/month``, ``600 元/月`` or ``25 CNY/h``."""
    example = "600 CNY/month"
    text = _text(value, example)
    parts = _parts(text)
    if len(parts) != 2:
        _fail("rate_time", "'{text}' must say per which time", text=text, example=example)
    fen = _summed(parts[0], MONEY_UNITS, example)
    per = _lookup(parts[1], TIME_UNITS)
    if per == YEAR:
        return PayValue(fen / 12)
    names: dict[int, Literal["month", "d", "h"]] = {MONTH: "month", DAY: "d", HOUR: "h"}
    if per not in names:
        _unknown(parts[1], {"month": MONTH, "year": YEAR, "day": DAY, "h": HOUR})
    return PayValue(fen, names[per])


def parse_span(value: object) -> SpanValue:
    """A time limit, such as ``2 h``, ``3 workdays``, ``3 个工作日`` or ``4 work-hours``."""
    example = "3 workdays"
    text = re.sub(r"\b(work(?:ing)?)\s+(?=[A-Za-z])", r"\1-", _text(value, example))
    terms = _terms(text, example)
    names = {unit.removeprefix("个").lower() for _, unit in terms}
    known: dict[str, object] = {**TIME_UNITS, **CLOCKS}
    for unit in sorted(names - known.keys() - {""}):
        _unknown(unit, known)
    if not names & CLOCKS.keys():
        return SpanValue(
            _whole(_summed(text, TIME_UNITS, example), text, "microseconds", LONGEST)
        )
    if len(terms) != 1 or terms[0][0] is None:
        _unreadable(text, example)
    clock, factor = _lookup(terms[0][1], CLOCKS)
    step = "working days" if clock == "workdays" else "microseconds"
    return SpanValue(_whole(terms[0][0] * factor, text, step, LONGEST), clock)


def parse_proportion(value: object) -> float:
    """A share from 0 to 1, such as ``0.3`` or ``30 %``."""
    share: Fraction | float
    if isinstance(value, int | float) and not isinstance(value, bool):
        share = value
    else:
        text = _text(value, "30 %")
        terms = _terms(text, "30 %")
        scale = {"%": 100, "‰": 1000, "": 1}.get(terms[0][1])
        if len(terms) != 1 or terms[0][0] is None or scale is None:
            _unreadable(text, "30 %")
        share = terms[0][0] / scale
    if not 0 <= share <= 1:
        _fail("proportion_range", "a share lies between 0 and 1, got {value}", value=str(value))
    return float(share)


def parse_count(value: object, noun: str | None = None) -> int:
    """A whole number of things, such as ``300``, ``300 households`` or ``300 户``."""
    number: Fraction | None
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not value < 2**53:
            _fail("quantity_too_large", "'{text}' is too large", text=str(value))
        if value < 0:
            _fail("quantity_negative", "must not be negative, got '{text}'", text=str(value))
        number, text = Fraction(value), str(value)
    else:
        example = f"300 {noun}s" if noun else "300"
        text = _text(value, example)
        terms = _terms(text, example)
        number, unit = terms[0]
        if number is None or len(terms) != 1:
            _unreadable(text, example)
        if unit and _lookup(unit, NOUNS) != noun:
            _fail("noun_wrong", "'{text}' counts the wrong thing", text=text, noun=noun or "")
    return _whole(number, text, "units", 2**53)


def parse_datetime(value: object) -> datetime.datetime:
    """A date or date-time in Beijing time, such as ``2022-03-07`` or ``2022-03-07 08:30``."""
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    match = _DATE.fullmatch(text)
    try:
        if match:
            return datetime.datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]
    except ValueError:
        pass
    _fail("date_unreadable", "'{text}' is not a date", text=str(value)[:_MOST_TEXT])


def parse_time_of_day(value: object) -> int:
    """A time of day in µs since midnight, from ``00:00`` to ``24:00``."""
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    match = _TIME.fullmatch(text)
    if match:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        moment = hours * HOUR + minutes * MINUTE + seconds * SECOND
        if minutes < 60 and seconds < 60 and moment <= DAY:
            return moment
    _fail("time_unreadable", "'{text}' is not a time of day", text=str(value)[:_MOST_TEXT])


_PARSERS: Final = {
    "duration": parse_duration,
    "money": parse_money,
    "rate": parse_rate,
    "pay": parse_pay,
    "span": parse_span,
    "number": parse_proportion,  # a share may be written with or without %
}


def comparable(value: object) -> tuple[str, Fraction] | None:
    """The dimension and size of a number or quantity, so that two of one kind compare.

    Returns
    -------
    ``("number", 3)`` for plain numbers, ``("duration", …)`` and so on for text that reads as
    a quantity (the dimension is extended by noun or clock), None for anything else.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return ("number", Fraction(value)) if abs(value) < float("inf") else None
    # Most text is names and sentences: without a digit nothing needs to be tried.
    if not isinstance(value, str) or not any(map(str.isdigit, value[:_MOST_TEXT])):
        return None
    return _dimension(value)


@lru_cache(maxsize=4096)
def _dimension(value: str) -> tuple[str, Fraction] | None:
    for name, parse in _PARSERS.items():
        try:
            found: Any = parse(value)
        except ValueError:
            continue
        if isinstance(found, tuple):
            return (f"{name} {found[1]}", Fraction(found[0]))
        return (name, Fraction(found))
    return None
