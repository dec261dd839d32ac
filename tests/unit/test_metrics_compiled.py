"""The compiled passes over a log find what the array operations find, in every column."""

import numpy as np
import pytest

from sim.demand.trace import draw_trace
from sim.engine import play
from sim.metrics import compiled
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
