"""How much of the start of a steady-state run to leave out: MSER-5.

Most governance questions start from a given backlog and end on a date; they cut nothing. For
a steady-state question the cut is chosen once, on the series *averaged over replications*
(on single replications from an empty start the rule mostly cuts nothing), and then kept in
the scenario as a fixed number.

Source: White, "An effective truncation heuristic for bias reduction in simulation output",
Simulation 69 (1997) 323-334; batches of 5 after White, Cobb & Spratt, WSC 2000.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.analysis.intervals import Floats
from sim.errors import AnalysisError

BATCH = 5
# The statistic of the last few batches is an estimate from almost nothing and is often tiny.
LAST_BATCHES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUp:
    """The cut that MSER-5 proposes.

    Attributes
    ----------
    cut
        Number of observations to leave out at the start.
    accepted
        False when the cut lies beyond half the run: the run is then too short to tell, and
        the cut must not be used.
    observations
        Length of the series.
    mean
        Mean of the averaged series after the cut.
    """

    cut: int
    accepted: bool
    observations: int
    mean: float


def warm_up(series: Sequence[Sequence[float]] | npt.NDArray[np.float64]) -> WarmUp:
    """Propose a warm-up by MSER-5 for a series observed in each replication.

    Parameters
    ----------
    series
        One row per replication, one column per observation (case number or equal interval).
    """
    rows = np.atleast_2d(np.asarray(series, dtype=np.float64))
    averaged = rows.mean(axis=0)
    batches = len(averaged) // BATCH
    if batches <= LAST_BATCHES:
        raise AnalysisError(
            f"MSER-{BATCH} needs more than {BATCH * LAST_BATCHES} observations, "
            f"not {len(averaged)}"
        )
    means = averaged[: batches * BATCH].reshape(batches, BATCH).mean(axis=1)
    cut = int(np.argmin(mser_statistic(means)[:-LAST_BATCHES])) * BATCH
    return WarmUp(
        cut=cut,
        accepted=2 * cut <= len(averaged),
        observations=len(averaged),
        mean=float(averaged[cut:].mean()),
    )


def mser_statistic(values: Floats) -> Floats:
    """Return MSER(d) = sum over i > d of (x_i - mean_d)² / (m - d)², for d = 0 … m - 1."""
    # Centred first: the sums below subtract squares of nearly equal size.
    centred = values - values.mean()
    rest = np.arange(len(values), 0, -1)
    total = np.cumsum(centred[::-1])[::-1]
    squares = np.cumsum((centred**2)[::-1])[::-1]
    return np.asarray(np.maximum(squares - total**2 / rest, 0.0) / rest**2)
