"""Drills as arrays: when they are held, and how soon a mode is in force from then on."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from sim.model.modes import Mode
from sim.model.system import System
from sim.plan.layout import Int
from sim.plan.numbering import overlays
from sim.plan.periods import turns


class DrillArrays(NamedTuple):
    """The activation arrays of `sim.plan.layout.Plan`."""

    mode_activation: Int
    drill_ptr: Int
    drill_at: Int
    drill_activation: Int


def compile_drills(system: System) -> DrillArrays:
    """Drills of all modes in order of number; peace has none."""
    end = system.run.horizon + system.run.cool_down
    modes = overlays(system)
    times = [
        turns(mode.drills.every, system.run.start, end)
        if mode and mode.drills and mode.drills.every
        else []
        for mode in modes
    ]
    return DrillArrays(
        mode_activation=_ints([_after(mode, 0) for mode in modes]),
        drill_ptr=np.cumsum([0, *map(len, times)], dtype=np.int64),
        drill_at=_ints([at for row in times for at in row]),
        drill_activation=_ints(
            [
                _after(mode, number + 1)
                for mode, row in zip(modes, times, strict=True)
                for number in range(len(row))
            ]
        ),
    )


def _after(mode: Mode | None, held: int) -> int:
    """The activation delay after so many drills in the run; every drill takes its share."""
    if mode is None or mode.drills is None:
        return mode.activation if mode else 0
    drills = mode.drills
    left = (1 - Fraction(repr(drills.shortens))) ** (drills.before + held)
    return min(mode.activation, max(drills.least, int(mode.activation * left)))


def _ints(values: list[int]) -> Int:
    return np.array(values, np.int64)
