"""The rows of a log with names instead of numbers, one at a time.

A log has millions of rows; as Python objects they would fill the memory that its columns
leave. So rows are named in blocks and handed on at once, in the order of the log or, for
formats that keep each request's rows together, request by request.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from sim.errors import Language
from sim.eventlog import EventLog, Int
from sim.exchange.activities import Activity, activity_of, named
from sim.plan.layout import Plan

BLOCK: Final = 4_000
ZONE: Final = "+08:00"
"""Run starts are Beijing time, which has no daylight saving."""


class Step(NamedTuple):
    """One row; what does not apply is empty."""

    row: int
    time: int
    """µs from time 0."""
    stamp: str
    """Date and time with its zone, as ISO 8601."""
    code: int
    activity: Activity
    name: str
    """Of the activity: of the line for work in a line."""
    request: int
    place: str
    pool: str
    line: str
    worker: int
    worker_name: str
    mode: str


class Naming(NamedTuple):
    """Names of everything by number."""

    places: tuple[str, ...]
    pools: tuple[str, ...]
    lines: tuple[str, ...]
    workers: tuple[str, ...]
    modes: tuple[str, ...]


def naming(plan: Plan) -> Naming:
    """The names that rows of this plan's logs use."""
    names = plan.names
    pools = tuple(
        f"{names.pool_types[kind]}@{names.places[place]}"
        for kind, place in _pairs(plan.pool_type, plan.pool_place)
    )
    first = plan.pool_first.tolist()
    workers = tuple(
        f"{pools[pool]}#{number - first[pool] + 1}"
        for number, pool in enumerate(plan.worker_pool.tolist())
    )
    lines = tuple(names.line_types[kind] for kind in plan.line_type.tolist())
    return Naming(names.places, pools, lines, workers, names.modes)


def _pairs(first: Int, second: Int) -> Iterator[tuple[int, int]]:
    yield from zip(first.tolist(), second.tolist(), strict=True)


def steps(
    log: EventLog, plan: Plan, lang: Language = "en", rows: Int | None = None
) -> Iterator[Step]:
    """The rows of a log, named.

    Parameters
    ----------
    log
        Of one replication.
    plan
        That it was played by.
    lang
        Of the names of activities; names of the scenario stay as they are.
    rows
        Numbers of the rows wanted, in this order; all by default.
    """
    wanted = np.arange(log.n_rows) if rows is None else rows
    known = naming(plan)
    for start in range(0, len(wanted), BLOCK):
        yield from _block(log, plan, known, lang, wanted[start : start + BLOCK])


def of_requests(log: EventLog) -> Int:
    """Rows about a request, in the order of the log."""
    return np.flatnonzero(log.request >= 0)


def by_request(log: EventLog) -> Int:
    """Rows about a request, those of one request together, each in the order of the log."""
    rows = of_requests(log)
    return rows[np.argsort(log.request[rows], kind="stable")]


def stamps(plan: Plan, times: Int) -> list[str]:
    """Instants as ISO 8601 with their zone."""
    begin = np.datetime64(plan.start_ns // 1000, "us")
    texts = np.datetime_as_string(begin + times.astype("timedelta64[us]"), unit="us")
    return [f"{text}{ZONE}" for text in texts.tolist()]


def _block(
    log: EventLog, plan: Plan, known: Naming, lang: Language, rows: Int
) -> Iterator[Step]:
    columns = ("time", "code", "request", "place", "pool", "line", "worker", "mode")
    values = [getattr(log, name)[rows].tolist() for name in columns]
    clock = stamps(plan, log.time[rows])
    for row, stamp, *cells in zip(rows.tolist(), clock, *values, strict=True):
        time, code, request, place, pool, line, worker, mode = cells
        activity = activity_of(code)
        line_name = _name(known.lines, line)
        yield Step(
            row=row,
            time=time,
            stamp=stamp,
            code=code,
            activity=activity,
            name=line_name if activity.in_line and line_name else named(activity, lang),
            request=request,
            place=_name(known.places, place),
            pool=_name(known.pools, pool),
            line=line_name,
            worker=worker,
            worker_name=_name(known.workers, worker),
            mode=_name(known.modes, mode),
        )


def _name(names: tuple[str, ...], number: int) -> str:
    return names[number] if number >= 0 else ""


class Case(NamedTuple):
    """What is known of a request before anything happens to it."""

    number: int
    request_class: str
    place: str
    level: str
    source: str


def cases(log: EventLog, plan: Plan) -> Iterator[Case]:
    """Every request of a log."""
    names, table = plan.names, log.requests
    columns: tuple[Any, ...] = (
        table.request_class,
        table.place,
        table.level,
        table.source,
    )
    for start in range(0, len(table.key), BLOCK):
        part = (column[start : start + BLOCK].tolist() for column in columns)
        for number, (kind, place, level, source) in enumerate(zip(*part, strict=True), start):
            yield Case(
                number,
                _name(names.classes, kind),
                _name(names.places, place),
                _name(names.rungs, level),
                _name(names.sources, source),
            )
