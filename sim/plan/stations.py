"""Stations: gates and accounts, one in each place of a level, and how homes find theirs."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import numpy as np

from sim.errors import PlanError
from sim.plan.codes import StepKind
from sim.plan.layout import Int, Plan
from sim.plan.places import PlaceTree


class _AtALevel(Protocol):
    @property
    def at(self) -> str | None: ...


class Stations(NamedTuple):
    """The instances of all gates or all accounts, numbered by name and then by place."""

    of: Int
    """[types, P] the one of each home, -1 where there is none."""
    type: Int
    """[instances]"""
    place: Int
    """[instances]"""


def lay_out(things: Mapping[str, _AtALevel], tree: PlaceTree) -> Stations:
    """One instance of everything in each place of its level."""
    of = np.full((len(things), len(tree.names)), -1, np.int64)
    types: list[Int] = []
    places: list[Int] = []
    first = 0
    for number, name in enumerate(sorted(things)):
        at = tree.places_at(things[name].at)
        instance = np.full(len(tree.names), -1, np.int64)
        instance[at] = np.arange(first, first + len(at))
        above = tree.at[:, tree.level_number(things[name].at)]
        of[number] = np.where(above >= 0, instance[above], -1)
        types.append(np.full(len(at), number, np.int64))
        places.append(at)
        first += len(at)
    none = np.zeros(0, np.int64)
    return Stations(of, np.concatenate([none, *types]), np.concatenate([none, *places]))


def check_stations(plan: Plan) -> None:
    """Every request finds the gates and accounts of its flow at its home or above it."""
    for kind, of, names in (
        (StepKind.GATE, plan.gate_of, plan.names.gates),
        (StepKind.PAY, plan.account_of, plan.names.accounts),
    ):
        for number in np.unique(plan.step_table[plan.step_kind == kind]):
            missing = plan.leaf_place[of[number, plan.leaf_place] < 0]
            if len(missing):
                section = "gates" if kind == StepKind.GATE else "accounts"
                place = plan.names.places[missing[0]]
                message = f"homes in {place} have no place of this level above them"
                zh = f"“{place}”的住户之上没有该级别的地点"
                raise PlanError(f"{section}.{names[number]}.at: {message}", zh)
