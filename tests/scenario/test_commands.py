"""The commands that read scenarios, as a user meets them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli.new import new
from sim.cli.problems import default_language
from sim.cli.resolve import resolve
from sim.cli.schema import schema
from sim.cli.validate import validate
from sim.scenario.reader import read_scenario

HERE = Path(__file__).parent
BASE = str(HERE / "base.yaml")
BAD = str(HERE / "invalid" / "many_mistakes.yaml")
COMMITTED = HERE.parent.parent / "scenarios" / "scenario.schema.json"


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("SIM_LANG", "en")
    return lambda command, *args: CliRunner().invoke(command, [str(a) for a in args])


def test_a_valid_scenario_is_called_valid(run):
    result = run(validate, BASE)

    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{BASE}: valid\n", "")


def test_problems_go_to_stderr_with_exit_code_two(run):
    result = run(validate, BASE, BAD, "--lang", "zh")

    assert result.exit_code == 2
    assert result.stdout == f"{BASE}：正确\n"
    assert "未知的键“staf”" in result.stderr
    assert "Traceback" not in result.stderr


def test_problems_are_one_json_object_when_asked(run):
    result = run(validate, BAD, "--json")
    told = json.loads(result.stdout)

    assert result.exit_code == 2
    assert told["valid"] == []
    assert len(told["errors"]) == 6
    assert told["errors"][1] == {
        "file": BAD,
        "line": 3,
        "column": 33,
        "path": "pools.workers.staf",
        "code": "extra-forbidden",
        "message": "unknown key 'staf'",
        "hint": told["errors"][1]["hint"],
    }
    assert told["errors"][1]["hint"].startswith("Did you mean 'staff'?")


def test_a_problem_of_a_shared_base_is_told_once(run, tmp_path):
    (tmp_path / "base.yaml").write_text("run: {horizon: 3}")
    for name in "ab":
        (tmp_path / f"{name}.yaml").write_text("extends: base.yaml")

    result = run(validate, tmp_path / "a.yaml", tmp_path / "b.yaml")

    assert result.stderr.count("needs a unit") == 1


def test_overrides_are_checked_like_files(run):
    result = run(validate, BASE, "--set", "run.horizon=2 hrs")

    assert result.exit_code == 2
    assert "--set run.horizon=2 hrs:1:13: run.horizon: unknown unit 'hrs'" in result.stderr


def test_a_resolved_scenario_can_be_read_again(run, tmp_path):
    result = run(resolve, BASE, "--set", "run.seed=5")
    copy = tmp_path / "copy.yaml"
    copy.write_text(result.stdout, encoding="utf-8")

    assert result.exit_code == 0
    assert read_scenario(copy) == read_scenario(BASE, ["run.seed=5"])


def test_resolve_gives_paths_and_json(run):
    paths = run(resolve, BASE, "--paths").stdout.splitlines()
    told = json.loads(run(resolve, BASE, "--json").stdout)

    assert "run.horizon=14 d" in paths
    assert "run.seed=1  # unstated" in paths
    assert told["scenario"]["run"]["horizon"] == "14 d"
    assert told["provenance"]["run.seed"]["kind"] == "unstated"
    assert told["files"] == [BASE]


def test_resolving_a_wrong_scenario_tells_its_problems(run):
    result = run(resolve, BAD, "--json")

    assert result.exit_code == 2
    assert len(json.loads(result.stdout)["errors"]) == 6


def test_the_committed_schema_is_up_to_date(run):
    assert run(schema, "--check", COMMITTED).exit_code == 0


def test_an_outdated_schema_is_told_with_exit_code_three(run, tmp_path):
    old = tmp_path / "old.json"
    old.write_text("{}\n")

    assert run(schema, "--check", old).exit_code == 3
    assert run(schema, "--out", old).exit_code == 0
    assert run(schema, "--check", old).exit_code == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_new_scenario_is_valid(run, tmp_path, lang):
    file = tmp_path / "sub" / "2 my plan.yaml"

    assert run(new, file, "--lang", lang).exit_code == 0
    assert read_scenario(file).name == "scenario_2_my_plan"


def test_the_two_templates_say_the_same(run, tmp_path):
    systems = []
    for lang in ("en", "zh"):
        run(new, tmp_path / "x.yaml", "--lang", lang, "--force")
        systems.append(read_scenario(tmp_path / "x.yaml"))
    english, chinese = systems

    assert english.run == chinese.run
    assert [s.rate for s in english.sources.values()] == [
        s.rate for s in chinese.sources.values()
    ]
    assert [(r.work, r.priority) for r in english.requests.values()] == [
        (r.work, r.priority) for r in chinese.requests.values()
    ]
    assert [list(p.staff.rules.values()) for p in english.pools.values()] == [
        list(p.staff.rules.values()) for p in chinese.pools.values()
    ]


def test_a_new_variant_extends_its_base_from_anywhere(run, tmp_path):
    file = tmp_path / "variant.yaml"

    assert run(new, file, "--from", BASE).exit_code == 0
    assert read_scenario(file).pools == read_scenario(BASE).pools


def test_a_file_is_never_replaced_unasked(run, tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("mine")

    assert run(new, file).exit_code == 2
    assert file.read_text() == "mine"
    assert run(new, file, "--force").exit_code == 0


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"SIM_LANG": "zh"}, "zh"),
        ({"SIM_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
    ],
    ids=str,
)
def test_the_language_follows_the_environment(monkeypatch, variables, language):
    for name in ("SIM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert default_language() == language


def test_reading_a_scenario_loads_no_array_library():
    code = (
        "import sys; from sim.scenario.reader import read_scenario;"
        f" read_scenario({BASE!r});"
        " print([m for m in ('numpy', 'pandas', 'scipy', 'matplotlib') if m in sys.modules])"
    )
    root = HERE.parent.parent

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"
