"""Posts: opened and closed by the mode of their place, manned by whoever may, never done."""

from sim.engine.fast.codes import LEAVING, OVER, RUNNING
from sim.engine.fast.expiry import divert
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.life import resume
from sim.engine.fast.slots import announce
from sim.engine.fast.state import (
    born,
    clock,
    lives,
    places,
    post_open,
    posts,
    slot_of,
)
from sim.engine.fast.work import free, interrupt


@jit
def adjust(w: Handle) -> None:
    """Open and close the posts whose place has another mode now, in order of number.

    Who stood at a post that closes is free when all have closed and opened.
    """
    for number in range(len(posts(w))):
        post = posts(w)[number]
        wanted = post_open(w)[places(w)[post.place].mode, number]
        post.freed = -1
        if wanted != 0 and post.request < 0:
            _open(w, number)
        elif wanted == 0 and post.request >= 0:
            slot = slot_of(w)[post.request]
            post.request = -1
            if slot >= 0:
                post.freed = _close(w, slot)
    for number in range(len(posts(w))):
        if posts(w)[number].freed >= 0:
            free(w, posts(w)[number].freed)


@jit
def _open(w: Handle, number: int) -> None:
    c = clock(w)[0]
    post = posts(w)[number]
    row = announce(w, c.instant)
    new = born(w)[row]
    new.request_class = post.duty
    new.source = -1
    new.place = post.home
    new.household = -1
    new.level = -1
    new.ordinal = post.openings
    new.key = post.key
    new.post = number
    post.openings += 1
    post.request = c.n_known + row
    post.vacant_since = c.instant
    slot_of(w)[post.request] = -1


@jit
def arrived(w: Handle, number: int) -> None:
    """Close a post at once that was closed in the very instant in which it opened."""
    slot = slot_of(w)[number]
    if slot < 0:
        return
    post = lives(w)[slot].post
    if post >= 0 and posts(w)[post].request != number:
        worker = _close(w, slot)
        if worker >= 0:
            free(w, worker)


@jit
def _close(w: Handle, slot: int) -> int:
    """Nobody need stand there any more: the duty leaves. Who stood there, -1 if nobody."""
    life = lives(w)[slot]
    if life.task == 0 or life.state != RUNNING:
        divert(w, slot, LEAVING)
        return -1
    worker = int(life.worker)
    interrupt(w, worker, OVER)
    life.task = 0
    resume(w, slot, LEAVING)
    return worker
