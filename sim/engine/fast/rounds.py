"""Rounds of a duty that a review moves from place to place; their number is kept."""

from sim.engine.fast.codes import MOVED
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.log import log
from sim.engine.fast.state import (
    clock,
    known_at,
    known_place,
    leaf_place,
    place_leaves,
    review_of_place,
    reviews,
    rounds,
    subjects,
)


@jit
def move_rounds(w: Handle, review: int, group: int, until: int) -> None:
    """Share out part of a group's rounds from now on up to the next review (at `until`)."""
    rules = reviews(w)[review]
    now = clock(w)[0].instant
    while rules.rounds < rules.rounds_end and known_at(w)[rounds(w)[rules.rounds]] <= now:
        rules.rounds += 1
    whole = 0
    for number in range(rules.first, rules.last):
        subject = subjects(w)[number]
        subject.rounds = 0
        subject.seen = 0
        subject.turn = 0
        if subject.group == group:
            whole += max(0, subject.rating)
    if whole == 0:
        return
    at = _count_rounds(w, review, until)
    _share_out(w, review, group, whole)
    for place in range(rules.rounds, at):
        own = review_of_place(w)[review, known_place(w)[rounds(w)[place]]]
        if own >= 0 and subjects(w)[own].group == group and _moves(w, own):
            _settle(w, review, group, rounds(w)[place])
    for number in range(rules.first, rules.last):
        subject = subjects(w)[number]
        if subject.group == group and subject.want != subject.rounds:
            log(w, MOVED, subject.place, -1, review, -1, -1, -1, subject.want)


@jit
def _count_rounds(w: Handle, review: int, until: int) -> int:
    """Count the rounds of every place up to an instant; where the next period's begin."""
    at = reviews(w)[review].rounds
    while at < reviews(w)[review].rounds_end and known_at(w)[rounds(w)[at]] <= until:
        own = review_of_place(w)[review, known_place(w)[rounds(w)[at]]]
        if own >= 0:
            subjects(w)[own].rounds += 1
        at += 1
    return int(at)


@jit
def _share_out(w: Handle, review: int, group: int, whole: int) -> None:
    """What each place of a group is to have: what it keeps, and a part by largest remainder."""
    rules = reviews(w)[review]
    total = 0
    for number in range(rules.first, rules.last):
        subject = subjects(w)[number]
        if subject.group == group:
            given = subject.rounds * rules.share // 1_000_000
            given = min(given, max(0, subject.rounds - rules.least))
            subject.want = subject.rounds - given
            total += given
    missing = total
    for number in range(rules.first, rules.last):
        subject = subjects(w)[number]
        if subject.group == group:
            part = total * max(0, subject.rating)
            subject.want += part // whole
            subject.rest = part % whole
            missing -= part // whole
    for _ in range(missing):
        best = -1
        for number in range(rules.first, rules.last):
            subject = subjects(w)[number]
            is_more = best < 0 or subject.rest > subjects(w)[best].rest
            if subject.group == group and subject.rest >= 0 and is_more:
                best = number
        subjects(w)[best].want += 1
        subjects(w)[best].rest = -1
    for number in range(rules.first, rules.last):
        subject = subjects(w)[number]
        subject.lacking = max(0, subject.want - subject.rounds)


@jit
def _moves(w: Handle, number: int) -> bool:
    """Whether the next of a place's rounds is one that it gives away."""
    subject = subjects(w)[number]
    n = subject.seen
    subject.seen += 1
    surplus = subject.rounds - subject.want
    if surplus <= 0:
        return False
    return bool((n + 1) * surplus // subject.rounds > n * surplus // subject.rounds)


@jit
def _settle(w: Handle, review: int, group: int, moved: int) -> None:
    """A moved round goes to the place that lacks most, and there to its leaves in turn."""
    to = -1
    for number in range(reviews(w)[review].first, reviews(w)[review].last):
        subject = subjects(w)[number]
        is_more = to < 0 or subject.lacking > subjects(w)[to].lacking
        if subject.group == group and is_more:
            to = number
    goal = subjects(w)[to]
    goal.lacking -= 1
    first = place_leaves(w)[goal.place, 0]
    leaves = place_leaves(w)[goal.place, 1] - first
    known_place(w)[moved] = leaf_place(w)[first + goal.turn % leaves]
    goal.turn += 1
