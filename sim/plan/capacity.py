"""Pools and workers: how many in each mode, on which calendar, at what speed and pay.

A pool has as many workers as the mode with most of them needs; the plan says how many are
posted in each mode.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import PlanError
from sim.keys import name_key, subkey_array
from sim.model.modes import Mode, PoolOverlay
from sim.model.pools import Pool, Staff
from sim.model.system import System
from sim.plan.calendars import CalendarSet
from sim.plan.codes import ShiftEnd
from sim.plan.home_duty import Parts, part_pools
from sim.plan.layout import Int, Words
from sim.plan.lines import Teams
from sim.plan.numbering import PEACE, Numbers, overlays
from sim.plan.places import PlaceTree
from sim.plan.staffing import Arithmetic, head_counts
from sim.units import DAY, HOUR, PayValue

MOST_WORKERS = 5_000_000
"""Beyond all grid workers of a large country; a typing error rather than a plan."""

SHIFT_ENDS: Mapping[str, ShiftEnd] = {
    "finish": ShiftEnd.FINISH,
    "hand_over": ShiftEnd.HAND_OVER,
    "pause": ShiftEnd.PAUSE,
}


class PoolArrays(NamedTuple):
    """The pool and worker arrays of `sim.plan.layout.Plan`, but for the lines served."""

    pool_first: Int
    pool_staff: Int
    pool_productivity: Int
    pool_shift_end: Int
    pool_preference: Int
    pool_leaves: Int
    pool_pay: Int
    pool_pay_hour: Int
    pool_volunteer: Int
    worker_pool: Int
    worker_group: Int
    worker_key: Words


class Staffed(NamedTuple):
    """Head counts of one type of pool in one mode, and how they were worked out."""

    mode: str
    pool: str
    arithmetic: list[Arithmetic]


class _Settings(NamedTuple):
    """What holds for one type of pool in one mode."""

    staff: Staff
    calendar: str
    shift_end: int
    preference: int
    productivity: int
    pay: PayValue


def compile_capacity(
    system: System, tree: PlaceTree, teams: Teams, numbers: Numbers, calendars: CalendarSet
) -> tuple[PoolArrays, list[Staffed], Parts]:
    """All pools and workers, the arithmetic of the head counts, and which pools are divided."""
    modes = overlays(system)
    settings = [
        [_settings(system.pools[name], mode, name) for name in numbers.pools] for mode in modes
    ]
    staff, arithmetic = _head_counts(system, tree, numbers, settings)
    parts = part_pools(system, teams, numbers, staff)
    staff, mode = parts.staff(staff), parts.modes()
    most = staff.max(axis=0)
    if most.sum() > MOST_WORKERS:
        message = f"{int(most.sum()):,} workers are more than {MOST_WORKERS:,}"
        zh = f"共 {int(most.sum()):,} 名人员，超过上限 {MOST_WORKERS:,}"
        raise PlanError(f"pools: {message}", zh)
    pool_first = np.concatenate(([0], np.cumsum(most))).astype(np.int64)
    worker_pool = np.repeat(np.arange(len(most), dtype=np.int64), most)
    rank = np.arange(len(worker_pool)) - pool_first[worker_pool] + parts.low[worker_pool]
    pools = [system.pools[name] for name in numbers.pools]
    by_type = {
        name: np.array([[getattr(each, name) for each in row] for row in settings], np.int64)
        for name in ("productivity", "shift_end", "preference")
    }
    pay, pay_hour = _pay(settings, calendars)
    kind = teams.pool_type[parts.whole]
    arrays = PoolArrays(
        pool_first=pool_first,
        pool_staff=staff,
        pool_productivity=by_type["productivity"][mode, kind],
        pool_shift_end=by_type["shift_end"][mode, kind],
        pool_preference=by_type["preference"][mode, kind],
        pool_leaves=_flags([pool.leaves == "highest_number" for pool in pools])[kind],
        pool_pay=pay[mode, kind],
        pool_pay_hour=pay_hour[mode, kind],
        pool_volunteer=_flags([pool.volunteer for pool in pools])[kind],
        worker_pool=worker_pool,
        worker_group=_at_home(
            _groups(settings, calendars, teams, parts.whole[worker_pool], rank),
            parts.home[:, worker_pool],
        ),
        worker_key=_keys(tree, teams, numbers, parts.whole[worker_pool], rank),
    )
    return arrays, arithmetic, parts


def _at_home(groups: Int, home: NDArray[np.bool_]) -> Int:
    """[M, W] people at home duty keep the rota group that they have in peace."""
    return np.where(home, groups[0], groups)


def _settings(pool: Pool, mode: Mode | None, name: str) -> _Settings:
    overlay = (mode.pools.get(name) if mode else None) or PoolOverlay()
    rule = overlay.shift_end or pool.shift_end or "finish"
    speed = pool.productivity if overlay.productivity is None else overlay.productivity
    return _Settings(
        staff=overlay.staff or pool.staff,
        calendar=overlay.calendar or pool.calendar,
        shift_end=SHIFT_ENDS[rule],
        preference=int((overlay.order or pool.order) == "preference_first"),
        productivity=max(1, nearest(Fraction(repr(speed)) * 1000)),
        pay=pool.pay if overlay.pay is None else overlay.pay,
    )


def _head_counts(
    system: System, tree: PlaceTree, numbers: Numbers, settings: list[list[_Settings]]
) -> tuple[Int, list[Staffed]]:
    """[M, Q] head counts; a mode's arithmetic is told only where it differs from peace."""
    known: dict[tuple[str, str], tuple[Int, list[Arithmetic]]] = {}
    arithmetic = []
    rows = []
    for mode, row in zip(numbers.modes, settings, strict=True):
        counts = []
        for name, each in zip(numbers.pools, row, strict=True):
            key = (name, repr(sorted(each.staff.rules.items())) + each.staff.combine)
            told = key in known
            if not told:
                known[key] = _counted(tree, name, system.pools[name].at, each.staff)
            counts.append(known[key][0])
            if not told or mode == PEACE:
                arithmetic.append(Staffed(mode, name, known[key][1]))
        rows.append(np.concatenate(counts))
    return np.stack(rows).astype(np.int64), arithmetic


def _counted(
    tree: PlaceTree, name: str, level: str | None, staff: Staff
) -> tuple[Int, list[Arithmetic]]:
    try:
        return head_counts(tree, level, staff)
    except PlanError as error:
        raise error.below(f"pools.{name}.staff.") from error


def _pay(settings: list[list[_Settings]], calendars: CalendarSet) -> tuple[Int, Int]:
    """Thousandths of a fen: [M, types] per 30 days, and per hour on duty."""
    month = np.zeros((len(settings), len(settings[0])), np.int64)
    hour = np.zeros_like(month)
    for mode, row in enumerate(settings):
        for number, each in enumerate(row):
            fen = each.pay.fen * 1000
            if each.pay.per == "month":
                month[mode, number] = nearest(fen)
            elif each.pay.per == "h":
                hour[mode, number] = nearest(fen)
            else:
                # A day's pay is earned by the hours of the calendar's longest day.
                day = calendars.longest_day[each.calendar] or DAY
                hour[mode, number] = nearest(fen * HOUR / day)
    return month, hour


def _groups(
    settings: list[list[_Settings]],
    calendars: CalendarSet,
    teams: Teams,
    worker_pool: Int,
    rank: Int,
) -> Int:
    """[M, W] worker w of the pool in the i-th place has group (i + w) modulo their number."""
    first = np.searchsorted(teams.pool_type, teams.pool_type)
    position = np.arange(len(teams.pool_type)) - first
    turn = position[worker_pool] + rank
    kind = teams.pool_type[worker_pool]
    found = np.zeros((len(settings), len(worker_pool)), np.int64)
    for mode, row in enumerate(settings):
        for number, each in enumerate(row):
            first_group, count = calendars.groups_of(each.calendar)
            mine = kind == number
            found[mode, mine] = first_group + turn[mine] % count
    return found


def _keys(
    tree: PlaceTree, teams: Teams, numbers: Numbers, worker_pool: Int, rank: Int
) -> Words:
    types = list(numbers.pools)
    names = [
        f"{tree.names[place]}:{types[kind]}"
        for kind, place in zip(teams.pool_type, teams.pool_place, strict=True)
    ]
    keys = np.array([name_key(name) for name in names], np.uint64)
    return subkey_array(keys[worker_pool], rank)


def _flags(values: list[bool]) -> Int:
    return np.array(values, np.int64)


def nearest(value: Fraction) -> int:
    """The nearest whole number, the upper one in the middle."""
    return int((2 * value + 1) // 2)
