"""Joins: calls to several lines, their answers, and the tasks that follow from them."""

from collections.abc import Generator

import simpy

from sim.demand.draws import chance, draw
from sim.demand.purposes import Purpose
from sim.engine.reference.calendar import Signal
from sim.engine.reference.dispatch import hold, is_full
from sim.engine.reference.parts import fail
from sim.engine.reference.timers import STAMPS, arm
from sim.engine.reference.work import enter, gather, new_task, offer
from sim.engine.reference.world import Joint, Request, World, visit_number
from sim.keys import subkey
from sim.plan.codes import Code, JoinFailure, Phase, Suspension, TimerStart

NEXT_ROUND = -1
"""What is due besides the answers of parts."""


def confer(world: World, request: Request, step: int) -> Generator[simpy.Event, int, int]:
    """Call the lines and wait until the join is over."""
    plan = world.plan
    joint = Joint(request, step, plan.step_table[step], plan.step_least[step])
    joint.since = world.calendar.instant
    joint.visit = visit_number(request, step) << 32 | plan.step_key[step]
    request.joint = joint
    request.signal = Signal(world.calendar)
    if plan.join_patience[joint.number] >= 0:
        _set_patience(world, joint)
    if plan.join_together[joint.number]:
        world.gathering.append(joint)
    onward = _call(world, joint)
    if onward < 0:
        arm(world, request, TimerStart.DISPATCH, began=any(t.begun for t in joint.tasks))
        onward = yield request.signal
    request.signal = None
    return onward


# ---- calls and answers


def _call(world: World, joint: Joint) -> int:
    """Call every line that is silent; the next step if too few will answer, else -1."""
    plan, request = world.plan, joint.request
    joint.rounds += 1
    at_once = []
    for part, entry in enumerate(_entries(world, joint)):
        if part in joint.heard:
            continue
        line = plan.line_of[plan.join_line[entry]][request.place]
        world.log(
            Code.JOIN_CALL,
            request.place,
            request.number,
            joint.rounds,
            line=line,
            amount=joint.number,
        )
        subject = subkey(subkey(request.key, joint.visit), plan.join_key[entry])
        limit = plan.join_response[world.response_level[line]][entry]
        keys, n = (world.key0, world.key1), 2 * (joint.rounds - 1)
        if not chance(limit, *keys, Purpose.JOIN_RESPONSE, subject, n):
            continue
        joint.heard[part] = (joint.rounds, world.calendar.instant)
        law = plan.join_answer[joint.number]
        if law < 0:
            at_once.append(part)
            continue
        table = plan.law_table[law]
        delay = draw(table, *keys, Purpose.JOIN_RESPONSE, subject, n + 1, world.tick)
        _expect(world, joint, delay, part)
    if plan.join_interval[joint.number] > 0:
        _expect(world, joint, plan.join_interval[joint.number], NEXT_ROUND)
    else:
        joint.is_called = True
    for part in at_once:
        _answer(world, joint, part)
    return _proceed(world, joint)


def _entries(world: World, joint: Joint) -> range:
    ptr = world.plan.join_ptr
    return range(ptr[joint.number], ptr[joint.number + 1])


def _expect(world: World, joint: Joint, delay: int, what: int) -> None:
    """Enter an answer or the next round into the calendar."""
    request = joint.request
    request.waits += 1
    joint.due[request.waits] = what
    due = world.calendar.instant + delay
    world.calendar.at(due, Phase.RETURN, request.number, request.waits)


def due(world: World, request: Request, ticket: int) -> None:
    """Phase RETURN: an answer comes in, or silent lines are called again."""
    joint = request.joint
    what = joint.due.pop(ticket, None) if joint is not None else None
    if joint is None or what is None:
        return
    if what != NEXT_ROUND:
        _answer(world, joint, what)
        onward = _proceed(world, joint)
    elif joint.rounds < world.plan.step_cap[joint.step]:
        onward = _call(world, joint)
    else:
        joint.is_called = True
        onward = _proceed(world, joint)
    if onward >= 0:
        assert request.signal is not None
        request.signal.settle(onward)


def _answer(world: World, joint: Joint, part: int) -> None:
    """A line reports in: ready for the common start, or with a task of its own."""
    plan, request = world.plan, joint.request
    line = plan.line_of[plan.join_line[_entries(world, joint)[part]]][request.place]
    together = plan.join_together[joint.number]
    task = new_task(world, joint, part, line)
    mode = world.place_mode[request.place]
    held = plan.class_suspended[mode][request.request_class] == Suspension.HOLD
    if not together and not held and is_full(world, task):
        del joint.heard[part]  # a full line is as silent as one that did not answer
        return
    number, called_at = joint.heard[part]
    joint.present[part] = line
    age = world.calendar.instant - called_at
    world.log(Code.JOIN_ANSWER, request.place, request.number, number, line=line, amount=age)
    if not together:
        enter(world, joint, task)
        if held:
            hold(world, task)
        else:
            offer(world, task)


def _proceed(world: World, joint: Joint) -> int:
    """After answers: start together, or give up if too few can answer; -1 to wait."""
    if joint in world.gathering:
        gather(world, joint)
    if joint.is_called and len(joint.heard) < joint.need:
        return fail(world, joint, JoinFailure.SILENCE)
    return -1


# ---- patience


def _set_patience(world: World, joint: Joint) -> None:
    plan, request = world.plan, joint.request
    request.waits += 1
    joint.patience = request.waits
    first, last = plan.timer_ptr[request.request_class : request.request_class + 2]
    # Behind all timers of the class.
    ordinal = (last - first + 1) * STAMPS + joint.patience
    when = joint.since + plan.join_patience[joint.number]
    world.calendar.at(when, Phase.TIMER, request.number, ordinal)


def lose_patience(world: World, request: Request, ticket: int) -> None:
    """Phase TIMER: the members have not come together in time."""
    joint = request.joint
    if joint is not None and joint.patience == ticket and joint in world.gathering:
        assert request.signal is not None
        request.signal.settle(fail(world, joint, JoinFailure.PATIENCE))
