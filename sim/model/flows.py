"""Flows: the steps that a request of a class goes through, from report to closing."""

from typing import Final

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.model.accounts import PayStep
from sim.model.claims import Claim
from sim.model.distributions import Law
from sim.model.gates import GateStep
from sim.model.joins import JoinStep
from sim.model.notion import Name, Notion
from sim.model.votes import VoteStep
from sim.units import Proportion

FORMS: Final = ("work", "delay", "branch", "ladder", "evaluate", "gate", "pay", "vote", "join")
"""What a step may be."""


class WorkStep(Notion):
    """Work by one worker: the request enters a line, waits and is worked on."""

    line: Name
    """The line it enters: the one of its own place, or of the place above it at that level."""
    content: Law | None = None
    """Work content of a standard worker; None: what the class says."""
    same_worker: bool = False
    """Whether interrupted work must be resumed by the worker who began it."""
    claim: Claim | None = None
    """Volunteers to whom the task is offered first (先抢后派); None: nobody."""


class Evaluate(Notion):
    """The resident is asked afterwards, may be dissatisfied, and may have it done again."""

    verdicts: Name
    """The table of verdicts."""
    rework: Name | None = None
    """Step at which unresolved requests go on; None: no rework, the verdict is only counted."""
    cap: int = Field(default=3, ge=0, le=100)
    """Most reworks of one request; then the verdict stands."""


class Step(Notion):
    """One step; exactly one of the forms below."""

    work: WorkStep | None = None
    """Work by one worker."""
    delay: Law | None = None
    """Waiting in which nobody is busy."""
    branch: dict[Name, Proportion] | None = None
    """Shares of the next steps; they sum to one. ``close`` and ``leave`` may be named."""
    ladder: Name | None = None
    """The authority ladder that the request climbs until a rung may close it."""
    evaluate: Evaluate | None = None
    """The resident's verdict."""
    gate: GateStep | None = None
    """Waiting for a session that hears the request."""
    pay: PayStep | None = None
    """A payment out of an account."""
    vote: VoteStep | None = None
    """A round of a vote."""
    join: JoinStep | None = None
    """A call to several lines, and the work that they share."""
    next: Name = "close"
    """The step that follows; ``close`` ends the request as closed, ``leave`` as gone."""

    @model_validator(mode="after")
    def _one_form(self) -> "Step":
        if sum(getattr(self, form) is not None for form in FORMS) != 1:
            message, forms = "give exactly one of {forms}", ", ".join(FORMS)
            raise PydanticCustomError("step_not_one", message, {"forms": forms})
        return self


class Flow(Notion):
    """The steps of a class."""

    start: Name
    """The first step."""
    steps: dict[Name, Step] = Field(min_length=1)
    """All steps by name."""


class Verdicts(Notion):
    """How residents judge a closed request: a table over time taken, class and reopenings.

    The band of a request is the number of `edges` that its time from report to closing, divided
    by its limit, exceeds; without a limit it is band 0.
    """

    delay: Law | None = None
    """Time from closing until the resident is asked; None: at once."""
    edges: list[float] = Field(default_factory=list, max_length=20)
    """Rising edges of the bands, as multiples of the limit."""
    resolved: list[Proportion] = Field(min_length=1)
    """By band: probability that the resident calls the matter resolved."""
    satisfied: list[Proportion] = Field(min_length=1)
    """By band: probability that the resident is satisfied, given that it is resolved."""
    satisfied_unresolved: Proportion = 0.0
    """Probability that the resident is satisfied although it is not resolved."""
    reopened: list[Proportion] = Field(default_factory=list)
    """By number of reopenings from one: factor on the probability of satisfaction; the last
    entry holds for more."""
    classes: dict[Name, "Verdicts"] = Field(default_factory=dict)
    """Tables of single classes, where they differ (without `classes` of their own)."""
