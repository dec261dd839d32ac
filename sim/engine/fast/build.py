"""The tables of one replication, made from its plan and its demand."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.layout import DemandTrace
from sim.engine.fast.build_aside import accounts, gates, hazards, joins, memory, position
from sim.engine.fast.build_reviews import careers, posts, reviews
from sim.engine.fast.jit import Tables
from sim.engine.fast.ranges import check_ranges
from sim.engine.fast.room import bucket_width, rooms
from sim.engine.fast.state import (
    CLASS,
    CLASS_MODE,
    CLOCK,
    GROUP,
    LINE,
    MODE,
    PLACE,
    POOL,
    POOL_MODE,
    RULE,
    SERVE,
    SERVER,
    SOURCE,
    STEP,
    STRETCH,
    TIMER,
    VERDICT,
    WORKER,
    records,
)
from sim.errors import EngineError
from sim.plan.codes import StepKind, Trigger
from sim.plan.layout import Plan

Array = NDArray[Any]

PLAYED = frozenset(range(StepKind.VOTE + 1)) | frozenset([StepKind.JOIN])
"""Kinds of steps that this engine knows."""


def unsupported(plan: Plan) -> str:
    """Why this engine cannot play a plan, as a message; empty if it can."""
    kinds = set(plan.step_kind.tolist()) - PLAYED
    if kinds:
        return f"the fast engine has no {StepKind(min(kinds)).name.lower()} steps yet"
    return ""


def build(plan: Plan, trace: DemandTrace) -> Tables:
    """All tables at time 0, before anybody is posted."""
    if unsupported(plan):
        raise EngineError(unsupported(plan))
    check_ranges(plan, trace)
    arrays: dict[str, Array] = {"clock": _clock(plan, trace)}
    for part in (_demand, _places, _steps, _classes, _people, _calendars, _modes, _verdicts):
        arrays |= part(plan, trace)
    for part in (gates, accounts, hazards, joins, careers, reviews, posts):
        arrays |= part(plan, trace)
    return Tables(arrays | rooms(plan, trace))


def _clock(plan: Plan, trace: DemandTrace) -> Array:
    triggers = np.concatenate([plan.mode_enter, plan.mode_leave])
    known = len(trace.requests.key)
    return records(
        CLOCK,
        1,
        end=plan.end,
        tick=plan.tick,
        control=plan.control,
        phase=1,
        n_known=known,
        numbers=known,
        free=0,
        spare=-1,
        edge=1 << bucket_width(plan, trace),
        ahead=-1,
        width=bucket_width(plan, trace),
        n_groups=len(plan.group_ptr) - 1,
        n_modes=len(plan.mode_level),
        n_pools=len(plan.pool_type),
        n_workers=len(plan.worker_pool),
        n_places=len(plan.place_parent),
        verdict_rows=plan.verdict_satisfied.shape[1] if plan.verdict_satisfied.size else 1,
        rules=int((triggers == Trigger.STATE).sum()),
        most_timers=int(np.diff(plan.timer_ptr).max(initial=0)),
        n_gates=len(plan.gate_type),
        n_accounts=len(plan.account_type),
        n_joins=len(plan.join_together),
        join_width=int(np.diff(plan.join_ptr).max(initial=0)),
        n_reviews=len(plan.review_effect),
        n_posts=len(plan.post_place),
        n_hazards=len(plan.hazard_source),
        n_weeks=len(plan.week_at),
        n_readings=len(plan.reading_count),
        first_gathering=-1,
        last_gathering=-1,
        key0=trace.key0,
        key1=trace.key1,
    )


def _demand(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    rows = trace.requests
    return {
        "known_at": rows.reported_at,
        "known_class": rows.request_class,
        "known_source": rows.source,
        "known_place": rows.place.copy() if len(plan.review_effect) else rows.place,
        "known_household": rows.household,
        "known_level": rows.level,
        "known_ordinal": rows.ordinal,
        "known_key": rows.key,
        "draw_ptr": trace.draw_ptr,
        "draws": trace.draw,
        "laws": plan.law_table,
        "sources": records(
            SOURCE,
            len(plan.source_kind),
            kind=plan.source_kind,
            level=plan.source_level,
            law=plan.source_law,
            latent=position(plan.hazard_source, len(plan.source_kind)),
            key=plan.source_key,
        ),
    }


def _places(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    del trace
    count = len(plan.place_parent)
    ends = np.arange(1, count + 1)
    for place in range(count - 1, 0, -1):
        parent = plan.place_parent[place]
        ends[parent] = max(ends[parent], ends[place])
    return {
        "places": records(
            PLACE,
            count,
            parent=plan.place_parent,
            level=plan.place_level,
            end=ends,
            called=-1,
            leave_at=-1,
            key=plan.place_key,
        ),
        "place_at": plan.place_at,
        "line_of": plan.line_of,
    }


def _steps(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    del trace
    count = len(plan.step_kind)
    local, own, _ = memory(plan)
    return {
        "steps": records(
            STEP,
            count,
            kind=plan.step_kind,
            line=plan.step_line,
            next=plan.step_next,
            other=plan.step_other,
            third=plan.step_third,
            level=plan.step_level,
            cap=plan.step_cap,
            same_worker=plan.step_same_worker,
            rise=plan.step_rise,
            table=plan.step_table,
            first=plan.step_first,
            count=plan.step_count,
            draw=plan.step_draw,
            local=local,
            own=own,
            least=plan.step_least,
            most=plan.step_most,
            claim=plan.step_claim,
            review=plan.step_review,
            limit=plan.step_limit,
            key=plan.step_key,
            accept=plan.step_accept,
        ),
        "step_law": plan.step_law,
        "step_threshold": plan.step_threshold,
        "branch_share": plan.branch_share,
        "branch_step": plan.branch_step,
    }


def _classes(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    del trace
    count = len(plan.class_start)
    return {
        "classes": records(
            CLASS,
            count,
            start=plan.class_start,
            preempts=plan.class_preempts,
            preemptible=plan.class_preemptible,
            cost=plan.class_cost,
            levels=plan.class_level_ptr[:-1],
            levels_end=plan.class_level_ptr[1:],
            limit_start=plan.class_limit_start,
            armed_at=_armed_at(plan),
            timers=plan.timer_ptr[:-1],
            timers_end=plan.timer_ptr[1:],
            patrol=position(np.unique(plan.hazard_patrol), count),
        ),
        "class_modes": records(
            CLASS_MODE,
            plan.class_priority.shape,
            priority=plan.class_priority,
            limit=plan.class_limit,
            limit_clock=plan.class_limit_clock,
            suspended=plan.class_suspended,
            divert=plan.class_divert,
        ),
        "class_level": plan.class_level,
        "class_level_share": plan.class_level_share,
        "timers": records(
            TIMER,
            len(plan.timer_law),
            law=plan.timer_law,
            start=plan.timer_start,
            until=plan.timer_until,
            then=plan.timer_then,
            to=plan.timer_to,
            priority=plan.timer_priority,
            channel=plan.timer_channel,
            every=plan.timer_every,
            draw=plan.timer_draw,
            again=plan.timer_again,
            key=plan.timer_key,
        ),
        "timer_clock": plan.timer_clock,
    }


def _armed_at(plan: Plan) -> Array:
    """By class: a binary digit for each `TimerStart` at which it may arm something."""
    limited = (plan.class_limit >= 0).any(axis=0)
    digits = np.where(limited, 1 << plan.class_limit_start, 0)
    owner = np.repeat(np.arange(len(digits)), np.diff(plan.timer_ptr))
    np.bitwise_or.at(digits, owner, 1 << plan.timer_start)
    return digits


def _people(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    del trace
    n_modes, n_pools = plan.pool_staff.shape
    n_workers = len(plan.worker_pool)
    return {
        "lines": records(
            LINE,
            len(plan.line_type),
            limit=plan.line_limit,
            kind=plan.line_type,
            place=plan.line_place,
            first=plan.line_ptr[:-1],
            last=plan.line_ptr[1:],
            root=-1,
        ),
        "servers": records(
            SERVER,
            len(plan.line_pool),
            pool=plan.line_pool,
            mode=plan.line_pool_mode,
            rank=plan.line_pool_rank,
        ),
        "pools": records(
            POOL,
            n_pools,
            place=plan.pool_place,
            kind=plan.pool_type,
            pace=1000,
            first=plan.pool_first[:-1],
            last=plan.pool_first[1:],
            leaves=plan.pool_leaves,
            first_idle=-1,
            last_idle=-1,
        ),
        "pool_modes": records(
            POOL_MODE,
            (n_modes, n_pools),
            staff=plan.pool_staff,
            productivity=plan.pool_productivity,
            shift_end=plan.pool_shift_end,
            preference=plan.pool_preference,
            first=plan.serve_ptr[:-1].reshape(n_modes, n_pools),
            last=plan.serve_ptr[1:].reshape(n_modes, n_pools),
        ),
        "serves": records(
            SERVE, len(plan.serve_line), line=plan.serve_line, rank=plan.serve_rank
        ),
        "workers": records(
            WORKER,
            n_workers,
            pool=plan.worker_pool,
            pace=1000,
            arrives_at=-1,
            off_since=-1,
            task=-1,
            kept=-1,
            reserved=-1,
            idle_since=-1,
            end_at=-1,
            group=-1,
            key=plan.worker_key,
        ),
        "worker_group": plan.worker_group,
    }


def _calendars(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    """Rota groups with everybody who belongs to each in some mode, in order of number."""
    del trace
    n_groups = len(plan.group_ptr) - 1
    found = [np.empty(0, np.int64)]
    found += [
        np.flatnonzero((plan.worker_group == group).any(axis=0)) for group in range(n_groups)
    ]
    ends = np.cumsum([len(each) for each in found])
    return {
        "groups": records(
            GROUP,
            n_groups,
            first=plan.group_ptr[:-1],
            last=plan.group_ptr[1:],
            members=ends[:-1],
            members_end=ends[1:],
            used=ends[1:] > ends[:-1],
        ),
        "members": np.concatenate(found).astype(np.int64),
        "stretches": records(STRETCH, len(plan.group_on), on=plan.group_on, off=plan.group_off),
    }


def _modes(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    del trace
    count = len(plan.mode_level)
    shape = (2 * count, len(plan.place_parent))
    return {
        "modes": records(
            MODE,
            count,
            level=plan.mode_level,
            activation=plan.mode_activation,
            mobilisation=plan.mode_mobilisation,
            pause=plan.mode_pause,
            enter=plan.mode_enter,
            enter_at=plan.mode_enter_at,
            leave=plan.mode_leave,
            leave_at=plan.mode_leave_at,
            drill=plan.drill_ptr[:-1],
            drill_end=plan.drill_ptr[1:],
        ),
        "rules": records(
            RULE,
            2 * count,
            trigger=np.concatenate([plan.mode_enter, plan.mode_leave]),
            open=plan.state_open,
            above=plan.state_above,
            bound=plan.state_bound,
            hold=plan.state_hold,
        ),
        "rule_class": plan.state_class,
        "rule_count": np.zeros(shape, np.int64),
        "rule_since": np.full(shape, -1, np.int64),
    }


def _verdicts(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    del trace
    tables, _, bands = plan.verdict_satisfied.shape
    rows = (tables * plan.verdict_satisfied.shape[1], bands)
    return {
        "verdicts": records(
            VERDICT, tables, edges=plan.verdict_edges, delay=plan.verdict_delay
        ),
        "verdict_edge": plan.verdict_edge,
        "verdict_resolved": plan.verdict_resolved,
        "verdict_satisfied": plan.verdict_satisfied.reshape(rows),
        "verdict_unresolved": plan.verdict_unresolved.reshape(rows),
    }
