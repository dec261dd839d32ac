"""What departments can do is felt below them only: nothing that communities do moves."""

from pathlib import Path

import numpy as np

import sim
from sim.eventlog import COLUMNS, EventLog
from sim.plan.codes import Code
from sim.plan.layout import Plan

SCENARIO = Path(__file__).parents[2] / "scenarios" / "hanting.yaml"
SHORT = [
    "run.horizon=3 weeks",
    "run.warm_up=0 h",
    "run.cool_down=0 h",
    "run.follow_up=1 week",
    "flows.handle.steps.climb.next=close",  # a verdict would send requests back to the start
    "flows.handle.steps.ask=null",
    # What a session, a call to departments or a mediation sends back upstream is left out.
    "flows.mediate.steps.climb.next=close",
    "flows.mediate.steps.settled.branch={close: 0.4, climb: 0.6}",
    "flows.mediate.steps.ask=null",
    *(
        f"sources.{source}=null"
        for source in ("utility_matters", "hot_issues", "shared_matters", "stuck_matters")
    ),
]


def played(staff: int) -> tuple[Plan, EventLog]:
    system = sim.read_scenario(SCENARIO, overrides=[*SHORT, f"pools.departments.staff={staff}"])
    plan = sim.compile_plan(system)
    return plan, sim.play(plan, sim.draw_trace(plan, 1, 1))


def rows_of(plan: Plan, log: EventLog, line: str) -> np.ndarray:
    """All rows of work in lines of this type, without the numbers of workers."""
    kind = plan.names.line_types.index(line)
    there = (log.line >= 0) & (plan.line_type[log.line] == kind)
    work = np.isin(log.code, [Code.ENTRY, Code.START, Code.PAUSE, Code.RESUME, Code.END])
    kept = [name for name in COLUMNS if name not in {"line", "pool", "worker"}]
    return np.column_stack([getattr(log, name)[there & work] for name in kept])


def test_twice_the_department_staff_moves_nothing_in_communities_and_sub_districts() -> None:
    few_plan, few = played(20)
    many_plan, many = played(40)

    for line in ("community", "street", "visits", "duty"):
        upstream = rows_of(few_plan, few, line)
        assert len(upstream) > 100
        assert np.array_equal(upstream, rows_of(many_plan, many, line)), line
    assert not np.array_equal(
        rows_of(few_plan, few, "department"), rows_of(many_plan, many, "department")
    )
