"""Claim-then-push: who of the idle volunteers takes an offered task, if anybody does."""

from sim.engine.fast.codes import CLAIM, FOR_CLAIM, NOBODY, PUSH
from sim.engine.fast.dispatch import is_idle
from sim.engine.fast.draws import chance, index, next_key
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.levels import limit_of
from sim.engine.fast.log import log, tell
from sim.engine.fast.state import (
    chosen,
    line_of,
    lines,
    lives,
    pools,
    servers,
    steps,
    workers,
)


@jit
def claimant(w: Handle, slot: int, visit: int) -> int:
    """Offer the task round: the volunteer who accepts it, `NOBODY` if it has to be pushed.

    A task that is accepted belongs to the line of the volunteers from now on.
    """
    life = lives(w)[slot]
    here = steps(w)[life.step]
    line = line_of(w)[here.claim, life.place]
    asked = _candidates(w, line)
    offer = next_key(life.key, visit << 32 | int(here.key))
    limit = limit_of(w, slot, life.step, here.accept)
    rank = 0
    while rank < asked and chance(w, limit, FOR_CLAIM, offer, rank + 1) == 0:
        rank += 1
    if rank == asked:
        tell(w, PUSH, slot, 0, line, asked)
        return NOBODY
    first = index(w, asked, FOR_CLAIM, offer, 0)
    worker = chosen(w)[(first + rank) % asked]
    life.line = line
    pool = workers(w)[worker].pool
    log(w, CLAIM, life.place, life.number, rank, pool, line, worker, asked)
    return int(worker)


@jit
def _candidates(w: Handle, line: int) -> int:
    """How many idle workers serve the line; they are the first of `chosen`, by number."""
    found = 0
    pool = _next_pool(w, line, -1)
    while pool >= 0:
        for worker in range(pools(w)[pool].first, pools(w)[pool].last):
            if is_idle(w, worker):
                chosen(w)[found] = worker
                found += 1
        pool = _next_pool(w, line, pool)
    return found


@jit
def _next_pool(w: Handle, line: int, after: int) -> int:
    """The pool with the smallest number above `after` that serves the line now, -1 if none."""
    best = -1
    for place in range(lines(w)[line].first, lines(w)[line].last):
        server = servers(w)[place]
        if server.pool <= after or (best >= 0 and server.pool >= best):
            continue
        if pools(w)[server.pool].mode == server.mode:
            best = server.pool
    return int(best)
