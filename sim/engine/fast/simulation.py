"""Playing one replication: tables made, the loop run, and the log handed over."""

from collections.abc import Callable
from functools import cache

import numpy as np

from sim.demand.layout import DemandTrace, no_demand
from sim.engine.fast.build import build
from sim.engine.fast.codes import FINISHED, GROW
from sim.engine.fast.jit import PLAIN, Handle, Tables, entry, fingerprint
from sim.engine.fast.lean import is_lean
from sim.engine.fast.loop import ONE_EVENT, loop
from sim.engine.fast.room import grow
from sim.errors import EngineError
from sim.eventlog import COLUMNS, EventLog, Requests
from sim.plan.layout import Plan


@cache
def _compiled(*, lean: bool) -> Callable[[Handle], int]:
    """The loop, compiled or from the cache; the fingerprint tells whether that is current."""
    version = fingerprint(), lean

    def run(w: Handle) -> int:
        version  # noqa: B018 - part of the cache's key because it is in the closure
        return loop(w)

    return entry(run, lean=lean)


def prepare(plan: Plan) -> None:
    """Compile what the plan needs, or find it in the cache, without playing anything."""
    if not PLAIN:
        lean = is_lean(build(plan, no_demand()))
        _compiled(lean=lean)


def play(plan: Plan, trace: DemandTrace) -> EventLog:
    """Play one replication with the compiled engine.

    Parameters
    ----------
    plan
        The compiled scenario.
    trace
        One replication's demand, drawn for this plan.

    Returns
    -------
    The rows of everything that happened before `plan.end`, in order.

    Raises
    ------
    EngineError
        If the plan has numbers beyond the engine's range, or one event beyond its tables.
    """
    tables = build(plan, trace)
    play_tables(tables, lean=is_lean(tables))
    return event_log(tables, trace)


def play_tables(tables: Tables, *, lean: bool) -> None:
    """Play from what is in the tables to the end.

    Parameters
    ----------
    tables
        Those of one replication; they grow where they must.
    lean
        With the code for lean plans, which must hold then; that for any plan plays the same.

    Raises
    ------
    EngineError
        If one event needs more than the tables hold.
    """
    run = _compiled(lean=lean)
    status = run(tables.handle)
    while status == GROW:
        _make_room(tables)
        status = run(tables.handle)
    if status != FINISHED:
        message = "one event needs more than the fast engine's tables hold"
        raise EngineError(f"{message}; play this scenario with engine: reference")


def _make_room(tables: Tables) -> None:
    """Grow what could be too small for the widest event, the others not at all."""
    clock = tables.clock[0]
    workers, alive = int(clock.n_workers), int(clock.alive)
    latent = int(clock.latent)
    many = 16 * workers + (32 + int(clock.most_timers)) * alive + 8 * int(clock.n_places)
    many += 8 * int(clock.join_width) * alive
    many += int(clock.n_gates) + int(clock.n_accounts)
    parts = int(clock.join_width) * (1 + int(clock.gathering) + alive)
    need = ONE_EVENT + latent + 8 * parts + many * (1 + int(clock.rules))
    slots = alive + latent + 2 + int(clock.n_posts)
    need += 4 * int(clock.n_posts)
    wanted = {
        "log_time": int(clock.n_rows) + need,
        "far": int(clock.n_events + clock.n_far) + need,
        "slot_of": int(clock.numbers) + slots,
        "born": int(clock.numbers - clock.n_known) + slots,
        "lives": max(0, len(tables.lives) - int(clock.n_free) + 2 + parts),
    }
    least = {name: room for name, room in wanted.items() if room > len(getattr(tables, name))}
    if "lives" in least:
        least["lives"] = max(4096, least["lives"])
    grow(tables, least)
    slots = len(tables.lives)
    beside = {"queue": slots, "visits": slots, "alarms": slots}
    if clock.n_joins:
        beside |= {"joints": slots, "answers": slots}
    beside |= {"events": len(tables.far)}
    beside |= {"ranking": max(slots, workers), "loose": max(slots, workers)}
    grow(tables, {n: room for n, room in beside.items() if len(getattr(tables, n)) < room})
    clock.most_numbers = min(len(tables.slot_of), int(clock.n_known) + len(tables.born))


def event_log(tables: Tables, trace: DemandTrace) -> EventLog:
    """The log in the tables, with the requests that came about in the run."""
    clock = tables.clock[0]
    rows = {name: getattr(tables, f"log_{name}")[: int(clock.n_rows)] for name in COLUMNS}
    born = tables.born[: int(clock.numbers - clock.n_known)]
    columns = trace.requests
    if len(born):
        columns = Requests(
            *(
                np.concatenate([column, born[name].astype(column.dtype)])
                for name, column in zip(Requests._fields, trace.requests, strict=True)
            )
        )
    return EventLog(**rows, requests=columns)
