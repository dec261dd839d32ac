"""How often each value occurs in each of some cells: all that quantiles need of a column.

A histogram of a part of a run added to that of another is the histogram of both, so runs can be
measured piece by piece. Counts may be changes of a count, too, and then be negative.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from sim.compiling import can_compile
from sim.metrics.compiled import LONG
from sim.metrics.rows import NONE, Ints

_WORD = 62
"""Bits of a number that hold a cell and a value side by side."""


_SHOWN: Final = 1000
"""Values that show the tick of which all are multiples."""


class Histogram(NamedTuple):
    """Columns of equal length in order of (cell, value), each pair once."""

    cell: Ints
    value: Ints
    """At least 0."""
    times: Ints
    """How often, or by how much."""

    def of(self, cell: int) -> tuple[Ints, Ints]:
        """Values of one cell, rising, and their counts."""
        first, last = np.searchsorted(self.cell, [cell, cell + 1])
        return self.value[first:last], self.times[first:last]


def histogram(cell: Ints, value: Ints) -> Histogram:
    """Count the values of each cell."""
    bits = _bits(value)
    if _bits(cell) + bits > _WORD:
        return _counted(cell, value, np.ones_like(value))
    packed = np.sort(cell << bits | value)
    first = _first_of_each(packed)
    count = np.diff(first, append=len(packed))
    kept = packed[first]
    return Histogram(kept >> bits, kept & ((1 << bits) - 1), count)


def changes(cell: Ints, start: Ints, stop: Ints) -> Histogram:
    """By how much the number of stretches [start, stop) changes at instants."""
    one, other = histogram(cell, start), histogram(cell, stop)
    return together([one, other._replace(times=-other.times)])


def together(parts: Sequence[Histogram]) -> Histogram:
    """The sum of histograms with the same cells."""
    if len(parts) == 1:
        return parts[0]
    columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    found = Histogram._make(column.astype(np.int64, copy=False) for column in columns)
    some = [part.cell for part in parts if len(part.cell)]
    if all(one[-1] < other[0] for one, other in pairwise(some)):
        return found  # as those of islands, which have no cell in common
    return _counted(*found)


def slim(found: Histogram) -> Histogram:
    """The same in as little memory as the numbers allow, for keeping until it is added up."""
    return Histogram._make(_slim(column) for column in found)


def _slim(column: Ints) -> Ints:
    low, high = int(column.min(initial=0)), int(column.max(initial=0))
    for kind in (np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return column.astype(kind)
    return column


def regrouped(found: Histogram, label: Ints) -> Histogram:
    """The histogram with cell k called `label[k]`; those called -1 are left out."""
    if not len(found.cell):
        return found
    names, place = np.unique(label, return_inverse=True)
    sums = _tabled(found, place, len(names)) or _counted(
        place[found.cell], found.value, found.times
    )
    kept = slice(None)
    if names[0] == NONE:
        kept = slice(int(np.searchsorted(sums.cell, 1)), None)
    return Histogram(names[sums.cell[kept]], sums.value[kept], sums.times[kept])


def _counted(cell: Ints, value: Ints, count: Ints) -> Histogram:
    """Put pairs in order and add up the counts of equal ones."""
    bits = _bits(value)
    if _bits(cell) + bits > _WORD:
        order = np.lexsort((value, cell))
        is_new = np.ones(len(cell), np.bool_)
        is_new[1:] = (np.diff(cell[order]) != 0) | (np.diff(value[order]) != 0)
        return _summed(Histogram(cell, value, count), order, np.flatnonzero(is_new))
    packed = cell << bits | value
    # Pieces come in order, and merging what is in order is quick.
    order = np.argsort(packed, kind="stable")
    return _summed(Histogram(cell, value, count), order, _first_of_each(packed[order]))


def _summed(found: Histogram, order: Ints, first: Ints) -> Histogram:
    """The pairs in this order, of which equal ones begin at `first`."""
    sums = np.add.reduceat(found.times[order], first) if len(first) else found.times[:0]
    kept = order[first]
    return Histogram(found.cell[kept], found.value[kept], sums)


def _tabled(found: Histogram, place: Ints, cells: int) -> Histogram | None:
    """The histogram with cell k called `place[k]`, by a table of all pairs that there may be.

    None where there are few pairs for that, or values that are not multiples of a tick.
    """
    unit = max(1, int(np.gcd.reduce(found.value[:_SHOWN])))
    span = int(found.value.max()) // unit + 1
    if not (LONG <= len(found.cell) >= cells * span and can_compile()):
        return None
    from sim.metrics.passes import add_up

    # How often a pair comes, and the sum: an instant at which nothing changes in all stays.
    table = np.zeros((cells * span, 2), np.int64)
    columns = (column.astype(np.int64, copy=False) for column in found)
    if not add_up()(*columns, place, unit, span, table):
        return None
    kept = np.flatnonzero(table[:, 0])
    cell, value = np.divmod(kept, span)
    return Histogram(cell, value * unit, table[kept, 1])


def _first_of_each(rising: Ints) -> Ints:
    is_new = np.ones(len(rising), np.bool_)
    is_new[1:] = rising[1:] != rising[:-1]
    return np.flatnonzero(is_new)


def _bits(values: Ints) -> int:
    return int(values.max(initial=0)).bit_length()
