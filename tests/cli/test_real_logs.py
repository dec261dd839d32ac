"""The real logs, where their folder is given: ``make verify-logs DATA=DIR``.

No row of them is kept here. The figures are those that were counted from the files by hand.
"""

import json
import os
from pathlib import Path

import pytest

from sim.exchange.cities import CITIES
from sim.exchange.request_log import UNKNOWN, Wish, read_log
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


def test_closing_times_of_los_angeles_are_the_published_ones(los_angeles):
    # Counted with every closing, cancelled or not, and own finds with the rest.
    log = read_log(los_angeles, CITIES["la"], Wish(finds="keep", keep_cancelled=True))
    found = {}
    for number, name in enumerate(log.classes):
        mine = log.request_class == number
        timed = (mine & (log.outcome != UNKNOWN)).sum()
        survival = survival_of(log, mine)
        found[name] = (int(timed), hours_at(survival, 0.5) / 24, hours_at(survival, 0.9) / 24)

    for name, median, p90 in (
        ("bulky_items", 2.84, 5.97),
        ("graffiti_removal", 0.00, 6.34),
        ("illegal_dumping_pickup", 2.35, 7.32),
        ("metal_household_appliances", 2.14, 5.87),
        ("electronic_waste", 2.08, 5.75),
        ("dead_animal_removal", 0.15, 0.98),
    ):
        # A few open requests are censored here, and were left out there.
        assert found[name][1] == pytest.approx(median, abs=0.03), name
        assert found[name][2] == pytest.approx(p90, rel=0.12), name
    assert found["homeless_encampment"][1] == pytest.approx(18.8, rel=0.05)


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
