"""Dispatch: which worker a task gets, and which task a worker takes."""

from sim.engine.fast.codes import CANCELLED, HELD, HOLD, NOBODY, OVER, WAITING
from sim.engine.fast.counts import count
from sim.engine.fast.heap import insert, remove
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.log import tell
from sim.engine.fast.slots import discard
from sim.engine.fast.state import (
    classes,
    clock,
    lines,
    lives,
    loose,
    pool_modes,
    pools,
    queue,
    ranking,
    servers,
    serves,
    workers,
)


@jit
def _enqueue(w: Handle, slot: int) -> None:
    life = lives(w)[slot]
    line = lines(w)[life.line]
    line.root = insert(queue(w), line.root, slot, life.task_priority, life.since, life.number)


@jit
def _dequeue(w: Handle, slot: int) -> None:
    line = lines(w)[lives(w)[slot].line]
    line.root = remove(queue(w), line.root, slot)


@jit
def _reserve(w: Handle, slot: int, worker: int) -> None:
    """Keep a waiting task for the only worker who may resume it."""
    nodes = queue(w)
    who = workers(w)[worker]
    nodes[slot].before = -1
    nodes[slot].after = who.reserved
    if who.reserved >= 0:
        nodes[who.reserved].before = slot
    who.reserved = slot


@jit
def _unreserve(w: Handle, slot: int, worker: int) -> None:
    nodes = queue(w)
    before = nodes[slot].before
    after = nodes[slot].after
    if before < 0:
        workers(w)[worker].reserved = after
    else:
        nodes[before].after = after
    if after >= 0:
        nodes[after].before = before


@jit
def join_line(w: Handle, slot: int) -> None:
    """Let the task wait in its line; its place follows from its key, not from the moment."""
    life = lives(w)[slot]
    life.state = WAITING
    life.task_priority = life.priority
    lines(w)[life.line].waiting += 1
    count(w, slot, 0, 1)
    if life.owner != NOBODY:
        _reserve(w, slot, life.owner)
    else:
        _enqueue(w, slot)


@jit
def leave_line(w: Handle, slot: int, state: int) -> None:
    """Take the task out of its line and give it another state."""
    life = lives(w)[slot]
    life.state = state
    lines(w)[life.line].waiting -= 1
    count(w, slot, 0, -1)
    if life.owner != NOBODY:
        _unreserve(w, slot, life.owner)
    else:
        _dequeue(w, slot)


@jit
def move_in_line(w: Handle, slot: int) -> None:
    """Move a waiting task to where its request's present priority puts it."""
    life = lives(w)[slot]
    if life.task_priority == life.priority:
        return
    if life.owner != NOBODY:
        life.task_priority = life.priority
        return
    _dequeue(w, slot)
    life.task_priority = life.priority
    _enqueue(w, slot)


@jit
def release_owner(w: Handle, worker: int) -> None:
    """Take a departed worker's interrupted tasks out of their lines, to be offered anew."""
    root = -1
    slot = workers(w)[worker].reserved
    while slot >= 0:
        life = lives(w)[slot]
        root = insert(ranking(w), root, slot, life.task_priority, life.since, life.number)
        slot = queue(w)[slot].after
    while root >= 0:
        slot = root
        root = remove(ranking(w), root, slot)
        leave_line(w, slot, OVER)
        come_loose(w, slot)


@jit
def come_loose(w: Handle, slot: int) -> None:
    """Put a task, which is in no line, among those that are offered within this event."""
    c = clock(w)[0]
    if lives(w)[slot].state == CANCELLED:
        discard(w, slot)
        return
    loose(w)[c.n_loose] = slot
    c.n_loose += 1


@jit
def is_idle(w: Handle, worker: int) -> bool:
    """Whether the worker is on duty with nothing to do."""
    who = workers(w)[worker]
    return bool(who.on_duty != 0 and who.task < 0)


@jit
def become_idle(w: Handle, worker: int) -> None:
    """Note that the worker is idle from now on.

    That is behind all others but those of this instant with a higher number.
    """
    leave_bench(w, worker)
    now = clock(w)[0].instant
    who = workers(w)[worker]
    who.idle_since = now
    who.benched = 1
    pool = pools(w)[who.pool]
    before = pool.last_idle
    while before > worker and workers(w)[before].idle_since == now:
        before = workers(w)[before].idle_before
    if before < 0:
        after = pool.first_idle
        pool.first_idle = worker
    else:
        after = workers(w)[before].idle_after
        workers(w)[before].idle_after = worker
    if after < 0:
        pool.last_idle = worker
    else:
        workers(w)[after].idle_before = worker
    who.idle_before = before
    who.idle_after = after


@jit
def leave_bench(w: Handle, worker: int) -> None:
    """Note that the worker is no longer idle, if it was."""
    who = workers(w)[worker]
    if who.benched == 0:
        return
    who.benched = 0
    before = who.idle_before
    after = who.idle_after
    if before < 0:
        pools(w)[who.pool].first_idle = after
    else:
        workers(w)[before].idle_after = after
    if after < 0:
        pools(w)[who.pool].last_idle = before
    else:
        workers(w)[after].idle_before = before


@jit
def find_worker(w: Handle, slot: int) -> int:
    """The idle worker for a task, NOBODY if there is none."""
    life = lives(w)[slot]
    if life.owner != NOBODY:
        return life.owner if is_idle(w, life.owner) else NOBODY
    line = lines(w)[life.line]
    best = NOBODY
    best_rank = 0
    best_since = 0
    for place in range(line.first, line.last):
        server = servers(w)[place]
        if best != NOBODY and server.rank > best_rank:
            break
        pool = pools(w)[server.pool]
        idlest = pool.first_idle
        if idlest < 0 or pool.mode != server.mode:
            continue
        since = workers(w)[idlest].idle_since
        if best == NOBODY or since < best_since or (since == best_since and idlest < best):
            best = idlest
            best_rank = server.rank
            best_since = since
    return best


@jit
def find_victim(w: Handle, slot: int) -> int:
    """The worker whose running task this one may interrupt, NOBODY if there is none."""
    life = lives(w)[slot]
    if classes(w)[life.request_class].preempts == 0 or life.owner != NOBODY:
        return NOBODY
    line = lines(w)[life.line]
    best = NOBODY
    lowest = life.priority
    latest = -1
    for place in range(line.first, line.last):
        server = servers(w)[place]
        pool = pools(w)[server.pool]
        if pool.mode != server.mode:
            continue
        for worker in range(pool.first, pool.last):
            who = workers(w)[worker]
            task = who.task
            if task < 0 or who.leaving != 0 or who.off_since >= 0:
                continue  # idle, or on the way out: such a worker takes no new work
            running = lives(w)[task]
            priority = running.priority
            started = running.started_at
            if classes(w)[running.request_class].preemptible == 0 or priority <= life.priority:
                continue
            if (
                priority > lowest
                or (priority == lowest and started > latest)
                or (priority == lowest and started == latest and worker > best)
            ):
                best = worker
                lowest = priority
                latest = started
    return best


@jit
def _comes_first(
    w: Handle, slot: int, rank: int, best: int, best_rank: int, by_rank: int
) -> bool:
    """Whether a worker takes one task rather than another, each with its line's rank."""
    a = lives(w)[slot]
    b = lives(w)[best]
    one = rank if by_rank != 0 else a.task_priority
    other = best_rank if by_rank != 0 else b.task_priority
    if one != other:
        return bool(one < other)
    one = a.task_priority if by_rank != 0 else rank
    other = b.task_priority if by_rank != 0 else best_rank
    if one != other:
        return bool(one < other)
    if a.since != b.since:
        return bool(a.since < b.since)
    return bool(a.number < b.number)


@jit
def find_task(w: Handle, worker: int) -> int:
    """The slot of the waiting task for an idle worker, -1 if there is none."""
    who = workers(w)[worker]
    serving = pool_modes(w)[pools(w)[who.pool].mode, who.pool]
    best = -1
    best_rank = 0
    for place in range(serving.first, serving.last):
        serve = serves(w)[place]
        line = lines(w)[serve.line]
        if line.waiting == 0:
            continue
        head = line.root
        if head >= 0 and (
            best < 0 or _comes_first(w, head, serve.rank, best, best_rank, serving.preference)
        ):
            best = head
            best_rank = serve.rank
        own = who.reserved
        while own >= 0:
            if lives(w)[own].line == serve.line and (
                best < 0
                or _comes_first(w, own, serve.rank, best, best_rank, serving.preference)
            ):
                best = own
                best_rank = serve.rank
            own = queue(w)[own].after
    return best


@jit
def is_full(w: Handle, slot: int) -> bool:
    """Whether the task's line has no room and nobody could take the task at once."""
    line = lines(w)[lives(w)[slot].line]
    if line.limit < 0 or line.waiting < line.limit:
        return False
    return find_worker(w, slot) == NOBODY and find_victim(w, slot) == NOBODY


@jit
def hold(w: Handle, slot: int) -> None:
    """Keep a task out of its line while its class is suspended."""
    life = lives(w)[slot]
    life.state = HELD
    tell(w, HOLD, slot, life.visit, life.line, 0)


@jit
def serves_line(w: Handle, pool: int, line: int) -> bool:
    """Whether a pool serves a line now."""
    serving = pool_modes(w)[pools(w)[pool].mode, pool]
    for place in range(serving.first, serving.last):  # noqa: SIM110 - Numba has no any()
        if serves(w)[place].line == line:
            return True
    return False
