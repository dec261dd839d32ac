"""Hazards: problems that nobody knows of until a round finds them or somebody reports them.

A ground is the place of a patrol's rounds; the hazards there that nobody knows of form a chain
in order of number. A hazard that rounds of several levels may find is in one chain for each.
"""

from sim.engine.fast.calendar import push
from sim.engine.fast.codes import (
    DUTY,
    FOR_HAZARD_REPORT,
    FOR_HAZARD_SURFACE,
    HAZARD_BORN,
    HAZARD_FOUND,
    HAZARD_SURFACED,
    HAZARD_UNREPORTED,
    PHASE_SURFACE,
)
from sim.engine.fast.draws import chance, draw, level_of
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.log import log
from sim.engine.fast.slots import announce
from sim.engine.fast.state import (
    born,
    classes,
    clock,
    grounds,
    hazard_kinds,
    hazard_levels,
    hazard_reporting,
    hazards,
    links,
    lives,
    place_at,
    sources,
)

BIRTH = 0
SURFACING = 1
"""Ordinals of the occurrences of a hazard; only one of its surfacings is ever to come."""


@jit
def schedule_birth(w: Handle, number: int) -> None:
    """Enter the birth of a hazard; each birth enters the next."""
    if number < len(hazards(w)):
        push(w, hazards(w)[number].born_at, PHASE_SURFACE, number, BIRTH)


@jit
def happen(w: Handle, number: int, ordinal: int) -> None:
    """Phase SURFACE: a hazard is born, or comes to light if no round has found it."""
    if ordinal == BIRTH:
        schedule_birth(w, number + 1)
        _be_born(w, number)
    elif hazards(w)[number].latent != 0:
        _surface(w, number)


@jit
def _be_born(w: Handle, number: int) -> None:
    hazard = hazards(w)[number]
    hazard.latent = 1
    clock(w)[0].latent += 1
    kind = sources(w)[hazard.source].latent
    width = hazard_levels(w).shape[1]
    for each in range(width):
        place = _ground_of(w, number, kind, each)
        if place >= 0:
            ground = grounds(w)[hazard_kinds(w)[kind].patrol, place]
            link = number * width + each
            links(w)[link].before = ground.last
            links(w)[link].after = -1
            if ground.last >= 0:
                links(w)[ground.last].after = link
            else:
                ground.first = link
            ground.last = link
    log(w, HAZARD_BORN, hazard.place, -1, number, -1, -1, -1, hazard.source)
    _surface_after(w, number, hazard.surfacing)


@jit
def _ground_of(w: Handle, number: int, kind: int, each: int) -> int:
    """The place around the home whose rounds cover it, for one of the levels of rounds."""
    level = hazard_levels(w)[kind, each]
    return int(place_at(w)[hazards(w)[number].place, level]) if level >= 0 else -1


@jit
def _surface_after(w: Handle, number: int, delay: int) -> None:
    hazards(w)[number].turn += 1
    push(w, clock(w)[0].instant + delay, PHASE_SURFACE, number, SURFACING)


@jit
def _surface(w: Handle, number: int) -> None:
    """Residents see it: one of them reports it, or it stays until it surfaces again."""
    hazard = hazards(w)[number]
    row = sources(w)[hazard.source].latent
    kind = hazard_kinds(w)[row]
    limit = hazard_reporting(w)[row, hazard.place]
    if chance(w, limit, FOR_HAZARD_REPORT, hazard.key, hazard.turn) != 0:
        _raise_request(w, number, kind.surfaced, HAZARD_SURFACED)
        return
    age = clock(w)[0].instant - hazard.born_at
    log(w, HAZARD_UNREPORTED, hazard.place, -1, number, -1, -1, -1, age)
    delay = draw(w, kind.law, FOR_HAZARD_SURFACE, hazard.key, hazard.turn)
    # Without this a delay of zero would try again for ever in one instant.
    _surface_after(w, number, max(delay, clock(w)[0].tick))


@jit
def round_completed(w: Handle, slot: int) -> None:
    """A duty closes: if it is a patrol, every hazard of its place has had one more round."""
    duty = lives(w)[slot]
    patrol = classes(w)[duty.request_class].patrol
    if patrol < 0 or duty.source < 0 or sources(w)[duty.source].kind != DUTY:
        return
    place = place_at(w)[duty.place, sources(w)[duty.source].level]
    width = hazard_levels(w).shape[1]
    link = grounds(w)[patrol, place].first
    while link >= 0:
        number = link // width
        link = links(w)[link].after
        hazard = hazards(w)[number]
        hazard.rounds -= 1
        if hazard.rounds == 0:
            found = hazard_kinds(w)[sources(w)[hazard.source].latent].found
            _raise_request(w, number, found, HAZARD_FOUND)


@jit
def _raise_request(w: Handle, number: int, request_class: int, code: int) -> None:
    """The hazard is known now: it is gone, and a request of its key arrives at once."""
    c = clock(w)[0]
    hazard = hazards(w)[number]
    hazard.latent = 0
    c.latent -= 1
    _unlink(w, number)
    row = announce(w, c.instant)
    new = born(w)[row]
    new.request_class = request_class
    new.source = hazard.source
    new.place = hazard.place
    new.household = hazard.household
    new.level = level_of(w, request_class, hazard.key)
    new.ordinal = hazard.ordinal
    new.key = hazard.key
    age = c.instant - hazard.born_at
    log(w, code, hazard.place, c.n_known + row, number, -1, -1, -1, age)


@jit
def _unlink(w: Handle, number: int) -> None:
    """Take a hazard out of the chains of its grounds."""
    kind = sources(w)[hazards(w)[number].source].latent
    width = hazard_levels(w).shape[1]
    for each in range(width):
        place = _ground_of(w, number, kind, each)
        if place < 0:
            continue
        ground = grounds(w)[hazard_kinds(w)[kind].patrol, place]
        link = links(w)[number * width + each]
        if link.before >= 0:
            links(w)[link.before].after = link.after
        else:
            ground.first = link.after
        if link.after >= 0:
            links(w)[link.after].before = link.before
        else:
            ground.last = link.before
