"""Tallies: what reviews count, read off the rows of the log as they are written."""

from sim.engine.fast.codes import (
    ARRIVAL,
    CLAIM,
    CLOSE,
    CONTACT,
    END,
    HAZARD_FOUND,
    HAZARD_SURFACED,
    MARK,
    PUSH,
    READ_CLAIMED,
    READ_CLOSED,
    READ_CONTACTS,
    READ_FOUND,
    READ_LATE,
    READ_ON_TIME,
    READ_PUSHED,
    READ_REPORTED,
    READ_SURFACED,
    READ_UNRESOLVED,
    READ_UNSATISFIED,
    VERDICT,
)
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.state import (
    born,
    clock,
    known_class,
    lives,
    reading_class,
    readings,
    review_of_place,
    review_of_worker,
    slot_of,
    subjects,
)


@jit
def count_row(  # noqa: PLR0917 - the columns of a row
    w: Handle, code: int, place: int, request: int, ordinal: int, worker: int, amount: int
) -> None:
    """One row of the log has been written about a request."""
    if code == HAZARD_FOUND:
        _count(w, READ_FOUND, place, request, -1)
    elif code == HAZARD_SURFACED:
        _count(w, READ_SURFACED, place, request, -1)
    elif slot_of(w)[request] >= 0:
        life = lives(w)[slot_of(w)[request]]
        if code == END:
            life.last_worker = worker
        elif code == MARK and ordinal < 0:
            life.overdue = 1
        else:
            who = worker if worker >= 0 else life.last_worker
            _count_more(w, code, place, request, who, amount)


@jit
def _count_more(w: Handle, code: int, place: int, request: int, who: int, amount: int) -> None:
    """Rows about a request on its way."""
    life = lives(w)[slot_of(w)[request]]
    if code == ARRIVAL:
        _count(w, READ_REPORTED, place, request, who)
    elif code == CONTACT:
        _count(w, READ_CONTACTS, place, request, who)
    elif code == CLAIM:
        _count(w, READ_CLAIMED, place, request, who)
    elif code == PUSH:
        _count(w, READ_PUSHED, place, request, who)
    elif code == CLOSE:
        _count(w, READ_CLOSED, place, request, who)
        if life.limit >= 0:
            _count(w, READ_LATE if life.overdue != 0 else READ_ON_TIME, place, request, who)
    elif code == VERDICT:
        if amount < 2:
            _count(w, READ_UNRESOLVED, place, request, who)
        if amount % 2 == 0:
            _count(w, READ_UNSATISFIED, place, request, who)


@jit
def _count(w: Handle, read: int, place: int, request: int, who: int) -> None:
    """Add to the tallies of every review that reads this."""
    known = clock(w)[0].n_known
    request_class = (
        known_class(w)[request] if request < known else born(w)[request - known].request_class
    )
    for number in range(len(readings(w))):
        reading = readings(w)[number]
        if reading.read != read or reading_class(w)[number, request_class] == 0:
            continue
        subject = review_of_place(w)[reading.review, place]
        if subject < 0 and who >= 0:
            subject = review_of_worker(w)[reading.review, who]
        if subject < 0:
            continue
        if reading.divides != 0:
            subjects(w)[subject].out_of += reading.weight
        else:
            subjects(w)[subject].score += reading.weight
