"""What no log may break, on generated systems: a referee reads it who knows only the rules."""

from collections import Counter

import pytest
from hypothesis import given

from sim.demand.trace import draw_trace
from sim.engine.reference import play
from sim.plan.codes import Code
from tests.laws.replay import Referee
from tests.strategies import compiled, examples, systems, whole_systems


def played(system, replication=0):
    plan = compiled(system)
    return plan, play(plan, draw_trace(plan, 7, replication))


def check_rules(system):
    plan, log = played(system)
    Referee(plan, log).check()
    counts = Counter(Code(code) for code in log.code)
    finals = log.request[(log.code == Code.DONE) | (log.code == Code.LEAVE)]
    assert len(finals) == len(set(finals))
    # Arrivals are done, left or still open, and every one in the table was reported.
    arrived = log.request[log.code == Code.ARRIVAL]
    assert sorted(arrived) == list(range(len(log.requests.key)))
    assert counts[Code.DONE] + counts[Code.LEAVE] <= counts[Code.ARRIVAL]


def check_times(system):
    """Waiting, work, pauses, suspension and delays add up to the time in system."""
    plan, log = played(system)
    referee = Referee(plan, log).check()
    for number, ended in referee.final.items():
        spent = sum(referee.spent[number].values())
        assert spent == ended - referee.reported[number], number


@examples(60)
@given(systems())
def test_the_rules_hold_on_generated_systems(system):
    check_rules(system)


# Timers cut delays short, so that the log shows only their planned length.
@examples(40)
@given(systems(with_timers=False))
def test_times_in_states_add_up_to_the_time_in_system(system):
    check_times(system)


@examples(80)
@given(whole_systems())
def test_the_rules_hold_with_gates_votes_offers_hazards_and_joins(system):
    check_rules(system)


@examples(40)
@given(whole_systems(with_timers=False))
def test_times_add_up_with_gates_votes_offers_hazards_and_joins(system):
    check_times(system)


@pytest.mark.verify
@examples(3000)
@given(whole_systems())
def test_the_rules_hold_on_many_whole_systems(system):
    check_rules(system)


@pytest.mark.verify
@examples(1500)
@given(whole_systems(with_timers=False))
def test_times_add_up_on_many_whole_systems(system):
    check_times(system)


@pytest.mark.verify
@examples(3000)
@given(systems())
def test_the_rules_hold_on_many_systems(system):
    check_rules(system)


@pytest.mark.verify
@examples(1500)
@given(systems(with_timers=False))
def test_times_add_up_on_many_systems(system):
    check_times(system)
