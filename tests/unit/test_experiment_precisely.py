"""Playing until it is precise, an automatic warm-up, and cohorts that are not the same."""

import pytest

from sim.analysis.intervals import mean_interval
from sim.errors import AnalysisError
from sim.experiment.compare import compare
from sim.experiment.precisely import replicate_until
from sim.experiment.runs import figures_of
from sim.experiment.settling import settle
from sim.scenario.reader import read_scenario
from tests.conftest import ROOT
from tests.small_scenario import write_scenario

PER = "pools.grid_workers.staff.rules.by_households.per"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return write_scenario(tmp_path_factory.mktemp("scenario"))


def test_it_stops_when_the_interval_is_narrow_enough_and_stays_so(small):
    (runs,), reached = replicate_until(
        [read_scenario(small)], 0.25, of=["resolution_mean"], workers=1
    )
    values = figures_of(runs.replications)["resolution_mean", "all", "all"].values

    assert reached.unmet == ()
    assert 10 <= reached.met_at <= reached.n - 5
    assert len(runs.digests) == reached.n
    for n in range(reached.met_at, reached.n + 1):
        found = mean_interval(values[:n])
        assert found.half_width <= 0.25 * found.mean
    before = mean_interval(values[: reached.met_at - 1])
    assert reached.met_at == 10 or before.half_width > 0.25 * before.mean


def test_it_gives_up_and_says_what_was_not_met(small):
    (runs,), reached = replicate_until(
        [read_scenario(small)], 0.001, of=["resolution_mean", "closed_rate"], most=12, workers=1
    )

    assert (reached.met_at, reached.n, len(runs.digests)) == (None, 12, 12)
    assert "resolution_mean" in reached.unmet


def test_compared_scenarios_stop_together(small):
    systems = [read_scenario(small), read_scenario(small, [f"{PER}=100"])]
    found = compare(systems, 100, workers=1, precision=(0.3, ["resolution_mean"]))

    assert found.reached.unmet == ()
    assert {len(runs.digests) for runs in found.runs} == {found.reached.n}


def test_a_run_that_starts_with_a_backlog_is_cut_and_a_short_one_refused():
    file = ROOT / "scenarios" / "theory" / "mm1.yaml"
    long = read_scenario(file, ["run.horizon=4000 h"])
    found = settle([long], engine="fast", workers=1)

    assert 0 <= found.cut <= 2000 * 3_600_000_000
    assert found.cut % found.interval == 0
    # Overload never settles: the backlog grows to the end.
    short = read_scenario(file, ["run.horizon=40 h", "run.warm_up=0 h",
                                 "pools.servers.productivity=0.4"])  # fmt: skip
    with pytest.raises(AnalysisError, match="still settling"):
        settle([short], engine="fast", workers=1)


def test_only_what_comes_before_the_first_mode_is_watched(small):
    later = ["run.horizon=90 d", "modes.war.enter.at=62 d", "modes.war.leave.at=65 d"]
    found = settle([read_scenario(small, later)], workers=1)

    day = 24 * 3_600_000_000
    assert (found.interval, found.intervals) == (day, 62)
    assert found.cut <= 31 * day


def test_cohorts_of_a_mode_that_the_state_calls_are_told_apart(small):
    state = ["modes.war.enter={state: {count: open, above: 3, hold: 1 h}}",
             "modes.war.leave={state: {count: open, below: 2, hold: 1 h}}"]  # fmt: skip
    called = [read_scenario(small, [*state, f"{PER}={per}"]) for per in (300, 100)]
    dated = [read_scenario(small, [f"{PER}={per}"]) for per in (300, 100)]

    assert compare(dated, 3, workers=1).other_cohorts() == {}
    found = compare(called, 3, workers=1)
    assert found.other_cohorts() == {found.names[1]: ["peace", "war"]}
