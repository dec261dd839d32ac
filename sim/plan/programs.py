"""Programs: the flow of every class as numbered steps, one copy for each class.

A copy each, because work, time outside and verdict depend on the class: an engine then reads a
step and asks nothing else.
"""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import NamedTuple

import numpy as np

from sim.errors import PlanError
from sim.keys import name_key, short_key
from sim.model.requests import RequestClass
from sim.model.system import System
from sim.plan.codes import StepKind
from sim.plan.joins import JoinArrays, compile_joins
from sim.plan.laws import LawPool
from sim.plan.layout import Int, Words
from sim.plan.numbering import Index, Numbers, overlays
from sim.plan.row import Row
from sim.plan.steps import ClassCompiler, has_draw
from sim.plan.tables import thresholds
from sim.plan.verdicts import verdict_numbers


class StepArrays(NamedTuple):
    """The step and class arrays of `sim.plan.layout.Plan` that follow from the flows."""

    class_start: Int
    class_key: Words
    class_level_ptr: Int
    class_level: Int
    class_level_share: Words
    step_class: Int
    step_kind: Int
    step_line: Int
    step_law: Int
    step_next: Int
    step_other: Int
    step_threshold: Words
    step_level: Int
    step_cap: Int
    step_same_worker: Int
    step_rise: Int
    step_table: Int
    step_first: Int
    step_count: Int
    step_draw: Int
    step_key: Int
    step_third: Int
    step_least: Int
    step_most: Int
    step_claim: Int
    step_accept: Words
    branch_share: Words
    branch_step: Int


class Programs(NamedTuple):
    """All programs, and how to find a step of a class by its name in the flow."""

    arrays: StepArrays
    names: tuple[str, ...]
    entries: Mapping[str, Mapping[str, int]]
    """By class: number of the first compiled step of each step of its flow, ``close`` and
    ``leave`` included."""
    columns: tuple[int, ...]
    """[C] number of draw columns that the steps of each class take."""
    joins: JoinArrays


class _Labelled(NamedTuple):
    number: int
    class_number: int
    label: str
    row: Row
    targets: Index


def compile_programs(system: System, numbers: Numbers, laws: LawPool) -> Programs:
    """Lay out the flows of all classes, one after the other in order of name."""
    modes = overlays(system)
    steps: list[_Labelled] = []
    entries: dict[str, dict[str, int]] = {}
    starts = []
    for class_number, name in enumerate(numbers.classes):
        compiler = ClassCompiler(system, name, numbers, laws, modes)
        rows = compiler.rows()
        targets = {label: len(steps) + place for place, label in enumerate(rows)}
        if len({short_key(label) for label in rows}) < len(rows):
            message = "two steps have the same key; rename one"
            zh = "两个环节的内部编号相同；请将其中一个改名"
            raise PlanError(f"requests.{name}.flow: {message}", zh)
        entries[name] = {
            step: targets[compiler.entry(step)]
            for step in [*sorted(compiler.flow.steps), "close", "leave"]
        }
        starts.append(entries[name][compiler.flow.start])
        for label, row in rows.items():
            steps.append(_Labelled(targets[label], class_number, label, row, targets))
    draws, columns = _draw_columns(steps, len(numbers.classes))
    arrays = _arrays(system, numbers, steps, draws)._replace(
        class_start=np.array(starts, np.int64)
    )
    joins = compile_joins([step.row.joint for step in steps if step.row.joint is not None])
    names = tuple(step.label for step in steps)
    return Programs(arrays, names, entries, columns, joins)


def _draw_columns(steps: list[_Labelled], classes: int) -> tuple[list[int], tuple[int, ...]]:
    columns = [0] * classes
    draws = []
    for step in steps:
        drawn = has_draw(step.row)
        draws.append(columns[step.class_number] if drawn else -1)
        columns[step.class_number] += drawn
    return draws, tuple(columns)


def _arrays(
    system: System, numbers: Numbers, steps: list[_Labelled], draws: list[int]
) -> StepArrays:
    rows = [step.row for step in steps]
    n_modes = len(numbers.modes)
    tables = verdict_numbers(system)
    shares, branch_steps, first, counts = _branches(steps)
    ptr, levels, level_shares = _levels(system, numbers)
    return StepArrays(
        class_start=np.zeros(0, np.int64),
        class_key=np.array([name_key(name) for name in numbers.classes], np.uint64),
        class_level_ptr=ptr,
        class_level=levels,
        class_level_share=level_shares,
        step_class=np.array([step.class_number for step in steps], np.int64),
        step_kind=np.array([row.kind for row in rows], np.int64),
        step_line=np.array([row.line for row in rows], np.int64),
        step_law=np.array([row.law or [-1] * n_modes for row in rows], np.int64).T.copy(),
        step_next=np.array([_target(step, step.row.next) for step in steps], np.int64),
        step_other=np.array([_target(step, step.row.other) for step in steps], np.int64),
        step_threshold=np.array(
            [row.threshold or [0] * n_modes for row in rows], np.uint64
        ).T.copy(),
        step_level=np.array([row.level for row in rows], np.int64),
        step_cap=np.array([row.cap for row in rows], np.int64),
        step_same_worker=np.array([row.same_worker for row in rows], np.int64),
        step_rise=np.array([_target(step, step.row.rise) for step in steps], np.int64),
        step_table=np.array(_tables(rows, tables), np.int64),
        step_first=first,
        step_count=counts,
        step_draw=np.array(draws, np.int64),
        step_key=np.array([short_key(step.label) for step in steps], np.int64),
        step_third=np.array([_target(step, step.row.third) for step in steps], np.int64),
        step_least=np.array([row.least for row in rows], np.int64),
        step_most=np.array([row.most for row in rows], np.int64),
        step_claim=np.array([row.claim for row in rows], np.int64),
        step_accept=np.array([row.accept for row in rows], np.uint64),
        branch_share=shares,
        branch_step=branch_steps,
    )


def _tables(rows: list[Row], verdicts: Index) -> list[int]:
    """The verdict table, gate, account or join of each row; joins are numbered in order."""
    joins = count()
    return [
        next(joins)
        if row.joint is not None
        else row.station
        if row.table is None
        else verdicts[row.table]
        for row in rows
    ]


def _target(step: _Labelled, label: str | None) -> int:
    return -1 if label is None else step.targets[label]


def _branches(steps: list[_Labelled]) -> tuple[Words, Int, Int, Int]:
    shares: list[int] = []
    targets: list[int] = []
    first, counts = [], []
    for step in steps:
        branch = step.row.branch
        is_branch = step.row.kind == StepKind.BRANCH
        first.append(len(targets) if is_branch else -1)
        counts.append(len(branch))
        if is_branch:
            shares += cumulative(branch.values(), step.label)
            targets += [step.targets[label] for label in branch]
    return (
        np.array(shares, np.uint64),
        np.array(targets, np.int64),
        np.array(first, np.int64),
        np.array(counts, np.int64),
    )


def _levels(system: System, numbers: Numbers) -> tuple[Int, Int, Words]:
    """Shares of the closing rungs of each class, lowest rung first."""
    ptr, rungs, shares = [0], [], []
    for name in numbers.classes:
        closing = closing_shares(system.requests[name], numbers)
        rungs += list(closing)
        if closing:
            shares += cumulative(closing.values(), f"requests.{name}.closing")
        ptr.append(len(rungs))
    return np.array(ptr, np.int64), np.array(rungs, np.int64), np.array(shares, np.uint64)


def closing_shares(request_class: RequestClass, numbers: Numbers) -> dict[int, float]:
    """Shares by rung number, in rising order."""
    found = {numbers.rungs[rung]: share for rung, share in request_class.closing.items()}
    return dict(sorted(found.items()))


def cumulative(shares: Iterable[float], where: str) -> list[int]:
    """Cumulative thresholds of shares, or a `PlanError` that says where they are."""
    try:
        return thresholds(shares)
    except ValueError as error:
        raise PlanError(f"{where}: {error}") from error
