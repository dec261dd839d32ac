"""Islands: parts of a plan that share nothing, so that each plays as it does in the whole.

An island holds one or more places of the widest level that has several, with all below them. No
line, pool, gate, account or source of an island is known outside it, so no event in one can
change what happens in another; and as demand and all random numbers are keyed by names, its
demand is the same whether it is drawn with the others or alone. Subjects keep their order, so
ties are settled alike. The log of an island is therefore that of the whole, with other
numbers, and `sim.plan.excerpt` makes the one into the other.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.plan.codes import SourceKind
from sim.plan.layout import Int, Plan

LARGE: Final = 1_000_000
"""Expected requests from which a plan is divided: a smaller one has played before processes
have started and their results have come together."""
LEAST: Final = 100_000
"""Expected requests of an island, where there are enough: each has its own overhead."""


class Sizes(NamedTuple):
    """How large a plan must be to be divided, and how large an island at least; in requests."""

    plan: int = LARGE
    island: int = LEAST


HOUSEHOLDS, PERSONS, SHOPS, BUILDINGS, FLOORS = range(1, 6)
_WEEK: Final = 7 * 86_400_000_000
_PERIODS: Final = (_WEEK / 7, _WEEK, _WEEK * 4.348, _WEEK * 52.18, _WEEK / 5)
"""Length of the periods of duties: day, week, month, year, workday."""


class Islands(NamedTuple):
    """The islands of a plan, in order of their first place."""

    level: int
    """The widest level that has several places."""
    of_place: Int
    """[P] the island of each place; -1 for the places above all islands."""
    number: int
    """How many islands there are."""
    largest_first: tuple[int, ...]
    """Their numbers by expected requests: what is begun last should end soon."""


def obstacle(plan: Plan) -> tuple[str, str]:
    """Why a plan cannot be divided, in both languages; empty if only its ties decide."""
    level = top_level(plan)
    inside = plan.place_level
    wide = (
        (plan.line_place, "a line", "队列"),
        (plan.pool_place, "a pool", "队伍"),
        (plan.gate_place, "a gate", "关口"),
        (plan.account_place, "an account", "资金账户"),
    )
    for places, en, zh in wide:
        if len(places) and int(inside[places].min()) < level:
            return f"{en} serves the whole area", f"有{zh}服务于全域"
    if len(plan.source_level) and int(plan.source_level.min()) < level:
        return "a source hangs on the whole area", "有来源挂在全域"
    whole = (
        (len(plan.mode_level) > 1, "modes", "状态转换"),
        (len(plan.review_effect) > 0, "reviews", "考核"),
        (len(plan.hazard_source) > 0, "hazards", "隐患"),
        (len(plan.join_together) > 0, "joins", "联合处置"),
        (len(plan.post_place) > 0, "posts", "值守点"),
        (len(plan.week_at) > 0, "careers", "人员成长"),
        (bool((plan.source_kind == SourceKind.POPULATION).any()), "populations", "有限群体"),
    )
    for there, en, zh in whole:
        if there:
            return f"it has {en}", f"含有{zh}"
    if (plan.place_at[plan.leaf_place, level] < 0).any():
        return "homes lie above its parts", "有住户位于各部分之上"
    return "", ""


def islands(plan: Plan, least: int = LEAST) -> Islands:
    """The islands of a plan; a plan that cannot be divided is one.

    Parameters
    ----------
    plan
        The compiled scenario.
    least
        Expected requests below which islands are put together with their neighbours.
    """
    level = top_level(plan)
    if obstacle(plan)[0]:
        return Islands(level, np.zeros(len(plan.place_parent), np.int64), 1, (0,))
    tops = np.flatnonzero(plan.place_level == level)
    tied = _tied(plan, level, tops)
    requests = np.bincount(tied, weights=_expected(plan, tops), minlength=len(tops))
    number = np.zeros(len(tops), np.int64)
    found, held = 0, 0.0
    for first in np.unique(tied).tolist():
        if held >= least:
            found, held = found + 1, 0.0
        number[first] = found
        held += float(requests[first])
    if found and held < least:  # what is left over goes to the last
        number[number == found] = found - 1
        found -= 1
    of_top = np.full(len(plan.place_parent), -1, np.int64)
    of_top[tops] = number[tied]
    at = plan.place_at[:, level]
    of_place = np.where(at >= 0, of_top[at], -1)
    if not _are_alike(plan, of_place, found + 1):
        return Islands(level, np.zeros(len(plan.place_parent), np.int64), 1, (0,))
    sizes = np.bincount(number[tied], weights=requests, minlength=found + 1)
    order = np.argsort(-sizes, kind="stable").tolist()
    return Islands(level, of_place, found + 1, tuple(order))


def top_level(plan: Plan) -> int:
    """The widest level that has several places; 0 where there is none."""
    places = np.bincount(plan.place_level, minlength=len(plan.names.levels))
    many = np.flatnonzero(places > 1)
    return int(many[0]) if len(many) else 0


def expected_requests(plan: Plan) -> float:
    """About how many requests and duties a run brings."""
    return float(_expected(plan, np.flatnonzero(plan.place_level == top_level(plan))).sum())


def _tied(plan: Plan, level: int, tops: Int) -> Int:
    """For each top place the first that it is tied to, by pools that serve others' lines."""
    line = np.repeat(np.arange(len(plan.line_type)), np.diff(plan.line_ptr))
    ends = np.stack([plan.line_place[line], plan.pool_place[plan.line_pool]])
    left, right = np.searchsorted(tops, plan.place_at[ends, level])
    first = np.arange(len(tops))
    while True:  # each round hands the smallest number on along the ties
        before = first.copy()
        np.minimum.at(first, left, first[right])
        np.minimum.at(first, right, first[left])
        if (first == before).all():
            return first


def _expected(plan: Plan, tops: Int) -> NDArray[np.float64]:
    """Mean number of requests and duties from each top place, without local shocks."""
    columns = {
        HOUSEHOLDS: plan.place_households,
        PERSONS: plan.place_persons,
        SHOPS: plan.place_shops,
        BUILDINGS: plan.place_buildings,
        FLOORS: plan.place_floors,
    }
    total = np.zeros(len(tops))
    for source, kind in enumerate(plan.source_kind.tolist()):
        at_level = plan.place_level == plan.source_level[source]
        counted = columns.get(int(plan.source_counted[source]))
        each = at_level.astype(np.float64) if counted is None else counted * at_level
        below = np.bincount(np.maximum(plan.place_at[:, plan.place_level[tops[0]]], 0), each)
        things = np.zeros(len(tops))
        known = tops < len(below)
        things[known] = below[tops[known]]
        if kind == SourceKind.DUTY:
            times = plan.source_rate[source] * plan.end / _PERIODS[plan.source_period[source]]
        else:
            times = plan.source_rate[source] * float(plan.source_cell[source].sum()) * plan.cell
        total += things * times
    return total


def _are_alike(plan: Plan, of_place: Int, count: int) -> bool:
    """Whether every island has residents of each kind that the whole has.

    Where nobody lives anywhere, homes are leaves; an empty island would be taken for such.
    """
    for column in (plan.place_households, plan.place_shops):
        sizes = column[plan.leaf_place]
        held = np.bincount(of_place[plan.leaf_place], weights=sizes, minlength=count)
        if sizes.any() and not held.all():
            return False
    return True
