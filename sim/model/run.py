"""Run settings: the clock, the measuring window and the replications."""

from datetime import datetime

from pydantic import Field

from sim.model.notion import Notion
from sim.units import DateTime, Duration


class Run(Notion):
    """How a scenario is played and measured."""

    start: DateTime = datetime(2024, 1, 1)
    """Time 0 (Beijing time; no daylight saving)."""
    horizon: Duration
    """Length of the run up to the end of the measuring window, warm-up included."""
    warm_up: Duration = 0
    """Length of the first stretch, whose reports are not measured."""
    cool_down: Duration = 0
    """How long the run goes on, with demand, after the measuring window."""
    tick: Duration = 1
    """Every sampled duration is rounded to a multiple of this once, when it is drawn."""
    control: Duration = 3_600_000_000
    """Interval at which state triggers look at the counts."""
    follow_up: Duration | None = None
    """Time from report within which the restricted mean is taken; None: the cool-down, or the
    horizon without warm-up where there is none."""
    replications: int = Field(default=10, ge=1, le=100_000)
    """Number of replications."""
    seed: int = Field(default=1, ge=0, lt=2**63)
    """Seed of all randomness."""
