import numpy as np
import pytest

from sim.analysis.warm_up import mser_statistic, warm_up
from sim.errors import AnalysisError


def waits(rho, n, start_with, replications, seed):
    """Lindley's recursion for M/M/1 with service rate 1 and a given work at the start."""
    rng = np.random.default_rng(seed)
    step = rng.exponential(1, (replications, n)) - rng.exponential(1 / rho, (replications, n))
    out = np.empty((replications, n))
    wait = np.full(replications, float(start_with))
    for k in range(n):
        out[:, k] = wait
        wait = np.maximum(wait + step[:, k], 0)
    return out


def test_the_statistic_is_its_definition():
    values = np.array([9.0, 5.0, 1.0, 2.0, 1.5, 1.0])
    m = len(values)
    expected = [((values[d:] - values[d:].mean()) ** 2).sum() / (m - d) ** 2 for d in range(m)]
    assert mser_statistic(values) == pytest.approx(expected, abs=1e-14)


def test_a_step_is_cut_where_it_ends():
    series = np.concatenate([np.full(40, 10.0), np.tile([1.0, 1.2], 100)])
    found = warm_up([series, series])
    assert found.cut == 40
    assert found.accepted
    assert found.mean == pytest.approx(1.1)
    assert found.observations == 240


def test_a_flat_series_is_not_cut_much():
    rng = np.random.default_rng(1)
    assert warm_up(rng.normal(5, 1, (30, 1000))).cut <= 250


def test_a_cut_beyond_half_the_run_is_refused():
    falling = np.concatenate([np.linspace(10, 1, 140), np.tile([1.0, 1.1], 30)])
    found = warm_up(falling)
    assert found.cut > 100
    assert not found.accepted


def test_a_backlog_at_the_start_is_recognised():
    # M/M/1 at load 0.8 from a backlog of 100: the mean wait is 4, uncut it is about 9.
    series = waits(0.8, 4000, 100, 30, seed=3)
    found = warm_up(series)
    assert series.mean() > 6
    assert found.accepted
    assert 300 <= found.cut <= 1500
    assert found.mean == pytest.approx(4.0, abs=0.8)


def test_too_short_a_series_is_an_error():
    with pytest.raises(AnalysisError, match="more than 25 observations, not 25"):
        warm_up(np.ones(25))
