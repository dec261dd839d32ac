"""Whether an optimisation's answer holds for what is not known of the assumptions.

The guarantee of an optimisation is about chance at the values that the scenario assumes. Draws
of a calibration say which other values are as plausible, so the answer and its neighbours are
played over them: a conclusion that flips within the ensemble is told as one.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.engine import EngineName
from sim.experiment.best import Best, Score, score_of
from sim.experiment.limits import Limit, observations
from sim.experiment.optimise import Answer, figure_of
from sim.experiment.posterior import Posterior
from sim.experiment.predict import DRAWS, REPLICATIONS, Prediction, predict
from sim.experiment.runs import Figure, aligned, figures_of
from sim.experiment.supply import Key, Supply
from sim.scenario.reader import load_scenario

RIVALS: Final = 2
"""So many others are played beside the best."""
HOUR: Final = 3_600_000_000

Groups = list[dict[Key, Figure]]
"""The figures of one candidate, one entry for each draw."""


class Held(NamedTuple):
    """How one candidate fares over the draws.

    Attributes
    ----------
    candidate
        Its number.
    good
        Draws in which it keeps all limits on average, or is the best of those played.
    bad
        Draws in which it misses a limit by more than the tolerance, or another leads by more.
    judged
        Draws in which all its figures have a value.
    """

    candidate: int
    good: int
    bad: int
    judged: int


class Ensemble(NamedTuple):
    """The answer and those beside it, over the draws of a posterior.

    Attributes
    ----------
    held
        The answer first.
    draws, refused
        How many were played, and how many some candidate refuses.
    replications
        Of each draw.
    """

    held: tuple[Held, ...]
    draws: int
    refused: int
    replications: int

    def flips(self, confidence: float) -> bool:
        """Whether the answer is wrong in more draws than the guarantee leaves to chance."""
        answer = self.held[0]
        return answer.bad > (1 - confidence) * answer.judged


def beside(found: Answer | Best, score: Score | None = None) -> tuple[int, ...]:
    """The answer and what a planner would take instead.

    Of a cheapest staffing that is the next cheaper and the next dearer that were tested; of a
    best those that come next. Where nothing keeps the limits the closest stands for the answer.
    """
    if isinstance(found, Best):
        sign = 1 if score is None else score.sign
        means = {k: one.mean for k, one in enumerate(found.intervals) if one.mean is not None}
        rest = [k for k in means if k != found.choice.best]
        rest.sort(key=lambda k: (-sign * means[k], k))
        return (found.choice.best, *rest[:RIVALS])
    answer = found.closest if found.chosen is None else found.chosen
    order = [looked.candidate for looked in found.looked_at]
    place = order.index(answer)
    return (answer, *order[max(place - 1, 0) : place], *order[place + 1 : place + 2])


def over_draws(  # noqa: PLR0913 - a keyword per wish
    supply: Supply,
    found: Answer | Best,
    posterior: Posterior,
    *,
    limits: Sequence[Limit] = (),
    score: Score | None = None,
    tolerance: float = 0.0,
    draws: int | None = None,
    engine: EngineName | None = None,
    on_done: Callable[[int], None] | None = None,
) -> Ensemble:
    """Play the answer and those beside it over draws of a posterior.

    Parameters
    ----------
    supply
        Candidates, seed and number of workers of the optimisation.
    found
        Its answer.
    posterior
        Draws of a calibration.
    limits, score, tolerance
        What was asked: limits with their own tolerances, or a score with one.
    draws
        How many; each is played `REPLICATIONS` times, the same for all candidates.
    engine, on_done
        As for `predict`.

    Raises
    ------
    AnalysisError
        If the scenario has none of the calibrated assumptions, or refuses every draw.
    """
    chosen = beside(found, score)
    design = supply.candidates.design
    given = [[*design.base.overrides, *supply.candidates.points[k].overrides] for k in chosen]
    played = predict(
        [load_scenario(design.base.files[0], one) for one in given],
        posterior,
        draws=draws or DRAWS,
        replications=REPLICATIONS,
        seed=design.seed,
        workers=supply.workers,
        engine=engine,
        on_done=on_done,
    )
    groups = [_by_draw(played, place) for place in range(len(chosen))]
    if score is not None:
        held = _ranked(chosen, groups, score, tolerance)
    else:
        follow_up = supply.candidates.plan(0).follow_up / HOUR
        held = tuple(
            _kept(candidate, own, limits, follow_up)
            for candidate, own in zip(chosen, groups, strict=True)
        )
    return Ensemble(held, len(played.drawn), len(played.refused), played.replications)


def _by_draw(played: Prediction, place: int) -> Groups:
    whole = figures_of(played.runs[place].replications)
    each = [
        range((number - 1) * played.replications + 1, number * played.replications + 1)
        for number in played.drawn
    ]
    return [{key: aligned(one, numbers) for key, one in whole.items()} for numbers in each]


def _kept(candidate: int, groups: Groups, limits: Sequence[Limit], follow_up: float) -> Held:
    """By the worst limit of each draw, in tolerances."""
    worst = []
    for figures in groups:
        seen = [observations(one, figure_of(one, figures), follow_up) for one in limits]
        if all(len(values) for values in seen):
            worst.append(
                max(
                    -float(values.mean()) / one.tolerance
                    for values, one in zip(seen, limits, strict=True)
                )
            )
    good = sum(excess <= 0 for excess in worst)
    return Held(candidate, good, sum(excess > 1 for excess in worst), len(worst))


def _ranked(
    chosen: Sequence[int], groups: Sequence[Groups], score: Score, tolerance: float
) -> tuple[Held, ...]:
    """By the mean score of each draw; a draw without a score of some candidate says nothing."""
    scores = np.array(
        [[score.sign * score_of(score, figures) for figures in own] for own in groups]
    )
    known = scores[:, ~np.isnan(scores).any(axis=0)]
    behind = known.max(axis=0, initial=-np.inf) - known if known.size else known
    return tuple(
        Held(k, int((row <= 0).sum()), int((row > tolerance).sum()), known.shape[1])
        for k, row in zip(chosen, behind, strict=True)
    )
