"""Every mistake a user can make is told in full: what, where, and what to do.

One file a mistake, beside it the exact text of the report. After an intended change,
``GRIDGOV_REWRITE=1 pytest tests/scenario/test_invalid.py`` writes the texts anew; the
difference is then reviewed line by line.
"""

import os
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.reader import read_scenario

FOLDER = Path(__file__).parent / "invalid"
FILES = sorted(FOLDER.glob("*.yaml"))
CHINESE = {
    "assumed_without_range",
    "base_not_found",
    "duplicate_in_two_languages",
    "experiment_slips",
    "full_width_colon",
    "many_across_fields",
    "many_mistakes",
    "misspelt_chinese_key",
    "missing_unit",
    "route_never_ends",
    "saved_as_gbk",
    "shift_end_missing",
    "two_forms_of_a_step",
    "two_laws",
    "unknown_fact",
    "unknown_line",
    "unknown_unit",
    "warm_up_too_long",
    "wrong_choice",
    "zero_capacity",
}


def error_of(file: Path) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(file.name)
    return caught.value


def agrees(text: str, expected: Path) -> bool:
    if os.environ.get("GRIDGOV_REWRITE") == "1":
        expected.write_text(text + "\n", encoding="utf-8")
    return expected.read_text(encoding="utf-8") == text + "\n"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_mistake_is_told_in_these_words(file, monkeypatch):
    monkeypatch.chdir(FOLDER)

    assert agrees(error_of(file).render("en"), file.with_suffix(".error.txt"))


@pytest.mark.parametrize("name", sorted(CHINESE))
def test_a_mistake_is_told_in_chinese_too(name, monkeypatch):
    monkeypatch.chdir(FOLDER)
    error = error_of(FOLDER / f"{name}.yaml")

    assert agrees(error.render("zh"), FOLDER / f"{name}.error.zh.txt")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_mistake_has_its_place_and_speaks_both_languages(file, monkeypatch):
    monkeypatch.chdir(FOLDER)

    for problem in error_of(file).problems:
        assert problem.file
        assert problem.line > 0 or problem.code in {"too-big", "no-such-file"}
        assert problem.message_en
        assert problem.message_zh
        assert (problem.hint_en is None) == (problem.hint_zh is None) or problem.code in {
            "missing",
            "string-pattern-mismatch",
        }


def test_there_are_at_least_eighty_mistakes():
    assert len(FILES) >= 80
