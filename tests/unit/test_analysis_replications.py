import math

import numpy as np
import pytest

from sim.analysis.intervals import mean_interval
from sim.analysis.replications import (
    Precision,
    judge_replications,
    look_ahead,
    running_half_widths,
)

RULE = Precision(relative=0.1)


def test_running_half_widths_are_the_intervals_so_far():
    values = np.random.default_rng(1).gamma(2, 1e6, 30)
    mean, half = running_half_widths(values, 0.95)
    assert math.isnan(half[0])
    for n in (2, 9, 30):
        interval = mean_interval(values[:n])
        assert mean[n - 1] == pytest.approx(interval.mean)
        assert half[n - 1] == pytest.approx(interval.half_width)


def test_a_constant_output_stops_after_ten_and_five():
    outputs = {"wait": [4.0] * 14}
    verdict = judge_replications(outputs, RULE)
    assert not verdict.enough
    assert verdict.unmet == ()
    assert verdict.suggested == 15
    verdict = judge_replications({"wait": [4.0] * 15}, RULE)
    assert (verdict.enough, verdict.met_at, verdict.suggested) == (True, 10, 15)


def test_losing_the_precision_during_the_look_ahead_starts_anew():
    values = [4.0] * 12 + [9.0] + [4.0] * 40
    assert not judge_replications({"wait": values[:15]}, RULE).enough
    verdict = judge_replications({"wait": values}, RULE)
    assert verdict.enough
    assert verdict.met_at > 13


def test_all_outputs_must_be_precise_together():
    rng = np.random.default_rng(2)
    outputs = {"steady": [4.0] * 15, "noisy": list(rng.normal(4, 3, 15))}
    verdict = judge_replications(outputs, RULE)
    assert not verdict.enough
    assert verdict.unmet == ("noisy",)
    assert 15 < verdict.suggested <= 35


def test_absolute_precision_serves_outputs_near_zero():
    values = {"gap": [0.01, -0.01] * 10}
    assert not judge_replications(values, RULE).enough
    assert judge_replications(values, Precision(relative=0.1, absolute=0.05)).enough
    assert judge_replications(values, Precision(absolute=0.05)).enough


def test_an_output_that_is_not_reached_never_becomes_precise():
    verdict = judge_replications({"p90": [4.0] * 5 + [None] + [4.0] * 20}, RULE)
    assert not verdict.enough
    assert verdict.unmet == ("p90",)


def test_undefined_replications_do_not_count():
    verdict = judge_replications({"wait": [4.0, math.nan] * 20}, RULE)
    assert verdict.enough


def test_nothing_run_yet():
    verdict = judge_replications({"wait": []}, RULE)
    assert (verdict.n, verdict.enough, verdict.unmet) == (0, False, ("wait",))
    assert verdict.suggested == 15


def test_the_look_ahead_grows_beyond_a_hundred_replications():
    assert [look_ahead(n, RULE) for n in (10, 100, 150, 400)] == [5, 5, 7, 20]


def test_a_precision_must_say_something():
    with pytest.raises(ValueError, match="given neither"):
        Precision()
    with pytest.raises(ValueError, match="at least 3"):
        Precision(relative=0.1, minimum=2)


def stopped_coverage(trials, seed):
    """Coverage of the interval at the moment the rule stops, and the mean number run."""
    rng = np.random.default_rng(seed)
    kept = total = 0
    for _ in range(trials):
        values = rng.normal(1, 0.3, 200)
        n = 15
        while not judge_replications({"x": values[:n]}, RULE).enough:
            n += 1
        interval = mean_interval(values[:n])
        kept += interval.low <= 1 <= interval.high
        total += n
    return kept / trials, total / trials


def test_stopped_intervals_cover_reduced():
    # 200 trials: standard error 0.016.
    share, mean_run = stopped_coverage(200, seed=4)
    assert share >= 0.89
    assert 35 <= mean_run <= 50


@pytest.mark.verify
def test_stopped_intervals_cover():
    share, mean_run = stopped_coverage(5_000, seed=5)
    assert 0.93 <= share <= 0.96
    assert 38 <= mean_run <= 46
