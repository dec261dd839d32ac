"""The part of the catalogue on posts that are manned round the clock."""

from sim.metrics import posts
from sim.metrics.metric import Metric

OPEN = "hours in which posts were to be manned in the measuring window"

POSTS = (
    Metric(
        name="vacant_minutes",
        unit="min",
        definition="Minutes in the measuring window in which a post was to be manned and "
        "nobody stood there, summed over posts.",
        denominator=OPEN,
        of="posts",
        measure=posts.vacant_minutes,
        better="lower",
    ),
    Metric(
        name="vacant_share",
        unit="1",
        definition="Vacant time ÷ time in which posts were to be manned.",
        denominator=OPEN,
        of="posts",
        measure=posts.vacant_share,
        better="lower",
    ),
)
