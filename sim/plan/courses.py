"""The course of each source's rate over the run: profile and shocks, cell by cell."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.system import System
from sim.plan.intake import SourceRow
from sim.plan.layout import Int
from sim.plan.places import PlaceTree
from sim.plan.rates import rate_cells


class CourseArrays(NamedTuple):
    """The arrays of rate factors of `sim.plan.layout.Plan`."""

    cell: int
    source_cell: NDArray[np.float64]
    local_source: Int
    local_place: Int
    local_cell: NDArray[np.float64]


def compile_courses(
    system: System, tree: PlaceTree, rows: list[SourceRow], end: int
) -> CourseArrays:
    """Rate factors of every row from time 0; all classes of a source share its course."""
    rates = rate_cells(system.sources, system.shocks, tree, system.run.start, end)
    cells = -(-end // rates.cell)
    numbers: dict[str, list[int]] = {name: [] for name in system.sources}
    for number, row in enumerate(rows):
        numbers[row.source].append(number)
    local = [
        (number, place, factors)
        for source, place, factors in rates.local
        for number in numbers[source]
    ]
    local.sort(key=lambda entry: entry[:2])
    return CourseArrays(
        cell=rates.cell,
        source_cell=np.stack([rates.factors[row.source] for row in rows]),
        local_source=np.array([number for number, _, _ in local], np.int64),
        local_place=np.array([place for _, place, _ in local], np.int64),
        local_cell=np.array([factors for _, _, factors in local]).reshape(len(local), cells),
    )
