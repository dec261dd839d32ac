"""Notebooks: each executed copy belongs to its percent source and tells nothing of a machine.

That executing them anew gives the same bytes is a step of `.ci/run`, since it takes a minute.
"""

import base64
import importlib.util
import json
import re

import pytest

from tests.conftest import ROOT

FOLDER = ROOT / "notebooks"
SOURCES = sorted(FOLDER.glob("[0-9]*.py"))
NAMES = [path.stem for path in SOURCES]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LARGEST_BYTES = 900_000


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("notebooks", ROOT / "scripts/notebooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def copy_of(source):
    return json.loads(source.with_suffix(".ipynb").read_text(encoding="utf-8"))


def text_of(cell):
    return "".join(cell["source"])


def outputs_of(notebook):
    return [output for cell in notebook["cells"] for output in cell.get("outputs", ())]


def test_every_source_has_a_copy_and_every_copy_a_source():
    assert SOURCES
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_the_executed_copy_holds_the_cells_of_its_source(source, script):
    copied = [(cell["cell_type"], text_of(cell)) for cell in copy_of(source)["cells"]]

    assert copied == script.cells_of(source.read_text(encoding="utf-8"))


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_a_copy_was_executed_once_from_top_to_bottom_without_a_warning(source):
    notebook = copy_of(source)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]

    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert {output["output_type"] for output in outputs_of(notebook)} <= {
        "execute_result",
        "stream",
    }
    assert all(output.get("name") != "stderr" for output in outputs_of(notebook))


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_a_copy_holds_no_time_version_or_address_of_its_run(source):
    text = source.with_suffix(".ipynb").read_text(encoding="utf-8")
    notebook = json.loads(text)

    assert len(text.encode()) <= LARGEST_BYTES
    assert notebook["metadata"]["language_info"] == {"name": "python"}
    assert all(cell["metadata"] == {} for cell in notebook["cells"])
    assert not re.search(r"at 0x[0-9a-f]{6}", text)


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_a_notebook_asks_shows_and_concludes_in_both_languages(source):
    notebook = copy_of(source)
    told = [text_of(cell) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    headings = [
        line for text in told for line in text.splitlines() if re.match(r"#{1,2} ", line)
    ]
    shown = [output["data"] for output in outputs_of(notebook) if "data" in output]
    figures = [base64.b64decode(data["image/png"]) for data in shown if "image/png" in data]

    assert "**Question 问题.**" in told[0]
    assert all(CHINESE.search(line) for line in headings)
    assert headings[-1] == "## Conclusion and its limits · 结论与局限"
    assert any("<table" in "".join(data.get("text/html", "")) for data in shown)
    assert figures
    assert all(figure.startswith(b"\x89PNG") for figure in figures)


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_a_notebook_asserts_what_it_concludes(source):
    code = [text_of(cell) for cell in copy_of(source)["cells"] if cell["cell_type"] == "code"]

    assert "assert " in code[-1]
    assert "95 %" in code[-1] or "90 %" in code[-1]


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_a_notebook_reads_scenarios_that_are_there(source):
    named = re.findall(r'"([\w./-]+\.yaml)"', source.read_text(encoding="utf-8"))

    assert named
    assert [name for name in named if not (FOLDER / name).is_file()] == []


def test_cells_are_split_at_their_marks(script):
    source = "# %% [markdown]\n# # Title\n#\n# text\n\n# %%\n# a comment\nx = 1\n\nx\n"

    assert script.cells_of(source) == [
        ("markdown", "# Title\n\ntext"),
        ("code", "# a comment\nx = 1\n\nx"),
    ]


@pytest.mark.parametrize("source", ["x = 1\n# %%\n", "# %% tagged\nx = 1\n"])
def test_a_source_in_another_form_is_refused(script, source):
    with pytest.raises(SystemExit):
        script.cells_of(source)
