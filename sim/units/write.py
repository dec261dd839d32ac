"""Writing quantities so that `sim.units.parse` reads the same value again."""

import datetime
from fractions import Fraction

from sim.units.tables import (
    DAY,
    HOUR,
    MINUTE,
    MONTH,
    MS,
    SECOND,
    US,
    YEAR,
    PayValue,
    RateValue,
    SpanValue,
)


def _decimal(number: Fraction) -> str:
    """A fraction as a short decimal when it ends, else as ``p/q``."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    digits = str(int(number * 10**places)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def format_duration(us: int) -> str:
    """A length of time as `parse_duration` reads it, such as ``2 h 30 min``."""
    parts = []
    steps = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"), (MS, "ms"), (US, "us"))
    for size, name in steps:
        count, us = divmod(us, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts) or "0 s"


def format_money(fen: int) -> str:
    """An amount as `parse_money` reads it, such as ``600 CNY``."""
    return f"{_decimal(Fraction(fen, 100))} CNY"


def format_rate(rate: RateValue) -> str:
    """A rate as `parse_rate` reads it, such as ``1.2 /household/year`` or ``1 per 20 min``."""
    noun = f"/{rate.noun}" if rate.noun else ""
    units = ((DAY, "day"), (HOUR, "h"), (YEAR, "year"), (MONTH, "month"), (MINUTE, "min"))
    texts = [(_decimal(rate.per_us * size), name) for size, name in units]
    number, name = min(texts, key=lambda text: ("/" in text[0], len(text[0])))
    if "/" not in number:
        return f"{number}{noun}/{name}"
    return f"{rate.per_us.numerator}{noun} per {rate.per_us.denominator} us"


def format_pay(pay: PayValue) -> str:
    """A rate of pay as `parse_pay` reads it, such as ``600 CNY/month``."""
    return f"{_decimal(pay.fen / 100)} CNY/{pay.per}"


def format_span(span: SpanValue) -> str:
    """A time limit as `parse_span` reads it, such as ``3 workdays`` or ``2 h``."""
    if span.clock == "workdays":
        return f"{span.amount} workdays"
    if span.clock == "work":
        return f"{_decimal(Fraction(span.amount, HOUR))} work-hours"
    return format_duration(span.amount)


def format_datetime(moment: datetime.datetime) -> str:
    """A date-time as `parse_datetime` reads it; seconds only where there are any."""
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


def format_time_of_day(us: int) -> str:
    """A time of day as `parse_time_of_day` reads it, such as ``08:30``."""
    seconds = us // SECOND
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text
