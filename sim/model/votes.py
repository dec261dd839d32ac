"""Votes: rounds of deliberation until enough parties consent, or the rounds are used up."""

from typing import Annotated, Literal

from pydantic import Field

from sim.model.distributions import Law
from sim.model.notion import Name, Notion
from sim.units import Proportion

MOST_PARTIES = 10_000


class VoteStep(Notion):
    """One round at each visit: every party that has not consented so far is asked again."""

    parties: int = Field(ge=1, le=MOST_PARTIES)
    """How many are asked, such as the households of a staircase."""
    consent: Proportion
    """Probability that a party consents in a round, if it has not before."""
    need: Annotated[int, Field(ge=1, le=MOST_PARTIES)] | Literal["all"] = "all"
    """How many must consent."""
    rounds: int = Field(default=1, ge=1, le=1000)
    """Most rounds of one vote."""
    again: Name | None = None
    """The step before the next round, such as the work of another meeting, which leads back
    here; None: this step at once, after `between`."""
    between: Law | None = None
    """Time between a round and what follows it, if another round follows; None: none."""
    failed: Name
    """The step of those who are not agreed after the last round."""
