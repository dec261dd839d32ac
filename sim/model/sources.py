"""Sources: where requests come from.

A source hangs on a level that the compared scenarios share. Its randomness is keyed by the
name of the place, its own name and an ordinal, so that another way to staff a district or to
cut its grids leaves every request of the source where it was.
"""

from typing import Annotated, Literal

from pydantic import Field

from sim.model.distributions import Law
from sim.model.notion import Name, Notion
from sim.model.places import Counted
from sim.units import DateTime, Duration, Proportion, Rate

Weights = Annotated[list[float], Field(min_length=1)]

PlacePath = Annotated[
    str, Field(min_length=1, max_length=400, pattern=r"^[^\W\d][\w\-]*(/[^\W\d][\w\-]*)*$")
]
"""A place by its own name, or by as much of its full name as tells it apart (``east/c07``)."""


class Sine(Notion):
    """A rate that follows 1 + amplitude × sin(2π t / period)."""

    amplitude: Proportion
    """Height of the wave, 0 to 1."""
    period: Duration
    """Its length."""


class Profile(Notion):
    """How a rate varies; every list holds weights, and only their ratios count."""

    hours: Annotated[list[float], Field(min_length=24, max_length=24)] | None = None
    """Weights of the 24 hours of a day."""
    weekdays: Annotated[list[float], Field(min_length=7, max_length=7)] | None = None
    """Weights of Monday to Sunday."""
    months: Annotated[list[float], Field(min_length=12, max_length=12)] | None = None
    """Weights of January to December."""
    sine: Sine | None = None
    """A sine wave instead, from time 0."""


class Shock(Notion):
    """A stretch of time in which sources bring more, or fewer, requests (exogenous demand)."""

    start: DateTime | Duration
    """Begin, as a date-time or as a time from the start of the run."""
    lasts: Duration
    """Length, rise and fall included."""
    rise: Duration = 0
    """Time to grow linearly from no effect to the full factor."""
    fall: Duration = 0
    """Time to shrink linearly back."""
    factors: dict[Name, float] = Field(min_length=1)
    """By source: what the rate is multiplied by at full height."""
    places: list[PlacePath] | None = None
    """The places in which it happens; None: everywhere."""


class Arrivals(Notion):
    """Requests reported at random: an over-dispersed Poisson process with a profile."""

    kind: Literal["arrivals"]
    classes: dict[Name, Proportion] = Field(min_length=1)
    """Shares of the request classes; they sum to one. Each class is a stream of its own."""
    at: Name | None = None
    """The level whose places each have their own stream; None: the root."""
    rate: Rate | None = None
    """Mean rate, such as ``1.0/household/year`` or ``20/h`` (per place)."""
    times: list[Duration] | None = None
    """Times written out instead of a rate (the same in every place and replication)."""
    profile: Profile = Profile()
    """How the rate varies over the day, week and year."""
    dispersion: float = Field(default=0.0, ge=0, le=5)
    """Coefficient of variation of a gamma factor on the rate of each place and day, common to
    the classes of the source; 0: a plain Poisson process."""
    from_backlog: int = Field(default=0, ge=0)
    """Number of requests of each place that are already there at time 0."""


class Duty(Notion):
    """Scheduled work that is not a request: patrol rounds, visits, forms, meetings."""

    kind: Literal["duty"]
    request: Name
    """The class of kind duty that is released."""
    at: Name
    """The level whose places release it; its narrowest place may hold the home."""
    per: Counted = "place"
    """What the number is multiplied by: each place, or each household, shop or building of
    it."""
    times: float = Field(gt=0)
    """How often per `every` and counted thing; a fraction spreads over several periods."""
    every: Literal["day", "week", "month", "year", "workday"] = "workday"
    """The period: by the calendar below for ``workday``, by the civil calendar otherwise."""
    calendar: Name
    """Duties are released inside the hours of this calendar only."""
    spread: bool = True
    """True: evenly over the period's hours, with a keyed phase; False: at its first moment."""


class Population(Notion):
    """A finite population: a member's next request comes an up-time after its last ended."""

    kind: Literal["population"]
    request: Name
    """The class of the requests."""
    at: Name | None = None
    """The level whose places have members; None: the root."""
    members: int = Field(ge=1, le=1_000_000)
    """Number of members per place."""
    up_time: Law
    """Time from the start of the run, or from a closing, to the next request."""


class Hazard(Notion):
    """Latent problems (隐患): a patrol finds them, or they surface by themselves, if later.

    Problems arise in the homes of a place, whether anybody looks or not. Each completed round
    of the patrol at the place of its home finds it with the same probability. Otherwise it
    surfaces, after its own delay, as the report of a resident. Whichever comes first; at one
    instant it is found.
    """

    kind: Literal["hazard"]
    at: Name | None = None
    """The level whose places each have their own stream; None: the root."""
    rate: Rate | None = None
    """Mean rate at which problems arise, such as ``0.2/household/year``."""
    times: list[Duration] | None = None
    """Times written out instead of a rate (the same in every place and replication)."""
    profile: Profile = Profile()
    """How the rate varies over the day, week and year."""
    dispersion: float = Field(default=0.0, ge=0, le=5)
    """Coefficient of variation of a gamma factor on the rate of each place and day."""
    patrol: Name
    """The class of duties whose rounds find it: each closing of such a duty is one completed
    round of the place that releases the duty."""
    finds: Proportion
    """Probability that one completed round finds it."""
    found: Name
    """Class of the request that a find raises."""
    surfaces_after: Law
    """Time from its birth until it surfaces, and again after each time nobody reports it."""
    surfaced: Name
    """Class of the request that a resident's report raises; heavier as a rule."""
    reporting: Proportion = 1.0
    """Probability that it is reported when it surfaces."""
    reporting_at: dict[PlacePath, Proportion] = Field(default_factory=dict)
    """The same in single places, where it differs; the narrowest place counts."""


Source = Annotated[Arrivals | Duty | Population | Hazard, Field(discriminator="kind")]
"""Any one source."""
