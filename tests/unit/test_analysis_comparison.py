import math

import numpy as np
import pytest
from scipy import stats

from sim.analysis.comparison import (
    compare_scenarios,
    paired_difference,
    paired_ratio_difference,
    scenario_pairs,
    welch_interval,
)


def common(seed, n, noise=0.1):
    """Two scenarios that share their luck: the second is 0.5 better plus a little noise."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(10, 2, n)
    return shared, shared + 0.5 + rng.normal(0, noise, n)


def test_the_paired_interval_is_the_t_interval_of_the_differences():
    first, second = common(1, 12)
    compared = paired_difference(first, second)
    low, high = stats.ttest_rel(second, first).confidence_interval(0.95)
    assert compared.difference.low == pytest.approx(low)
    assert compared.difference.high == pytest.approx(high)
    assert compared.distinguishable
    assert compared.correlation == pytest.approx(np.corrcoef(first, second)[0, 1])


def test_the_check_with_independent_seeds_is_welch():
    first, second = common(2, 12)
    low, high = stats.ttest_ind(second, first, equal_var=False).confidence_interval(0.95)
    compared = paired_difference(first, second)
    assert compared.independent.low == pytest.approx(low)
    assert compared.independent.high == pytest.approx(high)
    uneven = welch_interval(first, second[:7], confidence=0.95)
    low, high = stats.ttest_ind(second[:7], first, equal_var=False).confidence_interval(0.95)
    assert (uneven.low, uneven.high) == (pytest.approx(low), pytest.approx(high))


def test_common_random_numbers_narrow_the_interval():
    compared = paired_difference(*common(3, 40))
    expected = sum(x.var(ddof=1) for x in common(3, 40)) / np.var(
        np.subtract(*common(3, 40)), ddof=1
    )
    assert compared.variance_factor == pytest.approx(expected)
    assert compared.variance_factor > 100
    assert compared.narrowing == pytest.approx(math.sqrt(compared.variance_factor), rel=0.02)
    assert not compared.pairing_harms


def test_scenarios_that_move_against_each_other_are_reported():
    first = np.array([1.0, 2.0, 3.0, 4.0])
    compared = paired_difference(first, 5 - first)
    assert compared.correlation == pytest.approx(-1)
    assert compared.pairing_harms
    assert compared.variance_factor == pytest.approx(0.5)


def test_identical_scenarios_are_not_distinguishable():
    first, _ = common(4, 8)
    compared = paired_difference(first, first)
    assert compared.difference.mean == 0
    assert compared.difference.half_width == 0
    assert not compared.distinguishable
    assert compared.variance_factor is None
    assert compared.narrowing is None


def test_a_constant_difference_is_distinguishable():
    compared = paired_difference([1.0, 2.0, 4.0], [2.0, 3.0, 5.0])
    assert compared.distinguishable
    assert compared.difference.half_width == 0


def test_small_differences_in_much_noise_are_not_distinguishable():
    rng = np.random.default_rng(5)
    compared = paired_difference(rng.normal(0, 1, 10), rng.normal(0.01, 1, 10))
    assert not compared.distinguishable


def test_pairs_not_reached_or_undefined():
    compared = paired_difference([1.0, 2.0, 3.0], [1.0, None, 5.0])
    assert compared.difference.mean is None
    assert (compared.difference.n, compared.difference.reached) == (3, 2)
    assert not compared.distinguishable
    compared = paired_difference([1.0, math.nan, 3.0], [1.5, None, 5.0])
    assert (compared.difference.mean, compared.difference.n) == (1.25, 2)


def test_one_pair_has_a_difference_without_bounds():
    compared = paired_difference([1.0], [2.0])
    assert compared.difference.mean == 1.0
    assert compared.independent.low is None
    assert compared.variance_factor is None
    assert not compared.distinguishable


def test_unequal_replications_do_not_pair():
    with pytest.raises(ValueError, match="equal replications"):
        paired_difference([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="equal replications"):
        paired_ratio_difference(([1, 1], [2, 2]), ([1], [2]))


def test_ratios_are_compared_by_their_totals():
    base, other = ([5, 8, 6], [10, 12, 9]), ([6, 9, 8], [10, 12, 10])
    compared = paired_ratio_difference(base, other)
    assert compared.difference.mean == pytest.approx(23 / 32 - 19 / 31)
    equal = paired_ratio_difference(([5, 8, 6], [10] * 3), ([6, 9, 8], [10] * 3))
    plain = paired_difference([0.5, 0.8, 0.6], [0.6, 0.9, 0.8])
    assert equal.difference.half_width == pytest.approx(plain.difference.half_width)
    assert equal.independent.half_width == pytest.approx(plain.independent.half_width)
    assert paired_ratio_difference(([0], [0]), ([1], [2])).difference.mean is None


def test_every_scenario_is_compared_with_the_first_at_one_level():
    first, second = common(6, 10)
    values = {"a": first, "b": second, "c": second + 1}
    versus_first = compare_scenarios(values)
    assert [(c.baseline, c.other) for c in versus_first] == [("a", "b"), ("a", "c")]
    assert {c.comparisons for c in versus_first} == {2}
    alone = paired_difference(first, second)
    quotient = versus_first[0].difference.half_width / alone.difference.half_width
    assert quotient == pytest.approx(stats.t.ppf(1 - 0.05 / 4, 9) / stats.t.ppf(0.975, 9))
    pairs = compare_scenarios(values, all_pairs=True, outputs=2)
    assert len(pairs) == 3
    assert pairs[0].comparisons == 6
    assert scenario_pairs(["a"]) == []


def simultaneous_coverage(trials, seed):
    """Share of trials in which three paired intervals hold their truths together."""
    rng = np.random.default_rng(seed)
    kept = 0
    for _ in range(trials):
        shared = rng.normal(0, 3, 15)
        values = {str(k): shared + k + rng.normal(0, 1, 15) for k in range(4)}
        intervals = [c.difference for c in compare_scenarios(values)]
        kept += all(i.low <= k <= i.high for k, i in enumerate(intervals, start=1))
    return kept / trials


def test_simultaneous_intervals_cover_reduced():
    # 500 trials: standard error at most 0.01; Bonferroni may cover more than 0.95, not less.
    assert simultaneous_coverage(500, seed=7) >= 0.91


@pytest.mark.verify
def test_simultaneous_intervals_cover():
    assert 0.945 <= simultaneous_coverage(10_000, seed=8) <= 0.975
