"""The memory of a log is used again, but never while somebody has the log."""

from pathlib import Path

import numpy as np
import pytest

from sim.demand.trace import draw_trace
from sim.engine.fast import play
from sim.engine.fast.jit import PLAIN
from sim.engine.fast.state import LIFE, records
from sim.errors import EngineError
from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario

MM1 = Path(__file__).resolve().parents[2] / "scenarios" / "theory" / "mm1.yaml"


def test_a_log_in_hand_is_left_alone():
    plan = compile_plan(read_scenario(MM1, overrides=["run.horizon=200 h"]))
    first, second = (draw_trace(plan, seed, 0) for seed in (1, 2))
    one = play(plan, first)
    digest, column = one.digest(), one.time
    assert play(plan, second).digest() != one.digest() == digest
    del one
    play(plan, second)
    assert np.array_equal(column, play(plan, first).time)


def test_the_next_log_stands_where_the_last_one_stood():
    plan = compile_plan(read_scenario(MM1, overrides=["run.horizon=200 h"]))
    trace = draw_trace(plan, 1, 0)
    stood = play(plan, trace).time.ctypes.data
    stands = play(plan, trace).time.ctypes.data
    assert stood == stands


@pytest.mark.skipif(PLAIN, reason="in plain Python no field is narrow")
def test_a_number_too_large_for_a_narrow_field_is_refused_by_name():
    with pytest.raises(EngineError, match="place"):
        records(LIFE, 1, place=np.array([1 << 40]))
