"""The columns of the log are as wide as promised, whoever writes them, and digested so."""

from pathlib import Path

import numpy as np
import pytest

from sim.demand.trace import draw_trace
from sim.engine import play
from sim.eventlog import COLUMNS, DTYPES
from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario

MM1 = Path(__file__).resolve().parents[2] / "scenarios" / "theory" / "mm1.yaml"


@pytest.fixture(scope="module", params=["reference", "fast"])
def log(request):
    plan = compile_plan(read_scenario(MM1, overrides=["run.horizon=200 h"]))
    return play(plan, draw_trace(plan, 1, 0), request.param)


def test_every_column_is_as_wide_as_promised(log):
    assert {name: getattr(log, name).dtype for name in COLUMNS} == DTYPES


def test_wide_columns_have_the_digest_of_narrow_ones(log):
    wide = {name: getattr(log, name).astype(np.int64) for name in COLUMNS}
    assert log._replace(**wide).digest() == log.digest()


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_is_digested(log, name):
    other = getattr(log, name).copy()
    other[-1] += 1
    assert log._replace(**{name: other}).digest() != log.digest()
