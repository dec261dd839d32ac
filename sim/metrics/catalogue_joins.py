"""Metrics of joins, as the catalogue declares them."""

from sim.metrics import joins
from sim.metrics.metric import Metric

CALLED = "joins whose first call lies in the measuring window"
NEVER = "Joins that come to nothing are censored when they end (Kaplan-Meier)."

JOINS = (
    Metric(
        name="joins_called",
        unit="joins",
        definition="Times that several lines were called to one request, in the window.",
        denominator=CALLED,
        of="joins",
        measure=joins.number_called,
    ),
    Metric(
        name="join_calls",
        unit="calls",
        definition="Calls to lines for each join, repeated ones included.",
        denominator=CALLED,
        of="joins",
        measure=joins.calls,
    ),
    Metric(
        name="join_response",
        unit="1",
        definition="Share of lines that answer their first call before the next is due; "
        "without an interval, that answer at all. Where members begin without a line, its "
        "silence is censored (Kaplan-Meier).",
        denominator="lines called first in the measuring window",
        of="joins",
        measure=joins.response,
        better="higher",
    ),
    Metric(
        name="join_start_mean",
        unit="h",
        definition="Mean time from the first call until work begins, of all members or of the "
        f"first part, each cut at `run.follow_up`. {NEVER}",
        denominator=CALLED,
        of="joins",
        measure=joins.start_mean,
        better="lower",
    ),
    *(
        Metric(
            name=f"join_start_{label}",
            unit="h",
            definition=f"Time from the first call by which work has begun in {level:.0%} of "
            f"the joins; empty where it is not reached within `run.follow_up`. {NEVER}",
            denominator=CALLED,
            of="joins",
            measure=joins.start_by(level),
            better="lower",
        )
        for label, level in (("median", 0.5), ("p90", 0.9))
    ),
    Metric(
        name="join_done_share",
        unit="1",
        definition="Joins of which as many parts or members as were needed had ended by the "
        "end of the run ÷ all; those still open count as not completed.",
        denominator=CALLED,
        of="joins",
        measure=joins.done_share,
        better="higher",
    ),
    Metric(
        name="join_impatient_share",
        unit="1",
        definition="Joins whose members did not come together within `patience` ÷ all.",
        denominator=CALLED,
        of="joins",
        measure=joins.impatient_share,
        better="lower",
    ),
    Metric(
        name="join_silent_share",
        unit="1",
        definition="Joins to which too few lines answered in all rounds ÷ all.",
        denominator=CALLED,
        of="joins",
        measure=joins.silent_share,
        better="lower",
    ),
)
