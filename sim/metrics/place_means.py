"""Mean resolution times of the places of a level, for how evenly a city is served."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.metrics.cohort import mean_within
from sim.metrics.histogram import histogram
from sim.metrics.requests import RequestTable
from sim.metrics.rows import NONE, Ints, count_of
from sim.metrics.survival import estimate
from sim.plan.layout import Plan

MIN_MEAN_REQUESTS = 20
"""Requests that places must have on average before their means are compared."""


class PlaceMeans(NamedTuple):
    """Places with requests, in order of number."""

    place: Ints
    requests: Ints
    hours: npt.NDArray[np.float64]
    """Mean time to final closing, cut at the follow-up; nan where too little was seen."""


def place_means(table: RequestTable, plan: Plan, level: int) -> PlaceMeans:
    """The places of a level with requests of the cohort, and their means."""
    at_level = plan.place_at[table.place, level]
    happened, inside = table.closed_at != NONE, at_level >= 0
    seen = np.where(happened, table.closed_at, plan.end) - table.reported_at
    closed = histogram(at_level[inside & happened], seen[inside & happened])
    unclosed = histogram(at_level[inside & ~happened], seen[inside & ~happened])
    requests = count_of(at_level[inside], len(plan.place_parent))
    earliest = np.full(len(requests), plan.end)
    np.minimum.at(earliest, at_level[inside], table.reported_at[inside])
    place = np.flatnonzero(requests)
    means = [
        mean_within(
            estimate(closed.of(number), unclosed.of(number)),
            plan.follow_up,
            plan.end - int(earliest[number]),
        ).value
        for number in place.tolist()
    ]
    hours = [np.nan if mean is None else mean for mean in means]
    return PlaceMeans(place, requests[place], np.array(hours, np.float64))


def narrowest(table: RequestTable, plan: Plan) -> int | None:
    """The narrowest level with enough requests for means of its places."""
    for level in reversed(range(1, len(plan.names.levels))):
        found = int((plan.place_at[table.place, level] >= 0).sum())
        if is_enough(plan, level, found):
            return level
    return None


def is_enough(plan: Plan, level: int, requests: int) -> bool:
    """Whether so many requests are enough for the means of a level's places."""
    places = int((plan.place_level == level).sum())
    return places >= 2 and requests >= MIN_MEAN_REQUESTS * places


def all_means(parts: Sequence[PlaceMeans]) -> PlaceMeans:
    """Means of several pieces of one run, none of which shares a place with another."""
    joined = PlaceMeans._make(np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(joined.place)
    return PlaceMeans._make(column[order] for column in joined)
