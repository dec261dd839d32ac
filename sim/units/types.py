"""The pydantic types that models use for their fields."""

import datetime
from functools import partial
from typing import Annotated, Any, Final

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from sim.units import parse, write
from sim.units.tables import PayValue, RateValue, SpanValue

_AMOUNT: Final = r"[0-9][0-9.,]*(/[0-9]+)?([eE][-+]?[0-9]+)?"


def _schema(title: str, pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "string", "title": title, "pattern": pattern, "examples": list(examples)}
    )


def _counted(noun: str, *examples: int | str) -> tuple[Any, ...]:
    text = {"type": "string", "pattern": rf"^\s*{_AMOUNT}\s*\S*$"}
    schema = {"anyOf": [{"type": "integer", "minimum": 0}, text], "examples": list(examples)}
    return PlainValidator(partial(parse.parse_count, noun=noun)), WithJsonSchema(schema)


Duration = Annotated[
    int,
    PlainValidator(parse.parse_duration),
    PlainSerializer(write.format_duration, when_used="json"),
    _schema(
        "length of time",
        rf"^(\s*{_AMOUNT}\s*[^0-9\s]+)+\s*$",
        "2 h",
        "30 min",
        "2 小时 30 分钟",
    ),
]
"""A length of time, int µs."""

Money = Annotated[
    int,
    PlainValidator(parse.parse_money),
    PlainSerializer(write.format_money, when_used="json"),
    _schema("amount of money", rf"^\s*{_AMOUNT}\s*[^0-9\s]+\s*$", "600 CNY", "600 元"),
]
"""An amount of money, int fen."""

Rate = Annotated[
    RateValue,
    PlainValidator(parse.parse_rate),
    PlainSerializer(write.format_rate, when_used="json"),
    _schema(
        "rate", rf"^\s*{_AMOUNT}.*(/| per |每).+$", "3 per day", "1.2/household/year", "3 次/天"
    ),
]
"""How often, exact, perhaps for one household, person or shop."""

PayRate = Annotated[
    PayValue,
    PlainValidator(parse.parse_pay),
    PlainSerializer(write.format_pay, when_used="json"),
    _schema(
        "rate of pay", rf"^\s*{_AMOUNT}\s*\S+\s*(/| per |每).+$", "600 CNY/month", "600 元/月"
    ),
]
"""Money per time, exact."""

WorkingOrCalendar = Annotated[
    SpanValue,
    PlainValidator(parse.parse_span),
    PlainSerializer(write.format_span, when_used="json"),
    _schema("time limit", rf"^(\s*{_AMOUNT}\s*[^0-9]+)+$", "3 workdays", "2 h", "3 个工作日"),
]
"""A time limit in calendar time, working time or working days."""

Proportion = Annotated[
    float,
    PlainValidator(parse.parse_proportion),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {"type": "string", "pattern": r"^\s*[0-9.]+\s*[%％‰]?\s*$"},
            ],
            "examples": [0.3, "30 %"],
        }
    ),
]
"""A share, float from 0 to 1."""

DateTime = Annotated[
    datetime.datetime,
    PlainValidator(parse.parse_datetime),
    PlainSerializer(write.format_datetime, when_used="json"),
    _schema("date", r"^[0-9]{4}[-/年].+$", "2022-03-07", "2022-03-07 08:30"),
]
"""A date-time without zone, Beijing time."""

TimeOfDay = Annotated[
    int,
    PlainValidator(parse.parse_time_of_day),
    PlainSerializer(write.format_time_of_day, when_used="json"),
    _schema("time of day", r"^[0-9]{1,2}[:：][0-9]{2}([:：][0-9]{2})?$", "08:30", "24:00"),
]
"""A time of day, int µs since midnight."""

Count = Annotated[
    int, PlainValidator(parse.parse_count), WithJsonSchema({"type": "integer", "minimum": 0})
]
"""A whole number, 0 or more."""

Households = Annotated[int, *_counted("household", 300, "300 households", "300 户")]
"""A whole number of households."""

Persons = Annotated[int, *_counted("person", 300, "300 persons", "300 人")]
"""A whole number of residents."""

Shops = Annotated[int, *_counted("shop", 30, "30 shops", "30 商户")]
"""A whole number of shops."""

Workers = Annotated[int, *_counted("worker", 3, "3 workers", "3 名")]
"""A whole number of staff."""
