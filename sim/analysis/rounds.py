"""Rounds of a guided search: the runs that count, and how each of them was proposed."""

from typing import Final

import numpy as np

from sim.analysis.ensemble import Ensemble, Floats
from sim.analysis.guess import FLOOR, Guess
from sim.demand.uniforms import uniforms

POOL: Final = 2048
MOST_POOL: Final = 8192


class Rounds:
    """The counted runs, and how they were proposed: from the prior, then by each guess.

    Parameters
    ----------
    seed
        Of the points that tell how much a guess expects on average.
    points, outputs
        Runs from the prior.
    tries
        How many points were drawn for them.
    """

    def __init__(self, seed: int, points: Floats, outputs: Floats, tries: int) -> None:
        self.seed = seed
        self.points, self.outputs = points, outputs
        self.tries = self.first = tries
        self.guesses: list[tuple[Guess, float]] = []
        self.drawn: list[int] = []
        self.densities: list[Floats] = []
        self.hope = 0.0

    @property
    def guess(self) -> Guess:
        """That of the last round."""
        return self.guesses[-1][0]

    @property
    def columns(self) -> int:
        """Parameters."""
        return int(self.points.shape[1])

    @property
    def active(self) -> tuple[int, ...]:
        """Parameters that some guess looked at."""
        return tuple(sorted({int(k) for guess, _ in self.guesses for k in guess.active}))

    def begin(self, guess: Guess) -> None:
        """Go on with another guess."""
        somewhere = uniforms(self.seed, "level", 2 * POOL, self.columns)
        level = float(guess.chance(somewhere).mean())
        # Where no run has been, errors are no longer normal: a share judged by normal tails
        # gave up claims that one run in five hundred met.
        often = guess.density(somewhere, level)
        self.hope = float((often * guess.chance(somewhere, heavy=True)).mean())
        self.guesses.append((guess, level))
        self.drawn.append(0)
        self.densities.append(guess.density(self.points, level))

    def add(self, points: Floats, outputs: Floats, tries: int) -> None:
        """Keep runs that the last guess proposed."""
        self.points = np.vstack([self.points, points])
        self.outputs = np.vstack([self.outputs, outputs])
        self.densities = [
            np.concatenate([known, guess.density(points, level)])
            for known, (guess, level) in zip(self.densities, self.guesses, strict=True)
        ]
        self.drawn[-1] += tries
        self.tries += tries

    def ensemble(self) -> Ensemble:
        """The runs, weighted by one over how often the mixture of rounds proposes them."""
        proposed = np.full(len(self.points), float(self.first))
        for tries, density in zip(self.drawn, self.densities, strict=True):
            proposed += tries * density
        return Ensemble(self.points, self.outputs, self.tries / proposed)


def propose(guess: Guess, seed: int, drawn: int, size: int, columns: int) -> Floats:
    """Points of a pool from the prior, taken in proportion to their chance, with the floor.

    Where few points of the pool have all the chance, a larger one is drawn, lest the same
    points are taken again and again.

    Parameters
    ----------
    guess
        What is expected of each point.
    seed, drawn
        Decide the pool: the seed, and how many points were proposed before.
    size
        Points wanted.
    columns
        Number of parameters.
    """
    pool = uniforms(seed, f"pool {drawn}", POOL, columns)
    chance = guess.chance(pool)
    while len(pool) < MOST_POOL and chance.sum() ** 2 < 4 * size * (chance**2).sum():
        more = uniforms(seed, f"pool {drawn}", len(pool), columns, len(pool))
        pool, chance = np.vstack([pool, more]), np.append(chance, guess.chance(more))
    total = chance.sum()
    even = np.full(len(pool), 1.0 / len(pool))
    odds = FLOOR * even + (1 - FLOOR) * (chance / total if total > 0 else even)
    picks = uniforms(seed, f"picks {drawn}", size, 1)[:, 0]
    places = np.searchsorted(np.cumsum(odds), picks * odds.sum())
    return np.asarray(pool[np.minimum(places, len(pool) - 1)])
