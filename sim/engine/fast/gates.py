"""Gates: requests wait for a session, which hears a batch of them and decides.

Those who wait stand in a heap of their gate, in order of (priority, waiting since, request);
they have no task then, so their nodes are those of the lines.
"""

from sim.engine.fast.codes import (
    FOR_ACCEPT,
    FOR_SESSION,
    GATE_NEXT,
    GATE_PASS,
    GATE_REFUSE,
    GATE_TURNED,
    GATE_WAIT,
    NOBODY,
    WAITS,
    WITHDRAW,
)
from sim.engine.fast.draws import chance, choose
from sim.engine.fast.heap import insert, remove
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.log import tell
from sim.engine.fast.slots import visit_number
from sim.engine.fast.state import (
    clock,
    gate_of,
    gate_outcome,
    gates,
    lives,
    places,
    queue,
    step_threshold,
    steps,
    visits,
)


@jit
def attend(w: Handle, slot: int, step: int) -> int:
    """Come to a gate; who is admitted waits for a session."""
    life = lives(w)[slot]
    here = steps(w)[step]
    gate = gate_of(w)[here.table, life.place]
    ordinal = visit_number(w, slot, step) << 32 | int(here.key)
    limit = step_threshold(w)[places(w)[life.place].mode, step]
    if chance(w, limit, FOR_ACCEPT, life.key, ordinal) == 0:
        tell(w, GATE_TURNED, slot, gate, -1, 0)
        return int(here.other)
    life.since = clock(w)[0].instant
    seat(w, slot, gate)
    tell(w, GATE_WAIT, slot, gate, -1, life.priority)
    return WAITS


@jit
def seat(w: Handle, slot: int, gate: int) -> None:
    """Let the request wait in a gate, where its present priority puts it."""
    life = lives(w)[slot]
    life.gate = gate
    room = gates(w)[gate]
    room.waiting += 1
    room.root = insert(queue(w), room.root, slot, life.priority, life.since, life.number)


@jit
def unseat(w: Handle, slot: int) -> None:
    """Take a waiting request out of its gate."""
    life = lives(w)[slot]
    room = gates(w)[life.gate]
    room.waiting -= 1
    room.root = remove(queue(w), room.root, slot)
    life.gate = NOBODY


@jit
def withdraw_from_gate(w: Handle, slot: int) -> None:
    """A timer takes a waiting request out of its gate."""
    life = lives(w)[slot]
    tell(w, WITHDRAW, slot, life.gate, -1, clock(w)[0].instant - life.since)
    unseat(w, slot)


@jit
def reseat(w: Handle, slot: int) -> None:
    """Move a waiting request to where its present priority puts it."""
    gate = lives(w)[slot].gate
    unseat(w, slot)
    seat(w, slot, gate)


@jit
def decide(w: Handle, slot: int) -> int:
    """Draw what a session decides; the step that follows, `WAITS` for the next session."""
    life = lives(w)[slot]
    here = steps(w)[life.step]
    hearing = visits(w)[slot, here.own]
    visits(w)[slot, here.own] = hearing + 1
    ordinal = int(hearing) << 32 | int(here.key)
    outcome = choose(w, gate_outcome(w), 3 * here.table, FOR_SESSION, life.key, ordinal)
    code = GATE_NEXT
    onward = WAITS
    if outcome == 0:
        code = GATE_PASS
        onward = here.next
    elif outcome == 1:
        code = GATE_REFUSE
        onward = here.third
    tell(w, code, slot, life.gate, -1, clock(w)[0].instant - life.since)
    return int(onward)
