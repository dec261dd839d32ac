"""Tallies: what reviews count, read off the rows of the log as they are written."""

from collections.abc import Iterator
from functools import partial

from sim.engine.reference.timers import LIMIT
from sim.engine.reference.world import NOBODY, World
from sim.plan.codes import Code, Read

OF_CODE = {
    Code.ARRIVAL: Read.REPORTED,
    Code.HAZARD_FOUND: Read.FOUND,
    Code.HAZARD_SURFACED: Read.SURFACED,
    Code.CONTACT: Read.CONTACTS,
    Code.CLAIM: Read.CLAIMED,
    Code.PUSH: Read.PUSHED,
}
"""Codes of which every row counts as one thing; closings and verdicts say more."""


def begin_counting(world: World) -> None:
    """Let every row of the log be counted, where somebody reads the counts."""
    plan = world.plan
    for review in range(len(plan.review_effect)):
        for reading in range(plan.reading_ptr[review], plan.reading_ptr[review + 1]):
            readers = world.readers.setdefault(plan.reading_count[reading], [])
            readers.append((review, reading))
    if world.readers:
        world.watch = partial(count_row, world)


def count_row(  # noqa: PLR0917 - the columns of a row
    world: World, code: int, place: int, request: int, ordinal: int, worker: int, amount: int
) -> None:
    """One row of the log has been written."""
    if request < 0:
        return
    if code == Code.END:
        world.last_worker[request] = worker
    elif code == Code.MARK and ordinal == LIMIT:
        world.overdue.add(request)
    else:
        who = worker if worker != NOBODY else world.last_worker.get(request, NOBODY)
        for read in _read(world, code, request, amount):
            for review, reading in world.readers.get(read, ()):
                if world.plan.reading_class[reading][_class_of(world, request)]:
                    _add(world, review, reading, place, who)
        if code in (Code.DONE, Code.LEAVE):
            world.last_worker.pop(request, None)
            world.overdue.discard(request)


def _class_of(world: World, request: int) -> int:
    known = world.known[1]
    if request < len(known):
        return known[request]
    return world.born[request - len(known)].request_class


def _read(world: World, code: int, request: int, amount: int) -> Iterator[int]:
    if code in OF_CODE:
        yield OF_CODE[Code(code)]
    elif code == Code.CLOSE:
        yield Read.CLOSED
        if world.requests[request].limit >= 0:
            yield Read.LATE if request in world.overdue else Read.ON_TIME
    elif code == Code.VERDICT:
        if amount < 2:
            yield Read.UNRESOLVED
        if amount % 2 == 0:
            yield Read.UNSATISFIED


def _add(world: World, review: int, reading: int, place: int, worker: int) -> None:
    plan = world.plan
    subject = plan.review_of_place[review][place]
    if subject < 0 and worker >= 0:
        subject = plan.review_of_worker[review][worker]
    if subject < 0:
        return
    tally = world.base if plan.reading_base[reading] else world.score
    tally[subject] += plan.reading_weight[reading]
