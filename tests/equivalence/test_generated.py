"""Both engines write the same log for systems that Hypothesis makes, ties and all."""

from hypothesis import given
from hypothesis import strategies as st

from tests.equivalence.comparing import both, first_difference
from tests.strategies import compiled, examples, systems


@examples(60)
@given(system=systems(), seed=st.integers(0, 1000))
def test_the_engines_agree_on_every_event(system, seed):
    plan = compiled(system)
    assert not first_difference(*both(plan, seed))
