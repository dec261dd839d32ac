"""Calendars: stretches by hand, who serves which half-day, holidays, civil periods."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import PlanError
from sim.model.calendars import Calendar, Holidays
from sim.plan.calendars import compile_calendars, period_starts, periods, worker_group
from sim.units import DAY, HOUR, WEEK

MONDAY = datetime(2024, 1, 1)
OFFICE = {"week": {"mon-fri": ["08:30-12:00", "14:00-17:30"]}}


def compiled(pattern, start=MONDAY, end=WEEK, holidays=None):
    calendars = {"c": Calendar.model_validate(pattern)}
    return compile_calendars(calendars, holidays, start, end, ["c"])


def duty(pattern, group=0, unit=HOUR, **run):
    """Stretches of one group in hours from time 0."""
    found = compiled(pattern, **run)
    first, _ = found.groups_of("c")
    return [
        (on / unit, off / unit) for on, off in zip(*found.stretches(first + group), strict=True)
    ]


def days_on(pattern, group=0, **run):
    return sorted({int(on // 24) for on, _ in duty(pattern, group, **run)})


def test_group_0_is_always_and_groups_follow_by_name():
    calendars = {
        "z": Calendar.model_validate(OFFICE),
        "a": Calendar.model_validate({"rota": {"shift": "8 h", "groups": 3}}),
        "m": Calendar(always=True),
        "unused": Calendar.model_validate(OFFICE),
    }
    found = compile_calendars(calendars, None, MONDAY, DAY, ["z", "a", "m", "always", "a"])

    assert found.names == ("always#0", "a#0", "a#1", "a#2", "z#0")
    assert found.groups == {"always": (0, 1), "a": (1, 3), "m": (0, 1), "z": (4, 1)}
    assert found.group_ptr.tolist() == [0, 1, 2, 3, 4, 6]
    assert found.group_on.tolist() == [h * HOUR // 2 for h in (0, 0, 16, 32, 17, 28)]
    assert found.group_off.tolist() == [h * HOUR // 2 for h in (48, 16, 32, 48, 24, 35)]
    assert found.longest_day == {"always": DAY, "a": 8 * HOUR, "m": DAY, "z": 7 * HOUR}


def test_a_working_week_is_cut_to_the_run():
    start = datetime(2024, 1, 5, 9, 30)  # a Friday

    assert duty(OFFICE, start=start, end=3 * DAY + HOUR) == [(0, 2.5), (4.5, 8), (71, 73)]


def test_a_night_shift_reaches_over_midnight_and_into_the_run():
    nights = {"week": {"sun-mon": ["22:00-06:00"], "tue": ["06:00-07:00", "00:00-06:00"]}}

    assert duty(nights, end=2 * DAY) == [(0, 6), (22, 31)]
    assert compiled(nights).longest_day["c"] == 8 * HOUR


def test_half_a_day_a_week_has_ten_groups():
    half_day = {
        "part_days": {"per": "week", "blocks": 1, "hours": ["08:30-12:00", "14:00-17:30"]}
    }
    found = compiled(half_day)

    assert found.groups_of("c") == (1, 10)
    assert duty(half_day, 0) == [(8.5, 12)]
    assert duty(half_day, 1) == [(14, 17.5)]
    assert duty(half_day, 9) == [(4 * 24 + 14, 4 * 24 + 17.5)]


@given(blocks=st.integers(1, 10), days=st.sampled_from(["mon-fri", "mon", "fri-mon"]))
def test_every_block_of_a_week_is_served_by_equally_many_groups(blocks, days):
    width = {"mon-fri": 5, "mon": 1, "fri-mon": 4}[days]
    blocks = min(blocks, 2 * width)
    rule = {
        "per": "week",
        "blocks": blocks,
        "days": days,
        "hours": ["08:00-12:00", "13:00-17:00"],
    }
    found = compiled({"part_days": rule})
    first, count = found.groups_of("c")

    assert count == (1 if blocks == 2 * width else 2 * width)
    served = [tuple(found.stretches(first + g)[0].tolist()) for g in range(count)]
    assert len(set(served)) == count
    assert all(len(own) == blocks for own in served)
    flat = [on for own in served for on in own]
    assert {flat.count(on) for on in flat} == {len(flat) // (2 * width)}


def test_two_days_a_month_follow_the_calendar_not_thirty_days():
    rule = {"part_days": {"per": "month", "blocks": 2, "hours": ["09:00-17:00"]}}
    year = {"end": 366 * DAY}

    assert compiled(rule).groups_of("c") == (1, 20)
    # 1 and 2 January, 1 and 2 February, 1 and 4 March
    assert days_on(rule, 0, **year)[:6] == [0, 1, 31, 32, 60, 63]
    assert days_on(rule, 19, **year)[:4] == [0, 25, 31, 58]  # the 1st and 20th working day
    assert all(len(duty(rule, group, **year)) == 24 for group in range(20))


def test_a_month_short_of_working_days_costs_nobody_a_day():
    october = {"start": datetime(2024, 10, 1), "end": 31 * DAY}
    rule = {"per": "month", "blocks": 2, "hours": ["09:00-17:00"]}
    pattern = {"part_days": rule, "holidays": "china"}  # 1-7 off, Saturday the 12th on

    assert days_on(pattern, 0, **october) == [7, 8]
    assert days_on(pattern, 4, **october) == [11, 13]  # the make-up Saturday counts
    assert all(len(duty(pattern, group, **october)) == 2 for group in range(20))
    assert days_on(pattern, 19, **october) == [
        7,
        8,
    ]  # 19 working days: the twentieth is the first


def test_a_month_is_counted_from_its_first_day_even_if_the_run_begins_later():
    rule = {"part_days": {"per": "month", "blocks": 1, "hours": ["09:00-17:00"]}}

    assert days_on(rule, 3, start=datetime(2024, 1, 3), end=9 * DAY) == [1]  # Thursday the 4th
    assert days_on(rule, 0, start=datetime(2024, 1, 3), end=9 * DAY) == []


def test_one_day_a_quarter_follows_the_civil_quarter():
    rule = {"part_days": {"per": "quarter", "blocks": 1, "hours": ["09:00-12:00"]}}
    year = {"end": 366 * DAY}

    # Mondays to Fridays from 1 January 2024: the first days of January, April, July and October
    assert days_on(rule, 0, **year) == [0, 91, 182, 274]
    assert days_on(rule, 59, **year) == [81, 172, 263, 357]  # the 60th working day of each
    assert days_on(rule, 0, start=datetime(2024, 2, 1), end=90 * DAY) == [60]  # 1 April


def test_a_rota_takes_turns_from_the_start_of_the_run():
    rota = {"rota": {"shift": "12 h", "groups": 3}}

    assert duty(rota, 0, end=2 * DAY) == [(0, 12), (36, 48)]
    assert duty(rota, 2, end=2 * DAY) == [(24, 36)]
    assert duty({"rota": {"shift": "12 h", "groups": 1}}, end=2 * DAY) == [(0, 48)]


def test_windows_repeat_and_touching_stretches_are_one():
    on = [{"start": "0 h", "end": "1 h"}, {"start": "4 h", "end": "6 h"}]

    assert duty({"windows": {"on": on}}) == [(0, 1), (4, 6)]
    assert duty({"windows": {"on": on, "every": "6 h"}}, end=14 * HOUR) == [
        (0, 1),
        (4, 7),
        (10, 13),
    ]


def test_official_holidays_are_off_and_make_up_days_have_the_hours_of_a_monday():
    # 2024: Spring Festival 10-17 February; Sundays 4 and 18 February are workdays.
    pattern = {
        "week": {"mon": ["08:00-12:00"], "tue-fri": ["09:00-17:00"]},
        "holidays": "china",
    }
    found = duty(pattern, start=datetime(2024, 2, 3), end=17 * DAY)

    assert found[0] == (32, 36)
    assert [int(on // 24) for on, _ in found] == [1, 2, 3, 4, 5, 6, 15, 16]


def test_the_scenarios_own_table_of_holidays():
    table = Holidays.model_validate({"off": ["2024-01-03"], "on": ["2024-01-06"]})

    assert days_on({**OFFICE, "holidays": "table"}, holidays=table) == [0, 1, 3, 4, 5]
    round_the_clock = {"always": True, "holidays": "table"}
    assert duty(round_the_clock, holidays=table) == [(0, 48), (72, 168)]
    rota = {"rota": {"shift": "36 h", "groups": 2}, "holidays": "table"}
    assert duty(rota, 1, holidays=table) == [(36, 48), (108, 144)]


@pytest.mark.parametrize(
    ("pattern", "run", "says"),
    [
        ({**OFFICE, "holidays": "china"}, {"start": datetime(2031, 1, 1)}, "year 2031"),
        ({**OFFICE, "holidays": "table"}, {}, r"calendars\.c\.holidays: .* no table"),
        ({"week": {"mon": ["25:00-26:00"]}}, {}, r"calendars\.c\.week\.mon: 25:00"),
        ({"week": {"mon": ["24:00-25:00"]}}, {}, r"calendars\.c\.week\.mon"),
        (
            {"part_days": {"per": "week", "blocks": 6, "hours": ["08:00-12:00"]}},
            {},
            r"part_days\.blocks: 6 blocks of a week .* only 5",
        ),
        ({"windows": {"on": [{"start": "2 h", "end": "1 h"}]}}, {}, r"on\[0\]\.end"),
        (
            {
                "windows": {
                    "on": [{"start": "0 h", "end": "2 h"}, {"start": "1 h", "end": "3 h"}]
                }
            },
            {},
            r"on\[1\]\.start",
        ),
        (
            {"windows": {"on": [{"start": "0 h", "end": "2 h"}], "every": "1 h"}},
            {},
            r"windows\.every",
        ),
        (OFFICE, {"end": 9_000 * 365 * DAY}, r"run\.horizon"),
    ],
)
def test_calendars_that_cannot_be_are_refused_by_field(pattern, run, says):
    with pytest.raises(PlanError, match=says):
        compiled(pattern, **run)


def test_unknown_calendars_and_a_second_always_are_refused():
    with pytest.raises(PlanError, match="no calendar x"):
        compile_calendars({}, None, MONDAY, DAY, ["x"])
    with pytest.raises(PlanError, match=r"calendars\.always"):
        compile_calendars({"always": Calendar.model_validate(OFFICE)}, None, MONDAY, DAY, [])
    table = Holidays.model_validate({"off": ["2024-01-03"], "on": ["2024-01-03"]})
    with pytest.raises(PlanError, match=r"holidays\.on: 2024-01-03"):
        compiled({**OFFICE, "holidays": "table"}, holidays=table)


def test_the_first_day_of_the_official_data_needs_no_day_before_it():
    pattern = {**OFFICE, "holidays": "china"}

    assert days_on(pattern, start=datetime(2004, 1, 1), end=2 * DAY) == [1]


def test_neighbours_serve_at_different_times():
    assert [worker_group(4, 10, place, worker) for place in (0, 9) for worker in (0, 1)] == [
        4,
        5,
        13,
        4,
    ]


def test_civil_periods_begin_before_a_run_that_begins_in_their_middle():
    start, end = datetime(2024, 1, 31, 12), 32 * DAY  # a Wednesday noon, to 3 March

    assert (period_starts("day", start, DAY) / HOUR).tolist() == [-12, 12]
    assert (period_starts("week", start, 13 * DAY) / HOUR).tolist() == [-60, 108, 276]
    assert (periods("month", start, end) / HOUR).tolist() == [
        [-30 * 24 - 12, 12],
        [12, 29 * 24 + 12],
        [29 * 24 + 12, 60 * 24 + 12],
    ]
    assert (periods("year", start, end) / HOUR).tolist() == [[-732, 335 * 24 + 12]]


def test_workdays_are_the_days_with_duty_in_them():
    found = compiled({"week": {"mon-tue": ["09:00-17:00"], "fri": ["22:00-06:00"]}})

    starts = period_starts("workday", MONDAY, WEEK, found.stretches(1))

    assert (starts / DAY).tolist() == [0, 1, 4, 5]
    with pytest.raises(PlanError, match="workdays"):
        period_starts("workday", MONDAY, WEEK)
