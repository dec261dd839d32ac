"""Finding the cheapest candidate that meets its limits, with few tests.

A *test* of a candidate says whether it meets them. Three orders of testing, each with the
number of tests in which an error could spoil the answer (the error is divided by it):

* `scan`: in order of cost; stops at the first that meets them. Needs no assumption.
* `bisection`: one lever, where dearer never serves worse.
* `staircase`: two levers, where more of either never serves worse.

For a search tree or a staircase in which answers within the tolerance may go either way, every
test of a candidate outside it lies on one of two paths, hence the factors of two below.

`descend` is for many levers: a local search on the same replications for all (retrospective
approximation), whose winner and cheaper neighbours are then tested on fresh ones.

Sources: Andradóttir & Kim (2010), see `sim.analysis.feasibility`; Wang, Pasupathy & Schmeiser,
"Integer-ordered simulation optimization using R-SPLINE", ACM TOMACS 23 (2013) 17.
"""

import math
from collections.abc import Callable, Iterable, Sequence

Test = Callable[[int], bool]
"""Number of a candidate → whether it is accepted."""
Cell = tuple[int, ...]
"""One index for each lever, from the least to the most."""


def scan_tests(candidates: int) -> int:
    """Tests of a scan in which an error could spoil the answer."""
    return candidates


def bisection_tests(candidates: int) -> int:
    """Tests of a bisection and of the neighbour of its answer."""
    return min(candidates, 2 * math.ceil(math.log2(candidates + 1)) + 1)


def staircase_tests(rows: int, columns: int) -> int:
    """Tests of a staircase and of both neighbours of its answer."""
    return min(rows * columns, rows + columns + 2)


def scan(candidates: Iterable[int], test: Test) -> int | None:
    """Return the first candidate that is accepted, in the order given (by cost)."""
    return next((candidate for candidate in candidates if test(candidate)), None)


def bisection(candidates: Sequence[int], test: Test) -> int | None:
    """Return the first accepted of candidates of which all after an accepted one are too."""
    low, high = 0, len(candidates)
    while low < high:
        middle = (low + high) // 2
        if test(candidates[middle]):
            high = middle
        else:
            low = middle + 1
    return candidates[low] if low < len(candidates) else None


def staircase(
    table: Sequence[Sequence[int]], cost: Callable[[int], float], test: Test
) -> int | None:
    """Return the cheapest accepted candidate of a table with more service down and right.

    The walk begins with the most of the first lever and the least of the second, and follows
    the border between accepted and refused.
    """
    row, column = len(table) - 1, 0
    accepted: list[int] = []
    while row >= 0 and column < len(table[0]):
        candidate = table[row][column]
        if test(candidate):
            accepted.append(candidate)
            row -= 1
        else:
            column += 1
    return min(accepted, key=cost, default=None)


def descend(
    start: Cell,
    sizes: Cell,
    cost: Callable[[Cell], float],
    excess: Callable[[Cell], float],
) -> Cell:
    """Search a sample problem for a cell that is cheaper than all its neighbours that meet it.

    Parameters
    ----------
    start
        Where to begin.
    sizes
        Number of values of each lever.
    cost
        Known cost of a cell.
    excess
        By how many tolerances the sample misses its worst limit; 0 or less: it meets all.

    Returns
    -------
    A cell that meets the limits, and of whose neighbours none that does is cheaper; or, where
    there is no way to one, the cell that misses them least.
    """
    here, seen = start, {start}
    while True:
        missed = excess(here)
        if missed > 0:
            near = [cell for cell in neighbours(here, sizes) if cell not in seen]
            better = [cell for cell in near if excess(cell) < missed]
            if not better:
                return here
            # Most relief for the money; what costs nothing more comes first.
            here = max(better, key=lambda cell: _relief(cell, here, cost, excess))
        else:
            near = [c for c in neighbours(here, sizes) if cost(c) < cost(here)]
            found = [cell for cell in sorted(near, key=cost) if excess(cell) <= 0]
            if not found:
                return here
            here = found[0]
        seen.add(here)


def neighbours(cell: Cell, sizes: Cell) -> list[Cell]:
    """Return cells one step of one lever away, or one up and another one down."""
    found = []
    for lever in range(len(cell)):
        for step in (-1, 1):
            one = _moved(cell, lever, step)
            found.append(one)
            found += [_moved(one, other, -step) for other in range(lever + 1, len(cell))]
    inside = [c for c in found if all(0 <= x < n for x, n in zip(c, sizes, strict=True))]
    return list(dict.fromkeys(inside))


def _moved(cell: Cell, lever: int, step: int) -> Cell:
    return (*cell[:lever], cell[lever] + step, *cell[lever + 1 :])


def _relief(
    cell: Cell, here: Cell, cost: Callable[[Cell], float], excess: Callable[[Cell], float]
) -> float:
    dearer = cost(cell) - cost(here)
    gain = excess(here) - excess(cell)
    return gain / dearer if dearer > 0 else math.inf
