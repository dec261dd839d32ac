"""Reviews: what was counted becomes a score, and the score moves rounds, levels or people."""

from sim.engine.reference.careers import WEEK, let_go
from sim.engine.reference.rounds import move_rounds
from sim.engine.reference.world import World
from sim.plan.codes import Code, Effect, Phase

FIRST = WEEK + 1
"""Subject of the first review among those of phase CONTROL."""
NO_DATA = -1


def schedule_review(world: World, review: int, ordinal: int) -> None:
    """Enter the n-th turn of a review."""
    plan = world.plan
    entry = plan.review_ptr[review] + ordinal
    if entry < plan.review_ptr[review + 1]:
        at = plan.review_at[entry]
        world.calendar.at(at, Phase.CONTROL, FIRST + review, ordinal)


def hold_review(world: World, review: int, ordinal: int) -> None:
    """Phase CONTROL: rate every subject, write what follows, and count anew."""
    schedule_review(world, review, ordinal + 1)
    plan = world.plan
    subjects = range(plan.review_first[review], plan.review_first[review + 1])
    scores = {subject: _score(world, review, subject) for subject in subjects}
    for subject in subjects:
        world.score[subject] = world.base[subject] = 0
        tell(world, Code.REVIEW, review, subject, scores[subject])
    effect = plan.review_effect[review]
    if effect == Effect.MOVES:
        _move(world, review, ordinal, scores)
    elif effect == Effect.LEVEL:
        for subject in subjects:
            _write_level(world, review, subject, scores[subject])
    else:
        _replace(world, review, scores)


def tell(world: World, code: Code, review: int, subject: int, amount: int) -> None:
    """Log a row about a subject."""
    plan = world.plan
    world.log(
        code,
        plan.subject_place[subject],
        ordinal=review,
        pool=plan.subject_pool[subject],
        worker=plan.subject_worker[subject],
        amount=amount,
    )


def _score(world: World, review: int, subject: int) -> int:
    if not world.plan.review_scaled[review]:
        return world.score[subject]
    base = world.base[subject]
    return world.score[subject] * 1000 // base if base else NO_DATA


def _write_level(world: World, review: int, subject: int, score: int) -> None:
    plan = world.plan
    above, below = plan.review_above[review], plan.review_below[review]
    if score == NO_DATA:
        return
    change = int(score > above >= 0) - int(score < below)
    level = min(2 * plan.review_most[review], max(0, world.level[subject] + change))
    if level == world.level[subject]:
        return
    world.level[subject] = level
    if plan.review_response[review] >= 0:
        for line in _lines(world, review, subject):
            world.response_level[line] = plan.review_response[review] + level
    if plan.review_pace[review] >= 0:
        pool = plan.subject_pool[subject]
        world.pool_pace[pool] = plan.level_pace[plan.review_pace[review] + level]
    tell(world, Code.LEVEL, review, subject, level)


def _lines(world: World, review: int, subject: int) -> list[int]:
    """The lines whose answers a subject's level is about."""
    plan = world.plan
    kind = plan.review_line[review]
    pool = plan.subject_pool[subject]
    if pool >= 0:
        return [plan.line_of[kind][plan.pool_place[pool]]]
    rated = plan.review_of_place[review]
    return [
        line
        for line, place in enumerate(plan.line_place)
        if plan.line_type[line] == kind and rated[place] == subject
    ]


def _move(world: World, review: int, ordinal: int, scores: dict[int, int]) -> None:
    plan = world.plan
    entry = plan.review_ptr[review] + ordinal + 1
    until = plan.review_at[entry] if entry < plan.review_ptr[review + 1] else plan.end
    groups: dict[int, list[int]] = {}
    for subject in scores:
        groups.setdefault(plan.subject_group[subject], []).append(subject)
    for group in sorted(groups):
        rated = [(subject, max(0, scores[subject])) for subject in groups[group]]
        for subject, rounds in move_rounds(world, review, rated, until):
            tell(world, Code.MOVED, review, subject, rounds)


def _replace(world: World, review: int, scores: dict[int, int]) -> None:
    """The lowest-rated of each group go; of equals the highest number.

    Newcomers who still learn, and people without data, are not rated.
    """
    plan = world.plan
    groups: dict[int, list[int]] = {}
    for subject, score in scores.items():
        if score != NO_DATA and _is_rated(world, plan.subject_worker[subject]):
            groups.setdefault(plan.subject_group[subject], []).append(subject)
    going: list[int] = []
    for group in sorted(groups):
        rated = sorted(groups[group], key=lambda subject: (scores[subject], -subject))
        count = plan.review_least[review]
        if count < 0:
            count = len(rated) * plan.review_share[review] // 1_000_000
        going += [plan.subject_worker[subject] for subject in rated[:count]]
    let_go(world, sorted(going), review + 1, [plan.review_law[review]] * len(going))


def _is_rated(world: World, worker: int) -> bool:
    plan = world.plan
    kind = plan.pool_type[plan.worker_pool[worker]]
    learns = plan.learning_ptr[kind + 1] - plan.learning_ptr[kind]
    return (
        world.posted[worker] and not world.leaving[worker] and world.service[worker] >= learns
    )
