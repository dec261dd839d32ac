"""Words and numbers of the figures, the line breaks, and the font."""

import re
import tomllib
from importlib.resources import files

import pytest
from matplotlib.ft2font import FT2Font

from sim.metrics.catalogue import BY_NAME
from sim.report.style import FONT, width_of
from sim.report.words import Say, digits, label, quantity_said, scale_for, shown, team, wrapped
from sim.terms import terms
from tests.conftest import ROOT


def font() -> FT2Font:
    return FT2Font(str(files("sim.report").joinpath("fonts", "SimSansSC.otf")))


def test_the_font_has_every_character_of_the_terms_the_scenarios_and_gb_2312():
    said = "".join(each.en + each.zh for each in terms().values())
    said += "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("scenarios/*.yaml"))
    rows = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    said += "".join(pair.decode("gb2312", errors="ignore") for pair in rows)

    missing = {character for character in said if character >= " "} - {
        chr(number) for number in font().get_charmap()
    }

    assert missing == set()
    assert all(font().get_char_index(ord(character)) for character in "堃浉㵲龘−±≤≥→")


def test_the_font_has_a_name_of_its_own_and_its_licence_beside_it():
    assert font().family_name == FONT
    assert "Source" not in font().family_name
    licence = files("sim.report").joinpath("fonts", "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Reserved Font Name 'Source'" in licence


def test_the_package_takes_its_font_along():
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    # The whole folder goes into the wheel; nothing excludes data files.
    assert table["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["sim"]
    assert "exclude" not in table["tool"]["hatch"]["build"]["targets"]["wheel"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.126, "0.13"), (9.996, "10.0"), (47, "47.0"), (99.96, "100"),
     (-12345, "−12,345"), (0.0026, "0.0026")],
)  # fmt: skip
def test_numbers_have_about_three_digits(value, text):
    assert digits(value) == text


def test_values_are_said_in_plain_units():
    assert shown(30, "h") == Say("30 h", "30小时")
    assert shown(96, "h") == Say("4 days", "4天")
    assert shown(0.856, "1") == Say("85.6%", "85.6%")
    assert shown(65_000, "CNY/month") == Say("65,000 CNY per month", "65,000元/月")
    assert shown(float("nan"), "h").en == "not reached"


def test_one_scale_serves_all_values_of_an_axis():
    assert scale_for("h", [1, 71]).unit == "h"
    assert scale_for("h", [1, 96, float("nan")]).unit == "d"
    assert scale_for("1", [0.2]).of(0.2) == pytest.approx(20)


def test_a_label_joins_its_unit_to_brackets_that_it_has():
    assert label("resolution_p90", "zh", "h") == "办结时长（九成分位，小时）"
    assert label("resolution_p90", "en", "h") == "Resolution time, 90th percentile (h)"
    assert label("closed_rate", "both", "1") == "办结率（%）  Closed rate (%)"
    assert label("my_lever", "both") == "my_lever"


def test_roles_are_translated_and_names_of_users_are_not():
    assert team("grid_workers") == Say("grid worker", "网格员")
    assert team("war").zh.startswith("战时")
    assert team("closed") == Say("closed", "closed")


def test_lines_break_where_the_language_allows_it():
    text = "从一处到另一处，办结时长（九成分位）由九十六小时变为四十七小时。"

    lines = wrapped(text, 20, width_of).split("\n")

    assert "".join(lines) == text
    assert all(width_of(line) <= 21 for line in lines)
    assert not any(line[0] in "，。）" or line[-1] == "（" for line in lines)


def test_english_breaks_between_words_into_lines_of_like_length():
    text = "one two three four five six seven eight nine ten eleven twelve"

    lines = wrapped(text, width_of(text) * 0.9, width_of).split("\n")

    assert " ".join(lines) == text
    assert len(lines) == 2
    assert width_of(lines[1]) > 0.25 * width_of(text)


def test_every_term_has_both_languages_and_every_metric_is_a_term():
    chinese = re.compile(r"[\u4e00-\u9fff]")
    same_in_both = {"1", "share"}  # signs, not words

    for key, each in terms().items():
        assert each.en.strip(), key
        assert chinese.search(each.zh) or key in same_in_both, key
        assert not chinese.search(each.en), key
    assert set(BY_NAME) - set(terms()) == set()
    assert {metric.unit for metric in BY_NAME.values()} - set(terms()) <= {
        "requests", "duties", "hazards", "joins", ""
    }  # fmt: skip


def test_every_key_that_the_program_looks_up_is_a_term():
    call = re.compile(r'(?<![\w.])(?:word|term|label)\(\s*"([\w./ ]+)"')
    used = {
        key
        for path in ROOT.glob("sim/**/*.py")
        for key in call.findall(path.read_text(encoding="utf-8"))
    }

    assert len(used) > 10
    assert used - set(terms()) == set()


def test_shipped_scenarios_say_every_title_and_note_in_both_languages():
    label = re.compile(r"^\s*(?:- )?(title|question|left_open):[ ]*(?![{&*|>])([^\s].*)$", re.M)

    for path in ROOT.glob("scenarios/*.yaml"):
        assert label.findall(path.read_text(encoding="utf-8")) == [], path.name


def test_values_are_said_as_people_write_them():
    said = {text: quantity_said(text).zh for text in (
        "600 CNY/month", "200000 CNY", "8 h", "1 d 12 h", "1.5/household/year", "0.3", "grid"
    )}  # fmt: skip

    assert list(said.values()) == [
        "600元/月", "200000元", "8小时", "1天12小时", "1.5次/户/年", "0.3", "grid"
    ]  # fmt: skip
    assert all(quantity_said(text).en == text for text in said)
