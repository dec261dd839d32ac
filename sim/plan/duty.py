"""Stretches of duty from a calendar's pattern, one list for each rota group.

Blocks of part-time duty: the hours of all `days` are the blocks of a period, in order of
time. A week has N = days × hours of them and N groups; group g serves blocks g, g + 1, …, up to
their number, modulo N. A month has N = 4 × days × hours groups, since every weekday comes four
times in any month; in a month with M blocks on working days the count wraps at the smaller of
M and N, so that a short month costs nobody a day. A public holiday is no working day of a
month; in a week its blocks are lost. A make-up workday has the blocks of a Monday.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Final, NamedTuple

from sim.errors import PlanError
from sim.model.calendars import Calendar, PartDays, Rota, Windows
from sim.plan.civil import DayKind, civil_days, midnight, whole_periods
from sim.units import DAY, parse_time_of_day

Stretch = tuple[int, int]

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Span(NamedTuple):
    """What a run asks of a calendar."""

    start: datetime
    end: int
    kind_of: Callable[[date], DayKind]

    def days(self, *, nights: bool = False) -> list[date]:
        """The days of the run, and with `nights` the one before, which may reach in."""
        return civil_days(self.start, self.end, before=nights)


def duty_stretches(name: str, calendar: Calendar, span: Span) -> list[list[Stretch]]:
    """Sorted, merged, half-open stretches of each group, cut to the run.

    Raises
    ------
    PlanError
        If the pattern contradicts itself; the message begins with the field path.
    """
    return [_clean(found, span.end) for found in _patterns(name, calendar, span)]


def _patterns(name: str, calendar: Calendar, span: Span) -> list[list[Stretch]]:
    """Unsorted stretches of each group; they may overlap and reach out of the run."""
    if calendar.week is not None:
        return [list(_hours_of(calendar.week, name, span))]
    if calendar.part_days is not None:
        return _part_days(name, calendar.part_days, span)
    if calendar.rota is not None:
        found = _rota(calendar.rota, span.end)
    elif calendar.windows is not None:
        found = [_windows(f"calendars.{name}.windows", calendar.windows, span.end)]
    else:
        found = [[(0, span.end)]]
    if calendar.holidays == "none":
        return found
    free = [midnight(day, span.start) for day in span.days() if span.kind_of(day) == "off"]
    return [list(_without(_clean(own, span.end), free)) for own in found]


# ---- by weekday


def _weekly(name: str, week: Mapping[str, list[str]]) -> list[list[Stretch]]:
    """Hours of each weekday as µs from its midnight."""
    days: list[list[Stretch]] = [[] for _ in WEEKDAYS]
    for key, hours in week.items():
        found = [_hours(f"calendars.{name}.week.{key}", text) for text in hours]
        for day in _weekdays(key):
            days[day] += found
    return days


def _weekdays(text: str) -> list[int]:
    """Numbers of the weekdays of a range; ``fri-mon`` goes over the weekend."""
    first, _, last = text.partition("-")
    begin = WEEKDAYS.index(first)
    length = (WEEKDAYS.index(last or first) - begin) % 7 + 1
    return [(begin + n) % 7 for n in range(length)]


def _hours(path: str, text: str) -> Stretch:
    """``22:00-06:00`` as µs from midnight; an end at or before the begin is on the next day."""
    first, _, last = text.partition("-")
    try:
        begin, end = parse_time_of_day(first), parse_time_of_day(last)
    except ValueError as error:
        zh = f"无法读懂时段“{text}”；例如 08:30-12:00"
        raise PlanError(f"{path}: {text}: {error}", zh) from None
    if begin == DAY:
        message = f"{text}: a day begins at 00:00, not at 24:00"
        raise PlanError(f"{path}: {message}", f"{text}：一天从 00:00 开始，不是 24:00")
    return begin, end if end > begin else end + DAY


def _hours_of(week: Mapping[str, list[str]], name: str, span: Span) -> Iterator[Stretch]:
    """Duty of every civil day by its weekday, by Monday's hours, or none on a holiday."""
    days = _weekly(name, week)
    nights = any(off > DAY for hours in days for _, off in hours)
    for day in span.days(nights=nights):
        kind = span.kind_of(day)
        begin = midnight(day, span.start)
        if kind != "off":
            hours = days[0 if kind == "on" else day.weekday()]
            yield from ((begin + on, begin + off) for on, off in hours)


# ---- part-time duty

SURE_WEEKS = {"week": 1, "month": 4, "quarter": 12}
"""How often a weekday comes at least in each period."""

MONTHS = {"week": 1, "month": 1, "quarter": 3}
"""Civil months after which the counting of blocks begins anew."""

PERIOD_ZH = {"week": "周", "month": "月", "quarter": "季度"}


def _part_days(name: str, rule: PartDays, span: Span) -> list[list[Stretch]]:
    path = f"calendars.{name}.part_days"
    hours = sorted(_hours(f"{path}.hours", text) for text in rule.hours)
    weekdays = _weekdays(rule.days)
    count = len(weekdays) * len(hours) * SURE_WEEKS[rule.per]
    if rule.blocks > count:
        message = f"{rule.blocks} blocks of a {rule.per} that surely has only {count}"
        period = PERIOD_ZH[rule.per]
        zh = f"每{period} {rule.blocks} 班，但每{period}一定有的只有 {count} 班"
        raise PlanError(f"{path}.blocks: {message}", zh)
    found: list[list[Stretch]] = [[] for _ in range(1 if rule.blocks == count else count)]
    months = MONTHS[rule.per]
    blocks = _blocks(weekdays, hours, months, span)
    if rule.per == "week":
        _serve_weeks(found, rule.blocks, count, blocks)
    else:
        _serve_periods(found, rule.blocks, count, blocks)
    return found


class _Block(NamedTuple):
    """One block on a working day."""

    period: tuple[int, int]
    """The year, and the month or quarter of it, in which the block counts."""
    number: int
    """Which of the week's blocks it is."""
    stretch: Stretch


def _blocks(
    weekdays: list[int], hours: list[Stretch], months: int, span: Span
) -> Iterator[_Block]:
    """Blocks of all periods that the run touches, since they are counted from the first day."""
    nights = any(off > DAY for _, off in hours)
    for day in whole_periods(span.days(nights=nights), months):
        kind = span.kind_of(day)
        weekday = 0 if kind == "on" else day.weekday()
        if kind == "off" or weekday not in weekdays:
            continue
        begin = midnight(day, span.start)
        for at, (on, off) in enumerate(hours):
            number = weekdays.index(weekday) * len(hours) + at
            period = (day.year, (day.month - 1) // months)
            yield _Block(period, number, (begin + on, begin + off))


def _serve_weeks(
    found: list[list[Stretch]], own: int, count: int, blocks: Iterable[_Block]
) -> None:
    for block in blocks:
        for group, stretches in enumerate(found):
            if (block.number - group) % count < own:
                stretches.append(block.stretch)


def _serve_periods(
    found: list[list[Stretch]], own: int, count: int, blocks: Iterable[_Block]
) -> None:
    for _, period in groupby(blocks, key=lambda block: block.period):
        those = [block.stretch for block in period]
        wrap = min(len(those), count)
        for group, stretches in enumerate(found):
            stretches += [those[(group + n) % wrap] for n in range(min(own, wrap))]


# ---- by length


def _rota(rota: Rota, end: int) -> list[list[Stretch]]:
    """Shift k, counted from the start of the run, belongs to group k modulo groups."""
    if rota.groups == 1:
        return [[(0, end)]]
    cycle = rota.shift * rota.groups
    return [
        [(on, on + rota.shift) for on in range(group * rota.shift, end, cycle)]
        for group in range(rota.groups)
    ]


def _windows(path: str, windows: Windows, end: int) -> list[Stretch]:
    written = [(window.start, window.end) for window in windows.on]
    for index, (on, off) in enumerate(written):
        if off <= on:
            raise PlanError(f"{path}.on[{index}].end: must be later than start")
        if index and on < written[index - 1][1]:
            raise PlanError(f"{path}.on[{index}].start: begins before the last one ends")
    if windows.every is None:
        return written
    if windows.every < written[-1][1]:
        raise PlanError(f"{path}.every: shorter than the stretches that it repeats")
    return [
        (begin + on, begin + off)
        for begin in range(0, end, windows.every)
        for on, off in written
    ]


def longest_day(name: str, calendar: Calendar) -> int:
    """µs of duty on the longest day of a calendar's pattern, whether or not a run meets it."""
    if calendar.week is not None:
        days = _weekly(name, calendar.week)
        return max(sum(off - on for on, off in _clean(hours, 2 * DAY)) for hours in days)
    if calendar.part_days is not None:
        path = f"calendars.{name}.part_days.hours"
        hours = [_hours(path, text) for text in calendar.part_days.hours]
        return sum(off - on for on, off in _clean(hours, 2 * DAY))
    if calendar.rota is not None:
        return min(calendar.rota.shift, DAY)
    if calendar.windows is not None:
        return min(max(window.end - window.start for window in calendar.windows.on), DAY)
    return DAY


# ---- stretches


def _clean(stretches: Iterable[Stretch], end: int) -> list[Stretch]:
    """Sorted, merged where they touch or overlap, and cut to the run."""
    clean: list[Stretch] = []
    for begin, finish in sorted(stretches):
        on, off = max(begin, 0), min(finish, end)
        if on >= off:
            continue
        if clean and on <= clean[-1][1]:
            clean[-1] = (clean[-1][0], max(off, clean[-1][1]))
        else:
            clean.append((on, off))
    return clean


def _without(stretches: Iterable[Stretch], free: Iterable[int]) -> Iterator[Stretch]:
    """Stretches without the days that begin at the given midnights (rising)."""
    holes = list(free)
    for begin, off in stretches:
        on = begin
        for hole in holes:
            if hole + DAY > on and hole < off:
                yield on, hole  # empty where the hole begins first; cleaned away later
                on = hole + DAY
        yield on, off
