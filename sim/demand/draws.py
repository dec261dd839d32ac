"""Keyed draws: a duration, a chance or a choice that belongs to one request and one purpose.

The reference engine calls the scalar functions inside the run, about a million times, so they
take plain Python integers and lists (`table.tolist()`, never NumPy scalars). The demand trace
calls their array twins in bulk. Twins agree element by element, so it does not matter which
of them made a number, or when.

Ordinals of the draws of a request are `visit << 32 | step_key` (visits of that step, from 0),
and for timers `arming << 32 | timer_key`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.demand.purposes import Purpose
from sim.demand.streams import subkeys, uniform64, uniform64_array
from sim.keys import MASK64, subkey
from sim.plan.tables import Table, index_below, round_to_tick, sample, sample_array

Words = NDArray[np.uint64]


def request_key(source_key: int, place_key: int, ordinal: int) -> int:
    """The key of the n-th request of a source at the place that the source hangs on."""
    return subkey(subkey(source_key, place_key), ordinal & MASK64)


def member_key(source_key: int, place_key: int, member: int) -> int:
    """The key of a member of a finite population; its n-th request has `subkey(this, n)`."""
    return subkey(subkey(source_key, place_key), member)


def draw(  # noqa: PLR0917 - called a million times, and keywords cost
    table_row: Sequence[int],
    key0: int,
    key1: int,
    purpose: int,
    subject: int,
    ordinal: int,
    tick: int,
) -> int:
    """A duration from the table of a law, in µs, rounded to the tick.

    Parameters
    ----------
    table_row
        A row of `plan.law_table`, as a list.
    key0, key1
        The words of the key of randomness, as in `DemandTrace`.
    purpose
        A `Purpose`.
    subject
        Key of the request or member.
    ordinal
        Which of its visits, armings or turns.
    tick
        `plan.tick`.
    """
    value = sample(table_row, uniform64(key0, key1, purpose, subject, ordinal))
    return value if tick == 1 else round_to_tick(value, tick)


def chance(limit: int, key0: int, key1: int, purpose: int, subject: int, ordinal: int) -> bool:
    """Whether an event with this threshold happens."""
    return uniform64(key0, key1, purpose, subject, ordinal) >> 2 < limit


def choose(
    limits: Sequence[int], key0: int, key1: int, purpose: int, subject: int, ordinal: int
) -> int:
    """Index of the choice among cumulative thresholds."""
    shifted = uniform64(key0, key1, purpose, subject, ordinal) >> 2
    choice = 0
    while shifted >= limits[choice]:
        choice += 1
    return choice


def whole_number(  # noqa: PLR0917 - as `draw`
    least: int, most: int, key0: int, key1: int, purpose: int, subject: int, ordinal: int
) -> int:
    """A whole number from `least` to `most`, all equally likely; fewer than 2**31 of them."""
    if least == most:
        return least
    u = uniform64(key0, key1, purpose, subject, ordinal)
    return least + index_below(most - least + 1, u)


def level_of(
    levels: Sequence[int], limits: Sequence[int], key0: int, key1: int, request: int
) -> int:
    """The lowest rung that can close a request, -1 where its class has no ladder."""
    if not levels:
        return -1
    return levels[choose(limits, key0, key1, Purpose.LEVEL, request, 0)]


def request_keys(source_key: int, place_keys: ArrayLike, ordinals: ArrayLike) -> Words:
    """`request_key` for arrays of places and ordinals."""
    return subkeys(subkeys(np.uint64(source_key), place_keys), ordinals)


def draws(
    table: Table,
    key: tuple[int, int],
    purpose: int,
    subjects: ArrayLike,
    ordinals: ArrayLike,
    tick: int,
) -> Table:
    """`draw` for arrays of subjects and ordinals, which are broadcast to one shape."""
    values = sample_array(table, uniform64_array(*key, purpose, subjects, ordinals))
    return values if tick == 1 else (values + (tick >> 1)) // tick * tick


def chances(
    limit: int,
    key: tuple[int, int],
    purpose: int,
    subjects: ArrayLike,
    ordinals: ArrayLike,
) -> NDArray[np.bool_]:
    """`chance` for arrays."""
    words = uniform64_array(*key, purpose, subjects, ordinals)
    return words >> np.uint64(2) < np.uint64(limit)


def choices(
    limits: Words,
    key: tuple[int, int],
    purpose: int,
    subjects: ArrayLike,
    ordinals: ArrayLike,
) -> Table:
    """`choose` for arrays."""
    words = uniform64_array(*key, purpose, subjects, ordinals) >> np.uint64(2)
    return np.searchsorted(limits, words, side="right").astype(np.int64)


def levels_of(levels: Table, limits: Words, key: tuple[int, int], requests: Words) -> Table:
    """`level_of` for an array of request keys."""
    if levels.size == 0:
        return np.full(requests.shape, -1, np.int64)
    found: Table = levels[choices(limits, key, Purpose.LEVEL, requests, 0)]
    return found
