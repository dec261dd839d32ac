"""The compiled engine is compiled anew when anything that its code is made from changes."""

import pytest

from sim.engine.fast import expiry, heap, jit, modes
from sim.plan import tables


@pytest.mark.parametrize(
    ("module", "name"),
    [(heap, "SUBJECT_AT"), (expiry, "THEN_LEAVE"), (modes, "DO_CALL"), (tables, "OCTAVES")],
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
