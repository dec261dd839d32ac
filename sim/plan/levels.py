"""Levels that reviews write: every threshold and pace that may come into force.

A level counts from 0 to twice the most steps; in the middle stands what the scenario says
elsewhere. A probability is moved by whole steps and stays between 0 and 1.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from sim.model.reviews import LevelChange
from sim.model.system import System
from sim.plan.codes import StepKind
from sim.plan.laws import LawPool
from sim.plan.layout import Int, Words
from sim.plan.numbering import Numbers, overlays
from sim.plan.programs import Programs
from sim.plan.tables import threshold


class LevelArrays(NamedTuple):
    """The arrays of `sim.plan.layout.Plan` that hold what reviews write."""

    review_law: Int
    review_line: Int
    review_response: Int
    join_response: Words
    review_pace: Int
    level_pace: Int
    step_review: Int
    step_limit: Int
    level_limit: Words


def compile_levels(
    system: System, numbers: Numbers, programs: Programs, laws: LawPool
) -> LevelArrays:
    """All levels of all reviews, in order of name."""
    steps = len(programs.names)
    step_review, step_limit = np.full((2, steps), -1, np.int64)
    review_line, review_response = np.full((2, len(system.reviews)), -1, np.int64)
    answers = [row.tolist() for row in programs.joins.join_response]
    review_pace: list[int] = []
    paces: list[int] = []
    limits: list[int] = []
    for number, name in enumerate(sorted(system.reviews)):
        change = system.reviews[name].level
        review_pace.append(len(paces) if change and change.productivity else -1)
        if change is None:
            continue
        if change.response is not None:
            review_line[number] = line = numbers.lines[change.response]
            review_response[number] = len(answers)
            answers += _answers(change, system, programs, line)
            continue
        if change.productivity:
            paces += [_pace(change, level) for level in _levels(change)]
            continue
        base = _written(system, change)
        own = list(_steps_of(system, change, numbers, programs))
        step_review[own], step_limit[own] = number, len(limits)
        limits += [_moved(change, p, level) for p in base for level in _levels(change)]
    replaced = [system.reviews[name].replaces for name in sorted(system.reviews)]
    return LevelArrays(
        review_law=np.array(
            [laws.add(each.hiring if each else None) for each in replaced], np.int64
        ),
        review_line=review_line,
        review_response=review_response,
        join_response=np.array(answers, np.uint64),
        review_pace=np.array(review_pace, np.int64),
        level_pace=np.array(paces, np.int64),
        step_review=step_review,
        step_limit=step_limit,
        level_limit=np.array(limits, np.uint64),
    )


def _levels(change: LevelChange) -> range:
    return range(-change.most, change.most + 1)


def _pace(change: LevelChange, level: int) -> int:
    """Per mille of the pool's productivity, at least one."""
    factor = 1 + level * Fraction(repr(change.strength))
    return max(1, int((2 * factor * 1000 + 1) // 2))


def _moved(change: LevelChange, base: float, level: int) -> int:
    moved = Fraction(base) + level * Fraction(repr(change.strength))
    return threshold(base if not level else min(max(moved, Fraction(0)), Fraction(1)))


def _answers(
    change: LevelChange, system: System, programs: Programs, line: int
) -> Iterator[list[int]]:
    """Thresholds of answering by level: those of all lines called, changed for one of them."""
    joins = programs.joins
    own = np.repeat(_responses(system, programs), np.diff(joins.join_ptr))
    for level in _levels(change):
        yield [
            _moved(change, written, level) if called == line else int(limit)
            for called, limit, written in zip(
                joins.join_line, joins.join_response[0], own, strict=True
            )
        ]


def _responses(system: System, programs: Programs) -> list[float]:
    """By join: the probability that the scenario says."""
    arrays = programs.arrays
    found = []
    for step in np.flatnonzero(arrays.step_kind == StepKind.JOIN):
        flow, _, name = programs.names[step].partition(".")
        join = system.flows[flow].steps[name].join
        assert join is not None
        found.append(join.response)
    return found


def _written(system: System, change: LevelChange) -> list[float]:
    """The probability that the scenario says, by mode."""
    modes = overlays(system)
    if change.misrouting is None:
        named = change.accept or change.consent
        assert named is not None
        step = system.flows[named.flow].steps[named.step]
        if change.accept is not None:
            assert step.work is not None
            assert step.work.claim is not None
            return [step.work.claim.accept] * len(modes)
        assert step.vote is not None
        return [step.vote.consent] * len(modes)
    ladder, name = change.misrouting.ladder, change.misrouting.rung
    found = []
    for mode in modes:
        overlay = mode.ladders.get(ladder, {}).get(name) if mode else None
        changed = overlay.misrouting if overlay else None
        own = system.ladders[ladder].rungs[name].misrouting
        found.append(own if changed is None else changed)
    return found


def _steps_of(
    system: System, change: LevelChange, numbers: Numbers, programs: Programs
) -> Iterator[int]:
    """Compiled steps whose probability is written, one a class that goes there."""
    named = change.accept or change.consent
    for class_name, number in numbers.classes.items():
        flow = system.requests[class_name].flow
        if named is not None:
            if named.flow == flow:
                yield programs.entries[class_name][named.step]
            continue
        assert change.misrouting is not None
        for title, rungs in sorted(system.flows[flow].steps.items()):
            if rungs.ladder == change.misrouting.ladder:
                label = f"{flow}.{title}@{change.misrouting.rung}.hand_off"
                yield from (
                    step
                    for step, name in enumerate(programs.names)
                    if name == label and programs.arrays.step_class[step] == number
                )
