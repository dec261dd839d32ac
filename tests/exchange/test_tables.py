"""Logs as tables for vidigi and pm4py, and that no format needs the log in memory twice."""

import io
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from sim.exchange.activities import ACTIVITIES
from sim.exchange.formats import FORMATS
from sim.exchange.steps import of_requests, steps
from sim.exchange.tables import PM4PY, VIDIGI, pm4py, vidigi
from sim.plan.codes import Code
from tests.exchange.logs import long, played


def read(pieces, **options):
    return pd.read_csv(io.StringIO("".join(pieces)), keep_default_na=False, **options)


@pytest.fixture(scope="module")
def moves():
    return read(vidigi(*played(), 3))


def test_vidigi_has_its_columns_and_kinds_of_events(moves):
    assert list(moves.columns) == list(VIDIGI)
    kinds = {"arrival_departure", "queue", "resource_use", "resource_use_end"}
    assert set(moves["event_type"]) == kinds
    ends = moves[moves["event_type"] == "arrival_departure"]
    assert set(ends["event"]) == {"arrival", "depart"}
    assert set(moves["run_number"]) == {3}
    assert moves["time"].is_monotonic_increasing


def test_every_entity_arrives_first_and_departs_last(moves):
    for _, rows in moves.groupby("entity_id", sort=False):
        events = rows["event"].tolist()
        assert events[0] == "arrival"
        assert events.count("arrival") == 1
        assert "depart" not in events[:-1]


def test_a_worker_has_a_number_from_one_and_is_left_before_it_is_taken_again(moves):
    used = moves[moves["event_type"].str.startswith("resource_use")]
    assert (used["resource_id"].astype(int) >= 1).all()
    assert (moves.loc[moves["event_type"] == "queue", "resource_id"] == "").all()
    for _, rows in used.groupby("entity_id", sort=False):
        kinds = rows["event_type"].tolist()
        assert kinds[::2] == ["resource_use"] * len(kinds[::2])
        assert kinds[1::2] == ["resource_use_end"] * len(kinds[1::2])


def test_times_of_vidigi_are_minutes_from_the_start(moves):
    log, _ = played()
    first = log.time[log.code == Code.ARRIVAL][0]

    assert moves["time"].iloc[0] == pytest.approx(first / 60e6, abs=1e-6)


def test_pm4py_has_its_columns_and_every_row_of_a_request():
    log, plan = played()
    table = read(pm4py(log, plan, 1))

    assert list(table.columns) == list(PM4PY)
    assert len(table) == len(of_requests(log))
    stamps = pd.to_datetime(table["time:timestamp"])
    assert stamps.is_monotonic_increasing
    assert str(stamps.iloc[0].tz) == "UTC+08:00"
    since = (stamps.iloc[-1].tz_localize(None) - pd.Timestamp(plan.start_ns)).value // 1000
    assert since == log.time[of_requests(log)][-1]
    assert set(table["case:class"]) <= set(plan.names.classes)


def test_every_code_of_a_log_has_a_name_in_both_languages():
    hidden = {Code.HAZARD_BORN, Code.HAZARD_UNREPORTED}

    assert set(Code) - hidden <= set(ACTIVITIES)
    assert all(each.en and each.zh for each in ACTIVITIES.values())
    free = [each.en for each in ACTIVITIES.values()]
    assert len(set(free)) == len(free)


def test_rows_keep_their_numbers_whatever_the_order():
    log, plan = played()
    wanted = np.array([5, 2, 9])

    found = [(step.row, step.time) for step in steps(log, plan, rows=wanted)]

    assert found == [(row, log.time[row]) for row in wanted]


@pytest.mark.slow
@pytest.mark.parametrize("kind", FORMATS)
def test_a_large_log_is_written_without_holding_it_in_memory(kind):
    log, plan = played()
    large = long(log, 1 + 40_000 // log.n_rows)
    tracemalloc.start()
    written = sum(len(piece) for piece in FORMATS[kind].write(large, plan, 1, "en"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 6e6, f"{peak / 1e6:.1f} MB for {written / 1e6:.1f} MB of text"
