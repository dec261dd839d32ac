"""Every rule across fields, each with the smallest system that breaks it, and it alone."""

import subprocess
import sys

import pytest

from sim.model.system import System
from sim.scenario.findings import shares
from sim.scenario.rules import check, find_problems
from tests.unit.plan_systems import OFFICE, district, merged, system

LADDER = {
    "ladders": {
        "up": {
            "order": ["grid", "city"],
            "rungs": {"grid": {"line": "desk"}, "city": {"line": "desk"}},
        }
    },
    "flows": {"main": {"steps": {"fix": {"work": None, "ladder": "up"}}}},
    "requests": {"repair": {"closing": {"grid": 0.5, "city": 0.5}}},
}
VERDICTS = {
    "verdicts": {"v": {"edges": [1.0], "resolved": [0.9, 0.8], "satisfied": [0.9, 0.8]}},
    "flows": {
        "main": {
            "steps": {
                "fix": {"next": "ask"},
                "ask": {"evaluate": {"verdicts": "v", "rework": "fix"}},
            }
        }
    },
}
PLACES = {
    "places": {
        "root": {"level": "city"},
        "levels": {"grid": {"within": "city", "per_parent": 2}},
    }
}
DUTY = {"kind": "duty", "request": "visit", "at": "site", "times": 1.0, "calendar": "always"}
VISIT = {"kind": "duty", "flow": "main", "work": "1 h"}
OWN = {"resolved": [0.5], "satisfied": [0.5]}
ROTA = {"rota": {"shift": "8 h", "groups": 3}}
DOWN = {
    "order": ["city", "grid"],
    "rungs": {"grid": {"line": "desk"}, "city": {"line": "desk"}},
}
BELOW = {"within": "site", "per_parent": 2}
HOUSEHOLDS = {"rules": {"n": {"workers": 1, "per": 300, "of": "household"}}}
CITY = {"enter": {"at": "1 d"}, "leave": {"lasts": "1 d"}}


def mode(**parts):
    return {"modes": {"war": {**CITY, **parts}}}


def timer(**parts):
    return {"requests": {"repair": {"timers": {"t": {"after": "1 d", **parts}}}}}


def shock(**parts):
    return {
        "shocks": {"rain": {"start": "1 d", "lasts": "1 d", "factors": {"calls": 2.0}, **parts}}
    }


def step(name="fix", **parts):
    return {"flows": {"main": {"steps": {name: parts}}}}


def both(*parts):
    whole = {}
    for part in parts:
        whole = merged(whole, part)
    return whole


def repair(**parts):
    return {"requests": {"repair": parts}}


def calls(**parts):
    return {"sources": {"calls": parts}}


def clerks(**parts):
    return {"pools": {"clerks": parts}}


def ladder(**parts):
    return {"ladders": {"up": parts}}


def table(**parts):
    return {"verdicts": {"v": parts}}


def visits(**parts):
    return {"sources": {"visits": DUTY | parts}, "requests": {"visit": VISIT}}


def windows(on, **parts):
    return {"calendars": {"w": {"windows": {"on": on, **parts}}}}


def odds(branch):
    return {"flows": {"main": {"start": "odds", "steps": {"odds": {"branch": branch}}}}}


def state(**parts):
    return {"state": parts}


SET_TO_ZERO = odds({"fix": 0.0, "close": 1.0})

CASES = [
    # ---- the run
    ({"run": {"warm_up": "10 d"}}, "run.warm_up", "warm-up-too-long"),
    ({"run": {"cool_down": "90 min", "tick": "1 h"}}, "run.cool_down", "not-whole-ticks"),
    ({"run": {"control": "0 h"}}, "run.control", "must-be-positive"),
    ({"run": {"horizon": "0 h"}}, "run.horizon", "must-be-positive"),
    # ---- references
    ({"requests": {"repair": {"flow": "mian"}}}, "requests.repair.flow", "unknown-flow"),
    ({"flows": {"main": {"start": "fxi"}}}, "flows.main.start", "unknown-step"),
    (step(next="don"), "flows.main.steps.fix.next", "unknown-step"),
    (step(work={"line": "dsk"}), "flows.main.steps.fix.work.line", "unknown-line"),
    (step(work=None, ladder="up"), "flows.main.steps.fix.ladder", "unknown-ladder"),
    (
        both(VERDICTS, {"verdicts": {"v": None, "w": VERDICTS["verdicts"]["v"]}}),
        "flows.main.steps.ask.evaluate.verdicts",
        "unknown-verdict-table",
    ),
    (
        both(VERDICTS, step("ask", evaluate={"rework": "fxi"})),
        "flows.main.steps.ask.evaluate.rework",
        "unknown-step",
    ),
    ({"lines": {"desk": {"at": "grid"}}}, "lines.desk.at", "unknown-level"),
    ({"lines": {"desk": {"prefer": ["clerk"]}}}, "lines.desk.prefer[0]", "unknown-pool"),
    (clerks(serves=["desk", "dsk"]), "pools.clerks.serves[1]", "unknown-line"),
    (clerks(at="grid"), "pools.clerks.at", "unknown-level"),
    (clerks(calendar="ofice"), "pools.clerks.calendar", "unknown-calendar"),
    (
        clerks(staff={"rules": {"n": {"workers": 1, "level": "grid"}}}),
        "pools.clerks.staff.rules.n.level",
        "unknown-level",
    ),
    (
        clerks(serves=[{"line": "desk", "within": "grid"}]),
        "pools.clerks.serves[0].within",
        "unknown-level",
    ),
    (
        calls(classes={"repair": None, "repar": 1.0}),
        "sources.calls.classes.repar",
        "unknown-class",
    ),
    (calls(at="grid"), "sources.calls.at", "unknown-level"),
    (timer(clock="office"), "requests.repair.timers.t.clock", "unknown-calendar"),
    (shock(factors={"cals": 2.0}), "shocks.rain.factors.cals", "unknown-source"),
    (visits(calendar="ofice"), "sources.visits.calendar", "unknown-calendar"),
    # ---- shares
    (calls(classes={"repair": 0.9}), "sources.calls.classes", "shares-not-one"),
    (odds({"fix": 0.5, "close": 0.4}), "flows.main.steps.odds.branch", "shares-not-one"),
    (both(LADDER, repair(closing={"city": 0.4})), "requests.repair.closing", "shares-not-one"),
    # ---- flows
    (step("lost", delay="1 h"), "flows.main.steps.lost", "step-unreachable"),
    (odds({"fix": 1.0, "gone": 0.0}), "flows.main.steps.odds.branch.gone", "unknown-step"),
    (step(next="fix"), "flows.main.steps.fix", "route-never-ends"),
    (
        odds({"odds": 1.0, "fix": 0.0}),
        "flows.main.steps.odds",
        "route-never-ends",
    ),
    (
        both(step(next="leave"), step("leave", work={"line": "desk"})),
        "flows.main.steps.leave",
        "reserved-name",
    ),
    (repair(work=None), "requests.repair", "work-missing"),
    # ---- ladders and closing rungs
    (
        both(LADDER, repair(closing={"city": None, "town": 0.5})),
        "requests.repair.closing.town",
        "unknown-rung",
    ),
    (
        both(LADDER, repair(work_at={"gird": "1 h"})),
        "requests.repair.work_at.gird",
        "unknown-rung",
    ),
    (both(LADDER, repair(closing=None)), "requests.repair.closing", "closing-missing"),
    (repair(closing={"grid": 1.0}), "requests.repair.closing", "closing-without-ladder"),
    (both(LADDER, ladder(order=["grid"])), "ladders.up.order", "order-not-rungs"),
    (
        both(LADDER, ladder(rungs={"city": {"line": "dsk"}})),
        "ladders.up.rungs.city.line",
        "unknown-line",
    ),
    (
        both(LADDER, {"ladders": {"down": DOWN}}),
        "ladders",
        "ladders-contradict",
    ),
    # ---- verdicts
    (both(VERDICTS, table(resolved=[0.9])), "verdicts.v.resolved", "bands-do-not-fit"),
    (both(VERDICTS, table(edges=[0.0])), "verdicts.v.edges", "edges-not-rising"),
    (
        both(VERDICTS, table(classes={"repar": OWN})),
        "verdicts.v.classes.repar",
        "unknown-class",
    ),
    (
        both(VERDICTS, table(classes={"repair": OWN | {"classes": {"repair": OWN}}})),
        "verdicts.v.classes.repair.classes",
        "nested-classes",
    ),
    # ---- limits and timers
    (
        repair(limit={"after": "3 workdays"}),
        "requests.repair.limit.clock",
        "limit-needs-clock",
    ),
    (
        both({"calendars": {"rota": ROTA}}, repair(limit={"after": "3 d", "clock": "rota"})),
        "requests.repair.limit.clock",
        "clock-has-groups",
    ),
    (timer(then="go"), "requests.repair.timers.t.to", "timer-to"),
    (timer(then="go", to="fxi"), "requests.repair.timers.t.to", "unknown-step"),
    (timer(then="rise"), "requests.repair.timers.t.then", "rise-without-ladder"),
    (timer(then="supervise", every="0 h"), "requests.repair.timers.t.every", "timer-every"),
    (timer(until="start"), "requests.repair.timers.t.until", "timer-until"),
    # ---- calendars
    (
        both({"calendars": {"office": OFFICE}}, clerks(calendar="office")),
        "pools.clerks.shift_end",
        "shift-end-missing",
    ),
    (
        {"calendars": {"office": OFFICE | {"holidays": "table"}}},
        "calendars.office.holidays",
        "holidays-without-table",
    ),
    (
        windows([{"start": "3 h", "end": "2 h"}]),
        "calendars.w.windows.on",
        "windows-not-ordered",
    ),
    (
        windows([{"start": "1 h", "end": "3 h"}], every="2 h"),
        "calendars.w.windows.every",
        "windows-longer-than-cycle",
    ),
    (
        {"calendars": {"r": {"rota": {"shift": "0 h", "groups": 2}}}},
        "calendars.r.rota.shift",
        "must-be-positive",
    ),
    ({"calendars": {"always": OFFICE}}, "calendars.always", "reserved-name"),
    # ---- places
    (
        {"places": {"levels": {"grid": {"within": "town", "per_parent": 2}}}},
        "places.levels.grid.within",
        "unknown-level",
    ),
    (
        {"places": {"levels": {"a": BELOW, "b": BELOW}}},
        "places.levels.b.within",
        "levels-not-a-chain",
    ),
    # ---- capacity
    (
        {"lines": {"spare": {}}, "pools": {"idlers": {"staff": 1, "serves": ["spare"]}}},
        "pools.idlers.serves",
        "pool-unreached",
    ),
    (
        both({"lines": {"spare": {}}}, step(next="two"), step("two", work={"line": "spare"})),
        "lines.spare",
        "line-not-served",
    ),
    (clerks(staff=0), "pools.clerks.staff", "zero-capacity"),
    (
        both(mode(pools={"clerks": {"staff": 0}}), clerks(staff=HOUSEHOLDS)),
        "pools.clerks.staff",
        "zero-capacity",
    ),
    (
        both(PLACES, clerks(serves=[{"line": "desk", "within": "grid"}])),
        "pools.clerks.serves[0].within",
        "within-not-wider",
    ),
    # ---- sources and shocks
    (
        both(visits(), calls(classes={"repair": 0.5, "visit": 0.5})),
        "sources.calls.classes.visit",
        "class-kind",
    ),
    (visits(request="repair"), "sources.visits.request", "class-kind"),
    (calls(rate=None), "sources.calls", "rate-or-times"),
    (
        both(
            {"requests": {"other": {"flow": "main", "work": "1 h"}}},
            calls(rate=None, times=["1 h"], classes={"repair": 0.5, "other": 0.5}),
        ),
        "sources.calls.times",
        "times-of-many-classes",
    ),
    (calls(rate="1/grid/d"), "sources.calls.rate", "rate-noun"),
    (calls(profile={"weekdays": [0.0] * 7}), "sources.calls.profile.weekdays", "weights"),
    (
        calls(profile={"sine": {"amplitude": 0.5, "period": "0 d"}}),
        "sources.calls.profile.sine.period",
        "must-be-positive",
    ),
    (
        calls(profile={"sine": {"amplitude": 0.5, "period": "1 d"}, "weekdays": [1.0] * 7}),
        "sources.calls.profile.sine",
        "sine-or-weights",
    ),
    (shock(rise="20 h", fall="20 h"), "shocks.rain.lasts", "shock-too-short"),
    (shock(factors={"calls": -1.0}), "shocks.rain.factors.calls", "negative-factor"),
    (
        both(shock(), calls(rate=None, times=["1 h"])),
        "shocks.rain.factors.calls",
        "shock-without-rate",
    ),
    # ---- modes
    ({"modes": {"peace": CITY}}, "modes.peace", "reserved-name"),
    (mode(scope="grid"), "modes.war.scope", "unknown-level"),
    (mode(enter={"shock": "rian"}), "modes.war.enter.shock", "unknown-shock"),
    (mode(leave={"shock": "rian"}), "modes.war.leave.shock", "unknown-shock"),
    (mode(enter={"after": "alarm"}), "modes.war.enter.after", "unknown-mode"),
    (
        {"modes": {"war": {"enter": {"at": "1 d"}}, "calm": {"enter": {"after": "war"}}}},
        "modes.calm.enter.after",
        "after-endless-mode",
    ),
    (
        mode(enter=state(above=5, classes=["repar"])),
        "modes.war.enter.state.classes[0]",
        "unknown-class",
    ),
    (mode(leave={"at": "1 h"}), "modes.war.leave.at", "leave-before-enter"),
    (
        mode(enter=state(above=5), leave=state(below=6)),
        "modes.war.leave.state",
        "no-hysteresis",
    ),
    (mode(pools={"clerk": {"staff": 2}}), "modes.war.pools.clerk", "unknown-pool"),
    (
        mode(pools={"clerks": {"serves": ["dsk"]}}),
        "modes.war.pools.clerks.serves[0]",
        "unknown-line",
    ),
    (
        mode(pools={"clerks": {"calendar": "offic"}}),
        "modes.war.pools.clerks.calendar",
        "unknown-calendar",
    ),
    (
        both(mode(pools={"clerks": {"calendar": "office"}}), {"calendars": {"office": OFFICE}}),
        "modes.war.pools.clerks.shift_end",
        "shift-end-missing",
    ),
    (
        both(PLACES, mode(scope="grid", pools={"clerks": {"staff": 2}})),
        "modes.war.pools.clerks",
        "pool-outside-scope",
    ),
    (
        mode(requests={"repar": {"priority": 1}}),
        "modes.war.requests.repar",
        "unknown-class",
    ),
    (
        mode(requests={"repair": {"suspended": "divert"}}),
        "modes.war.requests.repair.divert_to",
        "divert-to",
    ),
    (
        mode(requests={"repair": {"suspended": "divert", "divert_to": "fxi"}}),
        "modes.war.requests.repair.divert_to",
        "unknown-step",
    ),
    (
        both(
            mode(requests={"repair": {"limit": {"after": "1 h"}}}),
            repair(limit={"after": "1 d", "start": "dispatch"}),
        ),
        "modes.war.requests.repair.limit.start",
        "limit-start-differs",
    ),
    (mode(ladders={"up": {}}), "modes.war.ladders.up", "unknown-ladder"),
    (
        both(LADDER, mode(ladders={"up": {"gird": {}}})),
        "modes.war.ladders.up.gird",
        "unknown-rung",
    ),
    (mode(clocks={"office": "always"}), "modes.war.clocks.office", "unknown-calendar"),
]


@pytest.mark.parametrize(
    ("parts", "path", "code"),
    [pytest.param(*case, id=f"{n}-{case[2]}") for n, case in enumerate(CASES)],
)
def test_the_smallest_wrong_system_breaks_its_rule_and_no_other(parts, path, code):
    found = [(problem.path, problem.code) for problem in find_problems(system(**parts))]

    assert found == [(path, code)]


@pytest.mark.parametrize("parts", [{}, LADDER, VERDICTS, PLACES, mode(), SET_TO_ZERO])
def test_a_right_system_breaks_none(parts):
    assert check(system(**parts)) == []


def test_a_full_system_breaks_none():
    assert check(System.model_validate(district())) == []


def test_every_message_exists_in_both_languages():
    for parts, _, _ in CASES:
        for problem in find_problems(system(**parts)):
            assert problem.message_en != problem.message_zh
            assert any("\u4e00" <= sign <= "\u9fff" for sign in problem.message_zh)
            assert (problem.hint_en is None) == (problem.hint_zh is None)


def test_a_near_miss_is_suggested():
    (problem,) = find_problems(system(requests={"repair": {"flow": "mian"}}))[:1]

    assert "'main'" in problem.hint_en
    assert "main" in problem.hint_zh


def test_shares_are_read_as_the_decimals_that_were_written():
    assert shares((), dict.fromkeys("abcdefghij", 0.1)) == []
    assert shares((), {"a": 0.333333333, "b": 0.333333333, "c": 0.333333334}) == []
    (found,) = shares((), {"a": 0.3, "b": 0.6})
    assert "sum to 0.9" in found.message_en


def test_modes_that_wait_for_each_other_are_told():
    after = {"leave": {"lasts": "1 d"}}
    modes = {"a": {"enter": {"after": "b"}, **after}, "b": {"enter": {"after": "a"}, **after}}

    codes = [problem.code for problem in find_problems(system(modes=modes))]

    assert codes == ["modes-wait-in-a-circle"] * 2


def test_all_problems_come_at_once():
    parts = {"run": {"warm_up": "10 d"}, "pools": {"clerks": {"staff": 0}}}

    assert len(find_problems(system(**parts))) == 2


def test_checking_does_not_wait_for_numpy():
    code = "import sys, sim.scenario.rules; raise SystemExit('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
