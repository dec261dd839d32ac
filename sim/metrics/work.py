"""How the time of workers was spent: by mode and pool in the measuring window, and by day.

A long log in which one mode held throughout is looked at once by a compiled pass; else, and by
definition, stretches are cut out of it (`sim.metrics.spells`) and added up.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from sim.compiling import INTS, SMALL, TABLE, TINY, Loop, compiled, told
from sim.eventlog import EventLog
from sim.metrics.compiled import is_long
from sim.metrics.rows import NONE, Ints
from sim.metrics.spells import ModeHistory, duty_spells, mode_lengths, of_requests, task_spells
from sim.metrics.staff import StaffTime, staff_time
from sim.metrics.timeline import DAY, day_edges, time_by_day
from sim.plan.codes import Code
from sim.plan.layout import Plan

_OPENS, _ENDS = 1, 2
_TASK, _DUTY, _POST = range(3)
_KINDS = (
    ((Code.START, Code.RESUME), (Code.PAUSE, Code.END)),
    ((Code.WORKER_ON,), (Code.WORKER_OFF,)),
    ((Code.POST,), (Code.WITHDRAWN,)),
)
"""By kind of stretch, the codes that open and end it."""
_OFF = int(Code.WORKER_OFF)
_ON_REQUESTS, _ON_DUTIES, _ON_DUTY, _POSTED, _OVERTIME = range(5)


class Work(NamedTuple):
    """Time of workers."""

    staff: StaffTime
    by_day: Ints
    """[3, days] on requests, on duties and on duty, in worker-µs; the whole run."""


def work_of(log: EventLog, plan: Plan, history: ModeHistory) -> Work:
    """Measure how the time of all workers was spent."""
    if is_long(log) and len(history.time) == 1:
        return _at_once(log, plan, history)
    is_duty = plan.class_duty[log.requests.request_class]
    tasks = task_spells(log, plan)
    edges = day_edges(plan.start_ns, plan.end)
    spells = (
        of_requests(tasks, 1 - is_duty),
        of_requests(tasks, is_duty),
        duty_spells(log, plan),
    )
    by_day = [time_by_day(each.start, each.stop, edges)[1] for each in spells]
    return Work(staff_time(log, plan, history, tasks), np.array(by_day))


def _at_once(log: EventLog, plan: Plan, history: ModeHistory) -> Work:
    pools, workers = len(plan.pool_type), len(plan.worker_pool)
    kind = np.zeros((max(Code) + 1, 2), np.int64)
    for number, (opening, ending) in enumerate(_KINDS):
        kind[list(opening)] = _OPENS, number
        kind[list(ending)] = _ENDS, number
    edges = day_edges(plan.start_ns, plan.end)
    by_pool = np.zeros((5, pools), np.int64)
    by_day = np.zeros((3, len(edges) - 1), np.int64)
    since = np.full((workers, 3), NONE, np.int64)
    columns = (log.time, log.code, log.worker, log.request, log.amount)
    _look()(
        *columns,
        plan.class_duty[log.requests.request_class],
        plan.worker_pool,
        np.array([plan.warm_up, plan.window_end, plan.end, plan.start_ns // 1000 % DAY]),
        kind,
        edges,
        since,
        np.zeros(workers, np.int64),
        by_pool,
        by_day,
    )
    shape = (len(plan.mode_level), pools)
    found = [np.zeros(shape, np.int64) for _ in by_pool]
    mode = history.mode[0, plan.pool_place]
    for table, row in zip(found, by_pool, strict=True):
        table[mode, np.arange(pools)] = row
    lengths = mode_lengths(history, shape[0], plan.warm_up, plan.window_end)
    return Work(StaffTime._make([*found, lengths[:, plan.pool_place]]), by_day)


@cache
def _look() -> Loop:  # noqa: C901 - it holds the pass
    """Take in all rows."""
    version = told(globals())

    def look(  # noqa: C901, PLR0912, PLR0913, PLR0917 - one pass, as a compiler likes it
        time: Ints,
        codes: Ints,
        workers: Ints,
        requests: Ints,
        amount: Ints,
        is_duty: Ints,
        pool_of: Ints,
        frame: Ints,
        kinds: Ints,
        edges: Ints,
        since: Ints,
        on_duties: Ints,
        by_pool: Ints,
        by_day: Ints,
    ) -> None:
        version  # noqa: B018 - part of the cache's key because it is in the closure
        begin, end, over, before = frame[0], frame[1], frame[2], frame[3]
        rows = len(time)
        # Behind the last row all stretches that are still open end with the run.
        for row in range(rows + 3 * len(pool_of)):
            if row < rows:
                worker, code, now = workers[row], codes[row], time[row]
                change, kind = kinds[code, 0], kinds[code, 1]
                if change == 0 or worker < 0:
                    continue
                if code == _OFF and amount[row] > 0:
                    cut = min(now, end) - max(now - amount[row], begin)
                    if cut > 0:
                        by_pool[_OVERTIME, pool_of[worker]] += cut
            else:
                worker, kind, now = (row - rows) // 3, (row - rows) % 3, over
                change = _ENDS
            start = since[worker, kind]
            if start >= 0:
                column = _POSTED
                if kind == _DUTY:
                    column = _ON_DUTY
                elif kind == _TASK:
                    column = _ON_DUTIES if on_duties[worker] != 0 else _ON_REQUESTS
                length = min(now, end) - max(start, begin)
                if length > 0:
                    by_pool[column, pool_of[worker]] += length
                if kind != _POST:
                    day = (start + before) // DAY
                    while start < now:
                        stop = min(now, edges[day + 1])
                        by_day[column, day] += stop - start
                        start = stop
                        day += 1
            since[worker, kind] = -1
            if change == _OPENS:
                since[worker, kind] = now
                if kind == _TASK:
                    on_duties[worker] = is_duty[requests[row]]

    tables = "int64[:, ::1], int64[::1], int64[:, ::1], int64[:, ::1]"
    columns = ", ".join([INTS, TINY, SMALL, SMALL, *[INTS] * 4])
    return compiled(f"void({columns}, {TABLE}, {INTS}, {tables})", look)
