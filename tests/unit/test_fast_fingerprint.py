"""The compiled engine is compiled anew when anything that its code is made from changes."""

import errno

import pytest
from numba.core import caching

from sim.engine.fast import calendar, expiry, jit, modes
from sim.plan import tables


@pytest.mark.parametrize(
    ("module", "name"),
    [(calendar, "SUBJECT_AT"), (expiry, "THEN_LEAVE"), (modes, "DO_CALL"), (tables, "OCTAVES")],
)
def test_a_changed_constant_makes_another_fingerprint(module, name, monkeypatch):
    before = jit.fingerprint()
    monkeypatch.setattr(module, name, getattr(module, name) + 1)
    assert jit.fingerprint() != before


def test_a_changed_function_makes_another_fingerprint(monkeypatch):
    before = jit.fingerprint()
    monkeypatch.setattr(jit, "_plain", lambda kind: kind)
    assert jit.fingerprint() != before


def test_bounds_checks_have_machine_code_of_their_own(monkeypatch):
    before = jit.fingerprint()
    monkeypatch.setattr(jit.config, "BOUNDSCHECK", 1)
    assert jit.fingerprint() != before


def test_the_fingerprint_is_the_same_each_time():
    assert jit.fingerprint() == jit.fingerprint()


def test_a_full_disk_costs_the_cache_and_not_the_run(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(caching.FunctionCache, "save_overload", full)

    def twice(w):
        return 2 * w

    assert jit.entry(twice, lean=False)(21) == 42
