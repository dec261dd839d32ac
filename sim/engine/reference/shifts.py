"""Shifts: the boundaries of rota groups, and coming to and leaving the head count."""

from bisect import bisect_right

from sim.engine.reference.dispatch import become_idle, is_idle
from sim.engine.reference.vacancies import settle_in
from sim.engine.reference.work import ask, go_off, interrupt, is_at_post, offer, start, withdraw
from sim.engine.reference.world import KEPT, OVER, Task, World
from sim.plan.codes import Code, Phase, ShiftEnd


def group_is_on(world: World, group: int) -> bool:
    """Whether a rota group is on duty now (its boundaries at this instant included)."""
    plan = world.plan
    first, last = plan.group_ptr[group], plan.group_ptr[group + 1]
    entry = bisect_right(plan.group_on, world.calendar.instant, first, last) - 1
    return bool(entry >= first and plan.group_off[entry] > world.calendar.instant)


def schedule_boundary(world: World, group: int, ordinal: int) -> None:
    """Enter a boundary of the group: ordinal 2k is the k-th going on duty, 2k + 1 its end."""
    plan = world.plan
    entry = plan.group_ptr[group] + ordinal // 2
    if entry < plan.group_ptr[group + 1]:
        time = (plan.group_off if ordinal % 2 else plan.group_on)[entry]
        if time < plan.end:
            world.calendar.at(time, Phase.SHIFT, group, ordinal)


def boundary(world: World, subject: int, ordinal: int) -> None:
    """Phase SHIFT: a group's people go off duty or come on, or a mobilised worker arrives."""
    n_groups = len(world.members)
    if subject >= n_groups:
        _arrive(world, subject - n_groups, ordinal)
        return
    schedule_boundary(world, subject, ordinal + 1)
    workers = sorted(world.members[subject])
    if ordinal % 2:
        shift_ends(world, workers)
    else:
        shift_begins(world, workers)


def _arrive(world: World, worker: int, ordinal: int) -> None:
    if world.mobilising[worker] and world.called_up[worker] == ordinal:
        post(world, worker)
        if is_idle(world, worker):
            ask(world, worker)


def shift_begins(world: World, workers: list[int]) -> None:
    """Workers come on duty: kept tasks are resumed, then the others are dispatched."""
    coming = [worker for worker in workers if not come_on(world, worker)]
    for worker in coming:
        if is_idle(world, worker):
            ask(world, worker)


def come_on(world: World, worker: int) -> bool:
    """Bring one worker on duty; whether the worker is busy at once."""
    if world.on_duty[worker]:
        # Still finishing the last task of the shift before: it becomes part of this one.
        world.off_since[worker] = -1
        return True
    plan = world.plan
    pool = plan.worker_pool[worker]
    world.on_duty[worker] = True
    world.duty_since[worker] = world.calendar.instant
    world.log(Code.WORKER_ON, plan.pool_place[pool], pool=pool, worker=worker)
    kept = world.kept[worker]
    if kept is not None:
        world.kept[worker] = None
        start(world, kept, worker)
        return True
    become_idle(world, worker)
    return False


def shift_ends(world: World, workers: list[int]) -> None:
    """Workers go off duty under their pool's rule; then what they handed over is offered."""
    handed: list[Task] = []
    for worker in workers:
        handed += go_home(world, worker)
    for task in handed:
        offer(world, task)


def go_home(world: World, worker: int) -> list[Task]:
    """End one worker's shift; tasks that are handed over are returned, in no line yet."""
    if not world.on_duty[worker]:
        return []
    plan = world.plan
    pool = plan.worker_pool[worker]
    if world.task[worker] is None:
        go_off(world, worker)
        return []
    rule = plan.pool_shift_end[world.pool_mode[pool]][pool]
    if is_at_post(world, worker):
        rule = ShiftEnd.HAND_OVER
    if rule == ShiftEnd.FINISH:
        if world.off_since[worker] < 0:
            world.off_since[worker] = world.calendar.instant
        return []
    task = interrupt(world, worker, KEPT if rule == ShiftEnd.PAUSE else OVER)
    if rule == ShiftEnd.HAND_OVER and world.leaving[worker]:
        return [task, *withdraw(world, worker)]
    go_off(world, worker)
    return [task] if rule == ShiftEnd.HAND_OVER else []


def post(world: World, worker: int) -> None:
    """Add a worker to the head count; on duty at once if the group is."""
    plan = world.plan
    pool = plan.worker_pool[worker]
    world.mobilising[worker] = False
    world.posted[worker] = True
    world.log(Code.POST, plan.pool_place[pool], pool=pool, worker=worker)
    settle_in(world, worker)
    join_group(world, worker, plan.worker_group[world.pool_mode[pool]][worker])


def join_group(world: World, worker: int, group: int) -> None:
    """Put a posted worker into a rota group; the caller lets idle workers ask."""
    old = world.group[worker]
    if old >= 0:
        world.members[old].discard(worker)
    world.group[worker] = group
    world.members[group].add(worker)
    if group_is_on(world, group):
        come_on(world, worker)


def set_head_count(
    world: World, pool: int, count: int, *, pause: bool
) -> tuple[list[int], list[Task]]:
    """Cut a pool to `count`, or name the workers to be added, in order of number.

    Tasks that came loose are returned as well: they are offered once all pools are cut, so
    that nobody takes them who is about to go.
    """
    plan = world.plan
    workers = range(plan.pool_first[pool], plan.pool_first[pool + 1])
    there = [w for w in workers if world.posted[w] and not world.leaving[w]]
    # A post that somebody leaves for good counts as long as a newcomer is to take it.
    coming = [w for w in workers if world.mobilising[w] or _is_refilled(world, w)]
    loose: list[Task] = []
    excess = len(there) + len(coming) - count
    if excess > 0:
        for worker in coming[-excess:]:
            world.mobilising[worker] = world.refill[worker] = False
            excess -= 1
        for worker in sorted(there, key=lambda w: _leaves_first(world, w))[: max(0, excess)]:
            loose += _dismiss(world, worker, pause=pause)
        return [], loose
    back = [w for w in workers if world.posted[w] and world.leaving[w]]
    returning = [w for w in back if not _is_refilled(world, w)][:-excess]
    for worker in returning:
        if world.quitting[worker]:
            world.refill[worker] = True
        else:
            world.leaving[worker] = False
    free = [w for w in workers if not world.posted[w] and not world.mobilising[w]]
    return free[: -excess - len(returning)], loose


def _is_refilled(world: World, worker: int) -> bool:
    """Whether somebody who is about to leave for good will be replaced."""
    return world.quitting[worker] and world.refill[worker]


def _leaves_first(world: World, worker: int) -> tuple[int, int, int]:
    """Sort key: idle longest first (off duty counts as longest), then the latest started."""
    if world.plan.pool_leaves[world.plan.worker_pool[worker]]:
        return (0, -worker, 0)
    task = world.task[worker]
    if task is not None:
        return (1, -task.started_at, -worker)
    return (0, world.idle_since[worker] if world.on_duty[worker] else -1, worker)


def _dismiss(world: World, worker: int, *, pause: bool) -> list[Task]:
    if world.task[worker] is None:
        return withdraw(world, worker)
    if pause or is_at_post(world, worker):
        return [interrupt(world, worker), *withdraw(world, worker)]
    world.leaving[worker] = True
    return []
