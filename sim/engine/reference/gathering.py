"""Gathering: whether enough members of a joint task are free at one instant, and who they are.

Nobody is reserved: a joint task that waits is looked at when a line answers, when a worker asks
for work, and after a mode has changed.
"""

from sim.engine.reference.dispatch import find_task, is_idle, served, servers
from sim.engine.reference.world import Joint, World
from sim.plan.codes import Suspension

Members = list[tuple[int, int]]
"""Pairs of a part and its worker, in order of part."""


def in_order(world: World) -> list[Joint]:
    """The joint tasks that wait for their members, first come first."""

    def key(joint: Joint) -> tuple[int, int, int]:
        return (joint.request.priority, joint.since, joint.request.number)

    return sorted(world.gathering, key=key)


def wanting(world: World, worker: int) -> list[Joint]:
    """Those of them in which the worker could take part."""
    lines = {line for line, _ in served(world, world.plan.worker_pool[worker])}
    return [joint for joint in in_order(world) if not lines.isdisjoint(joint.present.values())]


def find_members(world: World, joint: Joint) -> Members:
    """Who begins the joint task now; nobody while too few are free."""
    plan, request = world.plan, joint.request
    if joint.is_closing or len(joint.present) < joint.need:
        return []
    suspended = plan.class_suspended[world.place_mode[request.place]][request.request_class]
    if suspended == Suspension.HOLD:
        return []
    choices = {
        part: _free(world, joint.present[part], request.priority, len(joint.present))
        for part in sorted(joint.present)
    }
    holder: dict[int, int] = {}
    for part in choices:
        _place(part, choices, holder, set())
        if len(holder) == joint.need:
            return sorted((part, worker) for worker, part in holder.items())
    return []


def _free(world: World, line: int, priority: int, most: int) -> list[int]:
    """Idle workers of the line with nothing more urgent to take, in the order of dispatch.

    With as many as there are parts one is always left, so that no more are looked for.
    """
    plan = world.plan
    found: list[int] = []
    for rank, pool in _by_rank(servers(world, line)):
        del rank
        idle = [
            (world.idle_since[worker], worker)
            for each in pool
            for worker in range(plan.pool_first[each], plan.pool_first[each + 1])
            if is_idle(world, worker)
        ]
        for _, worker in sorted(idle):
            task = find_task(world, worker)
            if worker not in found and (task is None or task.request.priority >= priority):
                found.append(worker)
                if len(found) == most:
                    return found
    return found


def _by_rank(ranked: list[tuple[int, int]]) -> list[tuple[int, list[int]]]:
    pools: dict[int, list[int]] = {}
    for rank, pool in ranked:
        pools.setdefault(rank, []).append(pool)
    return list(pools.items())


def _place(
    part: int, choices: dict[int, list[int]], holder: dict[int, int], asked: set[int]
) -> bool:
    """Give the part a worker, if need be one whose own part finds another in the same way."""
    for worker in choices[part]:
        if worker not in holder:
            holder[worker] = part
            return True
    for worker in choices[part]:
        if worker not in asked:
            asked.add(worker)
            if _place(holder[worker], choices, holder, asked):
                holder[worker] = part
                return True
    return False
