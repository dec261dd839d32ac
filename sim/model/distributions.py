"""Laws of durations: how long work, delays and patience take.

A law is written as a plain duration, which is constant, or as one key that names its family::

    work: 30 min
    work: {exponential: 2 h}
    work: {lognormal: {mean: 1.5 h, cv: 1}}
    work: {mixture: [{share: 0.7, of: 20 min}, {share: 0.3, of: {gamma: {mean: 3 h, cv: 2}}}]}

Families are described by what a planner can observe (mean, coefficient of variation, median,
90th percentile), not by the parameters of a textbook. `sim.plan.tables` makes integers of them.
"""

import math
from fractions import Fraction
from typing import Any, Final, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from sim.model.notion import Notion
from sim.units import Duration

NORMAL_P90: Final = 1.2815515655446004
"""The 90th percentile of the standard normal law."""

MOST_VALUES: Final = 10_000
"""Longest list of observed values; more belong into a coarser list with weights."""

FAMILIES: Final = (
    "constant", "exponential", "lognormal", "gamma", "erlang", "weibull", "uniform",
    "triangular", "empirical", "mixture", "scipy", "sequence",
)  # fmt: skip


def _refuse(
    message: str, kind: str = "law_impossible", **context: object
) -> PydanticCustomError:
    return PydanticCustomError(kind, message, context)


def _some(duration: int) -> int:
    if duration <= 0:
        raise _refuse("must be longer than zero")
    return duration


class _WithMean(Notion):
    """A law given by a mean; a plain duration in its place is that mean."""

    mean: Duration
    """Mean."""

    _positive = field_validator("mean")(_some)

    def mean_us(self) -> float:
        """Mean in µs."""
        return float(self.mean)


class Exponential(_WithMean):
    """Without memory: what is left does not depend on what is past."""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return value if isinstance(value, dict | Exponential) else {"mean": value}


class Gamma(_WithMean):
    """One hump, with a lighter tail than the lognormal."""

    cv: float = Field(gt=0, le=20)
    """Standard deviation divided by the mean."""


class Erlang(_WithMean):
    """A sum of equal exponential stages."""

    stages: int = Field(ge=1, le=1000)
    """Number of stages."""


class Weibull(_WithMean):
    """Ending becomes more likely with age (shape above 1) or less (below 1)."""

    shape: float = Field(ge=0.2, le=100)
    """Shape; 1 is exponential."""


class Lognormal(Notion):
    """One hump, a long tail; by `mean` and `cv`, `median` and `p90`, or `median` and `cv`."""

    mean: Duration | None = None
    """Mean."""
    cv: float | None = Field(default=None, gt=0, le=20)
    """Standard deviation divided by the mean."""
    median: Duration | None = None
    """Half are shorter."""
    p90: Duration | None = None
    """Nine of ten are shorter."""

    _positive = field_validator("mean", "median", "p90")(
        lambda value: value if value is None else _some(value)
    )

    @model_validator(mode="after")
    def _determined(self) -> Self:
        given = {
            name for name in ("mean", "cv", "median", "p90") if getattr(self, name) is not None
        }
        if given not in ({"mean", "cv"}, {"median", "p90"}, {"median", "cv"}):
            raise _refuse("write mean and cv, median and p90, or median and cv")
        if self.median and self.p90 and self.p90 <= self.median:
            raise _refuse("p90 must be longer than the median")
        return self

    def log_parameters(self) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm of the duration in µs."""
        if self.median and self.p90:
            sigma = math.log(self.p90 / self.median) / NORMAL_P90
        else:
            sigma = math.sqrt(math.log1p((self.cv or 0.0) ** 2))
        if self.median:
            return math.log(self.median), sigma
        return math.log(self.mean or 1) - sigma**2 / 2, sigma

    def mean_us(self) -> float:
        """Mean in µs."""
        mu, sigma = self.log_parameters()
        return float(self.mean) if self.mean else math.exp(mu + sigma**2 / 2)


class Uniform(Notion):
    """Every duration between two bounds is equally likely."""

    low: Duration
    """Shortest."""
    high: Duration
    """Longest."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.high <= self.low:
            raise _refuse("high must be longer than low")
        return self

    def mean_us(self) -> Fraction:
        """Mean in µs."""
        return Fraction(self.low + self.high, 2)


class Triangular(Notion):
    """Shortest, most likely and longest, as people estimate."""

    low: Duration
    """Shortest."""
    mode: Duration
    """Most likely."""
    high: Duration
    """Longest."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.mode <= self.high or self.low == self.high:
            raise _refuse("write low ≤ mode ≤ high, with low shorter than high")
        return self

    def mean_us(self) -> Fraction:
        """Mean in µs."""
        return Fraction(self.low + self.mode + self.high, 3)


class Empirical(Notion):
    """Observed durations, each as likely as its weight."""

    values: list[Duration] = Field(min_length=1, max_length=MOST_VALUES)
    """The durations; nothing between them occurs."""
    weights: list[float] | None = None
    """How often each was seen; None: equally often."""

    @model_validator(mode="after")
    def _weighed(self) -> Self:
        if self.weights is None:
            return self
        if len(self.weights) != len(self.values):
            raise _refuse(
                "{values} values but {weights} weights",
                values=len(self.values),
                weights=len(self.weights),
            )
        if min(self.weights) < 0 or not sum(self.weights) > 0:
            raise _refuse("weights must not be negative, and one must be above zero")
        return self

    def exact_weights(self) -> list[Fraction]:
        """The weight of each value."""
        return [Fraction(weight) for weight in self.weights or [1.0] * len(self.values)]

    def mean_us(self) -> Fraction:
        """Mean in µs."""
        weights = self.exact_weights()
        weighed = zip(weights, self.values, strict=True)
        return sum((weight * value for weight, value in weighed), Fraction(0)) / sum(weights)


class Component(Notion):
    """One law of a mixture."""

    share: float = Field(gt=0, le=1)
    """How often it applies; the shares of a mixture sum to 1."""
    of: "Law"
    """The law."""


class Scipy(Notion):
    """Any continuous law of `scipy.stats`, by its name and its own parameters."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    """Name in `scipy.stats`, such as ``invgauss``."""
    args: dict[str, float] = Field(default_factory=dict, max_length=8)
    """Its shape parameters, and `loc` and `scale` if needed, in `unit`."""
    unit: Duration
    """What the number 1 of the law stands for: ``h`` or ``30 min``."""
    mean: Duration | None = None
    """Stretch the law to this mean."""

    @field_validator("unit", mode="before")
    @classmethod
    def _one(cls, value: object) -> object:
        bare = isinstance(value, str) and not any(sign.isdigit() for sign in value)
        return f"1 {value}" if bare else value

    _positive = field_validator("unit", "mean")(
        lambda value: value if value is None else _some(value)
    )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        low, mean = self._low_and_mean()
        if not low >= 0:
            raise _refuse("this law can be negative, a duration cannot", low=low)
        if not (math.isfinite(mean) and mean > 0):
            raise _refuse("this law has no finite mean above zero")
        return self

    def frozen(self) -> Any:  # noqa: ANN401 - SciPy has no types
        """The law as SciPy knows it, in `unit`."""
        from scipy import stats

        family = getattr(stats, self.name, None)
        if not isinstance(family, stats.rv_continuous):
            raise _refuse("scipy.stats has no continuous law '{name}'", name=self.name)
        shapes = family.shapes.split(", ") if family.shapes else []
        unknown = sorted(set(self.args) - {*shapes, "loc", "scale"})
        missing = sorted(set(shapes) - set(self.args))
        if unknown or missing:
            wanted = ", ".join([*shapes, "loc", "scale"])
            raise _refuse(
                "the parameters of '{name}' are {wanted}", name=self.name, wanted=wanted
            )
        return family(**self.args)

    def _low_and_mean(self) -> tuple[float, float]:
        law = self.frozen()
        return float(law.support()[0]), float(law.mean())

    def scale_us(self) -> float:
        """Length in µs of the number 1 of the law, after stretching."""
        return float(self.unit) if self.mean is None else self.mean / self._low_and_mean()[1]

    def mean_us(self) -> float:
        """Mean in µs."""
        return float(self.mean) if self.mean else self.unit * self._low_and_mean()[1]


class Law(Notion):
    """A law of durations: a plain duration, or one of the families below."""

    constant: Duration | None = None
    """Always the same."""
    exponential: Exponential | None = None
    """Without memory, given its mean."""
    lognormal: Lognormal | None = None
    """Long tail, by mean and cv, or by median and p90."""
    gamma: Gamma | None = None
    """By mean and cv."""
    erlang: Erlang | None = None
    """By mean and number of stages."""
    weibull: Weibull | None = None
    """By mean and shape."""
    uniform: Uniform | None = None
    """Between low and high."""
    triangular: Triangular | None = None
    """By low, mode and high."""
    empirical: Empirical | None = None
    """Observed values."""
    mixture: list[Component] | None = Field(default=None, min_length=1, max_length=100)
    """Several laws, each with its share."""
    scipy: Scipy | None = None
    """Any continuous law of scipy.stats."""
    sequence: list[Duration] | None = Field(default=None, min_length=1, max_length=MOST_VALUES)
    """Durations written out: the n-th request of a source at a place takes the n-th of them.
    For traces that are checked by hand; further visits draw any of them."""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return {"constant": value}
        return value

    @model_validator(mode="after")
    def _one_family(self) -> Self:
        given = [name for name in FAMILIES if getattr(self, name) is not None]
        if len(given) != 1:
            raise _refuse(
                "write a duration such as '30 min' or exactly one of {families}; got {given}",
                kind="law_not_one",
                families=", ".join(FAMILIES),
                given=", ".join(given) or "none",
            )
        if self.mixture and abs(math.fsum(part.share for part in self.mixture) - 1) > 1e-9:
            raise _refuse("the shares of a mixture must sum to 1", kind="shares_not_one")
        if self.mixture and any(part.of.sequence is not None for part in self.mixture):
            raise _refuse("a sequence cannot be part of a mixture")
        return self

    @property
    def family(self) -> str:
        """Name of the family that is given."""
        return next(name for name in FAMILIES if getattr(self, name) is not None)

    def mean_us(self) -> Fraction | float:
        """Mean in µs: exact where the parameters say it, a float where the law computes it."""
        if self.constant is not None:
            return Fraction(self.constant)
        if self.sequence is not None:
            return Fraction(sum(self.sequence), len(self.sequence))
        if self.mixture:
            total = sum(Fraction(part.share) for part in self.mixture)
            parts = [
                Fraction(part.share) * Fraction(part.of.mean_us()) for part in self.mixture
            ]
            return sum(parts, Fraction(0)) / total
        mean: Fraction | float = getattr(self, self.family).mean_us()
        return mean
