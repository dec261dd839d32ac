"""Arrivals: Poisson with the stated rate, over-dispersed where asked, the same whatever else.

Statistical tests use 40,000 or more arrivals and fixed seeds; each has a false alarm of 1e-4.
"""

import math
from datetime import datetime

import numpy as np
import pytest
from scipy import stats

from sim.demand.arrivals import BACKLOG, arrivals
from sim.demand.gaps import ONE, unit_gaps
from sim.demand.homes import PERSON, PLACE, SHOP
from sim.demand.streams import stream_key
from sim.keys import subkey
from sim.model.distributions import Law
from sim.plan.codes import SourceKind
from tests.unit.demand_plans import DAY, DISTRICT, HOUR, YEAR, a_source, make_plan

FALSE_ALARM = 1e-4
CV = 0.6
GAMMA = Law(gamma={"mean": "1 s", "cv": CV})  # a table in units of 1e-6 around the factor 1


def draw(plan, replication=0, source=0):
    return arrivals(plan, stream_key(7, replication), source)


def assert_poisson(counts, means):
    """Chi-square of counts against their means; two-sided, with `FALSE_ALARM`."""
    squares = ((counts - means) ** 2 / means).sum()
    tail = stats.chi2(counts.size).cdf(squares)
    assert FALSE_ALARM / 2 < tail < 1 - FALSE_ALARM / 2


def counts_per(reports, width, end):
    return np.bincount(reports.reported_at // width, minlength=end // width)


def plan_with(end=100 * DAY, rate=400 / DAY, **settings):
    settings = {"level": DISTRICT, "counted": PLACE} | settings
    return make_plan([a_source("calls", rate=rate, **settings)], end=end)


def test_counts_of_a_constant_rate_are_poisson():
    counts = counts_per(draw(plan_with()), DAY // 4, 100 * DAY)

    assert_poisson(counts, np.full(400, 100.0))


def test_gaps_are_exponential_and_independent():
    gaps = np.diff(np.sort(draw(plan_with()).reported_at)) / (DAY / 400)

    assert stats.kstest(gaps, "expon").pvalue > FALSE_ALARM
    correlation = np.corrcoef(gaps[1:], gaps[:-1])[0, 1]
    assert abs(correlation) < stats.norm.isf(FALSE_ALARM / 2) / np.sqrt(gaps.size - 1)


def test_a_biased_rate_is_caught():
    counts = counts_per(draw(plan_with(rate=1.05 * 400 / DAY)), DAY // 4, 100 * DAY)

    with pytest.raises(AssertionError):
        assert_poisson(counts.reshape(20, 20).sum(1), np.full(20, 2000.0))


def test_the_profile_shapes_the_counts():
    hours = np.arange(100 * 24)
    factors = 1 + 0.8 * np.sin(2 * np.pi * (hours + 0.5) / 24)
    reports = draw(plan_with(cells=factors))
    counts = counts_per(reports, HOUR, 100 * DAY).reshape(100, 24).sum(0)

    assert_poisson(counts, 400 / 24 * factors[:24] * 100)


def test_hours_with_factor_zero_stay_empty():
    factors = np.tile(np.repeat([0.0, 1.0, 0.0], 8), 20)
    reports = draw(plan_with(end=20 * DAY, cells=factors))
    counts = counts_per(reports, HOUR, 20 * DAY).reshape(20, 24).sum(0)

    assert counts[:8].sum() == 0
    assert counts[16:].sum() == 0
    assert_poisson(counts[8:16], np.full(8, 400 / 24 * 20))


def test_a_shock_in_one_place_stays_there():
    burst = np.ones(100 * 24)
    burst[240:480] = 6.0
    places = dict.fromkeys([1], burst)
    plan = make_plan([a_source("calls", rate=0.2 / DAY, local=places)], end=100 * DAY)
    reports = draw(plan)
    calm = draw(make_plan([a_source("calls", rate=0.2 / DAY)], end=100 * DAY))
    days = [
        np.bincount(reports.reported_at[reports.place == place] // DAY, minlength=100)
        for place in (1, 4)
    ]

    assert_poisson(days[0], np.where((np.arange(100) >= 10) & (np.arange(100) < 20), 600, 100))
    assert_poisson(days[1], np.full(100, 100.0))
    for mine, theirs in zip(reports, calm, strict=True):
        assert mine[reports.place == 4].tolist() == theirs[calm.place == 4].tolist()


def test_days_are_over_dispersed_by_the_factor():
    plan = plan_with(end=2000 * DAY, rate=25 / DAY, dispersion=GAMMA)
    counts = counts_per(draw(plan), DAY, 2000 * DAY)
    index = counts.var(ddof=1) / counts.mean()

    # Index 1 + mean · cv² = 10; its spread is that of 2,000 negative binomial counts.
    spread = np.std(
        [
            x.var(ddof=1) / x.mean()
            for x in stats.nbinom(1 / CV**2, 1 / 10).rvs((400, 2000), random_state=1)
        ]
    )
    assert abs(index - 10) < stats.norm.isf(FALSE_ALARM / 2) * spread


def test_within_a_day_an_over_dispersed_source_is_poisson():
    plan = plan_with(end=200 * DAY, rate=400 / DAY, dispersion=GAMMA)
    counts = counts_per(draw(plan), HOUR, 200 * DAY).reshape(200, 24)
    means = np.repeat(counts.mean(1), 24).reshape(200, 24)
    squares = ((counts - means) ** 2 / means)[counts.sum(1) > 100]

    tail = stats.chi2(squares.shape[0] * 23).cdf(squares.sum())
    assert FALSE_ALARM / 2 < tail < 1 - FALSE_ALARM / 2


def test_days_of_dispersion_are_civil_days():
    plan = make_plan(
        [a_source("calls", rate=400 / DAY, dispersion=GAMMA, level=DISTRICT, counted=PLACE)],
        end=200 * DAY,
        start=datetime(2024, 1, 1, 18),
    )
    shifted = draw(plan).reported_at + 18 * HOUR
    counts = np.bincount(shifted // DAY, minlength=201)[1:-1]

    assert 1 + 400 * CV**2 / 2 < counts.var() / counts.mean() < 1 + 400 * CV**2 * 2


def test_classes_of_a_source_share_its_good_and_bad_days():
    plan = make_plan(
        [
            a_source("calls", name, rate=0.1 / DAY, dispersion=GAMMA)
            for name in ("repair", "dispute")
        ],
        end=300 * DAY,
    )
    days = [np.bincount(draw(plan, source=u).reported_at // DAY, minlength=300) for u in (0, 1)]

    assert np.corrcoef(*days)[0, 1] > 0.8


@pytest.mark.parametrize(
    ("counted", "mean"), [(1, 1000), (PERSON, 2600), (SHOP, 500), (PLACE, 2)]
)
def test_the_rate_is_per_thing_counted(counted, mean):
    source = a_source("calls", rate=50 / mean / DAY, counted=counted)
    plan = make_plan([source], end=200 * DAY, shops=lambda households: households // 2)

    assert_poisson(counts_per(draw(plan), DAY, 200 * DAY), np.full(200, 50.0))


@pytest.mark.parametrize("dispersion", [None, GAMMA], ids=["poisson", "over-dispersed"])
def test_a_longer_run_moves_no_arrival(dispersion):
    short, long = (
        draw(plan_with(end=days * DAY, cells=np.linspace(1, 2, days * 24) * 0 + 1.3,
                       dispersion=dispersion))
        for days in (30, 61)
    )  # fmt: skip

    assert short.reported_at.tolist() == long.reported_at[: short.reported_at.size].tolist()
    assert long.reported_at[short.reported_at.size] >= 30 * DAY


@pytest.mark.parametrize("dispersion", [None, GAMMA], ids=["poisson", "over-dispersed"])
def test_cells_that_are_cut_finer_for_another_source_move_no_arrival(dispersion):
    hours = np.tile(np.array([0.1] * 7 + [1.7] * 10 + [0.7] * 7), 60)
    once, finer = (
        draw(
            make_plan(
                [a_source("calls", rate=3 / DAY, cells=np.repeat(hours, parts),
                          dispersion=dispersion)],
                end=60 * DAY, cell=HOUR // parts,
            )
        )
        for parts in (1, 60)
    )  # fmt: skip

    assert once.reported_at.size > 100_000
    assert once.reported_at.tolist() == finer.reported_at.tolist()


def test_times_are_rounded_to_the_tick_once():
    fine, coarse = (
        draw(make_plan([a_source("calls", rate=0.1 / DAY)], tick=tick)) for tick in (1, HOUR)
    )

    assert not (coarse.reported_at % HOUR).any()
    shared = (fine.reported_at + HOUR // 2) // HOUR * HOUR
    assert coarse.reported_at.tolist() == shared[shared < 10 * DAY].tolist()


def test_a_backlog_is_there_at_time_0_and_moves_no_arrival():
    without, with_ = (
        draw(make_plan([a_source("calls", rate=0.1 / DAY, backlog=n)])) for n in (0, 3)
    )

    kept = with_.ordinal >= BACKLOG
    assert with_.reported_at[kept].tolist() == [0] * 6
    assert with_.ordinal[kept].tolist() == [BACKLOG, BACKLOG + 1, BACKLOG + 2] * 2
    assert with_.place[kept].tolist() == [1, 1, 1, 4, 4, 4]
    assert with_.reported_at[~kept].tolist() == without.reported_at.tolist()
    assert (np.lexsort((with_.ordinal, with_.place)) == np.arange(kept.size)).all()


def test_times_written_out_are_the_same_in_every_place():
    source = a_source("calls", kind=SourceKind.TIMES, times=[5, 10, 10 * DAY, 7])
    reports = draw(make_plan([source]))

    assert reports.reported_at.tolist() == [5, 10, 7, 5, 10, 7]
    assert reports.ordinal.tolist() == [0, 1, 3, 0, 1, 3]
    assert reports.place.tolist() == [1, 1, 1, 4, 4, 4]


def test_a_source_without_a_rate_or_without_people_brings_nothing():
    assert draw(make_plan([a_source("calls", rate=0.0)])).reported_at.size == 0
    assert draw(make_plan([a_source("calls", rate=1.0, counted=SHOP)])).reported_at.size == 0


def test_rare_streams_are_not_cut_short():
    rate = 3 / (10 * DAY)
    plan = make_plan([a_source("calls", rate=rate, counted=PLACE)], town={
        f"c{n:03}": [10] for n in range(400)})  # fmt: skip
    counts = np.bincount(draw(plan).place, minlength=801)[1::2]

    observed = np.bincount(np.minimum(counts, 8), minlength=9)
    means = 400 * np.append(stats.poisson(3).pmf(np.arange(8)), stats.poisson(3).sf(7))
    assert stats.chisquare(observed, means * observed.sum() / means.sum()).pvalue > FALSE_ALARM


@pytest.mark.parametrize("setting", ["_MARGIN", "_LARGEST_COURSE"])
def test_how_much_is_drawn_at_once_is_of_no_importance(monkeypatch, setting):
    plan = make_plan([a_source("calls", rate=0.1 / DAY, dispersion=GAMMA)], end=40 * DAY)
    usual = draw(plan)
    monkeypatch.setattr(f"sim.demand.arrivals.{setting}", -1)
    little = draw(plan)

    assert all(np.array_equal(a, b) for a, b in zip(usual, little, strict=True))


def test_arrivals_are_the_sums_of_gaps_written_out_in_plain_numbers():
    plan = make_plan([a_source("calls", rate=0.01 / DAY)])
    reports = draw(plan)
    for place in (1, 4):
        stream = subkey(int(plan.source_key[0]), int(plan.place_key[place]))
        reached, expected = 0, []
        for n in range(1000):
            reached += int(unit_gaps(stream_key(7, 0), stream, [n])[0])
            expected.append(math.floor(reached / ONE / 500 / (0.01 / DAY) + 0.5))
        within = [time for time in expected if time < 10 * DAY]
        assert reports.reported_at[reports.place == place].tolist() == within


def test_other_replications_bring_other_arrivals_as_often():
    totals = np.array(
        [draw(make_plan([a_source("calls", rate=1 / YEAR)], end=YEAR), r).place.size
         for r in range(60)]
    )  # fmt: skip

    assert_poisson(totals, np.full(60, 1000.0))
    assert np.unique(totals).size > 20
