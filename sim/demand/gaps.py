"""Unit-rate exponential gaps as integers, the same on every machine.

A gap is -ln(U). The number U is split into its octave, which counts multiples of ln 2, and its
place in the octave, which is looked up in a table of 2**11 straight lines. The table's
logarithms come from `decimal`, which rounds them correctly everywhere, while those of NumPy may
differ in the last bit from one processor to the next. A gap is at most 4e-8 too long, its mean
about 1e-8; the tail is right down to probabilities of 2**-52.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.demand.purposes import Purpose
from sim.demand.streams import uniform64_array

Int = NDArray[np.int64]

ONE: Final = 1 << 36
"""The mean gap. An int64 holds the sum of 2**27 of them, far more than one run can play."""

CELL_BITS: Final = 11
INSIDE_BITS: Final = 24
_WORD_BITS: Final = 53


def unit_gaps(
    key: tuple[int, int],
    streams: ArrayLike,
    ordinals: ArrayLike,
    purpose: Purpose = Purpose.ARRIVAL_GAP,
) -> Int:
    """The gap before the n-th arrival of each stream, in units of 1 / `ONE`."""
    return gaps_of(uniform64_array(*key, purpose, streams, ordinals))


def gap_of(upper: int, start: Sequence[int], fall: Sequence[int], octave_length: int) -> int:
    """The gap that belongs to the upper 52 bits of one random number; compiles as it stands.

    The other three are those of `gap_table`.
    """
    v = upper << 1 | 1
    octave = 0
    while v < 1 << (_WORD_BITS - 1):
        v <<= 1
        octave += 1
    cell = v >> (_WORD_BITS - 1 - CELL_BITS) & ((1 << CELL_BITS) - 1)
    inside = v >> (_WORD_BITS - 1 - CELL_BITS - INSIDE_BITS) & ((1 << INSIDE_BITS) - 1)
    fallen = fall[cell] * inside + (1 << (INSIDE_BITS - 1)) >> INSIDE_BITS
    return octave * octave_length + start[cell] - fallen


def gaps_of(words: NDArray[np.uint64]) -> Int:
    """The gap that belongs to each random 64-bit number; large numbers give short gaps."""
    # An odd number of 53 bits: the middle of one of 2**52 equal cells, and never zero.
    v = (words >> np.uint64(12) << np.uint64(1) | np.uint64(1)).astype(np.int64)
    octave = _WORD_BITS - np.frexp(v.astype(np.float64))[1].astype(np.int64)
    v <<= octave
    cell = v >> (_WORD_BITS - 1 - CELL_BITS) & ((1 << CELL_BITS) - 1)
    inside = v >> (_WORD_BITS - 1 - CELL_BITS - INSIDE_BITS) & ((1 << INSIDE_BITS) - 1)
    start, fall, octave_length = gap_table()
    half = 1 << (INSIDE_BITS - 1)
    gaps: Int = (
        octave * octave_length + start[cell] - (fall[cell] * inside + half >> INSIDE_BITS)
    )
    return gaps


@lru_cache(maxsize=1)
def gap_table() -> tuple[Int, Int, int]:
    """-ln at the borders of the cells from 1/2 to 1, its fall over each, and ln 2."""
    cells = 1 << CELL_BITS
    with localcontext() as context:
        context.prec = 40
        exact = [(Decimal(2 * cells) / (cells + cell)).ln() * ONE for cell in range(cells + 1)]
        border = np.array([int(value.to_integral_value()) for value in exact], np.int64)
    return border[:-1], border[:-1] - border[1:], int(border[0])
