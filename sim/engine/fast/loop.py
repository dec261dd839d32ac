"""The loop: the next occurrence by key, what it settles, and whether the tables have room."""

from sim.engine.fast import (
    careers,
    expiry,
    hazards,
    joins,
    life,
    modes,
    posts,
    reviews,
    sessions,
    shifts,
    work,
)
from sim.engine.fast.calendar import (
    ORDINAL_MASK,
    PHASE_AT,
    SUBJECT_AT,
    SUBJECT_MASK,
    come_near,
    look_ahead,
    pop,
)
from sim.engine.fast.codes import (
    FINISHED,
    FULL,
    GROW,
    PHASE_ARRIVAL,
    PHASE_CONTROL,
    PHASE_END,
    PHASE_GATE,
    PHASE_MODE,
    PHASE_RETURN,
    PHASE_SHIFT,
    PHASE_SURFACE,
)
from sim.engine.fast.jit import Handle, apart, jit, only_here
from sim.engine.fast.slots import known, newborn
from sim.engine.fast.state import (
    clock,
    events,
    far,
    gates,
    groups,
    known_at,
    lives,
    log_time,
    pool_modes,
    pools,
    slot_of,
    steps,
    workers,
)

ONE_EVENT = 1024
"""Rows and entries that an event of one request may need at most, chains of preemption
included; a table that is full all the same ends the run with an error."""


@jit
def loop(w: Handle) -> int:
    """Play until the end, or until a table needs room; then the caller comes back."""
    c = clock(w)[0]
    if c.begun == 0:
        if not _has_room(w, c.alive):
            return GROW
        c.begun = 1
        _begin(w)
    while c.overflow == 0:
        if c.n_events == 0:
            come_near(w, _next_arrival(w))
        arrives = _is_arrival_next(w)
        time = _next_arrival(w) if arrives else events(w)[0].time
        key = PHASE_ARRIVAL << PHASE_AT if arrives else events(w)[0].key
        if time >= c.end:
            return FINISHED
        phase = key >> PHASE_AT
        if not _has_room(w, _crowd(w, phase, key)):
            return GROW
        look_ahead(w)
        c.instant = time
        c.phase = phase
        if arrives:
            number = c.next
            c.next = number + 1
            life.begin(w, known(w, number))
        else:
            pop(w)
            _happen(w, phase, (key >> SUBJECT_AT) & SUBJECT_MASK, key & ORDINAL_MASK)
    return FULL


@jit
def _next_arrival(w: Handle) -> int:
    """When the next request of the trace arrives; the end if there is none."""
    c = clock(w)[0]
    return int(known_at(w)[c.next]) if c.next < c.n_known else int(c.end)


@jit
def _is_arrival_next(w: Handle) -> bool:
    """Whether the next request of the trace comes before all that stands in the calendar."""
    if clock(w)[0].n_events == 0:
        return True
    first = events(w)[0]
    arrival = _next_arrival(w)
    if arrival != first.time:
        return bool(arrival < first.time)
    return bool(PHASE_ARRIVAL << PHASE_AT | clock(w)[0].next << SUBJECT_AT < first.key)


@apart
def _begin(w: Handle) -> None:
    """Enter what is known beforehand."""
    c = clock(w)[0]
    _man_posts(w)
    if c.n_posts > 0:
        posts.adjust(w)
    if c.n_modes > 1:
        modes.schedule_modes(w)
    sessions.schedule(w)
    if c.n_hazards > 0:
        hazards.schedule_birth(w, 0)
    _schedule_controls(w)


@jit
def _crowd(w: Handle, phase: int, key: int) -> int:
    """How many requests an event may be about; -1: only one."""
    if phase in (PHASE_SHIFT, PHASE_MODE, PHASE_CONTROL):
        return int(clock(w)[0].alive)
    subject = (key >> SUBJECT_AT) & SUBJECT_MASK
    if phase == PHASE_GATE and subject < clock(w)[0].n_gates:
        return int(min(gates(w)[subject].batch, gates(w)[subject].waiting))
    return -1


@jit
def _has_room(w: Handle, crowd: int) -> bool:
    """Whether all tables have room for what one event may need.

    The others are as large as those asked here (`simulation`).
    """
    c = clock(w)[0]
    parts = c.join_width * (1 + c.gathering)
    need = ONE_EVENT + c.latent + 8 * parts
    slots = 2 + c.latent
    if crowd >= 0:
        many = 16 * c.n_workers + (32 + c.most_timers) * crowd + 8 * c.n_places
        many += 8 * c.join_width * crowd
        parts += c.join_width * crowd
        need += (many + c.n_gates + c.n_accounts) * (1 + c.rules)
        slots += crowd + c.n_posts
        need += 4 * c.n_posts
    return bool(
        c.n_rows + need <= len(log_time(w))
        and c.n_events + c.n_far + need <= len(far(w))
        and c.n_free >= 2 + parts
        and c.numbers + slots <= c.most_numbers
    )


@only_here
def _happen(w: Handle, phase: int, subject: int, ordinal: int) -> None:
    """Let an occurrence happen, if it still counts."""
    c = clock(w)[0]
    if phase == PHASE_END:
        _end(w, subject)
    elif phase == PHASE_RETURN:
        _return(w, slot_of(w)[subject], ordinal)
    elif phase == PHASE_SHIFT:
        shifts.boundary(w, subject)
    elif phase == PHASE_ARRIVAL:
        life.begin(w, newborn(w, subject))
        if c.n_posts > 0:
            posts.arrived(w, subject)
    elif phase == PHASE_SURFACE and c.n_hazards > 0:
        hazards.happen(w, subject, ordinal)
    elif phase == PHASE_GATE and c.n_gates + c.n_accounts > 0:
        sessions.sit(w, subject)
    elif phase == PHASE_MODE and c.n_modes > 1:
        modes.happen(w, subject, ordinal)
    elif phase == PHASE_CONTROL and c.rules + c.n_weeks + c.n_reviews + c.n_modes > 1:
        _control(w, subject)
    else:
        expiry.expire(w, subject, ordinal)


@only_here
def _control(w: Handle, subject: int) -> None:
    """Phase CONTROL: state rules of modes, the end of a week, a review or a drill."""
    if subject == 0:
        modes.control(w)
    elif subject == careers.WEEK:
        careers.week_over(w)
    else:
        reviews.happen(w, subject)


@only_here
def _schedule_controls(w: Handle) -> None:
    """Enter the first Monday, and the first turn of each review and drill."""
    careers.schedule_week(w)
    for review in range(clock(w)[0].n_reviews):
        reviews.schedule_review(w, review)
    for mode in range(clock(w)[0].n_modes):
        reviews.schedule_drill(w, mode)


@only_here
def _return(w: Handle, slot: int, ticket: int) -> None:
    """Phase RETURN: a delay is over, or what a join waits for is due."""
    if slot < 0:
        return
    if ticket > 0 and clock(w)[0].n_joins > 0:
        onward = joins.due(w, slot, ticket)
        if onward >= 0:
            life.resume(w, slot, onward)
    elif lives(w)[slot].delay_until == clock(w)[0].instant:
        life.resume(w, slot, lives(w)[slot].onward)


@only_here
def _end(w: Handle, worker: int) -> None:
    """Phase END: the task is done, the worker is free, then the request moves on."""
    who = workers(w)[worker]
    if who.task < 0 or who.end_at != clock(w)[0].instant:
        return
    slot = work.finish(w, worker)
    if slot < 0:
        return
    moving = lives(w)[slot]
    step = moving.redirect
    moving.redirect = -1
    if step < 0:
        step = steps(w)[moving.task_step].next
    life.resume(w, slot, step)


@only_here
def _man_posts(w: Handle) -> None:
    """Post the peacetime head counts and enter the first boundary of every group in use."""
    c = clock(w)[0]
    for number in range(c.n_pools):
        first = pools(w)[number].first
        for worker in range(first, first + pool_modes(w)[0, number].staff):
            shifts.post(w, worker)
    for group in range(c.n_groups):
        if groups(w)[group].used != 0:
            shifts.schedule_boundary(w, group, 1 if shifts.group_is_on(w, group) else 0)
