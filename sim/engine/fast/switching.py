"""What a change of mode does to the people and the requests below its scope."""

from sim.engine.fast.calendar import push
from sim.engine.fast.codes import (
    DIVERT,
    FOR_MOBILISATION,
    HELD,
    LEAVING,
    MODE_ENTER,
    OVER,
    PHASE_SHIFT,
    REFUSE,
    RELEASE,
    SUSPEND_DIVERT,
    SUSPEND_HOLD,
    SUSPEND_NONE,
    SUSPEND_REFUSE,
    WAITING,
)
from sim.engine.fast.dispatch import (
    become_idle,
    come_loose,
    hold,
    is_idle,
    leave_line,
    serves_line,
)
from sim.engine.fast.draws import draw
from sim.engine.fast.expiry import divert
from sim.engine.fast.heap import insert, remove
from sim.engine.fast.jit import Handle, jit, only_here
from sim.engine.fast.log import log, tell
from sim.engine.fast.order import reorder
from sim.engine.fast.posts import adjust
from sim.engine.fast.shifts import go_home, group_is_on, join_group, post, set_head_count
from sim.engine.fast.state import (
    class_modes,
    clock,
    joints,
    lives,
    modes,
    places,
    pool_modes,
    pools,
    ranking,
    worker_group,
    workers,
)
from sim.engine.fast.timers import move_clocks
from sim.engine.fast.work import ask, gather_all, go_off, interrupt, offer_loose


@jit
def switch(w: Handle, scope: int, mode: int, old: int) -> None:
    """Set the mode of a scope and let everything below it follow."""
    c = clock(w)[0]
    _set_places(w, scope, mode)
    if mode != 0:
        log(w, MODE_ENTER, scope, -1, 0, -1, -1, -1, old)
    for number in range(c.n_pools):
        pool = pools(w)[number]
        pool.changed = 1 if pool.mode != places(w)[pool.place].mode else 0
        pool.mode = places(w)[pool.place].mode
    pause = modes(w)[mode if mode != 0 else old].pause
    c.n_loose = 0
    for number in range(c.n_pools):
        if pools(w)[number].changed != 0:
            _restaff(w, number, pause)
    _readdress(w, scope)
    adjust(w)
    offer_loose(w)
    gather_all(w)
    for number in range(c.n_pools):
        pool = pools(w)[number]
        if pool.changed != 0:
            for worker in range(pool.first, pool.last):
                if is_idle(w, worker):
                    ask(w, worker)


@only_here
def _set_places(w: Handle, scope: int, mode: int) -> None:
    """A place is in the mode of the nearest scope at or above it that is not at peace."""
    places(w)[scope].scope_mode = mode
    for number in range(scope, places(w)[scope].end):
        place = places(w)[number]
        place.before = place.mode
        above = places(w)[place.parent].mode if number > 0 else 0
        place.mode = place.scope_mode if place.scope_mode != 0 else above


@only_here
def _restaff(w: Handle, number: int, pause: int) -> None:
    """Head count, duty times and lines of one pool in its new mode."""
    pool = pools(w)[number]
    set_head_count(w, number, pool_modes(w)[pool.mode, number].staff, pause)
    for worker in range(pool.first, pool.last):
        who = workers(w)[worker]
        group = worker_group(w)[pool.mode, worker]
        if who.posted == 0 or who.leaving != 0:
            continue
        if who.group != group:
            if who.on_duty != 0 and not group_is_on(w, group):
                go_home(w, worker)
            join_group(w, worker, group)
        if pause != 0 and who.task >= 0 and not serves_line(w, number, lives(w)[who.task].line):
            come_loose(w, interrupt(w, worker, OVER))
            if who.off_since >= 0:
                go_off(w, worker)
            else:
                become_idle(w, worker)
    for worker in range(pool.first, pool.last):
        if workers(w)[worker].adding != 0:
            workers(w)[worker].adding = 0
            _mobilise(w, worker, modes(w)[pool.mode].mobilisation)


@jit
def _mobilise(w: Handle, worker: int, law: int) -> None:
    """Call a worker up; there at once, or after the mobilisation delay."""
    c = clock(w)[0]
    who = workers(w)[worker]
    who.called_up += 1
    if law < 0:
        post(w, worker)
        return
    delay = draw(w, law, FOR_MOBILISATION, who.key, who.called_up - 1)
    who.mobilising = 1
    who.arrives_at = c.instant + delay
    push(w, who.arrives_at, PHASE_SHIFT, c.n_groups + worker, 0)


@only_here
def _readdress(w: Handle, scope: int) -> None:
    """Priorities, clocks and suspensions of the requests below a scope, by number."""
    order = ranking(w)
    root = -1
    for slot in range(len(lives(w))):
        life = lives(w)[slot]
        if life.arrived != 0 and scope <= life.place < places(w)[scope].end:
            root = insert(order, root, slot, life.number, 0, 0)
    while root >= 0:
        slot = root
        root = remove(order, root, slot)
        life = lives(w)[slot]
        if life.arrived == 0 or life.number != order[slot].major:
            continue
        place = places(w)[life.place]
        if place.before != place.mode:
            move_clocks(w, slot, place.before, place.mode)
            _reprioritise(w, slot, place.mode)
            _suspend(w, slot, place.mode)


@only_here
def _reprioritise(w: Handle, slot: int, mode: int) -> None:
    life = lives(w)[slot]
    life.priority = min(class_modes(w)[mode, life.request_class].priority, life.override)
    reorder(w, slot)


@only_here
def _suspend(w: Handle, slot: int, mode: int) -> None:
    """Hold, refuse, divert or release the request's task, as the new mode says."""
    life = lives(w)[slot]
    settings = class_modes(w)[mode, life.request_class]
    suspended = settings.suspended
    if life.joint != 0:
        _suspend_joint(w, slot, mode)
        return
    if life.task == 0:
        return
    if life.state == HELD and suspended != SUSPEND_HOLD:
        tell(w, RELEASE, slot, life.visit, life.line, 0)
        if suspended == SUSPEND_NONE or (suspended == SUSPEND_DIVERT and life.diverted != 0):
            life.state = OVER
            come_loose(w, slot)
            return
    if life.state != WAITING and life.state != HELD:  # noqa: PLR1714
        return
    if suspended == SUSPEND_HOLD and life.state == WAITING:
        leave_line(w, slot, HELD)
        hold(w, slot)
    elif suspended == SUSPEND_REFUSE:
        tell(w, REFUSE, slot, life.visit, life.line, 0)
        divert(w, slot, LEAVING)
    elif suspended == SUSPEND_DIVERT and life.diverted == 0:
        life.diverted = 1
        tell(w, DIVERT, slot, settings.divert, -1, 0)
        divert(w, slot, settings.divert)


@only_here
def _suspend_joint(w: Handle, slot: int, mode: int) -> None:
    """The same for the parts of a join; one with work under way goes on where it is."""
    life = lives(w)[slot]
    settings = class_modes(w)[mode, life.request_class]
    refused = settings.suspended == SUSPEND_REFUSE and _rests(w, slot)
    diverted = settings.suspended == SUSPEND_DIVERT and life.diverted == 0 and _rests(w, slot)
    part = joints(w)[slot].first
    while part >= 0:
        task = lives(w)[part]
        if joints(w)[part].unneeded != 0:
            pass
        elif task.state == WAITING and settings.suspended == SUSPEND_HOLD:
            leave_line(w, part, HELD)
            hold(w, part)
        elif task.state == HELD and settings.suspended != SUSPEND_HOLD:
            tell(w, RELEASE, part, task.visit, task.line, 0)
            if not refused and not diverted:
                task.state = OVER
                come_loose(w, part)
        part = joints(w)[part].after
    if refused:
        tell(w, REFUSE, slot, life.entries, -1, 0)
        divert(w, slot, LEAVING)
    elif diverted:
        life.diverted = 1
        tell(w, DIVERT, slot, settings.divert, -1, 0)
        divert(w, slot, settings.divert)


@jit
def _rests(w: Handle, slot: int) -> bool:
    """Whether no work on a part is under way."""
    part = joints(w)[slot].first
    while part >= 0:
        rests = lives(w)[part].state in (WAITING, HELD)
        if joints(w)[part].unneeded == 0 and not rests:
            return False
        part = joints(w)[part].after
    return True
