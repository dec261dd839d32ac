"""When the limit of a request runs out, on its clock.

The log says so for every request that was still open then. For the others, and for requests
that were closed in time and reopened, the instant follows from the plan: the limit and the
clock of the mode at report.
"""

import numpy as np

from sim.metrics.rows import NONE, Ints
from sim.plan.layout import Plan


def due_times(
    plan: Plan,
    request_class: Ints,
    mode: Ints,
    *,
    starts: tuple[Ints, Ints, Ints],
    marked: Ints,
    seen_until: Ints,
) -> tuple[Ints, Ints]:
    """When limits run out, and when they would if they were counted from the report.

    Parameters
    ----------
    plan
        The compiled scenario.
    request_class, mode
        Class and mode at report.
    starts
        Report, first entry into a line and first start of work: what may start the limit.
    marked
        When the limit ran out according to the log, `NONE` where it did not.
    seen_until
        First closing or exit: until then the log would have said so.

    Returns
    -------
    Two columns of times, `NONE` where the class has no limit. A limit whose start never came
    is counted from the report.
    """
    amount = plan.class_limit[mode, request_class]
    clock = plan.class_limit_clock[mode, request_class]
    since = np.choose(plan.class_limit_start[request_class], starts)
    since = np.where(since == NONE, starts[0], since)
    counted = after(plan, clock, since, amount)
    # A mode may have replaced the clock: without a mark, the limit had not run out till then.
    due = np.where(marked != NONE, marked, np.maximum(counted, seen_until))
    must = after(plan, clock, starts[0], amount)
    must = np.where(marked != NONE, np.minimum(marked, must), must)
    has_limit = amount >= 0
    return np.where(has_limit, due, NONE), np.where(has_limit, must, NONE)


def after(plan: Plan, clock: Ints, since: Ints, amount: Ints) -> Ints:
    """The instants at which so much of a clock has passed; the end of the run if never."""
    found = since + amount
    for group in np.unique(clock[clock >= 0]):
        rows = np.flatnonzero(clock == group)
        found[rows] = _on_calendar(plan, int(group), since[rows], amount[rows])
    return found


def _on_calendar(plan: Plan, group: int, since: Ints, amount: Ints) -> Ints:
    entries = slice(int(plan.group_ptr[group]), int(plan.group_ptr[group + 1]))
    on, off = plan.group_on[entries], plan.group_off[entries]
    if not len(on):
        return np.full(len(since), plan.end)
    passed = np.concatenate([[0], np.cumsum(off - on)])
    entry = np.searchsorted(off, since, side="right")
    inside = np.minimum(entry, len(on) - 1)
    done = passed[entry] + np.where(entry < len(on), np.maximum(0, since - on[inside]), 0)
    target = done + amount
    # The first stretch in which the target is reached; an amount of nothing runs out at once,
    # or when the clock next runs.
    reached = np.maximum(np.searchsorted(passed[1:], target, side="left"), entry)
    inside = np.minimum(reached, len(on) - 1)
    instant = np.maximum(on[inside], since) + target - np.maximum(passed[inside], done)
    return np.where(reached < len(on), instant, plan.end)
