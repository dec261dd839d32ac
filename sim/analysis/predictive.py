"""Predictions over draws of unknown parameters: what parameters leave open, and what chance.

A figure of one run varies for two reasons. By the law of total variance its variance is that
of its mean between draws (parameters) plus the mean of its variance within a draw (noise);
both are estimated by the analysis of variance of a one-way layout with random effects (Searle,
Casella & McCulloch, "Variance components", 1992, 3.6).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, stdtrit


class Spread(NamedTuple):
    """A figure over all draws and their replications.

    Attributes
    ----------
    mean
        Over all runs.
    low, high
        Central prediction interval of one run: parameters and noise together.
    sd_parameters, sd_noise
        Standard deviations of the two parts; None where no draw was played twice.
    draws, runs
        Behind it.
    """

    mean: float
    low: float
    high: float
    sd_parameters: float | None
    sd_noise: float | None
    draws: int
    runs: int

    @property
    def share(self) -> float | None:
        """Share of the variance that is of the parameters; None where it is not known."""
        if self.sd_parameters is None or self.sd_noise is None:
            return None
        total = self.sd_parameters**2 + self.sd_noise**2
        return self.sd_parameters**2 / total if total > 0 else None


def spread_of(draws: Sequence[Sequence[float]], confidence: float = 0.95) -> Spread | None:
    """Separate the variance of a figure into parameters and noise.

    Parameters
    ----------
    draws
        For each draw, the figure in each of its replications; nan says nothing.
    confidence
        Level of the prediction interval.

    Returns
    -------
    None if there are no values. With few runs the interval ends at their least and greatest.
    """
    groups = [np.array([v for v in draw if not math.isnan(v)]) for draw in draws]
    groups = [group for group in groups if len(group)]
    if not groups:
        return None
    values = np.concatenate(groups)
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(values, [tail, 1.0 - tail], method="weibull")
    parameters, noise = _components(groups)
    return Spread(
        float(values.mean()), float(low), float(high), parameters, noise, len(groups),
        len(values),
    )  # fmt: skip


def _components(groups: list[np.ndarray]) -> tuple[float | None, float | None]:
    """Standard deviations between and within; None where they cannot be told apart."""
    sizes = np.array([len(group) for group in groups])
    inside = int((sizes - 1).sum())
    if len(groups) < 2 or inside < 1:
        return None, None
    means = np.array([group.mean() for group in groups])
    total = float((sizes * means).sum() / sizes.sum())
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in groups) / inside
    between = float((sizes * (means - total) ** 2).sum()) / (len(groups) - 1)
    # The size that a group has on the average of this estimator.
    size = (sizes.sum() - (sizes**2).sum() / sizes.sum()) / (len(groups) - 1)
    return math.sqrt(max(0.0, (between - within) / size)), math.sqrt(within)


class Sign(NamedTuple):
    """Which way a difference goes, draw by draw.

    Attributes
    ----------
    spread
        Of the difference.
    clear
        Whether its mean over draws is told apart from 0 (t interval over draws).
    other_way
        Draws whose own mean has the other sign than the mean of all; None where that is 0.
    by_noise
        As many would be expected of noise alone, if no parameter mattered; None if unknown.
    """

    spread: Spread
    clear: bool
    other_way: int | None
    by_noise: float | None


def sign_of(draws: Sequence[Sequence[float]], confidence: float = 0.95) -> Sign | None:
    """How often the sign of a difference is the other way within an ensemble.

    Parameters
    ----------
    draws
        For each draw, the difference in each of its replications; nan says nothing.
    confidence
        Level of the prediction interval and of `Sign.clear`.
    """
    spread = spread_of(draws, confidence)
    if spread is None:
        return None
    known = [[v for v in draw if not math.isnan(v)] for draw in draws]
    means = np.array([np.mean(draw) for draw in known if draw])
    mean = float(means.mean())
    error = float(means.std(ddof=1)) / math.sqrt(len(means)) if len(means) > 1 else math.inf
    reach = float(stdtrit(max(len(means) - 1, 1), (1.0 + confidence) / 2.0))
    clear = abs(mean) > reach * error
    if mean == 0:
        return Sign(spread, clear, None, None)
    other = int((means * mean < 0).sum())
    expected = None
    if spread.sd_noise is not None:
        error = spread.sd_noise / math.sqrt(spread.runs / spread.draws)
        expected = spread.draws * float(ndtr(-abs(mean) / error)) if error > 0 else 0.0
    return Sign(spread, clear, other, expected)
