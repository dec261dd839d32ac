"""``gridgov doctor`` and ``gridgov completion``."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from sim.cli import checkup
from tests.conftest import ROOT


def test_a_sound_installation_passes(gridgov):
    code, out, err = gridgov("doctor", "--quick")

    assert (code, err) == (0, "")
    assert all(word in out for word in ("gridgov-sim", "Python", "numpy", "engines", "font"))


def test_doctor_speaks_chinese_and_json(gridgov):
    code, out, _ = gridgov("doctor", "--quick", "--json", "--lang", "zh")
    record = json.loads(out)

    assert (code, record["works"]) == (0, True)
    assert {each["key"] for each in record["findings"]} >= {"program", "engine", "terminal"}
    assert any("引擎" in each["message"] for each in record["findings"])


@pytest.mark.bytes
def test_the_self_test_plays_known_logs(gridgov):
    code, out, _ = gridgov("doctor")

    assert code == 0
    assert "known logs, all the same" in out


def test_a_self_test_with_other_logs_fails(gridgov, monkeypatch):
    monkeypatch.setattr("sim.experiment.known_logs.digest_now", lambda _: "other")

    code, out, _ = gridgov("doctor")

    assert code == 3
    assert "other logs than known for theory/mm1.yaml" in out


def test_what_is_missing_is_found(gridgov, monkeypatch, tmp_path):
    monkeypatch.setattr(checkup, "_version", lambda _: None)
    monkeypatch.setattr(checkup, "is_writable", lambda _: False)

    code, out, _ = gridgov("doctor", "--quick")

    assert code == 3
    assert "missing: numpy" in out
    assert "the fast one needs Numba" in out
    assert "cannot be written" in out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(gridgov, shell):
    code, out, err = gridgov("completion", shell)

    assert code == 0
    assert "_GRIDGOV_COMPLETE" in out
    assert "To load it" in err


def test_another_shell_is_refused(gridgov):
    assert gridgov("completion", "tcsh")[0] == 2


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_the_bash_script_is_valid_and_completes_a_command(gridgov, tmp_path):
    script = tmp_path / "completion.bash"
    script.write_text(gridgov("completion", "bash")[1], encoding="utf-8")
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0

    asked = {"COMP_WORDS": "gridgov ver", "COMP_CWORD": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "sim"],
        env={**os.environ, **asked, "_GRIDGOV_COMPLETE": "bash_complete"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.split() == ["plain,verify"]
