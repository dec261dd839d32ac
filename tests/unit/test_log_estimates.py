"""Estimates of a log: known profiles and laws are found again, and wrong ones are refused."""

import math

import numpy as np
import pytest

from sim.analysis.arrival_profile import DAY, HOUR, fit_profile
from sim.analysis.closing_laws import fit_laws
from sim.analysis.foretold import differing, foretell

TICK = 1 / 60


def arrivals(dice, days, rate, *, spread=0.0):
    """Hours with a busy afternoon and a quiet weekend; 1 January 1970 was a Thursday."""
    out = []
    for day in range(days):
        factor = dice.gamma(1 / spread**2, spread**2) if spread else 1.0
        weekday = (day + 3) % 7
        for hour in range(24):
            mean = rate * factor * (2 if hour >= 12 else 1) * (0.5 if weekday >= 5 else 1)
            n = dice.poisson(mean)
            out += (
                (day * DAY + hour * HOUR + dice.uniform(0, HOUR, n)).astype(np.int64).tolist()
            )
    return np.array(sorted(out), np.int64)


def test_weights_of_hours_and_weekdays_are_found_again():
    found = fit_profile(arrivals(np.random.default_rng(1), 140, 20), 0, 140 * DAY)

    assert found.hours[12:].mean() / found.hours[:12].mean() == pytest.approx(2, rel=0.03)
    assert found.weekdays[5:].mean() / found.weekdays[:5].mean() == pytest.approx(0.5, rel=0.03)
    assert found.per_day == pytest.approx(20 * 36 * 6 / 7, rel=0.02)
    assert found.hours.mean() == pytest.approx(1)


def test_a_log_that_ends_at_noon_has_seen_no_afternoon():
    every_hour = np.arange(36, dtype=np.int64) * HOUR

    found = fit_profile(every_hour, 0, 36 * HOUR)

    assert found.hours == pytest.approx(np.ones(24))
    assert found.weekdays == pytest.approx(np.ones(7))
    assert found.per_day == pytest.approx(24)
    assert found.dispersion is None
    assert found.weekdays_seen == (False, False, False, True, True, False, False)


@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_over_dispersion_is_found_where_it_is(spread):
    dice = np.random.default_rng(2)

    found = fit_profile(arrivals(dice, 140, 20, spread=spread), 0, 140 * DAY)

    assert found.dispersion == pytest.approx(spread, abs=0.06)
    assert (found.p_poisson < 0.001) == bool(spread)


def test_arrivals_outside_the_window_are_refused():
    with pytest.raises(ValueError, match="outside the window"):
        fit_profile(np.array([5], np.int64), 10, 20)


def censored(dice, n, mean_watch=80.0):
    took = dice.lognormal(2, 1.3, n)
    watched = dice.exponential(mean_watch, n)
    return np.minimum(took, watched), took > watched


def test_a_law_is_found_again_although_many_are_still_open():
    times, is_open = censored(np.random.default_rng(3), 4000, 20.0)
    assert 0.2 < is_open.mean() < 0.6

    laws = {law.family: law for law in fit_laws(times, is_open, TICK)}

    assert laws["lognormal"].parameters == pytest.approx((2, 1.3), abs=0.08)
    assert not laws["lognormal"].is_refused
    assert laws["weibull"].is_refused
    # Taking the open ones for closed would be wrong by far.
    wrong = fit_laws(times, np.zeros_like(is_open), TICK)
    assert {law.family: law for law in wrong}["lognormal"].parameters[0] < 1.7


@pytest.mark.slow
def test_the_test_of_a_law_refuses_wrong_ones_and_seldom_the_right_one():
    dice, right, wrong = np.random.default_rng(4), 0, 0
    for _ in range(60):
        laws = {law.family: law for law in fit_laws(*censored(dice, 300), TICK)}
        right += laws["lognormal"].is_refused
        wrong += laws["weibull"].is_refused

    # At a true level of 1 % more than 5 of 60 has probability 2e-5.
    assert right <= 5
    assert wrong >= 30


def test_closings_at_once_are_an_atom_and_no_part_of_the_family():
    dice = np.random.default_rng(5)
    times = np.concatenate([np.zeros(100), dice.lognormal(2, 1, 300)])

    laws = {law.family: law for law in fit_laws(times, np.zeros(400, bool), TICK)}

    assert laws["lognormal"].at_zero == 0.25
    assert laws["lognormal"].parameters == pytest.approx((2, 1), abs=0.15)
    assert laws["lognormal"].open_share(np.array([math.exp(2)]))[0] == pytest.approx(
        0.375, abs=0.05
    )


def test_too_few_closings_have_no_family():
    assert fit_laws(np.ones(29), np.zeros(29, bool), TICK) == []


def test_one_more_replication_is_foretold_at_the_stated_level():
    dice, out = np.random.default_rng(6), 0
    for _ in range(400):
        values = dice.lognormal(1, 0.2, 11)
        out += foretell(values[0], values[1:].tolist()).p < 0.05

    assert 6 <= out <= 40  # 20 expected; outside has probability 1e-4


def test_an_observation_far_off_stands_out_and_the_same_one_does_not():
    values = [10.0, 11.0, 9.5, 10.4, 10.2]

    assert foretell(10.1, values).p > 0.5
    assert foretell(20.0, values).p < 0.001
    assert foretell(5.0, [5.0, 5.0]).p == 1.0
    assert foretell(6.0, [5.0, 5.0]).p == 0.0
    assert foretell(None, values).p is None
    assert foretell(1.0, [math.nan, 1.0]).p is None


def test_several_figures_are_judged_together():
    assert differing([0.004, None, 0.5], alpha=0.01) == [True, False, False]
    assert differing([0.006, 0.5], alpha=0.01) == [False, False]
    assert differing([0.006], alpha=0.01) == [True]
