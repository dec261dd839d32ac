"""Every command speaks both languages: help, tables, and both at once."""

import inspect
import re

import click
import pytest

from sim.cli.helping import columns, texts
from sim.cli.main import gridgov as group
from tests.small_scenario import write_scenario

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CLICKS_OWN = {"Show this message and exit.", "Show the version and exit."}


def flat(text):
    return " ".join(text.split())


def every_help_text():
    """Paragraphs and options of all commands, as the program itself holds them."""
    context = click.Context(group)
    commands = [
        group,
        *(group.get_command(context, name) for name in group.list_commands(context)),
    ]
    said = set(CLICKS_OWN)
    for command in commands:
        said |= {flat(part) for part in inspect.cleandoc(command.help).split("\n\n")}
        said |= {flat(each.help) for each in command.params if getattr(each, "help", None)}
    return said


def test_the_table_of_help_has_every_text_in_chinese_and_no_other():
    said = every_help_text()

    assert said - set(texts()) == set()
    assert set(texts()) - said == set()
    assert [zh for zh in texts().values() if not CHINESE.search(zh)] == []


@pytest.mark.parametrize("name", group.list_commands(click.Context(group)))
def test_help_in_chinese_has_no_english_sentence_and_fits(gridgov, name):
    code, out, err = gridgov("--lang", "zh", name, "--help")

    assert (code, err) == (0, "")
    assert out.startswith("用法：gridgov")
    assert not re.search(r"Usage|Options|Show this|default:|required|may be given", out)
    assert all(columns(line) <= 80 for line in out.splitlines() if "|" not in line)


def test_help_follows_the_language_said_anywhere(gridgov, monkeypatch):
    english = gridgov("run", "--help")[1]
    chinese = gridgov("run", "--help", "--lang", "zh")[1]
    monkeypatch.setenv("SIM_LANG", "zh")

    assert "Options:" in english
    assert "选项：" in chinese
    assert gridgov("run", "--help")[1] == chinese
    assert gridgov("--lang", "en", "run", "--help")[1] == english


def test_both_prints_the_table_twice_chinese_first(gridgov, tmp_path):
    path = write_scenario(tmp_path)
    words = ["run", str(path), "-n", "2", "--workers", "1", "-q", "--force", "--out"]
    said = {}
    for lang in ("zh", "en", "both"):
        code, said[lang], _ = gridgov(*words, str(tmp_path / "out"), "--lang", lang)
        assert code == 0

    assert said["both"] == f"{said['zh']}\n{said['en']}"
    assert "办结时长（平均）" in said["zh"]
    assert "resolution time, mean" in said["en"]


def test_both_may_be_said_before_the_command_or_in_the_environment(gridgov, monkeypatch):
    before = gridgov("--lang", "both", "facts", "bijiang", "--kind", "outcome")
    monkeypatch.setenv("SIM_LANG", "both")

    assert before == gridgov("facts", "bijiang", "--kind", "outcome")
    assert before[1].startswith("编号\t类别")
    assert "\nid\tkind" in before[1]


def test_what_is_written_in_one_language_refuses_both_and_says_why(gridgov, tmp_path):
    code, _, err = gridgov("new", str(tmp_path / "x.yaml"), "--lang", "both")
    before, _, _ = gridgov("--lang", "both", "new", str(tmp_path / "y.yaml"))

    assert code == 2
    assert "not one of" in err
    assert before == 0  # said of all commands, it is the language of the environment here
    assert "not both" in gridgov("new", "--help")[1]


def test_tables_call_classes_and_teams_by_their_titles(gridgov, tmp_path):
    path = write_scenario(tmp_path)
    text = path.read_text(encoding="utf-8")
    name = re.search(r"^pools:\n  (\w+):\n", text, re.MULTILINE)[1]
    text = text.replace(
        f"pools:\n  {name}:\n", f"pools:\n  {name}:\n    title: {{en: The team, zh: 该队}}\n"
    )
    path.write_text(text, encoding="utf-8")
    words = ["run", str(path), "-n", "2", "--workers", "1", "-q", "--out", str(tmp_path / "o")]

    code, out, _ = gridgov(*words, "--lang", "zh")

    assert code == 0
    assert re.search(r"^  该队 ", out, re.MULTILINE)
    assert not re.search(rf"^  {name} ", out, re.MULTILINE)
