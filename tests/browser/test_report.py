"""The report in a real browser: closed, quiet, operable, printable."""

import json
import os
import re
import zlib

import pytest

from sim.experiment.stored import read_stored
from sim.report.page.document import HEADINGS, report
from tests.browser.chrome import Browser, find_chromium
from tests.report_folders import KINDS, make_results

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    program = find_chromium()
    if program is None:
        message = "no Chromium on PATH (apt-get install chromium, or set GRIDGOV_CHROMIUM)"
        if os.environ.get("GRIDGOV_BROWSER") == "required":
            pytest.fail(message)
        pytest.skip(message)
    opened = Browser(program)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for kind in KINDS:
        stored = read_stored(make_results(kind, tmp_path_factory.mktemp(kind)))
        for lang in ("en", "zh"):
            found[kind, lang] = folder / f"{kind}-{lang}.html"
            found[kind, lang].write_text(report(stored, lang), encoding="utf-8")
    return found


@pytest.fixture
def sweep(browser, pages):
    browser.resize(1000, 900)
    browser.open(pages["sweep", "en"])
    return browser


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_for_nothing_and_nothing_complains(browser, pages, kind, lang):
    browser.open(pages[kind, lang])

    asked = browser.requests()
    assert asked[0] == pages[kind, lang].as_uri()
    assert {each[:10] for each in asked[1:]} <= {"data:font/"}
    assert browser.complaints() == []
    assert browser.evaluate("[...document.fonts].map(each => each.status)") == ["loaded"]


def test_the_content_policy_stops_what_does_not_belong(sweep):
    sweep.evaluate(
        "new Promise(done => { const each = new Image(); each.onerror = done; "
        "each.src = 'https://example.org/x.png'; }).then(() => 1)"
    )
    ran = sweep.evaluate(
        "(() => { const each = document.createElement('script'); each.textContent = "
        "'window.ran = 1'; document.body.append(each); return window.ran; })()"
    )

    assert ran is None
    assert any("Content Security Policy" in each for each in sweep.complaints())


def seen(browser):
    return browser.evaluate(
        "({say: document.querySelector('.chosen').textContent,"
        " cells: document.querySelector('#explorer table').textContent,"
        " mark: document.querySelector('#mark').getAttribute('transform'),"
        " value: document.querySelector('#lever-0-value').textContent})"
    )


def test_arrow_keys_move_a_slider_and_with_it_sentence_figure_and_table(sweep):
    sweep.evaluate("document.querySelector('#lever-0').focus()")
    sweep.press("Home", 36)
    before = seen(sweep)
    sweep.press("ArrowRight", 39)
    after = seen(sweep)

    assert (before["value"], after["value"]) == ("100", "300")
    assert [key for key in before if before[key] == after[key]] == []
    points = json.loads(sweep.evaluate("document.querySelector('#points').textContent"))
    second = sweep.evaluate("Number(document.querySelector('#lever-1').value)")
    assert after["say"] == points["points"][2 + second]["say"]["en"]
    assert sweep.complaints() == []


def test_every_setting_can_be_reached_and_is_its_own(sweep):
    found = sweep.evaluate(
        "(() => { const seen = []; const [a, b] = document.querySelectorAll('input');"
        " for (let i = 0; i <= a.max; i++) for (let j = 0; j <= b.max; j++) {"
        "  a.value = i; b.value = j; a.dispatchEvent(new Event('input'));"
        "  seen.push(document.querySelector('.chosen').textContent); } return seen; })()"
    )

    assert len(set(found)) == 6


def test_a_screen_reader_hears_names_values_and_changes(sweep):
    sweep.evaluate("document.querySelector('#lever-0').focus()")
    sweep.press("Home", 36)
    nodes = sweep.call("Accessibility.getFullAXTree")["nodes"]
    heard = [
        (each["role"]["value"], each.get("name", {}).get("value", ""), each)
        for each in nodes
        if "role" in each
    ]
    sliders = [(name, each) for role, name, each in heard if role == "slider"]
    status = [each for role, _, each in heard if role == "status"]

    assert len(sliders) == 2
    assert sliders[0][0].endswith("households per worker")
    # The protocol tells a slider's number; what is said instead is the attribute.
    said = "document.querySelector('#lever-0').getAttribute('aria-valuetext')"
    assert sweep.evaluate(said) == "100"
    assert len(status) == 1
    images = [name for role, name, _ in heard if role in ("image", "img")]
    assert len(images) >= 2
    assert all(len(name) > 20 for name in images)
    tables = [name for role, name, _ in heard if role == "table"]
    assert tables
    assert all(tables)


def test_without_scripts_the_table_of_all_settings_stands_in(browser, pages):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(pages["sweep", "en"])
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)

    assert browser.evaluate("document.querySelector('#explorer').hidden")
    assert browser.evaluate("document.querySelector('noscript').innerText").startswith(
        "Scripts"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_phone_scrolls_tables_and_figures_but_not_the_page(browser, pages, kind):
    browser.resize(360, 740, mobile=True)
    try:
        browser.open(pages[kind, "zh"])
        width = browser.evaluate("document.documentElement.scrollWidth")
    finally:
        browser.resize(1000, 900)

    assert width <= 360


@pytest.mark.parametrize("kind", KINDS)
def test_a_print_has_chinese_text_on_a4_and_no_controls(browser, pages, kind):
    browser.open(pages[kind, "zh"])
    found = browser.pdf()

    letters = letters_of(found)
    wanted = set("".join(said.zh for said in HEADINGS.values())) - set("（）")
    assert wanted <= letters
    assert re.search(rb"/MediaBox ?\[0 0 59[45][.\d]* 84[12]", found)
    assert b"/StructTreeRoot" in found


def letters_of(pdf: bytes) -> set[str]:
    """Characters that can be selected: what the fonts of a PDF map their glyphs to."""
    found: set[str] = set()
    for part in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            text = zlib.decompress(part)
        except zlib.error:
            continue
        if b"begincmap" not in text:
            continue
        for line in text.decode("latin-1").splitlines():
            found.update(_mapped(re.findall(r"<(\w+)>", line), is_array="[" in line))
    return found


def _mapped(codes: list[str], *, is_array: bool) -> list[str]:
    """Targets of one line: of one glyph, of a range, or of a range one by one."""
    if is_array:
        return [chr(int(code, 16)) for code in codes[2:]]
    if len(codes) == 2 and len(codes[1]) == 4:
        return [chr(int(codes[1], 16))]
    if len(codes) != 3:
        return []
    first, last, start = (int(code, 16) for code in codes)
    return [chr(start + step) for step in range(last - first + 1)]
