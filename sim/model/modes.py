"""Modes: named overlays on the system, such as wartime and recovery (平时, 战时, 恢复).

The scenario itself is the mode ``peace``. One mode is in force per place; a local one goes
before a city-wide one.
"""

from typing import Literal

from pydantic import Field, model_validator

from sim.model.distributions import Law
from sim.model.notion import Label, Name, Notion
from sim.model.pools import Order, ServeField, ShiftEnd, StaffField
from sim.model.timers import Limit
from sim.units import DateTime, Duration, PayRate, Proportion


class StateRule(Notion):
    """A count of requests of the scope, looked at at every control tick."""

    count: Literal["waiting", "open"] = "open"
    """Tasks waiting in lines, or requests not yet closed (duties left out)."""
    classes: list[Name] = Field(default_factory=list)
    """Classes that count; empty: all requests."""
    above: int | None = Field(default=None, ge=0)
    """True while the count is above this …"""
    below: int | None = Field(default=None, ge=0)
    """… or below this (give exactly one)."""
    hold: Duration = 0
    """How long it must be true without a break."""

    @model_validator(mode="after")
    def _one_side(self) -> "StateRule":
        if (self.above is None) == (self.below is None):
            message = "give exactly one of above and below"
            raise ValueError(message)
        return self


class Enter(Notion):
    """What calls for a mode; exactly one."""

    at: DateTime | Duration | None = None
    """A date-time, or a time from the start of the run."""
    shock: Name | None = None
    """The begin of a shock."""
    state: StateRule | None = None
    """A state of the scope."""
    after: Name | None = None
    """The end of another mode."""

    @model_validator(mode="after")
    def _one_form(self) -> "Enter":
        if sum(form is not None for form in (self.at, self.shock, self.state, self.after)) != 1:
            message = "give exactly one of at, shock, state and after"
            raise ValueError(message)
        return self


class Leave(Notion):
    """What ends a mode; exactly one."""

    at: DateTime | Duration | None = None
    """A date-time, or a time from the start of the run."""
    shock: Name | None = None
    """The end of a shock."""
    lasts: Duration | None = None
    """A time from its coming into force."""
    state: StateRule | None = None
    """A state of the scope (a lower threshold than the one for entering gives hysteresis)."""

    @model_validator(mode="after")
    def _one_form(self) -> "Leave":
        if sum(form is not None for form in (self.at, self.shock, self.lasts, self.state)) != 1:
            message = "give exactly one of at, shock, lasts and state"
            raise ValueError(message)
        return self


class HomeDuty(Notion):
    """The floor of a secondment: so many of each pool stay at their own work."""

    share: Proportion = 0.0
    """Share of the peacetime head count, rounded up …"""
    least: int = Field(default=0, ge=0, le=1_000_000)
    """… but at least so many, as far as there are."""


class PoolOverlay(Notion):
    """What a mode changes in a pool; what is not named stays."""

    staff: StaffField | None = None
    """Head count."""
    serves: list[ServeField] | None = Field(default=None, min_length=1, max_length=50)
    """Lines served (single command: everybody serves the community's lines)."""
    order: Order | None = None
    """Order of service."""
    calendar: Name | None = None
    """Duty time."""
    shift_end: ShiftEnd | None = None
    """Rule at shift end."""
    productivity: float | None = Field(default=None, gt=0, le=10)
    """Speed, from the next start or resume."""
    pay: PayRate | None = None
    """Pay while the mode is in force."""
    home_duty: HomeDuty | None = None
    """Who stays at home duty: of the lowest numbers, so many keep everything as in peace, and
    the rest of this overlay is for the others; None: it is for all."""


class ClassOverlay(Notion):
    """What a mode changes in a request class."""

    suspended: Literal["hold", "refuse", "divert"] | None = None
    """Suspended: waiting and new tasks are held until the mode ends, or refused, or sent to
    the step `divert_to`. Running work goes on."""
    divert_to: Name | None = None
    """Step of the class's own flow."""
    priority: int | None = Field(default=None, ge=0, le=99)
    """Priority while the mode is in force."""
    limit: Limit | None = None
    """Time limit of requests reported while the mode is in force."""


class RungOverlay(Notion):
    """What a mode changes on a rung of a ladder."""

    hand_off: Law | None = None
    """Delay to the next rung."""
    misrouting: Proportion | None = None
    """Probability of misrouting."""


class Drills(Notion):
    """Drills (演练) that shorten the activation of a mode."""

    shortens: Proportion
    """What part of the activation delay each drill takes away, of what is left of it."""
    before: int = Field(default=0, ge=0, le=1000)
    """Drills held before the run."""
    every: Literal["week", "month", "quarter", "year"] | None = None
    """Civil period at whose begin a drill is held in the run; None: none is."""
    least: Duration = 0
    """What no drill takes away."""


class Mode(Notion):
    """One mode besides peace."""

    title: Label | None = None
    """Name shown to people."""
    scope: Name | None = None
    """The level at whose places it is switched one by one; None: everywhere at once."""
    enter: Enter
    """What calls for it."""
    leave: Leave | None = None
    """What ends it; None: nothing does."""
    activation: Duration = 0
    """Time from the call to its coming into force; a state call that ceases before is
    cancelled."""
    drills: Drills | None = None
    """Drills that shorten it; their hours are duties, to be written among the sources."""
    mobilisation: Law | None = None
    """Delay of each added worker after that, drawn per worker; None: at once."""
    running: Literal["finish", "pause"] = "finish"
    """What happens to work in progress of workers who are withdrawn, or whose pool no longer
    serves the line."""
    pools: dict[Name, PoolOverlay] = Field(default_factory=dict)
    """Changed pools."""
    posts: dict[Name, StaffField] = Field(default_factory=dict)
    """How many posts are to be manned in each place, by name of the post."""
    requests: dict[Name, ClassOverlay] = Field(default_factory=dict)
    """Changed request classes."""
    ladders: dict[Name, dict[Name, RungOverlay]] = Field(default_factory=dict)
    """Changed rungs, by ladder and rung."""
    clocks: dict[Name, Name] = Field(default_factory=dict)
    """Calendars that stand in for others as clocks of limits and timers."""
