"""Emulator-guided exact acceptance: runs are proposed by a guess and accepted by the truth.

1. A Latin hypercube of runs from the prior. 2. An emulator for each output. 3. Waves of runs
where no claim is ruled out (history matching, Craig et al. 1997), to mend the emulators there.
4. Runs proposed in proportion to the emulated probability of meeting all claims, with a floor;
each is truly simulated, and weighted by the inverse of how it was proposed. While few of them
are accepted the emulators learn from them, and every run is weighted by the mixture of all
rounds (Cornuet et al., Scand. J. Stat. 39, 2012). Only runs of steps 1 and 4 are counted; a
poor emulator wastes runs and bends nothing.

A point that the scenario refuses is no part of the prior: it is not played, and counts as a
try wherever tries decide a weight.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.claims import Band
from sim.analysis.ensemble import Bools, Ensemble, Floats
from sim.analysis.guess import Guess, influential
from sim.analysis.rounds import Rounds, propose
from sim.demand.uniforms import latin_hypercube, uniforms
from sim.errors import AnalysisError

Simulate = Callable[[Floats, int], Floats]
"""Outputs at points of the unit cube, one row each; the second is the number of the first run,
which decides its randomness."""

Fits = Callable[[Floats], Bools]
"""Which points of the unit cube the scenario takes; the others are no part of the prior."""

WAVE_POOL: Final = 2048
BATCH: Final = 32
POOR: Final = 0.15
"""Share of accepted proposals below which the emulators learn from them."""
MOST_LEARNT: Final = 1000
"""Runs from which on the emulators learn no more: they then change little, and cost much."""
MOST_TRIES: Final = 200
"""Points refused for each one taken at which a search gives up."""
IMPLAUSIBLE: Final = 3.0
HOPELESS: Final = 0.05
"""Accepted runs expected of the whole budget below which a search is given up."""


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
    waves: int = 1


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
        Whether it was given up, because the emulators expected less than `HOPELESS` accepted
        runs from all that was left of the budget.
    tries
        Points drawn for the runs, those that the scenario refused included.
    """

    runs: Ensemble
    prior: Ensemble
    spent: int
    finished: bool
    active: tuple[int, ...]
    hopeless: bool = False
    tries: int = 0


def takes_all(points: Floats) -> Bools:
    """No point is refused."""
    return np.ones(len(points), np.bool_)


def search(
    simulate: Simulate,
    columns: int,
    bands: Sequence[Band],
    settings: Settings,
    fits: Fits = takes_all,
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
    fits
        Which points the prior has; all by default.

    Raises
    ------
    AnalysisError
        If nearly every point is refused.
    """
    first = settings.training or design_size(columns, settings.budget)
    points, tries = from_prior(settings.seed, first, columns, fits)
    outputs = simulate(points, 0)
    spent = first
    active = influential(points, outputs)
    known, seen = points, outputs
    guess = Guess.fit(known, seen, bands, active)
    plain = Ensemble(points, outputs, np.ones(first))
    enough = int(plain.meets(bands).sum()) >= settings.wanted
    size = min(first // 3, (settings.budget - first) // 6)
    for wave in range(0 if enough or size < 1 else settings.waves):
        pool = uniforms(settings.seed, f"wave {wave}", WAVE_POOL, columns)
        chosen = _repair(guess, pool, size, fits)
        found = simulate(chosen, spent)
        spent += len(chosen)
        known, seen = np.vstack([known, chosen]), np.vstack([seen, found])
        guess = Guess.fit(known, seen, bands, active)
    rounds = Rounds(settings.seed, points, outputs, tries)
    rounds.begin(guess)
    return _sample((simulate, fits), rounds, (known[first:], seen[first:]), bands, settings)


def from_prior(seed: int, size: int, columns: int, fits: Fits) -> tuple[Floats, int]:
    """A Latin hypercube of points, those refused replaced by others; and how many were tried.

    Raises
    ------
    AnalysisError
        If nearly every point is refused.
    """
    points = latin_hypercube(seed, "training", size, columns)
    points, tries = points[fits(points)], size
    while len(points) < size:
        if tries > MOST_TRIES * size:
            raise refuses(tries - len(points), tries)
        more = uniforms(seed, "training more", size - len(points), columns, tries)
        points = np.vstack([points, more[fits(more)]])
        tries += len(more)
    return points, tries


def refuses(refused: int, tries: int) -> AnalysisError:
    """That nearly every point is refused."""
    return AnalysisError(
        f"The scenario refuses {refused} of {tries} draws of its assumptions; narrow the "
        "ranges that exclude each other.",
        f"情景不接受假设的 {tries} 次抽取中的 {refused} 次；请收窄彼此矛盾的范围。",
    )


def design_size(columns: int, budget: int) -> int:
    """Runs of the first design: screening wants about as many as there are parameters."""
    return min(240, max(20, budget // 4, min(budget // 2, columns)))


def _sample(
    play: tuple[Simulate, Fits],
    rounds: Rounds,
    repaired: tuple[Floats, Floats],
    bands: Sequence[Band],
    settings: Settings,
) -> Search:
    """Propose, simulate and weigh until enough are accepted."""
    simulate, fits = play
    spent = len(rounds.points) + len(repaired[0])
    hoped = (settings.budget - spent) * rounds.hope
    begun = len(rounds.points)
    while True:
        runs = rounds.ensemble()
        accepted = runs.meets(bands)
        done = runs.only(accepted).effective >= settings.wanted
        found = Search(runs, runs, spent, done, rounds.active, tries=rounds.tries)
        if done or spent >= settings.budget or rounds.tries > MOST_TRIES * settings.budget:
            return found
        if rounds.tries == rounds.first and hoped < HOPELESS and not accepted.any():
            return found._replace(hopeless=True)
        latest = accepted[begun:]
        if spent < MOST_LEARNT and len(latest) > spent // 2 and latest.mean() < POOR:
            points = np.vstack([rounds.points, repaired[0]])
            outputs = np.vstack([rounds.outputs, repaired[1]])
            # Runs that crowd where claims are met no longer show what leads there.
            active = np.union1d(rounds.guess.active, influential(points, outputs))
            rounds.begin(Guess.fit(points, outputs, bands, active))
            begun = len(rounds.points)
        # Later batches are longer: a pool is drawn and emulated for each.
        proposed = rounds.tries - rounds.first
        size = min(max(BATCH, proposed // 4), settings.budget - spent)
        chosen = propose(rounds.guess, settings.seed, proposed, size, rounds.columns)
        taken = chosen[fits(chosen)]
        rounds.add(taken, simulate(taken, spent), size)
        spent += len(taken)


def _repair(guess: Guess, pool: Floats, size: int, fits: Fits) -> Floats:
    """Half the likeliest points, half any that no claim rules out."""
    chance, distance = guess.chance(pool), guess.implausibility(pool)
    best = _fitting(pool, np.argsort(-chance, kind="stable"), (size + 1) // 2, fits)
    others = np.argsort(np.where(distance < IMPLAUSIBLE, 0.0, distance), kind="stable")
    others = others[~np.isin(others, best)]
    rest = _fitting(pool, others, size - len(best), fits)
    return np.asarray(pool[np.concatenate([best, rest])])


def _fitting(
    pool: Floats, order: NDArray[np.int64], size: int, fits: Fits
) -> NDArray[np.int64]:
    """The first of some points that the scenario takes."""
    found = np.empty(0, np.int64)
    for start in range(0, len(order), max(size, 1)):
        if len(found) >= size:
            break
        some = order[start : start + size]
        found = np.append(found, some[fits(pool[some])])
    return found[:size]


def accepted(found: Search, bands: Sequence[Band]) -> Ensemble:
    """The runs that meet all claims: the posterior."""
    rows: Bools = found.runs.meets(bands)
    return found.runs.only(rows)
