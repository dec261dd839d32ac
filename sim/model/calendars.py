"""Calendars: when the people of a pool are on duty, and in which hours a limit runs.

A calendar may divide the people of a pool into *rota groups* that are on duty at different
times; worker number w of the pool in the i-th place of its level belongs to group
(i + w) modulo the number of groups.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from sim.model.notion import Notion
from sim.units import DateTime, Duration

Hours = Annotated[str, StringConstraints(pattern=r"^\d{1,2}:\d{2}-\d{1,2}:\d{2}$")]
"""Working hours of a day such as ``08:30-12:00``; an end at or before the start is on the next
day."""

Days = Annotated[
    str,
    StringConstraints(
        pattern=r"^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$"
    ),
]
"""A weekday or a range of weekdays, such as ``mon`` or ``mon-fri``."""


class PartDays(Notion):
    """Part-time duty: each group has its own few half-days of a week or days of a month."""

    per: Literal["week", "month", "quarter"]
    """Whether the pattern recurs weekly, or by the month or quarter of the calendar."""
    blocks: int = Field(ge=1, le=31)
    """How many blocks (days × hours entries) of each period a worker serves."""
    days: Days = "mon-fri"
    """Weekdays on which blocks may lie; in a month or quarter, its k-th such day counts."""
    hours: list[Hours] = Field(min_length=1, max_length=6)
    """The blocks of one day, such as a morning and an afternoon."""


class Rota(Notion):
    """Shifts round the clock: group g is on duty in every shift k with k modulo groups = g."""

    shift: Duration
    """Length of one shift."""
    groups: int = Field(ge=1, le=60)
    """Number of groups that take turns."""


class Window(Notion):
    """One stretch of duty, as times from the start of the run."""

    start: Duration
    """Begin."""
    end: Duration
    """End; must be later."""


class Windows(Notion):
    """Stretches of duty written out, for textbook models and tests."""

    on: list[Window] = Field(min_length=1)
    """The stretches, in order and without overlap."""
    every: Duration | None = None
    """Length of the cycle after which they repeat; None: they do not."""


class Calendar(Notion):
    """One pattern of duty time; exactly one of the forms below."""

    always: bool | None = None
    """``always: true``: round the clock."""
    week: dict[Days, list[Hours]] | None = None
    """Working hours by weekday."""
    part_days: PartDays | None = None
    """A few half-days a week or days a month, staggered over groups."""
    rota: Rota | None = None
    """Shifts round the clock."""
    windows: Windows | None = None
    """Stretches written out."""
    holidays: Literal["none", "china", "table"] = "none"
    """Whether public holidays are off and make-up workdays are on: by the official calendar of
    China, by the scenario's own table, or not at all."""

    @model_validator(mode="after")
    def _one_form(self) -> "Calendar":
        forms = (self.always, self.week, self.part_days, self.rota, self.windows)
        if sum(form is not None for form in forms) != 1 or self.always is False:
            message = "give exactly one of always: true, week, part_days, rota and windows"
            raise ValueError(message)
        return self


class Holidays(Notion):
    """The scenario's own table of days that break the weekly pattern."""

    off: list[DateTime] = Field(default_factory=list)
    """Public holidays."""
    on: list[DateTime] = Field(default_factory=list)
    """Make-up workdays: a weekend day with the hours of a Monday."""
