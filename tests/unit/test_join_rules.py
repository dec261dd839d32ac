"""Rules on joins, each broken alone, and what a join compiles to."""

import numpy as np
import pytest

from sim.errors import PlanError
from sim.keys import name_key
from sim.model.system import System
from sim.plan.check import check_plan
from sim.plan.codes import StepKind
from sim.plan.compile import compile_plan
from sim.plan.tables import ALWAYS
from sim.scenario.rules import check, find_problems
from tests.unit.plan_systems import merged, smallest

SECOND = 1_000_000
JOIN = {
    "form": "parts", "lines": ["b", "a"], "response": 0.5, "interval": "2 h", "rounds": 3,
    "content": "1 h", "contents": {"a": "30 min"}, "answer": {"exponential": "1 h"},
    "otherwise": "fix",
}  # fmt: skip
MEET = ("flows", "main", "steps", "meet", "join")
WHOLE = {
    "lines": {"a": {}, "b": {}},
    "pools": {"people": {"staff": 1, "serves": ["a", "b"]}},
    "flows": {"main": {"start": "meet", "steps": {"meet": {"join": JOIN, "next": "fix"}}}},
}


def system(**change):
    """The system with some keys of the join replaced; None takes one away."""
    join = {key: value for key, value in {**JOIN, **change}.items() if value is not None}
    whole = merged(smallest(**WHOLE), {})
    whole["flows"]["main"]["steps"]["meet"]["join"] = join
    return System.model_validate(whole)


TOGETHER = {"form": "together", "contents": None}
BROKEN = [
    ({"lines": ["b", "aa"], "contents": None}, (*MEET, "lines", 1), "unknown-line"),
    ({"lines": ["b"]}, (*MEET, "contents", "a"), "unknown-line"),
    ({"lines": ["b", "a", "b"]}, (*MEET, "lines"), "line-called-twice"),
    ({"need": 3}, (*MEET, "need"), "need-above-lines"),
    ({"patience": "1 h"}, (*MEET, "patience"), "patience-with-parts"),
    ({**TOGETHER, "contents": {"a": "1 h"}}, (*MEET, "contents"), "contents-together"),
    ({"interval": None}, (*MEET, "interval"), "calls-without-time"),
    ({"interval": "0 h", "rounds": 1}, (*MEET, "interval"), "calls-without-time"),
    ({"otherwise": None}, (*MEET, "otherwise"), "otherwise-missing"),
    ({**TOGETHER, "response": 1, "patience": "1 h", "otherwise": None},
     (*MEET, "otherwise"), "otherwise-missing"),
    ({"otherwise": "fixx"}, (*MEET, "otherwise"), "unknown-step"),
    ({"interval": None, "rounds": 1, "otherwise": "meet"}, MEET[:-1], "circle-takes-no-time"),
    ({**TOGETHER, "patience": "0 h", "otherwise": "meet"}, MEET[:-1], "circle-takes-no-time"),
]  # fmt: skip


def test_the_whole_system_breaks_no_rule():
    assert check(system()) == []


@pytest.mark.parametrize(("change", "path", "code"), BROKEN, ids=lambda value: str(value)[-40:])
def test_a_broken_rule_is_told_at_its_field_in_both_languages(change, path, code):
    broken = system(**change)

    findings = [
        finding for finding in check(broken)
        if finding.code not in {"route-never-ends", "pool-unused"}
    ]  # fmt: skip

    assert (path, code) in [(finding.path, finding.code) for finding in findings]
    assert len(findings) <= 2
    for problem in find_problems(broken):
        assert problem.message_en
        assert problem.message_zh


def test_a_full_line_may_be_silent_so_that_the_other_way_is_asked_for():
    whole = system(response=1, otherwise=None)
    assert check(whole) == []
    limited = whole.model_copy(
        update={"lines": {**whole.lines, "a": whole.lines["a"].model_copy(update={"limit": 3})}}
    )
    assert [finding.code for finding in check(limited)] == ["otherwise-missing"]


def test_a_line_that_only_a_join_calls_needs_somebody_to_serve_it():
    whole = merged(smallest(**WHOLE), {"pools": {"people": {"serves": ["b", "desk"]}}})
    (finding,) = check(System.model_validate(whole))
    assert finding.path[:2] == ("lines", "a")


def test_a_class_without_work_content_needs_it_for_every_line():
    def codes(contents):
        join = {**JOIN, "contents": contents}
        del join["content"]
        whole = merged(smallest(**WHOLE), {"requests": {"repair": {"work": None}}})
        steps = whole["flows"]["main"]["steps"]
        steps["meet"]["join"], steps["fix"]["work"]["content"] = join, "1 h"
        return [finding.code for finding in check(System.model_validate(whole))]

    assert codes({"a": "1 h", "b": "2 h"}) == []
    assert codes({"a": "1 h"}) == ["work-missing"]


def test_what_a_join_compiles_to():
    plan = compile_plan(system())
    check_plan(plan)
    meet = plan.names.steps.index("main.meet")
    fix = plan.names.steps.index("main.fix")
    lines = [plan.names.line_types[line] for line in plan.join_line]
    laws = [plan.law_table[law] for law in plan.join_law]

    assert plan.step_kind[meet] == StepKind.JOIN
    assert (plan.step_next[meet], plan.step_other[meet]) == (fix, fix)
    assert (plan.step_least[meet], plan.step_cap[meet], plan.step_table[meet]) == (2, 3, 0)
    assert lines == ["b", "a"], "in the order of the scenario"
    assert plan.join_key.tolist() == [name_key("b"), name_key("a")]
    assert [law[0] // SECOND for law in laws] == [3600, 1800]
    assert plan.join_response.tolist() == [[(ALWAYS + 1) // 2] * 2]
    assert (plan.join_interval[0], plan.join_patience[0]) == (7200 * SECOND, -1)
    assert plan.join_answer[0] >= 0
    assert not plan.join_together[0]


def test_plans_without_joins_have_nothing_of_them():
    plan = compile_plan(System.model_validate(smallest()))
    check_plan(plan)
    for name in ("join_line", "join_law", "join_response", "join_together", "join_answer"):
        assert np.size(getattr(plan, name)) == 0
    assert plan.join_ptr.tolist() == [0]


def test_a_sequence_cannot_be_the_content_of_a_join():
    with pytest.raises(PlanError, match="joins cannot be a sequence"):
        compile_plan(system(content={"sequence": ["1 h", "2 h"]}))
