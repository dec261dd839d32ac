"""Vacancies: posts that somebody has left for good, and the newcomers who take them."""

from sim.demand.draws import draw
from sim.demand.purposes import Purpose
from sim.engine.reference.world import World
from sim.plan.codes import Code, Phase


def advertise(world: World, worker: int) -> None:
    """The person of a post has gone: the next one is on the way, if the post stays."""
    plan = world.plan
    world.quitting[worker] = False
    world.newcomer[worker] = True
    if not world.refill[worker]:
        return
    world.person[worker] += 1
    keys = world.key0, world.key1
    delay = draw(
        plan.law_table[world.hiring[worker]],
        *keys,
        Purpose.HIRING,
        plan.worker_key[worker],
        world.person[worker],
        world.tick,
    )
    world.mobilising[worker] = True
    world.called_up[worker] += 1
    due = world.calendar.instant + delay
    if due < plan.end:
        subject = len(world.members) + worker
        world.calendar.at(due, Phase.SHIFT, subject, world.called_up[worker])


def settle_in(world: World, worker: int) -> None:
    """Whoever is posted begins as a newcomer, if the person before has left for good."""
    if not world.newcomer[worker]:
        return
    world.newcomer[worker] = False
    world.service[worker] = 0
    world.fatigue[worker] = 0
    world.on_duty_this_week[worker] = 0
    set_pace(world, worker)


def set_pace(world: World, worker: int) -> None:
    """Work out a worker's own pace anew, and tell it if it changed."""
    plan = world.plan
    pool = plan.worker_pool[worker]
    kind = plan.pool_type[pool]
    first, last = plan.learning_ptr[kind], plan.learning_ptr[kind + 1]
    learnt = 1000
    if world.service[worker] < last - first:
        learnt = plan.learning_pace[first + world.service[worker]]
    tired = plan.fatigue_pace[plan.fatigue_ptr[kind] + world.fatigue[worker]]
    pace = max(1, learnt * tired // 1000)
    if pace != world.pace[worker]:
        world.pace[worker] = pace
        place, level = plan.pool_place[pool], world.fatigue[worker]
        world.log(Code.PACE, place, ordinal=level, pool=pool, worker=worker, amount=pace)
