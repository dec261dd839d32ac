"""Parts of a variance and flips of a sign, on ensembles whose truth is known."""

import math

import numpy as np
import pytest

from sim.analysis.predictive import sign_of, spread_of


def ensemble(draws, runs, parameters, noise, mean=0.0, seed=1):
    """Figures with these standard deviations between and within draws."""
    rng = np.random.default_rng(seed)
    centres = mean + parameters * rng.standard_normal(draws)
    return centres[:, None] + noise * rng.standard_normal((draws, runs))


def test_the_parts_of_a_variance_are_told_apart():
    spread = spread_of(ensemble(4000, 2, 3.0, 4.0))

    # Standard errors of both are about 1.5 per cent here.
    assert spread.sd_noise == pytest.approx(4.0, rel=0.06)
    assert spread.sd_parameters == pytest.approx(3.0, rel=0.10)
    assert spread.share == pytest.approx(9 / 25, abs=0.05)
    assert (spread.low, spread.high) == pytest.approx((-9.8, 9.8), abs=0.5)


def test_parts_add_up_to_the_variance_of_all_runs():
    values = ensemble(300, 5, 1.0, 2.0)
    spread = spread_of(values)

    # The law of total variance, up to 1/draws.
    total = spread.sd_parameters**2 + spread.sd_noise**2
    assert total == pytest.approx(values.var(ddof=1), rel=0.01)


def test_means_of_few_runs_are_not_taken_for_parameters():
    # Means of two runs differ by chance; where no parameter matters nothing is left of that.
    spread = spread_of(ensemble(4000, 2, 0.0, 5.0))

    assert spread.sd_parameters < 0.8


def test_draws_played_once_cannot_be_told_apart_and_say_so():
    spread = spread_of([[1.0], [2.0], [4.0]])

    assert (spread.sd_parameters, spread.sd_noise, spread.share) == (None, None, None)
    assert (spread.low, spread.high) == (1.0, 4.0)
    assert spread_of([[math.nan], [math.nan]]) is None


@pytest.mark.parametrize("missing", [[math.nan, 1.0], [math.nan, math.nan]])
def test_runs_that_say_nothing_are_left_out(missing):
    spread = spread_of([[1.0, 3.0], missing])

    assert spread.runs == 2 + sum(not math.isnan(value) for value in missing)
    assert spread.mean == pytest.approx(2.0 if spread.runs == 2 else 5 / 3)


def test_draws_with_the_other_sign_are_counted():
    sign = sign_of([[5.0, 6.0]] * 7 + [[-1.0, -2.0]] * 3 + [[0.0, 0.0]])

    assert sign.other_way == 3
    assert sign.by_noise < 0.1
    assert sign.clear


def test_noise_alone_is_told_from_parameters():
    # The mean lies one standard error of a draw away from 0: 16 of 100 draws by noise.
    values = ensemble(2000, 4, 0.0, 2.0, mean=1.0)
    sign = sign_of(values)

    assert sign.by_noise == pytest.approx(2000 * 0.159, rel=0.15)
    assert sign.other_way == pytest.approx(sign.by_noise, rel=0.25)
    moved = sign_of(ensemble(2000, 4, 3.0, 2.0, mean=1.0))
    assert moved.other_way > 1.5 * moved.by_noise


def test_no_difference_has_no_other_way():
    sign = sign_of([[0.0, 0.0], [0.0, 0.0]])

    assert sign.other_way is None
    assert not sign.clear
