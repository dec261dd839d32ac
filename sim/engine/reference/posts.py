"""Posts: opened and closed by the mode of their place, manned by whoever may, never done."""

from sim.engine.reference.expiry import divert
from sim.engine.reference.life import LEAVING
from sim.engine.reference.work import free, interrupt
from sim.engine.reference.world import RUNNING, Request, World
from sim.plan.codes import Phase


def adjust(world: World) -> None:
    """Open and close the posts whose place has another mode now, in order of number.

    Who stood at a post that closes is free when all have closed and opened.
    """
    plan = world.plan
    freed: list[int] = []
    for post, place in enumerate(plan.post_place):
        wanted = bool(plan.post_open[world.place_mode[place]][post])
        request = world.post_request[post]
        if wanted and request is None:
            _open(world, post)
        elif request is not None and not wanted:
            world.post_request[post] = None
            if request.number in world.requests:
                freed += _close(world, request)
    for worker in freed:
        free(world, worker)


def _open(world: World, post: int) -> None:
    plan, now = world.plan, world.calendar.instant
    request = Request(
        number=world.n_requests,
        reported_at=now,
        request_class=plan.post_class[post],
        source=-1,
        place=plan.post_home[post],
        household=-1,
        level=-1,
        ordinal=world.openings[post],
        key=plan.post_key[post],
        post=post,
    )
    world.openings[post] += 1
    world.n_requests += 1
    world.born.append(request)
    world.post_request[post] = request
    world.vacant_since[post] = now
    world.calendar.at(now, Phase.ARRIVAL, request.number, 0)


def arrived(world: World, request: Request) -> None:
    """Close a post at once that was closed in the very instant in which it opened."""
    if request.post >= 0 and world.post_request[request.post] is not request:
        for worker in _close(world, request):
            free(world, worker)


def _close(world: World, request: Request) -> list[int]:
    """Nobody need stand there any more: the duty leaves. Who stood there, if anybody."""
    task = request.task
    if task is None or task.state != RUNNING:
        divert(world, request, LEAVING)
        return []
    worker = task.worker
    interrupt(world, worker)
    request.task = None
    assert request.signal is not None
    request.signal.settle(LEAVING)
    return [worker]
