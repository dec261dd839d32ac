"""Calibration on simulators whose posterior is known: exactness, recovery, coverage, ranks."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.analysis.acceptance import Search, Settings, design_size, search
from sim.analysis.claims import Band
from sim.analysis.emulator import fit_emulator
from sim.analysis.ensemble import (
    Ensemble,
    combinations_fixed,
    conflicts,
    directions,
    identify,
    leave_one_out,
    weighted_quantiles,
)
from sim.analysis.guess import influential
from sim.analysis.smc import distances_to, next_tolerance, search_smc
from sim.demand.uniforms import latin_hypercube, uniforms
from sim.errors import AnalysisError

METHODS = pytest.mark.parametrize("method", [search, search_smc], ids=["emulator", "smc"])


# ---- an Erlang system: the number in an M/M/c, whose law is known exactly

SERVERS, SLOWEST, FASTEST = 10, 2.0, 9.5


def load_at(point):
    """Offered load in erlangs: the unknown, uniform from 2 to 9.5."""
    return SLOWEST + (FASTEST - SLOWEST) * point


def number_law(load: float) -> np.ndarray:
    """P(N = n) of M/M/c, from its birth-and-death balance, for n up to 400."""
    n = np.arange(401)
    steps = load / np.minimum(np.maximum(n, 1), SERVERS)
    weights = np.cumprod(np.where(n == 0, 1.0, steps))
    return weights / weights.sum()


def erlang(seed: int):
    """Simulate the number in system at an instant of equilibrium."""

    def simulate(points, first):
        drawn = uniforms(seed, "erlang", len(points), 1, first)[:, 0]
        laws = [np.cumsum(number_law(load)) for load in load_at(points[:, 0])]
        return np.array(
            [[float(np.searchsorted(law, u))] for law, u in zip(laws, drawn, strict=True)]
        )

    return simulate


def posterior_of(found: Search, bands) -> Ensemble:
    return found.runs.only(found.runs.meets(bands))


@pytest.mark.slow
@METHODS
def test_the_posterior_of_an_erlang_load_is_the_exact_one(method):
    bands = [Band(11.5, 14.5)]
    grid = np.linspace(0.0005, 0.9995, 1000)
    likelihood = np.array([number_law(load)[12:15].sum() for load in load_at(grid)])
    exact = np.cumsum(likelihood) / likelihood.sum()

    found = method(erlang(3), 1, bands, Settings(seed=5, wanted=600, budget=60_000))
    draws = posterior_of(found, bands)

    # The largest gap between two distribution functions; 1.63/sqrt(n) is exceeded in 1 of 100.
    order = np.argsort(draws.points[:, 0])
    heights = np.cumsum(draws.weights[order]) / draws.weights.sum()
    gap = np.abs(heights - np.interp(draws.points[order, 0], grid, exact)).max()
    assert found.finished
    assert gap < 1.63 / math.sqrt(draws.effective) + 0.005
    # It has power: the prior, or the exact posterior of another claim, lies far from it.
    assert np.abs(exact - grid).max() > 0.2


# ---- two outputs of two sums of three parameters


def sums(seed: int, noise: float = 0.03):
    """Outputs x0 + x1 and x1 - x2 with noise; x3, where there is one, does nothing."""

    def simulate(points, first):
        drawn = stats.norm.ppf(uniforms(seed, "sums", len(points), 2, first))
        plain = np.column_stack([points[:, 0] + points[:, 1], points[:, 1] - points[:, 2]])
        return plain + noise * drawn

    return simulate


@pytest.mark.slow
@METHODS
def test_known_parameters_are_recovered_and_what_claims_cannot_say_is_said(method):
    truth = np.array([[0.3, 0.6, 0.2, 0.5]])
    aim = sums(1, 0.0)(truth, 0)[0]
    bands = [Band(value - 0.05, value + 0.05) for value in aim]
    found = method(sums(2), 4, bands, Settings(seed=7, wanted=150, budget=40_000))
    draws = posterior_of(found, bands)

    low, high = draws.quantiles([0.01, 0.99])
    assert found.finished
    assert ((low < truth[0]) & (truth[0] < high)).all()
    verdicts = identify(draws)
    assert verdicts[3].verdict == "prior_only"
    assert abs(verdicts[3].contraction) < 0.3
    # Each sum fixes a combination, so the three lean on each other.
    assert verdicts[1].partner in (0, 2)
    assert (directions(draws, range(4)) < 0.2).sum() == 2
    assert combinations_fixed(directions(draws, range(4)), draws.effective) == 2


@METHODS
def test_what_a_scenario_refuses_is_never_played_and_outside_the_prior(method):
    # The prior is the triangle below the diagonal; the claim cuts a stripe out of it.
    def fits(points):
        return points[:, 1] < points[:, 0]

    def simulate(points, first):
        assert fits(points).all()
        return sums(2, 0.0)(np.column_stack([points, points[:, 0]]), first)[:, :1]

    bands = [Band(0.7, 1.1)]
    settings = Settings(seed=3, wanted=400, budget=20_000, training=60)
    found = method(simulate, 2, bands, settings, fits)
    draws = posterior_of(found, bands)
    grid = (np.stack(np.meshgrid(*[np.arange(400) + 0.5] * 2), axis=-1) / 400).reshape(-1, 2)
    truth = grid[fits(grid) & (abs(grid.sum(axis=1) - 0.9) <= 0.2)]

    assert found.finished
    assert fits(draws.points).all()
    # Half the square is refused: tries that are not played cost no run of the budget.
    assert found.tries > found.spent
    for k in range(2):
        gap = abs(draws.mean()[k] - truth[:, k].mean())
        assert gap < 4 * truth[:, k].std() / math.sqrt(draws.effective)


@METHODS
@pytest.mark.parametrize("taken", [1e-4, 0.0])
def test_a_scenario_that_refuses_nearly_every_draw_is_told_apart_from_one_that_fails(
    method, taken
):
    with pytest.raises(AnalysisError, match="refuses"):
        method(sums(2), 3, [Band(0, 2)] * 2, Settings(), lambda points: points[:, 0] < taken)


@pytest.mark.slow
@METHODS
def test_the_same_seed_gives_the_same_posterior(method):
    bands = [Band(0.9, 1.1), Band(-0.2, 0.2)]
    settings = Settings(seed=11, wanted=40, budget=3000)
    one, two = (method(sums(2), 3, bands, settings) for _ in range(2))
    other = method(sums(2), 3, bands, settings._replace(seed=12))

    assert np.array_equal(one.runs.points, two.runs.points)
    assert np.array_equal(one.runs.weights, two.runs.weights)
    assert not np.array_equal(one.runs.points[:40], other.runs.points[:40])


@pytest.mark.verify
def test_the_emulator_saves_most_runs_and_a_blind_one_bends_nothing(monkeypatch):
    bands = [Band(0.98, 1.02), Band(0.38, 0.42)]
    settings = Settings(seed=1, wanted=60, budget=100_000)
    guided = search(sums(2), 3, bands, settings)
    # An emulator that knows nothing proposes from the prior: plain rejection.
    monkeypatch.setattr(
        "sim.analysis.guess.Guess.chance", lambda _, points: np.ones(len(points))
    )
    blind = search(sums(2), 3, bands, settings)
    pair = [posterior_of(found, bands) for found in (guided, blind)]

    assert guided.spent * 4 < blind.spent
    for k in range(3):
        spread = math.sqrt(sum(d.covariance()[k, k] / 12 / d.effective for d in pair))
        assert abs(pair[0].mean()[k] - pair[1].mean()[k]) < 4 * spread


@pytest.mark.slow
def test_claims_left_out_are_met_or_not_as_they_should():
    # Both outputs are the same sum: each claim predicts the other when they agree.
    def twice(points, first):
        drawn = 0.02 * stats.norm.ppf(uniforms(9, "twice", len(points), 2, first))
        return points[:, :1] + points[:, 1:2] + drawn

    agreeing = [Band(0.9, 1.1), Band(0.88, 1.12)]
    apart = [Band(0.9, 1.1), Band(1.2, 1.4)]
    settings = Settings(seed=2, wanted=150, budget=1200)
    good, bad = (search(twice, 2, bands, settings) for bands in (agreeing, apart))

    assert leave_one_out(good.runs, agreeing)[1].share > 0.9
    assert leave_one_out(bad.runs, apart)[1].share < 0.05
    assert conflicts(good.runs, agreeing, good.spent) == []
    (conflict,) = conflicts(bad.runs, apart, bad.spent)
    assert conflict.claims == (0, 1)
    assert conflict.together == 0
    (never,) = conflicts(bad.runs, [Band(0.9, 1.1), Band(5, 6)], bad.spent)
    assert never.claims == (1,)


@METHODS
def test_conflicts_are_judged_by_runs_from_the_prior(method):
    # One sum cannot lie in both bands; near either, as a late generation is, all look alike.
    def twice(points, first):
        drawn = 0.02 * stats.norm.ppf(uniforms(9, "twice", len(points), 2, first))
        return points[:, :1] + points[:, 1:2] + drawn

    bands = [Band(0.9, 1.1), Band(1.2, 1.4)]
    found = method(twice, 2, bands, Settings(seed=2, wanted=150, budget=1200))
    (conflict,) = conflicts(found.prior, bands, len(found.prior.points))

    assert conflict.claims == (0, 1)
    # Shares of the prior: the density of a sum of two uniforms over these bands.
    assert conflict.alone == pytest.approx((0.19, 0.14), abs=0.07)
    assert leave_one_out(found.prior, bands)[0].share < 0.1


@pytest.mark.slow
def test_a_hopeless_search_is_given_up_and_a_hopeful_one_is_not():
    far, near = [Band(9.0, 9.1), Band(0.0, 0.1)], [Band(0.95, 1.0), Band(0.0, 0.05)]
    settings = Settings(seed=2, wanted=50, budget=3000)
    given_up, kept = (search(sums(2), 3, bands, settings) for bands in (far, near))

    assert given_up.hopeless
    assert given_up.spent < 500
    assert not given_up.finished
    assert kept.finished
    assert not kept.hopeless


@pytest.mark.slow
def test_a_claim_that_few_runs_meet_is_not_given_up_on_normal_tails():
    # One run in five hundred meets it; normal errors, after sixty runs, would say next to none.
    bands = [Band(33.7 - 1.5, 33.7 + 1.5)]
    found = search(
        erlang(5211), 1, bands, Settings(seed=211, budget=3000, training=60, waves=0)
    )

    assert not found.hopeless
    assert found.runs.meets(bands).any()


def test_waves_are_spared_where_the_design_alone_accepts_enough():
    found = search(sums(2), 3, [Band(0, 2)] * 2, Settings(seed=2, wanted=20, budget=400))

    assert found.finished
    assert found.spent == len(found.runs.points) == 100


def test_a_design_has_a_run_for_each_parameter_within_bounds():
    assert design_size(columns=4, budget=4000) == 240
    assert design_size(columns=144, budget=400) == 144
    assert design_size(columns=500, budget=400) == 200
    assert design_size(columns=4, budget=400) == 100


def test_what_few_runs_of_many_parameters_show_by_chance_is_not_believed():
    said = 0
    for seed in range(40):
        points = uniforms(seed, "chance", 25, 150)
        said += sum(
            one.verdict != "prior_only"
            for one in identify(Ensemble(points, points[:, :1], np.ones(25)))
        )
    # One of twenty such tables, not several verdicts in each: 40 tables have 6000 of them.
    assert said <= 12
    few = Ensemble(points, points[:, :1], np.ones(25))
    for columns in (range(150), range(6)):
        assert combinations_fixed(directions(few, columns), 25) == 0
    narrow = uniforms(1, "narrow", 60, 150)
    narrow[:, 7] = 0.5 + 0.1 * (narrow[:, 7] - 0.5)
    found = identify(Ensemble(narrow, narrow[:, :1], np.ones(60)))
    assert found[7].verdict == "identified"
    # What was tested before needs less: 48 runs of which one parameter is narrowed a little.
    some = uniforms(2, "some", 48, 150)
    some[:, 7] = 0.5 + 0.75 * (some[:, 7] - 0.5)
    ensemble = Ensemble(some, some[:, :1], np.ones(48))
    assert identify(ensemble)[7].verdict == "prior_only"
    assert identify(ensemble, [7])[7].verdict == "partly"


# ---- simulation-based calibration


def ranks(method, datasets: int, wanted: int) -> np.ndarray:
    """Where the true load lies among the draws, for data sets whose truth is from the prior.

    The report is what was simulated, off by at most 1.5 either way: the very error that a
    claim of this width stands for, so the ranks are uniform if the posterior is right.
    """
    truths = uniforms(21, "truth", datasets, 1)
    off = 3.0 * uniforms(21, "report", datasets, 1)[:, 0] - 1.5
    found = []
    for k in range(datasets):
        said = float(erlang(1000 + k)(truths[k : k + 1], 0)[0, 0]) + off[k]
        bands = [Band(said - 1.5, said + 1.5)]
        settings = Settings(seed=k, wanted=wanted, budget=6000, training=60, waves=0)
        draws = posterior_of(method(erlang(5000 + k), 1, bands, settings), bands)
        below = draws.weights[draws.points[:, 0] < truths[k, 0]].sum()
        found.append(below / draws.weights.sum())
    return np.array(found)


@pytest.mark.slow
@METHODS
def test_ranks_of_the_truth_are_uniform_in_a_small_set(method):
    found = ranks(method, 50, 40)

    assert stats.kstest(found, "uniform").pvalue > 1e-3
    # Power: posteriors too narrow by half, as a bug in the weights would make them, show.
    assert stats.kstest(0.5 + 2.0 * (found - 0.5), "uniform").pvalue < 1e-3


@pytest.mark.verify
@METHODS
def test_ranks_of_the_truth_are_uniform(method):
    found = ranks(method, 250, 100)

    counts = np.histogram(found, bins=10, range=(0, 1))[0]
    assert stats.chisquare(counts).pvalue > 1e-3, counts
    assert stats.kstest(found, "uniform").pvalue > 1e-3
    assert stats.kstest(0.5 + 1.3 * (found - 0.5), "uniform").pvalue < 1e-3


@pytest.mark.verify
def test_intervals_cover_as_often_as_they_say():
    covered = 0
    datasets = 200
    for k in range(datasets):
        truth = uniforms(31, f"truth {k}", 1, 3)
        said = sums(100 + k)(truth, 0)[0] + 0.2 * uniforms(31, f"off {k}", 1, 2)[0] - 0.1
        bands = [Band(value - 0.1, value + 0.1) for value in said]
        settings = Settings(seed=k, wanted=100, budget=8000, training=60, waves=1)
        draws = posterior_of(search(sums(900 + k), 3, bands, settings), bands)
        low, high = draws.quantiles([0.1, 0.9])
        covered += bool(low[1] <= truth[0, 1] <= high[1])
    # 80 per cent; binomial limits of 1 in 1000 either way.
    assert (
        stats.binom.ppf(0.001, datasets, 0.8)
        <= covered
        <= stats.binom.ppf(0.999, datasets, 0.8)
    )


# ---- parts


def test_tolerances_shrink_strictly_on_a_lattice():
    assert next_tolerance(np.array([3.0, 1.0, 1.0, 1.0])) == 1.0
    assert next_tolerance(np.array([1.0, 1.0, 0.0])) == 0.0
    assert next_tolerance(np.array([1.0, 1.0])) == 0.0
    assert next_tolerance(np.array([0.0, 0.0])) is None
    assert next_tolerance(np.array([np.inf, np.inf, 2.0])) == 2.0


def test_distances_are_of_the_worst_claim_and_infinite_without_a_value():
    bands = [Band(0, 1), Band(10, math.inf)]
    outputs = np.array([[0.5, 11.0], [3.0, 9.0], [math.nan, 12.0]])

    assert distances_to(outputs, bands, np.array([2.0, 0.5])).tolist() == [0, 2.0, math.inf]


def test_the_emulator_learns_a_curve_and_its_own_doubt():
    points = latin_hypercube(1, "curve", 60, 2)
    emulator = fit_emulator(
        points, np.sin(5 * points[:, 0]) + 0.01 * points[:, 1], np.array([0])
    )
    there = np.array([[0.2, 0.5], [0.5, 0.1], [0.8, 0.9]])
    mean, variance = emulator.predict(there)

    assert np.abs(mean - np.sin(5 * there[:, 0])).max() < 0.05
    assert (np.sqrt(variance) < 0.05).all()


def test_only_columns_that_matter_are_looked_at():
    points = latin_hypercube(2, "columns", 120, 30)
    outputs = np.column_stack([points[:, 4] ** 2, (points[:, 17] - 0.5) ** 2])

    assert influential(points, outputs).tolist() == [4, 17]


def test_a_latin_hypercube_has_one_point_in_each_stratum():
    points = latin_hypercube(3, "strata", 25, 4)

    for column in points.T:
        assert sorted((column * 25).astype(int)) == list(range(25))
    assert np.array_equal(uniforms(3, "x", 9, 2)[4:], uniforms(3, "x", 5, 2, first=4))
    assert not np.array_equal(uniforms(3, "x", 9, 2), uniforms(4, "x", 9, 2))


def test_weighted_quantiles_of_equal_weights_are_the_usual_ones():
    values = np.arange(101.0)

    assert weighted_quantiles(values, np.ones(101), [0.5])[0] == pytest.approx(50)
    heavy = np.where(values == 80, 1e6, 1.0)
    assert weighted_quantiles(values, heavy, [0.5])[0] == pytest.approx(80, abs=0.1)
