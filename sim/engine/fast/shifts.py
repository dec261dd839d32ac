"""Shifts: the boundaries of rota groups, and coming to and leaving the head count."""

from sim.engine.fast.calendar import push
from sim.engine.fast.codes import (
    KEPT,
    OVER,
    PHASE_SHIFT,
    POST,
    SHIFT_FINISH,
    SHIFT_HAND_OVER,
    SHIFT_PAUSE,
    WORKER_ON,
)
from sim.engine.fast.dispatch import become_idle, come_loose, is_idle
from sim.engine.fast.heap import insert, remove
from sim.engine.fast.jit import Handle, jit, only_here
from sim.engine.fast.log import tell_worker
from sim.engine.fast.state import (
    careers,
    chosen,
    clock,
    groups,
    lives,
    members,
    pool_modes,
    pools,
    ranking,
    stretches,
    worker_group,
    workers,
)
from sim.engine.fast.vacancies import settle_in
from sim.engine.fast.work import (
    ask,
    go_off,
    interrupt,
    is_at_post,
    offer_loose,
    start,
    withdraw,
)


@jit
def group_is_on(w: Handle, group: int) -> bool:
    """Whether a rota group is on duty now (its boundaries at this instant included)."""
    now = clock(w)[0].instant
    first = groups(w)[group].first
    low = first
    high = groups(w)[group].last
    while low < high:
        middle = (low + high) >> 1
        if stretches(w)[middle].on > now:
            high = middle
        else:
            low = middle + 1
    return bool(low > first and stretches(w)[low - 1].off > now)


@jit
def schedule_boundary(w: Handle, group: int, ordinal: int) -> None:
    """Enter a boundary of the group: ordinal 2k is the k-th going on duty, 2k + 1 its end."""
    rota = groups(w)[group]
    rota.ordinal = ordinal
    entry = rota.first + ordinal // 2
    if entry < rota.last:
        stretch = stretches(w)[entry]
        push(w, stretch.off if ordinal % 2 else stretch.on, PHASE_SHIFT, group, 0)


@only_here
def boundary(w: Handle, subject: int) -> None:
    """Phase SHIFT: a group's people go off duty or come on, or a mobilised worker arrives."""
    c = clock(w)[0]
    if subject >= c.n_groups:
        worker = subject - c.n_groups
        who = workers(w)[worker]
        if who.mobilising != 0 and who.arrives_at == c.instant:
            post(w, worker)
            if is_idle(w, worker):
                ask(w, worker)
        return
    ordinal = groups(w)[subject].ordinal
    schedule_boundary(w, subject, ordinal + 1)
    if ordinal % 2:
        _shift_ends(w, subject)
    else:
        _shift_begins(w, subject)


@only_here
def _shift_begins(w: Handle, group: int) -> None:
    """Workers come on duty: kept tasks are resumed, then the others are dispatched."""
    coming = 0
    for place in range(groups(w)[group].members, groups(w)[group].members_end):
        worker = members(w)[place]
        if workers(w)[worker].group == group and come_on(w, worker) == 0:
            chosen(w)[coming] = worker
            coming += 1
    for place in range(coming):
        worker = chosen(w)[place]
        if is_idle(w, worker):
            ask(w, worker)


@jit
def come_on(w: Handle, worker: int) -> int:
    """Bring one worker on duty; 1 if the worker is busy at once."""
    who = workers(w)[worker]
    if who.on_duty != 0:
        # Still finishing the last task of the shift before: it becomes part of this one.
        who.off_since = -1
        return 1
    who.on_duty = 1
    careers(w)[worker].duty_since = clock(w)[0].instant
    tell_worker(w, WORKER_ON, worker, 0)
    kept = who.kept
    if kept >= 0:
        who.kept = -1
        start(w, kept, worker)
        return 1
    become_idle(w, worker)
    return 0


@only_here
def _shift_ends(w: Handle, group: int) -> None:
    """Workers go off duty under their pool's rule; then what they handed over is offered."""
    clock(w)[0].n_loose = 0
    for place in range(groups(w)[group].members, groups(w)[group].members_end):
        worker = members(w)[place]
        if workers(w)[worker].group == group:
            go_home(w, worker)
    offer_loose(w)


@jit
def go_home(w: Handle, worker: int) -> None:
    """End one worker's shift; tasks that are handed over come loose."""
    who = workers(w)[worker]
    if who.on_duty == 0:
        return
    if who.task < 0:
        go_off(w, worker)
        return
    rule = pool_modes(w)[pools(w)[who.pool].mode, who.pool].shift_end
    if is_at_post(w, worker):
        rule = SHIFT_HAND_OVER
    if rule == SHIFT_FINISH:
        if who.off_since < 0:
            who.off_since = clock(w)[0].instant
        return
    slot = interrupt(w, worker, KEPT if rule == SHIFT_PAUSE else OVER)
    if rule == SHIFT_HAND_OVER:
        come_loose(w, slot)
        if who.leaving != 0:
            withdraw(w, worker)
            return
    go_off(w, worker)


@jit
def post(w: Handle, worker: int) -> None:
    """Add a worker to the head count; on duty at once if the group is."""
    who = workers(w)[worker]
    who.mobilising = 0
    who.posted = 1
    tell_worker(w, POST, worker, 0)
    settle_in(w, worker)
    join_group(w, worker, worker_group(w)[pools(w)[who.pool].mode, worker])


@jit
def join_group(w: Handle, worker: int, group: int) -> None:
    """Put a posted worker into a rota group; the caller lets idle workers ask."""
    workers(w)[worker].group = group
    if group_is_on(w, group):
        come_on(w, worker)


@only_here
def set_head_count(w: Handle, number: int, count: int, pause: int) -> None:
    """Cut a pool to `count`, or mark the workers to be added.

    Tasks that come loose are offered once all pools are cut, so that nobody takes them who is
    about to go.
    """
    pool = pools(w)[number]
    there = 0
    coming = 0
    for worker in range(pool.first, pool.last):
        who = workers(w)[worker]
        if who.posted != 0 and who.leaving == 0:
            there += 1
        # A post that somebody leaves for good counts as long as a newcomer is to take it.
        if who.mobilising != 0 or _is_refilled(w, worker):
            coming += 1
    excess = there + coming - count
    if excess > 0:
        _cut(w, number, excess, pause)
    else:
        _add(w, number, -excess)


@jit
def _is_refilled(w: Handle, worker: int) -> bool:
    """Whether somebody who is about to leave for good will be replaced."""
    post = careers(w)[worker]
    return bool(post.quitting != 0 and post.refill != 0)


@only_here
def _cut(w: Handle, number: int, excess: int, pause: int) -> None:
    """Those still on their way stay away first, then those leave who are named by the rule."""
    pool = pools(w)[number]
    worker = pool.last - 1
    while worker >= pool.first and excess > 0:
        if workers(w)[worker].mobilising != 0 or _is_refilled(w, worker):
            workers(w)[worker].mobilising = 0
            careers(w)[worker].refill = 0
            excess -= 1
        worker -= 1
    root = -1
    for worker in range(pool.first, pool.last):
        who = workers(w)[worker]
        if who.posted == 0 or who.leaving != 0:
            continue
        if pool.leaves != 0:
            root = insert(ranking(w), root, worker, 0, -worker, 0)
        elif who.task >= 0:
            started = lives(w)[who.task].started_at
            root = insert(ranking(w), root, worker, 1, -started, -worker)
        else:
            since = who.idle_since if who.on_duty != 0 else -1
            root = insert(ranking(w), root, worker, 0, since, worker)
    leaving = 0
    while leaving < excess and root >= 0:
        chosen(w)[leaving] = root
        leaving += 1
        root = remove(ranking(w), root, root)
    for place in range(leaving):
        _dismiss(w, chosen(w)[place], pause)


@jit
def _add(w: Handle, number: int, wanted: int) -> None:
    """Those about to leave stay, then unposted workers are marked, in order of number."""
    pool = pools(w)[number]
    for worker in range(pool.first, pool.last):
        who = workers(w)[worker]
        if wanted > 0 and who.posted != 0 and who.leaving != 0 and not _is_refilled(w, worker):
            if careers(w)[worker].quitting != 0:
                careers(w)[worker].refill = 1
            else:
                who.leaving = 0
            wanted -= 1
    for worker in range(pool.first, pool.last):
        who = workers(w)[worker]
        if wanted > 0 and who.posted == 0 and who.mobilising == 0:
            who.adding = 1
            wanted -= 1


@only_here
def _dismiss(w: Handle, worker: int, pause: int) -> None:
    who = workers(w)[worker]
    if who.task < 0:
        withdraw(w, worker)
    elif pause != 0 or is_at_post(w, worker):
        come_loose(w, interrupt(w, worker, OVER))
        withdraw(w, worker)
    else:
        who.leaving = 1
