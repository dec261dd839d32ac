"""Levels that reviews write, as the rest of the engine reads them."""

from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.state import (
    level_limit,
    lives,
    places,
    pool_modes,
    pools,
    review_of_place,
    reviews,
    steps,
    subjects,
    workers,
)


@jit
def limit_of(w: Handle, slot: int, step: int, written: int) -> int:
    """The threshold of a step for a request: what is `written`, or the level in force."""
    here = steps(w)[step]
    if here.review < 0:
        return written
    life = lives(w)[slot]
    subject = review_of_place(w)[here.review, life.place]
    if subject < 0:
        return written
    levels = 2 * reviews(w)[here.review].most + 1
    row = here.limit + places(w)[life.place].mode * levels
    return level_limit(w)[row + subjects(w)[subject].level]  # type: ignore[no-any-return]


@jit
def pace_of(w: Handle, worker: int) -> int:
    """Productivity of a worker's next start, per mille of a standard worker; at least 1."""
    who = workers(w)[worker]
    pool = pools(w)[who.pool]
    pace = pool_modes(w)[pool.mode, who.pool].productivity
    if pool.pace != 1000:
        pace = pace * pool.pace // 1000
    if who.pace != 1000:
        pace = pace * who.pace // 1000
    return int(max(1, pace))
