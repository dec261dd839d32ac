"""Tables of uniform numbers for designs and proposals, keyed like all randomness.

An algorithm that searches or estimates (`sim.analysis`) asks for a named table and gets the
same one on every machine, whatever else was asked for before and by whom.
"""

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.demand.streams import name_key, stream_key, subkey_array, uniform64_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_DESIGN: Final = 255
"""A purpose that no replication uses (`sim.demand.purposes`)."""


def uniforms(seed: int, name: str, rows: int, columns: int, first: int = 0) -> "Floats":
    """A table of independent uniform numbers strictly between 0 and 1.

    Parameters
    ----------
    seed
        Seed of the experiment.
    name
        What the numbers are for; tables of other names are independent.
    rows, columns
        Size of the table.
    first
        Number of its first row, so that a longer table begins with a shorter one.
    """
    key0, key1 = stream_key(seed, 0)
    numbers = np.arange(first, first + rows, dtype=np.uint64)
    subjects = subkey_array(np.uint64(name_key(name)), numbers)
    drawn = uniform64_array(
        key0, key1, _DESIGN, subjects[:, None], np.arange(columns, dtype=np.uint64)[None, :]
    )
    # 52 bits and a half: neither end of the interval is ever reached.
    return (drawn.astype(np.uint64) >> np.uint64(12)).astype(np.float64) * 2.0**-52 + 2.0**-53


def latin_hypercube(seed: int, name: str, rows: int, columns: int) -> "Floats":
    """A Latin hypercube: each column has one point in each of `rows` equal strata."""
    drawn = uniforms(seed, name, rows, 2 * columns)
    order = np.argsort(drawn[:, :columns], axis=0, kind="stable")
    strata = np.empty((rows, columns))
    for column in range(columns):
        strata[order[:, column], column] = np.arange(rows)
    return np.asarray((strata + drawn[:, columns:]) / rows)
