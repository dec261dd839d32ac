"""What a log of requests says of demand and closing times, class by class.

A closing time in a log is waiting, work and outside delay together. A log holds no hands-on
minutes and no head counts, so it cannot say how its closing times part; what is estimated here
is their whole, and the split is an assumption of the scenario that is made of it.
"""

import math
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.arrival_profile import HOUR, ArrivalProfile, fit_profile
from sim.analysis.closing_laws import ClosingLaw, fit_laws
from sim.exchange.request_log import CLOSED, NONE, OPEN, UNKNOWN, RequestLog
from sim.metrics.survival import Survival, kaplan_meier, quantile, share_open

Int = NDArray[np.int64]

REST: Final = "other_types"
"""Class of all types that are too rare for one of their own."""
OWN_HOURS: Final = 200
"""Requests from which a class has a profile of hours of its own; below, that of all holds."""
MANY_AT_ONCE: Final = 10
"""Closings of one class in one instant that are called a batch."""

Choice = Literal["auto", "fitted", "observed"]


class Batches(NamedTuple):
    """Closings of one class in one instant of the log's clock."""

    instants: int
    requests: int
    largest: int


class ClassEstimate(NamedTuple):
    """What the log says of one class."""

    name: str
    title: str
    n: int
    closed: int
    open: int
    untimed: int
    at_once: int
    """Closed in the very instant of their report."""
    batches: Batches
    survival: Survival
    median: float | None
    """Hours, by Kaplan-Meier; None where not reached."""
    p90: float | None
    profile: ArrivalProfile
    own_hours: bool
    """Whether the weights of the hours are its own, or those of all classes."""
    laws: Sequence[ClosingLaw]
    """Fitted families, best first."""
    law: ClosingLaw | None
    """The family that the scenario uses; None: the observed quantiles."""
    distance: float | None
    """Largest difference between the open shares by Kaplan-Meier and by the best family."""


class OnTime(NamedTuple):
    """On-time closing, from times alone."""

    due: int
    """Requests with a due time."""
    in_time: int
    late: int
    """Closed after it, or open when it passed."""
    not_yet: int
    """Open, and not yet due when the log ends."""
    without: int
    """Requests without a due time."""
    flagged: int
    """Requests that carry the city's own flag."""
    agreeing: int
    """Of these, how many have the flag that the times give under the city's rule: in time, or
    without a due time."""


class LogModel(NamedTuple):
    """A log and its estimates."""

    log: RequestLog
    begin: int
    """Window of reports, wall clock in µs since 1970."""
    end: int
    all: ArrivalProfile
    classes: Sequence[ClassEstimate]
    merged: tuple[str, ...]
    """Types that were put together for being rare."""
    on_time: OnTime


def estimate(log: RequestLog, *, least: int = 30, choice: Choice = "auto") -> LogModel:
    """Estimate every class of a log.

    Parameters
    ----------
    log
        The requests.
    least
        Types with fewer requests become one class.
    choice
        Which law a scenario shall use: a fitted family unless it is refused, the best family in
        any case, or the observed quantiles.
    """
    merged_log, merged = merge_rare(log, least)
    begin, end = window(merged_log)
    whole = fit_profile(merged_log.reported_at, begin, end)
    found = [
        _class(merged_log, number, (begin, end), whole, choice)
        for number in range(len(merged_log.classes))
    ]
    return LogModel(merged_log, begin, end, whole, found, merged, on_time(merged_log))


def window(log: RequestLog) -> tuple[int, int]:
    """From the hour of the first report to just after the last."""
    first = int(log.reported_at.min()) // HOUR * HOUR
    last = int(log.reported_at.max()) // log.tick * log.tick
    return first, last + log.tick


def merge_rare(log: RequestLog, least: int) -> tuple[RequestLog, tuple[str, ...]]:
    """The log with its rare types as one class, and the types that went into it."""
    counts = np.bincount(log.request_class, minlength=len(log.classes))
    rare = [name for name, n in zip(log.classes, counts.tolist(), strict=True) if n < least]
    if len(rare) < 2 and len(log.classes) > len(rare):
        return log, ()
    return renamed(log, dict.fromkeys(rare, REST), {REST: "Other types (其他类型)"}), tuple(
        rare
    )


def renamed(
    log: RequestLog, classes: dict[str, str], titles: dict[str, str] | None = None
) -> RequestLog:
    """The log with some classes under other names; several may get the same."""
    target = [classes.get(name, name) for name in log.classes]
    names = tuple(sorted(set(target)))
    place = np.array([names.index(name) for name in target], np.int64)
    first = dict(zip(target, log.titles, strict=True))
    return log._replace(
        classes=names,
        titles=tuple((titles or {}).get(name, first[name]) for name in names),
        request_class=place[log.request_class],
    )


def on_time(log: RequestLog) -> OnTime:
    """Recompute on-time closing; the city's flag is only compared with."""
    has_due, closed = log.due_in != NONE, log.outcome == CLOSED
    in_time = has_due & closed & (log.duration <= log.due_in)
    running = has_due & (log.outcome == OPEN) & (log.duration < log.due_in)
    judged = has_due & (log.outcome != UNKNOWN)
    by_rule = (in_time | ~has_due).tolist()
    flags = [(said, own) for said, own in zip(log.flags, by_rule, strict=True)]
    return OnTime(
        due=int(judged.sum()),
        in_time=int(in_time.sum()),
        late=int((judged & ~in_time & ~running).sum()),
        not_yet=int(running.sum()),
        without=int((~has_due).sum()),
        flagged=sum(said is not None for said, _ in flags),
        agreeing=sum(said is not None and said == own for said, own in flags),
    )


def survival_of(log: RequestLog, chosen: NDArray[np.bool_]) -> Survival:
    """Kaplan-Meier of the requests whose duration is known."""
    timed = chosen & (log.outcome != UNKNOWN)
    return kaplan_meier(log.duration[timed], log.outcome[timed] == OPEN)


def hours_at(survival: Survival, level: float) -> float | None:
    """A quantile in hours; None where it is not reached."""
    found = quantile(survival, level)
    return None if found is None else found / HOUR


def _class(
    log: RequestLog,
    number: int,
    span: tuple[int, int],
    whole: ArrivalProfile,
    choice: Choice,
) -> ClassEstimate:
    mine = log.request_class == number
    timed = mine & (log.outcome != UNKNOWN)
    closed = mine & (log.outcome == CLOSED)
    survival = survival_of(log, mine)
    laws = fit_laws(log.duration[timed] / HOUR, log.outcome[timed] == OPEN, log.tick / HOUR)
    own = int(mine.sum()) >= OWN_HOURS
    return ClassEstimate(
        name=log.classes[number],
        title=log.titles[number],
        n=int(mine.sum()),
        closed=int(closed.sum()),
        open=int((mine & (log.outcome == OPEN)).sum()),
        untimed=int((mine & (log.outcome == UNKNOWN)).sum()),
        at_once=int((closed & (log.duration == 0)).sum()),
        batches=_batches(log.closed_at[closed]),
        survival=survival,
        median=hours_at(survival, 0.5),
        p90=hours_at(survival, 0.9),
        profile=fit_profile(log.reported_at[mine], *span, hours=None if own else whole.hours),
        own_hours=own,
        laws=laws,
        law=_chosen(laws, choice),
        distance=_distance(survival, laws[0]) if laws else None,
    )


def _chosen(laws: Sequence[ClosingLaw], choice: Choice) -> ClosingLaw | None:
    """The best family that is not refused; with `fitted` the best in any case."""
    if choice == "observed":
        return None
    kept = [law for law in laws if choice == "fitted" or not (law.is_refused or law.p is None)]
    return kept[0] if kept else None


def _batches(closed_at: Int) -> Batches:
    _, sizes = np.unique(closed_at, return_counts=True)
    many = sizes[sizes >= MANY_AT_ONCE]
    return Batches(many.size, int(many.sum()), int(sizes.max()) if sizes.size else 0)


def _distance(survival: Survival, law: ClosingLaw) -> float:
    if not survival.time.size:
        return math.nan
    foretold = law.open_share(np.maximum(survival.time, 1) / HOUR)
    before = np.array([share_open(survival, int(at) - 1) or 0.0 for at in survival.time])
    gap = np.maximum(np.abs(survival.open_share - foretold), np.abs(before - foretold))
    return float(gap.max())
