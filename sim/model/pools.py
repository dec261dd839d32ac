"""Pools of individual workers, and the lines in which requests wait for them."""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from sim.model.careers import Attrition, Fatigue
from sim.model.notion import Label, Name, Notion
from sim.model.places import Counted
from sim.units import PayRate, PayValue, Proportion

Combine = Literal["max", "sum"]
Rounding = Literal["up", "down", "nearest"]
ShiftEnd = Literal["finish", "hand_over", "pause"]
Order = Literal["priority_first", "preference_first"]


class StaffRule(Notion):
    """One rule for a head count: so many workers per so many of something, at a level."""

    workers: int = Field(ge=0, le=1_000_000)
    """Number of workers …"""
    per: int = Field(default=1, ge=1, le=100_000_000)
    """… per this many …"""
    of: Counted | Name = "place"
    """… of these, counted at each place of `level`; ``place`` is that place itself, and the
    name of a level counts its places there (837 per 102 ``community`` at the level of the
    city)."""
    level: Name | None = None
    """The level at which the rule is worked out; None: the pool's own. A total of a wider
    level is shared out over the pools below it, that of a narrower level is summed."""
    rounding: Rounding = "up"
    """How a fraction of a worker is rounded, at each place of `level`."""
    share_by: Counted = "place"
    """How a total of a wider level is shared out: in proportion to this (largest remainder,
    ties by name)."""


class Staff(Notion):
    """The head count of a pool: rules that combine."""

    rules: dict[Name, StaffRule] = Field(min_length=1)
    """The rules by name."""
    combine: Combine = "max"
    """Whether the largest rule holds at each place, or their sum."""


def _staff(value: object) -> object:
    """Take a bare number as so many workers at each place."""
    if isinstance(value, int) and not isinstance(value, bool):
        return {"rules": {"count": {"workers": value}}}
    return value


StaffField = Annotated[Staff, BeforeValidator(_staff)]
"""A `Staff`, or a bare number of workers for each place of the pool's level."""


class Serve(Notion):
    """One line that a pool serves."""

    line: Name
    """The line."""
    within: Name | None = None
    """A wider level: the pool also serves this line of the other places in the same place of
    that level, after its own. None: its own place only (or the places below it, or the one
    above)."""


def _serve(value: object) -> object:
    """Take a bare name as the line of the pool's own place."""
    return {"line": value} if isinstance(value, str) else value


ServeField = Annotated[Serve, BeforeValidator(_serve)]


class Pool(Notion):
    """A team of individual workers in each place of a level."""

    title: Label | None = None
    """Name shown to people, such as grid workers (网格员)."""
    at: Name | None = None
    """The level whose places each have such a pool; None: the root."""
    staff: StaffField
    """Head count of each pool."""
    serves: list[ServeField] = Field(min_length=1, max_length=50)
    """The lines it serves, in order of preference."""
    order: Order = "priority_first"
    """Whether a free worker looks for the most urgent task first, or for the preferred line."""
    calendar: Name = "always"
    """When its workers are on duty; ``always`` needs no entry under calendars."""
    shift_end: ShiftEnd | None = None
    """What happens to running work at the end of a shift: it is finished (overtime), handed
    over to whoever comes next, or paused until the same worker is back. Required unless always
    on duty."""
    leaves: Literal["idle_longest", "highest_number"] = "idle_longest"
    """Who leaves when the head count is cut: the idle longest first and then the latest
    started, or the highest worker number."""
    productivity: float = Field(default=1.0, gt=0, le=10)
    """Speed against a standard worker, in steps of 0.001."""
    pay: PayRate = PayValue(Fraction(0))
    """Pay of one worker."""
    volunteer: bool = False
    """Whether its people are unpaid helpers (reported apart)."""
    learning: list[Proportion] = Field(default_factory=list, max_length=520)
    """Speed of a newcomer in the first week, the second, …, as parts of the pool's; full from
    then on. Those who are there at the start of the run have learnt."""
    fatigue: Fatigue | None = None
    """How long weeks slow people down; None: not at all."""
    attrition: Attrition | None = None
    """How people leave for good; None: they stay."""


class Line(Notion):
    """A line in which tasks wait: one in each place of a level."""

    title: Label | None = None
    """Name shown to people."""
    at: Name | None = None
    """The level whose places each have such a line; None: the root."""
    limit: int | None = Field(default=None, ge=0, le=10_000_000)
    """Most tasks that may wait in it (tasks in work do not count); a further one is refused,
    and its request leaves. None: no limit."""
    prefer: list[Name] = Field(default_factory=list)
    """Order in which idle pools are asked; pools not named follow, own place before others,
    then by name."""
