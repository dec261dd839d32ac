import math

import numpy as np
import pytest
from scipy import stats

from sim.analysis.intervals import (
    jackknife_values,
    linear_form,
    mean_interval,
    ratio_interval,
    t_quantile,
)


def test_the_mean_interval_is_the_textbook_one():
    # Law, 5th ed., example 4.26: ten numbers, 90 %: 1.34 ± 0.24.
    values = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09]
    interval = mean_interval(values, confidence=0.90)
    assert interval.mean == pytest.approx(1.343)
    assert interval.half_width == pytest.approx(0.24, abs=0.005)
    assert (interval.n, interval.reached) == (10, 10)
    low, high = stats.t.interval(0.90, 9, np.mean(values), stats.sem(values))
    assert (interval.low, interval.high) == (pytest.approx(low), pytest.approx(high))


def test_bonferroni_splits_the_error_over_the_comparisons():
    values = [1.0, 2.0, 4.0, 3.0]
    five = mean_interval(values, confidence=0.95, comparisons=5)
    alone = mean_interval(values, confidence=0.99)
    assert five.half_width == pytest.approx(alone.half_width)
    assert five.confidence == 0.95


def test_one_replication_that_did_not_reach_a_value_leaves_the_mean_without_one():
    interval = mean_interval([3.0, None, 5.0])
    assert interval.mean is None
    assert interval.low is None
    assert interval.half_width is None
    assert (interval.n, interval.reached) == (3, 2)


def test_undefined_replications_are_left_out_and_counted():
    interval = mean_interval([3.0, math.nan, 5.0])
    assert interval.mean == 4.0
    assert (interval.n, interval.reached) == (2, 2)
    assert mean_interval([math.nan, None]).n == 1


@pytest.mark.parametrize("values", [[], [math.nan]])
def test_nothing_to_average_has_no_value(values):
    interval = mean_interval(values)
    assert interval.mean is None
    assert interval.n == 0


def test_one_replication_has_a_mean_and_no_bounds():
    interval = mean_interval([7.0])
    assert (interval.mean, interval.low, interval.half_width) == (7.0, None, None)


def test_the_ratio_is_that_of_the_totals_not_the_mean_of_ratios():
    interval = ratio_interval([1, 90], [10, 100])
    assert interval.mean == pytest.approx(91 / 110)
    assert interval.mean != pytest.approx((0.1 + 0.9) / 2)


def test_with_equal_case_counts_the_jackknife_is_the_t_interval():
    hits = np.array([7.0, 9.0, 4.0, 8.0, 6.0])
    ratio = ratio_interval(hits, np.full(5, 10.0))
    mean = mean_interval(hits / 10)
    assert ratio.mean == pytest.approx(mean.mean)
    assert ratio.half_width == pytest.approx(mean.half_width)


def test_the_jackknife_leaves_out_one_replication_at_a_time():
    hits, cases = np.array([3.0, 5.0, 8.0]), np.array([10.0, 10.0, 20.0])
    without = [(16 - h) / (40 - c) for h, c in zip(hits, cases, strict=True)]
    expected = [3 * 16 / 40 - 2 * w for w in without]
    assert jackknife_values(hits, cases) == pytest.approx(expected)


def test_the_linear_form_balances_at_the_ratio():
    hits, cases = [3, 5, 8], [10, 10, 20]
    assert linear_form(hits, cases, 16 / 40).sum() == pytest.approx(0)


def test_replications_without_cases_count_but_add_nothing():
    interval = ratio_interval([5, 0, 3], [10, 0, 10])
    assert interval.mean == pytest.approx(8 / 20)
    assert interval.n == 3
    assert ratio_interval([0, 0], [0, 0]).mean is None


def test_all_cases_in_one_replication_give_a_value_without_bounds():
    interval = ratio_interval([5, 0], [10, 0])
    assert (interval.mean, interval.low) == (0.5, None)


def test_a_share_stays_between_zero_and_one():
    interval = ratio_interval([10, 10, 7], [10, 10, 10], bounds=(0, 1))
    assert interval.high == 1.0
    assert interval.mean + interval.half_width > 1


def test_totals_must_pair_up():
    with pytest.raises(ValueError, match="one pair of totals"):
        ratio_interval([1, 2], [1])


@pytest.mark.parametrize(("confidence", "comparisons"), [(0.0, 1), (1.0, 1), (0.95, 0)])
def test_impossible_levels_are_refused(confidence, comparisons):
    with pytest.raises(ValueError, match="must"):
        t_quantile(confidence, 5, comparisons)


def coverage(trials, replications, seed):
    """Share of intervals that hold the truth: normal means, and ratios of random totals."""
    rng = np.random.default_rng(seed)
    mean_hits = ratio_hits = 0
    for _ in range(trials):
        mean = mean_interval(rng.gamma(4.0, 0.25, replications))
        mean_hits += mean.low <= 1.0 <= mean.high
        # Busy replications close a smaller share: numerator and denominator depend.
        cases = rng.poisson(200, replications)
        hits = rng.binomial(cases, np.clip(0.9 - (cases - 200) / 1000, 0, 1))
        ratio = ratio_interval(hits, cases, bounds=(0, 1))
        ratio_hits += ratio.low <= TRUE_SHARE <= ratio.high
    return mean_hits / trials, ratio_hits / trials


# E[K (0.9 - (K - 200) / 1000)] / E K for K Poisson(200): 0.9 - Var K / (1000 E K).
TRUE_SHARE = 0.899


def test_intervals_cover_reduced():
    # 600 trials: a coverage of 0.945 has a standard error of 0.0093; 0.91 is 3.8 of them away.
    for share in coverage(600, 20, seed=1):
        assert 0.91 <= share <= 0.98


@pytest.mark.verify
def test_intervals_cover():
    # 20,000 trials: standard error 0.0016; four of them, and 0.006 for the skewed gamma.
    for share in coverage(20_000, 20, seed=2):
        assert 0.938 <= share <= 0.957
