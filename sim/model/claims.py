"""Claim-then-push (先抢后派): volunteers are offered a task before workers are sent."""

from sim.model.notion import Name, Notion
from sim.units import Proportion


class Claim(Notion):
    """The offer that a work step makes first.

    Whoever is idle and on duty in a pool that serves `line` is asked, one after the other,
    until somebody accepts. If nobody does, the task enters the line of the step.
    """

    line: Name
    """The line of the volunteers; who accepts begins at once, as a task of this line."""
    accept: Proportion
    """Probability that one of them accepts."""
