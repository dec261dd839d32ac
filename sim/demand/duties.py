"""Scheduled duties: a number per period, laid evenly over the hours of a calendar.

For every place the number due so far grows from 0: within a period in step with its duty hours
(spread), or at once at its first moment on duty. The n-th duty falls where that number passes n
plus the phase of the place, a keyed share of one duty. So fractions per period add up, a year's
total is exact to one duty per place, and places do not all begin at the same moment.

A period without duty hours hands its number on to the next that has some. A period that the
run only covers in part counts in proportion to the days covered; without spread, it counts in
full if it begins on the first day of the run or later.
"""

from math import gcd
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.demand.arrivals import DAY, Reports
from sim.demand.homes import Residents, counted_in, numbers_in
from sim.demand.purposes import Purpose
from sim.demand.streams import uniform64_array
from sim.keys import subkey_array
from sim.plan.layout import Plan

Int = NDArray[np.int64]
Floats = NDArray[np.float64]

EVERY_DAY, EVERY_WEEK, EVERY_MONTH, EVERY_YEAR, EVERY_WORKDAY = range(5)
"""What `plan.source_period` may say."""

_PHASE, _TURN = 0, 1
"""Ordinals of the draws of a place: its phase, and the household whose turn is first."""

_GOLDEN: Final = 0.6180339887498949
_THURSDAY: Final = 3
"""Weekday, from Monday = 0, of day 0 of the civil count, 1970-01-01."""


class Hours(NamedTuple):
    """Stretches of duty inside the run, and the duty time before each of them."""

    on: Int
    off: Int
    before: Int
    """[stretches + 1]"""


def duties(plan: Plan, key: tuple[int, int], source: int) -> Reports:
    """All duties of a source of kind DUTY."""
    hours = hours_of(plan, int(plan.source_group[source]))
    begin, end, due = _due(plan, source, hours)
    passed = np.concatenate([[0.0], np.cumsum(due)])
    places = np.flatnonzero(plan.place_level == plan.source_level[source])
    counted = counted_in(plan, int(plan.source_counted[source]), places).astype(np.float64)
    phase = _uniform(plan, key, source, places)
    size = np.ceil(np.maximum(counted * passed[-1] - phase + 1, 0)).astype(np.int64)
    row = np.repeat(np.arange(places.size), size)
    ordinal = np.arange(row.size) - np.repeat(np.cumsum(size) - size, size)
    number = (ordinal + phase[row]) / np.where(counted > 0, counted, 1.0)[row]
    kept = (number < passed[-1]) & (counted[row] > 0)
    row, ordinal, number = row[kept], ordinal[kept], number[kept]
    period = np.searchsorted(passed, number, side="right") - 1
    time = duty_time_at(hours, begin)[period]
    if plan.source_spread[source]:
        inside = (number - passed[period]) / due[period]
        length = duty_time_at(hours, end)[period] - time
        time = time + np.minimum((inside * length).astype(np.int64), length - 1)
    at = (moment_of(hours, time) + (plan.tick >> 1)) // plan.tick * plan.tick
    kept = at < plan.end
    return Reports(at[kept], places[row[kept]], ordinal[kept])


def turns(
    plan: Plan, key: tuple[int, int], source: int, reports: Reports, who: Residents
) -> Int:
    """The household (or shop) of each duty: everyone of a place once before anyone twice.

    Steps of the golden section, made coprime to the number of households, lead from each to a
    distant one, so that at any time the visits are shared out evenly over the grids.
    """
    places, at = np.unique(reports.place, return_inverse=True)
    first, stride = turns_of(plan, key, source, places, who)
    count = np.maximum(numbers_in(plan, who, places), 1)
    found: Int = (first[at] + reports.ordinal * stride[at]) % count[at]
    return found


def turns_of(
    plan: Plan, key: tuple[int, int], source: int, places: Int, who: Residents
) -> tuple[Int, Int]:
    """The household whose turn is first in each place, and the stride from one to the next."""
    count = np.maximum(numbers_in(plan, who, places), 1)
    stride = np.array([_coprime_stride(int(n)) for n in count], np.int64)
    streams = subkey_array(plan.source_key[source], plan.place_key[places])
    words = uniform64_array(*key, Purpose.VISIT_PHASE, streams, _TURN)
    return (words >> np.uint64(33)).astype(np.int64) * count >> 31, stride


def hours_of(plan: Plan, group: int) -> Hours:
    """The duty hours of a calendar group within the run; group -1 is round the clock."""
    if group < 0:
        on, off = np.zeros(1, np.int64), np.full(1, plan.end)
    else:
        part = slice(plan.group_ptr[group], plan.group_ptr[group + 1])
        on = np.clip(plan.group_on[part], 0, plan.end)
        off = np.clip(plan.group_off[part], 0, plan.end)
    some = off > on
    on, off = on[some], off[some]
    return Hours(on, off, np.concatenate([[0], np.cumsum(off - on)]))


def duty_time_at(hours: Hours, times: Int) -> Int:
    """Duty time from time 0 to each time."""
    if not hours.on.size:
        return np.zeros_like(times)
    at = np.maximum(np.searchsorted(hours.on, times, side="right") - 1, 0)
    inside = np.clip(times - hours.on[at], 0, hours.off[at] - hours.on[at])
    found: Int = hours.before[at] + inside
    return found


def moment_of(hours: Hours, duty_time: Int) -> Int:
    """The time on duty at which so much duty time has passed."""
    at = np.searchsorted(hours.before, duty_time, side="right") - 1
    found: Int = hours.on[at] + duty_time - hours.before[at]
    return found


def borders(plan: Plan, period: int) -> Int:
    """Civil borders of the periods that the run touches, in µs from time 0."""
    start = plan.start_ns // 1000
    first, last = start // DAY, (start + plan.end - 1) // DAY
    if period in (EVERY_DAY, EVERY_WORKDAY):
        days = np.arange(first, last + 2)
    elif period == EVERY_WEEK:
        days = np.arange(first - (first + _THURSDAY) % 7, last + 8, 7)
    else:
        unit = "datetime64[M]" if period == EVERY_MONTH else "datetime64[Y]"
        ends = np.array([first, last], "datetime64[D]").astype(unit).astype(np.int64)
        whole = np.arange(ends[0], ends[1] + 2).astype(unit)
        days = whole.astype("datetime64[D]").astype(np.int64)
    return days.astype(np.int64) * DAY - start


def _due(plan: Plan, source: int, hours: Hours) -> tuple[Int, Int, Floats]:
    """Begin and end of the periods with duty hours, and the number due in each per thing."""
    border = borders(plan, int(plan.source_period[source]))
    begin, end = border[:-1], border[1:]
    inside = np.minimum(end, plan.end) - np.maximum(begin, 0)
    if plan.source_spread[source]:
        due = plan.source_rate[source] * (inside / (end - begin))
    else:
        due = np.where(begin > -DAY, plan.source_rate[source], 0.0)
    open_ = duty_time_at(hours, end) > duty_time_at(hours, begin)
    if plan.source_period[source] != EVERY_WORKDAY:
        due = _handed_on(due, open_)
    return begin[open_], end[open_], due[open_]


def _handed_on(due: Floats, open_: NDArray[np.bool_]) -> Floats:
    """Numbers of closed periods added to the next open one."""
    total, handed = 0.0, np.zeros_like(due)
    for at in range(due.size):
        total += due[at]
        if open_[at]:
            handed[at], total = total, 0.0
    return handed


def _uniform(plan: Plan, key: tuple[int, int], source: int, places: Int) -> Floats:
    """The phase of each place, from 0 to 1."""
    streams = subkey_array(plan.source_key[source], plan.place_key[places])
    words = uniform64_array(*key, Purpose.VISIT_PHASE, streams, _PHASE)
    return (words >> np.uint64(11)).astype(np.float64) / (1 << 53)


def _coprime_stride(count: int) -> int:
    """The number nearest above the golden section of `count` that shares no factor with it."""
    stride = max(1, round(count * _GOLDEN))
    while gcd(stride, count) > 1:
        stride += 1
    return stride
