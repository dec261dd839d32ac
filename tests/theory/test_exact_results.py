"""Textbook models against exact results, by interval tests.

False alarms: a right engine fails any of the quick tests with probability 0.01, any of the full
ones with 0.001. Power: a bias of 5 % of each value, on the compiled engine of 2 %, is seen with
probability 0.9, or the test fails for want of it (`tests.oracles.interval_test`). The set-ups
are in the modules `cases_*` of this folder, the quick ones in `quick`.
"""

from dataclasses import replace

import pytest

from tests.oracles.table import rows
from tests.theory.cases import closer
from tests.theory.playing import (
    ALPHA_FULL,
    ALPHA_QUICK,
    CASES,
    FAMILY,
    covered,
    hold,
    is_seen,
    samples,
)
from tests.theory.quick import PLANTED, QUICK, QUICK_FAMILY
from tests.theory.sizes import SIZES


def test_every_case_has_its_size_and_rows_that_exist():
    assert set(SIZES) == {case.name for case in (*CASES, *QUICK)}
    assert set(covered()) <= {row.id for row in rows()}


def test_the_reference_covers_every_row_that_the_fast_engine_covers():
    slow = {check.row for case in CASES if not case.fast for check in case.checks}
    assert set(covered()) == slow


@pytest.mark.slow
@pytest.mark.parametrize("case", QUICK, ids=lambda case: case.name)
def test_quick(root, engine, case):
    case = closer(case) if engine == "fast" else case
    hold(samples(root, case, engine=engine), case, ALPHA_QUICK, QUICK_FAMILY)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "override"), PLANTED.items(), ids=[f"planted-{name}" for name in PLANTED]
)
def test_a_planted_bias_of_five_per_cent_is_caught(root, engine, name, override):
    # The fault stands in for one of the engine: it moves the checked value by 5 % or more.
    case = next(case for case in QUICK if case.name == name)
    found = samples(root, replace(case, checks=case.checks[:1]), (override,), engine)
    assert is_seen(found[0], case.checks[0], ALPHA_QUICK, QUICK_FAMILY)


@pytest.mark.verify
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_full(root, engine, case):
    if case.fast and engine == "reference":
        pytest.skip("too long for the reference engine")
    case = closer(case) if engine == "fast" else case
    hold(samples(root, case, engine=engine), case, ALPHA_FULL, FAMILY)
