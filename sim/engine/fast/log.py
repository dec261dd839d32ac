"""Rows of the event log, written where they happen."""

from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.state import (
    clock,
    lives,
    log_amount,
    log_code,
    log_line,
    log_mode,
    log_ordinal,
    log_phase,
    log_place,
    log_pool,
    log_request,
    log_time,
    log_worker,
    places,
    pools,
    workers,
)
from sim.engine.fast.tallies import count_row


@jit
def log(  # noqa: PLR0913, PLR0917 - the columns of a row
    w: Handle,
    code: int,
    place: int,
    request: int,
    ordinal: int,
    pool: int,
    line: int,
    worker: int,
    amount: int,
) -> None:
    """Write one row."""
    c = clock(w)[0]
    n = c.n_rows
    if n >= len(log_time(w)):
        c.overflow = 1
        return
    c.n_rows = n + 1
    log_time(w)[n] = c.instant
    log_phase(w)[n] = c.phase
    log_code(w)[n] = code
    log_request(w)[n] = request
    log_ordinal(w)[n] = ordinal
    log_place(w)[n] = place
    log_pool(w)[n] = pool
    log_line(w)[n] = line
    log_worker(w)[n] = worker
    log_mode(w)[n] = places(w)[place].mode
    log_amount(w)[n] = amount
    if c.n_readings != 0 and request >= 0:
        count_row(w, code, place, request, ordinal, worker, amount)


@jit
def tell(w: Handle, code: int, slot: int, ordinal: int, line: int, amount: int) -> None:
    """Write what happens to a request by itself."""
    life = lives(w)[slot]
    log(w, code, life.place, life.number, ordinal, -1, line, -1, amount)


@jit
def tell_work(w: Handle, code: int, slot: int, worker: int, amount: int) -> None:
    """Write what a worker does with a request's task."""
    life = lives(w)[slot]
    pool = workers(w)[worker].pool
    log(w, code, life.place, life.number, life.visit, pool, life.line, worker, amount)


@jit
def tell_worker(w: Handle, code: int, worker: int, amount: int) -> None:
    """Write what happens to a worker."""
    pool = workers(w)[worker].pool
    log(w, code, pools(w)[pool].place, -1, 0, pool, -1, worker, amount)
