"""The demand trace: every source drawn, requests put in order, their first draws in bulk."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import can_compile
from sim.demand.arrivals import Reports, arrivals, members
from sim.demand.at_once import in_order, requests_at_once
from sim.demand.draws import levels_of, request_keys
from sim.demand.duties import duties, turns
from sim.demand.first_draws import columns_of, columns_per_class, first_draws
from sim.demand.hazards import draw_hazards
from sim.demand.homes import Residents, home_of, index_below, numbers_in, residents
from sim.demand.layout import DemandTrace
from sim.demand.purposes import Purpose
from sim.demand.streams import stream_key, uniform64_array
from sim.eventlog import Requests
from sim.keys import subkey_array
from sim.plan.codes import SourceKind
from sim.plan.islands import expected_requests
from sim.plan.layout import Plan

Int = NDArray[np.int64]
Words = NDArray[np.uint64]


MANY: Final = 200_000
"""Expected requests from which the loops that draw them are worth being compiled once."""


class Exogenous(NamedTuple):
    """What no answer to the demand can change, by request or hazard in order of key."""

    key: Words
    reported_at: Int
    """For a hazard: its birth."""
    request_class: Int
    """-1 for a hazard, as what it raises depends on the answer."""
    household: Int
    level: Int


def draw_trace(
    plan: Plan, seed: int, replication: int, *, with_draws: bool = True
) -> DemandTrace:
    """The demand of one replication.

    Parameters
    ----------
    plan
        The compiled scenario.
    seed, replication
        What the key of randomness is made from.
    with_draws
        Whether the first draw of every step and timer is made in bulk. Without them the trace
        is a third of the size, and engines make each by its key where it is needed: the fast
        one so loses nothing, the reference some time. The log is the same.

    Requests are in order of (reported_at, source, place that the source hangs on, ordinal);
    members of a population, whose first requests all have ordinal 0, follow by number.
    """
    key = stream_key(seed, replication)
    is_long = expected_requests(plan) >= MANY and can_compile()
    requests = requests_at_once(plan, key) if is_long else _requests(plan, key)
    ptr, values = first_draws(plan, key, requests, only_written_out=not with_draws)
    return DemandTrace(*key, requests, ptr, values, draw_hazards(plan, key))


def exogenous(trace: DemandTrace) -> Exogenous:
    """What must be equal in every scenario of a family, to tell whether sources match."""
    rows, latent = trace.requests, trace.hazards
    unknown = np.full(latent.key.size, -1)
    columns = (
        (rows.key, latent.key),
        (rows.reported_at, latent.born_at),
        (rows.request_class, unknown),
        (rows.household, latent.household),
        (rows.level, unknown),
    )
    joined = [np.concatenate(column) for column in columns]
    order = np.argsort(joined[0], kind="stable")
    return Exogenous._make(column[order] for column in joined)


def check_trace(plan: Plan, trace: DemandTrace) -> None:
    """Raise a ValueError that names the broken laws; for tests and traces from elsewhere."""
    rows, width = trace.requests, columns_per_class(plan)
    anchor = plan.place_at[rows.place, plan.source_level[rows.source]]
    order = np.lexsort((rows.household, rows.ordinal, anchor, rows.source, rows.reported_at))
    laws = {
        "columns are of equal length": len({column.size for column in rows}) == 1,
        "requests are in order": bool((order == np.arange(order.size)).all()),
        "requests are reported within the run": _within(rows.reported_at, 0, plan.end - 1),
        "reports are at ticks": not (rows.reported_at % plan.tick).any(),
        "homes are leaves": bool(np.isin(rows.place, plan.leaf_place).all()),
        "homes lie below their source": bool((anchor >= 0).all()),
        "classes are those of their source": bool(
            (rows.request_class == plan.source_class[rows.source]).all()
        ),
        "keys differ": np.unique(rows.key).size == rows.key.size,
        "draws are as many as columns": bool(
            (np.diff(trace.draw_ptr) == width[rows.request_class]).all()
        ),
        "draws fill the pointers": trace.draw.size == trace.draw_ptr[-1],
        "durations are not negative": _within(trace.draw, 0, None),
        "durations are at ticks": not (_durations(plan, trace) % plan.tick).any(),
        "hazards are in order": bool((np.diff(trace.hazards.born_at) >= 0).all()),
        "hazards are born within the run": _within(trace.hazards.born_at, 0, plan.end - 1),
        "hazards need a round and do not surface before birth": _within(
            trace.hazards.rounds, 1, None
        )
        and _within(trace.hazards.surfacing, 0, None),
        "hazards live at homes": bool(np.isin(trace.hazards.place, plan.leaf_place).all()),
    }
    broken = [law for law, holds in laws.items() if not holds]
    if broken:
        raise ValueError("this demand trace breaks: " + "; ".join(broken))


def _durations(plan: Plan, trace: DemandTrace) -> Int:
    """The first draws that are times; that of a branch is the number of the way taken."""
    sizes = np.diff(trace.draw_ptr)
    if sizes.sum() != trace.draw.size or (sizes < 0).any():
        return trace.draw
    column = np.arange(trace.draw.size) - np.repeat(trace.draw_ptr[:-1], sizes)
    owner = np.repeat(trace.requests.request_class, sizes)
    time = np.ones(trace.draw.size, bool)
    for request_class in np.unique(owner).tolist():
        ways = [found.at for found in columns_of(plan, request_class) if found.law < 0]
        time[(owner == request_class) & np.isin(column, ways)] = False
    return trace.draw[time]


def _within(values: Int, low: int, high: int | None) -> bool:
    return not values.size or bool(
        values.min() >= low and (high is None or values.max() <= high)
    )


def _requests(plan: Plan, key: tuple[int, int]) -> Requests:
    """All requests in order of number; `sim.demand.at_once` makes the same of many."""
    reporting = np.flatnonzero(plan.source_kind != SourceKind.HAZARD).tolist()
    found = _joined([_requests_of(plan, key, source) for source in reporting])
    # Sources come by number and each is in order of (place, ordinal), so time alone is left.
    order = in_order(found.reported_at)
    return Requests._make(column[order] for column in found)


def _requests_of(plan: Plan, key: tuple[int, int], source: int) -> Requests:
    """The requests of one source, in order of (place that it hangs on, ordinal, member)."""
    who = residents(plan, int(plan.source_counted[source]))
    kind = plan.source_kind[source]
    if kind == SourceKind.POPULATION:
        return _members(plan, key, source)
    if kind == SourceKind.DUTY:
        reports = duties(plan, key, source)
        number = turns(plan, key, source, reports, who)
        keys = _keys_of(plan, source, reports)
    else:
        reports = arrivals(plan, key, source)
        keys = _keys_of(plan, source, reports)
        number = _anyone(plan, key, who, reports.place, keys)
    home, household = home_of(plan, who, reports.place, number)
    return _rows(plan, key, source, reports, (home, household, keys))


def _members(plan: Plan, key: tuple[int, int], source: int) -> Requests:
    """The first request of each member of a finite population, after its first up-time."""
    reports = members(plan, key, source)
    people = _keys_of(plan, source, reports)
    who = residents(plan, int(plan.source_counted[source]))
    number = _anyone(plan, key, who, reports.place, people)
    home, _ = home_of(plan, who, reports.place, number)
    first = reports._replace(ordinal=np.zeros_like(reports.ordinal))
    return _rows(plan, key, source, first, (home, reports.ordinal, subkey_array(people, 0)))


def _anyone(
    plan: Plan, key: tuple[int, int], who: Residents, places: Int, subjects: Words
) -> Int:
    """A household (or shop) of each place, all equally likely."""
    words = uniform64_array(*key, Purpose.HOUSEHOLD, subjects, 0)
    return index_below(numbers_in(plan, who, places), words)


def _keys_of(plan: Plan, source: int, reports: Reports) -> Words:
    return request_keys(
        int(plan.source_key[source]), plan.place_key[reports.place], reports.ordinal
    )


def _rows(
    plan: Plan,
    key: tuple[int, int],
    source: int,
    reports: Reports,
    who: tuple[Int, Int, Words],
) -> Requests:
    home, household, keys = who
    request_class = int(plan.source_class[source])
    shares = slice(plan.class_level_ptr[request_class], plan.class_level_ptr[request_class + 1])
    return Requests(
        reported_at=reports.reported_at,
        request_class=np.full(keys.size, request_class),
        source=np.full(keys.size, source),
        place=home,
        household=household,
        level=levels_of(plan.class_level[shares], plan.class_level_share[shares], key, keys),
        ordinal=reports.ordinal,
        key=keys,
    )


def _joined(parts: list[Requests]) -> Requests:
    nothing = np.empty(0, np.int64)
    empty = Requests._make([*[nothing] * 7, nothing.astype(np.uint64)])
    columns = zip(empty, *parts, strict=True)
    return Requests._make(np.concatenate(column) for column in columns)
