"""Slots: where requests are kept while they are on their way."""

from sim.engine.fast.codes import FOR_UPTIME, NOBODY, OVER, PHASE_ARRIVAL, POPULATION
from sim.engine.fast.draws import draw, level_of, next_key
from sim.engine.fast.heap import push
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.state import (
    alarms,
    born,
    clock,
    draw_ptr,
    known_at,
    known_class,
    known_household,
    known_key,
    known_level,
    known_ordinal,
    known_place,
    known_source,
    lives,
    place_at,
    places,
    slot_of,
    sources,
    visits,
)


@jit
def _take(w: Handle, number: int) -> int:
    """An empty slot for a request, its history cleared."""
    c = clock(w)[0]
    slot = c.free
    life = lives(w)[slot]
    c.free = life.onward
    c.n_free -= 1
    slot_of(w)[number] = slot
    life.number = number
    life.draws = -1
    life.priority = 0
    life.override = 1000
    life.step = -1
    life.redirect = -1
    life.entries = 0
    life.closings = 0
    life.closed_at = -1
    life.reworks = 0
    life.misroutings = 0
    life.accepted = 0
    life.is_open = 1
    life.arrived = 0
    life.diverted = 0
    life.limit = -1
    life.delay_until = -1
    life.asked = -1
    life.task = 0
    life.state = OVER
    life.owner = NOBODY
    life.worker = NOBODY
    seen = visits(w)
    for step in range(seen.shape[1]):
        seen[slot, step] = 0
    for local in range(alarms(w).shape[1]):
        alarm = alarms(w)[slot, local]
        alarm.settings = 0
        alarm.armings = 0
        alarm.armed = 0
        alarm.due = -1
    return int(slot)


@jit
def known(w: Handle, number: int) -> int:
    """The slot of a request of the trace, which arrives now."""
    slot = _take(w, number)
    life = lives(w)[slot]
    life.reported_at = known_at(w)[number]
    life.request_class = known_class(w)[number]
    life.source = known_source(w)[number]
    life.place = known_place(w)[number]
    life.household = known_household(w)[number]
    life.level = known_level(w)[number]
    life.ordinal = known_ordinal(w)[number]
    life.key = known_key(w)[number]
    life.draws = draw_ptr(w)[number]
    return slot


@jit
def give_back(w: Handle, slot: int) -> None:
    """Forget the request, and let a finite population start its next up-time."""
    c = clock(w)[0]
    life = lives(w)[slot]
    slot_of(w)[life.number] = -1
    if sources(w)[life.source].kind == POPULATION:
        _succeed(w, slot)
    if life.arrived != 0:
        c.alive -= 1
    life.arrived = 0
    life.onward = c.free
    c.free = slot
    c.n_free += 1


@jit
def _succeed(w: Handle, slot: int) -> None:
    """Enter the arrival of the same member's next request, if it has one before the end."""
    c = clock(w)[0]
    life = lives(w)[slot]
    source = sources(w)[life.source]
    home = place_at(w)[life.place, source.level]
    member = next_key(next_key(source.key, places(w)[home].key), life.household)
    ordinal = life.ordinal + 1
    at = c.instant + draw(w, source.law, FOR_UPTIME, member, ordinal)
    if at >= c.end:
        return
    number = c.numbers
    c.numbers = number + 1
    new = _take(w, number)
    child = lives(w)[new]
    child.reported_at = at
    child.request_class = life.request_class
    child.source = life.source
    child.place = life.place
    child.household = life.household
    child.ordinal = ordinal
    child.key = next_key(member, ordinal)
    child.level = level_of(w, life.request_class, child.key)
    row = born(w)[number - c.n_known]
    row.reported_at = at
    row.request_class = child.request_class
    row.source = child.source
    row.place = child.place
    row.household = child.household
    row.level = child.level
    row.ordinal = ordinal
    row.key = child.key
    push(w, at, PHASE_ARRIVAL, number, 0)
