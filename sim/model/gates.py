"""Gates: sessions by calendar that hear requests in batches, such as reception days."""

from pydantic import Field

from sim.model.notion import Label, Name, Notion
from sim.units import Proportion


class Outcome(Notion):
    """What a session decides about a request that it hears; the shares sum to one."""

    pass_: Proportion = Field(default=0.0, alias="pass")
    """Share that passes and goes on at the step's `next`."""
    refuse: Proportion = 0.0
    """Share that is refused for good."""
    next: Proportion = 0.0
    """Share that is put off to the next session; it keeps its place in the order."""


class Gate(Notion):
    """A gate, one in each place of a level: whoever must pass it waits for a session."""

    title: Label | None = None
    """Name shown to people."""
    at: Name | None = None
    """The level whose places each have such a gate; None: the root."""
    sessions: Name
    """The calendar of the sessions: one begins wherever a stretch of its duty does."""
    batch: int = Field(ge=1, le=1_000_000)
    """Most requests that one session hears."""
    outcome: Outcome | None = None
    """What a session decides, drawn for each hearing; None: everybody heard passes."""


class GateStep(Notion):
    """Waiting for a session of a gate, and what follows when it does not go well."""

    gate: Name
    """The gate: that of its own place, or of the place above it at the gate's level."""
    admit: Proportion = 1.0
    """Share that is admitted to the sessions at all, drawn at each visit."""
    otherwise: Name | None = None
    """The step of those not admitted; needed where not all are."""
    refused: Name = "leave"
    """The step of those whom a session refuses."""
