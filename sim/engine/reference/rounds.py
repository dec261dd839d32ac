"""Rounds of a duty that a review moves from place to place; their number is kept."""

from bisect import bisect_right

from sim.engine.reference.world import World
from sim.plan.shares import share_out

MILLION = 1_000_000
REPORTED_AT, PLACE = 0, 3
"""Columns of the table of requests."""


def move_rounds(
    world: World, review: int, rated: list[tuple[int, int]], until: int
) -> list[tuple[int, int]]:
    """Share out part of the rounds from now on up to the next review.

    Parameters
    ----------
    rated
        Subjects whose rounds are shared out together, with their scores.
    until
        Instant of the next review; rounds released at it belong to this period.

    Returns
    -------
    The subjects whose number of rounds is not their own, and that number.
    """
    plan = world.plan
    own = _rounds(world, review, until)
    subjects = [subject for subject, _ in rated]
    counts = [len(own.get(plan.subject_place[subject], ())) for subject in subjects]
    scores = [score for _, score in rated]
    if not any(scores):
        return []
    kept = [count - _given(world, review, count) for count in counts]
    parts = share_out(sum(counts) - sum(kept), scores)
    wanted = [keep + part for keep, part in zip(kept, parts, strict=True)]
    moving: list[int] = []
    for subject, count, want in zip(subjects, counts, wanted, strict=True):
        surplus = count - want
        if surplus > 0:
            rounds = own[plan.subject_place[subject]]
            moving += [
                rounds[n]
                for n in range(count)
                if (n + 1) * surplus // count > n * surplus // count
            ]
    _settle(
        world, sorted(moving), subjects, [w - c for w, c in zip(wanted, counts, strict=True)]
    )
    return [
        (subject, want)
        for subject, count, want in zip(subjects, counts, wanted, strict=True)
        if want != count
    ]


def _given(world: World, review: int, count: int) -> int:
    """How many of its rounds a place gives to be shared out anew."""
    plan = world.plan
    share = count * plan.review_share[review] // MILLION
    return int(min(share, max(0, count - plan.review_least[review])))


def _rounds(world: World, review: int, until: int) -> dict[int, list[int]]:
    """Rounds of each place after now, up to `until`, in order of number."""
    plan = world.plan
    times, homes = world.known[REPORTED_AT], world.known[PLACE]
    source, level = plan.review_source[review], plan.review_level[review]
    if source not in world.rounds_of:
        sources = world.known[2]
        world.rounds_of[source] = [n for n in range(len(times)) if sources[n] == source]
    numbers = world.rounds_of[source]
    first = bisect_right(numbers, world.calendar.instant, key=times.__getitem__)
    last = bisect_right(numbers, until, key=times.__getitem__)
    found: dict[int, list[int]] = {}
    for number in numbers[first:last]:
        found.setdefault(plan.place_at[homes[number]][level], []).append(number)
    return found


def _settle(world: World, moving: list[int], subjects: list[int], gains: list[int]) -> None:
    """Each moved round, in order of number, goes to the place that still lacks most.

    Of equals the first; inside the place its narrowest places take turns.
    """
    plan = world.plan
    lacking = [max(0, gain) for gain in gains]
    turn = [0] * len(subjects)
    for number in moving:
        to = max(range(len(subjects)), key=lambda n: (lacking[n], -n))
        lacking[to] -= 1
        first, last = plan.place_leaves[plan.subject_place[subjects[to]]]
        leaf = first + turn[to] % (last - first)
        world.known[PLACE][number] = plan.leaf_place[leaf]
        turn[to] += 1
