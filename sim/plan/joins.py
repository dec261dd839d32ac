"""Joins as arrays: which lines each calls, how they answer, and what work each has."""

from itertools import chain
from typing import NamedTuple

import numpy as np

from sim.keys import name_key
from sim.model.distributions import Law
from sim.model.joins import JoinStep
from sim.plan.laws import NO_LAW, LawPool
from sim.plan.layout import Int, Words
from sim.plan.numbering import Numbers
from sim.plan.tables import threshold


class Joint(NamedTuple):
    """What one JOIN step says besides its next steps."""

    lines: tuple[int, ...]
    """Line types, in the order of the scenario."""
    keys: tuple[int, ...]
    """Hashes of the names of the lines: another line in the list moves no draw of the rest."""
    laws: tuple[int, ...]
    response: int
    together: bool
    answer: int
    interval: int
    patience: int


class JoinArrays(NamedTuple):
    """The join arrays of `sim.plan.layout.Plan`."""

    join_ptr: Int
    join_line: Int
    join_key: Words
    join_law: Int
    join_response: Words
    join_together: Int
    join_answer: Int
    join_interval: Int
    join_patience: Int


def joint_of(step: JoinStep, content: Law | None, numbers: Numbers, laws: LawPool) -> Joint:
    """The step with numbers for names; `content` is that of lines without one of their own."""
    return Joint(
        lines=tuple(numbers.lines[line] for line in step.lines),
        keys=tuple(name_key(line) for line in step.lines),
        laws=tuple(laws.add(step.contents.get(line, content)) for line in step.lines),
        response=threshold(step.response),
        together=step.form == "together",
        answer=NO_LAW if step.answer is None else laws.add(step.answer),
        interval=step.interval or 0,
        patience=-1 if step.patience is None else step.patience,
    )


def compile_joins(joints: list[Joint]) -> JoinArrays:
    """All joins, in the order of their steps; one level of response, until reviews add more."""

    def over_lines(field: str) -> list[int]:
        return list(chain.from_iterable(getattr(joint, field) for joint in joints))

    def over_joins(field: str) -> Int:
        return np.array([getattr(joint, field) for joint in joints], np.int64)

    response = [joint.response for joint in joints for _ in joint.lines]
    sizes = [len(joint.lines) for joint in joints]
    return JoinArrays(
        join_ptr=np.cumsum([0, *sizes], dtype=np.int64),
        join_line=np.array(over_lines("lines"), np.int64),
        join_key=np.array(over_lines("keys"), np.uint64),
        join_law=np.array(over_lines("laws"), np.int64),
        join_response=np.array([response], np.uint64),
        join_together=over_joins("together"),
        join_answer=over_joins("answer"),
        join_interval=over_joins("interval"),
        join_patience=over_joins("patience"),
    )
