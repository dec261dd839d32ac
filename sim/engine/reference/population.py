"""Finite populations: a member's next request comes an up-time after its last one ended."""

from sim.demand.draws import draw, level_of, member_key
from sim.demand.purposes import Purpose
from sim.engine.reference.world import Request, World
from sim.keys import subkey
from sim.plan.codes import Phase, SourceKind


def succeed(world: World, request: Request) -> None:
    """Enter the arrival of the same member's next request, if it has one before the end."""
    plan = world.plan
    source = request.source
    if source < 0 or plan.source_kind[source] != SourceKind.POPULATION:
        return
    home = plan.place_at[request.place][plan.source_level[source]]
    member = member_key(plan.source_key[source], plan.place_key[home], request.household)
    ordinal = request.ordinal + 1
    up_time = draw(
        plan.law_table[plan.source_law[source]],
        world.key0,
        world.key1,
        Purpose.UPTIME,
        member,
        ordinal,
        world.tick,
    )
    if world.calendar.instant + up_time >= plan.end:
        return
    key = subkey(member, ordinal)
    first, last = plan.class_level_ptr[request.request_class : request.request_class + 2]
    levels, shares = plan.class_level[first:last], plan.class_level_share[first:last]
    born = Request(
        number=world.n_requests,
        request_class=request.request_class,
        source=source,
        place=request.place,
        household=request.household,
        level=level_of(levels, shares, world.key0, world.key1, key),
        ordinal=ordinal,
        key=key,
        reported_at=world.calendar.instant + up_time,
    )
    world.n_requests += 1
    world.born.append(born)
    world.calendar.at(born.reported_at, Phase.ARRIVAL, born.number, 0)
