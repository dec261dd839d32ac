"""Weighted runs: what simulated runs say of parameters once claims are held against them.

Every run has a point in the unit cube (the prior is uniform there), its outputs, and the
inverse of how much more often such points were proposed than the prior would. With these
weights a share of runs is a probability under the prior, so accepting the runs that meet all
claims is exact, whatever proposed them (Wilkinson, Stat. Appl. Genet. Mol. Biol. 12, 2013).
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.analysis.claims import Band

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PRIOR_VARIANCE = 1.0 / 12.0
"""Of a uniform number."""

FIXED, PARTLY = 0.7, 0.3
"""Contractions from which claims fix a parameter, and narrow it."""

Verdict = Literal["identified", "partly", "jointly", "prior_only"]


class Ensemble(NamedTuple):
    """Runs with weights.

    Attributes
    ----------
    points
        One row each, in the unit cube.
    outputs
        One row each, one column for each claim; nan where a run has no value.
    weights
        Positive; not normalised.
    """

    points: Floats
    outputs: Floats
    weights: Floats

    def meets(self, bands: Sequence[Band], *, but: int | None = None) -> Bools:
        """Which runs meet all claims, or all but one."""
        kept = np.ones(len(self.points), np.bool_)
        for place, band in enumerate(bands):
            if place != but:
                value = self.outputs[:, place]
                kept &= (value >= band.low) & (value <= band.high)
        return kept

    def only(self, rows: Bools) -> "Ensemble":
        """Some of the runs."""
        return Ensemble(self.points[rows], self.outputs[rows], self.weights[rows])

    @property
    def effective(self) -> float:
        """How many equally weighted runs these are worth (Kish)."""
        total = float(self.weights.sum())
        return total**2 / float((self.weights**2).sum()) if total > 0 else 0.0

    def share(self, rows: Bools) -> float:
        """The weighted share of some runs; nan if there are none at all."""
        total = float(self.weights.sum())
        return float(self.weights[rows].sum()) / total if total > 0 else float("nan")

    def mean(self) -> Floats:
        """Weighted mean of the points."""
        return np.asarray(np.average(self.points, axis=0, weights=self.weights))

    def covariance(self) -> Floats:
        """Weighted covariance of the points, in units of the prior's variance."""
        off = self.points - self.mean()
        share = self.weights / self.weights.sum()
        # Reliability weights: without this few runs would look too certain.
        scale = 1.0 - float((share**2).sum())
        cov = (off * share[:, None]).T @ off / (scale if scale > 0 else 1.0)
        return np.asarray(cov / PRIOR_VARIANCE)

    def quantiles(self, levels: Sequence[float]) -> Floats:
        """Weighted quantiles of every column of points, one row for each level."""
        columns = [
            weighted_quantiles(self.points[:, k], self.weights, levels)
            for k in range(self.points.shape[1])
        ]
        return np.column_stack(columns) if columns else np.empty((len(levels), 0))


def weighted_quantiles(values: Floats, weights: Floats, levels: Sequence[float]) -> Floats:
    """Quantiles of values that count with their weights."""
    order = np.argsort(values, kind="stable")
    heights = np.cumsum(weights[order])
    places = (heights - 0.5 * weights[order]) / heights[-1]
    return np.asarray(np.interp(levels, places, values[order]))


class Identified(NamedTuple):
    """What the claims say of one parameter.

    Attributes
    ----------
    contraction
        1 − posterior variance ÷ prior variance; about 0 where claims say nothing.
    partner
        The column with which it is bound most strongly, and their correlation; None if weak.
    verdict
        ``identified`` from 0.7, ``partly`` from 0.3; below, ``jointly`` where a combination
        with another is known though neither alone is, else ``prior_only``. What so few runs
        of so many parameters could show by chance counts as nothing.
    """

    contraction: float
    partner: int | None
    correlation: float
    verdict: Verdict


def chance_bound(tries: int) -> float:
    """Standard deviations that one of so many numbers exceeds by chance in 1 of 20 cases."""
    return float(ndtri(1.0 - 0.05 / max(tries, 1)))


def identify(posterior: Ensemble, guided: Sequence[int] = ()) -> list[Identified]:
    """What the claims say of each parameter, from the runs that meet them.

    Parameters
    ----------
    posterior
        Those runs.
    guided
        Parameters that were found to move a claim by a test of their own: what chance could
        show is reckoned over these alone, of all others over all.
    """
    cov = posterior.covariance()
    sd = np.sqrt(np.maximum(np.diag(cov), 1e-12))
    correlation = cov / np.outer(sd, sd)
    np.fill_diagonal(correlation, 0.0)
    # A correlation of n draws is off by about 1/sqrt(n) even where there is none.
    root = max(posterior.effective, 1.0) ** 0.5
    pairs = max(len(sd) * (len(sd) - 1) // 2, 1)
    floor = max(0.5, max(3.0, chance_bound(pairs)) / root)
    # The variance of n uniform numbers is off by sqrt(0.8 / n) of itself.
    bounds = {k: chance_bound(len(guided)) for k in guided}
    found = []
    for k in range(len(sd)):
        partner = int(np.argmax(np.abs(correlation[k]))) if len(sd) > 1 else k
        strength = float(correlation[k, partner])
        least = max(PARTLY, bounds.get(k, chance_bound(len(sd))) * 0.8**0.5 / root)
        bound = abs(strength) >= floor
        contraction = float(1.0 - cov[k, k])
        verdict: Verdict = "prior_only"
        if contraction >= max(FIXED, least):
            verdict = "identified"
        elif contraction >= least:
            verdict = "partly"
        elif bound:
            verdict = "jointly"
        found.append(Identified(contraction, partner if bound else None, strength, verdict))
    return found


def directions(posterior: Ensemble, columns: Sequence[int]) -> Floats:
    """Eigenvalues of the posterior covariance of some parameters in prior units, least first.

    About 1 where claims say nothing. Of more parameters than runs most would be 0 whatever
    the claims say, so only those are looked at that guided the search.
    """
    places = np.asarray(columns, dtype=np.int64)
    return np.asarray(np.linalg.eigvalsh(posterior.covariance()[np.ix_(places, places)]))


def combinations_fixed(eigenvalues: Floats, effective: float) -> int:
    """How many combinations of parameters claims fix, beyond what so few runs show by chance.

    The least eigenvalue of runs that know nothing is about (1 - sqrt(parameters / runs))².
    """
    by_chance = max(0.0, 1.0 - (len(eigenvalues) / max(effective, 1.0)) ** 0.5) ** 2
    # Rounding makes some of the zeros of a singular matrix negative.
    return int((np.maximum(eigenvalues, 0.0) < PARTLY * by_chance).sum())


class HeldOut(NamedTuple):
    """One claim left out: how often runs that meet the others meet it."""

    share: float
    effective: float


def leave_one_out(ensemble: Ensemble, bands: Sequence[Band]) -> list[HeldOut]:
    """Each claim left out in turn, from all runs whether they meet the claims or not."""
    found = []
    for place in range(len(bands)):
        others = ensemble.only(ensemble.meets(bands, but=place))
        found.append(HeldOut(others.share(others.meets(bands)), others.effective))
    return found


class Conflict(NamedTuple):
    """Claims that cannot be met together within the ranges.

    Attributes
    ----------
    claims
        One that no run met, or two that runs met alone but hardly together.
    alone
        The share of prior runs that met each alone.
    together
        The share that met both; of one claim the same as alone.
    """

    claims: tuple[int, ...]
    alone: tuple[float, ...]
    together: float


def conflicts(prior: Ensemble, bands: Sequence[Band], runs: int) -> list[Conflict]:
    """Claims that runs from the prior could not meet, alone or together.

    Parameters
    ----------
    prior
        Runs with weights.
    bands
        The claims.
    runs
        How many runs the weights rest on; a pair is named only where, were the claims
        independent, at least three of so many should have met both.
    """
    singles = [_meets_one(prior, bands, (k,)) for k in range(len(bands))]
    rates = [prior.share(rows) for rows in singles]
    found = [Conflict((k,), (rate,), rate) for k, rate in enumerate(rates) if rate == 0]
    for i in range(len(bands)):
        for j in range(i):
            both = prior.share(singles[i] & singles[j])
            expected = rates[i] * rates[j]
            if expected * runs >= 3 and both <= 0.2 * expected:
                found.append(Conflict((j, i), (rates[j], rates[i]), both))
    return found


def _meets_one(prior: Ensemble, bands: Sequence[Band], places: Sequence[int]) -> Bools:
    kept = np.ones(len(prior.points), np.bool_)
    for place in places:
        value = prior.outputs[:, place]
        kept &= (value >= bands[place].low) & (value <= bands[place].high)
    return kept
