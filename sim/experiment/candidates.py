"""The candidates of an optimisation: settings of the levers, read when one is asked for.

A grid of many pools has more cells than anybody will look at, so a scenario is read, checked
and laid out only when its cost or its replications are wanted.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import NamedTuple

from sim.analysis.search import Cell
from sim.experiment.blocks import scenario_digest
from sim.experiment.costs import head_count, monthly_pay
from sim.experiment.design import DesignError, Lever, Point, grid
from sim.experiment.points import Design
from sim.model.system import System
from sim.plan.compile import Compiled
from sim.plan.layout import Plan
from sim.scenario.laying_out import compile_reading
from sim.scenario.reader import load_scenario

PLANS_KEPT = 8
"""Plans of a city are large; those of the latest candidates are at hand."""


class Objective(NamedTuple):
    """What is to be as small as possible, known without playing."""

    name: str
    """``cost`` (pay for 30 days) or ``workers``."""
    mode: str
    """Mode whose head count is meant."""


class Known(NamedTuple):
    """What is known of a candidate once it was read."""

    system: System
    digest: str
    cost: float


@dataclass(eq=False)
class Candidates:
    """All settings of the levers, as numbers from 0 in the order of the grid."""

    design: Design
    """The scenario before any lever is moved, and the levers."""
    objective: Objective
    points: tuple[Point, ...]
    _known: dict[int, Known] = field(default_factory=dict)
    _plans: dict[int, Plan] = field(default_factory=dict)

    @property
    def levers(self) -> tuple[Lever, ...]:
        """The levers."""
        return self.design.levers

    @property
    def sizes(self) -> Cell:
        """Number of values of each lever."""
        return tuple(len(lever.values) for lever in self.levers)

    def number(self, cell: Cell) -> int:
        """The candidate with these values of the levers, by their order in the design."""
        found = 0
        for index, size in zip(cell, self.sizes, strict=True):
            found = found * size + index
        return found

    def known(self, candidate: int) -> Known:
        """Read and check a candidate.

        Raises
        ------
        ScenarioError
            If its scenario is wrong, or cannot be laid out.
        """
        if candidate not in self._known:
            base = self.design.base
            given = [*base.overrides, *self.points[candidate].overrides]
            reading = load_scenario(base.files[0], given)
            compiled = compile_reading(reading)
            self._keep_plan(candidate, compiled)
            cost = _cost(compiled.plan, self.objective)
            self._known[candidate] = Known(reading.model, scenario_digest(reading.model), cost)
        return self._known[candidate]

    def cost(self, candidate: int) -> float:
        """What the staffing of a candidate costs, or how many workers it has."""
        return self.known(candidate).cost

    def plan(self, candidate: int) -> Plan:
        """The plan of a candidate."""
        if candidate not in self._plans:
            base = self.design.base
            given = [*base.overrides, *self.points[candidate].overrides]
            self._keep_plan(candidate, compile_reading(load_scenario(base.files[0], given)))
        return self._plans[candidate]

    def _keep_plan(self, candidate: int, compiled: Compiled) -> None:
        self._plans[candidate] = compiled.plan
        while len(self._plans) > PLANS_KEPT:
            del self._plans[next(iter(self._plans))]


def candidates_of(design: Design, objective: Objective) -> Candidates:
    """The candidates of a design without points.

    Raises
    ------
    DesignError
        If the scenario has no such mode.
    """
    modes = ["peace", *design.base.model.modes]
    if objective.mode not in modes:
        known = ", ".join(modes)
        raise DesignError(
            f"the scenario has no mode '{objective.mode}'; it has {known}",
            f"情景中没有状态“{objective.mode}”；有：{known}",
        )
    return Candidates(design, objective, grid(design.levers))


def parse_objective(text: str) -> Objective:
    """Read ``cost``, ``workers``, ``cost[war]`` or ``workers[war]``.

    Raises
    ------
    DesignError
        If it reads otherwise.
    """
    name, _, rest = text.strip().partition("[")
    mode = rest.removesuffix("]").strip() if rest else "peace"
    if name.strip() not in ("cost", "workers") or (rest and not rest.endswith("]")):
        raise DesignError(
            f"'{text}' cannot be minimised; write cost, workers, or cost[MODE]. Figures that "
            f"chance decides are for --best",
            f"“{text}”不能作为最小化目标；请写 cost、workers 或 cost[状态]。"
            f"受随机影响的指标请用 --best",
        )
    return Objective(name.strip(), mode)


def rising_levers(candidates: Candidates) -> tuple[tuple[int, ...], ...] | None:
    """The values of each lever in the order in which they cost more; None where they do not.

    Looks at every candidate's cost.
    """
    found = []
    for lever, size in enumerate(candidates.sizes):
        rows = _rows(candidates, lever)
        order = tuple(range(size))
        if all(_rises([row[i] for i in order]) for row in rows):
            found.append(order)
        elif all(_rises([row[i] for i in reversed(order)]) for row in rows):
            found.append(order[::-1])
        else:
            return None
    return tuple(found)


def rising_by_ends(candidates: Candidates) -> tuple[tuple[int, ...], ...]:
    """The same for grids too large to look at, by the cost of the first and last values."""
    zero = (0,) * len(candidates.levers)
    found = []
    for lever, size in enumerate(candidates.sizes):
        last = (*zero[:lever], size - 1, *zero[lever + 1 :])
        dearer = candidates.cost(candidates.number(last)) >= candidates.cost(0)
        found.append(tuple(range(size)) if dearer else tuple(range(size))[::-1])
    return tuple(found)


def size_of_grid(levers: Sequence[Lever]) -> int:
    """How many candidates there are."""
    return prod(len(lever.values) for lever in levers)


def _cost(plan: Plan, objective: Objective) -> float:
    mode = plan.names.modes.index(objective.mode)
    if objective.name == "workers":
        return float(head_count(plan, mode))
    return monthly_pay(plan, mode)


def _rows(candidates: Candidates, lever: int) -> list[list[float]]:
    """Costs along one lever, for all values of the others."""
    below = prod(candidates.sizes[lever + 1 :])
    size = candidates.sizes[lever]
    starts = [n for n in range(len(candidates.points)) if n // below % size == 0]
    return [[candidates.cost(n + i * below) for i in range(size)] for n in starts]


def _rises(costs: Sequence[float]) -> bool:
    return all(a <= b for a, b in itertools.pairwise(costs))
