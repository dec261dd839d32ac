"""All cases, and how one is played and held to its exact values."""

from tests.oracles.interval_test import assert_mean, mean_test, share_of_family
from tests.theory import cases_lines, cases_systems, cases_timed, measure
from tests.theory.cases import Case

CASES: tuple[Case, ...] = (*cases_lines.CASES, *cases_systems.CASES, *cases_timed.CASES)
BY_NAME = {case.name: case for case in CASES}

ALPHA_QUICK, ALPHA_FULL = 0.01, 0.001
FAMILY = sum(len(case.checks) for case in CASES)
"""Number of comparisons that the full suite makes."""


def covered():
    """By row of the oracles: the names of the cases that test it."""
    found = {}
    for case in CASES:
        for check in case.checks:
            names = found.setdefault(check.row, [])
            if case.name not in names:
                names.append(case.name)
    return found


def samples(root, case, overrides=(), engine="reference", replications=None):
    """One number per replication for each check of the case."""
    found = [[] for _ in case.checks]
    settings = (*case.settings(), *overrides)
    count = replications or case.replications
    for plan, log in measure.logs(root, case.scenario, count, settings, engine):
        for column, check in zip(found, case.checks, strict=True):
            column.append(getattr(measure, check.measure)(plan, log, **check.given))
    return found


def hold(columns, case, alpha, family):
    """Compare the samples of a case with its exact values; a count of nobody is exact."""
    level = share_of_family(alpha, family)
    for column, check in zip(columns, case.checks, strict=True):
        truth = check.truth()
        if abs(truth) < 1e-12:
            assert set(column) == {0.0}, f"{check.row}: somebody was counted"
            continue
        assert_mean(column, truth, level, check.bias)


def is_seen(column, check, alpha, family):
    """Whether the samples tell that they are not those of the exact value."""
    return mean_test(
        column, check.truth(), alpha=share_of_family(alpha, family), bias=check.bias
    ).is_biased
