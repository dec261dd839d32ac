"""Which of the many figures people see first, and how each is to be read."""

from sim.errors import Language
from sim.metrics.catalogue import BY_NAME, HEADLINES
from sim.terms import term

HEADLINE = HEADLINES
"""The figures to judge by: only such as fewer staff cannot improve."""

BY_CLASS = (
    "reported",
    "first_response_mean",
    "resolution_mean",
    "resolution_p90",
    "closed_rate",
)
BY_ROLE = (
    "workers_posted",
    "utilisation",
    "utilisation_requests",
    "utilisation_duties",
    "overtime_hours",
)
OPEN_REQUESTS = "open"

_OF_TOTALS = ("requests", "duties", "staff")


def is_ratio(metric: str) -> bool:
    """Whether the figure is a ratio of totals whose denominator stands beside it as n."""
    known = BY_NAME.get(metric)
    return known is not None and known.unit == "1" and known.of in _OF_TOTALS


def better(metric: str) -> int:
    """1 where more is better, -1 where less is, 0 where neither can be said."""
    known = BY_NAME.get(metric)
    return {"higher": 1, "lower": -1}.get(known.better, 0) if known is not None else 0


def label(metric: str, lang: Language) -> str:
    """The figure's name for people."""
    return term(metric, lang)


def shown_unit(metric: str) -> str:
    """Unit for people: ratios are shown in per cent."""
    known = BY_NAME.get(metric)
    return "share" if is_ratio(metric) else known.unit if known is not None else ""
