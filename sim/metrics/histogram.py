"""How often each value occurs in each of some cells: all that quantiles need of a column.

A histogram of a part of a run added to that of another is the histogram of both, so runs can be
measured piece by piece. Counts may be changes of a count, too, and then be negative.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.metrics.rows import NONE, Ints

_WORD = 62
"""Bits of a number that hold a cell and a value side by side."""


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
    return _counted(*(column.astype(np.int64, copy=False) for column in columns))


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
    cell = label[found.cell]
    kept = slice(None) if (label >= 0).all() else cell != NONE
    return _counted(cell[kept], found.value[kept], found.times[kept])


def _counted(cell: Ints, value: Ints, count: Ints) -> Histogram:
    """Put pairs in order and add up the counts of equal ones."""
    bits = _bits(value)
    if _bits(cell) + bits > _WORD:
        order = np.lexsort((value, cell))
        is_new = np.ones(len(cell), np.bool_)
        is_new[1:] = (np.diff(cell[order]) != 0) | (np.diff(value[order]) != 0)
        first = np.flatnonzero(is_new)
    else:
        packed = cell << bits | value
        # Pieces come in order, and merging what is in order is quick.
        order = np.argsort(packed, kind="stable")
        first = _first_of_each(packed[order])
    sums = np.add.reduceat(count[order], first) if len(first) else count[:0]
    kept = order[first]
    return Histogram(cell[kept], value[kept], sums)


def _first_of_each(rising: Ints) -> Ints:
    is_new = np.ones(len(rising), np.bool_)
    is_new[1:] = rising[1:] != rising[:-1]
    return np.flatnonzero(is_new)


def _bits(values: Ints) -> int:
    return int(values.max(initial=0)).bit_length()
