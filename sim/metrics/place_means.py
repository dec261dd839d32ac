"""Mean resolution times of the places of a level, for how evenly a city is served."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.metrics.cohort import mean_within
from sim.metrics.requests import RequestTable
from sim.metrics.rows import NONE, Ints, order_of
from sim.metrics.survival import kaplan_meier
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
    order = order_of(at_level + 1, len(plan.place_parent) + 1)
    place, first = np.unique(at_level[order], return_index=True)
    happened = table.closed_at[order] != NONE
    reported = table.reported_at[order]
    seen = np.where(happened, table.closed_at[order], plan.end) - reported
    edges = np.append(first, len(order))
    means = []
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        survival = kaplan_meier(seen[begin:end], ~happened[begin:end])
        longest = plan.end - int(reported[begin:end].min())
        mean = mean_within(survival, plan.follow_up, longest).value
        means.append(np.nan if mean is None else mean)
    known = place >= 0
    hours = np.array(means, np.float64)
    return PlaceMeans(place[known], np.diff(edges)[known], hours[known])


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
