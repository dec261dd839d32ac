"""The shell around the commands: help, language, near misses, and failures told in words."""

import json
import os
import subprocess
import sys

import pytest

from sim import __version__
from sim.cli import main as module
from sim.cli.main import main
from sim.errors import EngineError, PlanError, StoreError
from tests.pace import allowed

COMMANDS = ("run", "compare", "validate", "resolve", "new", "facts", "schema")


@pytest.fixture
def call(capsys, monkeypatch):
    """Call the command line: exit code, stdout, stderr."""
    for name in ("SIM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def called(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        return ended.value.code or 0, *capsys.readouterr()

    return called


def test_help_lists_every_command(call):
    code, out, _ = call("--help")

    assert code == 0
    assert all(f"  {name} " in out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(call, name):
    code, out, _ = call(name, "--help")

    assert code == 0
    assert "--help" in out


@pytest.mark.parametrize(
    "arguments", [("--lang", "zh", "--help"), ("--lang=zh", "-h")], ids=["apart", "joined"]
)
def test_help_is_chinese_where_it_is_asked_for(call, arguments):
    assert "命令" in call(*arguments)[1]


def test_the_language_before_the_command_holds_for_it(call):
    assert call("--lang", "zh", "facts", "anqiu")[1].startswith("编号")
    assert call("--lang", "zh", "facts", "anqiu", "--lang", "en")[1].startswith("id\t")


def test_the_environment_says_the_language(call, monkeypatch):
    monkeypatch.setenv("SIM_LANG", "zh")

    assert "没有命令" in call("rnu")[2]


def test_the_version_is_that_of_the_package(call):
    assert call("--version")[1].strip().endswith(__version__)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("rnu",), "Did you mean 'run'?"),
        (("zzzz",), "Choose from run"),
        (("run", "x.yaml", "--sed", "1"), "--seed"),
        (("run",), "SCENARIO"),
        (("run", "x.yaml", "-n", "0"), "0 is not in the range"),
        (("--lang", "fr", "run"), "fr"),
    ],
    ids=["near", "far", "option", "missing", "range", "language"],
)
def test_wrong_use_ends_with_code_2_and_nothing_on_stdout(call, arguments, expected):
    code, out, err = call(*arguments)

    assert (code, out) == (2, "")
    assert expected in err
    assert "Traceback" not in err


def test_wrong_use_with_json_is_one_object(call):
    code, out, err = call("rnu", "--json")

    assert (code, err) == (2, "")
    (error,) = json.loads(out)["errors"]
    assert "Did you mean" in error["message"]
    assert set(error) == {"file", "line", "column", "path", "message", "hint"}


@pytest.mark.parametrize(
    ("error", "code", "said", "is_fault"),
    [
        (RuntimeError("boom"), 1, "RuntimeError: boom", True),
        (EngineError("an invariant broke"), 1, "an invariant broke", True),
        (StoreError("the disk is full"), 1, "the disk is full", False),
        (PlanError("pools.a: too many"), 2, "pools.a: too many", False),
        (PermissionError(13, "denied"), 1, "denied", False),
        (KeyboardInterrupt(), 130, "", False),
    ],
    ids=["fault", "engine", "store", "plan", "system", "ctrl-c"],
)
def test_a_failure_is_told_without_a_traceback(call, monkeypatch, error, code, said, is_fault):
    def fail(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(module.LazyGroup, "invoke", fail)

    ended, out, err = call("facts")

    assert (ended, out) == (code, "")
    assert said in err
    assert ("This is a fault in gridgov; please report it with" in err) == is_fault
    assert "Traceback" not in err
    assert "Traceback" in call("--debug", "facts")[2] or code == 130


def test_help_is_there_at_once():
    seconds = []
    for _ in range(3):
        before = os.times()
        subprocess.run([sys.executable, "-m", "sim", "--help"], check=True, capture_output=True)
        after = os.times()
        used = (after.children_user, after.children_system)
        seconds.append(sum(used) - before.children_user - before.children_system)

    # Time of the processor, since the machine may be busy.
    assert min(seconds) < allowed(0.3)


def test_a_reader_that_goes_away_is_told_nothing():
    told = subprocess.Popen(
        [sys.executable, "-m", "sim", "facts"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    told.stdout.readline()
    told.stdout.close()

    assert told.stderr.read() == b""
    told.stderr.close()
    told.wait()


def test_chinese_is_no_failure_on_a_terminal_of_another_code_page():
    done = subprocess.run(
        [sys.executable, "-m", "sim", "--lang", "zh", "--help"],
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0
    assert "命令" in done.stdout.decode("utf-8")
