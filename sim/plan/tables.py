"""Laws as tables of integers, and probabilities as thresholds.

Playing a run uses no floating-point number. A law becomes a table of int64 when the plan is
compiled; `sample` turns a random 64-bit number into a duration with shifts, one product and
sums. All functions on random numbers first drop the two lowest of 64 bits: the 62 that stay
leave room for signed arithmetic and let the threshold 2**62 mean "always".

**Layout.** The 62-bit number is a probability v. Each half of the law is cut at its distance w
to the end: octave 0 is 1/4 ≤ w < 1/2, octave 1 is 1/8 ≤ w < 1/4, and so on for 40 octaves of 32
equal cells, so that tails are as fine as the middle. Within a cell the duration runs along a
straight line or, where the law has a gap, jumps at one point; `CELL` says how that is written.

**Tails.** Beyond w = 2**-41, which one draw in 2.2e12 reaches on each side, the duration is
that of the last border. The mean of what is cut off (for a lognormal law with cv 2, 4e-10 of
the mean) is given back to the rest, so the mean of the table is that of the law to 1e-6 (or to
1 µs). Nothing is longer than 10,000 years, which keeps sums of times in range. A law that owes
more than a thousandth of its mean to what is cut off is refused: its tail decides any answer,
and no run would show it.

`sample`, `happens`, `pick`, `index_below` and `round_to_tick` are plain integer arithmetic and
compile under Numba as they stand, with `u` as uint64. From Python they are fastest on lists of
integers (`table.tolist()`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import Law
from sim.plan.quantiles import OCTAVES, SUBCELLS, Floats, Line, borders, interpolate, line

Table = NDArray[np.int64]

ALWAYS: Final = 1 << 62
"""The threshold of an event that always happens."""

CELL: Final = 4
"""Numbers in a cell: duration where w is lowest, rise over the cell, height of the jump, and
the place of the jump in steps of 2**-16 of the cell (2**16: none)."""

STEPS: Final = 1 << 16
SIDE: Final = CELL * (OCTAVES * SUBCELLS + 1)
"""Numbers in one half of a table; its last cell is the tail."""

TABLE_LENGTH: Final = 2 * SIDE

SAMPLE_SIGNATURE: Final = "int64(Array(int64, 1, 'C', readonly=True), uint64)"

_MASK62: Final = ALWAYS - 1
_HALF: Final = 1 << 61
_QUARTER: Final = 1 << 60
_LARGEST_RISE: Final = 1 << 45


def sample(table: "Sequence[int] | Table", u: int) -> int:
    """The duration in µs that belongs to a random 64-bit number.

    The straight line is read in the middle of its 2**16 steps, which keeps its mean exact.
    """
    w = (u >> 2) & _MASK62
    row = 0
    if w >= _HALF:
        w = _MASK62 - w
        row = SIDE
    octave = 0
    while octave < OCTAVES and w < _QUARTER >> octave:
        octave += 1
    row += CELL * SUBCELLS * octave
    if octave == OCTAVES:
        return table[row]
    w >>= 39 - octave  # a leading one, 5 bits for the cell, 16 bits inside it
    row += CELL * ((w >> 16) & (SUBCELLS - 1))
    inside = w & (STEPS - 1)
    value = table[row] + ((table[row + 1] * (2 * inside + 1) + STEPS) >> 17)
    if inside >= table[row + 3]:
        value += table[row + 2]
    return value


def sample_array(table: Table, u: "NDArray[np.uint64]") -> Table:
    """`sample` for an array of random numbers."""
    v = (u >> np.uint64(2)).astype(np.int64)
    upper = v >= _HALF
    w = np.where(upper, _MASK62 - v, v)
    octave = np.zeros(w.shape, np.int64)
    for shift in (32, 16, 8, 4, 2, 1):
        octave += np.where(w >> (61 - shift - octave) == 0, shift, 0)
    octave = np.minimum(octave, OCTAVES)
    bits = w >> np.maximum(39 - octave, 0)
    cell = np.where(octave == OCTAVES, 0, (bits >> 16) & (SUBCELLS - 1))
    inside = np.where(octave == OCTAVES, 0, bits & (STEPS - 1))
    cells = table.reshape(-1, CELL)[upper * (SIDE // CELL) + SUBCELLS * octave + cell]
    value = cells[..., 0] + ((cells[..., 1] * (2 * inside + 1) + STEPS) >> 17)
    return cast("Table", value + np.where(inside >= cells[..., 3], cells[..., 2], 0))


def round_to_tick(value: int, tick: int) -> int:
    """The nearest multiple of `tick`, the upper one in the middle; also for arrays."""
    return (value + (tick >> 1)) // tick * tick


def threshold(probability: float | Fraction) -> int:
    """The threshold below which a random number makes an event of this probability happen.

    0 is never and 1 is always; anything between is possible both ways.
    """
    exact = Fraction(probability)
    if not 0 <= exact <= 1:
        raise ValueError(f"a probability is between 0 and 1, not {probability}")
    nearest = (2 * exact * ALWAYS + 1) // 2
    if exact.numerator in (0, exact.denominator):
        return nearest
    return min(max(nearest, 1), ALWAYS - 1)


def happens(limit: int, u: int) -> bool:
    """Whether an event with this threshold happens."""
    return u >> 2 < limit


def thresholds(shares: Iterable[float | Fraction]) -> list[int]:
    """Cumulative thresholds of choices whose shares sum to 1; the last is `ALWAYS`.

    Shares are made to sum to 1 exactly if floats miss it by less than 1e-9. A choice with share
    0 is never picked.
    """
    exact = [Fraction(share) for share in shares]
    total = sum(exact, Fraction(0))
    if not exact or min(exact) < 0 or abs(total - 1) > Fraction(1, 10**9):
        raise ValueError(f"shares are not negative and sum to 1, not to {float(total)}")
    running, found = Fraction(0), []
    for share in exact:
        running += share
        found.append((2 * running / total * ALWAYS + 1) // 2)
    return found


def pick(limits: "Sequence[int] | NDArray[np.uint64]", u: int) -> int:
    """Index of the choice that a random number makes among cumulative thresholds."""
    choice = 0
    while u >> 2 >= limits[choice]:
        choice += 1
    return choice


def index_below(count: int, u: int) -> int:
    """An index from 0 to count - 1, all equally likely, for a count below 2**31."""
    return ((u >> 33) & 0x7FFFFFFF) * count >> 31


def quantile_table(law: Law) -> Table:
    """The read-only table of a law; equal laws share one."""
    return _table(_Known(repr(law), law))


@dataclass(frozen=True)
class _Known:
    """A law that the cache tells apart by its text, since lists have no hash."""

    text: str
    law: Law = field(compare=False)


@lru_cache(maxsize=512)
def _table(known: _Known) -> Table:
    table = table_of_line(line(known.law))
    wanted, got = Fraction(known.law.mean_us()), table_mean(table)
    if abs(got - wanted) > max(wanted / 10**6, Fraction(1)):
        raise ValueError(
            f"{known.text}: the table's mean is {float(got)} µs, not {float(wanted)}"
        )
    table.setflags(write=False)
    return table


def table_of_line(knots: Line) -> Table:
    """Cut a quantile function into cells of integers."""
    at = borders()
    low = interpolate(at, knots.below, knots.value, "right")[:-1]
    high = interpolate(at, knots.below, knots.value, "left")[1:]
    # Only the last cells of a very long tail rise by more than a year; they jump instead.
    jumps = _jumps(knots, at) | (high - low > _LARGEST_RISE)
    average = np.clip(_averages(knots, at), low, high)
    # A bent line in the cell becomes a straight one with its mean: the end it bends away from
    # gives way, so that durations still rise from cell to cell.
    bend = np.where(jumps, 0.0, 2 * average - low - high)
    low, high = np.rint(low + np.maximum(bend, 0)), np.rint(high + np.minimum(bend, 0))
    rise, jump = np.where(jumps, 0, high - low), np.where(jumps, high - low, 0)
    # The place of the jump gives the cell its mean, also where several jumps become one.
    part = np.clip(1 - (average - low) / np.maximum(jump, 1), 0, 1)
    cut = np.where(jumps, np.rint(STEPS * part), STEPS)
    return _folded(np.stack([low, rise, jump, cut], axis=1).astype(np.int64))


def _jumps(knots: Line, at: Floats) -> NDArray[np.bool_]:
    """Which cells have a gap of the law inside them; at a border it needs no jump."""
    gap = (np.diff(knots.below) == 0) & (np.diff(knots.value) > 0)
    where = knots.below[:-1][gap]
    where = where[~np.isin(where, at)]
    jumps = np.zeros(at.size - 1, np.bool_)
    jumps[np.searchsorted(at, where) - 1] = True
    return jumps


def _averages(knots: Line, at: Floats) -> Floats:
    """Mean duration in each cell."""
    below, value = knots
    area = np.concatenate([[0.0], np.cumsum(np.diff(below) * (value[1:] + value[:-1]) / 2)])
    before = np.searchsorted(below, at, side="right") - 1
    reached = interpolate(at, below, value, "right")
    area = area[before] + (at - below[before]) * (value[before] + reached) / 2
    return np.diff(area) / np.diff(at)


def _folded(cells: Table) -> Table:
    """Bring the cells, from shortest to longest duration, into the order of `sample`."""
    lower, upper = np.split(cells, 2)
    upper = upper[::-1].copy()
    jumps = upper[:, 2] != 0
    upper[:, 0] += upper[:, 1] + upper[:, 2]
    upper[:, 1:3] *= -1
    upper[jumps, 3] = STEPS - upper[jumps, 3]
    lower = lower.copy()
    lower[0] = [lower[0, 0] + lower[0, 1] + lower[0, 2], 0, 0, STEPS]
    upper[0] = [upper[0].take([0, 1, 2]).sum(), 0, 0, STEPS]
    return np.concatenate([_outwards(lower), _outwards(upper)])


def _outwards(side: Table) -> Table:
    """From the tail inwards to octave 0 first, tail last."""
    octaves = side[1:].reshape(OCTAVES, SUBCELLS * CELL)[::-1]
    return np.concatenate([octaves.reshape(-1), side[0]])


def table_mean(table: Table) -> Fraction:
    """The exact mean of what `sample` gives, but for its rounding to µs."""
    total = Fraction(0)
    for side in table.reshape(2, SIDE // CELL, CELL):
        octaves = side[:-1].reshape(OCTAVES, SUBCELLS, CELL)
        value, rise = octaves[:, :, 0].tolist(), octaves[:, :, 1].tolist()
        for octave in range(OCTAVES):
            # Sums of Python's integers, which do not overflow; few cells have a jump.
            doubled = (2 * sum(value[octave]) + sum(rise[octave])) * STEPS
            jumping = octaves[octave][octaves[octave, :, 2] != 0]
            doubled += sum(2 * jump * (STEPS - cut) for _, _, jump, cut in jumping.tolist())
            total += Fraction(doubled, 2 * STEPS * SUBCELLS << (octave + 2))
        total += Fraction(int(side[-1, 0]), 1 << (OCTAVES + 1))
    return total
