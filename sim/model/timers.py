"""Timers: clocks that run on a request and act when they go off."""

from typing import Literal

from pydantic import Field

from sim.model.distributions import Law
from sim.model.notion import Name, Notion
from sim.units import Duration, WorkingOrCalendar

Channel = Literal["hotline", "petition", "repeat"]
"""How a resident makes contact again while the request is open."""


class Limit(Notion):
    """The time within which a class should be closed (办结时限)."""

    after: WorkingOrCalendar
    """Its length; working days or work-hours need a calendar as `clock`, and a working day is
    as long as that calendar's longest day."""
    clock: Name = "calendar"
    """``calendar`` for elapsed time, or the name of a calendar whose hours count."""
    start: Literal["report", "dispatch", "acceptance"] = "report"
    """What starts it: the report, the first entry into a line, or the first start of work."""


class Timer(Notion):
    """One clock on a request."""

    after: Law
    """How long it runs; a law is drawn once per request and arming."""
    start: Literal["report", "dispatch", "acceptance"] = "report"
    """What arms it: the report; *each* entry into a line; or the first start of work."""
    until: Literal["first_start", "start", "closing"] = "closing"
    """What disarms it: the first start of work on the request; the start of work on the task
    whose entry armed it (with ``start: dispatch``); or the closing."""
    clock: Name = "calendar"
    """``calendar`` for elapsed time, or the name of a calendar whose hours count."""
    then: Literal["leave", "rise", "mark", "supervise", "go"] = "mark"
    """What happens: the request leaves for good; rises one rung of its ladder; is only marked;
    is put under supervision (督办); or goes on at step `to`."""
    to: Name | None = None
    """The step to go on at, for ``then: go``."""
    priority: int | None = Field(default=None, ge=0, le=99)
    """New priority from now on, where it is more urgent than the present one."""
    channel: Channel | None = None
    """Contact that the resident makes at this moment, if any."""
    every: Duration | None = None
    """With ``then: supervise``: the interval of the following checks until closing."""
    again: bool = False
    """Whether it is drawn and armed anew each time it goes off, until it is disarmed: further
    people who report the same matter (``then: mark``, ``channel: repeat``)."""
