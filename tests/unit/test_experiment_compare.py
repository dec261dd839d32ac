"""Scenarios compared like with like: what pairs, what does not, and what is said about it."""

import numpy as np
import pytest

from sim.analysis.comparison import paired_difference
from sim.demand.trace import draw_trace
from sim.errors import AnalysisError
from sim.experiment.compare import compare, distinct_names
from sim.experiment.sources import unmatched_sources
from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario
from tests.small_scenario import write_scenario


@pytest.fixture(scope="module")
def systems(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenarios")
    return {
        "small": read_scenario(write_scenario(folder)),
        "staffed": read_scenario(write_scenario(folder, "staffed", per="per: 100")),
        "brisk": read_scenario(write_scenario(folder, "brisk", work="40 min")),
        "cut": read_scenario(write_scenario(folder, "cut", grids="count: 5")),
        "noisy": read_scenario(write_scenario(folder, "noisy", rate="9/household/year,")),
    }


@pytest.fixture(scope="module")
def comparison(systems):
    chosen = [systems[name] for name in ("small", "brisk", "noisy")]
    return compare(chosen, 6, independent=True, workers=1)


def row(comparison, metric, other):
    table = comparison.differences([metric])
    found = table[(table["by"] == "all") & (table["other"] == other)]
    return found.iloc[0]


def values(runs, metric):
    table = runs.replications
    return list(table[(table["metric"] == metric) & (table["by"] == "all")]["value"])


def test_differences_are_taken_replication_by_replication(comparison):
    found = row(comparison, "resolution_mean", "brisk")
    first, second, _ = (values(runs, "resolution_mean") for runs in comparison.runs)

    expected = paired_difference(first, second, comparisons=2)
    assert found["difference"] == pytest.approx(np.mean(np.subtract(second, first)))
    assert (found["low"], found["high"]) == (expected.difference.low, expected.difference.high)
    assert found["n"] == 6


def test_less_work_is_told_apart_because_pairing_narrows(comparison):
    found = row(comparison, "resolution_mean", "brisk")

    assert found["distinguishable"]
    assert found["difference"] < 0
    assert found["correlation"] > 0.8
    assert found["narrowing"] > 1.5


def test_independent_runs_have_other_demand(comparison):
    assert comparison.independent[0].digests != comparison.runs[1].digests
    assert comparison.independent[0].seed != comparison.independent[1].seed

    found = row(comparison, "resolution_mean", "brisk")
    width = (found["independent_high"] - found["independent_low"]) / (
        found["high"] - found["low"]
    )
    assert found["narrowing"] == pytest.approx(width)


def test_only_the_scenario_with_other_demand_is_named(comparison):
    assert comparison.unmatched == {"noisy": ["reports/noise", "reports/trash"]}


@pytest.mark.parametrize("name", ["staffed", "cut"])
def test_staff_and_grids_leave_the_demand_as_it_is(systems, name):
    first, other = compile_plan(systems["small"]), compile_plan(systems[name])

    assert (
        unmatched_sources((first, draw_trace(first, 3, 1)), (other, draw_trace(other, 3, 1)))
        == []
    )


def test_a_scenario_compared_with_itself_does_not_differ(systems):
    same = compare([systems["small"], systems["small"]], 2, workers=1)
    table = same.differences()

    assert same.names == ("small#1", "small#2")
    assert not table["distinguishable"].any()
    assert (table["difference"].dropna() == 0).all()


def test_one_scenario_is_no_comparison(systems):
    with pytest.raises(AnalysisError, match="two"):
        compare([systems["small"]])


def test_names_are_told_apart():
    assert distinct_names(["a", "b", "a"]) == ("a#1", "b", "a#2")
