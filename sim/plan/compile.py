"""Compilation: one system, fully read, as one plan of flat arrays.

The plan depends on names and values only: another order of entries in the file gives the same
arrays, byte for byte.
"""

from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from sim.errors import PlanError
from sim.model.system import System, check_system
from sim.plan.accounts import compile_accounts
from sim.plan.calendars import CalendarSet, compile_calendars
from sim.plan.capacity import Staffed, compile_capacity
from sim.plan.careers import compile_careers
from sim.plan.check import check_plan
from sim.plan.clocks import calendars_in_use, compile_clocks, timer_names
from sim.plan.courses import compile_courses
from sim.plan.drills import compile_drills
from sim.plan.gates import compile_gates
from sim.plan.hazards import compile_hazards
from sim.plan.intake import SourceRow, compile_sources, source_rows
from sim.plan.laws import LawPool
from sim.plan.layout import Int, Names, Plan, Words
from sim.plan.levels import compile_levels
from sim.plan.lines import compile_lines, compile_serves, compile_teams
from sim.plan.numbering import Numbers, number
from sim.plan.overlays import compile_classes, compile_modes
from sim.plan.places import PlaceTree, compile_places
from sim.plan.posts import compile_posts
from sim.plan.programs import Programs, compile_programs
from sim.plan.reviews import compile_reviews
from sim.plan.stations import check_stations
from sim.plan.verdicts import compile_verdicts

__all__ = ["Compiled", "check_plan", "compile_plan", "compile_system"]


class Compiled(NamedTuple):
    """A plan, and how its head counts were worked out (for `gridgov resolve`)."""

    plan: Plan
    staffing: list[Staffed]


def compile_plan(system: System) -> Plan:
    """The plan of a system.

    Raises
    ------
    PlanError
        If the system cannot be laid out; the message begins with the field path.
    """
    return compile_system(system).plan


def compile_system(system: System) -> Compiled:
    """The plan of a system, and the arithmetic of its head counts."""
    check_system(system)
    numbers = number(system)
    laws = LawPool()
    tree = compile_places(system.places)
    end = system.run.horizon + system.run.cool_down
    calendars = compile_calendars(
        system.calendars, system.holidays, system.run.start, end, calendars_in_use(system)
    )
    programs = compile_programs(system, numbers, laws)
    lines, teams = compile_lines(system, tree), compile_teams(system, tree)
    pools, staffing, divided = compile_capacity(system, tree, teams, numbers, calendars)
    serves = compile_serves(system, tree, lines, teams, numbers, divided)
    teams = divided.teams(teams)
    rows = source_rows(system, tree, laws, calendars)
    parts: list[Any] = [  # named tuples whose fields are those of the plan
        programs.arrays,
        programs.joins,
        compile_verdicts(system, laws),
        compile_classes(system, numbers, programs),
        compile_clocks(system, numbers, programs, laws, calendars),
        compile_modes(system, tree, numbers, laws),
        lines,
        teams,
        serves,
        pools,
        compile_sources(rows, numbers),
        compile_courses(system, tree, rows, end),
        compile_gates(system, tree, calendars),
        compile_accounts(system, tree, end),
        compile_hazards(system, tree, rows, numbers, laws),
        compile_drills(system),
        compile_posts(system, tree, numbers),
        compile_careers(system, laws, end),
        compile_reviews(system, tree, teams, pools.worker_pool, rows, numbers),
        compile_levels(system, numbers, programs, laws),
        laws.arrays(),
    ]
    fields: dict[str, Any] = {}
    for part in parts:
        fields |= part._asdict()
    fields |= _clock(system) | _places(tree)
    plan = Plan(
        **fields,
        group_ptr=calendars.group_ptr,
        group_on=calendars.group_on,
        group_off=calendars.group_off,
        names=_names(system, numbers, tree, programs, calendars, rows),
    )
    _check_sequences(plan)
    _check_homes(plan)
    check_stations(plan)
    return Compiled(plan, staffing)


def _clock(system: System) -> dict[str, int]:
    run = system.run
    start = run.start - datetime(1970, 1, 1)
    follow_up = run.follow_up or run.cool_down or run.horizon - run.warm_up
    return {
        "start_ns": (start.days * 86_400 + start.seconds) * 10**9 + start.microseconds * 1000,
        "warm_up": run.warm_up,
        "window_end": run.horizon,
        "end": run.horizon + run.cool_down,
        "tick": run.tick,
        "control": run.control,
        "follow_up": follow_up,
    }


def _places(tree: PlaceTree) -> dict[str, Int | Words]:
    return {
        "place_parent": tree.parent,
        "place_level": tree.level,
        "place_at": tree.at,
        "place_leaves": tree.leaves,
        "leaf_place": tree.leaf_place,
        "place_households": tree.households,
        "place_persons": tree.persons,
        "place_shops": tree.shops,
        "place_buildings": tree.buildings,
        "place_floors": tree.floors,
        "place_key": tree.key,
    }


def _names(
    system: System,
    numbers: Numbers,
    tree: PlaceTree,
    programs: Programs,
    calendars: CalendarSet,
    rows: list[SourceRow],
) -> Names:
    return Names(
        levels=tree.level_names,
        places=tree.names,
        classes=tuple(numbers.classes),
        steps=programs.names,
        timers=timer_names(system),
        line_types=tuple(numbers.lines),
        pool_types=tuple(numbers.pools),
        calendars=calendars.names,
        modes=tuple(numbers.modes),
        sources=tuple(row.name for row in rows),
        gates=tuple(sorted(system.gates)),
        accounts=tuple(sorted(system.accounts)),
        reviews=tuple(sorted(system.reviews)),
        rungs=tuple(numbers.rungs),
    )


def _check_sequences(plan: Plan) -> None:
    """A sequence is read from the trace only, so it must have a column there."""
    written = np.flatnonzero(np.diff(plan.law_sequence_ptr) > 0)
    loose = np.isin(plan.step_law, written).any(axis=0) & (plan.step_draw < 0)
    if loose.any():
        name = plan.names.steps[int(np.flatnonzero(loose)[0])]
        message = "a sequence may stand for work, a delay, a hand-off or a timer, in all modes"
        zh = "依次取值（sequence）只能用于处置、等待、转交或计时，且各状态须相同"
        raise PlanError(f"flows.{name}: {message} the same", zh)
    others = (
        plan.mode_mobilisation,
        plan.source_law,
        plan.verdict_delay,
        plan.join_law,
        plan.join_answer,
        plan.exit_law,
        plan.review_law,
    )
    if any(np.isin(laws, written).any() for laws in others):
        message = "up_time, mobilisation, hiring, the delay of verdicts and joins"
        zh = "间歇、动员、补员、评价等待与联合处置不能依次取值（sequence）"
        raise PlanError(f"sources: {message} cannot be a sequence", zh)


def _check_homes(plan: Plan) -> None:
    """Every request finds the lines of its flow at its home or above it."""
    used = np.concatenate([plan.step_line, plan.step_claim, plan.join_line])
    for line_type in np.unique(used[used >= 0]):
        missing = plan.leaf_place[plan.line_of[line_type, plan.leaf_place] < 0]
        if len(missing):
            name, place = plan.names.line_types[line_type], plan.names.places[missing[0]]
            message = f"homes in {place} have no place of the line's level above them"
            zh = f"“{place}”的住户之上没有该队列所在级别的地点"
            raise PlanError(f"lines.{name}.at: {message}", zh)
