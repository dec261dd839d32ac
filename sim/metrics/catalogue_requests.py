"""The metrics of requests: how long, how many, how well."""

from sim.metrics.cohort import (
    Group,
    closed_within,
    mean_of,
    mean_to,
    number_of,
    on_time,
    overdue_open,
    per_1000_households,
    quantile_of,
    quantile_to,
    share_of,
)
from sim.metrics.metric import Metric
from sim.metrics.survival import Survival

COHORT = "requests reported in the measuring window"
LEVELS = {"median": 0.5, "p90": 0.9, "p95": 0.95, "max": 1.0}
HEADLINES = {"mean", "median", "p90", "p95"}

OPEN_STAY = (
    "Requests still open at the end of the run are censored, and requests that were left count "
    "as open and never met, so that neither improves the figure."
)


def _resolution(group: Group) -> Survival:
    return group.resolution


def _response(group: Group) -> Survival:
    return group.response


def _time_to(name: str, what: str, of: object) -> tuple[Metric, ...]:
    survival = _resolution if of is _resolution else _response
    mean = Metric(
        name=f"{name}_mean",
        unit="h",
        definition=f"Mean time from report to {what}, each cut at `run.follow_up`. {OPEN_STAY} "
        "Where less than the follow-up was seen, what is open is taken to stay open; where "
        "less than half of it could be seen, there is no mean.",
        denominator=COHORT,
        of="requests",
        measure=mean_to(survival),
        better="lower",
        headline=True,
    )
    return mean, *(
        Metric(
            name=f"{name}_{label}",
            unit="h",
            definition=f"Time from report by which {level:.0%} have met {what} (Kaplan-Meier); "
            f"empty where it is not reached within `run.follow_up`. {OPEN_STAY}",
            denominator=COHORT,
            of="requests",
            measure=quantile_to(survival, level),
            better="lower",
            headline=label in HEADLINES,
        )
        for label, level in LEVELS.items()
    )


def _part(name: str, what: str) -> tuple[Metric, ...]:
    so_far = "up to final closing, leaving or the end of the run; short for those who left"
    mean = Metric(
        name=f"{name}_mean",
        unit="h",
        definition=f"Mean time {what}, {so_far}.",
        denominator=COHORT,
        of="requests",
        measure=mean_of(name),
    )
    return mean, *(
        Metric(
            name=f"{name}_{label}",
            unit="h",
            definition=f"Time {what} that {level:.0%} do not exceed, {so_far}.",
            denominator=COHORT,
            of="requests",
            measure=quantile_of(name, level),
        )
        for label, level in LEVELS.items()
    )


TIMES = (
    *_time_to("first_response", "the start of the first work", _response),
    *_time_to("resolution", "final closing", _resolution),
    *_part("waiting", "in lines before work on a task begins"),
    *_part("paused", "between an interruption and the resumption of work"),
    *_part("worked", "at which a worker is at work on the request"),
    _part("delay", "in which nobody is busy with it: hand-offs, parts, permits")[0],
    _part("held", "held because its class is suspended")[0],
    _part("evaluation", "between a closing and the verdict that reopened it")[0],
    _part("gate", "waiting for a session of a gate to hear it")[0],
)


def _number(name: str, what: str, better: str = "neutral") -> Metric:
    return Metric(
        name=name,
        unit="requests",
        definition=what,
        denominator=COHORT,
        of="requests",
        measure=number_of(name),
        better=better,  # type: ignore[arg-type]
    )


COUNTS = (
    _number("reported", "Requests reported."),
    _number("closed", "Requests finally closed before the end of the run.", "higher"),
    _number("open", "Requests still open when the run ends (censored).", "lower"),
    Metric(
        name="overdue",
        unit="requests",
        definition="Open requests whose limit has run out before the end of the run.",
        denominator="requests still open when the run ends",
        of="requests",
        measure=overdue_open,
        better="lower",
    ),
    _number("left", "Requests gone without closing: patience at its end, or refused."),
    _number("refused", "Requests turned away."),
    _number("supervised", "Requests put under supervision."),
)

RATES = (
    Metric(
        name="closed_rate",
        unit="1",
        definition="Finally closed before the end of the run ÷ reported. A closing without a "
        "later reopening is final, even while its verdict is still to come.",
        denominator=COHORT,
        of="requests",
        measure=share_of("closed", "reported"),
        better="higher",
        headline=True,
    ),
    *(
        Metric(
            name=f"closed_within_{days}_day{'s' * (days > 1)}",
            unit="1",
            definition=f"Share finally closed within {24 * days} hours of report "
            "(Kaplan-Meier); "
            f"empty beyond `run.follow_up`. {OPEN_STAY}",
            denominator=COHORT,
            of="requests",
            measure=closed_within(days),
            better="higher",
            headline=True,
        )
        for days in (1, 3, 7)
    ),
    Metric(
        name="on_time_rate",
        unit="1",
        definition="Finally closed within the limit ÷ due. Due are requests whose limit, "
        "counted from report, runs out before the end of the run, and those that left; open "
        "ones among them are not on time.",
        denominator="requests due, of those reported in the measuring window",
        of="requests",
        measure=on_time,
        better="higher",
        headline=True,
    ),
    Metric(
        name="resolved_of_reported",
        unit="1",
        definition="Final closing judged to solve the problem ÷ reported. Open, left and not "
        "yet evaluated requests count as not solved.",
        denominator="requests of classes that are evaluated, reported in the measuring window",
        of="requests",
        measure=share_of("asked_solved", "asked"),
        better="higher",
        headline=True,
    ),
    Metric(
        name="satisfied_of_reported",
        unit="1",
        definition="Resident satisfied with the final closing ÷ reported. Open, left and not "
        "yet evaluated requests count as not satisfied.",
        denominator="requests of classes that are evaluated, reported in the measuring window",
        of="requests",
        measure=share_of("asked_content", "asked"),
        better="higher",
        headline=True,
    ),
    Metric(
        name="resolved_rate",
        unit="1",
        definition="Judged solved at the last verdict ÷ evaluated: the official rate. It "
        "leaves out what was never closed, so it can rise when service gets worse.",
        denominator="requests with a verdict, of those reported in the measuring window",
        of="requests",
        measure=share_of("judged_solved", "judged"),
        better="higher",
    ),
    Metric(
        name="satisfaction_rate",
        unit="1",
        definition="Satisfied at the last verdict ÷ evaluated: the official rate. It leaves "
        "out what was never closed, so it can rise when service gets worse.",
        denominator="requests with a verdict, of those reported in the measuring window",
        of="requests",
        measure=share_of("judged_content", "judged"),
        better="higher",
    ),
    Metric(
        name="rework_rate",
        unit="1",
        definition="Sent back at least once after a closing ÷ closed at least once.",
        denominator="requests closed at least once, of those reported in the measuring window",
        of="requests",
        measure=share_of("reworked", "closed_once"),
        better="lower",
    ),
    Metric(
        name="return_rate",
        unit="1",
        definition="Sent to a wrong desk and returned at least once ÷ dispatched.",
        denominator="requests that entered a line or were handed off",
        of="requests",
        measure=share_of("misrouted", "dispatched"),
        better="lower",
    ),
    Metric(
        name="repeat_rate",
        unit="1",
        definition="Repeat contacts about open requests ÷ received.",
        denominator=COHORT,
        of="requests",
        measure=share_of("repeats", "reported"),
        better="lower",
    ),
    Metric(
        name="left_rate",
        unit="1",
        definition="Gone without closing, refused ones included ÷ reported.",
        denominator=COHORT,
        of="requests",
        measure=share_of("left", "reported"),
        better="lower",
    ),
    Metric(
        name="refused_rate",
        unit="1",
        definition="Turned away because a line was full or the class suspended ÷ reported.",
        denominator=COHORT,
        of="requests",
        measure=share_of("refused", "reported"),
        better="lower",
    ),
)


def _contacts(name: str, what: str, total: str) -> tuple[Metric, Metric]:
    return (
        Metric(
            name=name,
            unit="contacts",
            definition=f"{what} made about the requests of the group. People who left make "
            "none.",
            denominator=COHORT,
            of="requests",
            measure=number_of(total),
            better="lower",
        ),
        Metric(
            name=f"{name}_per_1000_households",
            unit="contacts / 1000 households",
            definition=f"{what} made about the requests of the group, for every thousand "
            "households of its place (of the whole area, for classes, levels and modes).",
            denominator="households",
            of="requests",
            measure=per_1000_households(total),
            better="lower",
        ),
    )


CONTACTS = (
    *_contacts("hotline_contacts", "Calls to the hotline", "hotlines"),
    *_contacts("petition_contacts", "Petitions", "petitions"),
)

DUTIES = (
    Metric(
        name="duties_due",
        unit="duties",
        definition="Scheduled duties that fell due in the measuring window.",
        denominator="duties that fell due in the measuring window",
        of="duties",
        measure=number_of("reported"),
    ),
    Metric(
        name="duty_done_rate",
        unit="1",
        definition="Scheduled duties done before the end of the run ÷ due.",
        denominator="duties that fell due in the measuring window",
        of="duties",
        measure=share_of("closed", "reported"),
        better="higher",
    ),
)
