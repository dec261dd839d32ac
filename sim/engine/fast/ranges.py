"""What the compiled engine's whole numbers can hold: plans beyond it are refused by name."""

import numpy as np

from sim.demand.layout import DemandTrace
from sim.engine.fast.calendar import ORDINAL_MASK, SUBJECT_MASK
from sim.errors import EngineError
from sim.plan.layout import Plan

MOST = 1 << 62
MOST_THINGS = 1 << 31
"""What a narrow field of a record holds."""


def check_ranges(plan: Plan, trace: DemandTrace) -> None:
    """Refuse what a key of the calendar or a product of 64 bits cannot hold."""
    subjects = max(len(trace.requests.key), len(plan.worker_pool) + len(plan.group_ptr))
    edge = int(plan.verdict_edge.max(initial=0))
    limits = {
        "requests": max(subjects, len(trace.draw)) < MOST_THINGS,
        "sources": len(trace.hazards.key) < SUBJECT_MASK // 2,
        "gates": len(plan.gate_type) + len(plan.account_type) < SUBJECT_MASK // 2,
        "accounts": _most_money(plan) < MOST,
        "timers": len(plan.timer_law) + 1 < ORDINAL_MASK,
        "modes": 4 * len(plan.mode_level) + 3 < ORDINAL_MASK,
        "run.horizon": plan.end * 1000 < MOST
        and plan.end // 1000 * int(plan.pool_productivity.max(initial=1)) < MOST,
        "verdicts": edge * int(plan.class_limit.max(initial=0)) < MOST,
    }
    for setting, fits in limits.items():
        if not fits:
            raise EngineError(f"{setting}: too many or too long for the fast engine")


def _most_money(plan: Plan) -> int:
    """What an account could hold at most, fen."""
    most = int(plan.account_balance.max(initial=0))
    refills = int(np.diff(plan.refill_ptr).max(initial=0))
    return most + refills * int(plan.account_refill.max(initial=0))
