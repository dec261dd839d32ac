"""Where a request waits when its priority has changed: a line, a gate, or for others."""

from sim.engine.fast.codes import WAITING
from sim.engine.fast.dispatch import move_in_line
from sim.engine.fast.gates import reseat
from sim.engine.fast.gathering import move_in_list
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.state import clock, joints, lives


@jit
def reorder(w: Handle, slot: int) -> None:
    """Move the request, and its parts, to where its present priority puts them."""
    life = lives(w)[slot]
    if life.task != 0 and life.state == WAITING:
        move_in_line(w, slot)
    elif life.gate >= 0:
        reseat(w, slot)
    if clock(w)[0].n_joins > 0:
        move_in_list(w, slot)
        part = joints(w)[slot].first
        while part >= 0:
            lives(w)[part].priority = life.priority
            if lives(w)[part].state == WAITING:
                move_in_line(w, part)
            part = joints(w)[part].after
