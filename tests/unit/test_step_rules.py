"""Rules on gates, accounts and votes, each broken alone, and what they compile to."""

import numpy as np
import pytest

from sim.errors import PlanError
from sim.model.system import System
from sim.plan.check import check_plan
from sim.plan.codes import StepKind
from sim.plan.compile import compile_plan
from sim.plan.tables import ALWAYS
from sim.scenario.rules import check, find_problems
from tests.unit.plan_systems import merged, smallest

DAY = 86_400_000_000
WEEK = {"week": {"mon": ["09:00-11:00", "14:00-16:00"]}}
WHOLE = {
    "run": {"horizon": "400 d", "start": "2024-01-15"},
    "calendars": {"days": WEEK},
    "places": {
        "root": {"level": "city", "households": 8},
        "levels": {"grid": {"within": "city", "per_parent": 2}},
    },
    "gates": {"hall": {"sessions": "days", "batch": 2}},
    "accounts": {"purse": {"at": "grid", "balance": "100 CNY", "refill": "50 CNY",
                           "every": "quarter"}},
    "flows": {
        "main": {
            "start": "hear",
            "steps": {
                "hear": {"gate": {"gate": "hall", "admit": 0.5, "otherwise": "ask"},
                         "next": "buy"},
                "buy": {"pay": {"account": "purse", "amount": {"low": "1 CNY", "high": "2 CNY"},
                                "otherwise": "ask"}, "next": "fix"},
                "ask": {"vote": {"parties": 5, "consent": 0.5, "rounds": 3, "between": "1 d",
                                 "failed": "leave"}, "next": "fix"},
            },
        }
    },
}  # fmt: skip


def system(**change):
    return System.model_validate(merged(smallest(**WHOLE), change))


def step(name, **form):
    return {"flows": {"main": {"steps": {name: form}}}}


def gate(**change):
    return step("hear", gate={"gate": "hall", **change}, next="buy")


def vote(**change):
    whole = {"parties": 5, "consent": 0.5, "rounds": 3, "failed": "leave", **change}
    return step("ask", vote=whole, next="fix")


HEAR, BUY, ASK = (("flows", "main", "steps", name) for name in ("hear", "buy", "ask"))
BROKEN = [
    (gate(gate="hal"), (*HEAR, "gate", "gate"), "unknown-gate"),
    (gate(admit=0.5, otherwise=None), (*HEAR, "gate", "otherwise"), "otherwise-missing"),
    (gate(refused="fixx"), (*HEAR, "gate", "refused"), "unknown-step"),
    (gate(admit=0.0, otherwise="hear"), HEAR, "circle-takes-no-time"),
    ({"gates": {"hall": {"sessions": "always"}}}, ("gates", "hall", "sessions"),
     "sessions-never-begin"),
    ({"gates": {"hall": {"at": "gird"}}}, ("gates", "hall", "at"), "unknown-level"),
    ({"gates": {"hall": {"outcome": {"pass": 0.5, "refuse": 0.4}}}},
     ("gates", "hall", "outcome"), "shares-not-one"),
    ({"gates": {"hall": {"outcome": {"next": 1.0}}}}, ("gates", "hall", "outcome", "next"),
     "gate-never-decides"),
    (step("buy", pay={"account": "purs"}), (*BUY, "pay", "account"), "unknown-account"),
    (step("buy", pay={"otherwise": "asck"}), (*BUY, "pay", "otherwise"), "unknown-step"),
    (step("buy", pay={"otherwise": "buy"}), BUY, "circle-takes-no-time"),
    ({"accounts": {"purse": {"every": None}}}, ("accounts", "purse", "every"),
     "refill-and-every"),
    ({"accounts": {"purse": {"refill": None}}}, ("accounts", "purse", "refill"),
     "refill-and-every"),
    ({"accounts": {"purse": {"refill": None, "every": None, "carry_over": True}}},
     ("accounts", "purse", "carry_over"), "carry-over-without-refill"),
    (vote(between=None), (*ASK, "vote", "between"), "rounds-without-time"),
    (vote(need=6, between="1 d"), (*ASK, "vote", "need"), "need-above-parties"),
    (vote(failed="drop", between="1 d"), (*ASK, "vote", "failed"), "unknown-step"),
    (vote(again="meet", between="1 d"), (*ASK, "vote", "again"), "unknown-step"),
]  # fmt: skip


def test_the_whole_system_breaks_no_rule():
    assert check(system()) == []


@pytest.mark.parametrize(("change", "path", "code"), BROKEN, ids=lambda value: str(value)[-40:])
def test_a_broken_rule_is_told_at_its_field_in_both_languages(change, path, code):
    broken = system(**change)

    findings = [finding for finding in check(broken) if finding.code != "route-never-ends"]

    assert [(finding.path, finding.code) for finding in findings] == [(path, code)]
    for problem in find_problems(broken):
        assert problem.message_en
        assert problem.message_zh


def test_a_circle_with_time_in_it_is_none():
    steps = {"apply": {"delay": "1 d", "next": "buy"}, "buy": {"pay": {"otherwise": "apply"}}}
    assert check(system(flows={"main": {"steps": steps}})) == []


def test_amounts_are_in_order():
    with pytest.raises(ValueError, match="low must not be above high"):
        system(**step("buy", pay={"amount": {"low": "3 CNY", "high": "2 CNY"}}))


def test_what_the_steps_compile_to():
    plan = compile_plan(system())
    check_plan(plan)
    at = {name: number for number, name in enumerate(plan.names.steps)}
    hear, buy, ask = (at[f"main.{name}"] for name in ("hear", "buy", "ask"))
    between, fix, leave = at["main.ask@between"], at["main.fix"], at["main@leave"]

    def ways(number):
        of = (plan.step_next, plan.step_other, plan.step_third)
        return tuple(int(column[number]) for column in of)

    assert [plan.step_kind[n] for n in (hear, buy, ask)] == [
        StepKind.GATE, StepKind.PAY, StepKind.VOTE,
    ]  # fmt: skip
    assert ways(hear) == (buy, ask, leave)
    assert ways(buy) == (fix, ask, -1)
    assert ways(ask) == (fix, between, leave)
    assert plan.step_next[between] == ask
    assert (plan.step_least[buy], plan.step_most[buy]) == (100, 200)
    assert (plan.step_least[ask], plan.step_most[ask], plan.step_cap[ask]) == (5, 5, 3)
    assert plan.step_threshold[0, hear] == plan.step_threshold[0, ask] == (ALWAYS + 1) // 2


def test_where_gates_and_accounts_stand_and_when_they_act():
    plan = compile_plan(system())

    assert plan.gate_of.tolist() == [[0, 0, 0]]
    assert plan.account_of.tolist() == [[-1, 0, 1]]
    assert plan.account_place.tolist() == [1, 2]
    assert plan.gate_outcome.tolist() == [[ALWAYS] * 3]
    # From 15 January 2024 to 1 April are 77 days; the run ends on 18 February 2025.
    assert plan.refill_at.tolist() == [day * DAY for day in (77, 168, 260, 352)]
    assert plan.names.calendars[plan.gate_group[0]] == "days#0"


def test_a_home_above_the_level_of_its_account_is_told():
    rows = [
        {"name": "a", "level": "street", "parent": "city", "households": 3},
        {"name": "b", "level": "street", "parent": "city"},
        {"name": "c", "level": "grid", "parent": "b", "households": 3},
    ]
    places = {"root": {"level": "city", "name": "city"}, "rows": rows}
    whole = {**smallest(**WHOLE), "places": places}
    with pytest.raises(PlanError, match=r"accounts.purse.at: homes in city/a have no place"):
        compile_plan(System.model_validate(whole))


def test_plans_without_them_have_nothing_of_them():
    plan = compile_plan(System.model_validate(smallest()))

    check_plan(plan)
    for name in ("gate_of", "gate_type", "gate_batch", "account_type", "account_balance"):
        assert np.size(getattr(plan, name)) == 0
    assert plan.refill_ptr.tolist() == [0]
    assert not set(plan.step_kind.tolist()) & {StepKind.GATE, StepKind.PAY, StepKind.VOTE}
