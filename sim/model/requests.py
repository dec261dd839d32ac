"""Request classes: what residents ask for, and what it takes to close it."""

from typing import Literal

from pydantic import Field

from sim.model.distributions import Law
from sim.model.notion import Label, Name, Notion
from sim.model.timers import Limit, Timer
from sim.units import Money, Proportion


class RequestClass(Notion):
    """One class of requests, or one class of scheduled duties."""

    title: Label | None = None
    """Name shown to people."""
    kind: Literal["request", "duty"] = "request"
    """Whether residents wait for it; duties are left out of resolution-time metrics and counted
    apart in utilisation."""
    priority: int = Field(default=5, ge=0, le=99)
    """0 is the most urgent."""
    preempts: bool = False
    """Whether it may interrupt preemptible work of lower priority."""
    preemptible: bool = False
    """Whether its running work may be interrupted."""
    flow: Name
    """The flow it goes through."""
    closing: dict[Name, Proportion] = Field(default_factory=dict)
    """Shares of the levels at which it can be closed at the lowest, by rung of its ladder; they
    sum to one. Drawn per request; empty where the flow has no ladder."""
    work: Law | None = None
    """Work content of a standard worker at the step that closes it (or at every work step that
    states none)."""
    work_at: dict[Name, Law] = Field(default_factory=dict)
    """Work content by rung, where it differs from `work`."""
    external: dict[Name, Law] = Field(default_factory=dict)
    """By rung: time in which nobody is busy (parts, permits, a contractor) after the work
    there."""
    limit: Limit | None = None
    """The time limit against which on-time closing is measured."""
    timers: dict[Name, Timer] = Field(default_factory=dict)
    """Further clocks: patience, supervision, escalation."""
    cost: Money = 0
    """Outlay per closed request, besides staff."""
