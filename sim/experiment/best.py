"""The best of several settings by a figure, or by a weighted sum of figures (KN).

``15 * workers_posted + 60 * backlog_mean`` is a price list: it says what a worker and an open
request cost. Every candidate is played until all but one are clearly worse, under the same
demand (`sim.analysis.selection`).
"""

import math
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Floats, Interval, mean_interval
from sim.analysis.selection import Choice, select_best
from sim.errors import AnalysisError
from sim.experiment.design import DesignError
from sim.experiment.figures import better
from sim.experiment.limits import Limit
from sim.experiment.optimise import figure_of
from sim.experiment.runs import Figure
from sim.experiment.supply import Key, Supply
from sim.metrics.catalogue import BY_NAME

AHEAD: Final = 5
"""Replications asked for at once after the first stage."""

_TERM = re.compile(
    r"\s*(?P<sign>[+-])?\s*((?P<weight>\d+(\.\d+)?)\s*\*\s*)?(?P<metric>[A-Za-z_]\w*)"
    r"\s*(\[(?P<group>[^\]]+)\])?\s*"
)
_COSTS: Final = ("CNY", "workers")
"""Units of which less is better, though the catalogue calls the figures neutral."""


class Term(NamedTuple):
    """One figure of the sum with its weight."""

    weight: float
    metric: str
    group: str | None


class Score(NamedTuple):
    """What is to be best.

    Attributes
    ----------
    text
        As it was given.
    terms
        Its parts.
    sign
        1 where more is better, -1 where less is.
    """

    text: str
    terms: tuple[Term, ...]
    sign: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Best:
    """What was selected.

    Attributes
    ----------
    choice
        The candidate, and when the others were dropped.
    intervals
        Mean score of each candidate with its interval, over the replications it had.
    replications
        Replications looked at, by candidate.
    """

    choice: Choice
    intervals: tuple[Interval, ...]
    replications: tuple[int, ...]


def parse_score(text: str) -> Score:
    """Read a metric, or a weighted sum of metrics.

    Raises
    ------
    DesignError
        If it reads otherwise, there is no such metric, or it does not say what is better.
    """
    terms, place = [], 0
    while place < len(text):
        found = _TERM.match(text, place)
        if found is None or (place and not found["sign"]):
            raise DesignError(
                f"'{text}' is no figure; write METRIC or a sum like "
                f'"15 * workers_posted + 60 * backlog_mean"',
                f"“{text}”不是指标；请写指标名，或加权和，如 "
                f'"15 * workers_posted + 60 * backlog_mean"',
            )
        weight = float(found["weight"] or 1) * (-1 if found["sign"] == "-" else 1)
        terms.append(Term(weight, _known(found["metric"], text), found["group"]))
        place = found.end()
    if not terms:
        raise DesignError("--best needs a metric", "--best 需要一个指标")
    return Score(text.strip(), tuple(terms), _direction(terms, text))


def best_of(
    supply: Supply, score: Score, *, tolerance: float, confidence: float, most: int = 10_000
) -> Best:
    """Select the best candidate.

    Raises
    ------
    DesignError
        If a figure has no such group.
    AnalysisError
        If a figure is not reached, or has no cases, in some replication.
    """
    size = len(supply.candidates.points)
    used = [0] * size

    def observe(candidate: int, n: int) -> Floats:
        used[candidate] = max(used[candidate], n)
        return score.sign * scores_of(supply, score, candidate, n)

    choice = select_best(
        observe,
        size,
        tolerance=tolerance,
        alpha=1 - confidence,
        most=most,
        ahead=AHEAD,
    )
    if size == 1:
        observe(0, AHEAD)
    intervals = tuple(
        mean_interval(scores_of(supply, score, one, used[one]), confidence=confidence)
        for one in range(size)
    )
    return Best(choice=choice, intervals=intervals, replications=tuple(used))


def scores_of(supply: Supply, score: Score, candidate: int, n: int) -> Floats:
    """The score of a candidate in each of its first n replications."""
    figures = supply.figures(candidate, n)
    total = np.zeros(n)
    for term in score.terms:
        figure = _figure(score, term, figures)
        values = [math.nan if value is None else value for value in figure.values]
        if len(values) != n or any(math.isnan(value) for value in values):
            name = supply.candidates.points[candidate].name
            raise AnalysisError(
                f"{term.metric} has no value in some replication of {name}; choose another "
                f"figure or a longer run.follow_up.",
                f"“{name}”有的重复中 {term.metric} 没有数值；请换一个指标，"
                f"或加长 run.follow_up。",
            )
        total += term.weight * np.array(values)
    return total


def score_of(score: Score, figures: dict[Key, Figure]) -> float:
    """The mean score over the replications of some figures; nan where one has no value."""
    total = 0.0
    for term in score.terms:
        values = [
            math.nan if value is None else value
            for value in _figure(score, term, figures).values
        ]
        total += term.weight * (sum(values) / len(values) if values else math.nan)
    return total


def _figure(score: Score, term: Term, figures: dict[Key, Figure]) -> Figure:
    limit = Limit(score.text, term.metric, term.group, True, 0.0, 1.0)  # noqa: FBT003
    return figure_of(limit, figures)


def _known(metric: str, text: str) -> str:
    if metric in BY_NAME:
        return metric
    near = get_close_matches(metric, BY_NAME, n=1)
    raise DesignError(
        f"{text}: there is no metric '{metric}'"
        + (f"; did you mean {near[0]}?" if near else ""),
        f"{text}：没有指标“{metric}”" + (f"，是否指 {near[0]}？" if near else ""),
    )


def _direction(terms: list[Term], text: str) -> int:
    """1 or -1 where all terms agree on what is better."""
    found = {_wish(term.metric) * (1 if term.weight > 0 else -1) for term in terms} - {0}
    if len(found) != 1:
        raise DesignError(
            f"{text}: it is not clear whether more or less of it is better; give what is good "
            f"and what is bad opposite signs",
            f"{text}：看不出越大越好还是越小越好；请给好坏不同的指标相反的符号",
        )
    return found.pop()


def _wish(metric: str) -> int:
    unit = BY_NAME[metric].unit
    return better(metric) or (-1 if any(cost in unit for cost in _COSTS) else 0)
