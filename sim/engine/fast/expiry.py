"""What a timer does when it goes off: leave, rise, mark, supervise or go elsewhere."""

from sim.engine.fast.codes import (
    CONTACT,
    HELD,
    KEPT,
    LEAVING,
    MARK,
    NO_CHANNEL,
    OVER,
    RISE,
    RUNNING,
    SUPERVISE,
    THEN_GO,
    THEN_LEAVE,
    THEN_RISE,
    THEN_SUPERVISE,
    WAITING,
    WITHDRAW,
)
from sim.engine.fast.dispatch import leave_line
from sim.engine.fast.gates import withdraw_from_gate
from sim.engine.fast.jit import Handle, jit, only_here
from sim.engine.fast.joins import lose_patience
from sim.engine.fast.life import resume
from sim.engine.fast.log import tell
from sim.engine.fast.order import reorder
from sim.engine.fast.parts import break_off
from sim.engine.fast.state import alarms, classes, clock, lives, slot_of, steps, timers
from sim.engine.fast.timers import set_again, set_alarm


@only_here
def expire(w: Handle, number: int, local: int) -> None:
    """Phase TIMER: the timer goes off, unless it has been disarmed or set anew."""
    slot = slot_of(w)[number]
    if slot < 0:
        return
    kind = classes(w)[lives(w)[slot].request_class]
    if clock(w)[0].n_joins > 0 and local > kind.timers_end - kind.timers:
        onward = lose_patience(w, slot)
        if onward >= 0:
            resume(w, slot, onward)
        return
    alarm = alarms(w)[slot, local]
    if alarm.armed == 0 or alarm.due != clock(w)[0].instant:
        return
    alarm.armed = 0
    if local == 0:
        tell(w, MARK, slot, -1, -1, 0)
        return
    _act(w, slot, kind.timers + local - 1, local)


@only_here
def _act(w: Handle, slot: int, number: int, local: int) -> None:
    life = lives(w)[slot]
    timer = timers(w)[number]
    to = _destination(w, slot, number)
    _hasten(w, slot, timer.priority)
    if timer.channel != NO_CHANNEL:
        tell(w, CONTACT, slot, number, -1, timer.channel)
    if timer.then == THEN_SUPERVISE:
        tell(w, SUPERVISE, slot, number, -1, life.priority)
        if timer.every > 0:
            set_alarm(w, slot, local, timer.every, alarms(w)[slot, local].clock)
    elif timer.then == THEN_RISE:
        tell(w, RISE, slot, number, -1, life.priority)
    else:
        tell(w, MARK, slot, number, -1, 0)
    if timer.again != 0:
        set_again(w, slot, number, local)
    if to >= 0:
        divert(w, slot, to)


@jit
def _destination(w: Handle, slot: int, number: int) -> int:
    timer = timers(w)[number]
    life = lives(w)[slot]
    if timer.then == THEN_GO:
        return int(timer.to)
    if timer.then == THEN_RISE and life.step >= 0:
        return int(steps(w)[life.step].rise)
    return LEAVING if timer.then == THEN_LEAVE else -1


@jit
def _hasten(w: Handle, slot: int, priority: int) -> None:
    """Make the request more urgent, if it is not so already, and move it in its line."""
    life = lives(w)[slot]
    if priority < 0 or priority >= life.override:
        return
    life.override = priority
    if priority < life.priority:
        life.priority = priority
        reorder(w, slot)


@jit
def divert(w: Handle, slot: int, step: int) -> None:
    """Send the request to another step, after running work if there is any."""
    life = lives(w)[slot]
    if life.joint != 0:
        _divert_joint(w, slot, step)
        return
    if life.task != 0 and (life.state == RUNNING or life.state == KEPT):  # noqa: PLR1714
        if life.redirect != LEAVING:
            life.redirect = step
        return
    if life.task != 0:
        waited = clock(w)[0].instant - life.since
        if life.state == WAITING:
            leave_line(w, slot, OVER)
        elif life.state == HELD:
            life.state = OVER
        life.task = 0
        tell(w, WITHDRAW, slot, life.visit, life.line, waited)
    if life.gate >= 0:
        withdraw_from_gate(w, slot)
    resume(w, slot, step)


@jit
def _divert_joint(w: Handle, slot: int, step: int) -> None:
    """The same out of a join: what waits is withdrawn at once, what runs ends first."""
    life = lives(w)[slot]
    if life.redirect != LEAVING:
        life.redirect = step
    onward = break_off(w, slot)
    if onward >= 0:
        resume(w, slot, onward)
