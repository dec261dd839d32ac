"""Modes: calls, coming into force, ending, and what that does to people and requests."""

from sim.demand.draws import draw
from sim.demand.purposes import Purpose
from sim.engine.reference import posts
from sim.engine.reference.dispatch import (
    become_idle,
    hold,
    is_idle,
    leave_line,
    reorder,
    served,
)
from sim.engine.reference.expiry import divert
from sim.engine.reference.life import LEAVING
from sim.engine.reference.shifts import (
    go_home,
    group_is_on,
    join_group,
    post,
    set_head_count,
)
from sim.engine.reference.timers import move_clocks
from sim.engine.reference.work import ask, gather_all, go_off, interrupt, offer
from sim.engine.reference.world import HELD, OVER, WAITING, Request, Task, World, tasks_of
from sim.plan.codes import Code, Phase, Suspension, Trigger

LEAVE, ENTER, CALL = range(3)
"""What a MODE occurrence does; its ordinal is mode · 4 + this."""


def scopes(world: World, mode: int) -> list[int]:
    """The places at which a mode is switched."""
    level = world.plan.mode_level[mode]
    if level not in world.scopes:
        places = enumerate(world.plan.place_level)
        world.scopes[level] = [place for place, at in places if at == level]
    return world.scopes[level]


def schedule_modes(world: World) -> None:
    """Enter the calls that are known beforehand, and the first control tick."""
    plan = world.plan
    for mode in range(1, len(plan.mode_level)):
        if plan.mode_enter[mode] == Trigger.AT and plan.mode_enter_at[mode] < plan.end:
            for scope in scopes(world, mode):
                _at(world, max(0, plan.mode_enter_at[mode]), scope, mode, CALL)
    if world.state_rules:
        world.calendar.at(0, Phase.CONTROL, 0, 0)


def _at(world: World, time: int, scope: int, mode: int, action: int) -> None:
    if time < world.plan.end:
        world.calendar.at(time, Phase.MODE, scope, mode * 4 + action)


def happen(world: World, scope: int, ordinal: int) -> None:
    """Phase MODE: a call, a coming into force or an end, if it still stands."""
    mode, action = divmod(ordinal, 4)
    if action == CALL:
        call(world, scope, mode)
    elif action == ENTER:
        if world.called.get(scope) == (mode, world.calendar.instant):
            del world.called[scope]
            enter(world, scope, mode)
    elif (
        world.scope_mode[scope] == mode and world.leave_at.get(scope) == world.calendar.instant
    ):
        leave(world, scope)


def call(world: World, scope: int, mode: int) -> None:
    """Call for a mode; it comes into force after its activation delay."""
    pending = world.called.get(scope)
    if world.scope_mode[scope] == mode or (pending is not None and pending[0] == mode):
        return
    if pending is not None:
        cancel(world, scope)
    world.log(Code.MODE_CALL, scope, amount=mode)
    due = world.calendar.instant + world.activation[mode]
    if due == world.calendar.instant:
        enter(world, scope, mode)
        return
    world.called[scope] = (mode, due)
    _at(world, due, scope, mode, ENTER)


def cancel(world: World, scope: int) -> None:
    """Withdraw the pending call of a scope."""
    mode, _ = world.called.pop(scope)
    world.log(Code.MODE_CANCEL, scope, amount=mode)


def enter(world: World, scope: int, mode: int) -> None:
    """Bring a mode into force."""
    plan = world.plan
    old = world.scope_mode[scope]
    if _is_past(world, mode):
        world.log(Code.MODE_CANCEL, scope, amount=mode)
        return
    if old:
        world.log(Code.MODE_LEAVE, scope, amount=mode)
    world.leave_at.pop(scope, None)
    # The rule that ends the mode begins to hold no earlier than the mode itself.
    world.state_true_since.pop((len(plan.mode_level) + mode, scope), None)
    ends = {
        Trigger.AT: plan.mode_leave_at[mode],
        Trigger.LASTS: world.calendar.instant + plan.mode_leave_at[mode],
    }
    until = ends.get(plan.mode_leave[mode])
    if until is not None:
        world.leave_at[scope] = until
        _at(world, until, scope, mode, LEAVE)
    _switch(world, scope, mode, old)


def _is_past(world: World, mode: int) -> bool:
    """Whether the mode would end no later than now."""
    plan = world.plan
    at = plan.mode_leave[mode] == Trigger.AT
    return bool(at and plan.mode_leave_at[mode] <= world.calendar.instant)


def leave(world: World, scope: int) -> None:
    """End the mode of a scope; the mode that follows it is called."""
    plan = world.plan
    old = world.scope_mode[scope]
    world.leave_at.pop(scope, None)
    followers = [
        mode
        for mode in range(1, len(plan.mode_level))
        if plan.mode_enter[mode] == Trigger.AFTER and plan.mode_enter_at[mode] == old
    ]
    at_once = followers and world.activation[followers[0]] == 0
    if at_once and not _is_past(world, followers[0]):
        world.log(Code.MODE_CALL, scope, amount=followers[0])
        enter(world, scope, followers[0])
        return
    world.log(Code.MODE_LEAVE, scope, amount=0)
    _switch(world, scope, 0, old)
    if followers:
        call(world, scope, followers[0])


def control(world: World, subject: int, ordinal: int) -> None:
    """Phase CONTROL: look at the state rules."""
    plan = world.plan
    n_modes = len(plan.mode_level)
    next_tick = world.calendar.instant + plan.control
    if next_tick < plan.end:
        world.calendar.at(next_tick, Phase.CONTROL, subject, ordinal + 1)
    for rule in world.state_rules:
        mode = rule % n_modes
        for scope in scopes(world, mode):
            held = _holds(world, rule, scope)
            if rule >= n_modes:
                if held and world.scope_mode[scope] == mode:
                    leave(world, scope)
            elif held:
                call(world, scope, mode)
            elif held is None and world.called.get(scope, (0, 0))[0] == mode:
                cancel(world, scope)


def _holds(world: World, rule: int, scope: int) -> bool | None:
    """Whether a rule has been true for its holding time; None where it is false now."""
    plan = world.plan
    count = world.state_count.get((rule, scope), 0)
    bound = plan.state_bound[rule]
    key = (rule, scope)
    if not (count > bound if plan.state_above[rule] else count < bound):
        world.state_true_since.pop(key, None)
        return None
    since = world.state_true_since.setdefault(key, world.calendar.instant)
    return bool(world.calendar.instant - since >= plan.state_hold[rule])


def _switch(world: World, scope: int, mode: int, old: int) -> None:
    """Set the mode of a scope and let everything below it follow."""
    plan = world.plan
    world.scope_mode[scope] = mode
    before = world.place_mode[scope : world.place_end[scope]]
    for place in range(scope, world.place_end[scope]):
        above = world.place_mode[plan.place_parent[place]] if place else 0
        world.place_mode[place] = world.scope_mode[place] or above
    if mode:
        world.log(Code.MODE_ENTER, scope, amount=old)
    changed = [
        pool
        for pool, place in enumerate(plan.pool_place)
        if scope <= place < world.place_end[scope]
        and world.place_mode[place] != before[place - scope]
    ]
    for pool in changed:
        world.pool_mode[pool] = world.place_mode[plan.pool_place[pool]]
    world.servers.clear()
    world.served.clear()
    pause = bool(plan.mode_pause[mode or old])
    loose: list[Task] = []
    for pool in changed:
        loose += _restaff(world, pool, pause=pause)
    loose += _readdress(world, scope, before)
    posts.adjust(world)
    for task in loose:
        offer(world, task)
    gather_all(world)
    for pool in changed:
        for worker in range(plan.pool_first[pool], plan.pool_first[pool + 1]):
            if is_idle(world, worker):
                ask(world, worker)


def _restaff(world: World, pool: int, *, pause: bool) -> list[Task]:
    """Head count, duty times and lines of one pool in its new mode; tasks that came loose."""
    plan = world.plan
    mode = world.pool_mode[pool]
    adding, loose = set_head_count(world, pool, plan.pool_staff[mode][pool], pause=pause)
    for worker in range(plan.pool_first[pool], plan.pool_first[pool + 1]):
        group = plan.worker_group[mode][worker]
        if not world.posted[worker] or world.leaving[worker]:
            continue
        if world.group[worker] != group:
            if world.on_duty[worker] and not group_is_on(world, group):
                loose += go_home(world, worker)
            join_group(world, worker, group)
        if pause and _off_its_lines(world, worker):
            loose.append(interrupt(world, worker))
            if world.off_since[worker] >= 0:
                go_off(world, worker)
            else:
                become_idle(world, worker)
    for worker in adding:
        _mobilise(world, worker, plan.mode_mobilisation[mode])
    return loose


def _off_its_lines(world: World, worker: int) -> bool:
    """Whether the running task is of a line that the worker's pool no longer serves."""
    task = world.task[worker]
    if task is None:
        return False
    pool = world.plan.worker_pool[worker]
    return all(line != task.line for line, _ in served(world, pool))


def _mobilise(world: World, worker: int, law: int) -> None:
    """Call a worker up; there at once, or after the mobilisation delay."""
    world.called_up[worker] += 1
    if law < 0:
        post(world, worker)
        return
    plan = world.plan
    ordinal = world.called_up[worker]
    delay = draw(
        plan.law_table[law],
        world.key0,
        world.key1,
        Purpose.MOBILISATION,
        plan.worker_key[worker],
        ordinal - 1,
        world.tick,
    )
    world.mobilising[worker] = True
    if world.calendar.instant + delay < plan.end:
        subject = len(world.members) + worker
        world.calendar.at(world.calendar.instant + delay, Phase.SHIFT, subject, ordinal)


def _readdress(world: World, scope: int, before: list[int]) -> list[Task]:
    """Priorities, clocks and suspensions of the requests below a scope; tasks to be offered."""
    released: list[Task] = []
    for number in sorted(world.requests):
        request = world.requests.get(number)
        if request is None or not scope <= request.place < world.place_end[scope]:
            continue
        old, new = before[request.place - scope], world.place_mode[request.place]
        if old != new:
            move_clocks(world, request, old, new)
            _reprioritise(world, request, new)
            released += _suspend(world, request, new)
    return released


def _reprioritise(world: World, request: Request, mode: int) -> None:
    base = world.plan.class_priority[mode][request.request_class]
    request.priority = min(base, request.override)
    for task in tasks_of(request):
        if task.state == WAITING:
            reorder(world, task)


def _suspend(world: World, request: Request, mode: int) -> list[Task]:
    """Hold, refuse, divert or release the request's task, as the new mode says."""
    plan = world.plan
    task = request.task
    suspended = plan.class_suspended[mode][request.request_class]
    if request.joint is not None:
        return _suspend_joint(world, request, mode, suspended)
    if task is None:
        return []
    if task.state == HELD and suspended != Suspension.HOLD:
        world.held.remove(task)
        world.log(Code.RELEASE, request.place, request.number, task.visit, line=task.line)
        task.state = OVER
        if suspended == Suspension.NONE or (
            suspended == Suspension.DIVERT and request.diverted
        ):
            return [task]
        world.held.append(task)
        task.state = HELD
    if task.state not in (WAITING, HELD):
        return []
    if suspended == Suspension.HOLD and task.state == WAITING:
        leave_line(world, task, HELD)
        hold(world, task)
    elif suspended == Suspension.REFUSE:
        world.log(Code.REFUSE, request.place, request.number, task.visit, line=task.line)
        divert(world, request, LEAVING)
    elif suspended == Suspension.DIVERT and not request.diverted:
        step = plan.class_divert[mode][request.request_class]
        request.diverted = True
        world.log(Code.DIVERT, request.place, request.number, step)
        divert(world, request, step)
    return []


def _suspend_joint(world: World, request: Request, mode: int, suspended: int) -> list[Task]:
    """The same for the parts of a join; one with work under way goes on where it is."""
    joint = request.joint
    assert joint is not None
    rests = all(task.state in (WAITING, HELD) for task in joint.tasks)
    refused = rests and suspended == Suspension.REFUSE
    diverted = rests and suspended == Suspension.DIVERT and not request.diverted
    released: list[Task] = []
    for task in joint.tasks:
        if task.state == WAITING and suspended == Suspension.HOLD:
            leave_line(world, task, HELD)
            hold(world, task)
        elif task.state == HELD and suspended != Suspension.HOLD:
            line, visit = task.line, task.visit
            world.log(Code.RELEASE, request.place, request.number, visit, line=line)
            if not refused and not diverted:
                world.held.remove(task)
                task.state = OVER
                released.append(task)
    if refused:
        world.log(Code.REFUSE, request.place, request.number, request.entries)
        divert(world, request, LEAVING)
    elif diverted:
        step = world.plan.class_divert[mode][request.request_class]
        request.diverted = True
        world.log(Code.DIVERT, request.place, request.number, step)
        divert(world, request, step)
    return released
