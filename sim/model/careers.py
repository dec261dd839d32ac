"""Careers: how the speed of a worker changes from week to week, and when the post falls free.

All three are off unless a pool says otherwise. They move weekly levels, on Mondays at 00:00.
"""

from pydantic import Field

from sim.model.distributions import Law
from sim.model.notion import Notion
from sim.units import Duration, Proportion


class Fatigue(Notion):
    """Long weeks make tired, and tired people work more slowly."""

    norm: Duration
    """Time on duty in a week, overtime included, up to which nobody tires."""
    step: Duration
    """Every whole step beyond the norm raises the level of fatigue by one."""
    slower: Proportion
    """Part of the speed that each level takes away."""
    most: int = Field(default=4, ge=1, le=50)
    """Highest level."""
    recovery: int = Field(default=1, ge=1, le=50)
    """Levels that a week within the norm takes away."""


class Attrition(Notion):
    """Workers leave for good; the post stays vacant until a newcomer takes it."""

    weekly: Proportion
    """Probability of leaving in a week."""
    tired: Proportion = 0.0
    """What each level of fatigue adds to it."""
    hiring: Law
    """Time from when somebody has gone until the newcomer is there."""
