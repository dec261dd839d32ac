"""Experiment: the sweep that a scenario proposes.

What is varied and how often is part of the question that a scenario asks, so it may stand
beside it. It decides nothing in a run: `gridgov sweep` reads it, the command line goes before.
"""

from typing import Annotated, Literal

from pydantic import Field

from sim.model.notion import Name, Notion

Kind = Literal["grid", "lhs", "sobol"]
"""Every combination of values, a Latin hypercube, or a scrambled Sobol sequence."""

FieldPath = Annotated[str, Field(min_length=1, max_length=400)]
"""A field of the scenario, as `gridgov resolve --paths` prints it."""

Values = Annotated[str, Field(min_length=1, max_length=10_000)]

ListedValues = Annotated[list[int | float | str], Field(min_length=1, max_length=10_000)]


class Variation(Notion):
    """One field and the values that it takes."""

    path: FieldPath
    """The field, as `gridgov resolve --paths` prints it."""
    values: Values | ListedValues
    """A range such as 200:600:50 or, for designs that sample, 200..600; or a list."""

    @property
    def text(self) -> str:
        """The values as the command line takes them."""
        if isinstance(self.values, str):
            return self.values
        return ",".join(
            value if isinstance(value, str) else repr(value) for value in self.values
        )


class Experiment(Notion):
    """A sweep: what is varied, by which design, how often, and which figures are shown."""

    vary: list[Variation] = Field(min_length=1, max_length=100)
    """Levers, the slowest first."""
    design: Kind = "grid"
    """How points are chosen: every combination (grid), a Latin hypercube (lhs), or Sobol."""
    points: int | None = Field(default=None, ge=1, le=100_000)
    """Number of points; of lhs and sobol only."""
    replications: int | None = Field(default=None, ge=1, le=100_000)
    """Number of replications of each point; None: as the run says."""
    seed: int | None = Field(default=None, ge=0, lt=2**63)
    """Seed of design and demand; None: as the run says."""
    against: Name = "resolution_p90"
    """Metric that the frontier sets against the cost."""
    metrics: list[Name] = Field(default_factory=list, max_length=50)
    """More metrics that are shown beside each point."""
