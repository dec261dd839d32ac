"""The compiled passes over a log find what the array operations find, in every column."""

import numpy as np
import pytest

from sim.compiling import can_compile
from sim.demand.trace import draw_trace
from sim.engine import play
from sim.metrics import compiled, histogram
from sim.metrics.requests import request_table
from sim.metrics.spells import mode_history
from sim.metrics.work import work_of
from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario
from tests.conftest import ROOT

SHORT = ("run.horizon=9 d", "run.warm_up=2 d", "run.cool_down=27 h", "run.follow_up=2 d")
NAMES = ("theory/megacity-small", "songyuan", "bijiang", "theory/staffing-by-hour-patience")


@pytest.mark.parametrize("start", ["2024-03-04", "2024-03-06T07:13:00"])
@pytest.mark.parametrize("name", NAMES)
def test_both_ways_agree(name, start, monkeypatch):
    overrides = SHORT if "hour" not in name else ()
    file = ROOT / "scenarios" / f"{name}.yaml"
    plan = compile_plan(read_scenario(file, (*overrides, f"run.start={start}")))
    log = play(plan, draw_trace(plan, 1, 1, with_draws=False))
    history = mode_history(log, plan)
    monkeypatch.setattr(compiled, "LONG", log.n_rows + 1)
    table, work = request_table(log, plan), work_of(log, plan, history)
    monkeypatch.setattr(compiled, "LONG", 0)

    for column, expected in zip(request_table(log, plan), table, strict=True):
        np.testing.assert_array_equal(column, expected)
    found = work_of(log, plan, history)
    for column, expected in zip(found.staff, work.staff, strict=True):
        np.testing.assert_array_equal(column, expected)
    np.testing.assert_array_equal(found.by_day, work.by_day)
    assert found.by_day.any()


@pytest.mark.skipif(not can_compile(), reason="Numba is missing or switched off")
@pytest.mark.parametrize("tick", [1, 60])
def test_groups_are_the_same_by_a_table_and_by_sorting(tick, monkeypatch):
    made = np.random.default_rng(5)
    cell, value = made.integers(0, 12, 5000), tick * made.integers(0, 40, 5000)
    found = histogram.changes(cell, value, value + tick * made.integers(0, 9, 5000))
    labels = [np.arange(12) % 3, np.array([7, -1, 9] * 4), np.arange(12)]
    sorted_ = [histogram.regrouped(found, label) for label in labels]
    monkeypatch.setattr(histogram, "LONG", 0)

    assert histogram._tabled(found, labels[0], 3)
    for label, expected in zip(labels, sorted_, strict=True):
        for one, other in zip(histogram.regrouped(found, label), expected, strict=True):
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other)
    assert (sorted_[0].times == 0).any()
    assert sorted_[1].cell.tolist() == sorted(sorted_[1].cell.tolist())


@pytest.mark.skipif(not can_compile(), reason="Numba is missing or switched off")
def test_a_value_beside_the_tick_is_not_lost(monkeypatch):
    value = np.append(np.repeat(np.arange(4), 600) * 60, 61)
    found = histogram.Histogram(np.arange(2401), value, np.ones(2401, np.int64))
    monkeypatch.setattr(histogram, "LONG", 0)

    one = histogram.regrouped(found, np.zeros(2401, np.int64))

    assert one.value.tolist() == [0, 60, 61, 120, 180]
    assert one.times.tolist() == [600, 600, 1, 600, 600]
