"""Designs: which settings of which levers a sweep plays."""

from collections.abc import Iterable, Sequence
from itertools import product
from math import prod
from typing import Literal, NamedTuple

from sim.model.experiment import Kind
from sim.scenario.levers import (
    DesignError,
    Lever,
    check_kind,
    check_levers,
    is_within,
    parse_lever,
)

__all__ = [
    "DesignError",
    "Kind",
    "Lever",
    "Point",
    "check_kind",
    "check_levers",
    "grid",
    "is_within",
    "parse_lever",
    "points_of",
    "short_names",
    "size_of",
]


class Point(NamedTuple):
    """One setting of all levers.

    Attributes
    ----------
    number
        From 1, in the order of the design.
    name
        For people: the last words of each path with their values.
    values
        One for each lever, in order.
    overrides
        The same as ``--set`` takes it.
    """

    number: int
    name: str
    values: tuple[str, ...]
    overrides: tuple[str, ...]


def size_of(levers: Sequence[Lever], count: int | None = None) -> int:
    """How many points the grid has, or the number that was asked for."""
    return prod(len(lever.values) for lever in levers) if count is None else count


def points_of(
    levers: Sequence[Lever], kind: Kind = "grid", count: int | None = None, seed: int = 1
) -> tuple[Point, ...]:
    """The points of a design.

    Parameters
    ----------
    levers
        With their values.
    kind, count
        A grid without a number, or how many points are sampled.
    seed
        The same one gives the same design.

    Raises
    ------
    DesignError
        As `check_kind`.
    """
    check_kind(levers, kind, count)
    if kind == "grid" or count is None:
        return grid(levers)
    return _sampled(levers, kind, count, seed)


def grid(levers: Sequence[Lever]) -> tuple[Point, ...]:
    """Every combination of values, the first lever slowest."""
    return _numbered(levers, product(*(lever.values for lever in levers)))


def _sampled(
    levers: Sequence[Lever], kind: Literal["lhs", "sobol"], count: int, seed: int
) -> tuple[Point, ...]:
    """Points of a design in the unit cube, each coordinate one of its lever's values.

    Values are equally likely. Rounding to values may make points equal; each is kept once.
    """
    from sim.demand.designs import unit_points

    sizes = [len(lever.values) for lever in levers]
    places = (unit_points(kind, count, len(levers), seed) * sizes).astype(int).tolist()
    chosen = (
        tuple(
            # Rounding may lead to the end of the cube, which does not belong to it.
            lever.values[min(place, len(lever.values) - 1)]
            for lever, place in zip(levers, row, strict=True)
        )
        for row in places
    )
    return _numbered(levers, dict.fromkeys(chosen))


def _numbered(
    levers: Sequence[Lever], settings: Iterable[tuple[str, ...]]
) -> tuple[Point, ...]:
    names = short_names([lever.path for lever in levers])
    return tuple(
        Point(
            number,
            ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True)),
            values,
            tuple(f"{lever.path}={value}" for lever, value in zip(levers, values, strict=True)),
        )
        for number, values in enumerate(settings, 1)
    )


def short_names(paths: Sequence[str]) -> tuple[str, ...]:
    """The last words of each path, as many as tell it from the others."""
    return tuple(
        next(
            (
                name
                for name in _endings(path)
                if sum(name in _endings(other) for other in paths) == 1
            ),
            path,
        )
        for path in paths
    )


def _endings(path: str) -> list[str]:
    steps = path.split(".")
    return [".".join(steps[place:]) for place in range(len(steps) - 1, -1, -1)]
