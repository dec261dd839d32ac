"""What only the compiler can find wrong is told like any other mistake, by every command."""

import pickle
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.errors import PlanError, ScenarioError
from sim.scenario.laying_out import compile_reading, told
from sim.scenario.reader import load_scenario

BASE = Path(__file__).parent / "base.yaml"
TOO_FEW = """\
extends: base.yaml
places:
  levels:
    block: {within: grid, count: 4}
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIM_LANG", "en")
    Path("base.yaml").write_text(BASE.read_text(encoding="utf-8"), encoding="utf-8")
    Path("few.yaml").write_text(TOO_FEW, encoding="utf-8")
    return "few.yaml"


def call(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


@pytest.mark.parametrize(
    "command",
    [
        ["validate", "few.yaml"],
        ["resolve", "few.yaml"],
        ["run", "few.yaml", "-q"],
        ["compare", "base.yaml", "few.yaml", "-q", "-n", "2"],
    ],
    ids=lambda command: command[0],
)
def test_every_command_tells_it_at_its_place(capsys, file, command):
    before = sorted(Path.cwd().rglob("*"))

    code, out, err = call(capsys, *command)

    assert code == 2
    assert err.startswith(
        f"{file}:4:34: places.levels.block.count: 4 places cannot be shared out over 10"
        " parents; each needs at least one\n"
        "    3 |   levels:\n"
        "    4 |     block: {within: grid, count: 4}\n"
        "      |                                  ^\n"
    )
    assert err.endswith("1 problem in few.yaml; nothing was run.\n")
    assert "Traceback" not in err
    assert out == ""
    assert sorted(Path.cwd().rglob("*")) == before


def test_it_is_told_in_chinese(capsys, file):
    _, _, err = call(capsys, "validate", file, "--lang", "zh")

    assert "places.levels.block.count: 4 处不够分给 10 个上级；每个上级至少一处" in err


def test_what_shows_with_the_demand_only_is_the_scenarios_too(capsys, file):
    text = BASE.read_text(encoding="utf-8").replace(
        "work: 30 min", "work: {sequence: [30 min]}"
    )
    Path(file).write_text(text, encoding="utf-8")

    code, _, err = call(capsys, "run", file, "-q", "-n", "1")

    assert code == 2
    assert err.startswith("few.yaml: the sequence of once.handle has 1 values")
    assert not Path("results").exists()


@pytest.mark.parametrize(
    ("override", "path"),
    [
        ("pools.workers.staff={rules: {a: {workers: 1, of: houshold}}}",
         "pools.workers.staff.rules.a.of"),
        ("places.levels.grid.count=9000000", "places.levels.grid"),
        ("run.horizon=90000000 d", "run.horizon"),
        ("calendars.week={week: {mon: [09:00-25:00]}}", "calendars.week.week.mon"),
        ("shocks.s={start: 0 d, lasts: 1 d, factors: {calls: 2}, places: [nowhere]}",
         "shocks.s.places[0]"),
    ],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_the_path_leads_into_the_override(override, path):
    texts = [override, "pools.workers.calendar=week", "pools.workers.shift_end=pause"]
    with pytest.raises(ScenarioError) as caught:
        compile_reading(load_scenario(BASE, texts if "week" in override else [override]))

    (problem,) = caught.value.problems
    assert problem.path.startswith(path)
    assert problem.file.startswith("--set ")
    assert problem.line == 1
    assert "情景无法编排" not in problem.message_zh


def test_what_nobody_has_translated_is_told_in_english_within_chinese():
    problem = told(PlanError("run.horizon: odd"), load_scenario(BASE)).problems[0]

    assert problem.message_zh == "情景无法编排：odd"
    assert (problem.line, problem.path) == (3, "run.horizon")


def test_an_error_without_a_path_names_the_file():
    problem = told(PlanError("this plan breaks: all of it"), load_scenario(BASE)).problems[0]

    assert problem.position == str(BASE)
    assert problem.message_en == "this plan breaks: all of it"


def test_an_error_comes_back_whole_from_another_process():
    error = PlanError("pools: too many", "过多").below("a.")

    again = pickle.loads(pickle.dumps(error))

    assert (str(again), again.path, again.zh) == ("a.pools: too many", "a.pools", "过多")
