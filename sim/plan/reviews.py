"""Reviews as arrays: when they take place, whom they rate and what they count."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from sim.model.reviews import Reading, Review
from sim.model.system import System
from sim.plan.codes import Effect, Read
from sim.plan.intake import SourceRow
from sim.plan.layout import Int
from sim.plan.lines import Teams
from sim.plan.numbering import Numbers
from sim.plan.periods import turns
from sim.plan.places import PlaceTree

MILLION = 1_000_000


class ReviewArrays(NamedTuple):
    """The review arrays of `sim.plan.layout.Plan`, but for the levels that are written."""

    review_effect: Int
    review_ptr: Int
    review_at: Int
    review_first: Int
    review_of_place: Int
    review_of_worker: Int
    subject_place: Int
    subject_pool: Int
    subject_worker: Int
    subject_group: Int
    reading_ptr: Int
    reading_count: Int
    reading_weight: Int
    reading_base: Int
    reading_class: Int
    review_scaled: Int
    review_share: Int
    review_least: Int
    review_source: Int
    review_level: Int
    review_most: Int
    review_above: Int
    review_below: Int


class _Rated(NamedTuple):
    """The subjects of one review, counted from 0; then how homes and workers find them."""

    place: Int
    pool: Int
    worker: Int
    group: Int
    of_place: Int
    of_worker: Int


def compile_reviews(
    system: System,
    tree: PlaceTree,
    teams: Teams,
    worker_pool: Int,
    rows: list[SourceRow],
    numbers: Numbers,
) -> ReviewArrays:
    """All reviews in order of name."""
    reviews = [system.reviews[name] for name in sorted(system.reviews)]
    end = system.run.horizon + system.run.cool_down
    times = [turns(review.every, system.run.start, end) for review in reviews]
    rated = [_rated(review, tree, teams, worker_pool, numbers) for review in reviews]
    first = _pointers([len(each.place) for each in rated])
    readings = [[*review.reads, *review.out_of] for review in reviews]
    flat = [reading for row in readings for reading in row]
    return ReviewArrays(
        review_effect=_ints([_effect(review) for review in reviews]),
        review_ptr=_pointers([len(row) for row in times]),
        review_at=_ints([at for row in times for at in row]),
        review_first=first,
        review_of_place=_shifted([each.of_place for each in rated], first, len(tree.names)),
        review_of_worker=_shifted([each.of_worker for each in rated], first, len(worker_pool)),
        subject_place=_joined([each.place for each in rated]),
        subject_pool=_joined([each.pool for each in rated]),
        subject_worker=_joined([each.worker for each in rated]),
        subject_group=_joined([each.group for each in rated]),
        reading_ptr=_pointers([len(row) for row in readings]),
        reading_count=_ints([Read[reading.count.upper()] for reading in flat]),
        reading_weight=_ints([reading.weight for reading in flat]),
        reading_base=_ints(
            [
                int(place >= len(review.reads))
                for review, row in zip(reviews, readings, strict=True)
                for place in range(len(row))
            ]
        ),
        reading_class=_ints([_counted(system, reading, numbers) for reading in flat]).reshape(
            len(flat), len(numbers.classes)
        ),
        review_scaled=_ints([int(bool(review.out_of)) for review in reviews]),
        review_share=_ints([_share(review) for review in reviews]),
        review_least=_ints([_least(review) for review in reviews]),
        review_source=_ints([_source(review, rows) for review in reviews]),
        review_level=_ints([tree.level_number(review.at) for review in reviews]),
        review_most=_ints([each.level.most if each.level else 0 for each in reviews]),
        review_above=_ints([_bound(each, "above") for each in reviews]),
        review_below=_ints([_bound(each, "below") for each in reviews]),
    )


def _effect(review: Review) -> Effect:
    if review.moves is not None:
        return Effect.MOVES
    return Effect.LEVEL if review.level is not None else Effect.REPLACES


def _rated(
    review: Review, tree: PlaceTree, teams: Teams, worker_pool: Int, numbers: Numbers
) -> _Rated:
    nobody = np.full(len(worker_pool), -1, np.int64)
    nowhere = np.full(len(tree.names), -1, np.int64)
    at = tree.level_number(review.at)
    if review.pool is None:
        places = tree.places_at(review.at)
        own = nowhere.copy()
        own[places] = np.arange(len(places))
        above = tree.at[:, at]
        homes = np.where(above >= 0, own[above], -1)
        within = review.moves.within if review.moves else None
        group = tree.at[places, tree.level_number(within)]
        none = np.full(len(places), -1, np.int64)
        return _Rated(places, none, none, group, homes, nobody)
    mine = teams.pool_type == numbers.pools[review.pool]
    if review.replaces is None:
        pools = np.flatnonzero(mine)
        own = np.full(len(teams.pool_type), -1, np.int64)
        own[pools] = np.arange(len(pools))
        places = teams.pool_place[pools]
        none = np.full(len(pools), -1, np.int64)
        return _Rated(places, pools, none, places, nowhere, own[worker_pool])
    workers = np.flatnonzero(mine[worker_pool])
    own = nobody.copy()
    own[workers] = np.arange(len(workers))
    pools = worker_pool[workers]
    places = teams.pool_place[pools]
    return _Rated(places, pools, workers, tree.at[places, at], nowhere, own)


def _counted(system: System, reading: Reading, numbers: Numbers) -> list[int]:
    """Which classes a reading counts; duties only where they are named."""
    return [
        int(
            name in reading.classes if reading.classes else system.requests[name].kind != "duty"
        )
        for name in numbers.classes
    ]


def _share(review: Review) -> int:
    share = review.moves.share if review.moves else None
    if review.replaces is not None:
        share = review.replaces.share
    return round(Fraction(repr(share or 0.0)) * MILLION)


def _least(review: Review) -> int:
    if review.moves is not None:
        return review.moves.least
    number = review.replaces.number if review.replaces else None
    return -1 if number is None else number


def _source(review: Review, rows: list[SourceRow]) -> int:
    if review.moves is None:
        return -1
    return [row.source for row in rows].index(review.moves.duty)


def _bound(review: Review, side: str) -> int:
    bound = getattr(review.level, side) if review.level else None
    return -1 if bound is None else int(bound)


def _shifted(rows: list[Int], first: Int, width: int) -> Int:
    """Subjects counted over all reviews."""
    shifted = [
        np.where(row >= 0, row + begin, -1) for row, begin in zip(rows, first, strict=False)
    ]
    return np.array(shifted, np.int64).reshape(len(rows), width)


def _joined(columns: list[Int]) -> Int:
    return np.concatenate([np.zeros(0, np.int64), *columns])


def _pointers(sizes: list[int]) -> Int:
    return np.cumsum([0, *sizes], dtype=np.int64)


def _ints(values: Sequence[object]) -> Int:
    return np.array(values, np.int64)
