"""Parts: the tasks of a join, and what becomes of them when one ends or nobody needs them.

A part has a slot of its own, so that lines, workers and shifts treat it as any task. The row of
its slot in `joints` leads to the request and, in order of entry, to the parts before and after
it; work that goes on after its join is over stays in that chain for the request's priority.
"""

from sim.engine.fast.codes import (
    CANCELLED,
    ENTRY,
    FOR_WORK,
    HELD,
    JOIN_DONE,
    JOIN_FAIL,
    KEPT,
    NOBODY,
    OVER,
    PART,
    RUNNING,
    TAKEN_AWAY,
    WAITING,
    WITHDRAW,
)
from sim.engine.fast.dispatch import leave_line
from sim.engine.fast.draws import draw, next_key
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.log import tell
from sim.engine.fast.slots import discard, empty
from sim.engine.fast.state import answers, calls, clock, joins, joints, lives, steps, workers


@jit
def new_part(w: Handle, slot: int, part: int, line: int) -> int:
    """A slot for the task of one part; members of one sitting have the same work content."""
    life = lives(w)[slot]
    joint = joints(w)[slot]
    call = calls(w)[joins(w)[joint.number].first + part]
    new = empty(w)
    task = lives(w)[new]
    task.number = life.number
    task.request_class = life.request_class
    task.source = life.source
    task.place = life.place
    task.priority = life.priority
    task.post = life.post
    task.joint = PART
    task.task = 1
    task.task_step = joint.step
    task.line = line
    task.since = clock(w)[0].instant
    task.visit = life.entries + 1
    task.begun = 0
    task.rest = 0
    if call.law >= 0:
        subject = life.key
        if joins(w)[joint.number].together == 0:
            subject = next_key(life.key, call.key)
        task.rest = draw(w, call.law, FOR_WORK, subject, joint.visit)
    joints(w)[new].parent = slot
    joints(w)[new].unneeded = 0
    return new


@jit
def enter(w: Handle, part: int) -> None:
    """Make a task a part of its join, and log its entry into its line."""
    own = joints(w)[part]
    joint = joints(w)[own.parent]
    lives(w)[own.parent].entries = lives(w)[part].visit
    own.before = joint.last
    own.after = -1
    if joint.last >= 0:
        joints(w)[joint.last].after = part
    else:
        joint.first = part
    joint.last = part
    joint.tasks += 1
    tell(w, ENTRY, part, lives(w)[part].visit, lives(w)[part].line, lives(w)[part].priority)


@jit
def _remove(w: Handle, part: int) -> None:
    """Take a part out of the chain of its request."""
    own = joints(w)[part]
    if own.parent < 0:
        return
    joint = joints(w)[own.parent]
    if own.unneeded == 0:
        joint.tasks -= 1
    if own.before >= 0:
        joints(w)[own.before].after = own.after
    else:
        joint.first = own.after
    if own.after >= 0:
        joints(w)[own.after].before = own.before
    else:
        joint.last = own.before
    own.parent = -1


@jit
def is_unneeded(w: Handle, slot: int) -> bool:
    """Whether it is a part whose join is over, so that only work under way goes on."""
    return bool(lives(w)[slot].joint == PART and joints(w)[slot].unneeded != 0)


@jit
def part_ended(w: Handle, part: int) -> int:
    """Count a part that has ended: the request's next step, -1 while it has to wait."""
    slot = joints(w)[part].parent
    unneeded = joints(w)[part].unneeded
    _remove(w, part)
    discard(w, part)
    if unneeded != 0:
        return -1
    joint = joints(w)[slot]
    joint.ended += 1
    if joint.is_closing != 0:
        return -1 if joint.tasks > 0 else close_early(w, slot)
    if joint.ended < joint.need:
        return -1
    _conclude(w, slot, JOIN_DONE, joint.ended)
    return int(steps(w)[joint.step].next)


@jit
def fail(w: Handle, slot: int, why: int) -> int:
    """Give the join up; the request's next step."""
    _conclude(w, slot, JOIN_FAIL, why)
    return int(steps(w)[joints(w)[slot].step].other)


@jit
def break_off(w: Handle, slot: int) -> int:
    """Send the request to `redirect`: that step, -1 while work under way has to end first."""
    stop_calling(w, slot)
    joint = joints(w)[slot]
    joint.is_closing = 1
    part = joint.first
    while part >= 0:
        after = joints(w)[part].after
        rests = lives(w)[part].state in (WAITING, HELD)
        if joints(w)[part].unneeded == 0 and rests:
            cancel(w, part)
        part = after
    return -1 if joint.tasks > 0 else close_early(w, slot)


@jit
def close_early(w: Handle, slot: int) -> int:
    """Let the request go where it is sent, with the join done or not."""
    life = lives(w)[slot]
    joint = joints(w)[slot]
    step = life.redirect
    life.redirect = -1
    if joint.ended < joint.need:
        _conclude(w, slot, JOIN_FAIL, TAKEN_AWAY)
    else:
        _conclude(w, slot, JOIN_DONE, joint.ended)
    return int(step)


@jit
def stop_calling(w: Handle, slot: int) -> None:
    """Expect no more answers and no common start."""
    joint = joints(w)[slot]
    joint.next_ticket = 0
    for part in range(answers(w).shape[1]):
        answers(w)[slot, part].ticket = 0
    stop_gathering(w, slot)


@jit
def stop_gathering(w: Handle, slot: int) -> None:
    """Take a joint task off the list of those that wait for their members, if it is there."""
    c = clock(w)[0]
    joint = joints(w)[slot]
    if joint.gathers == 0:
        return
    joint.gathers = 0
    c.gathering -= 1
    if joint.left >= 0:
        joints(w)[joint.left].right = joint.right
    else:
        c.first_gathering = joint.right
    if joint.right >= 0:
        joints(w)[joint.right].left = joint.left
    else:
        c.last_gathering = joint.left


@jit
def _conclude(w: Handle, slot: int, code: int, ordinal: int) -> None:
    """End the join: work under way goes on for nobody, the rest is withdrawn."""
    stop_calling(w, slot)
    joint = joints(w)[slot]
    lives(w)[slot].joint = 0
    joint.tasks = 0
    part = joint.first
    while part >= 0:
        after = joints(w)[part].after
        if joints(w)[part].unneeded == 0:
            joints(w)[part].unneeded = 1
            if lives(w)[part].state != RUNNING:
                cancel(w, part)
        part = after
    tell(w, code, slot, ordinal, -1, clock(w)[0].instant - joint.since)


@jit
def cancel(w: Handle, part: int) -> None:
    """Withdraw a task that nobody works on; who has it in hand to offer it drops it later."""
    task = lives(w)[part]
    state = task.state
    if state == WAITING:
        leave_line(w, part, CANCELLED)
    elif state == KEPT:
        workers(w)[task.worker].kept = -1
    task.state = CANCELLED
    task.worker = NOBODY
    tell(w, WITHDRAW, part, task.visit, task.line, clock(w)[0].instant - task.since)
    _remove(w, part)
    if state != OVER:
        discard(w, part)
