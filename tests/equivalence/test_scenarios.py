"""Both engines write the same log for every shipped scenario, at four ticks.

At fine ticks few events are simultaneous, and a wrong rule for ties passes unseen; at coarse
ones nearly all are.
"""

from pathlib import Path

import pytest

from sim.engine.fast.build import unsupported
from sim.scenario.reader import read_scenario
from tests.equivalence.comparing import TICKS, both, first_difference, shortened

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FILES = [
    path
    for path in sorted(SCENARIOS.rglob("*.yaml"))
    if "evidence" not in path.parts and "run:" in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("tick", TICKS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_engines_agree(path, tick):
    plan = shortened(read_scenario(path), TICKS[tick], most=1500)
    if unsupported(plan):
        pytest.skip(unsupported(plan))
    assert not first_difference(*both(plan))
