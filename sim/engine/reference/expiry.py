"""What a timer does when it goes off: leave, rise, mark, supervise or go elsewhere."""

from sim.engine.reference.dispatch import leave_line, reorder
from sim.engine.reference.gates import withdraw_from_gate
from sim.engine.reference.joins import lose_patience
from sim.engine.reference.life import LEAVING
from sim.engine.reference.parts import break_off
from sim.engine.reference.timers import LIMIT, STAMPS, set_again, set_alarm
from sim.engine.reference.world import (
    HELD,
    KEPT,
    NOWHERE,
    OVER,
    RUNNING,
    WAITING,
    Request,
    World,
    tasks_of,
)
from sim.plan.codes import Channel, Code, TimerThen


def expire(world: World, number: int, ordinal: int) -> None:
    """Phase TIMER: the timer goes off, unless it has been disarmed or set anew."""
    request = world.requests.get(number)
    if request is None:
        return
    plan = world.plan
    local = ordinal // STAMPS - 1
    first, last = plan.timer_ptr[request.request_class : request.request_class + 2]
    if local >= last - first:
        lose_patience(world, request, ordinal % STAMPS)
        return
    timer = first + local if local >= 0 else LIMIT
    alarm = request.armed.get(timer)
    if alarm is None or alarm.stamp != ordinal % STAMPS:
        return
    del request.armed[timer]
    if timer == LIMIT:
        world.log(Code.MARK, request.place, number, LIMIT)
        return
    _act(world, request, timer, alarm.clock)


def _act(world: World, request: Request, timer: int, clock: int) -> None:
    plan = world.plan
    number, place = request.number, request.place
    then = plan.timer_then[timer]
    to = _destination(world, request, timer)
    _hasten(world, request, plan.timer_priority[timer])
    if plan.timer_channel[timer] != Channel.NONE:
        world.log(Code.CONTACT, place, number, timer, amount=plan.timer_channel[timer])
    if then == TimerThen.SUPERVISE:
        world.log(Code.SUPERVISE, place, number, timer, amount=request.priority)
        if plan.timer_every[timer] > 0:
            set_alarm(world, request, timer, plan.timer_every[timer], clock)
    elif then == TimerThen.RISE:
        world.log(Code.RISE, place, number, timer, amount=request.priority)
    else:
        world.log(Code.MARK, place, number, timer)
    if plan.timer_again[timer]:
        set_again(world, request, timer, clock)
    if to >= 0:
        divert(world, request, to)


def _destination(world: World, request: Request, timer: int) -> int:
    plan = world.plan
    then = plan.timer_then[timer]
    if then == TimerThen.GO:
        return int(plan.timer_to[timer])
    if then == TimerThen.RISE and request.step >= 0:
        return int(plan.step_rise[request.step])
    return LEAVING if then == TimerThen.LEAVE else -1


def _hasten(world: World, request: Request, priority: int) -> None:
    """Make the request more urgent, if it is not so already, and move it in its line."""
    if 0 <= priority < request.override:
        request.override = priority
        if priority < request.priority:
            request.priority = priority
            for task in tasks_of(request):
                if task.state == WAITING:
                    reorder(world, task)


def divert(world: World, request: Request, step: int) -> None:
    """Send the request to another step, after running work if there is any."""
    if request.joint is not None:
        _divert_joint(world, request, step)
        return
    task = request.task
    if task is not None and task.state in (RUNNING, KEPT):
        if request.redirect != LEAVING:
            request.redirect = step
        return
    if task is not None:
        waited = world.calendar.instant - task.since
        if task.state == WAITING:
            leave_line(world, task, OVER)
        elif task.state == HELD:
            world.held.remove(task)
            task.state = OVER
        request.task = None
        world.log(
            Code.WITHDRAW,
            request.place,
            request.number,
            task.visit,
            line=task.line,
            amount=waited,
        )
    if request.gate != NOWHERE:
        withdraw_from_gate(world, request)
    if request.signal is not None:
        request.signal.settle(step)


def _divert_joint(world: World, request: Request, step: int) -> None:
    """The same out of a join: what waits is withdrawn at once, what runs ends first."""
    if request.redirect != LEAVING:
        request.redirect = step
    onward = break_off(world, request)
    if onward >= 0:
        assert request.signal is not None
        request.signal.settle(onward)
