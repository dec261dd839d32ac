"""Columns of a log of service requests: which one says what, and how its times are written.

Read from a ``columns.yaml`` for logs whose form is not known here::

    id: Case No
    created: Opened
    closed: Finished
    type: Category
    times: ["%d.%m.%Y %H:%M"]
    zone: Europe/Berlin
    statuses: {closed: [done], cancelled: [withdrawn]}
"""

from typing import Annotated

from pydantic import BeforeValidator, Field

from sim.model.notion import Name, Notion


def _listed(value: object) -> object:
    """Take one text as a list of one."""
    return [value] if isinstance(value, str) else value


Texts = Annotated[
    list[Annotated[str, Field(min_length=1)]],
    Field(min_length=1, max_length=500),
    BeforeValidator(_listed),
]
"""One text, or several of which any may stand there."""

ISO = "iso"
"""Name of the form of times that ISO 8601 fixes, with or without offset."""


class Statuses(Notion):
    """What the words of a status column mean; case does not matter."""

    open: Texts = Field(default_factory=list)
    """Not closed, even where a closing time is written."""
    closed: Texts = Field(default_factory=list)
    """Closed; without a closing time it is not known when."""
    cancelled: Texts = Field(default_factory=list)
    """Withdrawn or void: nobody served them."""
    duplicate: Texts = Field(default_factory=list)
    """Repeats of another request."""


class Columns(Notion):
    """The form of one log; a heading may be given as a list of alternatives."""

    created: Texts
    """When it was reported."""
    type: Texts
    """What it is about; each type becomes a request class."""
    id: Texts | None = None
    """Its number; a second row with the same number is a duplicate."""
    closed: Texts | None = None
    """When it was closed; empty while it is open."""
    due: Texts | None = None
    """By when it should be closed, as the city promises."""
    due_is_day: bool = False
    """Whether the due column names a day, so that any time of that day is in time."""
    updated: Texts | None = None
    """When it was last touched; only tells how far the log reaches."""
    status: Texts | None = None
    """Its state in words."""
    channel: Texts | None = None
    """How it was reported."""
    on_time: Texts | None = None
    """The city's own flag of on-time closing; compared with, never used."""
    times: Texts = Field(default_factory=lambda: [ISO])
    """How times may be written: ``iso``, or a pattern such as ``%m/%d/%y %H:%M``. One log keeps
    to one of them in each column."""
    zone: str | None = None
    """Time zone by its IANA name; None: differences are taken as the clock shows them."""
    statuses: Statuses = Statuses()
    """What the words of the status column mean."""
    found: Texts = Field(default_factory=list)
    """Channels that are finds of the city's own workers."""
    on_time_words: Texts = Field(default_factory=lambda: ["ontime"])
    """Words of the on-time flag that mean yes."""
    updated_is_closing: bool = False
    """Whether the last touch of a closed request is its closing, where none is written."""


class TypeClasses(Notion):
    """Which class of a scenario plays which type of a log."""

    classes: dict[str, Name] = Field(min_length=1)
    """By type as the log writes it, or by its class name; ``*`` stands for all others."""
