"""The part of the catalogue on people who learn, tire and leave."""

from sim.metrics import careers
from sim.metrics.metric import Metric

CAREERS = (
    Metric(
        name="exits",
        unit="workers",
        definition="Workers who announced in the measuring window that they leave for good, or "
        "were replaced by a review.",
        denominator="the same workers",
        of="careers",
        measure=careers.exits,
        better="lower",
    ),
    Metric(
        name="pace_mean",
        unit="1",
        definition="Time-weighted mean of workers' own pace while they are in the head count, "
        "as a part of their pool's productivity: newcomers and tired people are slower.",
        denominator="posts of the pools",
        of="careers",
        measure=careers.pace_mean,
        better="higher",
    ),
)
