"""The report: complete, closed, escaped, and the same whenever it is written."""

import json
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from click.testing import CliRunner
from fontTools.ttLib import TTFont

from sim.cli.report import report as command
from sim.experiment.stored import Unreadable, read_stored
from sim.report.page.assumptions import differing
from sim.report.page.document import HEADINGS, report
from sim.report.page.html import Html, inline, tag
from sim.report.page.svg import inline_svg
from sim.report.words import Say
from tests.report.drawings import DRAWINGS
from tests.report_folders import HOSTILE, KINDS, TITLE_ZH, make_results

LANGS = ("en", "zh", "both")
LARGEST = 400_000
ALONE = {"meta", "br", "wbr", "input"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return {kind: make_results(kind, tmp_path_factory.mktemp(kind)) for kind in KINDS}


@pytest.fixture(scope="module")
def pages(folders):
    return {
        (kind, lang): report(read_stored(folders[kind]), lang)
        for kind in KINDS
        for lang in LANGS
    }


class Page(HTMLParser):
    """Elements, texts and ids of a page; complains where elements do not close."""

    def __init__(self, text):
        super().__init__()
        self.open, self.texts, self.ids, self.tags, self.attributes = [], [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, name, attributes):
        self.tags.append(name)
        self.attributes += attributes
        self.ids += [value for key, value in attributes if key == "id"]
        if name not in ALONE:
            self.open.append(name)

    def handle_startendtag(self, name, attributes):
        self.tags.append(name)
        self.attributes += attributes

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, text):
        if not self.open or self.open[-1] not in ("style", "script"):
            self.texts.append(text)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(params=LANGS)
def lang(request):
    return request.param


def test_every_section_is_there_in_order_and_every_element_closed(pages, kind, lang):
    page = Page(pages[kind, lang])

    assert [each for each in page.ids if each in HEADINGS] == list(HEADINGS)
    assert len(page.ids) == len(set(page.ids))
    assert "h1" in page.tags


def test_a_page_is_small_and_asks_for_nothing(pages, kind, lang):
    text = pages[kind, lang]
    page = Page(text)

    assert len(text.encode()) < LARGEST
    assert not {"img", "link", "iframe", "object", "base"} & set(page.tags)
    asked = [value for key, value in page.attributes if key in ("src", "href", "action")]
    assert all(value.startswith("#") for value in asked)
    assert not [key for key, _ in page.attributes if key == "style" or key.startswith("on")]
    assert set(re.findall(r"url\(([^#)]{1,20})", text)) == {"data:font/woff;base64"[:20]}
    assert any("default-src 'none'" in (value or "") for _, value in page.attributes)


def test_titles_stay_text(pages, kind, lang):
    text = pages[kind, lang]
    page = Page(text)

    assert "alert(1)</script>" not in text
    assert f"{TITLE_ZH}" not in text
    shown = HOSTILE if lang == "en" else TITLE_ZH
    assert shown in page.text
    scripts = page.tags.count("script")
    assert scripts == (2 if kind == "sweep" else 0)


def test_every_character_is_in_the_font(pages, kind, lang):
    font = TTFont(str(files("sim.report").joinpath("fonts", "SimSansSC.otf")))
    known = {chr(code) for code in font.getBestCmap()}

    assert set(Page(pages[kind, lang]).text) - known == set()


def test_an_english_page_has_no_chinese_and_a_chinese_one_its_headings(pages, kind):
    english, chinese = (Page(pages[kind, each]).text for each in ("en", "zh"))

    assert not re.findall(r"[\u3000-\uffef]", english)
    assert all(said.zh in chinese for said in HEADINGS.values())
    assert not [said.en for said in HEADINGS.values() if f" {said.en} " in chinese]


def test_the_same_results_give_the_same_bytes(folders, pages, kind):
    assert report(read_stored(folders[kind]), "both") == pages[kind, "both"]


def test_the_numbers_are_those_of_the_tables(folders, pages):
    summary = read_stored(folders["run"]).table("summary.csv")
    row = summary[(summary["metric"] == "on_time_rate") & (summary["by"] == "all")]
    closed = summary[(summary["metric"] == "closed_rate") & (summary["by"] == "all")]
    text = Page(pages["run", "en"]).text

    assert row["n"].sum() == 0  # the scenario has no limits, so nothing is said of them
    assert "of those with a limit" not in text
    assert f"{100 * closed['mean'].iloc[0]:.1f}" in text


def test_a_comparison_says_what_differs(pages):
    text = Page(pages["compare", "en"]).text

    assert "staffed against small" in text
    assert "better" in text
    assert "pools.grid_workers.staff.rules.by_households.per" in text.replace(" ", "")


def points_of(text):
    return json.loads(re.search(r'id="points">(.*?)</script>', text).group(1))


def test_a_sweep_carries_every_point(folders, pages, lang):
    found = points_of(pages["sweep", lang])
    frontier = read_stored(folders["sweep"]).table("frontier.csv")

    assert found["sizes"] == [3, 2]
    assert len(found["points"]) == len(frontier) == 6
    wanted = {"en": {"en"}, "zh": {"zh"}, "both": {"zh", "en"}}[lang]
    assert all(set(point["say"]) == wanted for point in found["points"])
    costs = {int(row["point"]): row["cost_per_month"] for row in frontier.to_dict("records")}
    for number, point in enumerate(found["points"], start=1):
        assert point["cells"][0][0] == f"{costs[number]:,.0f}"


def test_a_sweep_of_few_replications_says_so(pages):
    assert "仅 3 次重复" in Page(pages["sweep", "zh"]).text


def test_names_of_levers_are_for_people(pages):
    text = Page(pages["sweep", "zh"]).text

    assert "每人负责户数" in text


def test_a_missing_table_is_told_in_both_languages(folders, tmp_path):
    manifest = (folders["run"] / "manifest.json").read_bytes()
    (tmp_path / "manifest.json").write_bytes(manifest)

    with pytest.raises(Unreadable, match="is not there") as caught:
        report(read_stored(tmp_path), "en")
    assert "缺少" in caught.value.message("zh")


def test_text_is_escaped_and_mark_up_is_not():
    inner = tag("b", "<&>")

    assert tag("p", "a<b", inner, title='"') == (
        '<p title="&quot;">a&lt;b<b>&lt;&amp;&gt;</b></p>'
    )
    assert inline(Say("<en>", "<zh>"), "both") == Html(
        '<span lang="zh">&lt;zh&gt;</span> <span lang="en" class="en">&lt;en&gt;</span>'
    )


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_figure_in_a_page_has_no_style_and_no_stranger_s_names(name):
    text = inline_svg(DRAWINGS[name]("both"), "x-", 'a "finding"')

    assert "style" not in text
    assert "<image" not in text
    ids = set(re.findall(r' id="([^"]+)"', text))
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', text))
    assert ids == used
    assert all(each.startswith("x-") for each in ids)
    assert 'aria-label="a &quot;finding&quot;"' in text
    assert "<text" in text


def call(*arguments):
    return CliRunner().invoke(command, [str(word) for word in arguments])


def test_the_command_writes_one_file_and_replaces_it_only_by_force(folders, tmp_path):
    out = tmp_path / "x.html"

    assert call(folders["run"], "--out", out, "--lang", "zh").exit_code == 0
    first = out.read_bytes()
    assert call(folders["run"], "--out", out, "--lang", "zh").exit_code == 0
    refused = call(folders["run"], "--out", out, "--lang", "en")
    assert refused.exit_code == 2
    assert "--force" in refused.output
    assert out.read_bytes() == first
    assert call(folders["run"], "--out", out, "--lang", "en", "--force").exit_code == 0
    assert out.read_bytes() != first
    assert [path.name for path in tmp_path.iterdir()] == ["x.html"]


def test_the_file_lies_with_the_results_unless_said_otherwise(folders):
    result = call(folders["sweep"], "--lang", "en")

    assert result.exit_code == 0
    assert (folders["sweep"] / "report.html").is_file()


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "is no results folder"), ("zh", "不是结果文件夹")]
)
def test_a_folder_without_results_is_refused(tmp_path, lang, words):
    result = call(tmp_path, "--lang", lang)

    assert result.exit_code == 2
    assert words in result.output


def test_what_one_side_lacks_is_one_row_with_its_parts():
    first = {"pools.a.staff.rules.today.workers": "115", "pools.a.staff.rules.today.per": "1",
             "pools.a.at": "city", "pools.b.at": "grid"}  # fmt: skip
    other = {"pools.a.staff.rules.norm.workers": "2", "pools.a.at": "grid"}

    assert differing(first, other) == [
        ("pools.a.staff.rules.today", "workers 115; per 1", None),
        ("pools.a.at", "city", "grid"),
        ("pools.b", "√", None),
        ("pools.a.staff.rules.norm", None, "workers 2"),
    ]
