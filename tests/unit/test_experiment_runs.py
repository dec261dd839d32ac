"""Intervals over replications: ratios from totals, and what is not reached stays unsaid."""

import math

import pandas as pd
import pytest

from sim.analysis.intervals import mean_interval, ratio_interval
from sim.experiment.runs import Runs, aligned, figures_of


def runs(metric, values, cases, unit="h"):
    table = pd.DataFrame(
        {
            "replication": range(1, len(values) + 1),
            "metric": metric,
            "by": "all",
            "group": "all",
            "value": values,
            "unit": unit,
            "n": cases,
        }
    ).astype({"value": "float64"})
    nothing = pd.DataFrame()
    return Runs(
        scenario="s", seed=1, replications=table, daily=nothing, cases=nothing, digests={}
    )


def test_a_time_has_the_interval_of_its_mean():
    row = runs("resolution_mean", [2.0, 3.0, 4.0], [5, 5, 5]).summary().iloc[0]

    expected = mean_interval([2.0, 3.0, 4.0])
    assert (row["mean"], row["low"], row["high"]) == (
        expected.mean,
        expected.low,
        expected.high,
    )
    assert (row["n"], row["cases"]) == (3, 15)


def test_a_time_is_never_negative():
    row = runs("resolution_mean", [1.0, 9.0], [5, 5]).summary().iloc[0]

    assert row["low"] == 0
    assert row["high"] > 9


def test_a_rate_is_a_ratio_of_totals_not_a_mean_of_ratios():
    row = runs("closed_rate", [1.0, 0.5], [10, 90], "1").summary().iloc[0]

    expected = ratio_interval([10, 45], [10, 90], bounds=(0, 1))
    assert row["mean"] == pytest.approx(0.55)
    assert (row["low"], row["high"]) == (expected.low, expected.high)


def test_a_value_not_reached_in_one_replication_leaves_the_mean_empty():
    row = runs("resolution_p90", [1.0, None, 2.0], [5, 5, 5]).summary().iloc[0]

    assert math.isnan(row["mean"])
    assert row["n"] == 3


def test_a_replication_without_cases_says_nothing():
    row = runs("resolution_p90", [1.0, None, 3.0], [5, 0, 5]).summary().iloc[0]

    assert row["mean"] == 2.0
    assert row["n"] == 2


def test_a_level_of_confidence_widens_the_interval():
    found = runs("resolution_mean", [1.0, 2.0, 4.0], [5, 5, 5])

    assert found.summary(0.99)["high"].iloc[0] > found.summary(0.9)["high"].iloc[0]


def test_a_summary_that_is_changed_does_not_change_the_runs():
    found = runs("resolution_mean", [1.0, 2.0], [5, 5])
    changed = found.summary()
    changed["mean"] = 0.0

    assert found.summary()["mean"].iloc[0] == 1.5


def test_a_group_that_was_not_there_is_undefined_in_that_replication():
    figure = next(
        iter(figures_of(runs("resolution_mean", [1.0, 2.0], [5, 5]).replications).values())
    )

    wide = aligned(figure, [0, 1, 2])

    assert math.isnan(wide.values[0])
    assert wide.values[1:] == [1.0, 2.0]
    assert wide.cases == [0.0, 5, 5]
