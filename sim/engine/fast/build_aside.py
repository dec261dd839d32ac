"""The tables of what lies outside the lines: gates, funds, hazards, joins, memories."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.layout import DemandTrace
from sim.engine.fast.state import (
    ACCOUNT,
    CALL,
    GATE,
    GROUND,
    HAZARD,
    HAZARD_KIND,
    JOIN,
    LINK,
    SEAT,
    records,
)
from sim.engine.fast.votes import columns
from sim.plan.codes import SourceKind, StepKind
from sim.plan.layout import Int, Plan

Array = NDArray[Any]


def memory(plan: Plan) -> tuple[Int, Int, int]:
    """Where steps keep what a request has met at them, as columns of `visits`.

    Returns
    -------
    By step the column of its visits, and the first column of what else it recalls; and how
    many columns there are. Steps of a class are numbered from 0 within it, so that a request
    needs little room.
    """
    count = len(plan.step_kind)
    order = np.argsort(plan.step_class, kind="stable")
    begin = np.searchsorted(plan.step_class[order], plan.step_class)
    local = np.empty(count, np.int64)
    local[order] = np.arange(count)
    local -= begin
    used = np.bincount(plan.step_class, minlength=len(plan.class_start))
    own = np.zeros(count, np.int64)
    for step, (kind, parties) in enumerate(zip(plan.step_kind, plan.step_most, strict=True)):
        of_class = plan.step_class[step]
        own[step] = used[of_class]
        if kind == StepKind.GATE:
            used[of_class] += 1
        elif kind == StepKind.VOTE:
            used[of_class] += columns(int(parties))
    return local, own, int(used.max(initial=1))


def position(wanted: Int, count: int) -> Int:
    """Of each of `count` numbers, where it stands among those wanted; -1 where it does not."""
    found = np.full(count, -1, np.int64)
    found[wanted] = np.arange(len(wanted))
    return found


def gates(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    """Gates, each at the first of the sessions that are still to come."""
    del trace
    kind = plan.gate_type
    group = plan.gate_group[kind]
    return {
        "gates": records(
            GATE,
            len(kind),
            batch=plan.gate_batch[kind],
            kind=kind,
            next=plan.group_ptr[group],
            last=plan.group_ptr[group + 1],
            root=-1,
        ),
        "gate_of": plan.gate_of,
        "gate_outcome": plan.gate_outcome.reshape(-1),
    }


def accounts(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    """Accounts with what is in them at time 0."""
    del trace
    kind = plan.account_type
    return {
        "accounts": records(
            ACCOUNT,
            len(kind),
            place=plan.account_place,
            balance=plan.account_balance[kind],
            refill=plan.account_refill[kind],
            carry=plan.account_carry[kind],
            next=plan.refill_ptr[kind],
            last=plan.refill_ptr[kind + 1],
        ),
        "account_of": plan.account_of,
        "refill_at": plan.refill_at,
    }


def hazards(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    """Hazards to be born, and the grounds on which rounds may find them."""
    patrols = np.unique(plan.hazard_patrol)
    levels = [_levels_of_rounds(plan, patrol) for patrol in plan.hazard_patrol]
    width = max((len(each) for each in levels), default=0)
    table = np.full((len(levels), width), -1, np.int64)
    for row, each in enumerate(levels):
        table[row, : len(each)] = each
    found = trace.hazards._asdict()
    return {
        "hazards": records(HAZARD, len(trace.hazards.key), **found),
        "hazard_kinds": records(
            HAZARD_KIND,
            len(plan.hazard_source),
            patrol=np.searchsorted(patrols, plan.hazard_patrol),
            found=plan.hazard_found,
            surfaced=plan.source_class[plan.hazard_source],
            law=plan.hazard_law,
        ),
        "hazard_levels": table,
        "hazard_reporting": plan.hazard_reporting,
        "grounds": records(GROUND, (len(patrols), len(plan.place_parent)), first=-1, last=-1),
        "links": np.zeros(len(trace.hazards.key) * width, LINK),
    }


def _levels_of_rounds(plan: Plan, patrol: int) -> Int:
    """The levels that the duties of a class of patrol hang on."""
    rounds = (plan.source_kind == SourceKind.DUTY) & (plan.source_class == patrol)
    return np.unique(plan.source_level[rounds])


def joins(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    """Joins, the calls of each, and room to find the members of one."""
    del trace
    width = int(np.diff(plan.join_ptr).max(initial=0))
    return {
        "joins": records(
            JOIN,
            len(plan.join_together),
            first=plan.join_ptr[:-1],
            last=plan.join_ptr[1:],
            together=plan.join_together,
            answer=plan.join_answer,
            interval=plan.join_interval,
            patience=plan.join_patience,
        ),
        "calls": records(
            CALL, len(plan.join_line), line=plan.join_line, law=plan.join_law, key=plan.join_key
        ),
        "join_response": plan.join_response,
        "choices": np.zeros((width, width), np.int64),
        "seats": records(SEAT, width + 1),
    }
