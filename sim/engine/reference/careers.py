"""Careers: on Mondays people grow tired or recover, learn, and leave for good."""

from sim.demand.draws import chance
from sim.demand.purposes import Purpose
from sim.engine.reference.vacancies import set_pace
from sim.engine.reference.work import interrupt, is_at_post, offer, withdraw
from sim.engine.reference.world import Task, World
from sim.keys import subkey
from sim.plan.codes import Code, Phase

WEEK = 1
"""Subject of the weekly event among those of phase CONTROL; reviews follow."""


def schedule_week(world: World, ordinal: int) -> None:
    """Enter the n-th Monday."""
    if ordinal < len(world.plan.week_at):
        world.calendar.at(world.plan.week_at[ordinal], Phase.CONTROL, WEEK, ordinal)


def week_over(world: World, ordinal: int) -> None:
    """Phase CONTROL: levels move for everybody, then those who quit go."""
    schedule_week(world, ordinal + 1)
    plan = world.plan
    quitters: list[int] = []
    for pool, kind in enumerate(plan.pool_type):
        if not _has_career(world, kind):
            continue
        workers = range(plan.pool_first[pool], plan.pool_first[pool + 1])
        quitters += [w for w in workers if _lives_on(world, w, kind, ordinal)]
    let_go(world, quitters, 0, [plan.exit_law[_kind(world, w)] for w in quitters])


def _kind(world: World, worker: int) -> int:
    kind: int = world.plan.pool_type[world.plan.worker_pool[worker]]
    return kind


def _has_career(world: World, kind: int) -> bool:
    plan = world.plan
    learns = plan.learning_ptr[kind + 1] > plan.learning_ptr[kind]
    return bool(learns or plan.fatigue_norm[kind] >= 0 or plan.exit_law[kind] >= 0)


def _lives_on(world: World, worker: int, kind: int, week: int) -> bool:
    """Let a week pass for one worker; whether the worker leaves for good."""
    plan = world.plan
    hours = _hours(world, worker)
    if not world.posted[worker]:
        return False
    if plan.fatigue_norm[kind] >= 0:
        _tire(world, worker, kind, hours)
    world.service[worker] += 1
    set_pace(world, worker)
    if plan.exit_law[kind] < 0 or world.leaving[worker]:
        return False
    limit = plan.exit_limit[plan.fatigue_ptr[kind] + world.fatigue[worker]]
    person = subkey(plan.worker_key[worker], world.person[worker])
    return chance(limit, world.key0, world.key1, Purpose.ATTRITION, person, week)


def _hours(world: World, worker: int) -> int:
    """Time on duty since the last Monday; counting starts anew."""
    now = world.calendar.instant
    hours = world.on_duty_this_week[worker]
    if world.on_duty[worker]:
        hours += now - world.duty_since[worker]
        world.duty_since[worker] = now
    world.on_duty_this_week[worker] = 0
    return hours


def _tire(world: World, worker: int, kind: int, hours: int) -> None:
    plan = world.plan
    most = plan.fatigue_ptr[kind + 1] - plan.fatigue_ptr[kind] - 1
    beyond = hours - plan.fatigue_norm[kind]
    change = beyond // plan.fatigue_step[kind]
    if beyond <= 0:
        change = -plan.fatigue_recovery[kind]
    world.fatigue[worker] = min(most, max(0, world.fatigue[worker] + change))


def let_go(world: World, workers: list[int], cause: int, laws: list[int]) -> None:
    """People leave for good, at once or after the task that they are at, and are replaced."""
    plan = world.plan
    loose: list[Task] = []
    for worker, law in zip(workers, laws, strict=True):
        pool = plan.worker_pool[worker]
        place, level = plan.pool_place[pool], world.fatigue[worker]
        world.log(Code.EXIT, place, ordinal=cause, pool=pool, worker=worker, amount=level)
        world.quitting[worker] = world.refill[worker] = True
        world.hiring[worker] = law
        if is_at_post(world, worker):
            loose.append(interrupt(world, worker))
        if world.task[worker] is None:
            loose += withdraw(world, worker)
        else:
            world.leaving[worker] = True
    for task in loose:
        offer(world, task)
