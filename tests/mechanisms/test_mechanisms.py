"""Every cell of docs/systems.md is logged by a run, and switching it off changes its metric."""

import math
from pathlib import Path

import pytest

from sim.plan.codes import Code
from tests.mechanisms.page import PAGE, page
from tests.mechanisms.playing import FOLDER, figures, rows_of
from tests.mechanisms.table import SYSTEMS, cells, mechanisms, mentions

IN_ORDER = sorted(cells(), key=lambda cell: (cell.scenario, cell.days, cell.sets))


FIRST = {cell.mechanism: cell for cell in reversed(IN_ORDER)}.values()


def name_of(cell):
    return f"{cell.system}-{cell.mechanism}"


def once(cell):
    """Each mechanism is played in one system in CI, in the others by `make verify`."""
    marks = () if cell in FIRST else pytest.mark.verify
    return pytest.param(cell, marks=marks, id=name_of(cell))


def test_the_page_is_current():
    assert PAGE.read_text("utf-8") == page()


def test_there_are_46_mechanisms_and_every_tag_of_the_evidence_is_one():
    assert len(mechanisms()) == 46
    assert {mechanism for _, mechanism in mentions()} <= set(mechanisms())


@pytest.mark.parametrize("cell", IN_ORDER, ids=name_of)
def test_cell_names_what_exists(cell):
    assert cell.system in SYSTEMS
    assert cell.mechanism in mechanisms()
    assert (FOLDER / f"{cell.scenario}.yaml").exists()
    assert cell.scenario.split("-")[0] in {cell.system, "town"}
    assert cell.code in Code.__members__
    assert cell.off


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*the reference engine plays instead")
@pytest.mark.parametrize("cell", [once(cell) for cell in IN_ORDER])
def test_cell_is_logged_and_switching_it_off_changes_its_metric(cell):
    assert rows_of(cell) > 0
    as_it_is, without = figures(cell)
    assert as_it_is is not None
    assert math.isfinite(as_it_is)
    assert without is None or as_it_is != without


def test_every_mechanism_is_played_somewhere_or_says_why_not():
    played = {cell.mechanism for cell in cells()}
    for row in mechanisms().values():
        assert (row.name in played) != bool(row.untouched), row.name


def test_page_lies_in_docs():
    assert PAGE.parent == Path(FOLDER).parent / "docs"
