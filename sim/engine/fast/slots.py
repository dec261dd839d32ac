"""Slots: where requests are kept while they are on their way."""

from sim.engine.fast.calendar import push
from sim.engine.fast.codes import FOR_UPTIME, NOBODY, OVER, PHASE_ARRIVAL, POPULATION
from sim.engine.fast.draws import draw, level_of, next_key
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.state import (
    alarms,
    born,
    clock,
    draw_ptr,
    joints,
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
    steps,
    visits,
)


@jit
def empty(w: Handle) -> int:
    """An empty slot, its history cleared."""
    c = clock(w)[0]
    slot = c.free
    life = lives(w)[slot]
    c.free = life.onward
    c.n_free -= 1
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
    life.gate = -1
    life.joint = 0
    life.last_worker = -1
    life.overdue = 0
    life.alarmed = 0
    life.post = -1
    if c.n_joins > 0:
        joints(w)[slot].first = -1
        joints(w)[slot].last = -1
        joints(w)[slot].gathers = 0
        joints(w)[slot].tickets = 0
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
def _take(w: Handle, number: int) -> int:
    """A slot for a request."""
    slot = empty(w)
    slot_of(w)[number] = slot
    lives(w)[slot].number = number
    return slot


@jit
def discard(w: Handle, slot: int) -> None:
    """Let another have the slot."""
    c = clock(w)[0]
    life = lives(w)[slot]
    life.arrived = 0
    life.onward = c.free
    c.free = slot
    c.n_free += 1


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
    if draw_ptr(w)[number] < draw_ptr(w)[number + 1]:
        life.draws = draw_ptr(w)[number]
    return slot


@jit
def newborn(w: Handle, number: int) -> int:
    """The slot of a request that came about in the run, and arrives now."""
    slot = _take(w, number)
    life = lives(w)[slot]
    row = born(w)[number - clock(w)[0].n_known]
    life.reported_at = row.reported_at
    life.request_class = row.request_class
    life.source = row.source
    life.place = row.place
    life.household = row.household
    life.level = row.level
    life.ordinal = row.ordinal
    life.key = row.key
    life.post = row.post
    return slot


@jit
def announce(w: Handle, at: int) -> int:
    """Enter the arrival of one more request; its row of `born`, for the caller to fill in."""
    c = clock(w)[0]
    number = c.numbers
    c.numbers = number + 1
    row = number - c.n_known
    born(w)[row].reported_at = at
    born(w)[row].post = -1
    push(w, at, PHASE_ARRIVAL, number, 0)
    return int(row)


@jit
def visit_number(w: Handle, slot: int, step: int) -> int:
    """Which visit of the step this is, from 0; the next one has the next number."""
    local = steps(w)[step].local
    visit = visits(w)[slot, local]
    visits(w)[slot, local] = visit + 1
    return int(visit)


@jit
def give_back(w: Handle, slot: int) -> None:
    """Forget the request, and let a finite population start its next up-time."""
    c = clock(w)[0]
    life = lives(w)[slot]
    slot_of(w)[life.number] = -1
    if life.source >= 0 and sources(w)[life.source].kind == POPULATION:
        _succeed(w, slot)
    if life.arrived != 0:
        c.alive -= 1
    if c.n_joins > 0:
        _leave_parts(w, slot)
    discard(w, slot)


@jit
def _leave_parts(w: Handle, slot: int) -> None:
    """Let work that goes on for nobody know of no request."""
    part = joints(w)[slot].first
    while part >= 0:
        joints(w)[part].parent = -1
        part = joints(w)[part].after


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
    row = born(w)[announce(w, at)]
    row.request_class = life.request_class
    row.source = life.source
    row.place = life.place
    row.household = life.household
    row.ordinal = ordinal
    row.key = next_key(member, ordinal)
    row.level = level_of(w, life.request_class, row.key)
