"""Routing: the authority ladder (权限) that a request climbs until somebody may close it."""

from pydantic import Field

from sim.model.distributions import Law
from sim.model.notion import Name, Notion
from sim.units import Proportion


class Rung(Notion):
    """One rung: who looks at the request there, and how it is handed on."""

    line: Name
    """The line in which it waits at this rung."""
    triage: Law | None = None
    """Work to see that it must be handed on; None: it is handed on without work."""
    hand_off: Law | None = None
    """Delay until it reaches the next rung; None: at once."""
    misrouting: Proportion = 0.0
    """Probability that the hand-off from here reaches a wrong desk of the next rung, which
    spends its own triage on it and sends it back here."""
    return_after: Law | None = None
    """Delay until a misrouted request is back; None: at once."""


class Ladder(Notion):
    """Rungs in order of rising authority. A request enters at the lowest."""

    order: list[Name] = Field(min_length=1, max_length=20)
    """Names of the rungs from the lowest to the highest."""
    rungs: dict[Name, Rung] = Field(min_length=1)
    """The rungs by name."""
    returns: int = Field(default=2, ge=0, le=20)
    """Most misroutings of one request; the next hand-off then finds the right desk."""
