"""Work: starting, interrupting and ending tasks, and the worker's state around them."""

from sim.engine.fast.calendar import push
from sim.engine.fast.codes import (
    CANCELLED,
    END,
    KEPT,
    MANNED,
    NOBODY,
    OVER,
    PART,
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
    is_idle,
    join_line,
    leave_bench,
    leave_line,
    release_owner,
)
from sim.engine.fast.gathering import find_members, wants
from sim.engine.fast.jit import Handle, jit, only_here
from sim.engine.fast.levels import pace_of
from sim.engine.fast.log import log, tell_work, tell_worker
from sim.engine.fast.parts import (
    cancel,
    enter,
    is_unneeded,
    new_part,
    part_ended,
    stop_calling,
)
from sim.engine.fast.slots import discard
from sim.engine.fast.state import (
    answers,
    careers,
    choices,
    clock,
    joins,
    joints,
    lives,
    loose,
    posts,
    seats,
    steps,
    workers,
)
from sim.engine.fast.timers import disarm_on_start
from sim.engine.fast.vacancies import advertise


@jit
def offer(w: Handle, slot: int) -> None:
    """Give a new or returned task a worker now, or let it wait in its line.

    Whose work is interrupted is offered next, and may interrupt in its turn.
    """
    while slot >= 0:
        life = lives(w)[slot]
        if life.state == CANCELLED:
            discard(w, slot)
            return
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
    life.productivity = pace_of(w, worker)
    who.task = slot
    tell_work(w, START if life.begun == 0 else RESUME, slot, worker, life.rest)
    if life.post >= 0:
        _man(w, slot, worker)
    if life.begun == 0:
        life.begun = 1
        if steps(w)[life.task_step].same_worker != 0:
            life.owner = worker
        disarm_on_start(w, joints(w)[slot].parent if life.joint == PART else slot)
    who.end_at = now + _duration(life.rest, life.productivity)
    push(w, who.end_at, PHASE_END, worker, 0)


@jit
def _man(w: Handle, slot: int, worker: int) -> None:
    """Tell how long the post was vacant."""
    life = lives(w)[slot]
    vacant = clock(w)[0].instant - posts(w)[life.post].vacant_since
    pool = workers(w)[worker].pool
    log(w, MANNED, life.place, life.number, life.post, pool, -1, worker, vacant)


@jit
def is_at_post(w: Handle, worker: int) -> bool:
    """Whether the worker stands at a post, and so has no task that ends."""
    task = workers(w)[worker].task
    return bool(task >= 0 and lives(w)[task].post >= 0)


@jit
def _duration(rest: int, productivity: int) -> int:
    """Time for the rest, rounded up: rest · 1000 / productivity without overflow."""
    if productivity == 1000:
        return rest
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
    if life.post >= 0:
        posts(w)[life.post].vacant_since = clock(w)[0].instant
    tell_work(w, PAUSE, slot, worker, life.rest)
    if is_unneeded(w, slot):
        cancel(w, slot)
    elif state == KEPT:
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
    elif clock(w)[0].first_gathering >= 0:
        become_idle(w, worker)
        ask(w, worker)
    else:
        _take_next(w, worker)


@jit
def _take_next(w: Handle, worker: int) -> None:
    """Take the next task or become idle; where no join waits, nobody looks in between."""
    workers(w)[worker].idle_since = clock(w)[0].instant
    slot = find_task(w, worker)
    if slot >= 0:
        leave_line(w, slot, RUNNING)
        start(w, slot, worker)
    else:
        become_idle(w, worker)


@jit
def finish(w: Handle, worker: int) -> int:
    """Settle the end of a task: the worker is free; the slot of the request that moves on.

    It is -1 where a join needs more than the part that has ended; else the step that follows
    a join stands in `redirect`.
    """
    who = workers(w)[worker]
    slot = who.task
    life = lives(w)[slot]
    who.task = -1
    who.end_at = -1
    life.state = OVER
    life.task = 0
    tell_work(w, END, slot, worker, 0)
    if life.joint == PART:
        parent = joints(w)[slot].parent
        step = part_ended(w, slot)
        slot = -1
        if step >= 0:
            slot = parent
            lives(w)[parent].redirect = step
    free(w, worker)
    return int(slot)


@jit
def ask(w: Handle, worker: int) -> None:
    """Let an idle worker take the next task, if there is one; joint tasks come first."""
    joint = clock(w)[0].first_gathering
    while joint >= 0:
        after = joints(w)[joint].right
        if wants(w, joint, worker):
            gather(w, joint)
            if not is_idle(w, worker):
                return
        joint = after
    slot = find_task(w, worker)
    if slot >= 0:
        leave_line(w, slot, RUNNING)
        start(w, slot, worker)


@jit
def gather(w: Handle, slot: int) -> None:
    """Begin a joint task, if enough members are free and have nothing more urgent to do.

    All begin the same work; from now on each has a task of the line it came from.
    """
    if not find_members(w, slot):
        return
    stop_calling(w, slot)
    join = joins(w)[joints(w)[slot].number]
    for part in range(join.last - join.first):
        for turn in range(seats(w)[part].count):
            worker = choices(w)[part, turn]
            if workers(w)[worker].member == part:
                task = new_part(w, slot, part, answers(w)[slot, part].line)
                enter(w, task)
                start(w, task, worker)


@only_here
def gather_all(w: Handle) -> None:
    """After a mode has changed who serves what: begin the joint tasks that can begin."""
    joint = clock(w)[0].first_gathering
    while joint >= 0:
        after = joints(w)[joint].right
        gather(w, joint)
        joint = after


@jit
def go_off(w: Handle, worker: int) -> None:
    """Go off duty now, with the overtime since the shift end that was passed."""
    who = workers(w)[worker]
    overtime = clock(w)[0].instant - who.off_since if who.off_since >= 0 else 0
    who.off_since = -1
    who.on_duty = 0
    post = careers(w)[worker]
    post.week += clock(w)[0].instant - post.duty_since
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
    if careers(w)[worker].quitting != 0:
        advertise(w, worker)
