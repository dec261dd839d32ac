"""The catalogue: every metric, declared once. `docs/metrics.md` is generated from it."""

from sim.metrics import backlog, hazards, staff
from sim.metrics.catalogue_careers import CAREERS
from sim.metrics.catalogue_joins import JOINS
from sim.metrics.catalogue_posts import POSTS
from sim.metrics.catalogue_requests import CONTACTS, COUNTS, DUTIES, RATES, TIMES
from sim.metrics.metric import Metric

WINDOW = "days of the measuring window"
ON_DUTY = "worker-hours on duty in the measuring window"
LEAVING_HELPS = "Falls when people leave, so it is read beside those who left."

BACKLOG = (
    Metric(
        name="backlog_mean",
        unit="requests",
        definition=f"Time-weighted mean of open requests in the measuring window. "
        f"{LEAVING_HELPS}",
        denominator=WINDOW,
        of="backlog",
        measure=backlog.backlog_mean,
        better="lower",
    ),
    Metric(
        name="backlog_peak",
        unit="requests",
        definition=f"Most open requests at one instant of the window. {LEAVING_HELPS}",
        denominator=WINDOW,
        of="backlog",
        measure=backlog.backlog_peak,
        better="lower",
    ),
    Metric(
        name="backlog_start",
        unit="requests",
        definition="Open requests when the measuring window begins.",
        denominator=WINDOW,
        of="backlog",
        measure=backlog.backlog_start,
    ),
    Metric(
        name="backlog_end",
        unit="requests",
        definition=f"Open requests when the measuring window ends. {LEAVING_HELPS}",
        denominator=WINDOW,
        of="backlog",
        measure=backlog.backlog_end,
        better="lower",
    ),
    Metric(
        name="recovery_time",
        unit="h",
        definition="From the end of a stretch of the mode until the backlog of its place is, "
        "for the first time, at or below its mean over the week before the mode (or over what "
        "there is of it); mean over stretches, empty if one did not recover before the run "
        "ended. The former level is that of the same scenario: an overloaded one recovers to a "
        "higher level.",
        denominator="stretches of the mode that ended",
        of="recovery",
        measure=backlog.recovery,
        better="lower",
    ),
)

STAFF = (
    Metric(
        name="utilisation",
        unit="1",
        definition="Time worked on requests and duties ÷ time on duty, overtime included in "
        "both.",
        denominator=ON_DUTY,
        of="staff",
        measure=staff.utilisation,
    ),
    Metric(
        name="utilisation_requests",
        unit="1",
        definition="Time worked on requests ÷ time on duty.",
        denominator=ON_DUTY,
        of="staff",
        measure=staff.utilisation_requests,
    ),
    Metric(
        name="utilisation_duties",
        unit="1",
        definition="Time worked on scheduled duties ÷ time on duty.",
        denominator=ON_DUTY,
        of="staff",
        measure=staff.utilisation_duties,
    ),
    Metric(
        name="overtime_hours",
        unit="h",
        definition="Work beyond the end of shifts under the rule finish, summed over workers; "
        "of stretches that had ended before the run did.",
        denominator=ON_DUTY,
        of="staff",
        measure=staff.overtime_hours,
    ),
    Metric(
        name="workers_posted",
        unit="workers",
        definition="Time-weighted mean head count, while the group's modes are in force.",
        denominator="days measured",
        of="staff",
        measure=staff.workers_posted,
    ),
    Metric(
        name="workers_on_duty",
        unit="workers",
        definition="Time-weighted mean number of workers on duty, while the group's modes are "
        "in force.",
        denominator="days measured",
        of="staff",
        measure=staff.workers_on_duty,
    ),
    Metric(
        name="staff_cost_per_month",
        unit="CNY/month",
        definition="Pay of the head count by month and of time on duty by hour, by the mode in "
        "force, for 30 days.",
        denominator="days measured",
        of="staff",
        measure=staff.staff_cost_per_month,
    ),
    Metric(
        name="cost_per_month",
        unit="CNY/month",
        definition="Pay, the outlay of all closings and what accounts paid out, for 30 days. "
        "Fewer staff cost less.",
        denominator="days measured",
        of="staff",
        measure=staff.cost_per_month,
    ),
    Metric(
        name="cost_per_closed",
        unit="CNY/request",
        definition="Pay, the outlay of all closings and what accounts paid out in the "
        "measuring window ÷ final closings of requests in it, whenever they were reported. "
        "Fewer staff may lower it, so read it beside the rate of closing.",
        denominator="final closings in the measuring window",
        of="staff",
        measure=staff.cost_per_closed,
    ),
)

FAIRNESS = (
    Metric(
        name="fairness_gini",
        unit="1",
        definition="Gini coefficient (1912) of mean resolution times between places: 0 where "
        "all are alike. Places are those of the narrowest level with at least 20 requests each "
        "on average. Service that is bad everywhere is even, so read it beside the times.",
        denominator="places with requests",
        of="fairness",
        measure=backlog.fairness_gini,
        better="lower",
    ),
    Metric(
        name="fairness_p90_p50",
        unit="1",
        definition="The 90th percentile of the places' mean resolution times ÷ their median; "
        "places as for the Gini coefficient.",
        denominator="places with requests",
        of="fairness",
        measure=backlog.fairness_p90_p50,
        better="lower",
    ),
)

BORN = "hazards born in the measuring window"
UNKNOWN_STAY = "Hazards that nobody knows of when the run ends are censored (Kaplan-Meier)."

HAZARDS = (
    Metric(
        name="hazards_born",
        unit="hazards",
        definition="Latent problems that arose in the measuring window.",
        denominator=BORN,
        of="hazards",
        measure=hazards.number,
    ),
    Metric(
        name="discovery_mean",
        unit="h",
        definition="Mean time from the birth of a hazard until a round finds it or a resident "
        f"reports it, each cut at `run.follow_up`. {UNKNOWN_STAY}",
        denominator=BORN,
        of="hazards",
        measure=hazards.discovery_mean,
        better="lower",
    ),
    *(
        Metric(
            name=f"discovery_{label}",
            unit="h",
            definition=f"Time from birth by which {level:.0%} of the hazards are known; empty "
            f"where it is not reached within `run.follow_up`. {UNKNOWN_STAY}",
            denominator=BORN,
            of="hazards",
            measure=hazards.discovery_by(level),
            better="lower",
        )
        for label, level in (("median", 0.5), ("p90", 0.9))
    ),
    Metric(
        name="found_share",
        unit="1",
        definition="Hazards that a round found ÷ hazards that were found or reported, up to "
        "the end of the run. Where residents report less, it rises, so read it beside the "
        "time until discovery.",
        denominator="hazards born in the measuring window and known by the end of the run",
        of="hazards",
        measure=hazards.found_share,
        better="higher",
    ),
)

METRICS: tuple[Metric, ...] = (
    *TIMES, *RATES, *COUNTS, *CONTACTS, *DUTIES, *BACKLOG, *HAZARDS, *JOINS, *STAFF, *CAREERS,
    *POSTS, *FAIRNESS,
)  # fmt: skip

BY_NAME = {metric.name: metric for metric in METRICS}
HEADLINES = tuple(metric.name for metric in METRICS if metric.headline)
