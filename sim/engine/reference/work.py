"""Work: starting, interrupting and ending tasks, and the worker's state around them."""

from sim.engine.reference.dispatch import (
    become_idle,
    find_task,
    find_victim,
    find_worker,
    join_line,
    leave_line,
    release_owner,
)
from sim.engine.reference.timers import disarm_on_start
from sim.engine.reference.world import KEPT, NOBODY, OVER, RUNNING, Task, World
from sim.plan.codes import Code, Phase


def offer(world: World, task: Task) -> None:
    """Give a new or returned task a worker now, or let it wait in its line."""
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
    task.productivity = plan.pool_productivity[world.pool_mode[pool]][pool]
    world.task[worker] = task
    world.starts[worker] += 1
    code = Code.RESUME if task.begun else Code.START
    world.log(
        code, request.place, request.number, task.visit, pool, task.line, worker, task.rest
    )
    if not task.begun:
        task.begun = True
        if plan.step_same_worker[task.step]:
            task.owner = worker
        disarm_on_start(world, task)
    duration = -(-task.rest * 1000 // task.productivity)
    world.calendar.at(task.started_at + duration, Phase.END, worker, world.starts[worker])


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
    if state == KEPT:
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
    request.task = None
    world.log(Code.END, request.place, request.number, task.visit, pool, task.line, worker, 0)
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
    """Let an idle worker take the next task, if there is one."""
    task = find_task(world, worker)
    if task is not None:
        leave_line(world, task, RUNNING)
        start(world, task, worker)


def go_off(world: World, worker: int) -> None:
    """Go off duty now, with the overtime since the shift end that was passed."""
    since = world.off_since[worker]
    overtime = world.calendar.instant - since if since >= 0 else 0
    world.off_since[worker] = -1
    world.on_duty[worker] = False
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
    return loose
