"""Both engines write the same log for every shipped scenario, at four ticks.

At fine ticks few events are simultaneous, and a wrong rule for ties passes unseen; at coarse
ones nearly all are. Variants of a base are played by `make equivalence`, not in CI.
"""

from pathlib import Path

import pytest

from sim.engine.fast.build import unsupported
from sim.scenario.reader import read_scenario
from tests.equivalence.comparing import TICKS, both, first_difference, shortened

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
# Evidence is no scenario, and of the megacity its small sibling is played.
FILES = [
    path
    for path in sorted(SCENARIOS.rglob("*.yaml"))
    if "evidence" not in path.parts and path.stem != "megacity"
]
BASES = [path for path in FILES if "\nrun:" in path.read_text(encoding="utf-8")]
VARIANTS = [path for path in FILES if path not in BASES]


@pytest.mark.parametrize("path", BASES, ids=lambda path: path.stem)
def test_the_engines_agree(path):
    compare(path, "min")


@pytest.mark.slow
@pytest.mark.parametrize("tick", [tick for tick in TICKS if tick != "min"])
@pytest.mark.parametrize("path", BASES, ids=lambda path: path.stem)
def test_the_engines_agree_at_other_ticks(path, tick):
    compare(path, tick)


@pytest.mark.verify
@pytest.mark.parametrize("path", VARIANTS, ids=lambda path: path.stem)
def test_the_engines_agree_on_variants(path):
    compare(path, "min")


def compare(path, tick):
    """Play both; nothing that is shipped is beyond the compiled engine."""
    plan = shortened(read_scenario(path), TICKS[tick], most=1500)
    assert not unsupported(plan)
    assert not first_difference(*both(plan))
