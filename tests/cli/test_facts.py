"""``gridgov facts`` as a user meets it: table, plain text, JSON, mistakes."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from sim.cli.facts import facts


def run(*arguments):
    return CliRunner().invoke(facts, arguments)


def tree(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_json_is_one_object_with_all_facts():
    listed = tree()
    assert listed["count"] == len(listed["facts"]) >= 550
    assert len(listed["derived"]) >= 100
    for fact in listed["facts"]:
        assert isinstance(fact["value"], int | float | list | type(None)), fact["id"]
        assert fact["document"] in listed["documents"] or fact["system"] == "domain"


def test_json_keeps_numbers_ranges_and_rules():
    by_id = {fact["id"]: fact for fact in tree()["facts"]}
    assert by_id["bijiang.grids"]["value"] == 514
    assert by_id["bijiang.grids"]["unit"] == "grids"
    assert by_id["hanting.staffing_norm"]["value"] == [300, 400]
    assert by_id["weicheng.satisfaction_gain"]["value"] == 2.3
    assert by_id["bijiang.flat_command"]["value"] is None


def test_one_system_only():
    listed = tree("bijiang")
    assert {fact["system"] for fact in listed["facts"]} == {"bijiang"}
    assert {ratio["system"] for ratio in listed["derived"]} == {"bijiang"}
    assert list(listed["documents"]) == ["bijiang-report"]
    assert list(listed["inconsistencies"]) == ["bijiang"]


def test_filters_by_kind_and_mechanism():
    listed = tree("--kind", "cost", "--kind", "mode")
    assert {fact["kind"] for fact in listed["facts"]} == {"cost", "mode"}
    assert listed["derived"] == []
    assert tree("--kind", "derived")["count"] == 0
    assert tree("--kind", "derived")["derived"]
    switched = tree("--mechanism", "mode_switch")["facts"]
    assert switched
    assert all("mode_switch" in fact["mechanisms"] for fact in switched)


def test_plain_text_has_one_line_an_entry_and_the_count_apart():
    result = run("bijiang", "--kind", "mode")
    lines = result.stdout.splitlines()
    assert lines[0] == "id\tkind\tvalue\tunit\tstatement"
    assert all(line.startswith("bijiang.") and line.count("\t") == 4 for line in lines[1:])
    assert f"{len(lines) - 1} facts" in result.stderr


def test_chinese_headings():
    result = run("anqiu", "--lang", "zh")
    assert result.stdout.startswith("编号\t类别\t数值\t单位\t内容\n")
    assert "推算" in result.stdout
    assert "事实" in result.stderr


def test_statements_and_units_are_in_the_language_asked_for():
    chinese = run("bijiang", "--kind", "staffing", "--lang", "zh").stdout
    both = run("bijiang", "--kind", "staffing", "--lang", "both").stdout

    assert "≥ 10\t人/格\t每格总人数不少于10人。" in chinese
    assert "persons per grid" not in chinese
    assert both.count("bijiang.grid_min_total") == 2
    assert both.index("每格总人数不少于10人。") < both.index(
        "Each grid has at least ten persons."
    )


def test_a_terminal_gets_a_table_with_whole_ids(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    facts.main(["hanting", "--kind", "staffing"], standalone_mode=False)
    shown = capsys.readouterr().out
    assert "hanting.staffing_norm" in shown
    assert "\t" not in shown


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("bijang",), "Did you mean bijiang?"),
        (("zzzz",), "Choose from anqiu"),
        (("--mechanism", "mode_swich"), "Did you mean mode_switch?"),
        (("--kind", "rumour"), "rumour"),
        (("bijang", "--lang", "zh"), "是否指 bijiang"),
        (("--lang", "fr"), "fr"),
        (("anqiu", "hanting"), "unexpected extra argument"),
    ],
)
def test_mistakes_end_with_code_2_and_nothing_on_stdout(arguments, expected):
    result = run(*arguments)
    assert result.exit_code == 2
    assert expected in result.stderr
    assert result.stdout == ""


def test_listing_facts_needs_no_heavy_package():
    code = (
        "import sys; from sim.cli.facts import facts;"
        "facts(['anqiu', '--json'], standalone_mode=False);"
        "heavy = {'numpy', 'pandas', 'scipy', 'matplotlib', 'rich'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
