"""Replications depend on seed and number alone."""

import itertools

import pandas as pd
import pytest

import sim
from sim.demand.trace import draw_trace
from sim.engine.reference import play
from sim.experiment import playing as module
from sim.experiment.playing import Keep
from sim.experiment.replicate import Interrupted, replicate
from sim.experiment.store import read_events
from sim.metrics import measure
from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario
from tests.small_scenario import write_scenario


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    return read_scenario(write_scenario(tmp_path_factory.mktemp("scenario")))


@pytest.fixture(scope="module")
def runs(system):
    return replicate(system, workers=1)


def test_settings_come_from_the_scenario_unless_given(system, runs):
    assert (sorted(runs.digests), runs.seed, runs.scenario) == ([1, 2, 3], 7, "small")
    assert replicate(system, 1, seed=0, workers=1).seed == 0


def test_the_number_of_processes_changes_nothing(system, runs):
    side_by_side = replicate(system, workers=2)

    assert side_by_side.digests == runs.digests
    pd.testing.assert_frame_equal(side_by_side.replications, runs.replications)
    pd.testing.assert_frame_equal(side_by_side.daily, runs.daily)


def test_a_replication_is_what_the_public_steps_give(system, runs):
    plan = compile_plan(system)
    log = play(plan, draw_trace(plan, 7, 2))
    second = runs.replications[runs.replications["replication"] == 2]

    assert log.digest() == runs.digests[2]
    pd.testing.assert_frame_equal(
        second.drop(columns="replication").reset_index(drop=True), measure(log, plan)
    )


def test_replications_differ_and_another_seed_gives_others(system, runs):
    other = replicate(system, 1, seed=8, workers=1)

    assert len({*runs.digests.values(), *other.digests.values()}) == 4


def test_more_replications_leave_the_first_as_they_are(system, runs):
    more = replicate(system, 4, workers=1)

    assert {number: more.digests[number] for number in (1, 2, 3)} == runs.digests


def test_each_is_told_when_it_is_done(system):
    told = []
    replicate(system, 2, workers=1, on_done=told.append)

    assert told == [1, 2]


def test_cases_and_logs_are_kept_if_asked(system, runs, tmp_path):
    found = replicate(
        system, 2, workers=1, with_cases=True, keep=Keep(events=tmp_path / "events")
    )

    assert set(found.cases["replication"]) == {1, 2}
    assert runs.cases.empty
    assert read_events(tmp_path / "events" / "replication-0002.npz").digest() == runs.digests[2]


def test_ctrl_c_keeps_what_is_finished(system, monkeypatch):
    def stopping(function, shared, items, workers):
        yield from (function(shared, item) for item in itertools.islice(items, 2))
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "each", stopping)
    with pytest.raises(Interrupted) as stopped:
        replicate(system, 5, workers=1)

    assert sorted(stopped.value.runs.digests) == [1, 2]


def test_the_public_names_are_those_of_the_house():
    assert sim.replicate is replicate
    assert sim.measure is measure


@pytest.mark.parametrize(
    "call",
    [
        lambda: sim.replicate("mine.yaml"),
        lambda: sim.compare(["mine.yaml", "mine.yaml"]),
        lambda: sim.compile_plan("mine.yaml"),
    ],
    ids=["replicate", "compare", "compile_plan"],
)
def test_the_name_of_a_file_is_refused_with_the_call_that_reads_it(call):
    with pytest.raises(TypeError, match=r"read_scenario\('mine.yaml'\)"):
        call()
