"""Claims as events: what agrees with a reported value, and what an interval says of it."""

import math

import pytest

from sim.analysis.claims import Band, band_of, judge


@pytest.mark.parametrize(
    ("value", "operator", "width", "band"),
    [
        (97.0, "ge", 0.5, (96.5, math.inf)),
        (10.0, "le", 1.0, (-math.inf, 11.0)),
        (-20.0, "eq", 3.5, (-23.5, -16.5)),
        (18000.0, "approx", 500.0, (17500.0, 18500.0)),
        ((300.0, 400.0), "eq", 0.0, (300.0, 400.0)),
    ],
)
def test_the_width_opens_a_claim_on_the_sides_that_it_has(value, operator, width, band):
    assert band_of(value, operator, width) == band


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (1.0, 2.0, "met"),
        (0.5, 3.0, "met"),
        (0.4, 2.0, "open"),
        (2.9, 3.1, "open"),
        (3.1, 4.0, "not_met"),
        (-1.0, 0.4, "not_met"),
        (0.0, 9.0, "open"),
        (None, None, "open"),
        (math.nan, 1.0, "open"),
    ],
)
def test_only_a_whole_interval_decides(low, high, verdict):
    assert judge(low, high, Band(0.5, 3.0)) == verdict


def test_the_gap_is_zero_inside_and_infinite_where_there_is_no_value():
    band = Band(0.5, 3.0)

    assert [band.gap(value) for value in (0.5, 3.0, 0.0, 5.0)] == [0, 0, 0.5, 2.0]
    assert band.gap(math.nan) == math.inf
    assert Band(96.5, math.inf).gap(90.0) == 6.5
    assert not band.holds(math.nan)
    assert band.holds(2.0, 9.0)
