"""Places: a tree with named levels, from a district or city down to a grid or a building.

Households live at the narrowest level. They are counted at the root and shared downwards, so
that every scenario of a family has the same town, however its grids are cut.
"""

from typing import Literal

from pydantic import Field, model_validator

from sim.model.notion import Label, Name, Notion

Counted = Literal["household", "person", "shop", "building", "floor", "place"]
"""What a rate or a staffing rule may count at a place."""


class Root(Notion):
    """The widest place, which holds all others."""

    level: Name = "site"
    """Name of its level, such as district or city."""
    name: Name = "site"
    """Its own name; part of every key of randomness below it."""
    title: Label | None = None
    """Name shown to people."""
    households: int = Field(default=0, ge=0, le=50_000_000)
    """Number of households in all."""
    shops: int = Field(default=0, ge=0, le=50_000_000)
    """Number of shops along the streets in all."""
    persons_per_household: float = Field(default=2.6, gt=0, le=20)
    """Mean number of persons in a household; persons = round(households × this)."""


class Level(Notion):
    """One level of the tree: how the places of the level above are divided."""

    within: Name
    """The level directly above."""
    count: int | None = Field(default=None, ge=1, le=2_000_000)
    """Total number of places of this level, shared out over the parents in proportion to
    their households (largest remainder, ties by name; at least one each)."""
    per_parent: int | None = Field(default=None, ge=1, le=100_000)
    """The same number of places in every parent."""
    households: int | None = Field(default=None, ge=1, le=1_000_000)
    """Norm: each parent is cut into ceil(households of the parent / this) places."""
    spread: float = Field(default=0.0, ge=0, le=2)
    """Coefficient of variation of the sizes around an even division; the sizes still add up
    exactly, and they depend on the names of the places only, never on the seed."""
    floors: int = Field(default=0, ge=0, le=200)
    """Floors of each place of this level (for buildings)."""

    @model_validator(mode="after")
    def _one_division(self) -> "Level":
        given = [n for n in (self.count, self.per_parent, self.households) if n is not None]
        if len(given) != 1:
            message = "give exactly one of count, per_parent and households"
            raise ValueError(message)
        return self


class PlaceRow(Notion):
    """One place of a table: used where the real sizes are known."""

    name: Name
    """Name of the place, unique in its level."""
    level: Name
    """Its level."""
    parent: Name
    """Name of the place directly above."""
    households: int = Field(default=0, ge=0)
    """Households in it; for inner places the sum over the places below is used instead."""
    shops: int = Field(default=0, ge=0)
    """Shops in it."""
    floors: int = Field(default=0, ge=0)
    """Floors of it."""


class Places(Notion):
    """The tree of places."""

    root: Root = Root()
    """The widest place."""
    levels: dict[Name, Level] = Field(default_factory=dict)
    """The levels below the root; their order follows from `within`, not from the file."""
    rows: list[PlaceRow] = Field(default_factory=list)
    """A table of named places instead of `levels` (a CSV file is read into this)."""

    @model_validator(mode="after")
    def _one_description(self) -> "Places":
        if self.levels and self.rows:
            message = "give levels or rows, not both"
            raise ValueError(message)
        return self
