from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.metrics.survival import (
    kaplan_meier,
    quantile,
    quantiles,
    restricted_mean,
    share_closed,
    share_open,
)


def estimate(times, censored=None):
    flags = np.zeros(len(times), bool) if censored is None else np.array(censored, bool)
    return kaplan_meier(np.array(times, np.int64), flags)


# Remission of leukaemia, the 21 treated children of Freireich et al. (1963), the usual
# worked example: weeks to relapse, or still in remission.
CLOSED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def freireich():
    return estimate(CLOSED + CENSORED, [False] * len(CLOSED) + [True] * len(CENSORED))


def test_the_worked_example():
    curve = freireich()
    assert curve.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    expected = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert curve.open_share == pytest.approx(expected, abs=5e-5)
    assert (curve.n, curve.censored, curve.follow_up) == (21, 12, 35)
    assert quantiles(curve, [0.25, 0.5, 0.9]) == [13, 23, None]


def test_what_was_not_seen_has_no_value():
    curve = freireich()
    assert share_open(curve, 35) == pytest.approx(0.4482, abs=5e-5)
    assert share_open(curve, 36) is None
    assert share_closed(curve, 36) is None
    assert restricted_mean(curve, 36) is None
    assert restricted_mean(curve, 35) == pytest.approx(23.287, abs=5e-4)


def test_when_all_are_closed_nothing_is_unknown():
    curve = estimate([3, 1, 2])
    assert share_closed(curve, 100) == 1.0
    assert restricted_mean(curve, 100) == pytest.approx(2.0)
    assert quantile(curve, 1.0) == 3


def test_closings_come_before_censorings_of_the_same_instant():
    assert estimate([5, 5], [False, True]).open_share.tolist() == [0.5]
    assert estimate([4, 5], [True, False]).open_share.tolist() == [0.0]


def test_leaving_out_or_closing_open_requests_would_flatter():
    times, open_ones = [2, 4, 6, 9, 9, 9], [False, False, False, True, True, True]
    curve = estimate(times, open_ones)
    assert quantile(curve, 0.5) == 6
    assert quantile(curve, 0.75) is None
    assert quantile(estimate([2, 4, 6]), 0.5) == 4
    assert quantile(estimate(times), 0.75) == 9


def test_nobody_asked():
    curve = estimate([])
    assert quantile(curve, 0.5) is None
    assert share_open(curve, 0) is None
    assert restricted_mean(curve, 10) is None


def test_nobody_served():
    curve = estimate([4, 8], [True, True])
    assert quantile(curve, 0.01) is None
    assert share_closed(curve, 8) == 0.0
    assert restricted_mean(curve, 8) == 8.0


def test_closed_at_once():
    curve = estimate([0, 0, 7])
    assert share_closed(curve, 0) == pytest.approx(2 / 3)
    assert restricted_mean(curve, 7) == pytest.approx(7 / 3)
    assert restricted_mean(curve, 0) == 0.0


def test_microseconds_of_many_years_stay_exact():
    day = 86_400_000_000
    times = [k * 365 * day + 1 for k in range(1, 101)]
    assert quantile(estimate(times), 0.9) == 90 * 365 * day + 1


def test_wrong_input_is_refused():
    with pytest.raises(ValueError, match="negative"):
        estimate([-1])
    with pytest.raises(ValueError, match="one flag per time"):
        estimate([1, 2], [True])
    with pytest.raises(ValueError, match="level"):
        quantile(estimate([1]), 0.0)


def exact_curve(rows):
    """The product-limit estimate in exact rationals, straight from its definition."""
    share, out = Fraction(1), {}
    for time in sorted({t for t, is_open in rows if not is_open}):
        at_risk = sum(t >= time for t, _ in rows)
        closed = sum(t == time and not is_open for t, is_open in rows)
        share *= Fraction(at_risk - closed, at_risk)
        out[time] = share
    return out


requests = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


@given(requests, st.integers(1, 1000))
def test_equal_to_exact_rationals(rows, per_mille):
    curve = estimate([t for t, _ in rows], [is_open for _, is_open in rows])
    exact = exact_curve(rows)
    assert curve.time.tolist() == list(exact)
    assert curve.open_share == pytest.approx([float(s) for s in exact.values()], rel=1e-13)
    reached = [t for t, s in exact.items() if 1 - s >= Fraction(per_mille, 1000)]
    assert quantile(curve, per_mille / 1000) == (reached[0] if reached else None)
    last = max(t for t, _ in rows)
    area, share, since = Fraction(0), Fraction(1), 0
    for time, after in [*exact.items(), (last, None)]:
        area, since = area + share * (time - since), time
        share = after if after is not None else share
    assert restricted_mean(curve, last) == pytest.approx(float(area), rel=1e-12)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.integers(1, 100))
def test_without_open_requests_all_figures_are_the_plain_ones(times, percent):
    curve = estimate(times)
    rank = -(-percent * len(times) // 100)
    assert quantile(curve, percent / 100) == sorted(times)[rank - 1]
    assert restricted_mean(curve, 50) == pytest.approx(np.mean(times), abs=1e-9)
    share = share_closed(curve, 20)
    assert share == pytest.approx(np.mean(np.array(times) <= 20), abs=1e-15)


@given(requests)
def test_watching_longer_never_moves_a_quantile_earlier_than_the_truth_seen(rows):
    # An open request is worth at least its time: taking it as closed then is optimistic.
    curve = estimate([t for t, _ in rows], [is_open for _, is_open in rows])
    optimist = estimate([t for t, _ in rows])
    for level in (0.25, 0.5, 0.9):
        honest = quantile(curve, level)
        assert honest is None or honest >= quantile(optimist, level)
