"""Other people's programs on the same questions; needs the extra `check`, else skipped."""

import numpy as np
import pytest

from sim.analysis.acceptance import Settings, search
from sim.analysis.claims import Band
from sim.analysis.sensitivity import decompose, screen
from sim.demand.uniforms import uniforms
from tests.unit.test_analysis_sensitivity import ishigami

PROBLEM = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}


def test_sobol_indices_are_those_of_salib():
    sample = pytest.importorskip("SALib.sample.sobol")
    analyse = pytest.importorskip("SALib.analyze.sobol")
    points = sample.sample(PROBLEM, 1024, calc_second_order=False, seed=1)
    theirs = analyse.analyze(PROBLEM, ishigami(points)[:, 0], calc_second_order=False, seed=1)
    mine = decompose(ishigami, 3, rows=1024, seed=1)

    assert mine.first[:, 0] == pytest.approx(theirs["S1"], abs=0.04)
    assert mine.total[:, 0] == pytest.approx(theirs["ST"], abs=0.04)
    # Its intervals and ours are bootstrap intervals of designs of one size.
    width = (mine.total_high - mine.total_low)[:, 0] / 2
    assert width == pytest.approx(theirs["ST_conf"], rel=0.6)


def test_screening_is_that_of_salib():
    sample = pytest.importorskip("SALib.sample.morris")
    analyse = pytest.importorskip("SALib.analyze.morris")
    slopes = np.array([3.0, -1.0, 0.0])

    def plane(points):
        # The first two act together: their effects differ by where they are taken.
        return (points @ slopes + points[:, 0] * points[:, 1])[:, None]

    points = sample.sample(PROBLEM, 200, num_levels=4, seed=1)
    theirs = analyse.analyze(PROBLEM, points, plane(points)[:, 0], num_levels=4, seed=1)
    mine = screen(plane, 3, trajectories=200, seed=1)

    assert mine.mean[:, 0] == pytest.approx(np.asarray(theirs["mu"], float), abs=0.1)
    assert mine.size[:, 0] == pytest.approx(np.asarray(theirs["mu_star"], float), abs=0.1)
    assert mine.spread[:, 0] == pytest.approx(np.asarray(theirs["sigma"], float), abs=0.05)


def noisy_sum(points, first):
    """x0 + x1 with a uniform error, of which a claim fixes the sum and nothing else."""
    error = uniforms(4, "noisy sum", len(points), 1, first) - 0.5
    return points.sum(axis=1, keepdims=True) + 0.1 * error


def test_the_posterior_is_that_of_pyabc(tmp_path):
    pyabc = pytest.importorskip("pyabc")
    rng = np.random.default_rng(1)
    np.random.seed(1)  # noqa: NPY002 - pyabc draws from the global generator

    def model(given):
        value = given["x0"] + given["x1"] + 0.1 * (rng.random() - 0.5)
        return {"gap": max(0.0, abs(value - 0.6) - 0.1)}

    prior = pyabc.Distribution(x0=pyabc.RV("uniform", 0, 1), x1=pyabc.RV("uniform", 0, 1))
    abc = pyabc.ABCSMC(
        model,
        prior,
        distance_function=lambda x, _: x["gap"],
        population_size=400,
        eps=pyabc.ListEpsilon([0.3, 0.1, 0.0]),
        sampler=pyabc.sampler.SingleCoreSampler(),
    )
    abc.new(f"sqlite:///{tmp_path}/abc.db", {"gap": 0.0})
    history = abc.run(max_nr_populations=3)
    theirs, weights = history.get_distribution()
    bands = [Band(0.5, 0.7)]
    found = search(noisy_sum, 2, bands, Settings(seed=1, wanted=400, budget=20_000))
    mine = found.runs.only(found.runs.meets(bands))

    effective = float(weights.sum() ** 2 / (weights**2).sum())
    for k, name in enumerate(("x0", "x1")):
        mean = float(np.average(theirs[name], weights=weights))
        sd = float(np.sqrt(np.average((theirs[name] - mean) ** 2, weights=weights)))
        noise = sd * (1 / effective + 1 / mine.effective) ** 0.5
        assert abs(mine.mean()[k] - mean) < 4 * noise
        assert (mine.covariance()[k, k] / 12) ** 0.5 == pytest.approx(sd, rel=0.15)
