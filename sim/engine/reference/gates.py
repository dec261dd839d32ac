"""Gates: requests wait for a session, which hears a batch of them and decides."""

from collections.abc import Generator
from enum import IntEnum

import simpy

from sim.demand.draws import chance, choose
from sim.demand.purposes import Purpose
from sim.engine.reference.calendar import Signal
from sim.engine.reference.world import NOWHERE, Request, World, visit_number
from sim.plan.codes import Code, Phase


class Decision(IntEnum):
    """What a session decides, in the order of `plan.gate_outcome`."""

    PASS = 0
    REFUSE = 1
    NEXT = 2


DECIDED = {
    Decision.PASS: Code.GATE_PASS,
    Decision.REFUSE: Code.GATE_REFUSE,
    Decision.NEXT: Code.GATE_NEXT,
}


def attend(world: World, request: Request, step: int) -> Generator[simpy.Event, int, int]:
    """Come to a gate; who is admitted waits for a session."""
    plan = world.plan
    gate = plan.gate_of[plan.step_table[step]][request.place]
    ordinal = visit_number(request, step) << 32 | plan.step_key[step]
    limit = plan.step_threshold[world.place_mode[request.place]][step]
    if not chance(limit, world.key0, world.key1, Purpose.ACCEPT, request.key, ordinal):
        world.log(Code.GATE_TURNED, request.place, request.number, gate)
        return int(plan.step_other[step])
    request.gate, request.gate_since = gate, world.calendar.instant
    world.at_gate[gate].append(request)
    world.log(Code.GATE_WAIT, request.place, request.number, gate, amount=request.priority)
    request.signal = Signal(world.calendar)
    onward = yield request.signal
    request.signal = None
    return onward


def withdraw_from_gate(world: World, request: Request) -> None:
    """Take a waiting request out of its gate."""
    world.log(
        Code.WITHDRAW,
        request.place,
        request.number,
        request.gate,
        amount=world.calendar.instant - request.gate_since,
    )
    _go(world, request)


def _go(world: World, request: Request) -> None:
    world.at_gate[request.gate].remove(request)
    request.gate = NOWHERE


def schedule_session(world: World, gate: int, ordinal: int) -> None:
    """Enter the session of the gate that begins with the n-th stretch of its calendar."""
    plan = world.plan
    group = plan.gate_group[plan.gate_type[gate]]
    entry = plan.group_ptr[group] + ordinal
    if entry < plan.group_ptr[group + 1] and plan.group_on[entry] < plan.end:
        world.calendar.at(plan.group_on[entry], Phase.GATE, gate, ordinal)


def hold_session(world: World, gate: int, ordinal: int) -> None:
    """Phase GATE: hear a batch; once all is decided, those heard move on in the same order."""
    schedule_session(world, gate, ordinal + 1)
    plan = world.plan
    order = sorted(world.at_gate[gate], key=lambda r: (r.priority, r.gate_since, r.number))
    moving: list[tuple[Request, int]] = []
    for request in order[: plan.gate_batch[plan.gate_type[gate]]]:
        decision = _decide(world, request)
        waited = world.calendar.instant - request.gate_since
        world.log(DECIDED[decision], request.place, request.number, gate, amount=waited)
        if decision != Decision.NEXT:
            _go(world, request)
            onward = plan.step_next if decision == Decision.PASS else plan.step_third
            moving.append((request, int(onward[request.step])))
    for request, step in moving:
        assert request.signal is not None
        request.signal.settle(step)


def _decide(world: World, request: Request) -> Decision:
    """Draw what the session decides about one request."""
    plan, step = world.plan, request.step
    hearing = request.hearings.get(step, 0)
    request.hearings[step] = hearing + 1
    shares = plan.gate_outcome[plan.step_table[step]]
    ordinal = hearing << 32 | plan.step_key[step]
    found = choose(shares, world.key0, world.key1, Purpose.SESSION, request.key, ordinal)
    return Decision(found)
