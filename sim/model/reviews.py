"""Reviews (考核): controllers that read closed counts of a past period and write parameters.

What a review changes takes effect from the next start, draw or round; nothing that is under way
is touched. How strongly people answer to it is known for no system, so every strength is an
assumption with a range, to be swept.
"""

from typing import Final, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.model.distributions import Law
from sim.model.notion import Label, Name, Notion
from sim.units import Proportion

Read = Literal[
    "reported", "closed", "on_time", "late", "found", "surfaced", "contacts", "unresolved",
    "unsatisfied", "claimed", "pushed",
]  # fmt: skip
EFFECTS: Final = ("moves", "level", "replaces")
"""What a review may do."""

WRITTEN: Final = ("accept", "consent", "misrouting", "response", "productivity")
"""What a level may be of."""


class Reading(Notion):
    """One count of the past period, with its weight in the score."""

    count: Read
    """Requests reported or closed, closed within their limit or after it, hazards found by a
    patrol or surfaced by themselves, contacts (hotline, petition, repeat), verdicts of not
    resolved or not satisfied, offers accepted by volunteers or by nobody."""
    classes: list[Name] = Field(default_factory=list)
    """Classes that count; empty: all, duties left out."""
    weight: int = Field(default=1, ge=1, le=1000)
    """How often it counts."""


class FlowStep(Notion):
    """A step of a flow."""

    flow: Name
    """The flow."""
    step: Name
    """Its step."""


class LadderRung(Notion):
    """A rung of a ladder."""

    ladder: Name
    """The ladder."""
    rung: Name
    """Its rung."""


class Moves(Notion):
    """Rounds of a duty, and so the hours they take, moved to where the score is higher."""

    duty: Name
    """The source of the rounds; it hangs on the level that is reviewed."""
    share: Proportion
    """Part of each place's rounds of the coming period that is shared out anew, in proportion
    to the scores."""
    least: int = Field(default=0, ge=0)
    """Rounds that a place keeps of its own."""
    within: Name | None = None
    """The level inside whose places rounds are moved; None: everywhere."""


class LevelChange(Notion):
    """One step up or down of a probability or of a speed, by the score."""

    accept: FlowStep | None = None
    """That a volunteer accepts the offer of this step."""
    consent: FlowStep | None = None
    """That a party consents in this vote."""
    misrouting: LadderRung | None = None
    """That this rung hands a request to a wrong desk."""
    response: Name | None = None
    """That this line answers a call (whistle, joint handling)."""
    productivity: Literal[True] | None = None
    """The speed of the pool that is reviewed."""
    strength: Proportion
    """What one step adds to the probability, or by what part it raises the speed."""
    most: int = Field(default=1, ge=1, le=50)
    """Most steps away from what is written elsewhere in the scenario, either way."""
    above: int | None = Field(default=None, ge=0)
    """A score above this leads one step up."""
    below: int | None = Field(default=None, ge=0)
    """A score below this leads one step down."""

    @model_validator(mode="after")
    def _one_target(self) -> "LevelChange":
        if sum(getattr(self, target) is not None for target in WRITTEN) != 1:
            message, targets = "give exactly one of {targets}", ", ".join(WRITTEN)
            raise PydanticCustomError("level_not_one", message, {"targets": targets})
        if self.above is None and self.below is None:
            raise PydanticCustomError("level_unmoved", "give above, below or both")
        return self


class Replaces(Notion):
    """Elimination (末位淘汰): the lowest-rated workers give way to newcomers."""

    share: Proportion | None = None
    """Share of those who are rated together, rounded down …"""
    number: int | None = Field(default=None, ge=0)
    """… or so many of them (give exactly one)."""
    hiring: Law
    """Time from when somebody has gone until the newcomer is there."""

    @model_validator(mode="after")
    def _one_size(self) -> "Replaces":
        if (self.share is None) == (self.number is None):
            raise PydanticCustomError(
                "replaces_not_one", "give exactly one of share and number"
            )
        return self


class Review(Notion):
    """One periodic controller; exactly one of `moves`, `level` and `replaces`."""

    title: Label | None = None
    """Name shown to people."""
    every: Literal["week", "month", "quarter"]
    """The civil period; the review takes place when the next one begins."""
    at: Name | None = None
    """The level whose places are rated one by one (with `replaces`: inside whose places
    workers are compared); None: the root."""
    pool: Name | None = None
    """The pool that is rated instead, each team by what its people worked on last; with
    `replaces`, worker by worker."""
    reads: list[Reading] = Field(min_length=1, max_length=50)
    """What is counted; the score is the weighted sum."""
    out_of: list[Reading] = Field(default_factory=list, max_length=50)
    """What the sum is divided by; the score is then in per mille, and without a count here
    nothing changes. Empty: the sum itself."""
    moves: Moves | None = None
    """Rounds moved between places."""
    level: LevelChange | None = None
    """A probability or a speed moved up or down."""
    replaces: Replaces | None = None
    """Workers replaced."""

    @model_validator(mode="after")
    def _one_effect(self) -> "Review":
        if sum(getattr(self, effect) is not None for effect in EFFECTS) != 1:
            message, effects = "give exactly one of {effects}", ", ".join(EFFECTS)
            raise PydanticCustomError("review_not_one", message, {"effects": effects})
        return self
