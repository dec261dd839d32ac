"""Hazards: which rounds find them, how soon they surface, and where they are reported.

The number of rounds that a find takes is geometric. It is drawn by inversion: 1 + (an
exponential gap) ÷ -ln(1 - finds), both in whole units, so that a patrol that sees more finds
every single hazard no later.
"""

from decimal import Decimal, localcontext
from typing import Final, NamedTuple

import numpy as np

from sim.errors import PlanError
from sim.model.sources import Hazard
from sim.model.system import System
from sim.plan.intake import SourceRow
from sim.plan.laws import LawPool
from sim.plan.layout import Int, Words
from sim.plan.numbering import Numbers
from sim.plan.places import PlaceTree
from sim.plan.rates import find_place
from sim.plan.tables import threshold

GAP_ONE: Final = 1 << 36
"""Units of a mean gap, as in `sim.demand.gaps`."""

NEVER: Final = -1
"""In the place of a number of units: no round finds it."""

ALWAYS: Final = 1 << 62
"""In the place of a number of units: longer than any gap, so the first round finds it."""


class HazardArrays(NamedTuple):
    """The hazard arrays of `sim.plan.layout.Plan`."""

    hazard_source: Int
    hazard_patrol: Int
    hazard_find: Int
    hazard_found: Int
    hazard_law: Int
    hazard_reporting: Words


def compile_hazards(
    system: System, tree: PlaceTree, rows: list[SourceRow], numbers: Numbers, laws: LawPool
) -> HazardArrays:
    """All sources of hazards, in order of number."""
    found: list[tuple[int, str, Hazard]] = []
    for number, row in enumerate(rows):
        source = system.sources[row.source]
        if isinstance(source, Hazard):
            found.append((number, row.source, source))
    sources = [source for _, _, source in found]
    reporting = [_reporting(name, source, tree) for _, name, source in found]
    return HazardArrays(
        hazard_source=_ints([number for number, _, _ in found]),
        hazard_patrol=_ints([numbers.classes[source.patrol] for source in sources]),
        hazard_find=_ints([find_units(source.finds) for source in sources]),
        hazard_found=_ints([numbers.classes[source.found] for source in sources]),
        hazard_law=_ints([laws.add(source.surfaces_after) for source in sources]),
        hazard_reporting=np.array(reporting, np.uint64).reshape(len(found), len(tree.names)),
    )


def find_units(probability: float) -> int:
    """-ln(1 - p) in units of 1 / `GAP_ONE`, the same on every machine."""
    if probability >= 1:
        return ALWAYS
    with localcontext() as context:
        context.prec = 40
        exact = -(1 - Decimal(repr(probability))).ln() * GAP_ONE
        units = int(exact.to_integral_value())
    return units or NEVER


def _reporting(name: str, source: Hazard, tree: PlaceTree) -> list[int]:
    """Thresholds of being reported by place: the narrowest place that is named counts."""
    path = f"sources.{name}.reporting_at"
    named = {
        find_place(f"{path}.{text}", text, tree): threshold(share)
        for text, share in sorted(source.reporting_at.items())
    }
    if len(named) < len(source.reporting_at):
        raise PlanError(f"{path}: two names mean the same place", "两个名称指同一区域")
    thresholds = [named.get(0, threshold(source.reporting))]
    # Parents are numbered before their children.
    for place in range(1, len(tree.names)):
        thresholds.append(named.get(place, thresholds[int(tree.parent[place])]))
    return thresholds


def _ints(values: list[int]) -> Int:
    return np.array(values, np.int64)
