"""Hazards: problems that nobody knows of until a round finds them or somebody reports them."""

from sim.demand.draws import chance, draw, level_of
from sim.demand.purposes import Purpose
from sim.engine.reference.world import Hazard, Request, World
from sim.plan.codes import Code, Phase, SourceKind

BIRTH = 0
"""Ordinal of a birth among the occurrences of a hazard; n is the n-th surfacing."""


def schedule_birth(world: World, number: int) -> None:
    """Enter the birth of a hazard; each birth enters the next."""
    births = world.latent[0]
    if number < len(births) and births[number] < world.plan.end:
        world.calendar.at(births[number], Phase.SURFACE, number, BIRTH)


def happen(world: World, number: int, ordinal: int) -> None:
    """Phase SURFACE: a hazard is born, or comes to light if no round has found it."""
    if ordinal == BIRTH:
        _be_born(world, number)
        return
    hazard = world.hazards.get(number)
    if hazard is not None:
        _surface(world, hazard, ordinal)


def _be_born(world: World, number: int) -> None:
    schedule_birth(world, number + 1)
    hazard = Hazard(number, *(column[number] for column in world.latent))
    world.hazards[number] = hazard
    for ground in _grounds(world, hazard):
        world.undiscovered.setdefault(ground, {})[number] = hazard
    world.log(Code.HAZARD_BORN, hazard.place, ordinal=number, amount=hazard.source)
    _surface_after(world, hazard, hazard.surfacing, 1)


def _grounds(world: World, hazard: Hazard) -> list[tuple[int, int]]:
    """The patrol's class and each place around the home whose rounds cover it."""
    plan = world.plan
    patrol = plan.hazard_patrol[world.hazard_row[hazard.source]]
    levels = {
        plan.source_level[source]
        for source, kind in enumerate(plan.source_kind)
        if kind == SourceKind.DUTY and plan.source_class[source] == patrol
    }
    places = [plan.place_at[hazard.place][level] for level in sorted(levels)]
    return [(patrol, place) for place in places if place >= 0]


def _surface_after(world: World, hazard: Hazard, delay: int, turn: int) -> None:
    due = world.calendar.instant + delay
    if due < world.plan.end:
        world.calendar.at(due, Phase.SURFACE, hazard.number, turn)


def _surface(world: World, hazard: Hazard, turn: int) -> None:
    """Residents see it: one of them reports it, or it stays until it surfaces again."""
    plan = world.plan
    row = world.hazard_row[hazard.source]
    limit = plan.hazard_reporting[row][hazard.place]
    keys = world.key0, world.key1
    if chance(limit, *keys, Purpose.HAZARD_REPORT, hazard.key, turn):
        raise_request(world, hazard, plan.source_class[hazard.source], Code.HAZARD_SURFACED)
        return
    age = world.calendar.instant - hazard.born_at
    world.log(Code.HAZARD_UNREPORTED, hazard.place, ordinal=hazard.number, amount=age)
    table = plan.law_table[plan.hazard_law[row]]
    delay = draw(table, *keys, Purpose.HAZARD_SURFACE, hazard.key, turn, world.tick)
    # Without this a delay of zero would try again for ever in one instant.
    _surface_after(world, hazard, max(delay, world.tick), turn + 1)


def round_completed(world: World, duty: Request) -> None:
    """A duty closes: if it is a patrol, every hazard of its place has had one more round."""
    plan = world.plan
    is_round = duty.source >= 0 and plan.source_kind[duty.source] == SourceKind.DUTY
    if not is_round or not world.undiscovered:
        return
    place = plan.place_at[duty.place][plan.source_level[duty.source]]
    there = world.undiscovered.get((duty.request_class, place), {})
    for number in sorted(there):
        hazard = there[number]
        hazard.rounds -= 1
        if hazard.rounds == 0:
            found = plan.hazard_found[world.hazard_row[hazard.source]]
            raise_request(world, hazard, found, Code.HAZARD_FOUND)


def raise_request(world: World, hazard: Hazard, request_class: int, code: Code) -> None:
    """The hazard is known now: it is gone, and a request of its key arrives at once."""
    now = world.calendar.instant
    plan = world.plan
    del world.hazards[hazard.number]
    for ground in _grounds(world, hazard):
        del world.undiscovered[ground][hazard.number]
    first, last = plan.class_level_ptr[request_class : request_class + 2]
    levels, shares = plan.class_level[first:last], plan.class_level_share[first:last]
    born = Request(
        number=world.n_requests,
        reported_at=now,
        request_class=request_class,
        source=hazard.source,
        place=hazard.place,
        household=hazard.household,
        level=level_of(levels, shares, world.key0, world.key1, hazard.key),
        ordinal=hazard.ordinal,
        key=hazard.key,
    )
    world.n_requests += 1
    world.born.append(born)
    age = now - hazard.born_at
    world.log(code, hazard.place, born.number, hazard.number, amount=age)
    world.calendar.at(now, Phase.ARRIVAL, born.number, 0)
