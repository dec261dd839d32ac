"""Home duty: the part of a pool that a mode leaves at its own work.

A mode may act on part of a pool only. Such a pool is laid out as several of the same type and
place, whose workers follow each other in number: in a mode, those at home keep what peace says
of lines, calendar, shift end, order, speed and pay, and the others take what the mode says. In
peace they are one team, since every rank and key is that of the whole.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.modes import HomeDuty
from sim.model.system import System
from sim.plan.layout import Int
from sim.plan.lines import Teams
from sim.plan.numbering import Numbers, overlays

NO_END = 1 << 60


class Parts(NamedTuple):
    """Pools as engines see them."""

    whole: Int
    """[Q] the pool as the scenario has it, that each is a part of."""
    low: Int
    """[Q] rank of the first worker in the whole."""
    high: Int
    """[Q] one past the last rank that may belong to it."""
    home: NDArray[np.bool_]
    """[M, Q] whether it keeps its home duty in a mode."""

    def teams(self, teams: Teams) -> Teams:
        """Types and places of the parts."""
        return Teams(teams.pool_type[self.whole], teams.pool_place[self.whole])

    def staff(self, staff: Int) -> Int:
        """[M, Q] head counts of the parts, from those of the whole pools."""
        return np.clip(staff[:, self.whole], self.low, self.high) - self.low

    def modes(self) -> Int:
        """[M, Q] the mode whose settings hold."""
        number = np.arange(len(self.home), dtype=np.int64)[:, None]
        return np.where(self.home, 0, number)


def part_pools(system: System, teams: Teams, numbers: Numbers, staff: Int) -> Parts:
    """Divide the pools that some mode divides; `staff` is [M, pools] as the scenario has it."""
    settings = [
        [
            mode.pools[name].home_duty if mode and name in mode.pools else None
            for name in numbers.pools
        ]
        for mode in overlays(system)
    ]
    whole, low, high, home = [], [], [], []
    for pool, kind in enumerate(teams.pool_type.tolist()):
        kept = [_kept(row[kind], int(staff[0, pool])) for row in settings]
        edges = [0, *sorted({count for count in kept if count}), NO_END]
        for begin, end in pairwise(edges):
            whole.append(pool)
            low.append(begin)
            high.append(end)
            home.append([count >= end for count in kept])
    return Parts(_ints(whole), _ints(low), _ints(high), np.array(home, np.bool_).T)


def _kept(duty: HomeDuty | None, peacetime: int) -> int:
    """How many of a pool stay: of its peacetime head count, rounded up."""
    if duty is None:
        return 0
    share = -int(-Fraction(repr(duty.share)) * peacetime // 1)
    return min(peacetime, max(share, duty.least))


def _ints(values: Sequence[int]) -> Int:
    return np.array(values, np.int64)
