"""Arithmetic on rows of a log without a loop over them: first, last, how many, and sums.

A log has up to millions of rows, so everything here is one pass of an array operation. Sums of
times stay integers: microseconds of thousands of workers over a year pass the 53 bits that a
float keeps exactly.
"""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NONE = -1
"""Where nothing of the kind happened."""

_TWO_BYTES = 1 << 16
_HALF = 32
"""Bits of the lower half of a number."""


def first_of(subject: Ints, value: Ints, n: int) -> Ints:
    """The value in the first row of each of n subjects, `NONE` where there is no row."""
    return last_of(subject[::-1], value[::-1], n)


def last_of(subject: Ints, value: Ints, n: int) -> Ints:
    """The value in the last row of each of n subjects, `NONE` where there is no row."""
    found = np.full(n, NONE, np.int64)
    found[subject] = value  # of several rows the last one stays
    return found


def distinct(number: Ints) -> tuple[Ints, Ints]:
    """The numbers that occur, rising, and which of them each is; from 0.

    As `np.unique` says, but counted where they are not too large for that.
    """
    if not len(number) or int(number.max()) >= 4 * len(number):
        return np.unique(number, return_inverse=True)
    occurs = np.bincount(number) > 0
    position = np.cumsum(occurs) - 1
    return np.flatnonzero(occurs), position[number]


def count_of(subject: Ints, n: int) -> Ints:
    """How many rows each of n subjects has."""
    return np.bincount(subject, minlength=n).astype(np.int64)


def sum_of(subject: Ints, value: Ints, n: int) -> Ints:
    """The exact integer sum of the values of each of n subjects."""
    total = np.zeros(n, np.int64)
    np.add.at(total, subject, value)
    return total


def halves(values: Ints) -> tuple[Ints, Ints]:
    """Upper and lower 32 bits: the halves of two thousand million values add up in 63 bits.

    The values themselves may not: those of a million requests that wait four months do not.
    """
    return values >> _HALF, values & ((1 << _HALF) - 1)


def whole(upper: int, lower: int) -> int:
    """The number of two `halves`, or of their sums."""
    return (int(upper) << _HALF) + int(lower)


def exact_sum(values: Ints) -> int:
    """The sum of all values, however large."""
    upper, lower = halves(values)
    return whole(upper.sum(), lower.sum())


def order_of(number: Ints, n: int) -> Ints:
    """The order that sorts rows by numbers below `n` and keeps rows of one number in order.

    Numbers of two bytes are sorted by counting, which is several times as fast.
    """
    if n <= _TWO_BYTES:
        return np.argsort(number.astype(np.uint16), kind="stable")
    if n > _TWO_BYTES**2:
        return np.argsort(number, kind="stable")
    order = np.argsort((number % _TWO_BYTES).astype(np.uint16), kind="stable")
    high = (number // _TWO_BYTES).astype(np.uint16)
    return order[np.argsort(high[order], kind="stable")]


def overlap(start: Ints, stop: Ints, begin: int, end: int) -> Ints:
    """How long each stretch lies between two instants."""
    length: Ints = np.minimum(stop, end) - np.maximum(start, begin)
    return np.maximum(length, 0)
