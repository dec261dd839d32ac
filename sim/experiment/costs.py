"""What a staffing costs before anything is played: pay of the head count, for 30 days.

This is known, not measured, so the cheapest staffing that keeps a limit is a question of
feasibility alone. People paid by the hour cost the hours of their calendar in the measuring
window. What closings cost and accounts pay out depends on what happens, and is not in it.
"""

import numpy as np

from sim.plan.layout import Plan

HOUR = 3_600_000_000
MONTH_HOURS = 30 * 24
FEN_PER_CNY = 100
THOUSANDTHS = 1000


def head_count(plan: Plan, mode: int = 0) -> int:
    """Workers whom the staffing rules of a mode ask for, volunteers left out."""
    return int(plan.pool_staff[mode][plan.pool_volunteer == 0].sum())


def monthly_pay(plan: Plan, mode: int = 0) -> float:
    """Pay of the head count of a mode for 30 days, CNY."""
    heads = plan.pool_staff[mode]
    fen = float((heads * plan.pool_pay[mode]).sum())
    hourly = np.flatnonzero((plan.pool_pay_hour[mode] > 0) & (heads > 0))
    if len(hourly):
        hours = _hours_of_groups(plan)
        for pool in hourly.tolist():
            first = int(plan.pool_first[pool])
            groups = plan.worker_group[mode, first : first + int(heads[pool])]
            fen += float(hours[groups].sum()) * float(plan.pool_pay_hour[mode, pool])
    return fen / THOUSANDTHS / FEN_PER_CNY


def _hours_of_groups(plan: Plan) -> np.ndarray:
    """Hours on duty of each rota group for 30 days, as in the measuring window."""
    window = plan.window_end - plan.warm_up
    on = np.clip(plan.group_on, plan.warm_up, plan.window_end)
    off = np.clip(plan.group_off, plan.warm_up, plan.window_end)
    total = np.concatenate([[0], np.cumsum(off - on)])
    each = total[plan.group_ptr[1:]] - total[plan.group_ptr[:-1]]
    return np.asarray(each / window * MONTH_HOURS)
