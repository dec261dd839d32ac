"""Intervals contain the truth as often as they say: mean, quantile and share, on a queue.

M/M/1 with one request in twenty hours and 400 minutes of work: the time in system is
exponential with mean 10 h, so its mean, 90th percentile and share within a day are known.
"""

import math

import pandas as pd
import pytest
from scipy import stats

from sim.demand.trace import draw_trace
from sim.engine import play
from sim.experiment.runs import figures_of, interval_of
from sim.metrics import measure
from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario
from tests.conftest import ROOT

TRUTHS = {
    "resolution_mean": 10.0,
    "resolution_p90": 10 * math.log(10),
    "closed_within_1_day": 1 - math.exp(-2.4),
}
SETTINGS = ["sources.calls.rate=1 per 20 h", "requests.call.work={exponential: 400 min}",
            "run.warm_up=200 h", "run.cool_down=200 h"]  # fmt: skip


def intervals(experiments, replications, hours):
    """For each figure, the 95 % intervals of so many experiments."""
    system = read_scenario(
        ROOT / "scenarios" / "theory" / "mm1.yaml", [*SETTINGS, f"run.horizon={200 + hours} h"]
    )
    plan = compile_plan(system)
    found = {metric: [] for metric in TRUTHS}
    for experiment in range(experiments):
        tables = []
        for number in range(1, replications + 1):
            log = play(plan, draw_trace(plan, 20_000 + experiment, number), "fast")
            table = measure(log, plan)
            kept = table[table["metric"].isin(list(TRUTHS)) & (table["by"] == "all")]
            tables.append(kept.assign(replication=number))
        figures = figures_of(pd.concat(tables, ignore_index=True))
        for metric, mine in found.items():
            mine.append(interval_of(figures[metric, "all", "all"]))
    return found


def covered(found, truth, width=1.0):
    """How many intervals, made so many times as wide, contain the truth."""
    return sum(abs(one.mean - truth) <= width * one.half_width for one in found)


def is_not_95_per_cent(hits, experiments):
    return stats.binomtest(hits, experiments, 0.95).pvalue < 0.003


@pytest.mark.slow
def test_a_hundred_experiments_cover_and_intervals_too_narrow_are_seen():
    experiments = 100
    for metric, found in intervals(experiments, 10, 8000).items():
        truth = TRUTHS[metric]
        assert not is_not_95_per_cent(covered(found, truth), experiments), metric
        # Intervals of half the width cover about two times in three.
        assert is_not_95_per_cent(covered(found, truth, 0.5), experiments), metric


@pytest.mark.slow
@pytest.mark.verify
def test_a_thousand_experiments_cover_93_to_97_times_in_a_hundred():
    experiments = 1000
    for metric, found in intervals(experiments, 10, 12_000).items():
        share = covered(found, TRUTHS[metric]) / experiments
        assert 0.93 <= share <= 0.97, f"{metric}: {share}"
