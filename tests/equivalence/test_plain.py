"""The fast engine as plain Python: the same log, and a rule changed there is noticed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.equivalence.plain import CHANGES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_plain_python_plays_the_same_log_until_a_rule_is_changed():
    found = subprocess.run(
        [sys.executable, "-m", "tests.equivalence.plain"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, "")
    told = dict(line.split(": ") for line in found.stdout.splitlines())
    assert told.pop("as they are") == "equal"
    assert list(told) == list(CHANGES)
    assert not [change for change, where in told.items() if not where.startswith("row ")]
