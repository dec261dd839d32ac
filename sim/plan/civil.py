"""Civil time: days, weeks, months and years as µs from the start of a run.

Beijing time without daylight saving, so every day has 24 hours. Which days are public holidays
or make-up workdays comes from a maintained package or from the scenario, never from here.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import PlanError
from sim.model.calendars import Calendar, Holidays
from sim.units import DAY

Int = NDArray[np.int64]
Every = Literal["day", "week", "month", "year", "workday"]
DayKind = Literal["plain", "off", "on"]

ONE_DAY: Final = timedelta(days=1)


def micros(moment: datetime, start: datetime) -> int:
    """A date-time as µs from the start of the run."""
    return (moment - start) // timedelta(microseconds=1)


def midnight(day: date, start: datetime) -> int:
    """The first instant of a civil day as µs from the start of the run."""
    return micros(datetime.combine(day, datetime.min.time()), start)


def civil_days(start: datetime, end: int, *, before: bool = False) -> list[date]:
    """The days of a run, and with `before` the one that precedes it."""
    try:
        last = (start + timedelta(microseconds=max(end - 1, 0))).date()
    except OverflowError:
        message = "the run goes beyond the year 9999"
        raise PlanError(f"run.horizon: {message}", "运行时段超出公元 9999 年") from None
    first = start.date() - ONE_DAY * before
    return [first + ONE_DAY * n for n in range((last - first).days + 1)]


def whole_periods(days: Sequence[date], months: int) -> list[date]:
    """Every day of the civil months (1) or quarters (3) that these days touch."""
    first, last = (_first_of(day, months) for day in (days[0], days[-1]))
    following = _first_of(last + 31 * months * ONE_DAY, months)
    return [first + ONE_DAY * n for n in range((following - first).days)]


def _first_of(day: date, months: int) -> date:
    return day.replace(month=day.month - (day.month - 1) % months, day=1)


def day_kinds(
    name: str, calendar: Calendar, holidays: Holidays | None
) -> Callable[[date], DayKind]:
    """What a calendar takes a day for: a public holiday, a make-up workday or neither.

    Raises
    ------
    PlanError
        If the calendar follows a table that the scenario does not give, or the table has one
        day twice; and from the function returned, in a year without data.
    """
    if calendar.holidays == "none":
        return lambda _: "plain"
    if calendar.holidays == "china":
        return lambda day: _china(name, day)
    if holidays is None:
        raise PlanError(f"calendars.{name}.holidays: the scenario has no table of holidays")
    off = {moment.date() for moment in holidays.off}
    on = {moment.date() for moment in holidays.on}
    if off & on:
        message = f"{min(off & on)} is also a public holiday"
        zh = f"{min(off & on)} 同时列为放假日"
        raise PlanError(f"holidays.on: {message}", zh)
    return lambda day: "off" if day in off else "on" if day in on else "plain"


def _china(name: str, day: date) -> DayKind:
    import chinese_calendar

    try:
        is_free, festival = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        message = f"there are no official holidays for the year {day.year}"
        hint = "write them out under holidays: and say holidays: table"
        zh = f"没有 {day.year} 年的法定节假日；请在 holidays 中列出，并写 holidays: table"
        raise PlanError(f"calendars.{name}.holidays: {message}; {hint}", zh) from None
    if festival is None:
        return "plain"
    return "off" if is_free else "on"


def period_starts(
    every: Every,
    start: datetime,
    end: int,
    stretches: tuple[Int, Int] | None = None,
) -> Int:
    """First instants of civil periods, from the one that holds time 0 to the last before `end`.

    The first is zero or negative, because a run may begin in the middle of a period.

    Parameters
    ----------
    every
        The period. Weeks begin on Monday; a ``workday`` is a civil day with duty in it.
    start, end
        Time 0 and the length of the run.
    stretches
        Begins and ends of the duty of one rota group; needed for ``workday`` only.
    """
    return periods(every, start, end, stretches)[:, 0]


def periods(
    every: Every,
    start: datetime,
    end: int,
    stretches: tuple[Int, Int] | None = None,
) -> Int:
    """Civil periods as rows (first instant, one past the last); see `period_starts`."""
    days = civil_days(start, end)
    if every in ("day", "workday"):
        begins = [midnight(day, start) for day in days]
        rows = np.array([(begin, begin + DAY) for begin in begins], np.int64).reshape(-1, 2)
        return rows if every == "day" else _with_duty(rows, stretches)
    first = days[0]
    match every:
        case "week":
            first -= ONE_DAY * first.weekday()
        case "month":
            first = first.replace(day=1)
        case _:
            first = first.replace(month=1, day=1)
    edges = [midnight(first, start)]
    while edges[-1] < end or len(edges) < 2:
        first = _following(first, every)
        edges.append(midnight(first, start))
    return np.stack((edges[:-1], edges[1:]), axis=1).astype(np.int64)


def _following(day: date, every: Every) -> date:
    if every == "week":
        return day + 7 * ONE_DAY
    if every == "year":
        return day.replace(year=day.year + 1)
    return (day + 31 * ONE_DAY).replace(day=1)


def _with_duty(rows: Int, stretches: tuple[Int, Int] | None) -> Int:
    if stretches is None:
        raise PlanError("a period of workdays needs a calendar that says which they are")
    begins, ends = stretches
    # The first stretch that ends after midnight must begin before the next one.
    following = np.searchsorted(ends, rows[:, 0], side="right")
    begin = np.append(begins, np.iinfo(np.int64).max)[following]
    return rows[begin < rows[:, 1]]
