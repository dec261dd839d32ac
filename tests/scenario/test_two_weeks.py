"""Every shipped system plays two weeks at full size, one replication, on the default engine.

The base of each family in CI, variants in `make verify`.
"""

from pathlib import Path

import numpy as np
import pytest

from sim.demand.trace import draw_trace
from sim.engine import play
from sim.metrics import measure
from sim.plan.codes import Code
from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"
TWO_WEEKS = ("run.horizon=14 d", "run.warm_up=0 d", "run.cool_down=0 d", "run.follow_up=2 d")


BASES = {path for path in FOLDER.glob("*.yaml") if "\nrun:" in path.read_text("utf-8")}


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(path.stem, marks=() if path in BASES else pytest.mark.verify)
        for path in sorted(FOLDER.glob("*.yaml"))
    ],
)
def test_scenario_plays_two_weeks_at_full_size(name):
    plan = compile_plan(read_scenario(FOLDER / f"{name}.yaml", TWO_WEEKS))
    log = play(plan, draw_trace(plan, 1, 0))
    figures = measure(log, plan).set_index(["metric", "by", "group"])["value"]

    arrived = log.request[log.code == Code.ARRIVAL]
    ended = log.request[np.isin(log.code, (Code.DONE, Code.LEAVE))]
    assert np.isin(ended, arrived).all()
    assert np.unique(ended).size == ended.size
    assert figures["reported", "all", "all"] > 400
    # Nine in ten of Chifeng's matters are parcels of two weeks of a member's work.
    least = 0.1 if name.startswith("chifeng") else 0.3
    assert least < figures["closed_rate", "all", "all"] <= 1
    assert 0 < figures["utilisation", "all", "all"] <= 1
