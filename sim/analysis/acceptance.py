"""Emulator-guided exact acceptance: runs are proposed by a guess and accepted by the truth.

1. A Latin hypercube of runs from the prior. 2. An emulator for each output. 3. Waves of runs
where no claim is ruled out (history matching, Craig et al. 1997), to mend the emulators there.
4. Runs proposed in proportion to the emulated probability of meeting all claims, with a floor;
each is truly simulated, and weighted by the inverse of how it was proposed. Only runs of
steps 1 and 4 are counted; a poor emulator wastes runs and bends nothing.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sim.analysis.claims import Band
from sim.analysis.emulator import Emulator, fit_emulator
from sim.analysis.ensemble import Bools, Ensemble, Floats
from sim.demand.uniforms import latin_hypercube, uniforms

Simulate = Callable[[Floats, int], Floats]
"""Outputs at points of the unit cube, one row each; the second is the number of the first run,
which decides its randomness."""

POOL: Final = 2048
BATCH: Final = 32
FLOOR: Final = 0.1
MOST_ACTIVE: Final = 6
IMPLAUSIBLE: Final = 3.0


class Settings(NamedTuple):
    """How long to look.

    Attributes
    ----------
    seed
        Of designs and proposals.
    wanted
        Accepted runs, in effective number, at which to stop.
    budget
        Most runs altogether.
    training
        Runs of the first design; None: a quarter of the budget, or as many as there are
        parameters up to half of it, at most 240.
    waves
        Waves of repair, each a third as long, and at most a sixth of what is left; none where
        the design alone accepts enough.
    """

    seed: int = 1
    wanted: int = 200
    budget: int = 4000
    training: int | None = None
    waves: int = 2


class Search(NamedTuple):
    """What came out.

    Attributes
    ----------
    runs
        All counted runs with their weights; of sequential Monte Carlo the last generation.
    prior
        Runs whose weighted shares are probabilities under the prior: what a claim left out,
        or a conflict, is judged by.
    spent
        Runs simulated, those of the waves included.
    finished
        Whether enough were accepted before the budget was spent.
    active
        Columns that the emulators looked at; the others are drawn from the prior throughout.
    hopeless
        Whether it was given up, because the emulators expected less than one accepted run
        from all that was left of the budget.
    """

    runs: Ensemble
    prior: Ensemble
    spent: int
    finished: bool
    active: tuple[int, ...]
    hopeless: bool = False


def search(
    simulate: Simulate, columns: int, bands: Sequence[Band], settings: Settings
) -> Search:
    """Find the runs that meet all claims.

    Parameters
    ----------
    simulate
        The simulator.
    columns
        Number of parameters.
    bands
        The claims, one for each output.
    settings
        How long to look.
    """
    first = settings.training or design_size(columns, settings.budget)
    points = latin_hypercube(settings.seed, "training", first, columns)
    outputs = simulate(points, 0)
    spent = first
    active = influential(points, outputs)
    known, seen = points, outputs
    guess = _Guess.fit(known, seen, bands, active)
    plain = Ensemble(points, outputs, np.ones(first))
    enough = int(plain.meets(bands).sum()) >= settings.wanted
    size = min(first // 3, (settings.budget - first) // 6)
    for wave in range(0 if enough or size < 1 else settings.waves):
        pool = uniforms(settings.seed, f"wave {wave}", POOL, columns)
        chosen = pool[_repair(guess, pool, size)]
        found = simulate(chosen, spent)
        spent += len(chosen)
        known, seen = np.vstack([known, chosen]), np.vstack([seen, found])
        guess = _Guess.fit(known, seen, bands, active)
    return _sample(simulate, (points, outputs), guess, bands, settings, spent)


def design_size(columns: int, budget: int) -> int:
    """Runs of the first design: screening wants about as many as there are parameters."""
    return min(240, max(20, budget // 4, min(budget // 2, columns)))


def _sample(
    simulate: Simulate,
    prior: tuple[Floats, Floats],
    guess: "_Guess",
    bands: Sequence[Band],
    settings: Settings,
    spent: int,
) -> Search:
    """Propose, simulate and weigh until enough are accepted."""
    columns = prior[0].shape[1]
    chance = guess.chance(uniforms(settings.seed, "level", 2 * POOL, columns))
    level = float(chance.mean())
    # Proposed in proportion to their chance, runs are accepted with its size-biased mean.
    hoped = (settings.budget - spent) * float((chance**2).mean()) / max(level, 1e-300)
    every, results = prior
    density, first = guess.density(every, level), len(every)
    drawn = 0
    while True:
        share = drawn / (drawn + first)
        runs = Ensemble(every, results, 1.0 / (1.0 - share + share * density))
        done = runs.only(runs.meets(bands)).effective >= settings.wanted
        if done or spent >= settings.budget:
            return Search(runs, runs, spent, done, tuple(map(int, guess.active)))
        if not drawn and hoped < 1 and not runs.meets(bands).any():
            found = Search(runs, runs, spent, done, tuple(map(int, guess.active)))
            return found._replace(hopeless=True)
        # Later batches are longer: a pool is drawn and emulated for each.
        size = min(max(BATCH, drawn // 4), settings.budget - spent)
        chosen = _propose(guess, settings.seed, drawn, size, columns)
        every = np.vstack([every, chosen])
        results = np.vstack([results, simulate(chosen, spent)])
        density = np.concatenate([density, guess.density(chosen, level)])
        spent += size
        drawn += size


def _propose(guess: "_Guess", seed: int, drawn: int, size: int, columns: int) -> Floats:
    """Points of a pool from the prior, taken in proportion to their chance, with the floor."""
    pool = uniforms(seed, f"pool {drawn}", POOL, columns)
    chance = guess.chance(pool)
    total = chance.sum()
    even = np.full(len(pool), 1.0 / len(pool))
    odds = FLOOR * even + (1 - FLOOR) * (chance / total if total > 0 else even)
    picks = uniforms(seed, f"picks {drawn}", size, 1)[:, 0]
    places = np.searchsorted(np.cumsum(odds), picks * odds.sum())
    return np.asarray(pool[np.minimum(places, len(pool) - 1)])


def _repair(guess: "_Guess", pool: Floats, size: int) -> NDArray[np.int64]:
    """Half the likeliest points, half any that no claim rules out."""
    chance, distance = guess.chance(pool), guess.implausibility(pool)
    best = np.argsort(-chance, kind="stable")[: (size + 1) // 2]
    others = np.argsort(np.where(distance < IMPLAUSIBLE, 0.0, distance), kind="stable")
    rest = others[~np.isin(others, best)][: size - len(best)]
    return np.concatenate([best, rest])


def influential(points: Floats, outputs: Floats) -> NDArray[np.int64]:
    """The columns that move some output most, by a parabola in each column alone.

    At most `MOST_ACTIVE` are kept, and those only that explain more than chance would.
    """
    score = np.zeros(points.shape[1])
    for k in range(outputs.shape[1]):
        known = np.isfinite(outputs[:, k])
        if known.sum() < 8:
            continue
        ranks = np.argsort(np.argsort(outputs[known, k], kind="stable"), kind="stable")
        wanted = (ranks - ranks.mean()) / (ranks.std() or 1.0)
        for column in range(points.shape[1]):
            x = points[known, column] - 0.5
            base = np.column_stack([np.ones_like(x), x, x**2])
            fitted = base @ np.linalg.lstsq(base, wanted, rcond=None)[0]
            score[column] = max(score[column], float(fitted.var()))
    order = np.argsort(-score, kind="stable")[:MOST_ACTIVE]
    # By chance n times such a share follows chi-square with two degrees; one of twenty designs
    # without any effect may keep a column.
    tests = max(points.shape[1] * outputs.shape[1], 1)
    kept = order[score[order] > 2.0 * np.log(20.0 * tests) / max(len(points), 1)]
    return np.sort(kept if len(kept) else order[:1])


class _Guess(NamedTuple):
    """Emulators of all outputs, each squashed so that far misses do not rule the fit."""

    emulators: tuple[Emulator, ...]
    bands: tuple[Band, ...]
    active: NDArray[np.int64]
    defined: tuple[float, ...]
    """Share of runs in which each output has a value."""

    @classmethod
    def fit(
        cls,
        points: Floats,
        outputs: Floats,
        bands: Sequence[Band],
        active: NDArray[np.int64],
    ) -> "_Guess":
        emulators, ends, defined = [], [], []
        for k, band in enumerate(bands):
            squash = _squash(outputs[:, k], band)
            emulators.append(fit_emulator(points, squash(outputs[:, k]), active))
            ends.append(Band(*(float(squash(np.array([end]))[0]) for end in band)))
            defined.append(float(np.isfinite(outputs[:, k]).mean()))
        return cls(tuple(emulators), tuple(ends), active, tuple(defined))

    def chance(self, points: Floats) -> Floats:
        """The emulated probability that a run at each point meets all claims."""
        found = np.ones(len(points))
        for emulator, band, defined in zip(
            self.emulators, self.bands, self.defined, strict=True
        ):
            mean, variance = emulator.predict(points)
            sd = np.sqrt(variance) + 1e-12
            found *= defined * (ndtr((band.high - mean) / sd) - ndtr((band.low - mean) / sd))
        return np.asarray(np.maximum(found, 0.0))

    def implausibility(self, points: Floats) -> Floats:
        """How many standard deviations the worst claim is missed by."""
        found = np.zeros(len(points))
        for emulator, band in zip(self.emulators, self.bands, strict=True):
            mean, variance = emulator.predict(points)
            miss = np.maximum(np.maximum(band.low - mean, mean - band.high), 0.0)
            found = np.maximum(found, miss / np.sqrt(variance + 1e-12))
        return found

    def density(self, points: Floats, level: float) -> Floats:
        """How much more often a point is proposed than the prior would."""
        if level <= 0:
            return np.ones(len(points))
        return np.asarray(FLOOR + (1 - FLOOR) * self.chance(points) / level)


def _squash(values: Floats, band: Band) -> Callable[[Floats], Floats]:
    """A growing map that is straight near the claim and flat far from it."""
    ends = [end for end in band if np.isfinite(end)]
    known = values[np.isfinite(values)]
    centre = float(np.mean(ends)) if ends else float(np.median(known)) if len(known) else 0.0
    reach = float(np.median(np.abs(known - centre))) if len(known) else 1.0
    width = (band.high - band.low) / 2 if len(ends) == 2 else 0.0
    scale = max(reach / 3, width, 1e-9)

    def squash(given: Floats) -> Floats:
        return np.asarray(np.arcsinh((given - centre) / scale), dtype=np.float64)

    return squash


def accepted(found: Search, bands: Sequence[Band]) -> Ensemble:
    """The runs that meet all claims: the posterior."""
    rows: Bools = found.runs.meets(bands)
    return found.runs.only(rows)
