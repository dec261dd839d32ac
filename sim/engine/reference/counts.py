"""Counts of waiting tasks and open requests for the state triggers of modes."""

from sim.engine.reference.world import Request, World


def _count(world: World, request: Request, is_open: int, change: int) -> None:
    plan = world.plan
    n_modes = len(plan.mode_level)
    for rule in world.state_rules:
        counted = plan.state_class[rule][request.request_class]
        if counted and plan.state_open[rule] == is_open:
            scope = plan.place_at[request.place][plan.mode_level[rule % n_modes]]
            key = (rule, scope)
            world.state_count[key] = world.state_count.get(key, 0) + change


def count_waiting(world: World, request: Request, change: int) -> None:
    """A task of the request joins (+1) or leaves (-1) a line."""
    if world.state_rules:
        _count(world, request, 0, change)


def count_open(world: World, request: Request, change: int) -> None:
    """The request is reported or reopened (+1), or closed or gone (-1)."""
    if world.state_rules:
        _count(world, request, 1, change)
