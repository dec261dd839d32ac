"""Loops as machine code: kept where that can be, and never a reason for a run to fail."""

import errno

import pytest

from sim.compiling import can_compile, compiled, told

pytestmark = pytest.mark.skipif(not can_compile(), reason="Numba is missing or switched off")
STEP = 2


def twice(number):
    return STEP * number


def test_a_full_disk_costs_the_cache_and_not_the_run(monkeypatch):
    from numba.core import caching

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(caching.FunctionCache, "save_overload", full)

    assert compiled("int64(int64)", twice)(21) == 42


def test_what_a_loop_does_depends_on_its_numbers_and_functions(monkeypatch):
    before = told({"STEP": STEP, "name": "not a number"}, twice)

    assert before == told({"STEP": STEP, "name": "another"}, twice)
    assert before != told({"STEP": 3}, twice)
    assert before != told({"STEP": STEP})
    monkeypatch.setitem(globals(), "STEP", 5)
    assert before != told({"STEP": 2}, twice)
