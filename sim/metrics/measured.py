"""One replication, measured: what the log says, and its division into groups.

Everything is derived from the log once and kept; a group is a selection of rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.eventlog import EventLog
from sim.metrics.backlog import MIN_MEAN_REQUESTS, Backlog, Disturbances, stretches_of
from sim.metrics.careers import Careers, careers, has_careers
from sim.metrics.cohort import Cohort
from sim.metrics.hazards import Hazards, hazards
from sim.metrics.joins import Joins, joins
from sim.metrics.posts import Posts, posts
from sim.metrics.requests import RequestTable, cohort, duties_due, request_table, take
from sim.metrics.rows import NONE, Ints
from sim.metrics.spells import ModeHistory, mode_history
from sim.metrics.staff import Floats, Outlays, Staff, StaffTime, outlays, pay_of, staff_time
from sim.metrics.timeline import Steps, count_steps
from sim.plan.codes import Code, StepKind
from sim.plan.layout import Plan

UNDIVIDED = "all"


@dataclass(frozen=True)
class Measured:
    """The log of one replication beside its plan.

    Attributes
    ----------
    log, plan
        What was played, and by what.
    level
        Number of the level whose places are told apart.
    """

    log: EventLog
    plan: Plan
    level: int

    @cached_property
    def table(self) -> RequestTable:
        """All requests and duties of the run."""
        return request_table(self.log, self.plan)

    @cached_property
    def cohort(self) -> RequestTable:
        """Requests reported in the window."""
        return cohort(self.table, self.plan)

    @cached_property
    def history(self) -> ModeHistory:
        """Modes in force."""
        return mode_history(self.log, self.plan)

    @cached_property
    def staff(self) -> StaffTime:
        """Time of workers by mode and pool."""
        return staff_time(self.log, self.plan, self.history)

    @cached_property
    def outlays(self) -> Outlays:
        """Cost and number of closings by mode and place."""
        closings = np.flatnonzero(self.log.code == Code.CLOSE)
        last = np.full(len(self.log.requests.key), NONE)
        last[self.log.request[closings]] = closings
        final = last[self.table.number[(self.table.closed_at != NONE) & ~self.table.is_duty]]
        return outlays(self.log, self.plan, self.history, final)

    @cached_property
    def pay(self) -> Floats:
        """Pay in fen by mode and pool."""
        return pay_of(self.staff, self.plan)

    @cached_property
    def hazards(self) -> Hazards:
        """Hazards born in the window."""
        return hazards(self.log, self.plan)

    @cached_property
    def joins(self) -> Joins:
        """Joins called in the window."""
        return joins(self.log, self.plan)

    @cached_property
    def can_evaluate(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether the flow of each class asks for a verdict."""
        asks = np.zeros(len(self.plan.class_duty), np.bool_)
        asks[self.plan.step_class[self.plan.step_kind == StepKind.EVALUATE]] = True
        return asks

    def view(self, table: RequestTable, place: int = 0) -> Cohort:
        """Requests as a group with what its figures need."""
        return Cohort(
            table,
            self.plan.end,
            self.plan.follow_up,
            int(self.plan.place_households[place]),
            self.can_evaluate,
        )


def request_groups(measured: Measured, by: str) -> Iterator[tuple[str, Cohort]]:
    """Divide the cohort. A group without requests is there too, so that replications match."""
    for name, place, rows in _divided(measured, measured.cohort, by):
        yield name, measured.view(take(measured.cohort, rows), place)


def duty_groups(measured: Measured, by: str) -> Iterator[tuple[str, Cohort]]:
    """Divide the duties that fell due in the window."""
    duties = duties_due(measured.table, measured.plan)
    for name, place, rows in _divided(measured, duties, by, is_duty=1):
        yield name, measured.view(take(duties, rows), place)


def backlog_groups(measured: Measured, by: str) -> Iterator[tuple[str, Backlog]]:
    """Divide all requests of the run, whenever reported."""
    requests = take(measured.table, ~measured.table.is_duty)
    begin, end = measured.plan.warm_up, measured.plan.window_end
    for name, _, rows in _divided(measured, requests, by):
        yield name, Backlog(requests.reported_at[rows], requests.exit_at[rows], begin, end)


def staff_groups(measured: Measured, by: str) -> Iterator[tuple[str, Staff]]:
    """Divide the time of workers by type of pool or by mode."""
    plan = measured.plan
    shape = measured.staff.on_duty.shape
    every = np.ones(shape, np.bool_)
    window: int | None = plan.window_end - plan.warm_up
    if by == UNDIVIDED:
        divided = [(UNDIVIDED, every)]
    elif by == "pool":
        names = plan.names.pool_types
        divided = [(name, every & (plan.pool_type == t)) for t, name in enumerate(names)]
    else:
        rows = np.arange(shape[0])[:, None]
        divided = [(name, every & (rows == m)) for m, name in enumerate(plan.names.modes)]
        window = None
    for name, cells in divided:
        modes = np.asarray(cells.any(axis=1))
        yield (
            name,
            Staff(measured.staff, measured.outlays, measured.pay, cells, modes, window),
        )


def fairness_groups(measured: Measured, by: str) -> Iterator[tuple[str, list[Cohort]]]:
    """The cohort by place, at the narrowest level with enough requests for means."""
    plan, table = measured.plan, measured.cohort
    for level in reversed(range(1, len(plan.names.levels))):
        at_level = plan.place_at[table.place, level]
        found = at_level[at_level >= 0]
        places = int((plan.place_level == level).sum())
        if places >= 2 and len(found) >= MIN_MEAN_REQUESTS * places:
            rows = _slices(at_level, len(plan.place_parent))
            groups = [measured.view(take(table, rows[p]), p) for p in np.unique(found)]
            yield by, groups
            return


def hazard_groups(measured: Measured, by: str) -> Iterator[tuple[str, Hazards]]:
    """Divide the hazards; no group at all in a scenario that has none."""
    plan, born = measured.plan, measured.hazards
    if not len(plan.hazard_source):
        return
    if by == UNDIVIDED:
        yield UNDIVIDED, born
        return
    rows = _slices(plan.place_at[born.place, measured.level], len(plan.names.places))
    for place in np.flatnonzero(plan.place_level == measured.level):
        yield plan.names.places[place], born.at(rows[place])


def join_groups(measured: Measured, by: str) -> Iterator[tuple[str, Joins]]:
    """Divide the joins; no group at all in a scenario that has none."""
    plan, called = measured.plan, measured.joins
    if not len(plan.join_together):
        return
    if by == UNDIVIDED:
        yield UNDIVIDED, called
    elif by == "class":
        rows = _slices(called.table.request_class, len(plan.names.classes))
        for number in np.unique(plan.step_class[plan.step_kind == StepKind.JOIN]).tolist():
            yield plan.names.classes[number], called.at(rows[number])
    else:
        at_level = plan.place_at[called.table.place, measured.level]
        rows = _slices(at_level, len(plan.names.places))
        for place in np.flatnonzero(plan.place_level == measured.level):
            yield plan.names.places[place], called.at(rows[place])


def post_groups(measured: Measured, by: str) -> Iterator[tuple[str, Posts]]:
    """Divide the posts by the class of their duty; no group at all where there is none."""
    plan = measured.plan
    if not len(plan.post_place):
        return
    every = posts(measured.log, plan)
    if by == UNDIVIDED:
        yield UNDIVIDED, every
        return
    for number in np.unique(plan.post_class).tolist():
        yield plan.names.classes[number], every.of(number)


def career_groups(measured: Measured, by: str) -> Iterator[tuple[str, Careers]]:
    """Divide the workers by type of pool; no group at all where nobody changes."""
    plan = measured.plan
    if not has_careers(plan):
        return
    every = careers(measured.log, plan)
    if by == UNDIVIDED:
        yield UNDIVIDED, every
        return
    kind = plan.pool_type[plan.worker_pool]
    for number, name in enumerate(plan.names.pool_types):
        yield name, every.of(kind == number)


def recovery_groups(measured: Measured, by: str) -> Iterator[tuple[str, Disturbances]]:
    """The stretches of each mode but peace that ended before the run did."""
    del by
    plan, history = measured.plan, measured.history
    requests = take(measured.table, ~measured.table.is_duty)
    steps: dict[int, Steps] = {}
    for mode in range(1, len(plan.mode_level)):
        stretches = []
        for place in np.flatnonzero(plan.place_level == plan.mode_level[mode]).tolist():
            for begin, over in stretches_of(history, mode, place):
                if over is None:
                    continue
                if place not in steps:
                    inside = plan.place_at[requests.place, plan.place_level[place]] == place
                    steps[place] = count_steps(
                        requests.reported_at[inside], requests.exit_at[inside]
                    )
                stretches.append((begin, over, steps[place]))
        if stretches:
            yield plan.names.modes[mode], Disturbances(tuple(stretches), plan.end)


def _divided(
    measured: Measured, table: RequestTable, by: str, *, is_duty: int = 0
) -> Iterator[tuple[str, int, Ints]]:
    """Name, place and rows of each group; the place is the root where none is meant."""
    plan = measured.plan
    names = plan.names
    if by == UNDIVIDED:
        yield UNDIVIDED, 0, np.arange(len(table.number))
        return
    if by == "place":
        rows = _slices(plan.place_at[table.place, measured.level], len(names.places))
        for place in np.flatnonzero(plan.place_level == measured.level):
            yield names.places[place], int(place), rows[place]
        return
    column, labels = {
        "class": (table.request_class, names.classes),
        "level": (table.level, names.rungs),
        "mode": (table.mode, names.modes),
    }[by]
    rows = _slices(column, len(labels))
    for number, name in enumerate(labels):
        if by != "class" or plan.class_duty[number] == is_duty:
            yield name, 0, rows[number]


def _slices(column: Ints, n: int) -> list[Ints]:
    """The rows of each number from 0 to n - 1; rows with -1 belong to none."""
    order = np.argsort(column, kind="stable")
    edges = np.searchsorted(column[order], np.arange(n + 1))
    return [order[edges[k] : edges[k + 1]] for k in range(n)]
