"""The course of each source's rate over the run: profile and shocks, cell by cell."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.system import System
from sim.plan.intake import SourceRow
from sim.plan.layout import Int
from sim.plan.places import PlaceTree


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
    """Rate factors of every row from time 0."""
    del system, tree
    return CourseArrays(
        cell=end,
        source_cell=np.ones((len(rows), 1)),
        local_source=np.zeros(0, np.int64),
        local_place=np.zeros(0, np.int64),
        local_cell=np.zeros((0, 1)),
    )
