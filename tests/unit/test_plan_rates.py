"""Rates over time: 1 in the long run, exact at the corners, local where local."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import PlanError
from sim.model.places import Level, Places, Root
from sim.model.sources import Arrivals, Duty, Shock
from sim.plan.places import compile_places
from sim.plan.rates import rate_cells
from sim.units import DAY, HOUR, MINUTE, WEEK

MONDAY = datetime(2023, 1, 2)
TREE = compile_places(
    Places(
        root=Root(name="t", households=100),
        levels={
            "community": Level(within="site", count=3),
            "grid": Level(within="community", per_parent=2),
        },
    )
)


def arrivals(**given):
    base = {"kind": "arrivals", "classes": {"noise": 1.0}, "rate": "20/h", "at": "community"}
    return Arrivals.model_validate(base | given)


def shock(**given):
    base = {"start": "2 h", "lasts": "4 h", "factors": {"calls": 3.0}}
    return Shock.model_validate(base | given)


def rates(source=None, start=MONDAY, end=WEEK, **shocks):
    return rate_cells({"calls": source or arrivals()}, shocks, TREE, start, end)


def test_a_plain_rate_has_ones_by_the_hour():
    found = rates(end=90 * MINUTE)

    assert found.cell == HOUR
    assert found.factors["calls"].tolist() == [1.0, 1.0]
    assert found.local == []


@given(
    hours=st.lists(st.floats(0, 9), min_size=24, max_size=24).filter(any),
    weekdays=st.lists(st.floats(0, 9), min_size=7, max_size=7).filter(any),
    offset=st.integers(0, 6 * 24),
)
def test_hours_and_weekdays_average_to_one_over_any_week(hours, weekdays, offset):
    start = datetime(2023, 1, 2 + offset // 24, offset % 24)
    found = rates(arrivals(profile={"hours": hours, "weekdays": weekdays}), start)

    assert found.factors["calls"].mean() == pytest.approx(1, rel=1e-12)


def test_weights_fall_on_their_hour_and_weekday():
    hours = [0.0] * 23 + [24.0]
    found = rates(arrivals(profile={"hours": hours, "weekdays": [1, 0, 0, 0, 0, 0, 6]}))

    assert np.flatnonzero(found.factors["calls"]).tolist() == [23, 6 * 24 + 23]
    assert found.factors["calls"][[23, 167]].tolist() == [24.0, 144.0]


def test_months_average_to_one_over_a_year_of_365_days():
    found = rates(
        arrivals(profile={"months": list(range(1, 13))}),
        start=datetime(2023, 1, 1),
        end=365 * DAY,
    )

    factors = found.factors["calls"]
    assert factors.mean() == pytest.approx(1, rel=1e-12)
    assert factors[-1] == pytest.approx(12 * factors[0])
    assert (factors[31 * 24 - 1 : 31 * 24 + 1] / factors[0]).tolist() == [1.0, 2.0]


def test_a_sine_is_cut_fine_and_averages_to_one_over_its_period():
    found = rates(arrivals(profile={"sine": {"amplitude": 0.5, "period": "1 d"}}), end=DAY)

    factors = found.factors["calls"]
    assert found.cell == MINUTE
    assert factors.mean() == pytest.approx(1, abs=1e-12)
    assert factors.max() == pytest.approx(1.5, abs=1e-5)
    assert factors[360] > 1.499
    assert factors[1080] < 0.501


def test_cells_follow_a_start_between_two_hours():
    hours = [0.0] * 9 + [1.0] + [0.0] * 14
    found = rates(arrivals(profile={"hours": hours}), datetime(2023, 1, 2, 8, 45), 2 * HOUR)

    assert found.cell == 15 * MINUTE
    assert found.factors["calls"].tolist() == [0.0] + [24.0] * 4 + [0.0] * 3


def test_a_shock_stands_exactly_where_it_was_put():
    found = rates(end=8 * HOUR, s=shock())

    assert found.factors["calls"].tolist() == [1, 1, 3, 3, 3, 3, 1, 1]
    dated = rates(end=8 * HOUR, s=shock(start="2023-01-02 02:00"))
    assert dated.factors["calls"].tolist() == found.factors["calls"].tolist()


def test_rise_and_fall_are_straight_and_shocks_multiply():
    found = rates(end=7 * HOUR, s=shock(rise="2 h", fall="1 h"), t=shock(lasts="1 h"))

    assert found.factors["calls"].tolist() == [1, 1, 1.5 * 3, 2.5, 3, 2, 1]


def test_a_corner_between_two_hours_makes_shorter_cells_but_none_below_a_minute():
    assert rates(s=shock(start="2 h 30 min")).cell == 30 * MINUTE
    assert rates(s=shock(start="10 s")).cell == MINUTE
    assert rates(s=shock(start="2 h 1 us")).cell == MINUTE


def test_a_local_shock_strikes_the_places_of_the_source_inside_it():
    found = rates(end=3 * HOUR, s=shock(places=["c2"]), t=shock(places=["t/c2", "c3"]))

    assert found.factors["calls"].tolist() == [1, 1, 1]
    assert [(name, TREE.names[place], row.tolist()) for name, place, row in found.local] == [
        ("calls", "t/c2", [1, 1, 9]),
        ("calls", "t/c3", [1, 1, 3]),
    ]
    everywhere = rates(end=3 * HOUR, s=shock(places=["t"]))
    assert [place for _, place, _ in everywhere.local] == TREE.places_at("community").tolist()


@pytest.mark.parametrize(
    ("source", "shocks", "says"),
    [
        ({"profile": {"hours": [0.0] * 24}}, {}, r"sources\.calls\.profile\.hours"),
        ({"profile": {"weekdays": [-1.0] + [1.0] * 6}}, {}, r"profile\.weekdays"),
        (
            {
                "profile": {
                    "months": [1.0] * 12,
                    "sine": {"amplitude": 0.5, "period": "1 d"},
                }
            },
            {},
            r"profile\.sine: give a sine or weights",
        ),
        ({"profile": {"sine": {"amplitude": 0.5, "period": "1 ms"}}}, {}, r"too many"),
        ({}, {"s": {"rise": "3 h", "fall": "2 h"}}, r"shocks\.s\.lasts"),
        ({}, {"s": {"factors": {"cals": 2.0}}}, r"shocks\.s\.factors: there is no source cals"),
        ({}, {"s": {"factors": {"calls": -1.0}}}, r"shocks\.s\.factors\.calls"),
        ({}, {"s": {"places": ["c9"]}}, r"shocks\.s\.places\[0\]: no place c9"),
        ({}, {"s": {"places": ["c1", "g1"]}}, r"shocks\.s\.places\[1\]: 3 places"),
        ({}, {"s": {"places": ["t/c1/g1"]}}, r"places\[0\]: .* narrower"),
        ({"rate": None, "times": ["1 h"]}, {"s": {}}, r"factors\.calls: only arrivals"),
    ],
)
def test_rates_that_cannot_be_are_refused_by_field(source, shocks, says):
    with pytest.raises(PlanError, match=says):
        rates(arrivals(**source), **{name: shock(**given) for name, given in shocks.items()})


def test_a_duty_has_ones_and_takes_no_shock():
    duty = Duty(kind="duty", request="visit", at="grid", times=1.0, calendar="always")

    assert rate_cells({"d": duty}, {}, TREE, MONDAY, HOUR).factors["d"].tolist() == [1.0]
    with pytest.raises(PlanError, match="only arrivals"):
        rate_cells({"d": duty}, {"s": shock(factors={"d": 2.0})}, TREE, MONDAY, HOUR)
