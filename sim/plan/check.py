"""What holds for every plan: the laws that engines and the demand rely on without asking."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.errors import PlanError
from sim.plan.codes import StepKind
from sim.plan.layout import Int, Plan
from sim.plan.tables import ALWAYS

Law = tuple[str, bool]


def check_plan(plan: Plan) -> None:
    """Raise a `PlanError` that names every broken law; for tests and plans from elsewhere."""
    laws = (
        *_clock(plan),
        *_places(plan),
        *_steps(plan),
        *_people(plan),
        *_modes(plan),
        *_gates(plan),
        *_joins(plan),
    )
    broken = [name for name, holds in laws if not holds]
    if broken:
        raise PlanError("this plan breaks: " + "; ".join(broken))


def _within(values: Int, count: int, *, none: bool = False) -> bool:
    """Whether all values are numbers of `count` things, or -1 where that is allowed."""
    return bool(np.all((values >= (-1 if none else 0)) & (values < count)))


def _divides(ptr: Int, rows: int, entries: int) -> bool:
    """Whether a CSR pointer divides `entries` entries over `rows` rows."""
    rising = bool(np.all(np.diff(ptr) >= 0))
    return len(ptr) == rows + 1 and ptr[0] == 0 and ptr[-1] == entries and rising


def _cumulative(shares: NDArray[np.uint64], ptr: Int) -> bool:
    """Whether every row of shares rises to `ALWAYS`."""
    rows = [shares[a:b].astype(np.int64) for a, b in pairwise(ptr) if b > a]
    return all(row[-1] == ALWAYS and bool(np.all(np.diff(row) >= 0)) for row in rows)


def _clock(plan: Plan) -> Iterator[Law]:
    yield "the window lies in the run", 0 <= plan.warm_up < plan.window_end <= plan.end
    yield "tick and control are positive", plan.tick > 0 and plan.control > 0
    yield (
        "groups are divided",
        _divides(plan.group_ptr, len(plan.names.calendars), len(plan.group_on)),
    )
    on, off = plan.group_on, plan.group_off
    same = np.repeat(np.arange(len(plan.group_ptr) - 1), np.diff(plan.group_ptr))
    follows = (off[:-1] < on[1:]) | (same[:-1] != same[1:])
    yield "stretches of duty are merged and rise", bool(np.all(on < off) and np.all(follows))


def _places(plan: Plan) -> Iterator[Law]:
    count = len(plan.names.places)
    own = plan.place_at[np.arange(count), plan.place_level]
    yield "every place is at its own level", bool(np.array_equal(own, np.arange(count)))
    yield "the root is place 0", plan.place_parent[0] == -1 and plan.place_level[0] == 0
    yield "parents come before children", bool(np.all(plan.place_parent < np.arange(count)))
    leaves = plan.leaf_place
    yield (
        "leaves hold all households",
        plan.place_households[leaves].sum() == plan.place_households[0],
    )
    yield "names are sorted", list(plan.names.classes) == sorted(plan.names.classes)


def _steps(plan: Plan) -> Iterator[Law]:
    steps, laws = len(plan.step_kind), len(plan.law_table)
    kind = plan.step_kind
    targets = ("step_next", "step_other", "step_third", "step_rise", "class_divert", "timer_to")
    for name in targets:
        yield f"{name} names steps", _within(getattr(plan, name), steps, none=True)
    for name in ("step_law", "timer_law", "verdict_delay", "mode_mobilisation", "source_law"):
        yield f"{name} names laws", _within(getattr(plan, name), laws, none=True)
    ends = (kind == StepKind.END) | (kind == StepKind.LEAVE) | (kind == StepKind.BRANCH)
    yield "all but ends and branches lead on", bool(np.all((plan.step_next >= 0) | ends))
    own = plan.step_class
    for name in ("step_next", "step_other", "step_third", "step_rise"):
        to = getattr(plan, name)
        yield (
            f"{name} stays in its class",
            bool(np.all((to < 0) | (own[np.clip(to, 0, steps - 1)] == own))),
        )
    work = kind == StepKind.WORK
    yield "work has a line, and nothing else", bool(np.array_equal(plan.step_line >= 0, work))
    level = kind == StepKind.LEVEL
    yield "a level leads two ways", bool(np.all(plan.step_other[level] >= 0))
    asked = kind == StepKind.EVALUATE
    yield "a verdict has a table", bool(np.all(plan.step_table[asked] >= 0))
    drawn = plan.step_draw >= 0
    steady = (plan.step_law == plan.step_law[0]).all(axis=0) & (plan.step_law[0] >= 0)
    kinds = np.isin(kind, [StepKind.WORK, StepKind.DELAY, StepKind.HAND_OFF])
    yield (
        "steps are drawn where their law is steady, and at branches",
        bool(np.array_equal(drawn, (steady & kinds) | (kind == StepKind.BRANCH))),
    )
    first = plan.step_first[kind == StepKind.BRANCH]
    ptr = np.append(first, len(plan.branch_step))
    yield "branches are cumulative", _cumulative(plan.branch_share, ptr)
    levels = plan.class_level_ptr
    yield (
        "closing levels are divided",
        _divides(levels, len(plan.class_start), len(plan.class_level)),
    )
    yield "closing levels are cumulative", _cumulative(plan.class_level_share, levels)
    yield (
        "starts are of their class",
        bool(np.array_equal(own[plan.class_start], np.arange(len(plan.class_start)))),
    )


def _gates(plan: Plan) -> Iterator[Law]:
    """Gates, accounts and votes."""
    kind, cap, least = plan.step_kind, plan.step_cap, plan.step_least
    for what, of in ((StepKind.GATE, plan.gate_of), (StepKind.PAY, plan.account_of)):
        used = np.unique(plan.step_table[kind == what])
        homes = of[np.ix_(used, plan.leaf_place)] if len(used) else used
        yield f"{what.name} steps find their place from every home", _within(homes, 2**31)
    waits = kind == StepKind.GATE
    yield "a gate says where the refused go", bool(np.all(plan.step_third[waits] >= 0))
    pays = kind == StepKind.PAY
    yield "a payment has another way", bool(np.all(plan.step_other[pays] >= 0))
    voted = kind == StepKind.VOTE
    ends = (plan.step_third >= 0) & (plan.step_other >= 0) & (cap >= 1)
    yield "a vote has rounds and two more ways", bool(np.all(ends[voted]))
    ranged = pays | voted
    yield "least is not above most", bool(np.all((least <= plan.step_most)[ranged]))
    yield "batches are positive", bool(np.all(plan.gate_batch >= 1))
    sits = _within(plan.gate_group, len(plan.group_ptr) - 1)
    yield "gates sit by groups that exist", sits
    ptr = np.arange(len(plan.gate_batch) + 1) * 3
    yield "outcomes are cumulative", _cumulative(plan.gate_outcome.reshape(-1), ptr)
    accounts = len(plan.account_balance)
    yield "refills are divided", _divides(plan.refill_ptr, accounts, len(plan.refill_at))
    yield "no account starts below zero", bool(np.all(plan.account_balance >= 0))


def _joins(plan: Plan) -> Iterator[Law]:
    joined = plan.step_kind == StepKind.JOIN
    joins, called = len(plan.join_together), len(plan.join_line)
    numbers = plan.step_table[joined]
    yield "joins are numbered by step", bool(np.array_equal(numbers, np.arange(joins)))
    yield "lines called are divided", _divides(plan.join_ptr, joins, called)
    yield "lines called exist", _within(plan.join_line, len(plan.line_of))
    for name in ("join_law", "join_answer"):
        yield f"{name} names laws", _within(getattr(plan, name), len(plan.law_table), none=True)
    yield "every level has a response", plan.join_response.shape[1:] == (called,)
    need, most = plan.step_least[joined], np.diff(plan.join_ptr)
    yield "no more lines are needed than called", bool(np.all((need >= 1) & (need <= most)))
    calls_again = (plan.step_cap[joined] == 1) | (plan.join_interval > 0)
    yield "further calls take time", bool(np.all(calls_again))
    unsure = np.flatnonzero((plan.join_response < ALWAYS).any(axis=0))
    silent = np.isin(np.arange(joins), np.searchsorted(plan.join_ptr, unsure, "right") - 1)
    fails = silent | (plan.join_patience >= 0)
    yield "a join that may fail leads on", bool(np.all(plan.step_other[joined][fails] >= 0))


def _people(plan: Plan) -> Iterator[Law]:
    pools, lines = len(plan.pool_type), len(plan.line_type)
    modes, workers = len(plan.names.modes), len(plan.worker_pool)
    yield "lines are divided", _divides(plan.line_ptr, lines, len(plan.line_pool))
    yield "serves are divided", _divides(plan.serve_ptr, modes * pools, len(plan.serve_line))
    yield "workers are divided", _divides(plan.pool_first, pools, workers)
    room = np.diff(plan.pool_first)
    yield (
        "pools have room for every mode",
        bool(np.array_equal(plan.pool_staff.max(axis=0), room)),
    )
    yield "both sides tell the same", _same_pairs(plan, pools)
    yield "groups exist", _within(plan.worker_group, len(plan.group_ptr) - 1)
    yield "productivity is positive", bool(np.all(plan.pool_productivity >= 1))
    used = np.unique(plan.step_line[plan.step_line >= 0])
    homes = plan.line_of[np.ix_(used, plan.leaf_place)]
    yield "every home finds its lines", _within(homes, lines)
    ranks = _rising(plan.serve_ptr, plan.serve_rank, plan.serve_line)
    yield "serves are in order of rank and line", ranks
    asked = _rising(
        plan.line_ptr, plan.line_pool_rank, plan.line_pool * modes + plan.line_pool_mode
    )
    yield "pools are in order of rank and number", asked


def _same_pairs(plan: Plan, pools: int) -> bool:
    """Whether lines and pools name each other in the same modes."""
    rows = np.repeat(np.arange(len(plan.serve_ptr) - 1), np.diff(plan.serve_ptr))
    lines = np.repeat(np.arange(len(plan.line_ptr) - 1), np.diff(plan.line_ptr))
    count = len(plan.line_type)
    from_pools = np.sort(rows * count + plan.serve_line)
    from_lines = np.sort((plan.line_pool_mode * pools + plan.line_pool) * count + lines)
    return bool(np.array_equal(from_pools, from_lines))


def _rising(ptr: Int, first: Int, second: Int) -> bool:
    row = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    return bool(np.array_equal(np.lexsort((second, first, row)), np.arange(len(row))))


def _modes(plan: Plan) -> Iterator[Law]:
    modes, classes = len(plan.names.modes), len(plan.class_start)
    for name in ("class_priority", "class_limit", "class_suspended"):
        yield f"{name} has a row a mode", getattr(plan, name).shape == (modes, classes)
    yield "peace has no trigger", plan.mode_enter[0] == 0 and plan.mode_leave[0] == 0
    yield "state rules come in two blocks", plan.state_class.shape == (2 * modes, classes)
    sources = len(plan.source_kind)
    yield "sources have classes", _within(plan.source_class, classes)
    yield "times are divided", _divides(plan.source_time_ptr, sources, len(plan.source_time))
    cells = -(-plan.end // plan.cell)
    yield "rates cover the run", plan.source_cell.shape == (sources, cells)
    yield "rates are not negative", bool(np.all(plan.source_cell >= 0))
