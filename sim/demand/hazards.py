"""Hazards of one replication: when and where each is born, and how soon it would be known.

A hazard is exogenous: the rounds that a find takes and the delay until it surfaces are drawn
with it. What the patrol does decides only which of the two comes first.
"""

import numpy as np
from numpy.typing import NDArray

from sim.demand.arrivals import Reports, arrivals
from sim.demand.draws import draws, request_keys
from sim.demand.gaps import unit_gaps
from sim.demand.homes import home_of, index_below, numbers_in, residents
from sim.demand.layout import NEVER_FOUND, Hazards, no_hazards
from sim.demand.purposes import Purpose
from sim.demand.streams import uniform64_array
from sim.errors import PlanError
from sim.plan.layout import Plan

Int = NDArray[np.int64]
Words = NDArray[np.uint64]


def draw_hazards(plan: Plan, key: tuple[int, int]) -> Hazards:
    """All hazards in order of (birth, source, place that the source hangs on, ordinal)."""
    parts = [_hazards_of(plan, key, row) for row in range(plan.hazard_source.size)]
    columns = zip(no_hazards(), *parts, strict=True)
    found = Hazards._make(np.concatenate(column) for column in columns)
    order = np.argsort(found.born_at, kind="stable")
    return Hazards._make(column[order] for column in found)


def _hazards_of(plan: Plan, key: tuple[int, int], row: int) -> Hazards:
    source = int(plan.hazard_source[row])
    births = arrivals(plan, key, source)
    keys = request_keys(
        int(plan.source_key[source]), plan.place_key[births.place], births.ordinal
    )
    who = residents(plan, int(plan.source_counted[source]))
    words = uniform64_array(*key, Purpose.HOUSEHOLD, keys, 0)
    number = index_below(numbers_in(plan, who, births.place), words)
    home, household = home_of(plan, who, births.place, number)
    return Hazards(
        born_at=births.reported_at,
        source=np.full(keys.size, source),
        place=home,
        household=household,
        ordinal=births.ordinal,
        rounds=rounds_needed(plan, key, row, keys),
        surfacing=_surfacing(plan, key, row, births, keys),
        key=keys,
    )


def rounds_needed(plan: Plan, key: tuple[int, int], row: int, keys: Words) -> Int:
    """How many completed rounds find each hazard: geometric, from 1."""
    units = int(plan.hazard_find[row])
    if units < 0:
        return np.full(keys.size, NEVER_FOUND)
    return 1 + unit_gaps(key, keys, 0, Purpose.HAZARD_FIND) // units


def _surfacing(plan: Plan, key: tuple[int, int], row: int, births: Reports, keys: Words) -> Int:
    """The delay from birth to the first surfacing; a law written out gives it by ordinal."""
    law = int(plan.hazard_law[row])
    first, last = plan.law_sequence_ptr[law : law + 2]
    if last == first:
        table = plan.law_table[law]
        return draws(table, key, Purpose.HAZARD_SURFACE, keys, 0, plan.tick)
    values = plan.law_sequence[first:last]
    if births.ordinal.size and births.ordinal.max() >= values.size:
        name = plan.names.sources[int(plan.hazard_source[row])]
        raise PlanError(
            f"sources.{name}.surfaces_after: {values.size} values for "
            f"{int(births.ordinal.max()) + 1} hazards of one place",
            "依次取值的个数少于一处的隐患数",
        )
    rounded: Int = (values[births.ordinal] + (plan.tick >> 1)) // plan.tick * plan.tick
    return rounded
