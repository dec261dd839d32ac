"""Work: starting, interrupting and ending tasks, and the worker's state around them."""

from sim.engine.fast.codes import (
    END,
    KEPT,
    NOBODY,
    OVER,
    PAUSE,
    PHASE_END,
    RESUME,
    RUNNING,
    START,
    WITHDRAWN,
    WORKER_OFF,
)
from sim.engine.fast.dispatch import (
    become_idle,
    come_loose,
    find_task,
    find_victim,
    find_worker,
    join_line,
    leave_bench,
    leave_line,
    release_owner,
)
from sim.engine.fast.heap import push
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.log import tell_work, tell_worker
from sim.engine.fast.state import clock, lives, loose, pool_modes, pools, steps, workers
from sim.engine.fast.timers import disarm_on_start


@jit
def offer(w: Handle, slot: int) -> None:
    """Give a new or returned task a worker now, or let it wait in its line.

    Whose work is interrupted is offered next, and may interrupt in its turn.
    """
    while slot >= 0:
        life = lives(w)[slot]
        if life.owner != NOBODY and workers(w)[life.owner].posted == 0:
            life.owner = NOBODY  # who began it has left the head count
        worker = find_worker(w, slot)
        if worker != NOBODY:
            start(w, slot, worker)
            return
        victim = find_victim(w, slot)
        if victim == NOBODY:
            join_line(w, slot)
            return
        interrupted = interrupt(w, victim, OVER)
        start(w, slot, victim)
        slot = interrupted


@jit
def offer_loose(w: Handle) -> None:
    """Offer the tasks that came loose in this event, in that order."""
    c = clock(w)[0]
    for place in range(c.n_loose):
        offer(w, loose(w)[place])
    c.n_loose = 0


@jit
def start(w: Handle, slot: int, worker: int) -> None:
    """Begin or resume work on a task that is in no line."""
    life = lives(w)[slot]
    who = workers(w)[worker]
    now = clock(w)[0].instant
    leave_bench(w, worker)
    life.state = RUNNING
    life.worker = worker
    life.started_at = now
    life.productivity = pool_modes(w)[pools(w)[who.pool].mode, who.pool].productivity
    who.task = slot
    tell_work(w, START if life.begun == 0 else RESUME, slot, worker, life.rest)
    if life.begun == 0:
        life.begun = 1
        if steps(w)[life.task_step].same_worker != 0:
            life.owner = worker
        disarm_on_start(w, slot)
    who.end_at = now + _duration(life.rest, life.productivity)
    push(w, who.end_at, PHASE_END, worker, 0)


@jit
def _duration(rest: int, productivity: int) -> int:
    """Time for the rest, rounded up: rest · 1000 / productivity without overflow."""
    whole = min(rest // productivity, 1 << 51)
    part = rest % productivity * 1000
    return whole * 1000 + (part + productivity - 1) // productivity


@jit
def _done(elapsed: int, productivity: int) -> int:
    """Work done, rounded down: elapsed · productivity / 1000 without overflow."""
    return elapsed // 1000 * productivity + elapsed % 1000 * productivity // 1000


@jit
def interrupt(w: Handle, worker: int, state: int) -> int:
    """Stop the worker's running task where it is; the caller says what becomes of both."""
    who = workers(w)[worker]
    slot = who.task
    life = lives(w)[slot]
    elapsed = clock(w)[0].instant - life.started_at
    life.rest = max(0, life.rest - _done(elapsed, life.productivity))
    life.state = state
    who.task = -1
    who.end_at = -1
    tell_work(w, PAUSE, slot, worker, life.rest)
    if state == KEPT:
        who.kept = slot
    else:
        life.worker = NOBODY
    return int(slot)


@jit
def free(w: Handle, worker: int) -> None:
    """After a task: leave the head count, go off duty, or take the next task."""
    who = workers(w)[worker]
    if who.leaving != 0:
        clock(w)[0].n_loose = 0
        withdraw(w, worker)
        offer_loose(w)
    elif who.off_since >= 0:
        go_off(w, worker)
    else:
        become_idle(w, worker)
        ask(w, worker)


@jit
def finish(w: Handle, worker: int) -> int:
    """Settle the end of a task: the worker is free; the slot of the request that moves on."""
    who = workers(w)[worker]
    slot = who.task
    life = lives(w)[slot]
    who.task = -1
    who.end_at = -1
    life.state = OVER
    life.task = 0
    tell_work(w, END, slot, worker, 0)
    free(w, worker)
    return int(slot)


@jit
def ask(w: Handle, worker: int) -> None:
    """Let an idle worker take the next task, if there is one."""
    slot = find_task(w, worker)
    if slot >= 0:
        leave_line(w, slot, RUNNING)
        start(w, slot, worker)


@jit
def go_off(w: Handle, worker: int) -> None:
    """Go off duty now, with the overtime since the shift end that was passed."""
    who = workers(w)[worker]
    overtime = clock(w)[0].instant - who.off_since if who.off_since >= 0 else 0
    who.off_since = -1
    who.on_duty = 0
    leave_bench(w, worker)
    tell_worker(w, WORKER_OFF, worker, overtime)


@jit
def withdraw(w: Handle, worker: int) -> None:
    """Leave the head count now, with no running task; what nobody else could resume is loose.

    The caller offers it to others, once everybody who goes has gone.
    """
    who = workers(w)[worker]
    who.leaving = 0
    if who.on_duty != 0:
        go_off(w, worker)
    who.posted = 0
    who.group = -1
    tell_worker(w, WITHDRAWN, worker, 0)
    kept = who.kept
    if kept >= 0:
        who.kept = -1
        lives(w)[kept].worker = NOBODY
        lives(w)[kept].state = OVER
        come_loose(w, kept)
    release_owner(w, worker)
