"""The real logs, where their folder is given: ``make verify-logs DATA=DIR``.

No row of them is kept here. The figures are those that were counted from the files by hand.
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from sim.exchange.cities import CITIES
from sim.exchange.request_log import CLOSED, DAY, OPEN, Wish, read_log
from sim.experiment.log_model import estimate, hours_at, on_time, survival_of

DATA = os.environ.get("GRIDGOV_LOGS", "")
pytestmark = pytest.mark.skipif(not DATA, reason="make verify-logs DATA=DIR gives the logs")


@pytest.fixture(scope="module")
def los_angeles():
    return Path(DATA) / "la311_2020-01.csv"


@pytest.fixture(scope="module")
def boston():
    return Path(DATA) / "boston311_2022_sample.csv"


def test_los_angeles_is_read_and_what_is_dropped_is_counted(los_angeles):
    log = read_log(los_angeles, CITIES["la"])

    assert (log.rows, len(log.ids)) == (10_000, 9_756)
    assert log.dropped == {"cancelled": 244}
    assert log.untimed == {"closed_without_time": 18}


def test_closing_times_of_los_angeles_are_those_counted_by_hand(los_angeles):
    # They were counted of closed requests alone, cancelled ones and own finds included, as
    # median and order statistic 9 n // 10, and printed with two or three digits.
    log = read_log(los_angeles, CITIES["la"], Wish(finds="keep", keep_cancelled=True))

    for name, n, median, p90 in (
        ("bulky_items", 4466, 2.84, 5.97),
        ("graffiti_removal", 2623, 0.00, 6.34),
        ("illegal_dumping_pickup", 888, 2.35, 7.32),
        ("metal_household_appliances", 833, 2.14, 5.87),
        ("homeless_encampment", 397, 18.8, 130),
        ("electronic_waste", 335, 2.08, 5.75),
        ("dead_animal_removal", 172, 0.15, 0.98),
        ("single_streetlight_issue", 67, 5.7, 75),
        ("multiple_streetlight_issue", 49, 25.5, 97),
    ):
        mine = log.request_class == log.classes.index(name)
        days = np.sort(log.duration[mine & (log.outcome == CLOSED)]) / DAY
        assert days.size == n, name
        found = (float(np.median(days)), float(days[9 * n // 10]))
        assert found == pytest.approx((median, p90), rel=0.01, abs=0.01), name


def test_open_requests_lengthen_the_closing_times_of_los_angeles(los_angeles):
    log = read_log(los_angeles, CITIES["la"], Wish(finds="keep", keep_cancelled=True))
    mine = log.request_class == log.classes.index("illegal_dumping_pickup")

    # Thirteen of 901 are open: leaving them out says 2.35 d and 7.32 d.
    assert (mine & (log.outcome == OPEN)).sum() == 13
    survival = survival_of(log, mine)
    assert hours_at(survival, 0.5) / 24 > 2.7
    assert hours_at(survival, 0.9) / 24 > 10


def test_most_families_are_refused_for_los_angeles(los_angeles):
    model = estimate(read_log(los_angeles, CITIES["la"]))
    laws = {one.name: one for one in model.classes}

    assert laws["bulky_items"].law is None
    assert laws["bulky_items"].laws[0].is_refused
    assert laws["dead_animal_removal"].law is not None
    assert laws["graffiti_removal_found"].batches.requests > 1000


def test_los_angeles_comes_back_from_its_scenario(gridgov, los_angeles):
    form = (los_angeles, "--as", "la")
    assert gridgov("import", *form, "--out", "la.yaml")[0] == 0

    play = ("--scenario", "la.yaml", "--demand", "scenario", "--follow-up", "220 d")
    code, out, _ = gridgov("replay", *form, *play, "-n", 10, "--check", "-q", "--json")

    told = json.loads(out)
    assert (code, told["differ"], told["requests"]) == (0, 0, 9_756)
    assert not told["not_played"]


def test_boston_is_on_time_case_by_case(boston):
    log = read_log(boston, CITIES["boston"])

    found = on_time(log)

    assert (found.in_time, found.due) == (72, 89)
    assert found.in_time + found.without == 83
    assert (found.agreeing, found.flagged) == (100, 100)
