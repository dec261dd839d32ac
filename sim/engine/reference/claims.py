"""Claim-then-push: who of the idle volunteers takes an offered task, if anybody does."""

from sim.demand.draws import chance
from sim.demand.purposes import Purpose
from sim.demand.streams import uniform64
from sim.engine.reference.dispatch import is_idle, servers
from sim.engine.reference.levels import limit_of
from sim.engine.reference.world import NOBODY, Task, World
from sim.keys import subkey
from sim.plan.codes import Code
from sim.plan.tables import index_below


def claimant(world: World, task: Task, visit: int) -> int:
    """Offer the task round: the volunteer who accepts it, `NOBODY` if it has to be pushed.

    A task that is accepted belongs to the line of the volunteers from now on.
    """
    plan = world.plan
    request, step = task.request, task.step
    line = plan.line_of[plan.step_claim[step]][request.place]
    candidates = _candidates(world, line)
    offer = subkey(request.key, visit << 32 | plan.step_key[step])
    limit = limit_of(world, request, step, plan.step_accept[step])
    rank = _accepter(world, offer, limit, len(candidates))
    asked = len(candidates)
    if rank == NOBODY:
        world.log(Code.PUSH, request.place, request.number, line=line, amount=asked)
        return NOBODY
    first = index_below(asked, uniform64(world.key0, world.key1, Purpose.CLAIM, offer, 0))
    worker = candidates[(first + rank) % asked]
    task.line = line
    world.log(
        Code.CLAIM,
        request.place,
        request.number,
        rank,
        plan.worker_pool[worker],
        line,
        worker,
        asked,
    )
    return worker


def _candidates(world: World, line: int) -> list[int]:
    """Idle workers on duty of the pools that serve the line, in order of number."""
    first = world.plan.pool_first
    workers = [
        worker
        for _, pool in servers(world, line)
        for worker in range(first[pool], first[pool + 1])
        if is_idle(world, worker)
    ]
    return sorted(workers)


def _accepter(world: World, offer: int, limit: int, asked: int) -> int:
    """How many decline before one accepts; `NOBODY` if all of them do."""
    for rank in range(asked):
        if chance(limit, world.key0, world.key1, Purpose.CLAIM, offer, rank + 1):
            return rank
    return NOBODY
