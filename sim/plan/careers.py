"""Careers as levels: the paces of newcomers and tired people, and how likely they leave."""

from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from sim.model.pools import Pool
from sim.model.system import System
from sim.plan.laws import NO_LAW, LawPool
from sim.plan.layout import Int, Words
from sim.plan.periods import turns
from sim.plan.tables import threshold

FULL = 1000
"""Pace of somebody who is neither new nor tired, per mille of the pool's."""


class CareerArrays(NamedTuple):
    """The career arrays of `sim.plan.layout.Plan`."""

    week_at: Int
    learning_ptr: Int
    learning_pace: Int
    fatigue_norm: Int
    fatigue_step: Int
    fatigue_recovery: Int
    fatigue_ptr: Int
    fatigue_pace: Int
    exit_limit: Words
    exit_law: Int


def compile_careers(system: System, laws: LawPool, end: int) -> CareerArrays:
    """All levels of all pools, in order of name."""
    pools = [system.pools[name] for name in sorted(system.pools)]
    learning = [[_pace(Fraction(repr(part))) for part in pool.learning] for pool in pools]
    tired = [_levels(pool) for pool in pools]
    fatigues = [pool.fatigue for pool in pools]
    return CareerArrays(
        week_at=_ints(_weeks(pools, system.run.start, end)),
        learning_ptr=_ints([0, *np.cumsum([len(row) for row in learning])]),
        learning_pace=_ints([pace for row in learning for pace in row]),
        fatigue_norm=_ints([each.norm if each else -1 for each in fatigues]),
        fatigue_step=_ints([each.step if each else 1 for each in fatigues]),
        fatigue_recovery=_ints([each.recovery if each else 0 for each in fatigues]),
        fatigue_ptr=_ints([0, *np.cumsum([len(row) for row in tired])]),
        fatigue_pace=_ints([pace for row in tired for pace, _ in row]),
        exit_limit=np.array([limit for row in tired for _, limit in row], np.uint64),
        exit_law=_ints(
            [laws.add(pool.attrition.hiring) if pool.attrition else NO_LAW for pool in pools]
        ),
    )


def has_career(pool: Pool) -> bool:
    """Whether anything about the people of a pool changes from week to week."""
    return bool(pool.learning or pool.fatigue or pool.attrition)


def _weeks(pools: list[Pool], start: datetime, end: int) -> list[int]:
    return turns("week", start, end) if any(map(has_career, pools)) else []


def _levels(pool: Pool) -> list[tuple[int, int]]:
    """Pace and threshold of leaving at each level of fatigue."""
    most = pool.fatigue.most if pool.fatigue else 0
    slower = Fraction(repr(pool.fatigue.slower)) if pool.fatigue else Fraction(0)
    weekly = Fraction(repr(pool.attrition.weekly)) if pool.attrition else Fraction(0)
    tired = Fraction(repr(pool.attrition.tired)) if pool.attrition else Fraction(0)
    return [
        (_pace(1 - level * slower), threshold(min(weekly + level * tired, Fraction(1))))
        for level in range(most + 1)
    ]


def _pace(part: Fraction) -> int:
    """Per mille, at least one: nobody stands still for ever."""
    return max(1, int((2 * part * FULL + 1) // 2))


def _ints(values: list[int]) -> Int:
    return np.array(values, np.int64)
