"""Sensitivity against functions whose indices are known, and against SciPy."""

import numpy as np
import pytest
from scipy import stats

from sim.analysis.sensitivity import _indices, decompose, screen


def ishigami(points):
    """Known indices: Ishigami and Homma (1990), a = 7, b = 0.1."""
    x = (points - 0.5) * 2 * np.pi
    value = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return np.column_stack([value, np.full(len(points), 3.0)])


def test_the_indices_of_ishigami_are_found():
    found = decompose(ishigami, 3, rows=2048, seed=1)

    assert found.first[:, 0] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.03)
    assert found.total[:, 0] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)
    assert (found.total_low[:, 0] < [0.5576, 0.4424, 0.2437]).all()
    assert (found.total_high[:, 0] > [0.5576, 0.4424, 0.2437]).all()
    # What does not vary has no sensitivity, and is no division by zero.
    assert found.first[:, 1].tolist() == found.total[:, 1].tolist() == [0, 0, 0]


def test_the_estimators_are_those_of_scipy():
    rng = np.random.default_rng(1)
    one, other = rng.random((64, 3)), rng.random((64, 3))
    crossed = np.array([np.where(np.arange(3) == k, other, one) for k in range(3)])
    f = [ishigami(part)[:, :1] for part in (one, other)]
    f_crossed = np.array([ishigami(part)[:, :1] for part in crossed])
    mine = _indices(f[0], f[1], f_crossed)
    theirs = stats.sobol_indices(
        func={"f_A": f[0].T, "f_B": f[1].T, "f_AB": np.moveaxis(f_crossed, 2, 1)}, n=64
    )

    assert mine[1][:, 0] == pytest.approx(np.ravel(theirs.total_order))
    assert mine[0][:, 0] == pytest.approx(np.ravel(theirs.first_order))


def test_points_that_are_refused_are_left_out():
    def refusing(points):
        values = ishigami(points)
        values[::97] = np.nan
        return values

    found = decompose(refusing, 3, rows=512, seed=1)

    assert 400 < found.kept < 512
    assert found.total[:, 0] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.08)


def test_effects_of_a_plane_are_its_slopes():
    slopes = np.array([3.0, -1.0, 0.0, 0.5])
    found = screen(lambda points: (points @ slopes)[:, None], 4, trajectories=5, seed=2)

    assert found.mean[:, 0] == pytest.approx(slopes)
    assert found.size[:, 0] == pytest.approx(np.abs(slopes))
    assert found.spread[:, 0] == pytest.approx(0, abs=1e-12)
    assert found.runs == 25


def test_a_figure_without_any_value_has_no_effects_and_no_warning():
    found = screen(lambda points: np.full((len(points), 1), np.nan), 3, trajectories=3, seed=1)

    assert np.isnan(found.size).all()
    assert np.isnan(found.low).all()
