"""Joins: work that several lines share, in one sitting or in parts (吹哨报到, 联合处置)."""

from typing import Annotated, Literal

from pydantic import Field

from sim.model.distributions import Law
from sim.model.notion import Name, Notion
from sim.units import Duration, Proportion

MOST_LINES = 50


class JoinStep(Notion):
    """A call to several lines; the request stays with its owner to the end.

    Every line is called. It answers with a probability and after a delay, or it is silent and
    is called again.
    """

    form: Literal["together", "parts"]
    """Whether members begin the same work at one instant (``together``), or each line that
    answered has a task of its own (``parts``)."""
    lines: list[Name] = Field(min_length=1, max_length=MOST_LINES)
    """The lines that are called, each that of its own place or of the place above it; where
    more answer than are needed, the first of the list are taken."""
    need: Annotated[int, Field(ge=1, le=MOST_LINES)] | Literal["all"] = "all"
    """How many of the lines must take part (together), or finish their part (parts)."""
    response: Proportion = 1.0
    """Probability that a line answers a call."""
    answer: Law | None = None
    """Time from a call until the line answers it; None: at once."""
    interval: Duration | None = None
    """Time after which silent lines are called again, and after the last call given up."""
    rounds: int = Field(default=1, ge=1, le=1000)
    """Most calls to one line."""
    patience: Duration | None = None
    """How long it may take from the first call until members have come together; None: for
    ever."""
    content: Law | None = None
    """Work content of every member or part; None: what the class says."""
    contents: dict[Name, Law] = Field(default_factory=dict)
    """By line: work content of its part, where it differs."""
    otherwise: Name | None = None
    """The step when too few answer, or patience is over; needed where that can happen."""
