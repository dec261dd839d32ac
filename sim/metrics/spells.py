"""Stretches of a worker's time: on a task, on duty, in the head count; and the modes meanwhile.

A stretch that has not ended when the run ends is seen until then. Stretches are cut at the
borders of the measuring window and wherever the mode of the pool's place changes, so that every
piece lies in one mode.
"""

from typing import NamedTuple

import numpy as np

from sim.eventlog import EventLog
from sim.metrics.compiled import rows_of
from sim.metrics.rows import Ints, order_of, sum_of
from sim.plan.codes import Code
from sim.plan.layout import Plan


class Spells(NamedTuple):
    """Stretches of time of workers, as columns of equal length."""

    start: Ints
    stop: Ints
    worker: Ints
    request: Ints
    """The request or duty worked on; -1 for time on duty and in the head count."""


class ModeHistory(NamedTuple):
    """Which mode was in force where: a step function with common instants for all places."""

    time: Ints
    """[K] instants of change; the first is 0."""
    mode: Ints
    """[K, P] mode from that instant on."""


def task_spells(log: EventLog, plan: Plan) -> Spells:
    """Stretches of work on tasks."""
    return _pair(log, plan, (Code.START, Code.RESUME), (Code.PAUSE, Code.END))


def duty_spells(log: EventLog, plan: Plan) -> Spells:
    """Stretches on duty, overtime included."""
    return _pair(log, plan, (Code.WORKER_ON,), (Code.WORKER_OFF,))


def posted_spells(log: EventLog, plan: Plan) -> Spells:
    """Stretches in the head count, on duty or not."""
    return _pair(log, plan, (Code.POST,), (Code.WITHDRAWN,))


def overtime_spells(log: EventLog) -> Spells:
    """Stretches at the end of tasks that lasted beyond the end of a shift."""
    rows = np.flatnonzero((log.code == Code.WORKER_OFF) & (log.amount > 0))
    stop = log.time[rows]
    return Spells(stop - log.amount[rows], stop, log.worker[rows], log.request[rows])


def _pair(
    log: EventLog, plan: Plan, opening: tuple[Code, ...], ending: tuple[Code, ...]
) -> Spells:
    end, n_workers = plan.end, len(plan.worker_pool)
    kind = np.zeros(max(Code) + 1, np.int64)
    kind[list(opening)], kind[list(ending)] = 1, 2
    rows = np.flatnonzero(kind[log.code])
    rows = rows[order_of(log.worker[rows], n_workers)]
    worker, time, opens = log.worker[rows], log.time[rows], kind[log.code[rows]] == 1
    stop = np.full(len(rows), end)
    stop[:-1] = np.where(worker[1:] == worker[:-1], time[1:], end)
    return Spells(time[opens], stop[opens], worker[opens], log.request[rows][opens])


def clip(spells: Spells, begin: int, end: int) -> Spells:
    """Return the parts of stretches that lie between two instants."""
    start, stop = np.maximum(spells.start, begin), np.minimum(spells.stop, end)
    inside = start < stop
    return Spells(start[inside], stop[inside], spells.worker[inside], spells.request[inside])


def cut(spells: Spells, instants: Ints) -> tuple[Spells, Ints]:
    """Cut stretches at rising instants; also return the interval that each piece lies in.

    Interval k runs from instant k to the next one; nothing starts before the first.
    """
    if len(instants) == 1:
        return spells, np.zeros(len(spells.start), np.int64)
    first = np.searchsorted(instants, spells.start, side="right") - 1
    last = np.maximum(first, np.searchsorted(instants, spells.stop, side="left") - 1)
    pieces = last - first + 1
    whole = np.repeat(np.arange(len(first)), pieces)
    nth = np.arange(len(whole)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    interval = first[whole] + nth
    upper = np.append(instants[1:], np.iinfo(np.int64).max)
    start = np.maximum(spells.start[whole], instants[interval])
    stop = np.minimum(spells.stop[whole], upper[interval])
    return Spells(start, stop, spells.worker[whole], spells.request[whole]), interval


def mode_history(log: EventLog, plan: Plan) -> ModeHistory:
    """Replay the rows that say where modes came into force and ended."""
    has_modes = len(plan.mode_level) > 1
    rows = rows_of(log, Code.MODE_ENTER, Code.MODE_LEAVE) if has_modes else ()
    own = np.zeros(len(plan.place_parent), np.int64)
    times, modes = [0], [own.copy()]
    for row in rows:
        entered = log.code[row] == Code.MODE_ENTER
        own[log.place[row]] = log.mode[row] if entered else 0
        now = int(log.time[row])
        if times[-1] != now:
            times.append(now)
            modes.append(own)
        modes[-1] = _in_force(plan, own)
    return ModeHistory(np.array(times, np.int64), np.array(modes))


def _in_force(plan: Plan, own: Ints) -> Ints:
    """The mode of each place: its own, or that of the nearest place above that has one."""
    found = np.zeros(len(own), np.int64)
    for level in range(plan.place_at.shape[1]):
        above = plan.place_at[:, level]
        at_level = np.where(above >= 0, own[above], 0)
        found = np.where(at_level > 0, at_level, found)
    return found


def mode_at(history: ModeHistory, time: Ints, place: Ints) -> Ints:
    """The mode in force at places at given times."""
    return history.mode[np.searchsorted(history.time, time, side="right") - 1, place]


def mode_lengths(history: ModeHistory, n_modes: int, begin: int, end: int) -> Ints:
    """How long each mode was in force at each place between two instants: [M, P]."""
    upper = np.append(history.time[1:], end)
    length = np.maximum(0, np.minimum(upper, end) - np.maximum(history.time, begin))
    total = np.zeros((n_modes, history.mode.shape[1]), np.int64)
    places = np.arange(history.mode.shape[1])
    for modes, stretch in zip(history.mode, length, strict=True):
        total[modes, places] += stretch
    return total


def time_by_mode_and_pool(spells: Spells, history: ModeHistory, plan: Plan) -> Ints:
    """Total length of stretches in the measuring window by mode and pool: [M, Q]."""
    inside = clip(spells, plan.warm_up, plan.window_end)
    pieces, interval = cut(inside, history.time)
    pool = plan.worker_pool[pieces.worker]
    mode = history.mode[interval, plan.pool_place[pool]]
    shape = (len(plan.mode_level), len(plan.pool_type))
    cell = mode * shape[1] + pool
    return sum_of(cell, pieces.stop - pieces.start, shape[0] * shape[1]).reshape(shape)


def of_requests(spells: Spells, keep: Ints) -> Spells:
    """Return the stretches spent on requests whose entry in `keep` is not 0."""
    kept = keep[spells.request] != 0
    return Spells(*(column[kept] for column in spells))
