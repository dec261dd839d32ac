"""``gridgov workbook`` and ``gridgov new`` with workbooks: out, edited, and back."""

import csv
import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from sim.scenario.reader import load_scenario
from tests.conftest import ROOT
from tests.small_scenario import write_scenario

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
PER = "pools.grid_workers.staff.rules.by_households.per"


@pytest.fixture
def scenario(tmp_path):
    return write_scenario(tmp_path)


@pytest.fixture
def plan(gridgov, scenario, tmp_path):
    """The workbook of the small scenario."""
    assert gridgov("new", "plan.xlsx", "--from", scenario)[0] == 0
    return tmp_path / "plan.xlsx"


def edit(path, sheet="Inputs", **cells):
    """Write values into the cells of a setting: column letter + double underscore + path."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    for name, (setting, value) in cells.items():
        row = row_of(page, setting)
        page[f"{name[0]}{row}"] = value
    book.save(path)


def row_of(page, setting):
    return next(cell.row for cell in page["A"] if cell.value == setting)


@pytest.fixture
def folders(gridgov, tmp_path):
    """Results of a run, a comparison and a sweep."""
    one, two = write_scenario(tmp_path), write_scenario(tmp_path, "other", per="per: 150")
    play = ("-n", 2, "--workers", 1, "-q", "--out")
    assert gridgov("run", one, *play, "run")[0] == 0
    assert gridgov("compare", one, two, *play, "both")[0] == 0
    assert gridgov("sweep", one, "--vary", f"{PER}=200,300", *play, "swept")[0] == 0
    return tmp_path


def sheets(path):
    return openpyxl.load_workbook(path).sheetnames


def test_results_become_a_workbook_with_charts(gridgov, folders):
    for name in ("run", "both", "swept"):
        code, out, _ = gridgov("workbook", name)
        assert (code, out.strip()) == (0, f"{name}/results.xlsx")

    assert sheets(folders / "run/results.xlsx") == [
        "Read me", "Results", "All figures", "Inputs",
    ]  # fmt: skip
    assert "Compare" in sheets(folders / "both/results.xlsx")
    assert sheets(folders / "swept/results.xlsx") == ["Read me", "Frontier", "Inputs"]
    for name in ("run", "both", "swept"):
        assert charts(folders / name / "results.xlsx")


def charts(path):
    book = openpyxl.load_workbook(path)
    return [chart for page in book.worksheets for chart in page._charts]


def test_two_runs_are_compared_and_chinese_sheets_have_chinese_names(gridgov, folders):
    members = sorted((folders / "both" / "scenarios").iterdir())
    assert len(members) == 2
    assert gridgov("workbook", "both", "--lang", "zh", "--out", "zh.xlsx")[0] == 0

    assert sheets(folders / "zh.xlsx") == ["说明", "结果", "全部指标", "对比", "参数"]
    head = [cell.value for cell in openpyxl.load_workbook(folders / "zh.xlsx")["对比"][1]]
    assert head[:3] == ["指标", "分组方式", "组"]


def test_the_same_results_give_the_same_workbook(gridgov, folders):
    gridgov("workbook", "run")
    gridgov("workbook", "run", "--out", "again.xlsx")

    first = (folders / "run" / "results.xlsx").read_bytes()
    assert (folders / "again.xlsx").read_bytes() == first


def test_every_figure_is_there_as_in_the_table(gridgov, folders):
    gridgov("workbook", "run")
    page = openpyxl.load_workbook(folders / "run" / "results.xlsx")["All figures"]
    with (folders / "run" / "summary.csv").open(encoding="utf-8-sig") as stream:
        wanted = [row["mean"] for row in csv.DictReader(stream)]

    found = [row[4] for row in page.iter_rows(min_row=2, values_only=True)]

    assert len(found) == len(wanted)
    for there, mean in zip(found, wanted, strict=True):
        assert there == (pytest.approx(float(mean), rel=1e-14) if mean else None)


def test_results_stay_as_recorded_and_nothing_is_replaced(gridgov, folders):
    gridgov("workbook", "run")

    assert gridgov("verify", "run")[0] == 0
    code, _, err = gridgov("workbook", "run")
    assert code == 2
    assert "already there" in err
    assert gridgov("workbook", "run", "--force")[0] == 0
    assert gridgov("workbook", "run", "--out", "book.ods")[0] == 2


def test_a_title_that_looks_like_a_formula_stays_text(gridgov, scenario, tmp_path):
    text = scenario.read_text(encoding="utf-8")
    evil = "=1+1"
    scenario.write_text(text.replace("A small community", f"'{evil}'"), encoding="utf-8")
    gridgov("new", "evil.xlsx", "--from", scenario)
    book = openpyxl.load_workbook(tmp_path / "evil.xlsx")

    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert evil in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n", "b"}
    assert gridgov("new", "back.yaml", "--from", "evil.xlsx")[0] == 0
    assert load_scenario(tmp_path / "back.yaml").model.title.en == evil


@pytest.mark.parametrize("name", ["small", "bijiang", "hanting-300", "wujiaochang", "songyuan"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_workbook_that_nobody_edits_is_the_same_scenario(gridgov, tmp_path, name, lang):
    path = write_scenario(tmp_path) if name == "small" else ROOT / f"scenarios/{name}.yaml"
    before = load_scenario(path)
    assert gridgov("new", "plan.xlsx", "--from", path, "--lang", lang)[0] == 0
    # Files that a scenario names stand beside it.
    for other in (ROOT / "scenarios").glob("*.yaml"):
        (tmp_path / other.name).write_bytes(other.read_bytes())
    code, _, err = gridgov("new", "back.yaml", "--from", "plan.xlsx", "--lang", lang)
    after = load_scenario(tmp_path / "back.yaml")

    assert code == 0, err
    assert after.model == before.model
    assert said(after) == said(before)


def said(reading):
    """Where numbers come from, those without a source left out."""
    return {
        path: (origin.kind, origin.value, origin.range, origin.because)
        for path, origin in reading.provenance.items()
        if origin.kind != "plain"
    }


def test_an_edited_staffing_number_becomes_a_new_scenario(gridgov, plan, tmp_path):
    edit(plan, B=(PER, 200), b=("run.seed", 9))

    code, _, err = gridgov("new", "mine.yaml", "--from", "plan.xlsx")

    assert code == 0
    assert "2 values changed" in err
    model = load_scenario(tmp_path / "mine.yaml").model
    assert model.pools["grid_workers"].staff.rules["by_households"].per == 200
    text = (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    assert "per: 200  # was 300" in text
    assert gridgov("validate", "mine.yaml")[0] == 0


def test_a_reported_value_that_is_changed_no_longer_cites_its_source(gridgov, tmp_path):
    gridgov("new", "plan.xlsx", "--from", ROOT / "scenarios/bijiang.yaml")
    path = "places.levels.grid.count"
    edit(tmp_path / "plan.xlsx", B=(path, 600))

    assert gridgov("new", "mine.yaml", "--from", "plan.xlsx")[0] == 0

    reading = load_scenario(tmp_path / "mine.yaml")
    assert reading.provenance[path].kind == "plain"
    assert "was {reported: bijiang.grids} = 514" in (tmp_path / "mine.yaml").read_text("utf-8")


def test_an_origin_may_be_given_to_a_plain_value_in_either_language(gridgov, plan, tmp_path):
    edit(plan, C=(PER, "假定"), D=(PER, 150), E=(PER, 500), F=(PER, "a guess: for now"))

    assert gridgov("new", "mine.yaml", "--from", "plan.xlsx")[0] == 0

    origin = load_scenario(tmp_path / "mine.yaml").provenance[PER]
    assert (origin.kind, origin.range, origin.because) == (
        "assumed", ("150", "500"), "a guess: for now",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "cell", "said_en"),
    [
        ({"B": ("run.horizon", "12 dyas")}, "B", "unknown unit 'dyas'"),
        ({"B": ("run.horizon", 12)}, "B", "needs a unit"),
        ({"B": (PER, -3)}, "B", ""),
        ({"C": (PER, "guessed")}, "C", "is no origin of a value"),
        ({"D": ("sources.reports.rate", None)}, "D", "a range needs both ends"),
        ({"D": ("sources.reports.rate", "9/household/year")}, "", ""),
        ({"B": ("lines.desk.at", "{a: [")}, "B", "cannot be read"),
        ({"A": ("lines.desk.at", "lines..at")}, "A", "is not the path of a setting"),
        ({"A": ("lines.desk.at", "lines.desk.att")}, "", "unknown key 'att'"),
        ({"A": ("run.seed", "run.horizon")}, "A", "is said twice"),
        ({"B": ("pools.grid_workers.calendar", "offce")}, "B", "did you mean 'office'"),
        ({"B": ("run.seed", "=B2+1")}, "B", "formula in this cell has no value"),
    ],
)
def test_mistakes_are_told_by_cell_and_nothing_is_written(
    gridgov, plan, tmp_path, cells, cell, said_en
):
    row = row_of(openpyxl.load_workbook(plan)["Inputs"], next(iter(cells.values()))[0])
    edit(plan, **cells)

    code, out, err = gridgov("new", "mine.yaml", "--from", "plan.xlsx")

    assert (code, out) == (2, "")
    assert "plan.xlsx:Inputs!" in err
    assert f"plan.xlsx:Inputs!{cell}{row}" in err or not cell
    assert said_en.lower() in err.lower()
    assert "1 problem in plan.xlsx; nothing was run." in err
    assert not (tmp_path / "mine.yaml").exists()


def test_mistakes_by_cell_speak_chinese(gridgov, plan):
    edit(plan, C=(PER, "猜测"))

    _, _, err = gridgov("new", "mine.yaml", "--from", "plan.xlsx", "--lang", "zh")

    assert "不是数值的来源" in err


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 damaged"])
def test_what_is_no_workbook_is_refused(gridgov, tmp_path, content):
    (tmp_path / "plan.xlsx").write_bytes(content)

    code, _, err = gridgov("new", "mine.yaml", "--from", "plan.xlsx")

    assert code == 2
    assert "not a workbook that can be read" in err


def test_a_workbook_without_inputs_is_refused(gridgov, tmp_path):
    openpyxl.Workbook().save(tmp_path / "plan.xlsx")

    code, _, err = gridgov("new", "mine.yaml", "--from", "plan.xlsx")

    assert code == 2
    assert "has no sheet of inputs" in err


def test_a_fresh_workbook_is_a_scenario_that_runs(gridgov, tmp_path):
    assert gridgov("new", "plan.xlsx")[0] == 0
    assert gridgov("new", "mine.yaml", "--from", "plan.xlsx")[0] == 0
    assert gridgov("new", "plan.xlsx")[0] == 2
    assert gridgov("new", "other.xlsx", "--from", "plan.xlsx")[0] == 2

    short = ("--set", "run.horizon=3 d", "--set", "run.warm_up=1 d")
    assert gridgov("run", "mine.yaml", "-n", 1, "--workers", 1, *short)[0] == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_new_scenario_runs_as_it_is(gridgov, lang):
    short = ("--set", "run.horizon=3 d", "--set", "run.warm_up=1 d", "--workers", 1)
    assert gridgov("new", "mine.yaml", "--lang", lang)[0] == 0

    assert gridgov("run", "mine.yaml", "-n", 1, *short)[0] == 0


@pytest.mark.skipif(OFFICE is None, reason="no LibreOffice here")
def test_libreoffice_opens_it_and_saves_it_so_that_it_reads_back(gridgov, folders):
    """Without repair: what LibreOffice saves holds the same scenario and the same figures."""
    gridgov("workbook", "both")
    made = convert(folders / "both" / "results.xlsx", "xlsx", folders / "saved")

    assert gridgov("new", "back.yaml", "--from", made)[0] == 0
    assert (
        load_scenario(folders / "back.yaml").model
        == load_scenario(folders / "small.yaml").model
    )
    ours = openpyxl.load_workbook(folders / "both" / "results.xlsx")
    # LibreOffice writes a truth value as a formula, with the value beside it.
    theirs = openpyxl.load_workbook(made, data_only=True)
    assert theirs.sheetnames == ours.sheetnames
    assert len(charts(made)) == len(charts(folders / "both" / "results.xlsx"))
    for page in ours:
        for row in page.iter_rows():
            for cell in row:
                there = theirs[page.title][cell.coordinate].value
                same = pytest.approx(cell.value) if is_number(cell) else cell.value
                assert there == same, f"{page.title}!{cell.coordinate}"


def is_number(cell):
    return isinstance(cell.value, int | float) and not isinstance(cell.value, bool)


def convert(path: Path, kind: str, folder: Path) -> Path:
    home = folder / "profile"
    command = [OFFICE, "--headless", f"-env:UserInstallation=file://{home}", "--convert-to"]
    done = subprocess.run(
        [*command, kind, "--outdir", folder, path],
        env={**os.environ, "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    made = folder / f"{path.stem}.{kind}"
    assert made.is_file(), done.stderr
    return made
