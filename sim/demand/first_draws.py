"""The draws of first visits and first armings, made in bulk for all requests of a class.

They are the numbers that `sim.demand.draws.draw` gives for the same keys. Only laws written out
as a sequence exist here alone: the n-th request of a source and place takes the n-th value.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.demand.arrivals import BACKLOG
from sim.demand.draws import choices, draws
from sim.demand.purposes import Purpose
from sim.errors import PlanError
from sim.eventlog import Requests
from sim.plan.codes import StepKind
from sim.plan.layout import Plan

Int = NDArray[np.int64]

STEP_PURPOSE = {
    StepKind.WORK: Purpose.WORK,
    StepKind.DELAY: Purpose.DELAY,
    StepKind.HAND_OFF: Purpose.HAND_OFF,
    StepKind.BRANCH: Purpose.BRANCH,
}
"""Purpose of the draw of each kind of step that has a column in the trace."""


class Column(NamedTuple):
    """One column of first draws of a class."""

    at: int
    law: int
    """-1 for a branch, whose draw is the number of the way taken."""
    purpose: int
    ordinal: int
    """Key of the step or timer: the ordinal of visit 0."""
    name: str
    step: int
    """The step, -1 for a timer."""


def first_draws(
    plan: Plan, key: tuple[int, int], requests: Requests, *, only_written_out: bool = False
) -> tuple[Int, Int]:
    """Where the draws of each request begin, and the draws.

    With `only_written_out` just for classes with a law that no key gives.
    """
    per_class = columns_per_class(plan)
    if only_written_out:
        per_class[[not _is_written_out(plan, number) for number in range(per_class.size)]] = 0
        if not per_class.any():
            return np.zeros(requests.key.size + 1, np.int64), np.empty(0, np.int64)
    width = per_class[requests.request_class]
    ptr = np.concatenate([[0], np.cumsum(width)]).astype(np.int64)
    values = np.zeros(int(ptr[-1]), np.int64)
    for request_class in np.flatnonzero(per_class).tolist():
        rows = np.flatnonzero(requests.request_class == request_class)
        some = Requests._make(column[rows] for column in requests)
        for column in columns_of(plan, request_class):
            values[ptr[rows] + column.at] = _drawn(plan, key, column, some)
    return ptr, values


def columns_per_class(plan: Plan) -> Int:
    """Number of draws that each request of a class has in the trace."""
    counts = [len(columns_of(plan, number)) for number in range(plan.class_start.size)]
    return np.array(counts, np.int64)


def _is_written_out(plan: Plan, request_class: int) -> bool:
    """Whether a column of the class takes its values one after another from a sequence."""
    sizes = np.diff(plan.law_sequence_ptr)
    laws = [column.law for column in columns_of(plan, request_class)]
    return any(law >= 0 and sizes[law] > 0 for law in laws)


def columns_of(plan: Plan, request_class: int) -> list[Column]:
    """The columns of a class in order: steps, then timers."""
    steps = np.flatnonzero((plan.step_class == request_class) & (plan.step_draw >= 0)).tolist()
    timers = range(*plan.timer_ptr[request_class : request_class + 2].tolist())
    found = [
        Column(
            int(plan.step_draw[step]),
            int(plan.step_law[0, step]),
            STEP_PURPOSE[StepKind(int(plan.step_kind[step]))],
            int(plan.step_key[step]),
            plan.names.steps[step],
            step,
        )
        for step in steps
    ]
    found += [
        Column(
            int(plan.timer_draw[timer]),
            int(plan.timer_law[timer]),
            Purpose.PATIENCE,
            int(plan.timer_key[timer]),
            plan.names.timers[timer],
            -1,
        )
        for timer in timers
        if plan.timer_draw[timer] >= 0
    ]
    return sorted(found)


def _drawn(plan: Plan, key: tuple[int, int], column: Column, requests: Requests) -> Int:
    if column.law < 0:
        first = plan.step_first[column.step]
        limits = plan.branch_share[first : first + plan.step_count[column.step]]
        return choices(limits, key, column.purpose, requests.key, column.ordinal)
    first, last = plan.law_sequence_ptr[column.law : column.law + 2]
    if last > first:
        return _written_out(plan, column, requests, plan.law_sequence[first:last])
    table = plan.law_table[column.law]
    return draws(table, key, column.purpose, requests.key, column.ordinal, plan.tick)


def _written_out(plan: Plan, column: Column, requests: Requests, values: Int) -> Int:
    """The n-th value for the n-th request of its source and place, a backlog being first."""
    backlog = requests.ordinal >= BACKLOG
    before = plan.source_backlog[requests.source]
    turn = np.where(backlog, requests.ordinal - BACKLOG, requests.ordinal + before)
    if turn.size and turn.max() >= values.size:
        count = int(turn.max()) + 1
        raise PlanError(
            f"the sequence of {column.name} has {values.size} values, but one source brings "
            f"{count} requests to one place; write more values or fewer requests",
            f"{column.name} 的依次取值只有 {values.size} 个，而一处来源产生 {count} 件事项；"
            "请补足数值或减少事项",
        )
    rounded: Int = (values[turn] + (plan.tick >> 1)) // plan.tick * plan.tick
    return rounded
