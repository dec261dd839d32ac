"""Scheduled duties: exact numbers per period, inside duty hours, everyone in turn."""

from datetime import datetime

import numpy as np
import pytest

from sim.demand import duties
from sim.demand.homes import HOUSEHOLD, PLACE, residents
from sim.demand.streams import stream_key
from sim.plan.codes import SourceKind
from tests.unit.demand_plans import (
    COMMUNITY,
    DAY,
    GRID,
    HOUR,
    TOWN,
    WEEK,
    YEAR,
    a_source,
    make_plan,
)

OFFICE = tuple(
    (day * DAY + begin * HOUR, day * DAY + end * HOUR)
    for day in range(366)
    for begin, end in ((8, 12), (14, 18))
    if day % 7 < 5  # time 0 is a Monday
)
KEY = stream_key(3, 1)
PERIODS = {"day": 0, "week": 1, "month": 2, "year": 3, "workday": 4}


def plan_with(times, every, end=28 * DAY, start=datetime(2024, 1, 1), **settings):
    given = {"counted": PLACE, "level": GRID} | settings
    duty = a_source("round", kind=SourceKind.DUTY, rate=times, period=PERIODS[every], **given)
    return make_plan([duty], end=end, start=start, groups=(OFFICE,))


def draw(plan):
    return duties.duties(plan, KEY, 0)


def per_place(reports, width, end):
    """Counts [places, periods]."""
    places = np.unique(reports.place)
    rows = [
        np.bincount(reports.reported_at[reports.place == p] // width, minlength=end // width)
        for p in places
    ]
    return np.array(rows)


def on_duty(times):
    begin, end = np.array(OFFICE).T
    at = np.searchsorted(begin, times, side="right") - 1
    return times < end[at]


@pytest.mark.parametrize("spread", [0, 1], ids=["at once", "spread"])
def test_so_many_a_workday_is_exactly_that(spread):
    reports = draw(plan_with(3, "workday", spread=spread))

    counts = per_place(reports, DAY, 28 * DAY)
    assert counts.shape == (6, 28)
    assert np.array_equal(counts, np.tile([3, 3, 3, 3, 3, 0, 0], (6, 4)))
    assert on_duty(reports.reported_at).all()


def test_so_many_a_week_is_exactly_that():
    counts = per_place(draw(plan_with(7, "week")), WEEK, 28 * DAY)

    assert np.array_equal(counts, np.full((6, 4), 7))


def test_a_daily_duty_of_a_free_day_is_done_on_the_next_workday():
    counts = per_place(draw(plan_with(2, "day")), DAY, 28 * DAY)

    assert np.array_equal(
        counts[:, :14], np.tile([2] * 5 + [0, 0, 6] + [2] * 4 + [0, 0], (6, 1))
    )


def test_without_spread_a_duty_falls_on_the_first_moment_of_its_period():
    reports = draw(plan_with(1, "week", spread=0))

    assert set(reports.reported_at % WEEK) == {8 * HOUR}


def test_spread_duties_have_equal_distances_in_duty_hours():
    plan = plan_with(4, "workday", level=COMMUNITY)
    reports = draw(plan)
    hours = duties.hours_of(plan, 0)

    for place in np.unique(reports.place):
        passed = duties.duty_time_at(hours, reports.reported_at[reports.place == place])
        assert np.abs(np.diff(passed) - 2 * HOUR).max() <= 1
    assert on_duty(reports.reported_at).all()


def test_places_begin_at_phases_of_their_own():
    reports = draw(plan_with(1, "week"))
    first = [reports.reported_at[reports.place == p].min() for p in np.unique(reports.place)]

    assert len(set(first)) == 6


def test_fractions_add_up_to_the_total_of_the_year():
    plan = plan_with(0.04, "week", end=364 * DAY, counted=HOUSEHOLD, level=COMMUNITY)
    reports = draw(plan)
    counts = np.bincount(reports.place)

    assert abs(counts[1] - 500 * 0.04 * 52) <= 1
    assert abs(counts[4] - 500 * 0.04 * 52) <= 1
    weeks = per_place(reports, WEEK, 364 * DAY)
    assert np.abs(weeks - 20).max() <= 1


def test_a_quarter_a_week_without_spread_is_every_fourth_week_not_all_at_once():
    reports = draw(plan_with(0.25, "week", end=364 * DAY, spread=0))
    weeks = per_place(reports, WEEK, 364 * DAY)

    assert weeks.sum(1).tolist() == [13] * 6
    assert (np.diff(np.flatnonzero(weeks[0])) == 4).all()
    assert weeks.any(0).sum() > 13


def test_a_year_covered_in_part_counts_in_part():
    counts = np.bincount(draw(plan_with(100, "year", end=73 * DAY, level=COMMUNITY)).place)

    assert abs(counts[1] - 100 * 73 / 366) <= 1


@pytest.mark.parametrize(
    ("start", "every", "expected"),
    [
        (datetime(2024, 1, 1), "month", [0, 31 * DAY, 60 * DAY, 91 * DAY]),
        (datetime(2024, 1, 3, 12), "week", [-2.5 * DAY, 4.5 * DAY, 11.5 * DAY]),
        (datetime(2023, 12, 30), "year", [-363 * DAY, 2 * DAY, 368 * DAY]),
    ],
)
def test_periods_are_those_of_the_civil_calendar(start, every, expected):
    end = {"month": 70 * DAY, "week": 10 * DAY, "year": 10 * DAY}[every]
    plan = plan_with(1, every, end=end, start=start)

    assert duties.borders(plan, PERIODS[every])[: len(expected)].tolist() == expected


def test_a_period_that_began_before_the_run_has_had_its_first_moment():
    plan = plan_with(1, "month", end=75 * DAY, spread=0, start=datetime(2024, 1, 15))
    months = draw(plan).reported_at

    # Hours are those of a run from a Monday; February begins 17 days, March 46 days later.
    assert set(months) == {17 * DAY + 8 * HOUR, 46 * DAY + 8 * HOUR}


def test_everyone_is_visited_once_before_anyone_twice():
    plan = plan_with(0.5, "week", end=182 * DAY, counted=HOUSEHOLD, level=COMMUNITY)
    reports = draw(plan)
    numbers = duties.turns(plan, KEY, 0, reports, residents(plan, HOUSEHOLD))

    for place in (1, 4):
        mine = numbers[reports.place == place]
        assert np.array_equal(np.sort(mine[:500]), np.arange(500))
        assert np.array_equal(mine[:500], mine[500:1000])
        # At any time, visits are shared out over households as evenly as numbers can be.
        for visited in (25, 100, 300):
            halves = np.bincount(mine[:visited] // 250, minlength=2)
            assert abs(halves[0] - halves[1]) <= 4


def test_without_duty_hours_there_is_no_duty():
    plan = make_plan(
        [a_source("round", kind=SourceKind.DUTY, rate=1, counted=PLACE)], groups=((),)
    )

    assert draw(plan).reported_at.size == 0


def test_a_place_without_households_has_no_visits():
    plan = plan_with(1, "week", counted=HOUSEHOLD)
    empty = [p for p in range(9) if plan.place_households[p] == 0]

    assert 0 in TOWN["c2"]
    assert not np.isin(draw(plan).place, empty).any()


def test_another_length_of_run_keeps_the_duties_of_whole_periods():
    short, long = (draw(plan_with(2.5, "week", end=n * WEEK)) for n in (6, 20))
    kept = long.reported_at < 6 * WEEK

    assert short.reported_at.tolist() == long.reported_at[kept].tolist()
    assert long.reported_at.max() < YEAR
