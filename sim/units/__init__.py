"""Quantities as people write them (``2 h 30 min``, ``600 元/月``, ``3 per day``), read exactly.

The dimension is fixed by the field, so ``分`` is a minute in a duration and a hundredth of a
yuan in an amount of money. Every number is read as a fraction: ``0.1 h`` is exactly
360,000,000 µs, and what falls between two microseconds is refused, never rounded. A bare
number is refused too, because a planner's "30" is as often 30 days as 30 hours.

A month is 30 days and a year 365 days wherever they are lengths of time; in a rate of pay a
year is twelve months. What recurs by the calendar is written with days, not with lengths.
"""

from sim.units.parse import (
    comparable,
    parse_count,
    parse_datetime,
    parse_duration,
    parse_money,
    parse_pay,
    parse_proportion,
    parse_rate,
    parse_span,
    parse_time_of_day,
)
from sim.units.tables import (
    DAY,
    HOUR,
    MINUTE,
    MONTH,
    MS,
    SECOND,
    US,
    WEEK,
    YEAR,
    PayValue,
    RateValue,
    SpanValue,
)
from sim.units.types import (
    Count,
    DateTime,
    Duration,
    Households,
    Money,
    PayRate,
    Persons,
    Proportion,
    Rate,
    Shops,
    TimeOfDay,
    Workers,
    WorkingOrCalendar,
)
from sim.units.write import (
    format_datetime,
    format_duration,
    format_money,
    format_pay,
    format_rate,
    format_span,
    format_time_of_day,
)

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "MONTH",
    "MS",
    "SECOND",
    "US",
    "WEEK",
    "YEAR",
    "Count",
    "DateTime",
    "Duration",
    "Households",
    "Money",
    "PayRate",
    "PayValue",
    "Persons",
    "Proportion",
    "Rate",
    "RateValue",
    "Shops",
    "SpanValue",
    "TimeOfDay",
    "Workers",
    "WorkingOrCalendar",
    "comparable",
    "format_datetime",
    "format_duration",
    "format_money",
    "format_pay",
    "format_rate",
    "format_span",
    "format_time_of_day",
    "parse_count",
    "parse_datetime",
    "parse_duration",
    "parse_money",
    "parse_pay",
    "parse_proportion",
    "parse_rate",
    "parse_span",
    "parse_time_of_day",
]
