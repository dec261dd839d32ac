"""The code for lean plans plays the log of the code for any plan, and rightly."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.demand.trace import draw_trace
from sim.engine.fast.build import build
from sim.engine.fast.lean import LEAN, is_lean
from sim.engine.fast.simulation import event_log, play_tables
from sim.scenario.reader import read_scenario
from tests.equivalence.comparing import TICKS, first_difference, shortened
from tests.strategies import compiled, examples, systems

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
LEAN_ONES = ["network-b", "mmc-10", "mmck", "erlang-a", "jackson", "megacity-small"]
"""Lines, limits, patience, rework and ladders are lean."""


def check(plan, seed=1):
    """Play with both codes, and look at what the lean one took for granted."""
    trace = draw_trace(plan, seed, 0)
    tables = [build(plan, trace) for _ in range(2)]
    if not is_lean(tables[0]):
        return False
    for each, lean in zip(tables, (False, True), strict=True):
        play_tables(each, lean=lean)
    assert not first_difference(*(event_log(each, trace) for each in tables))
    assert is_lean(used(tables[0]))
    return True


def used(tables):
    """Leave out of the slots those that no request ever had: all in them is 0."""
    tables.put("lives", tables.lives[tables.lives["key"] != 0])
    return tables


@pytest.mark.parametrize("name", LEAN_ONES)
def test_textbook_models_are_lean_and_play_the_same(name):
    assert check(shortened(read_scenario(SCENARIOS / "theory" / f"{name}.yaml"), TICKS["min"]))


@examples(30)
@given(system=systems(), seed=st.integers(0, 1000))
def test_generated_systems_play_the_same(system, seed):
    check(compiled(system), seed)


@pytest.mark.parametrize("name", ["anqiu", "putian"])
def test_whole_systems_are_not_lean(name):
    plan = shortened(read_scenario(SCENARIOS / f"{name}.yaml"), TICKS["min"], most=100)
    assert not is_lean(build(plan, draw_trace(plan, 1, 0)))


@pytest.mark.parametrize(
    ("name", "field"), [(n, f) for n, fields in LEAN.items() for f in fields if n != "lives"]
)
def test_another_value_of_a_field_makes_a_plan_not_lean(name, field):
    plan = shortened(read_scenario(SCENARIOS / "theory" / "mm1.yaml"), TICKS["min"], most=100)
    tables = build(plan, draw_trace(plan, 1, 0))
    assert is_lean(tables)
    getattr(tables, name)[field].flat[-1] = 99
    assert not is_lean(tables)
