"""Vacancies: posts that somebody has left for good, and the newcomers who take them."""

from sim.engine.fast.calendar import push
from sim.engine.fast.codes import FOR_HIRING, PACE, PHASE_SHIFT
from sim.engine.fast.draws import draw
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.log import log
from sim.engine.fast.state import (
    career_kinds,
    careers,
    clock,
    fatigue_pace,
    learning_pace,
    pools,
    workers,
)


@jit
def advertise(w: Handle, worker: int) -> None:
    """The person of a post has gone: the next one is on the way, if the post stays."""
    post = careers(w)[worker]
    who = workers(w)[worker]
    post.quitting = 0
    post.newcomer = 1
    if post.refill == 0:
        return
    post.person += 1
    delay = draw(w, post.hiring, FOR_HIRING, who.key, post.person)
    who.mobilising = 1
    who.called_up += 1
    who.arrives_at = clock(w)[0].instant + delay
    push(w, who.arrives_at, PHASE_SHIFT, clock(w)[0].n_groups + worker, 0)


@jit
def settle_in(w: Handle, worker: int) -> None:
    """Whoever is posted begins as a newcomer, if the person before has left for good."""
    post = careers(w)[worker]
    if post.newcomer != 0:
        post.newcomer = 0
        post.service = 0
        post.fatigue = 0
        post.week = 0
        set_pace(w, worker)


@jit
def set_pace(w: Handle, worker: int) -> None:
    """Work out a worker's own pace anew, and tell it if it changed."""
    who = workers(w)[worker]
    post = careers(w)[worker]
    pool = pools(w)[who.pool]
    kind = career_kinds(w)[pool.kind]
    learnt = 1000
    if post.service < kind.learning_end - kind.learning:
        learnt = learning_pace(w)[kind.learning + post.service]
    pace = max(1, learnt * fatigue_pace(w)[kind.fatigue + post.fatigue] // 1000)
    if pace != who.pace:
        who.pace = pace
        log(w, PACE, pool.place, -1, post.fatigue, who.pool, -1, worker, pace)
