"""Reviews: what was counted becomes a score, and the score moves rounds, levels or people."""

from typing import Final

from sim.engine.fast.calendar import push
from sim.engine.fast.careers import WEEK, let_go
from sim.engine.fast.codes import DRILL, LEVEL, MOVES, PHASE_CONTROL, REVIEW, WRITES
from sim.engine.fast.jit import Handle, jit, only_here
from sim.engine.fast.log import log
from sim.engine.fast.rounds import move_rounds
from sim.engine.fast.state import (
    career_kinds,
    careers,
    clock,
    drill_activation,
    drill_at,
    level_pace,
    line_of,
    lines,
    modes,
    pools,
    review_at,
    review_of_place,
    reviews,
    subjects,
    workers,
)
from sim.engine.fast.work import offer_loose

FIRST: Final = WEEK + 1
"""Subject of the first review among those of phase CONTROL; the drills of modes follow."""
NO_DATA: Final = -1


@jit
def schedule_review(w: Handle, review: int) -> None:
    """Enter the next turn of a review."""
    rules = reviews(w)[review]
    if rules.next < rules.end:
        push(w, review_at(w)[rules.next], PHASE_CONTROL, FIRST + review, 0)
        rules.next += 1


@jit
def schedule_drill(w: Handle, mode: int) -> None:
    """Enter the next drill of a mode."""
    rules = modes(w)[mode]
    if rules.drill < rules.drill_end:
        subject = FIRST + clock(w)[0].n_reviews + mode
        push(w, drill_at(w)[rules.drill], PHASE_CONTROL, subject, 0)
        rules.drill += 1


@jit
def happen(w: Handle, subject: int) -> None:
    """Phase CONTROL: a review, or what comes after the reviews in number: a mode's drill."""
    review = subject - FIRST
    if review < clock(w)[0].n_reviews:
        _hold(w, review)
        return
    mode = review - clock(w)[0].n_reviews
    activation = drill_activation(w)[modes(w)[mode].drill - 1]
    schedule_drill(w, mode)
    modes(w)[mode].activation = activation
    log(w, DRILL, 0, -1, mode, -1, -1, -1, activation)


@jit
def _hold(w: Handle, review: int) -> None:
    """Rate every subject, write what follows, and count anew."""
    rules = reviews(w)[review]
    turn = rules.next
    schedule_review(w, review)
    for number in range(rules.first, rules.last):
        subject = subjects(w)[number]
        subject.rating = subject.score
        if rules.scaled != 0:
            subject.rating = NO_DATA
            if subject.out_of != 0:
                subject.rating = subject.score * 1000 // subject.out_of
        subject.score = 0
        subject.out_of = 0
        _tell(w, REVIEW, review, number, subject.rating)
    if rules.effect == MOVES:
        until = review_at(w)[turn] if turn < rules.end else clock(w)[0].end
        group = _next_group(w, review, -1)
        while group >= 0:
            move_rounds(w, review, group, until)
            group = _next_group(w, review, group)
    elif rules.effect == WRITES:
        for number in range(rules.first, rules.last):
            _write_level(w, review, number)
    else:
        _replace(w, review)


@jit
def _tell(w: Handle, code: int, review: int, number: int, amount: int) -> None:
    """Log a row about a subject."""
    subject = subjects(w)[number]
    log(w, code, subject.place, -1, review, subject.pool, -1, subject.worker, amount)


@jit
def _next_group(w: Handle, review: int, after: int) -> int:
    """The smallest group above one, -1 if there is none."""
    best = -1
    for number in range(reviews(w)[review].first, reviews(w)[review].last):
        group = subjects(w)[number].group
        if group > after and (best < 0 or group < best):
            best = group
    return int(best)


@jit
def _write_level(w: Handle, review: int, number: int) -> None:
    rules = reviews(w)[review]
    subject = subjects(w)[number]
    if subject.rating == NO_DATA:
        return
    level = subject.level
    if rules.above >= 0 and subject.rating > rules.above:
        level += 1
    if subject.rating < rules.below:
        level -= 1
    level = min(2 * rules.most, max(0, level))
    if level == subject.level:
        return
    subject.level = level
    if rules.response >= 0:
        _write_response(w, review, number, rules.response + level)
    if rules.pace >= 0:
        pools(w)[subject.pool].pace = level_pace(w)[rules.pace + level]
    _tell(w, LEVEL, review, number, level)


@jit
def _write_response(w: Handle, review: int, number: int, row: int) -> None:
    """Let the lines that a subject's level is about answer by another row."""
    kind = reviews(w)[review].line
    pool = subjects(w)[number].pool
    if pool >= 0:
        lines(w)[line_of(w)[kind, pools(w)[pool].place]].response = row
        return
    for line in range(len(lines(w))):
        each = lines(w)[line]
        if each.kind == kind and review_of_place(w)[review, each.place] == number:
            each.response = row


@only_here
def _replace(w: Handle, review: int) -> None:
    """The lowest-rated of each group go; of equals the highest number."""
    rules = reviews(w)[review]
    for number in range(rules.first, rules.last):
        subjects(w)[number].going = 1 if _is_rated(w, number) else 0
    group = _next_group(w, review, -1)
    while group >= 0:
        _choose(w, review, group)
        group = _next_group(w, review, group)
    clock(w)[0].n_loose = 0
    for number in range(rules.first, rules.last):
        if subjects(w)[number].going == 2:
            let_go(w, subjects(w)[number].worker, review + 1, rules.law)
    offer_loose(w)


@jit
def _is_rated(w: Handle, number: int) -> bool:
    """Newcomers who still learn, and people without data, are not rated."""
    subject = subjects(w)[number]
    who = workers(w)[subject.worker]
    kind = career_kinds(w)[pools(w)[who.pool].kind]
    return bool(
        subject.rating != NO_DATA
        and who.posted != 0
        and who.leaving == 0
        and careers(w)[subject.worker].service >= kind.learning_end - kind.learning
    )


@jit
def _choose(w: Handle, review: int, group: int) -> None:
    """Mark (`going` 2) those of the rated (1) of a group who are replaced."""
    rules = reviews(w)[review]
    rated = 0
    for number in range(rules.first, rules.last):
        if subjects(w)[number].group == group and subjects(w)[number].going == 1:
            rated += 1
    count = rules.least
    if count < 0:
        count = rated * rules.share // 1_000_000
    for _ in range(min(count, rated)):
        lowest = -1
        for number in range(rules.first, rules.last):
            subject = subjects(w)[number]
            if subject.group != group or subject.going != 1:
                continue
            if lowest < 0 or subject.rating <= subjects(w)[lowest].rating:
                lowest = number
        subjects(w)[lowest].going = 2
