"""Careers: on Mondays people grow tired or recover, learn, and leave for good."""

from typing import Final

from sim.engine.fast.calendar import push
from sim.engine.fast.codes import EXIT, FOR_ATTRITION, OVER, PHASE_CONTROL
from sim.engine.fast.dispatch import come_loose
from sim.engine.fast.draws import chance, next_key
from sim.engine.fast.jit import Handle, jit, only_here
from sim.engine.fast.log import log
from sim.engine.fast.state import (
    career_kinds,
    careers,
    chosen,
    clock,
    exit_limit,
    pools,
    week_at,
    workers,
)
from sim.engine.fast.vacancies import set_pace
from sim.engine.fast.work import interrupt, is_at_post, offer_loose, withdraw

WEEK: Final = 1
"""Subject of the weekly event among those of phase CONTROL; reviews follow."""


@jit
def schedule_week(w: Handle) -> None:
    """Enter the next Monday."""
    c = clock(w)[0]
    if c.week < len(week_at(w)):
        push(w, week_at(w)[c.week], PHASE_CONTROL, WEEK, 0)
        c.week += 1


@only_here
def week_over(w: Handle) -> None:
    """Phase CONTROL: levels move for everybody, then those who quit go."""
    week = clock(w)[0].week - 1
    schedule_week(w)
    quitters = 0
    for number in range(clock(w)[0].n_pools):
        pool = pools(w)[number]
        if career_kinds(w)[pool.kind].is_any == 0:
            continue
        for worker in range(pool.first, pool.last):
            if _leaves(w, worker, pool.kind, week):
                chosen(w)[quitters] = worker
                quitters += 1
    clock(w)[0].n_loose = 0
    for place in range(quitters):
        worker = chosen(w)[place]
        let_go(w, worker, 0, career_kinds(w)[pools(w)[workers(w)[worker].pool].kind].exit_law)
    offer_loose(w)


@jit
def _leaves(w: Handle, worker: int, kind: int, week: int) -> bool:
    """Let a week pass for one worker; whether the worker leaves for good."""
    hours = _hours(w, worker)
    who = workers(w)[worker]
    if who.posted == 0:
        return False
    post = careers(w)[worker]
    rules = career_kinds(w)[kind]
    if rules.norm >= 0:
        _tire(w, worker, kind, hours)
    post.service += 1
    set_pace(w, worker)
    if rules.exit_law < 0 or who.leaving != 0:
        return False
    limit = exit_limit(w)[rules.fatigue + post.fatigue]
    person = next_key(who.key, post.person)
    return bool(chance(w, limit, FOR_ATTRITION, person, week) != 0)


@jit
def _hours(w: Handle, worker: int) -> int:
    """Time on duty since the last Monday; counting starts anew."""
    now = clock(w)[0].instant
    post = careers(w)[worker]
    hours = post.week
    if workers(w)[worker].on_duty != 0:
        hours += now - post.duty_since
        post.duty_since = now
    post.week = 0
    return int(hours)


@jit
def _tire(w: Handle, worker: int, kind: int, hours: int) -> None:
    post = careers(w)[worker]
    rules = career_kinds(w)[kind]
    beyond = hours - rules.norm
    change = -rules.recovery
    if beyond > 0:
        change = beyond // rules.step
    most = rules.fatigue_end - rules.fatigue - 1
    post.fatigue = min(most, max(0, post.fatigue + change))


@jit
def let_go(w: Handle, worker: int, cause: int, law: int) -> None:
    """Somebody leaves for good, at once or after the task under way, and is replaced.

    What comes loose the caller offers once all have gone.
    """
    who = workers(w)[worker]
    post = careers(w)[worker]
    place = pools(w)[who.pool].place
    log(w, EXIT, place, -1, cause, who.pool, -1, worker, post.fatigue)
    post.quitting = 1
    post.refill = 1
    post.hiring = law
    if is_at_post(w, worker):
        come_loose(w, interrupt(w, worker, OVER))
    if who.task < 0:
        withdraw(w, worker)
    else:
        who.leaving = 1
