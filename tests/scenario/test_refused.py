"""``gridgov run`` refuses a bad scenario: exit code 2, no traceback, and nothing written."""

import json
import shutil
import time
from pathlib import Path

import pytest

from sim.cli.main import main
from tests.pace import allowed

HERE = Path(__file__).parent
SHOWN = [
    "extends_in_a_circle",
    "fact_without_value",
    "limit_without_clock",
    "line_not_served",
    "many_across_fields",
    "misspelt_key",
    "modes_in_a_circle",
    "pool_unreached",
    "route_never_ends",
    "saved_as_gbk",
    "shares_below_one",
    "shift_end_missing",
    "unit_of_another_dimension",
    "unknown_fact",
    "unknown_line",
    "warm_up_too_long",
    "zero_capacity",
]
BOMBS = {
    "aliases": "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)),
    "brackets": "pools: " + "[" * 200_000,
    "megabytes": "notes: " + "x" * 3_000_000,
    "digits": "run: {seed: " + "9" * 100_000 + "}",
    "keys": "".join(f"key{n}: 1\n" for n in range(120_000)),
    "zero bytes": "name: \0\0\0",
    "python tag": "name: !!python/object/apply:os.system ['touch owned']",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("SIM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "invalid").mkdir()
    monkeypatch.chdir(tmp_path / "invalid")
    shutil.copy(HERE / "base.yaml", tmp_path)
    return tmp_path


def call(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def everything(folder):
    return sorted((path, path.stat().st_size) for path in folder.rglob("*"))


@pytest.mark.parametrize("name", SHOWN)
def test_a_wrong_scenario_is_told_and_nothing_is_written(folder, capsys, name):
    shutil.copytree(HERE / "invalid", folder / "invalid", dirs_exist_ok=True)
    before = everything(folder)

    code, out, err = call(capsys, "run", f"{name}.yaml", "--out", "here")

    expected = (HERE / "invalid" / f"{name}.error.txt").read_text(encoding="utf-8")
    assert (code, out, err) == (2, "", expected)
    assert everything(folder) == before


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once(folder, capsys, name):
    Path("bomb.yaml").write_text(BOMBS[name], encoding="utf-8")
    before = everything(folder)
    begun = time.process_time()

    code, out, err = call(capsys, "run", "bomb.yaml")

    assert time.process_time() - begun < allowed(2)
    assert code == 2
    assert out == ""
    assert "Traceback" not in err
    assert err.endswith("nothing was run.\n")
    assert len(err) < 50_000
    assert everything(folder) == before


def test_a_program_reads_all_problems_as_one_object(folder, capsys):
    shutil.copy(HERE / "invalid" / "many_across_fields.yaml", ".")

    code, out, err = call(capsys, "run", "many_across_fields.yaml", "--json")
    places = [(each["line"], each["column"]) for each in json.loads(out)["errors"]]

    assert (code, err) == (2, "")
    assert len(places) == 10
    assert places == sorted(places)


def test_a_comparison_tells_the_problems_of_all_its_scenarios(folder, capsys):
    for name in ("unknown_line", "zero_capacity"):
        shutil.copy(HERE / "invalid" / f"{name}.yaml", ".")

    code, _, err = call(capsys, "compare", "unknown_line.yaml", "zero_capacity.yaml")

    assert code == 2
    assert err.endswith(
        "2 problems in unknown_line.yaml, zero_capacity.yaml; nothing was run.\n"
    )
