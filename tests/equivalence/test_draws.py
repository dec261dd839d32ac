"""A trace without first draws gives the same log: engines make the numbers by their keys."""

import pytest

from sim.demand.trace import draw_trace
from sim.engine.fast import play as play_fast
from sim.engine.reference import play as play_reference
from sim.scenario.reader import read_scenario
from tests.equivalence.comparing import TICKS, first_difference, shortened
from tests.equivalence.test_scenarios import SCENARIOS


@pytest.mark.parametrize("name", ["theory/network-b", "bijiang", "theory/mg1-lognormal"])
def test_first_draws_may_be_left_out(name):
    plan = shortened(read_scenario(SCENARIOS / f"{name}.yaml"), TICKS["min"], most=800)
    bare = draw_trace(plan, 1, 0, with_draws=False)
    assert not bare.draw.size
    whole = play_reference(plan, draw_trace(plan, 1, 0))
    assert not first_difference(whole, play_reference(plan, bare))
    assert not first_difference(whole, play_fast(plan, bare))
