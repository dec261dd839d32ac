"""Tables that grow during play, and how they do."""

from sys import getrefcount
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.layout import DemandTrace
from sim.engine.fast.build_aside import memory
from sim.engine.fast.jit import Tables
from sim.engine.fast.state import ALARM, ANSWER, BORN, ENTRY, EVENT, JOINT, LIFE, NARROW, NODE
from sim.eventlog import DTYPES
from sim.plan.layout import Int, Plan

Array = NDArray[Any]

FIRST_SLOTS = 4096
MANY = 2_000_000
"""Requests up to which the log has generous room from the beginning: 1.8 GB, most untouched."""
IN_BUCKET = 8
"""How many occurrences a bucket of the calendar should hold."""
ONLY_HERE = 2
"""References to an array that is in a list and asked about: of the list and of the question."""

_last: list[Array] = []
"""The memory of the last log; every view of it counts as a reference."""


def rooms(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    """Tables that grow during play; all but the log begin empty and small."""
    known, workers = len(trace.requests.key), len(plan.worker_pool)
    timers = 1 + int(np.diff(plan.timer_ptr).max(initial=0))
    return {
        **log_columns(_rows(known) + 16 * workers),
        "events": np.zeros(0, EVENT),
        "far": np.zeros(0, ENTRY),
        "buckets": np.full((plan.end >> bucket_width(plan, trace)) + 1, -1, NARROW),
        "slot_of": np.full(known, -1, NARROW),
        "born": np.zeros(0, BORN),
        "lives": np.zeros(0, LIFE),
        "queue": np.zeros(0, NODE),
        "visits": np.zeros((0, memory(plan)[2]), NARROW),
        "alarms": np.zeros((0, timers), ALARM),
        "joints": np.zeros(0, JOINT),
        "answers": np.zeros((0, int(np.diff(plan.join_ptr).max(initial=0))), ANSWER),
        "ranking": np.zeros(workers, NODE),
        "chosen": np.zeros(workers, np.int64),
        "loose": np.zeros(workers, np.int64),
    }


def _rows(known: int) -> int:
    """Rows to begin with: twice what most plans write, unless even that is much memory.

    Memory that is never written is never taken; a log that must grow is copied, and is there
    twice while it is.
    """
    return 20 * known if known <= MANY else 10 * known


def bucket_width(plan: Plan, trace: DemandTrace) -> int:
    """Binary digits of a bucket's length: some dozens of occurrences, at most 2**20 buckets."""
    occurrences = 4 * len(trace.requests.key) + len(plan.worker_pool) + FIRST_SLOTS
    wanted = plan.end * IN_BUCKET // occurrences
    return max(wanted.bit_length() - 1, plan.end.bit_length() - 20, 0)


def log_columns(least: int) -> dict[str, Array]:
    """Columns of the log; if they lay a power of two apart, they would crowd one cache set."""
    room = (least + 4096) // 512 * 512 + 40
    widths = [np.dtype(dtype).itemsize for dtype in DTYPES.values()]
    memory, columns = _memory(room * sum(widths)), {}
    for (name, dtype), width in zip(DTYPES.items(), widths, strict=True):
        mine, memory = memory[: room * width], memory[room * width :]
        columns[f"log_{name}"] = mine.view(dtype)
    return columns


def _memory(size: int) -> Array:
    """So many bytes: the last log's, if they are enough and nobody's any more.

    The first touch of memory costs as much as all that the engine writes there: a log of every
    replication in new memory makes playing a third slower.
    """
    if not _last or len(_last[0]) < size or getrefcount(_last[0]) > ONLY_HERE:
        _last[:] = [np.empty(size, np.uint8)]
    return _last[0]


def grow(tables: Tables, least: dict[str, int]) -> None:
    """Give each named table at least this much room."""
    for name, wanted in least.items():
        old: Int = getattr(tables, name)
        used = len(old)
        room = max(wanted, 2 * used)
        if name == "log_time":
            _grow_log(tables, room)
            continue
        new = np.zeros((room, *old.shape[1:]), old.dtype)
        new[:used] = old
        tables.put(name, new)
        if name == "lives":
            _link_free_slots(tables, used)
        elif name == "far":
            _link_spare_entries(tables, used)


def _grow_log(tables: Tables, room: int) -> None:
    used = int(tables.clock[0].n_rows)
    for name, column in log_columns(room).items():
        column[:used] = getattr(tables, name)[:used]
        tables.put(name, column)


def _link_free_slots(tables: Tables, first: int) -> None:
    clock, lives = tables.clock, tables.lives
    last = len(lives)
    lives["onward"][first : last - 1] = np.arange(first + 1, last)
    lives["onward"][last - 1] = clock[0].free if first and clock[0].n_free else -1
    clock[0].free = first
    clock[0].n_free += last - first


def _link_spare_entries(tables: Tables, first: int) -> None:
    clock, entries = tables.clock, tables.far
    entries["after"][first:] = np.arange(first + 1, len(entries) + 1)
    entries["after"][-1] = clock[0].spare
    clock[0].spare = first
