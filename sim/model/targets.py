"""Targets: reported outcomes, and the simulated figures that are held against them.

A target is a check, never an input. The number, how it is meant ("at least", "about") and what
its source leaves open stay with the reported fact; the scenario says which figure stands for
it, against which other scenario, and how far the two may differ.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from sim.model.notion import Label, Name, Notion
from sim.units import Duration

FactId = Annotated[str, Field(min_length=3, max_length=100, pattern=r"^[a-z_]+\.[a-z0-9_]+$")]
"""The id of a fact, as `gridgov facts` lists it."""

Kind = Literal["level", "relative", "points", "count"]
"""How a claim speaks of a figure: its level, its relative change or its change in percentage
points against another scenario, or a count over a stretch whose length is not sure."""

CHANGES: Final = ("relative", "points")
"""Kinds that need another scenario."""

WindowEnds = Annotated[list[Duration], Field(min_length=2, max_length=2)]

Allowance = Annotated[float, Field(ge=0)]


class Quantity(Notion):
    """A figure of the catalogue, of all requests or of one group."""

    metric: Name
    """Name of the metric, as docs/metrics.md lists them."""
    request_class: Name | None = Field(default=None, alias="class")
    """Only requests of this class."""
    level: Name | None = None
    """Only requests that need this closing level."""
    mode: Name | None = None
    """Only what was reported in this mode; ``peace`` is the scenario itself."""
    pool: Name | None = None
    """Only workers of this pool."""
    reciprocal: bool = False
    """Whether the claim speaks of one over the figure: of speed, where the figure is a time."""

    @model_validator(mode="after")
    def _one_group(self) -> "Quantity":
        if sum(part is not None for part in self._parts().values()) > 1:
            message = "give at most one of class, level, mode and pool"
            raise ValueError(message)
        return self

    def _parts(self) -> dict[str, str | None]:
        return {
            "class": self.request_class,
            "level": self.level,
            "mode": self.mode,
            "pool": self.pool,
        }

    @property
    def group(self) -> tuple[str, str]:
        """What the figure is divided by, and the part; ``("all", "all")`` undivided."""
        given = [(by, part) for by, part in self._parts().items() if part is not None]
        return given[0] if given else ("all", "all")


class Width(Notion):
    """How far a simulated figure may lie from the reported one and still agree with it.

    All parts are in the unit of the reported fact; for changes, in percentage points.
    """

    rounding: Allowance = 0
    """What the report rounded away: half a unit of its last digit."""
    measurement: Allowance = 0
    """How far the report itself may be off."""
    discrepancy: Allowance = 0
    """How far the model may be off where it leaves something out."""

    @property
    def total(self) -> float:
        """All parts together."""
        return self.rounding + self.measurement + self.discrepancy


class Target(Notion):
    """One reported outcome."""

    title: Label | None = None
    """Name shown to people."""
    reported: FactId
    """The fact: its value, and whether it is exact, a bound or a range."""
    kind: Kind = "level"
    """How the claim speaks of the figure."""
    readings: dict[Name, Quantity] = Field(min_length=1)
    """The figures that may be meant, by name; several where the claim does not say which."""
    against: str | None = Field(default=None, min_length=1, max_length=400)
    """Of a change: the file of the scenario before, seen from the file that says so."""
    window: WindowEnds | None = None
    """Of a count: the shortest and the longest stretch that it may cover."""
    width: Width = Width()
    """How far figure and report may differ."""
    left_open: Label | None = None
    """What the source does not say."""

    @model_validator(mode="after")
    def _fitting(self) -> "Target":
        if (self.against is not None) != (self.kind in CHANGES):
            message = "against goes with relative and points, and only with them"
            raise ValueError(message)
        if (self.window is not None) != (self.kind == "count"):
            message = "window goes with count, and only with it"
            raise ValueError(message)
        if self.window is not None and not 0 < self.window[0] <= self.window[1]:
            message = "window is the shortest and the longest stretch, in this order"
            raise ValueError(message)
        return self
