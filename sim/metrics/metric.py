"""What a metric is: name, unit, meaning, denominator and the function that measures it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sim.metrics.cohort import Figure
from sim.terms import Lang, term

Better = Literal["lower", "higher", "neutral"]
Of = Literal[
    "requests",
    "duties",
    "backlog",
    "staff",
    "fairness",
    "recovery",
    "hazards",
    "joins",
    "careers",
    "posts",
]

GROUPS: dict[Of, tuple[str, ...]] = {
    "requests": ("all", "class", "level", "place", "mode"),
    "duties": ("all", "class"),
    "backlog": ("all", "class", "level", "place"),
    "staff": ("all", "pool", "mode"),
    "fairness": ("all",),
    "recovery": ("mode",),
    "hazards": ("all", "place"),
    "joins": ("all", "class", "place"),
    "careers": ("all", "pool"),
    "posts": ("all", "class"),
}
"""By what a metric is divided; requests by the mode in force when they were reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric, declared once.

    Attributes
    ----------
    name
        Name of the column; `sim.terms` has its English and Chinese for people.
    unit
        Unit of the value.
    definition
        What it measures, in one or two sentences.
    denominator
        What `n` beside the value counts.
    of
        What is measured: the cohort's requests, duties, the backlog, staff, …
    measure
        The function that measures a group.
    better
        Which direction is an improvement, if any.
    headline
        Whether a planner should judge by it; only figures that fewer staff cannot improve.
    """

    name: str
    unit: str
    definition: str
    denominator: str
    of: Of
    measure: Callable[[Any], Figure]
    better: Better = "neutral"
    headline: bool = False

    @property
    def by(self) -> tuple[str, ...]:
        """What the metric is divided by."""
        return GROUPS[self.of]

    def label(self, lang: Lang) -> str:
        """Name for people."""
        return term(self.name, lang)
