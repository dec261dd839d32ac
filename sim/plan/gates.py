"""Gates as arrays: where they stand, when they sit, and what a session decides."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.model.gates import Gate, GateStep
from sim.model.system import System
from sim.plan.calendars import CalendarSet
from sim.plan.codes import StepKind
from sim.plan.layout import Int, Words
from sim.plan.places import PlaceTree
from sim.plan.row import Row
from sim.plan.stations import lay_out
from sim.plan.tables import ALWAYS, threshold, thresholds


class GateArrays(NamedTuple):
    """The gate arrays of `sim.plan.layout.Plan`."""

    gate_of: Int
    gate_type: Int
    gate_place: Int
    gate_group: Int
    gate_batch: Int
    gate_outcome: Words


def compile_gates(system: System, tree: PlaceTree, calendars: CalendarSet) -> GateArrays:
    """All gates; the first rota group of its calendar says when a gate sits."""
    gates = [system.gates[name] for name in sorted(system.gates)]
    stations = lay_out(system.gates, tree)
    groups = [calendars.groups_of(gate.sessions)[0] for gate in gates]
    return GateArrays(
        gate_of=stations.of,
        gate_type=stations.type,
        gate_place=stations.place,
        gate_group=np.array(groups, np.int64),
        gate_batch=np.array([gate.batch for gate in gates], np.int64),
        gate_outcome=np.array([_outcome(gate) for gate in gates], np.uint64).reshape(-1, 3),
    )


def _outcome(gate: Gate) -> list[int]:
    """Cumulative thresholds of passing, refusal and the next session."""
    if gate.outcome is None:
        return [ALWAYS] * 3
    return thresholds([gate.outcome.pass_, gate.outcome.refuse, gate.outcome.next])


def gate_row(
    system: System, step: GateStep, onward: str, entry: Callable[[str], str], modes: int
) -> Row:
    """The compiled step; `entry` finds the label of a step of the flow."""
    return Row(
        kind=StepKind.GATE,
        station=sorted(system.gates).index(step.gate),
        threshold=[threshold(step.admit)] * modes,
        next=onward,
        other=None if step.otherwise is None else entry(step.otherwise),
        third=entry(step.refused),
    )
