"""Modes: how each is entered and left, and what it does to the request classes."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from sim.model.modes import ClassOverlay, Enter, Leave, Mode, StateRule
from sim.model.system import System
from sim.plan.codes import Suspension, Trigger
from sim.plan.laws import NO_LAW, LawPool
from sim.plan.layout import Int
from sim.plan.numbering import Numbers, overlays
from sim.plan.places import PlaceTree
from sim.plan.programs import Programs

SUSPENSIONS = {
    None: Suspension.NONE,
    "hold": Suspension.HOLD,
    "refuse": Suspension.REFUSE,
    "divert": Suspension.DIVERT,
}


class ModeArrays(NamedTuple):
    """The mode arrays of `sim.plan.layout.Plan`."""

    mode_level: Int
    mode_mobilisation: Int
    mode_pause: Int
    mode_enter: Int
    mode_enter_at: Int
    mode_leave: Int
    mode_leave_at: Int
    state_open: Int
    state_above: Int
    state_bound: Int
    state_hold: Int
    state_class: Int


class ClassArrays(NamedTuple):
    """The class arrays of `sim.plan.layout.Plan` that modes may change, and their like."""

    class_duty: Int
    class_priority: Int
    class_preempts: Int
    class_preemptible: Int
    class_cost: Int
    class_suspended: Int
    class_divert: Int


class _Call(NamedTuple):
    """One trigger: its kind, its time or mode or length, and its state rule."""

    kind: Trigger
    at: int = -1
    state: StateRule | None = None


def moment(system: System, at: datetime | int) -> int:
    """A date-time, or a time from the start of the run, as µs from time 0."""
    if isinstance(at, int):
        return at
    passed = at - system.run.start
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


def compile_modes(
    system: System, tree: PlaceTree, numbers: Numbers, laws: LawPool
) -> ModeArrays:
    """Triggers and delays of all modes; peace has none."""
    modes = overlays(system)
    enter = [_enter(system, mode.enter, numbers) if mode else _never() for mode in modes]
    leave = [_leave(system, mode.leave if mode else None) for mode in modes]
    states = [call.state for call in (*enter, *leave)]
    rules = [rule or StateRule(above=0) for rule in states]
    return ModeArrays(
        mode_level=_ints([tree.level_number(mode.scope) if mode else 0 for mode in modes]),
        mode_mobilisation=_ints(
            [laws.add(mode.mobilisation) if mode else NO_LAW for mode in modes]
        ),
        mode_pause=_ints([mode is not None and mode.running == "pause" for mode in modes]),
        mode_enter=_ints([call.kind for call in enter]),
        mode_enter_at=_ints([call.at for call in enter]),
        mode_leave=_ints([call.kind for call in leave]),
        mode_leave_at=_ints([call.at for call in leave]),
        state_open=_ints([rule.count == "open" for rule in rules]),
        state_above=_ints([rule.above is not None for rule in rules]),
        state_bound=_ints(
            [(rule.below if rule.above is None else rule.above) for rule in rules]
        ),
        state_hold=_ints([rule.hold for rule in rules]),
        state_class=_ints([_counted(system, rule, numbers) for rule in states]),
    )


def _never() -> _Call:
    return _Call(Trigger.NEVER)


def _enter(system: System, enter: Enter, numbers: Numbers) -> _Call:
    if enter.at is not None:
        return _Call(Trigger.AT, moment(system, enter.at))
    if enter.shock is not None:
        return _Call(Trigger.AT, moment(system, system.shocks[enter.shock].start))
    if enter.after is not None:
        return _Call(Trigger.AFTER, numbers.modes[enter.after])
    return _Call(Trigger.STATE, state=enter.state)


def _leave(system: System, leave: Leave | None) -> _Call:
    if leave is None:
        return _never()
    if leave.at is not None:
        return _Call(Trigger.AT, moment(system, leave.at))
    if leave.shock is not None:
        shock = system.shocks[leave.shock]
        return _Call(Trigger.AT, moment(system, shock.start) + shock.lasts)
    if leave.lasts is not None:
        return _Call(Trigger.LASTS, leave.lasts)
    return _Call(Trigger.STATE, state=leave.state)


def _counted(system: System, rule: StateRule | None, numbers: Numbers) -> list[bool]:
    """Which classes a state rule counts; duties only where they are named."""
    if rule is None:
        return [False] * len(numbers.classes)
    return [
        name in rule.classes if rule.classes else system.requests[name].kind != "duty"
        for name in numbers.classes
    ]


def compile_classes(system: System, numbers: Numbers, programs: Programs) -> ClassArrays:
    """What holds for each class in each mode."""
    classes = [system.requests[name] for name in numbers.classes]
    changes = [[_change(mode, name) for name in numbers.classes] for mode in overlays(system)]
    return ClassArrays(
        class_duty=_ints([each.kind == "duty" for each in classes]),
        class_priority=_ints(
            [
                [
                    each.priority if change.priority is None else change.priority
                    for each, change in zip(classes, row, strict=True)
                ]
                for row in changes
            ]
        ),
        class_preempts=_ints([each.preempts for each in classes]),
        class_preemptible=_ints([each.preemptible for each in classes]),
        class_cost=_ints([each.cost for each in classes]),
        class_suspended=_ints(
            [[SUSPENSIONS[change.suspended] for change in row] for row in changes]
        ),
        class_divert=_ints(
            [
                [
                    -1 if change.divert_to is None else programs.entries[name][change.divert_to]
                    for name, change in zip(numbers.classes, row, strict=True)
                ]
                for row in changes
            ]
        ),
    )


def _change(mode: Mode | None, name: str) -> ClassOverlay:
    return (mode.requests.get(name) if mode else None) or ClassOverlay()


def _ints(values: Sequence[object]) -> Int:
    return np.array(values, np.int64)
