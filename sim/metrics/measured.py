"""One replication, measured: what the log says, and its division into groups.

Everything is derived from the log once and kept. Requests, duties, the backlog, staff and days
are figures of an *account*, in which the log is no longer needed; hazards, joins, posts,
careers and recovery are read off the log.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.eventlog import EventLog
from sim.metrics.account import Account, account_of
from sim.metrics.backlog import Backlog, Disturbances, stretches_of
from sim.metrics.careers import Careers, careers, has_careers
from sim.metrics.extract import Axes, Cells, Counted, Openings, axes_of, grouped
from sim.metrics.hazards import Hazards, hazards
from sim.metrics.histogram import regrouped
from sim.metrics.joins import Joins, joins
from sim.metrics.place_means import PlaceMeans, is_enough
from sim.metrics.posts import Posts, posts
from sim.metrics.requests import RequestTable, request_table, requests_of
from sim.metrics.rows import Ints
from sim.metrics.spells import ModeHistory, mode_history
from sim.metrics.staff import Floats, Staff, pay_of
from sim.metrics.timeline import Steps, count_steps
from sim.plan.codes import StepKind
from sim.plan.layout import Plan

UNDIVIDED = "all"


@dataclass(frozen=True)
class Measured:
    """One replication beside its plan.

    Attributes
    ----------
    log, plan
        What was played, and by what; no log where it was measured in pieces.
    level
        Number of the level whose places are told apart.
    given
        The account, where it was made before.
    is_piece
        Whether this is one island of a run.
    """

    log: EventLog | None
    plan: Plan
    level: int
    given: Account | None = None
    is_piece: bool = False

    @cached_property
    def events(self) -> EventLog:
        """The log."""
        if self.log is None:
            raise ValueError("the log of this run was not kept, only its account")
        return self.log

    @cached_property
    def table(self) -> RequestTable:
        """All requests and duties of the run."""
        return request_table(self.events, self.plan)

    @cached_property
    def history(self) -> ModeHistory:
        """Modes in force; peace all along where there is no log."""
        if self.log is None:
            return ModeHistory(
                np.zeros(1, np.int64), np.zeros((1, len(self.plan.place_parent)), np.int64)
            )
        return mode_history(self.log, self.plan)

    @cached_property
    def account(self) -> Account:
        """What is left of the run for most figures."""
        if self.given is not None:
            return self.given
        made = (self.table, self.history)
        return account_of(self.events, self.plan, self.level, made, is_piece=self.is_piece)

    @cached_property
    def axes(self) -> Axes:
        """How cells are numbered."""
        return axes_of(self.plan, self.level)

    def without_places(self, cells: Cells) -> Cells:
        """Requests or duties of all places in cells of their own."""
        kept = self._without_places
        if id(cells) not in kept:
            kept[id(cells)] = grouped(cells, self.axes.without_place(cells.number))
        return kept[id(cells)]

    @cached_property
    def _without_places(self) -> dict[int, Cells]:
        return {}

    @cached_property
    def openings(self) -> Openings:
        """Open requests of all places together, by class and level."""
        found = self.account.openings
        number, label = np.unique(self.axes.without_place(found.number), return_inverse=True)
        return Openings(number, regrouped(found.steps, label))

    @cached_property
    def pay(self) -> Floats:
        """Pay in fen by mode and pool."""
        return pay_of(self.account.staff, self.plan)

    @cached_property
    def hazards(self) -> Hazards:
        """Hazards born in the window."""
        return hazards(self.events, self.plan)

    @cached_property
    def joins(self) -> Joins:
        """Joins called in the window."""
        return joins(self.events, self.plan)

    def view(self, cells: Cells, group: int, place: int = 0) -> Counted:
        """Requests as a group with what its figures need."""
        plan = self.plan
        return Counted(
            group, cells, plan.end, plan.follow_up, int(plan.place_households[place])
        )


def request_groups(measured: Measured, by: str) -> Iterator[tuple[str, Counted]]:
    """Divide the cohort. A group without requests is there too, so that replications match."""
    return _counted(measured, measured.account.requests, by)


def duty_groups(measured: Measured, by: str) -> Iterator[tuple[str, Counted]]:
    """Divide the duties that fell due in the window."""
    return _counted(measured, measured.account.duties, by, is_duty=1)


def _counted(
    measured: Measured, cells: Cells, by: str, *, is_duty: int = 0
) -> Iterator[tuple[str, Counted]]:
    if by != "place":
        # Without places there are few cells, whatever they are then put together by.
        cells = measured.without_places(cells)
    together = grouped(cells, _labels(measured, cells.number, by))
    for name, number, place in _groups(measured, by, is_duty=is_duty):
        yield name, measured.view(together, number, place)


def backlog_groups(measured: Measured, by: str) -> Iterator[tuple[str, Backlog]]:
    """Divide all requests of the run, whenever reported."""
    begin, end = measured.plan.warm_up, measured.plan.window_end
    openings = measured.account.openings if by == "place" else measured.openings
    steps = regrouped(openings.steps, _labels(measured, openings.number, by))
    for name, number, _ in _groups(measured, by):
        time, change = steps.of(number)
        yield name, Backlog(Steps(time, np.cumsum(change)), begin, end)


def staff_groups(measured: Measured, by: str) -> Iterator[tuple[str, Staff]]:
    """Divide the time of workers by type of pool or by mode."""
    plan = measured.plan
    shape = measured.account.staff.on_duty.shape
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
        account, modes_of = measured.account, np.asarray(cells.any(axis=1))
        yield (
            name,
            Staff(account.staff, account.outlays, measured.pay, cells, modes_of, window),
        )


def fairness_groups(measured: Measured, by: str) -> Iterator[tuple[str, PlaceMeans]]:
    """The cohort by place, at the narrowest level with enough requests for means."""
    for level, means in sorted(measured.account.means.items(), reverse=True):
        if is_enough(measured.plan, level, int(means.requests.sum())):
            yield by, means
            return


def hazard_groups(measured: Measured, by: str) -> Iterator[tuple[str, Hazards]]:
    """Divide the hazards; no group at all in a scenario that has none."""
    plan = measured.plan
    if not len(plan.hazard_source):
        return
    born = measured.hazards
    if by == UNDIVIDED:
        yield UNDIVIDED, born
        return
    rows = _slices(plan.place_at[born.place, measured.level], len(plan.names.places))
    for place in np.flatnonzero(plan.place_level == measured.level):
        yield plan.names.places[place], born.at(rows[place])


def join_groups(measured: Measured, by: str) -> Iterator[tuple[str, Joins]]:
    """Divide the joins; no group at all in a scenario that has none."""
    plan = measured.plan
    if not len(plan.join_together):
        return
    called = measured.joins
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
    every = posts(measured.events, plan)
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
    every = careers(measured.events, plan)
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
    if len(history.time) == 1:
        return
    requests = requests_of(measured.table)
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


def _labels(measured: Measured, cells: Ints, by: str) -> Ints:
    """The number of the group of each cell, -1 for none."""
    if by == UNDIVIDED:
        return np.zeros(len(cells), np.int64)
    return measured.axes.column(cells, by)


def _groups(measured: Measured, by: str, *, is_duty: int = 0) -> Iterator[tuple[str, int, int]]:
    """Name, number and place of each group; the place is the root where none is meant."""
    plan = measured.plan
    names = plan.names
    if by == UNDIVIDED:
        yield UNDIVIDED, 0, 0
        return
    if by == "place":
        for place in np.flatnonzero(plan.place_level == measured.level).tolist():
            yield names.places[place], place, place
        return
    labels = {"class": names.classes, "level": names.rungs, "mode": names.modes}[by]
    for number, name in enumerate(labels):
        if by != "class" or plan.class_duty[number] == is_duty:
            yield name, number, 0


def _slices(column: Ints, n: int) -> list[Ints]:
    """The rows of each number from 0 to n - 1; rows with -1 belong to none."""
    order = np.argsort(column, kind="stable")
    edges = np.searchsorted(column[order], np.arange(n + 1))
    return [order[edges[k] : edges[k + 1]] for k in range(n)]
