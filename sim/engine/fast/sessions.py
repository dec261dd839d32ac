"""Phase GATE: the sessions of gates, and the refills of accounts."""

from sim.engine.fast.accounts import refill, schedule_refill
from sim.engine.fast.calendar import push
from sim.engine.fast.codes import PHASE_GATE, WAITS
from sim.engine.fast.gates import decide, seat, unseat
from sim.engine.fast.jit import Handle, jit, only_here
from sim.engine.fast.life import resume
from sim.engine.fast.state import clock, gates, lives, stretches


@only_here
def schedule(w: Handle) -> None:
    """Enter the first session of every gate and the first refill of every account."""
    c = clock(w)[0]
    for gate in range(c.n_gates):
        _schedule_session(w, gate)
    for account in range(c.n_accounts):
        schedule_refill(w, account)


@jit
def _schedule_session(w: Handle, gate: int) -> None:
    room = gates(w)[gate]
    if room.next < room.last:
        push(w, stretches(w)[room.next].on, PHASE_GATE, gate, 0)
        room.next += 1


@jit
def sit(w: Handle, subject: int) -> None:
    """A session of a gate, or what comes after the gates in number: an account's refill."""
    c = clock(w)[0]
    if subject < c.n_gates:
        _hold(w, subject)
    else:
        refill(w, subject - c.n_gates)


@jit
def _hold(w: Handle, gate: int) -> None:
    """Hear a batch; once all is decided, those heard move on in the same order."""
    _schedule_session(w, gate)
    room = gates(w)[gate]
    first = -1
    last = -1
    for _ in range(min(room.batch, room.waiting)):
        slot = room.root
        life = lives(w)[slot]
        life.onward = decide(w, slot)
        unseat(w, slot)
        life.heard = -1
        if last < 0:
            first = slot
        else:
            lives(w)[last].heard = slot
        last = slot
    while first >= 0:
        slot = first
        first = lives(w)[slot].heard
        if lives(w)[slot].onward == WAITS:
            seat(w, slot, gate)  # with its first entry time
        else:
            resume(w, slot, lives(w)[slot].onward)
