import numpy as np
import pytest

from tests.oracles.interval_test import assert_mean, mean_test, share_of_family

TRUTH, SPREAD = 4.0, 0.3


def replications(n, seed, bias=0.0):
    return np.random.default_rng(seed).normal(TRUTH * (1 + bias), SPREAD, n)


def test_an_unbiased_mean_passes():
    found = assert_mean(replications(60, seed=1), TRUTH, alpha=0.001, bias=0.05)
    assert found.has_power


@pytest.mark.parametrize("bias", [0.05, -0.05])
def test_a_planted_bias_is_caught(bias):
    with pytest.raises(AssertionError, match="biased"):
        assert_mean(replications(60, seed=2, bias=bias), TRUTH, alpha=0.001, bias=0.05)


def test_too_few_replications_are_no_test():
    # The mean is right by construction; the width is what fails.
    samples = TRUTH + np.array([-0.9, 0.9, -0.6, 0.6, 0.0])
    with pytest.raises(AssertionError, match="no power") as caught:
        assert_mean(samples, TRUTH, alpha=0.001, bias=0.05)
    assert "replications, or longer ones" in str(caught.value)


def test_a_half_width_as_wide_as_the_bias_has_even_odds_and_is_refused():
    # Spread chosen so that the half-width lies between the allowed one and the bias itself.
    pattern = np.tile([-1.0, 1.0], 10)
    unit = mean_test(TRUTH + pattern, TRUTH, alpha=0.01, bias=0.05).half_width
    found = mean_test(TRUTH + pattern * 0.9 * 0.2 / unit, TRUTH, alpha=0.01, bias=0.05)
    assert found.half_width == pytest.approx(0.9 * 0.05 * TRUTH)
    assert not found.has_power
    assert found.replications_needed > found.n
    assert mean_test(TRUTH + pattern * 0.5 * 0.2 / unit, TRUTH, alpha=0.01, bias=0.05).has_power


def test_what_cannot_be_tested_is_refused():
    with pytest.raises(ValueError, match="at least 5"):
        assert_mean([4.0] * 4, TRUTH, alpha=0.01, bias=0.05)
    with pytest.raises(ValueError, match="without a number"):
        assert_mean([4.0] * 5 + [np.nan], TRUTH, alpha=0.01, bias=0.05)


def test_the_level_is_shared_over_the_family():
    assert share_of_family(0.01, 50) == pytest.approx(0.0002)
    with pytest.raises(ValueError, match="at least one"):
        share_of_family(0.01, 0)


def rates(n, trials, alpha, seed):
    """Share of false alarms, and of 5 % biases that are seen, among tests that had power."""
    alarms = seen = judged = 0
    for trial in range(trials):
        right = mean_test(replications(n, [seed, trial, 0]), TRUTH, alpha=alpha, bias=0.05)
        alarms += right.is_biased
        wrong = mean_test(
            replications(n, [seed, trial, 1], bias=0.05), TRUTH, alpha=alpha, bias=0.05
        )
        judged += wrong.has_power
        seen += wrong.has_power and wrong.is_biased
    return alarms / trials, seen / judged


def test_false_alarms_and_power_are_as_stated_reduced():
    # 500 trials at alpha 0.05: standard error 0.0098.
    alarms, seen = rates(30, 500, 0.05, seed=3)
    assert 0.02 <= alarms <= 0.09
    assert seen >= 0.88


@pytest.mark.verify
def test_false_alarms_and_power_are_as_stated():
    # With 35 replications about half the tests claim the power: its edge, not the easy side.
    alarms, seen = rates(35, 10_000, 0.01, seed=4)
    assert 0.006 <= alarms <= 0.014
    assert seen >= 0.88
