"""What README and docs show is what lies in results/reference, and every file has a command."""

import importlib.util
import re
import sys

import pytest

from tests.conftest import ROOT

SHOWN = re.compile(r"<!-- results/reference/([\w.-]+) -->\n```\n(.*?)```\n", re.DOTALL)
PAGES = ["README.md", "README.zh-CN.md", "docs/results.md"]


def reference():
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts/reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def files_with_a_command():
    names = []
    for show in reference().shows():
        names += [name.rpartition("/")[2] for name in show.get("kept", [])]
        names += [show["stdout"]] if "stdout" in show else []
    return names


def test_every_file_has_the_command_that_made_it():
    there = {path.name for path in reference().REFERENCE.iterdir() if path.is_file()}

    assert there == {*files_with_a_command(), "commands.toml"}


@pytest.mark.parametrize("page", PAGES)
def test_tables_on_a_page_are_those_of_the_files(page):
    text = (ROOT / page).read_text(encoding="utf-8")

    for name, shown in SHOWN.findall(text):
        assert shown.strip() in (ROOT / "results/reference" / name).read_text(encoding="utf-8")


def test_readme_shows_a_table_and_a_figure_with_their_files():
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert {name for name, _ in SHOWN.findall(text)} == {"bijiang.txt", "hanting.txt"}
    assert "(results/reference/frontier.svg)" in text


def test_only_what_is_committed_is_read(tmp_path, monkeypatch, capsys):
    """A command whose output differs is named, and with --check nothing is written."""
    module = reference()
    monkeypatch.setattr(module, "REFERENCE", tmp_path)
    monkeypatch.setattr(module, "shows", lambda: [{"commands": ["gridgov --version"],
                                                   "stdout": "version.txt"}])  # fmt: skip
    for words, code, there in ((["--check"], 3, False), ([], 0, True), (["--check"], 0, True)):
        monkeypatch.setattr(sys, "argv", ["reference.py", *words])
        with pytest.raises(SystemExit) as ended:
            module.main()
        assert ended.value.code == code
        assert (tmp_path / "version.txt").is_file() is there
    assert "nothing changed" in capsys.readouterr().out


def test_figures_carry_no_date():
    for path in (ROOT / "results/reference").glob("*.svg"):
        assert "<dc:date>" not in path.read_text(encoding="utf-8")


def test_an_excerpt_follows_its_file_line_by_line():
    before, after = "one\ntwo 2\nthree 3\nfour\n", "one\ntwo 20\nthree 30\nfour\n"

    assert reference().excerpt_anew("two 2\nthree 3\n", before, after) == "two 20\nthree 30\n"
    assert reference().excerpt_anew("one\n", before, after) == "one\n"
    with pytest.raises(SystemExit, match="no file held"):
        reference().excerpt_anew("five\n", before, after)
