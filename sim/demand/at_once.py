"""The requests of all sources in one compiled pass, which makes each at its place in the order.

`sim.demand.trace` says what they are; this is the same for long traces, without the columns of
every source being made, put together and brought into order one after another.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.arrivals import Reports, arrivals, members
from sim.demand.duties import duties, turns_of
from sim.demand.homes import SHOP, numbers_in, residents
from sim.eventlog import Requests
from sim.keys import subkey_array
from sim.plan.codes import SourceKind
from sim.plan.layout import Plan

Int = NDArray[np.int64]

_TOGETHER: Final = 8
"""Reports in a stretch of time, at least: with fewer, where they go lies too far apart for the
processor's cache."""
_CROWD: Final = 500
"""Reports in one stretch from which sorting is quicker than putting each in its place."""


def requests_at_once(plan: Plan, key: tuple[int, int]) -> Requests:
    """All requests in order of (reported_at, source, place that it hangs on, ordinal)."""
    from sim.demand import loops

    about, streams = [np.empty((0, loops.WIDTH), np.int64)], [np.empty(0, np.uint64)]
    parts, rows = [], []
    for source in np.flatnonzero(plan.source_kind != SourceKind.HAZARD).tolist():
        places = np.flatnonzero(plan.place_level == plan.source_level[source])
        row = np.zeros(len(plan.place_parent), np.int64)
        row[places] = sum(map(len, streams)) + np.arange(places.size)
        parts.append(_reports(plan, key, source))
        rows.append(row)
        about.append(_about(plan, key, source, places))
        streams.append(subkey_array(plan.source_key[source], plan.place_key[places]))
    reports = _almost_in_order(plan, parts, rows)
    found = np.empty((7, len(reports)), np.int64)
    keys = np.empty(len(reports), np.uint64)
    loops.fill_requests()(
        key,
        reports,
        np.concatenate(about),
        np.concatenate(streams),
        np.stack([residents(plan, counted).begin for counted in (-1, SHOP)]),
        plan.leaf_place,
        plan.class_level_ptr,
        plan.class_level,
        plan.class_level_share,
        found,
        keys,
    )
    return Requests._make([*found, keys])


def _almost_in_order(plan: Plan, parts: list[Reports], rows: list[Int]) -> Int:
    """[requests, 3] all reports, by the stretch of time in which they lie.

    Within a stretch they come as they came. Where one would hold too many for that to be almost
    in order, the reports are put in order as a whole.
    """
    from sim.demand.loops import scatter

    size = sum(part.place.size for part in parts)
    width = int(_TOGETHER * plan.end // max(1, size)).bit_length()
    heads = np.zeros((int(plan.end) >> width) + 3, np.int64)
    found = np.empty((0, 3), np.int64)
    for part, row in zip(parts, rows, strict=True):
        scatter()(*part, row, width, heads, found)
    if heads.max() > _CROWD:
        joined = [
            np.stack([part.reported_at, row[part.place], part.ordinal], axis=1)
            for part, row in zip(parts, rows, strict=True)
        ]
        found = np.concatenate(joined)
        return found[in_order(found[:, 0])]
    heads = np.concatenate([[0], np.cumsum(heads)])[:-1]
    found = np.empty((size, 3), np.int64)
    for part, row in zip(parts, rows, strict=True):
        scatter()(*part, row, width, heads, found)
    return found


def in_order(times: Int) -> Int:
    """As a stable `argsort`, in two thirds of its time: equal times are put in order after."""
    order = np.argsort(times)
    ahead = times[order]
    equal = ahead[1:] == ahead[:-1]
    at = np.flatnonzero(np.append(equal, False) | np.append(False, equal))
    some = order[at]
    order[at] = some[np.lexsort((some, ahead[at]))]
    return order


def _reports(plan: Plan, key: tuple[int, int], source: int) -> Reports:
    kind = plan.source_kind[source]
    if kind == SourceKind.POPULATION:
        return members(plan, key, source)
    if kind == SourceKind.DUTY:
        return duties(plan, key, source)
    return arrivals(plan, key, source, at_once=True)


def _about(plan: Plan, key: tuple[int, int], source: int, places: Int) -> Int:
    """What the loop wants to know of a source at each of its places."""
    from sim.demand import loops

    counted, kind = int(plan.source_counted[source]), plan.source_kind[source]
    who = residents(plan, counted)
    about = np.zeros((places.size, loops.WIDTH), np.int64)
    about[:, loops.SOURCE], about[:, loops.CLASS] = source, plan.source_class[source]
    about[:, loops.SHOPS], about[:, loops.NUMBERED] = counted == SHOP, who.numbered
    about[:, [loops.FIRST, loops.LAST]] = plan.place_leaves[places]
    about[:, loops.COUNT] = numbers_in(plan, who, places)
    about[:, loops.MEMBERS] = kind == SourceKind.POPULATION
    if kind == SourceKind.DUTY:
        about[:, loops.TURNS] = 1
        turn = turns_of(plan, key, source, places, who)
        about[:, loops.TURN], about[:, loops.STRIDE] = turn
    return about
