"""Work: starting, interrupting and ending tasks, and the worker's state around them."""

from sim.demand.draws import draw
from sim.demand.purposes import Purpose
from sim.engine.reference.dispatch import (
    become_idle,
    find_task,
    find_victim,
    find_worker,
    is_idle,
    join_line,
    leave_line,
    release_owner,
)
from sim.engine.reference.gathering import Members, find_members, in_order, wanting
from sim.engine.reference.levels import pace_of
from sim.engine.reference.parts import cancel, is_unneeded, part_ended
from sim.engine.reference.timers import disarm_on_start
from sim.engine.reference.vacancies import advertise
from sim.engine.reference.world import (
    CANCELLED,
    KEPT,
    NOBODY,
    OVER,
    RUNNING,
    Joint,
    Request,
    Task,
    World,
)
from sim.keys import subkey
from sim.plan.codes import Code, Phase


def offer(world: World, task: Task) -> None:
    """Give a new or returned task a worker now, or let it wait in its line."""
    if task.state == CANCELLED:
        return
    if task.owner != NOBODY and not world.posted[task.owner]:
        task.owner = NOBODY  # who began it has left the head count
    worker = find_worker(world, task)
    if worker != NOBODY:
        start(world, task, worker)
        return
    victim = find_victim(world, task)
    if victim == NOBODY:
        join_line(world, task)
        return
    interrupted = interrupt(world, victim)
    start(world, task, victim)
    offer(world, interrupted)


def start(world: World, task: Task, worker: int) -> None:
    """Begin or resume work on a task that is in no line."""
    plan = world.plan
    request = task.request
    pool = plan.worker_pool[worker]
    task.state = RUNNING
    task.worker = worker
    task.started_at = world.calendar.instant
    task.productivity = pace_of(world, worker)
    world.task[worker] = task
    world.starts[worker] += 1
    code = Code.RESUME if task.begun else Code.START
    world.log(
        code, request.place, request.number, task.visit, pool, task.line, worker, task.rest
    )
    if request.post >= 0:
        _man(world, request, worker)
    if not task.begun:
        task.begun = True
        if plan.step_same_worker[task.step]:
            task.owner = worker
        disarm_on_start(world, task)
    duration = -(-task.rest * 1000 // task.productivity)
    if task.started_at + duration >= world.plan.end:
        return  # also so that a post has no end
    world.calendar.at(task.started_at + duration, Phase.END, worker, world.starts[worker])


def _man(world: World, request: Request, worker: int) -> None:
    """Tell how long the post was vacant."""
    vacant = world.calendar.instant - world.vacant_since[request.post]
    world.log(
        Code.MANNED,
        request.place,
        request.number,
        request.post,
        world.plan.worker_pool[worker],
        worker=worker,
        amount=vacant,
    )


def is_at_post(world: World, worker: int) -> bool:
    """Whether the worker stands at a post, and so has no task that ends."""
    task = world.task[worker]
    return task is not None and task.request.post >= 0


def interrupt(world: World, worker: int, state: int = OVER) -> Task:
    """Stop the worker's running task where it is; the caller says what becomes of both."""
    task = world.task[worker]
    assert task is not None
    elapsed = world.calendar.instant - task.started_at
    task.rest = max(0, task.rest - elapsed * task.productivity // 1000)
    task.state = state
    world.task[worker] = None
    world.starts[worker] += 1
    pool = world.plan.worker_pool[worker]
    request = task.request
    if request.post >= 0:
        world.vacant_since[request.post] = world.calendar.instant
    world.log(
        Code.PAUSE,
        request.place,
        request.number,
        task.visit,
        pool,
        task.line,
        worker,
        task.rest,
    )
    if is_unneeded(task):
        cancel(world, task)
    elif state == KEPT:
        world.kept[worker] = task
    else:
        task.worker = NOBODY
    return task


def end(world: World, worker: int, ordinal: int) -> None:
    """Phase END: the task is done, the worker is free, then the request moves on."""
    if world.starts[worker] != ordinal:
        return
    task = world.task[worker]
    assert task is not None
    request = task.request
    pool = world.plan.worker_pool[worker]
    world.task[worker] = None
    task.state = OVER
    world.log(Code.END, request.place, request.number, task.visit, pool, task.line, worker, 0)
    if task.joint is not None:
        step = part_ended(world, task)
        free(world, worker)
        if step >= 0:
            assert request.signal is not None
            request.signal.settle(step)
        return
    request.task = None
    free(world, worker)
    step = world.plan.step_next[task.step]
    if request.redirect >= 0:
        step, request.redirect = request.redirect, -1
    assert request.signal is not None
    request.signal.settle(step)


def free(world: World, worker: int) -> None:
    """After a task: leave the head count, go off duty, or take the next task."""
    if world.leaving[worker]:
        for task in withdraw(world, worker):
            offer(world, task)
    elif world.off_since[worker] >= 0:
        go_off(world, worker)
    else:
        become_idle(world, worker)
        ask(world, worker)


def ask(world: World, worker: int) -> None:
    """Let an idle worker take the next task, if there is one; joint tasks come first."""
    if world.gathering:
        for joint in wanting(world, worker):
            gather(world, joint)
            if not is_idle(world, worker):
                return
    task = find_task(world, worker)
    if task is not None:
        leave_line(world, task, RUNNING)
        start(world, task, worker)


def gather(world: World, joint: Joint) -> None:
    """Begin a joint task, if enough members are free and have nothing more urgent to do."""
    members = find_members(world, joint)
    if members:
        begin_together(world, joint, members)


def gather_all(world: World) -> None:
    """After a mode has changed who serves what: begin the joint tasks that can begin."""
    for joint in in_order(world):
        gather(world, joint)


def begin_together(world: World, joint: Joint, members: Members) -> None:
    """All members begin the same work; from now on each has a task of the line it came from."""
    world.gathering.remove(joint)
    joint.due.clear()
    for part, worker in members:
        task = new_task(world, joint, part, joint.present[part])
        enter(world, joint, task)
        start(world, task, worker)


def enter(world: World, joint: Joint, task: Task) -> None:
    """Make a task a part of the join, and log its entry into its line."""
    request = joint.request
    request.entries = task.visit
    joint.tasks.append(task)
    world.log(
        Code.ENTRY,
        request.place,
        request.number,
        task.visit,
        line=task.line,
        amount=request.priority,
    )


def new_task(world: World, joint: Joint, part: int, line: int) -> Task:
    """The task of one part; members of one sitting have the same work content."""
    plan, request = world.plan, joint.request
    entry = plan.join_ptr[joint.number] + part
    law = plan.join_law[entry]
    subject = request.key
    if not plan.join_together[joint.number]:
        subject = subkey(subject, plan.join_key[entry])
    rest = 0
    if law >= 0:
        keys = world.key0, world.key1
        table = plan.law_table[law]
        rest = draw(table, *keys, Purpose.WORK, subject, joint.visit, world.tick)
    now = world.calendar.instant
    return Task(request, joint.step, line, now, rest, request.entries + 1, joint=joint)


def go_off(world: World, worker: int) -> None:
    """Go off duty now, with the overtime since the shift end that was passed."""
    since = world.off_since[worker]
    overtime = world.calendar.instant - since if since >= 0 else 0
    world.off_since[worker] = -1
    world.on_duty[worker] = False
    world.on_duty_this_week[worker] += world.calendar.instant - world.duty_since[worker]
    pool = world.plan.worker_pool[worker]
    place = world.plan.pool_place[pool]
    world.log(Code.WORKER_OFF, place, pool=pool, worker=worker, amount=overtime)


def withdraw(world: World, worker: int) -> list[Task]:
    """Leave the head count now, with no running task; the tasks that nobody else could resume.

    The caller offers them to others, once everybody who goes has gone.
    """
    world.leaving[worker] = False
    if world.on_duty[worker]:
        go_off(world, worker)
    world.posted[worker] = False
    world.members[world.group[worker]].discard(worker)
    world.group[worker] = -1
    pool = world.plan.worker_pool[worker]
    world.log(Code.WITHDRAWN, world.plan.pool_place[pool], pool=pool, worker=worker)
    loose = release_owner(world, worker)
    kept = world.kept[worker]
    if kept is not None:
        world.kept[worker] = None
        kept.worker = NOBODY
        kept.state = OVER
        loose.insert(0, kept)
    if world.quitting[worker]:
        advertise(world, worker)
    return loose
