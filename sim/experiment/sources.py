"""Whether two scenarios meet the same demand, source by source.

Common random numbers work only where the same resident raises the same request at the same
instant. Names are compared, never numbers: one more class or pool renumbers everything and
changes nothing.
"""

import numpy as np

from sim.demand.layout import DemandTrace
from sim.plan.layout import Plan

Demand = tuple[Plan, DemandTrace]


def unmatched_sources(first: Demand, other: Demand) -> list[str]:
    """Names of the sources whose requests differ between two scenarios, or that one lacks."""
    known, there = _by_source(first), _by_source(other)
    return sorted(
        name
        for name in known.keys() | there.keys()
        if known.get(name, b"") != there.get(name, b"")
    )


def _by_source(demand: Demand) -> dict[str, bytes]:
    """What no answer to the demand can change, as bytes by source."""
    plan, trace = demand
    rows, names = trace.requests, plan.names
    order = np.argsort(rows.key, kind="stable")
    classes, rungs = np.array(names.classes), np.array([*names.rungs, ""])
    found: dict[str, bytes] = {}
    for number, name in enumerate(names.sources):
        mine = order[rows.source[order] == number]
        columns = (
            rows.key[mine],
            rows.reported_at[mine],
            rows.household[mine],
            "\n".join(classes[rows.request_class[mine]]).encode(),
            "\n".join(rungs[rows.level[mine]]).encode(),
        )
        found[name] = b"|".join(
            column if isinstance(column, bytes) else column.tobytes() for column in columns
        )
    return found
