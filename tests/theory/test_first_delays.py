"""P-7E-3: common random numbers pay, where two systems are compared over 100 delays.

One fast server (mean work 0.9) or two slow ones (1.8 each), arrivals at rate 1, from empty. The
exact mean of the first hundred delays follows from the chain of the numbers that arrivals find.
Published figures are 4.130 and 3.709, and a ratio of variances of about 300.
"""

import numpy as np
import pytest
from scipy import stats

from tests.oracles.interval_test import assert_mean
from tests.theory import measure

COUNT = 100
ONE = ("sources.calls.rate=1/h", "requests.call.work={exponential: 54 min}", "run.warm_up=0 h")
TWO = (ONE[0], "requests.call.work={exponential: 108 min}", ONE[2], "pools.servers.staff=2")
LONG = "run.horizon=250 h"


def exact_mean(servers, mu, lam=1.0, places=COUNT + 2):
    """Mean of the first delays in M/M/c from empty, arrival by arrival.

    An arrival finds n and waits for n - c + 1 departures at rate c mu. Until the next arrival
    each departure is in a race with it.
    """
    rate = np.minimum(np.arange(places), servers) * mu
    step = np.zeros((places, places))  # from n just after an arrival to n before the next
    for n in range(places):
        stays = 1.0
        for after in range(n, -1, -1):
            step[n, after] = stays * lam / (lam + rate[after])
            stays *= rate[after] / (lam + rate[after])
    found, total = np.zeros(places), 0.0
    found[0] = 1.0
    n = np.arange(places)
    for _ in range(COUNT):
        total += float(found @ np.maximum(n - servers + 1, 0)) / (servers * mu)
        found = np.append(0, found[:-1]) @ step
    return total / COUNT


def delays(root, overrides, replications, seed=1, engine="reference"):
    """One mean of the first delays per replication."""
    settings = (LONG, f"run.seed={seed}", *overrides)
    runs = measure.logs(root, "mm1", replications, settings, engine)
    return np.array([measure.first_waits(plan, log, COUNT) for plan, log in runs])


def test_the_exact_means_are_those_published():
    assert exact_mean(1, 1 / 0.9) == pytest.approx(4.130, abs=0.013)
    assert exact_mean(2, 1 / 1.8) == pytest.approx(3.709, abs=0.013)


@pytest.mark.slow
def test_common_numbers_rank_the_two_systems(root, engine):
    n = 150
    one, two = (delays(root, system, n, engine=engine) for system in (ONE, TWO))
    apart = delays(root, TWO, n, seed=2, engine=engine)
    assert np.mean(two > one) < 0.1  # the wrong ranking; 0.44 with separate numbers
    # The ratio of the variances, about 300, is above 50 beyond doubt.
    ratio = (one - apart).var(ddof=1) / (one - two).var(ddof=1)
    assert ratio / stats.f.ppf(0.9999, n - 1, n - 1) > 50


@pytest.mark.verify
@pytest.mark.parametrize(("system", "servers", "mu"), [(ONE, 1, 1 / 0.9), (TWO, 2, 1 / 1.8)])
def test_the_means_are_exact(root, engine, system, servers, mu):
    found = delays(root, (*system, "run.horizon=200 h"), 16_000, engine=engine)
    assert_mean(found, exact_mean(servers, mu), 0.0005, 0.05)
