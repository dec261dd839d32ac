"""Points that fill a space evenly: settings of an experiment, not demand, but drawn like it."""

import warnings
from typing import TYPE_CHECKING, Literal

from sim.demand.purposes import Purpose
from sim.demand.streams import stream_key, uniform64
from sim.demand.uniforms import latin_hypercube
from sim.keys import name_key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def unit_points(
    kind: Literal["lhs", "sobol"], count: int, dimensions: int, seed: int
) -> "NDArray[np.float64]":
    """Points of the unit cube.

    Parameters
    ----------
    kind
        ``lhs``: a Latin hypercube (each of `count` equal slices of every coordinate holds one
        point); ``sobol``: a scrambled Sobol sequence (evenest where `count` is a power of 2).
    count, dimensions
        Rows and columns.
    seed
        The same one gives the same points, whatever else is drawn with it.

    References
    ----------
    McKay, Beckman and Conover (1979), Technometrics 21; Owen (1998), Journal of Complexity 14.
    """
    if kind == "lhs":
        return latin_hypercube(seed, "design", count, dimensions)
    import numpy as np
    from scipy.stats import qmc

    number = uniform64(*stream_key(seed, 0), Purpose.DESIGN, name_key(kind), dimensions)
    rng = np.random.Generator(np.random.PCG64(number))
    with warnings.catch_warnings():
        # Another number than a power of 2 fills the cube a little less evenly, and may be.
        warnings.filterwarnings("ignore", message="The balance properties")
        points: NDArray[np.float64] = qmc.Sobol(dimensions, rng=rng).random(count)
    return points
