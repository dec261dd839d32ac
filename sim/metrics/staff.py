"""Figures of a group of pools: how busy people were, how long, and what they cost.

Everything is time-weighted over the measuring window: a worker who was on duty for a day counts
for a day, whatever the head count was before and after.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.eventlog import EventLog
from sim.metrics.cohort import HOUR, Figure
from sim.metrics.rows import Bools, Ints, count_of, sum_of
from sim.metrics.spells import (
    ModeHistory,
    Spells,
    duty_spells,
    mode_lengths,
    of_requests,
    overtime_spells,
    posted_spells,
    task_spells,
    time_by_mode_and_pool,
)
from sim.plan.layout import Plan

Floats = npt.NDArray[np.float64]

MONTH = 30 * 24 * HOUR
FEN_PER_CNY = 100


class StaffTime(NamedTuple):
    """Times in the measuring window by mode and pool, [M, Q] µs."""

    on_requests: Ints
    on_duties: Ints
    on_duty: Ints
    posted: Ints
    overtime: Ints
    in_force: Ints
    """How long the mode was in force at the place of the pool."""


class Outlays(NamedTuple):
    """What closings and payments cost, and how many closings there were, by mode and place."""

    fen: Ints
    """[M, P], as the following."""
    closed: Ints
    """Final closings of requests in the window, whenever they were reported."""
    in_force: Ints
    """How long the mode was in force at the place, µs."""


@dataclass(frozen=True)
class Staff:
    """A group of pools, in some modes or all, and what their figures need."""

    time: StaffTime
    outlays: Outlays
    pay: Floats
    """[M, Q] pay in fen."""
    cells: Bools
    """[M, Q] mode and pool combinations of the group."""
    modes: Bools
    """[M] modes of the group."""
    window: int | None
    """Length of the window; None for a group of modes, each over the time it is in force."""

    @cached_property
    def on_duty(self) -> int:
        """Total time on duty."""
        return int(self.time.on_duty[self.cells].sum())

    def per_time(self, amount: Ints | Floats) -> float | None:
        """An amount per µs: the sum of what each pool has while the group's modes hold."""
        if self.window is not None:
            return float(amount[self.cells].sum()) / self.window if self.window else None
        return _rate(amount[self.cells], self.time.in_force[self.cells])


def staff_time(
    log: EventLog, plan: Plan, history: ModeHistory, tasks: Spells | None = None
) -> StaffTime:
    """Measure how the time of all workers was spent; `tasks` if the stretches are known."""
    is_duty = plan.class_duty[log.requests.request_class]
    tasks = task_spells(log, plan) if tasks is None else tasks

    def total(spells: Spells) -> Ints:
        return time_by_mode_and_pool(spells, history, plan)

    lengths = mode_lengths(history, len(plan.mode_level), plan.warm_up, plan.window_end)
    return StaffTime(
        on_requests=total(of_requests(tasks, 1 - is_duty)),
        on_duties=total(of_requests(tasks, is_duty)),
        on_duty=total(duty_spells(log, plan)),
        posted=total(posted_spells(log, plan)),
        overtime=total(overtime_spells(log)),
        in_force=lengths[:, plan.pool_place],
    )


def outlays(
    log: EventLog, plan: Plan, history: ModeHistory, rows: Ints, final_rows: Ints
) -> Outlays:
    """Sum what closings cost and accounts paid in the window, at the homes of the requests.

    `rows` are those of closings and payments, `final_rows` those of final closings.
    """
    shape = (len(plan.mode_level), len(plan.place_parent))
    rows = _in_window(log, plan, rows)
    cell = _cells(log, rows, shape[1])
    final = _in_window(log, plan, final_rows)
    final_cell = _cells(log, final, shape[1])
    return Outlays(
        fen=sum_of(cell, log.amount[rows], shape[0] * shape[1]).reshape(shape),
        closed=count_of(final_cell, shape[0] * shape[1]).reshape(shape),
        in_force=mode_lengths(history, shape[0], plan.warm_up, plan.window_end),
    )


def _cells(log: EventLog, rows: Ints, n_places: int) -> Ints:
    """The numbers of modes and places in a table of both."""
    return log.mode[rows].astype(np.int64) * n_places + log.place[rows]


def _in_window(log: EventLog, plan: Plan, rows: Ints) -> Ints:
    time = log.time[rows]
    return rows[(time >= plan.warm_up) & (time < plan.window_end)]


def pay_of(time: StaffTime, plan: Plan) -> Floats:
    """Pay by mode and pool in fen: by month in the head count, and by hour on duty."""
    monthly = time.posted / MONTH * plan.pool_pay
    hourly = time.on_duty / HOUR * plan.pool_pay_hour
    return np.asarray((monthly + hourly) / 1000, np.float64)


def utilisation(group: Staff) -> Figure:
    """Worked time over time on duty."""
    return _of_duty(group, group.time.on_requests + group.time.on_duties)


def utilisation_requests(group: Staff) -> Figure:
    """Time worked on requests over time on duty."""
    return _of_duty(group, group.time.on_requests)


def utilisation_duties(group: Staff) -> Figure:
    """Time worked on duties over time on duty."""
    return _of_duty(group, group.time.on_duties)


def overtime_hours(group: Staff) -> Figure:
    """Work beyond the end of shifts, in hours."""
    total = int(group.time.overtime[group.cells].sum())
    return Figure(total / HOUR, group.on_duty / HOUR)


def workers_posted(group: Staff) -> Figure:
    """Mean head count."""
    return Figure(group.per_time(group.time.posted), _days(group))


def workers_on_duty(group: Staff) -> Figure:
    """Mean number of workers on duty."""
    return Figure(group.per_time(group.time.on_duty), _days(group))


def staff_cost_per_month(group: Staff) -> Figure:
    """Pay for 30 days, in CNY."""
    rate = group.per_time(group.pay)
    return Figure(None if rate is None else rate * MONTH / FEN_PER_CNY, _days(group))


def cost_per_month(group: Staff) -> Figure:
    """Pay, outlay on closings and payments for 30 days, in CNY."""
    staff = group.per_time(group.pay)
    fen = group.outlays.fen[group.modes]
    if group.window is not None:
        other = float(fen.sum()) / group.window if group.window else None
    else:
        other = _rate(fen, group.outlays.in_force[group.modes])
    if staff is None or other is None:
        return Figure(None, 0)
    return Figure((staff + other) * MONTH / FEN_PER_CNY, _days(group))


def cost_per_closed(group: Staff) -> Figure:
    """Pay, outlay on closings and payments for each final closing, in CNY."""
    closed = int(group.outlays.closed[group.modes].sum())
    fen = float(group.pay[group.cells].sum()) + float(group.outlays.fen[group.modes].sum())
    return Figure(fen / FEN_PER_CNY / closed if closed else None, closed)


def _of_duty(group: Staff, worked: Ints) -> Figure:
    total = int(worked[group.cells].sum())
    return Figure(total / group.on_duty if group.on_duty else None, group.on_duty / HOUR)


def _rate(amount: Ints | Floats, duration: Ints) -> float | None:
    held = duration > 0
    return float((amount[held] / duration[held]).sum()) if held.any() else None


def _days(group: Staff) -> float:
    """Days over which a mean is taken; for modes, the longest that one was in force."""
    length = group.window
    if length is None:
        length = int(group.outlays.in_force[group.modes].max(initial=0))
    return length / (24 * HOUR)
