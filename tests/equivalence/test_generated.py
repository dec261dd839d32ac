"""Both engines write the same log for systems that Hypothesis makes, ties and all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.equivalence.comparing import both, first_difference
from tests.equivalence.everything import everything
from tests.equivalence.richer import richer
from tests.strategies import compiled, examples, systems, whole_systems


@examples(60)
@given(system=systems(), seed=st.integers(0, 1000))
def test_the_engines_agree_on_every_event(system, seed):
    plan = compiled(system)
    assert not first_difference(*both(plan, seed))


@examples(100)
@given(system=richer(), seed=st.integers(0, 1000))
def test_the_engines_agree_on_what_lies_outside_the_lines(system, seed):
    plan = compiled(system)
    assert not first_difference(*both(plan, seed))


@examples(60)
@given(system=whole_systems(), seed=st.integers(0, 1000))
def test_the_engines_agree_on_whole_systems(system, seed):
    plan = compiled(system)
    assert not first_difference(*both(plan, seed))


@pytest.mark.parametrize("tick", ["1 us", "1 s", "1 min", "1 h"])
def test_the_engines_agree_on_a_town_with_everything(tick):
    assert not first_difference(*both(everything(tick)))
