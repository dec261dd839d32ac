"""What no session, fund or vote may break, on generated systems, read off the log alone."""

from bisect import bisect_left
from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.demand.trace import draw_trace
from sim.metrics.requests import request_table
from sim.plan.check import check_plan
from sim.plan.codes import Code, Phase
from tests.strategies import compiled
from tests.traces.playing import play

HEARD = {Code.GATE_PASS, Code.GATE_REFUSE, Code.GATE_NEXT}
LOW, HIGH, PARTIES, CAP = 1_00, 3_00, 4, 3
SHARES = [(1.0, 0.0), (0.6, 0.1), (0.2, 0.3), (0.0, 1.0)]


@st.composite
def systems(draw):
    """A town with a gate, a fund and a vote in its one flow, visited more than once."""
    passed, refused = draw(st.sampled_from(SHARES))
    gate = {
        "sessions": draw(st.sampled_from(["often", "office"])),
        "batch": draw(st.integers(1, 4)),
        "outcome": {"pass": passed, "refuse": refused, "next": round(1 - passed - refused, 9)},
    }
    account = {"balance": f"{draw(st.integers(0, 30))} CNY"}
    if draw(st.booleans()):
        account["refill"] = f"{draw(st.integers(0, 20))} CNY"
        account["every"] = draw(st.sampled_from(["month", "quarter", "year"]))
        account["carry_over"] = draw(st.booleans())
    for each in (gate, account):
        if draw(st.booleans()):
            each["at"] = draw(st.sampled_from(["c", "g"]))
    vote = {"parties": PARTIES, "need": draw(st.sampled_from([1, 3, "all"])), "failed": "serve",
            "consent": draw(st.sampled_from([0.1, 0.5, 0.9])), "rounds": CAP}  # fmt: skip
    if draw(st.booleans()):
        vote["again"] = "serve"
    if "again" not in vote or draw(st.booleans()):
        vote["between"] = draw(st.sampled_from(["1 h", "30 min"]))
    steps = {
        "hear": {"gate": {"gate": "hall", "admit": 0.9, "otherwise": "serve",
                          "refused": draw(st.sampled_from(["serve", "leave"]))}, "next": "buy"},
        "buy": {"pay": {"account": "purse", "amount": {"low": "1 CNY", "high": "3 CNY"},
                        "otherwise": "agree"}, "next": "serve"},
        "agree": {"vote": vote, "next": "serve"},
        "serve": {"work": {"line": "desk"}, "next": "way"},
        "way": {"branch": {"close": 0.5, "hear": 0.3, "agree": 0.2}},
    }  # fmt: skip
    patience = {"after": {"exponential": "40 h"}, "then": "leave"}
    classes = {
        name: {"flow": "f", "work": {"exponential": "1 h"}, "priority": draw(st.integers(1, 3))}
        for name in ("a", "b")
    }
    if draw(st.booleans()):
        classes["a"]["timers"] = {"patience": patience}
    return {
        "name": "generated",
        "title": "Generated",
        "run": {
            "start": draw(st.sampled_from(["2024-03-28", "2023-12-30 09:30"])),
            "horizon": "8 d",
            "tick": draw(st.sampled_from(["1 us", "1 min", "1 h"])),
        },
        "places": {
            "root": {"level": "city", "name": "city", "households": 8},
            "levels": {
                "c": {"within": "city", "per_parent": 2},
                "g": {"within": "c", "per_parent": 2},
            },
        },
        "calendars": {
            "often": {"windows": {"on": [{"start": "1 h", "end": "2 h"}], "every": "7 h"}},
            "office": {"week": {"mon-sun": ["09:00-12:00", "14:00-17:00"]}},
        },
        "sources": {
            "s": {
                "kind": "arrivals",
                "at": "g",
                "rate": "1/d",
                "classes": {"a": 0.5, "b": 0.5},
            },
            "t": {"kind": "arrivals", "at": "g", "times": ["8 h", "8 h"], "classes": {"b": 1}},
        },
        "requests": classes,
        "flows": {"f": {"start": draw(st.sampled_from(["hear", "agree"])), "steps": steps}},
        "gates": {"hall": gate},
        "accounts": {"purse": account},
        "lines": {"desk": {}},
        "pools": {"clerks": {"staff": 3, "serves": ["desk"]}},
    }


def played(system):
    plan = compiled(system)
    check_plan(plan)
    return plan, play(plan, draw_trace(plan, 3, 0))


def rows_of(log):
    names = ("time", "phase", "code", "request", "ordinal", "amount", "place")
    return list(zip(*(getattr(log, name).tolist() for name in names), strict=True))


@settings(max_examples=60)
@given(systems())
def test_sessions_hear_the_first_of_those_who_wait_and_no_more_than_a_batch(system):
    plan, log = played(system)
    batch = int(plan.gate_batch[0])
    group = int(plan.gate_group[0])
    begins = plan.group_on[plan.group_ptr[group] : plan.group_ptr[group + 1]].tolist()
    priority = plan.class_priority[0][log.requests.request_class]
    waiting, rows = defaultdict(dict), rows_of(log)
    n = 0
    while n < len(rows):
        time, phase, code, request, gate, amount, place = rows[n]
        if code == Code.GATE_WAIT:
            assert gate == plan.gate_of[0, place]
            waiting[gate][request] = time
        elif code == Code.WITHDRAW and request in waiting[gate]:
            assert amount == time - waiting[gate].pop(request)
        elif code in HEARD:
            assert phase == Phase.GATE
            assert time in begins
            order = sorted(waiting[gate], key=lambda r: (priority[r], waiting[gate][r], r))
            due = order[:batch]
            session = rows[n : n + len(due)]
            # A session is one stretch of rows: all is decided before anybody moves on.
            assert [row[3] for row in session] == due
            assert all(row[2] in HEARD and row[4] == gate for row in session)
            for row in session:
                assert row[5] == time - waiting[gate][row[3]]
                if row[2] != Code.GATE_NEXT:
                    del waiting[gate][row[3]]
            n += len(due) - 1
        n += 1


@settings(max_examples=40)
@given(systems())
def test_with_room_for_all_a_request_is_heard_at_the_next_session(system):
    system["gates"]["hall"]["batch"] = 1000
    plan, log = played(system)
    group = int(plan.gate_group[0])
    begins = plan.group_on[plan.group_ptr[group] : plan.group_ptr[group + 1]].tolist()
    since = {}
    for time, _, code, request, _, _, _ in rows_of(log):
        if code in {Code.GATE_WAIT, Code.GATE_NEXT}:
            # Who comes in the very instant of a session is heard if it comes before it.
            since[request] = (time, code == Code.GATE_NEXT)
        if code in HEARD and request in since and not since[request][1]:
            came = since.pop(request)[0]
            assert time in begins
            assert bisect_left(begins, time) - bisect_left(begins, came) in {0, 1}
            assert came == time or bisect_left(begins, time) == bisect_left(begins, came + 1)


@settings(max_examples=60)
@given(systems())
def test_accounts_are_never_overdrawn_and_pay_whenever_they_can(system):
    plan, log = played(system)
    account = plan.account_type
    balance = plan.account_balance[account].tolist()
    refills = defaultdict(list)
    for time, phase, code, _, ordinal, amount, place in rows_of(log):
        if code in {Code.PAY, Code.EMPTY}:
            assert LOW <= amount <= HIGH
            assert ordinal == plan.account_of[0, place]
            assert (balance[ordinal] >= amount) == (code == Code.PAY)
            balance[ordinal] -= amount if code == Code.PAY else 0
        elif code == Code.REFILL:
            assert phase == Phase.GATE
            assert place == plan.account_place[ordinal]
            rest = balance[ordinal] if plan.account_carry[0] else 0
            assert amount == plan.account_refill[0] + rest
            balance[ordinal] = amount
            refills[ordinal].append(time)
        assert min(balance) >= 0
    for number in range(len(account)):
        assert refills[number] == plan.refill_at.tolist()


@settings(max_examples=60)
@given(systems())
def test_a_vote_goes_on_until_enough_consent_or_its_rounds_are_used_up(system):
    plan, log = played(system)
    need = int(plan.step_least[plan.step_most == PARTIES][0])
    votes = {}
    for _, _, code, request, turn, consents, _ in rows_of(log):
        if code != Code.VOTE:
            continue
        before, agreed = votes.get(request, (0, 0))
        assert turn == before + 1
        assert agreed <= consents <= PARTIES
        votes[request] = (turn, consents)
        if consents >= need or turn == CAP:
            del votes[request]


@settings(max_examples=40)
@given(systems())
def test_the_parts_make_up_the_time_in_the_system(system):
    plan, log = played(system)
    table = request_table(log, plan)
    parts = sum(getattr(table, name) for name in (
        "waiting", "paused", "worked", "delay", "held", "evaluation", "gate",
    ))  # fmt: skip
    assert np.array_equal(parts, table.exit_at - table.reported_at)
    came = defaultdict(int)
    for time, _, code, request, _, _, _ in rows_of(log):
        came[request] -= time if code == Code.GATE_WAIT else 0
        if code in {Code.GATE_PASS, Code.GATE_REFUSE}:
            came[request] += time
    left = set(log.request[log.code == Code.WITHDRAW].tolist())
    open_ = {number for number, total in came.items() if total < 0} | left
    for number, total in came.items():
        if number >= 0 and number not in open_:
            assert table.gate[number] == total
