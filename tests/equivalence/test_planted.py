"""The comparison has teeth: one changed rule for ties in one engine makes it fail."""

import pytest

from sim.engine.reference import claims, hazards, shifts, work
from sim.engine.reference.calendar import ORDINAL_BITS, SUBJECT_BITS, Calendar, Occurrence
from sim.plan.codes import Phase
from sim.scenario.reader import read_scenario
from tests.equivalence.comparing import TICKS, both, first_difference, shortened
from tests.equivalence.everything import everything
from tests.equivalence.test_scenarios import SCENARIOS


@pytest.fixture(scope="module")
def plan():
    network = read_scenario(SCENARIOS / "theory" / "network-b.yaml")
    return shortened(network, TICKS["min"], most=1500)


def test_the_engines_agree_as_long_as_nothing_is_planted(plan):
    assert not first_difference(*both(plan))


def test_it_is_noticed_when_the_last_to_be_idle_is_taken_first(plan, monkeypatch):
    def become_idle(world, worker):
        since = -world.calendar.instant
        world.idle_since[worker] = since
        world.idle[world.plan.worker_pool[worker]].append((since, worker))
        world.idle[world.plan.worker_pool[worker]].sort()

    monkeypatch.setattr(work, "become_idle", become_idle)
    monkeypatch.setattr(shifts, "become_idle", become_idle)
    assert first_difference(*both(plan))


@pytest.mark.parametrize("early", [Phase.TIMER, Phase.ARRIVAL])
def test_it_is_noticed_when_something_comes_before_the_ends_of_work(plan, monkeypatch, early):
    def at(self, time, phase, subject, ordinal):
        rank = {Phase.END: early, early: Phase.END}.get(phase, phase)
        priority = 2 + ((rank << SUBJECT_BITS | subject) << ORDINAL_BITS | ordinal)
        occurrence = Occurrence(self, phase, subject, ordinal)
        self.schedule(occurrence, priority, time - self.instant)

    monkeypatch.setattr(Calendar, "at", at)
    assert first_difference(*both(plan))


@pytest.mark.parametrize(("module", "rule"), [(claims, "_candidates"), (hazards, "_grounds")])
def test_it_is_noticed_when_one_of_several_is_forgotten(module, rule, monkeypatch):
    kept = getattr(module, rule)
    monkeypatch.setattr(module, rule, lambda *those: kept(*those)[:1])
    assert first_difference(*both(everything()))
