"""Who raises a request: the n-th household or shop of a place, and the leaf that it lies in.

Households are numbered through the leaves of a place, in depth-first order. A community cut
into larger grids keeps its households and their numbers; only the leaf of a number moves.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.plan.layout import Plan

Int = NDArray[np.int64]

PLACE, HOUSEHOLD, PERSON, SHOP, BUILDING, FLOOR = range(6)
"""What `plan.source_counted` may say."""

NOBODY: Final = -1


class Residents(NamedTuple):
    """Those who can raise requests, counted through the leaves of the whole tree."""

    begin: Int
    """[leaves + 1] how many there are before each leaf."""
    numbered: bool
    """False where nobody lives, as in textbook models: then a leaf itself is picked."""


def residents(plan: Plan, counted: int) -> Residents:
    """Shops for a source that counts shops, households for all others."""
    column = plan.place_shops if counted == SHOP else plan.place_households
    sizes = column[plan.leaf_place]
    if sizes.any():
        return Residents(np.concatenate([[0], np.cumsum(sizes)]), numbered=True)
    return Residents(np.arange(plan.leaf_place.size + 1), numbered=False)


def numbers_in(plan: Plan, who: Residents, places: Int) -> Int:
    """How many of them each place holds."""
    first, last = plan.place_leaves.T
    found: Int = (who.begin[last] - who.begin[first])[places]
    return found


def home_of(plan: Plan, who: Residents, places: Int, numbers: Int) -> tuple[Int, Int]:
    """Leaf place and household number of the n-th of each place.

    In a place where nobody is counted the home is its first leaf and there is no household.
    """
    first = plan.place_leaves[:, 0].copy()[places]
    if not who.numbered:  # the n-th of a place is its n-th leaf
        return plan.leaf_place[first + numbers], np.full(numbers.shape, NOBODY)
    some = numbers_in(plan, who, places) > 0
    leaf = np.searchsorted(who.begin, who.begin[first] + numbers, side="right") - 1
    home = plan.leaf_place[np.where(some, leaf, first)]
    return home, np.where(some, numbers, NOBODY)


def index_below(counts: Int, words: NDArray[np.uint64]) -> Int:
    """`sim.plan.tables.index_below` for arrays."""
    found: Int = (words >> np.uint64(33)).astype(np.int64) * counts >> 31
    return found


def counted_in(plan: Plan, counted: int, places: Int) -> Int:
    """The number that a rate is multiplied by in each place."""
    if counted == PLACE:
        return np.ones(places.size, np.int64)
    if counted in (HOUSEHOLD, PERSON, SHOP):
        columns = {HOUSEHOLD: plan.place_households, PERSON: plan.place_persons}
        return columns.get(counted, plan.place_shops)[places]
    if counted == BUILDING:
        return _buildings_in(plan, places)
    raise ValueError("a source cannot count floors: the plan has no floors of places")


def _buildings_in(plan: Plan, places: Int) -> Int:
    """Number of places of the level named ``building``, each counted at its first leaf."""
    if "building" not in plan.names.levels:
        return np.zeros(places.size, np.int64)
    level = plan.names.levels.index("building")
    starts = np.zeros(plan.leaf_place.size + 1, np.int64)
    np.add.at(starts, plan.place_leaves[plan.place_level == level, 0] + 1, 1)
    before = np.cumsum(starts)
    first, last = plan.place_leaves[places].T
    found: Int = before[last] - before[first]
    return found
