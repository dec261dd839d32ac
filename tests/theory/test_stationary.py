"""Textbook models in the long run, against exact results.

False alarms: a right engine fails any of the quick tests with probability 0.01, any of the full
ones with 0.001. Power: a bias of 5 % of each value is seen with probability 0.9, or the test
fails for want of it (`tests.oracles.interval_test`).
"""

import pytest

from tests.oracles.interval_test import assert_mean, mean_test, share_of_family
from tests.oracles.table import exact
from tests.theory import measure

ALPHA_QUICK, ALPHA_FULL = 0.01, 0.001
BIAS = 0.05

# scenario, replications, horizon, [(row, part, measure, class)]
# Shares settle sooner than waits, so the quick tests look at shares.
QUICK = [
    ("mmc", 12, "65000 h", [("P-7A-1", 1, "delayed", None)]),
    ("mmck", 60, "1500 h", [("K1", 0, "lost", None)]),
]
FULL = [
    ("mmc", 80, "105000 h", [("P-7A-1", 1, "delayed", None), ("P-7A-1", 2, "wait", None)]),
    ("mg1", 120, "20000 h", [("G1", 0, "wait", None)]),
    ("mg1-det", 80, "20000 h", [("G2", 0, "wait", None)]),
    ("mg1-erlang", 100, "20000 h", [("G3", 0, "wait", None)]),
    ("mg1-lognormal", 600, "30000 h", [("G4", 0, "wait", None)]),
    ("erlang-a", 30, "2000 h", [("A1", 0, "delayed", None), ("A2", 0, "lost", None)]),
    ("erlang-a-fixed-patience", 30, "2000 h", [("A5", 0, "lost", None)]),
    ("erlang-b", 20, "2000 h", [("B1", 0, "lost", None)]),
    ("mmc-10", 60, "3000 h", [("C1", 0, "delayed", None), ("C2", 0, "wait", None)]),
    ("feedback", 100, "20000 h", [("F1", 0, "sojourn", None)]),
    ("jackson", 40, "5000 h", [("J2", 0, "sojourn", None)]),
    ("priority-mg1", 100, "27000 h", [
        ("N1", 0, "wait", "first"), ("N2", 0, "wait", "second"), ("N3", 0, "wait", "third"),
    ]),
    ("priority-mg1-preemptive", 100, "27000 h", [
        ("R1", 0, "sojourn", "first"), ("R2", 0, "sojourn", "second"),
        ("R3", 0, "sojourn", "third"),
    ]),
]  # fmt: skip
ROWS = {key for case in (*QUICK, *FULL) for key, *_ in case[3]}
"""Rows of the table that are covered here."""


def samples(root, case, overrides=()):
    """One number per replication for each of the case's values."""
    scenario, replications, horizon, values = case
    overrides = (f"run.horizon={horizon}", *overrides)
    found = [[] for _ in values]
    for plan, log in measure.logs(root, scenario, replications, overrides):
        for column, (_, _, what, name) in zip(found, values, strict=True):
            column.append(getattr(measure, what)(plan, log, name))
    return found


def check(root, case, alpha, family):
    for column, (key, part, _, _) in zip(samples(root, case), case[3], strict=True):
        assert_mean(column, exact(key, part), share_of_family(alpha, family), BIAS)


@pytest.mark.slow
@pytest.mark.parametrize("case", QUICK, ids=[case[0] for case in QUICK])
def test_quick(root, case):
    check(root, case, ALPHA_QUICK, sum(len(each[3]) for each in QUICK))


@pytest.mark.verify
@pytest.mark.parametrize("case", FULL, ids=[case[0] for case in FULL])
def test_full(root, case):
    check(root, case, ALPHA_FULL, sum(len(each[3]) for each in FULL))


@pytest.mark.slow
def test_service_that_takes_five_per_cent_longer_is_seen(root):
    # A planted fault in the engine's place: load 0.7 instead of 2/3 moves the wait by 20 %.
    case = ("mmc", 12, "65000 h", [("P-7A-1", 2, "wait", None)])
    column = samples(root, case, ("requests.call.work={exponential: 10.5 h}",))[0]
    level = share_of_family(ALPHA_QUICK, sum(len(each[3]) for each in QUICK))
    assert mean_test(column, exact("P-7A-1", 2), alpha=level, bias=BIAS).is_biased
