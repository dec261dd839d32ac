"""Joins: calls to several lines, their answers, and the tasks that follow from them."""

from sim.engine.fast.calendar import push
from sim.engine.fast.codes import (
    AT_DISPATCH,
    FOR_JOIN_RESPONSE,
    IN_JOIN,
    JOIN_ANSWER,
    JOIN_CALL,
    PATIENCE,
    PHASE_RETURN,
    PHASE_TIMER,
    SILENCE,
    SUSPEND_HOLD,
)
from sim.engine.fast.dispatch import hold, is_full
from sim.engine.fast.draws import chance, draw, next_key
from sim.engine.fast.gathering import start_gathering
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.log import tell
from sim.engine.fast.parts import enter, fail, new_part
from sim.engine.fast.slots import discard, visit_number
from sim.engine.fast.state import (
    answers,
    calls,
    class_modes,
    classes,
    clock,
    join_response,
    joins,
    joints,
    line_of,
    lines,
    lives,
    places,
    steps,
)
from sim.engine.fast.timers import arm
from sim.engine.fast.work import gather, offer


@jit
def confer(w: Handle, slot: int, step: int) -> int:
    """Call the lines: the next step if too few will answer, else -1 to wait."""
    life = lives(w)[slot]
    here = steps(w)[step]
    joint = joints(w)[slot]
    number = here.table
    joint.number = number
    joint.step = step
    joint.need = here.least
    joint.since = clock(w)[0].instant
    joint.visit = visit_number(w, slot, step) << 32 | int(here.key)
    joint.rounds = 0
    joint.is_called = 0
    joint.ended = 0
    joint.is_closing = 0
    joint.tasks = 0
    joint.next_ticket = 0
    for part in range(answers(w).shape[1]):
        answers(w)[slot, part].call = 0
        answers(w)[slot, part].line = -1
        answers(w)[slot, part].ticket = 0
    life.joint = IN_JOIN
    if joins(w)[number].patience >= 0:
        _set_patience(w, slot)
    if joins(w)[number].together != 0:
        start_gathering(w, slot)
    onward = _call(w, slot)
    if onward < 0:
        arm(w, slot, AT_DISPATCH, _begun(w, slot))
    return onward


@jit
def _begun(w: Handle, slot: int) -> int:
    """1 if work on a part has begun, else 0."""
    part = joints(w)[slot].first
    while part >= 0:
        if joints(w)[part].unneeded == 0 and lives(w)[part].begun != 0:
            return 1
        part = joints(w)[part].after
    return 0


@jit
def _set_patience(w: Handle, slot: int) -> None:
    kind = classes(w)[lives(w)[slot].request_class]
    joint = joints(w)[slot]
    joint.patience = joint.since + joins(w)[joint.number].patience
    # Behind all timers of the class.
    behind = kind.timers_end - kind.timers + 1
    push(w, joint.patience, PHASE_TIMER, lives(w)[slot].number, behind)


@jit
def lose_patience(w: Handle, slot: int) -> int:
    """Phase TIMER: the members have not come together in time; the next step, -1 if not so."""
    joint = joints(w)[slot]
    if joint.gathers == 0 or joint.patience != clock(w)[0].instant:
        return -1
    if joins(w)[joint.number].patience < 0:
        return -1
    return fail(w, slot, PATIENCE)


@jit
def _call(w: Handle, slot: int) -> int:
    """Call every line that is silent; the next step if too few will answer, else -1."""
    joint = joints(w)[slot]
    join = joins(w)[joint.number]
    joint.rounds += 1
    for part in range(join.last - join.first):
        if answers(w)[slot, part].call == 0:
            _call_line(w, slot, part)
    if join.interval > 0:
        joint.next_ticket = _expect(w, slot, join.interval)
    else:
        joint.is_called = 1
    for part in range(join.last - join.first):
        answer = answers(w)[slot, part]
        if answer.at_once != 0:
            answer.at_once = 0
            _answer(w, slot, part)
    return _proceed(w, slot)


@jit
def _call_line(w: Handle, slot: int, part: int) -> None:
    life = lives(w)[slot]
    joint = joints(w)[slot]
    call = calls(w)[joins(w)[joint.number].first + part]
    answer = answers(w)[slot, part]
    answer.at_once = 0
    line = line_of(w)[call.line, life.place]
    tell(w, JOIN_CALL, slot, joint.rounds, line, joint.number)
    subject = next_key(next_key(life.key, joint.visit), call.key)
    limit = join_response(w)[lines(w)[line].response, joins(w)[joint.number].first + part]
    n = 2 * (joint.rounds - 1)
    if chance(w, limit, FOR_JOIN_RESPONSE, subject, n) == 0:
        return
    answer.call = joint.rounds
    answer.called_at = clock(w)[0].instant
    law = joins(w)[joint.number].answer
    if law < 0:
        answer.at_once = 1
    else:
        delay = draw(w, law, FOR_JOIN_RESPONSE, subject, n + 1)
        answer.ticket = _expect(w, slot, delay)


@jit
def _expect(w: Handle, slot: int, delay: int) -> int:
    """Enter an answer or the next round into the calendar; the ticket that it goes by."""
    joint = joints(w)[slot]
    joint.tickets += 1
    due_at = clock(w)[0].instant + delay
    push(w, due_at, PHASE_RETURN, lives(w)[slot].number, joint.tickets)
    return int(joint.tickets)


@jit
def due(w: Handle, slot: int, ticket: int) -> int:
    """Phase RETURN: an answer comes in, or silent lines are called again; the step, or -1."""
    if lives(w)[slot].joint != IN_JOIN:
        return -1
    joint = joints(w)[slot]
    if joint.next_ticket == ticket:
        joint.next_ticket = 0
        if joint.rounds < steps(w)[joint.step].cap:
            return _call(w, slot)
        joint.is_called = 1
        return _proceed(w, slot)
    for part in range(answers(w).shape[1]):
        if answers(w)[slot, part].ticket == ticket:
            answers(w)[slot, part].ticket = 0
            _answer(w, slot, part)
            return _proceed(w, slot)
    return -1


@jit
def _answer(w: Handle, slot: int, part: int) -> None:
    """A line reports in: ready for the common start, or with a task of its own."""
    life = lives(w)[slot]
    joint = joints(w)[slot]
    answer = answers(w)[slot, part]
    line = line_of(w)[calls(w)[joins(w)[joint.number].first + part].line, life.place]
    together = joins(w)[joint.number].together
    settings = class_modes(w)[places(w)[life.place].mode, life.request_class]
    held = settings.suspended == SUSPEND_HOLD
    task = -1
    if together == 0:
        task = new_part(w, slot, part, line)
        if not held and is_full(w, task):
            discard(w, task)
            answer.call = 0  # a full line is as silent as one that did not answer
            return
    answer.line = line
    tell(w, JOIN_ANSWER, slot, answer.call, line, clock(w)[0].instant - answer.called_at)
    if task < 0:
        return
    enter(w, task)
    if held:
        hold(w, task)
    else:
        offer(w, task)


@jit
def _proceed(w: Handle, slot: int) -> int:
    """After answers: start together, or give up if too few can answer; -1 to wait."""
    joint = joints(w)[slot]
    if joint.gathers != 0:
        gather(w, slot)
    heard = 0
    for part in range(answers(w).shape[1]):
        if answers(w)[slot, part].call > 0:
            heard += 1
    if joint.is_called != 0 and heard < joint.need:
        return fail(w, slot, SILENCE)
    return -1
