"""Levels that reviews write, as the rest of the engine reads them."""

from sim.engine.reference.world import Request, World


def limit_of(world: World, request: Request, step: int, written: int) -> int:
    """The threshold of a step for a request: what is `written`, or the level in force."""
    plan = world.plan
    review = plan.step_review[step]
    if review < 0:
        return written
    subject = plan.review_of_place[review][request.place]
    if subject < 0:
        return written
    levels = 2 * plan.review_most[review] + 1
    row = plan.step_limit[step] + world.place_mode[request.place] * levels
    return int(plan.level_limit[row + world.level[subject]])


def pace_of(world: World, worker: int) -> int:
    """Productivity of a worker's next start, per mille of a standard worker; at least 1."""
    plan = world.plan
    pool = plan.worker_pool[worker]
    base = plan.pool_productivity[world.pool_mode[pool]][pool]
    return max(1, int(base * world.pool_pace[pool] // 1000 * world.pace[worker] // 1000))
