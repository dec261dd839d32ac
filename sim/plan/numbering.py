"""Numbers of names: everything is numbered by sorted name, never by its order in a file."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from sim.errors import PlanError
from sim.model.modes import Mode
from sim.model.routing import Ladder
from sim.model.system import System

PEACE = "peace"
"""The scenario itself, mode number 0."""

Index = Mapping[str, int]


class Numbers(NamedTuple):
    """Number of each name, in the order of the numbers."""

    classes: Index
    lines: Index
    pools: Index
    modes: Index
    rungs: Index


def number(system: System) -> Numbers:
    """Give every name its number."""
    return Numbers(
        classes=numbered(sorted(system.requests)),
        lines=numbered(sorted(system.lines)),
        pools=numbered(sorted(system.pools)),
        modes=numbered([PEACE, *sorted(system.modes)]),
        rungs=numbered(rung_order(system.ladders)),
    )


def numbered(names: Iterable[str]) -> Index:
    """Each name with its place in a list."""
    return {name: place for place, name in enumerate(names)}


def overlays(system: System) -> list[Mode | None]:
    """What each mode changes, in order of number; peace changes nothing."""
    return [None, *(system.modes[name] for name in sorted(system.modes))]


def rung_order(ladders: Mapping[str, Ladder]) -> list[str]:
    """All rungs in one order that every ladder keeps; names settle what no ladder says.

    Raises
    ------
    PlanError
        If two ladders put the same rungs in opposite orders.
    """
    below: dict[str, set[str]] = {}
    for ladder in ladders.values():
        for lower, upper in zip([None, *ladder.order], ladder.order, strict=False):
            below.setdefault(upper, set()).update([lower] if lower is not None else [])
    sorter = TopologicalSorter(below)
    try:
        sorter.prepare()
    except CycleError as error:
        rungs = " < ".join(error.args[1])
        raise PlanError(f"ladders: the ladders contradict each other: {rungs}") from error
    order: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()])
        order.append(ready.pop(0))
        sorter.done(order[-1])
    return order
