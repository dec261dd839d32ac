"""The compiled plan: flows as steps, lines and pools both ways, modes, limits and sources."""

import time

import numpy as np
import pytest

from sim.errors import PlanError
from sim.keys import short_key
from sim.model.distributions import Law
from sim.model.routing import Ladder, Rung
from sim.model.system import System
from sim.plan.check import check_plan
from sim.plan.codes import ShiftEnd, SourceKind, StepKind, Suspension, Trigger
from sim.plan.compile import compile_plan, compile_system
from sim.plan.laws import LawPool
from sim.plan.numbering import rung_order
from sim.plan.tables import ALWAYS, sample, threshold, thresholds
from sim.units import DAY, HOUR, MINUTE
from tests.pace import allowed
from tests.unit.plan_systems import OFFICE, district, merged, system

RUNGS = {
    "grid": {"line": "desk", "triage": "5 min", "hand_off": "1 h", "misrouting": 0.1},
    "city": {"line": "desk", "triage": "7 min"},
}
CLIMB = {
    "flows": {"main": {"steps": {"fix": {"work": None, "ladder": "up", "next": "ask"},
                                 "ask": {"evaluate": {"verdicts": "v", "rework": "fix"}}}}},
    "ladders": {"up": {"order": ["grid", "city"], "rungs": RUNGS}},
    "requests": {"repair": {"closing": {"grid": 0.75, "city": 0.25},
                            "external": {"city": "3 d"}, "work_at": {"city": "2 h"}}},
    "verdicts": {"v": {"delay": "1 d", "resolved": [0.9], "satisfied": [0.8]}},
}  # fmt: skip
TOWN = {
    "root": {"level": "city", "name": "x", "households": 100},
    "levels": {
        "quarter": {"within": "city", "per_parent": 2},
        "grid": {"within": "quarter", "per_parent": 2},
    },
}


def plan_of(**parts):
    plan = compile_plan(system(**parts))
    check_plan(plan)
    return plan


def steps_of(plan):
    """Steps by name, with the names of where they lead."""
    names = [*plan.names.steps, None]

    def told(number):
        kind = StepKind(int(plan.step_kind[number])).name
        to = [plan.step_next[number], plan.step_other[number], plan.step_rise[number]]
        return (kind, *(names[step] for step in to))

    return {name: told(number) for number, name in enumerate(plan.names.steps)}


def row(plan, name):
    return plan.names.steps.index(name)


def pairs(plan, pool, mode=0):
    """Lines that a pool serves in a mode, with ranks, by the names of their places."""
    at = mode * len(plan.pool_type) + pool
    part = slice(plan.serve_ptr[at], plan.serve_ptr[at + 1])
    lines = plan.serve_line[part]
    places = [plan.names.places[place] for place in plan.line_place[lines]]
    return list(zip(places, plan.serve_rank[part].tolist(), strict=True))


def asked(plan, line, mode=0):
    part = slice(plan.line_ptr[line], plan.line_ptr[line + 1])
    here = plan.line_pool_mode[part] == mode
    pools = plan.line_pool[part][here]
    names = [
        f"{plan.names.pool_types[plan.pool_type[q]]}@{plan.names.places[plan.pool_place[q]]}"
        for q in pools
    ]
    return list(zip(names, plan.line_pool_rank[part][here].tolist(), strict=True))


# ---- flows


def test_a_flow_of_one_step_works_closes_and_ends():
    assert steps_of(plan_of()) == {
        "main.fix": ("WORK", "main@close", None, None),
        "main@close": ("CLOSE", "main@end", None, None),
        "main@end": ("END", None, None, None),
        "main@leave": ("LEAVE", None, None, None),
    }


def test_a_ladder_climbs_is_misrouted_and_rises_as_the_contract_says():
    up = "main.fix@grid.hand_off"

    assert steps_of(plan_of(**CLIMB)) == {
        "main.ask@close": ("CLOSE", "main.ask", None, None),
        "main.ask": ("EVALUATE", "main@end", "main.fix@grid.level", None),
        "main.fix@grid.work": ("WORK", "main.ask@close", None, up),
        "main.fix@grid.level": ("LEVEL", "main.fix@grid.work", "main.fix@grid.triage", up),
        up: ("HAND_OFF", "main.fix@city.work", "main.fix@grid.misrouted", None),
        "main.fix@grid.triage": ("WORK", up, None, up),
        "main.fix@grid.misrouted": ("WORK", "main.fix@grid.return", None, up),
        "main.fix@grid.return": ("RETURN", up, None, up),
        "main.fix@city.work": ("WORK", "main.fix@city.external", None, None),
        "main.fix@city.external": ("DELAY", "main.ask@close", None, None),
        "main@close": ("CLOSE", "main@end", None, None),
        "main@end": ("END", None, None, None),
        "main@leave": ("LEAVE", None, None, None),
    }


def test_steps_carry_their_laws_rungs_and_thresholds():
    plan = plan_of(**CLIMB)

    def content(name):
        return sample(plan.law_table[plan.step_law[0, row(plan, name)]], 1 << 63)

    assert content("main.fix@grid.work") == HOUR
    assert content("main.fix@city.work") == 2 * HOUR
    assert content("main.fix@grid.misrouted") == 7 * MINUTE
    assert content("main.ask") == DAY
    assert plan.step_threshold[0, row(plan, "main.fix@grid.hand_off")] == threshold(0.1)
    assert plan.step_cap[row(plan, "main.fix@grid.hand_off")] == 2
    assert plan.step_level[row(plan, "main.fix@grid.misrouted")] == 1
    assert plan.class_level.tolist() == [0, 1]
    assert plan.class_level_share.tolist() == thresholds([0.75, 0.25])
    assert plan.step_key[0] == short_key(plan.names.steps[0])


def test_without_triage_or_misrouting_their_steps_are_left_out():
    bare = {"line": "desk", "hand_off": "1 h"}
    rungs = {"ladders": {"up": {"rungs": {"grid": bare | {"triage": None}}}}}
    parts = merged(CLIMB, rungs | {"ladders": {"up": {"rungs": {"grid": {"misrouting": 0.0}}}}})
    parts = merged(parts, {"ladders": {"up": {"rungs": {"grid": {"triage": None}}}}})

    steps = steps_of(plan_of(**parts))

    assert steps["main.fix@grid.level"][2] == "main.fix@grid.hand_off"
    assert steps["main.fix@grid.hand_off"][2] is None
    assert "main.fix@grid.return" not in steps


def test_draw_columns_count_steps_then_timers_and_skip_what_a_mode_changes():
    war = {"enter": {"at": "1 d"}, "ladders": {"up": {"grid": {"hand_off": "2 h"}}}}
    timers = {
        "requests": {"repair": {"timers": {"b": {"after": "1 d"}, "a": {"after": "2 d"}}}}
    }
    plan = plan_of(**merged(CLIMB, timers), modes={"war": war})

    columns = plan.step_draw[plan.step_draw >= 0].tolist()
    assert columns == list(range(len(columns)))
    assert plan.step_draw[row(plan, "main.fix@grid.hand_off")] == -1
    assert plan.timer_draw.tolist() == [len(columns), len(columns) + 1]
    assert plan.names.timers == ("repair.a", "repair.b")


def test_branches_are_cumulative_and_may_close():
    odds = {"start": "odds", "steps": {"odds": {"branch": {"fix": 0.25, "close": 0.75}}}}
    plan = plan_of(flows={"main": odds})

    assert plan.branch_share.tolist() == [*thresholds([0.75, 0.25])]
    assert [plan.names.steps[step] for step in plan.branch_step] == ["main@close", "main.fix"]


def test_each_class_has_its_own_copy():
    plan = plan_of(requests={"other": {"flow": "main", "work": "2 h"}})

    assert plan.names.steps == plan.names.steps[:4] * 2
    assert plan.class_start.tolist() == [0, 4]
    assert plan.step_next[4] == 5


def test_a_class_may_have_verdicts_of_its_own():
    table = {
        "edges": [1.0],
        "resolved": [0.9, 0.5],
        "satisfied": [0.8, 0.4],
        "reopened": [0.5],
        "classes": {"repair": {"resolved": [0.3], "satisfied": [0.2]}},
    }
    own = {"verdicts": {"v": table}}
    plan = plan_of(**merged(CLIMB, own))

    table = plan.step_table[row(plan, "main.ask")]
    assert plan.verdict_edges.tolist() == [1, 0]
    assert plan.verdict_edge[0].tolist() == [1000]
    assert plan.verdict_resolved[table].tolist() == [threshold(0.3)] * 2
    assert plan.verdict_satisfied[0, 1, 1] == pytest.approx(threshold(0.2), rel=1e-15)
    assert plan.verdict_delay[table] == plan.verdict_delay[0] >= 0


def test_rungs_of_all_ladders_have_one_order():
    ladders = system(
        **merged(CLIMB, {"ladders": {"two": {"order": ["block", "grid"], "rungs": {
            "block": {"line": "desk"}, "grid": {"line": "desk"}}}}})
    ).ladders  # fmt: skip

    assert rung_order(ladders) == ["block", "grid", "city"]
    single = {name: Ladder(order=[name], rungs={name: Rung(line="desk")}) for name in "cab"}
    assert rung_order(single) == ["a", "b", "c"]
    linked = {"up": Ladder(order=["c", "a"], rungs=single["a"].rungs), "b": single["b"]}
    assert rung_order(linked) == ["b", "c", "a"]
    with pytest.raises(PlanError, match="contradict"):
        rung_order(linked | {"down": Ladder(order=["a", "c"], rungs=single["a"].rungs)})


# ---- lines and pools


def test_a_pool_serves_its_own_line_then_those_of_its_neighbours():
    serves = ["desk", {"line": "desk", "within": "quarter"}, {"line": "desk", "within": "city"}]
    plan = plan_of(places=TOWN, lines={"desk": {"at": "grid"}},
                   pools={"clerks": {"at": "grid", "serves": serves}})  # fmt: skip

    assert pairs(plan, 0) == [("x/q1/g1", 0), ("x/q1/g2", 3), ("x/q2/g1", 5), ("x/q2/g2", 5)]
    others = ["clerks@x/q1/g1", "clerks@x/q2/g1", "clerks@x/q2/g2"]
    assert asked(plan, 1) == [("clerks@x/q1/g2", 0), *((pool, 1) for pool in others)]


def test_a_line_asks_the_pools_it_names_then_its_own_then_others():
    serves = [{"line": "desk", "within": "city"}]
    names = ["aides", "clerks", "zeal"]
    pools = {name: {"at": "quarter", "staff": 1, "serves": serves} for name in names}
    desk = {"desk": {"at": "quarter", "prefer": ["zeal"]}}
    town = merged(TOWN, {"levels": {"grid": None}})
    plan = plan_of(places=town, lines=desk, pools=pools)

    assert [name for name, _ in asked(plan, 0)] == [
        f"{pool}@x/q{place}"
        for pool, place in [
            ("zeal", 1), ("zeal", 2), ("aides", 1), ("clerks", 1), ("aides", 2), ("clerks", 2),
        ]
    ]  # fmt: skip


def test_lines_above_and_below_a_pool_are_its_own():
    pools = {
        "clerks": {"at": "quarter", "serves": ["hall", "desk"]},
        "chief": {"staff": 1, "serves": ["desk"]},
    }
    desks = {"hall": {}, "desk": {"at": "grid", "prefer": ["clerks"]}}
    plan = plan_of(places=TOWN, lines=desks, pools=pools)

    grids = ["x/q1/g1", "x/q1/g2", "x/q2/g1", "x/q2/g2"]
    assert pairs(plan, 0) == [(grid, 0) for grid in grids]
    assert pairs(plan, 1) == [("x", 0), (grids[0], 2), (grids[1], 2)]
    desk = int(plan.line_of[0, plan.leaf_place[0]])
    assert [name for name, _ in asked(plan, desk)] == ["clerks@x/q1", "chief@x"]


def test_pools_have_room_for_the_mode_with_most_workers():
    war = {"enter": {"at": "1 d"}, "pools": {"clerks": {"staff": 5, "productivity": 0.5}}}
    plan = plan_of(pools={"clerks": {"staff": 2}}, modes={"war": war})

    assert plan.pool_staff.tolist() == [[2], [5]]
    assert len(plan.worker_pool) == 5
    assert plan.pool_productivity.tolist() == [[1000], [500]]
    assert len(np.unique(plan.worker_key)) == 5


def test_workers_are_spread_over_rota_groups_from_place_to_place():
    plan = plan_of(
        places=TOWN,
        calendars={"rota": {"rota": {"shift": "8 h", "groups": 3}}},
        pools={
            "clerks": {"at": "quarter", "staff": 3, "calendar": "rota", "shift_end": "pause"}
        },
    )

    assert plan.names.calendars == ("always#0", "rota#0", "rota#1", "rota#2")
    assert plan.worker_group[0].tolist() == [1, 2, 3, 2, 3, 1]
    assert plan.pool_shift_end[0].tolist() == [ShiftEnd.PAUSE] * 2


def test_pay_by_the_day_is_earned_by_the_hours_of_a_day():
    pools = {"clerks": {"calendar": "office", "shift_end": "finish", "pay": "140 CNY/d"}}
    plan = plan_of(calendars={"office": OFFICE}, pools=pools)

    assert plan.pool_pay_hour.tolist() == [[2_000_000]]
    assert plan.pool_pay.tolist() == [[0]]
    monthly = plan_of(pools={"clerks": {"pay": "600 CNY/month"}})
    assert monthly.pool_pay.tolist() == [[60_000_000]]


# ---- limits, modes, sources


def test_workdays_are_as_long_as_the_longest_day_of_the_clock():
    limit = {"after": "3 workdays", "clock": "office"}
    war = {"enter": {"at": "1 d"}, "clocks": {"office": "always"}}
    plan = plan_of(calendars={"office": OFFICE}, requests={"repair": {"limit": limit}},
                   modes={"war": war})  # fmt: skip

    assert plan.class_limit.tolist() == [[21 * HOUR]] * 2
    assert plan.class_limit_clock.tolist() == [[1], [-1]]


def test_modes_are_numbered_by_name_after_peace():
    change = {"suspended": "divert", "divert_to": "close", "priority": 1}
    modes = {
        "war": {"enter": {"shock": "rain"}, "leave": {"shock": "rain"},
                "requests": {"repair": change}},
        "calm": {"enter": {"after": "war"}, "leave": {"lasts": "2 d"}, "running": "pause"},
        "alarm": {"enter": {"state": {"above": 7, "hold": "1 h", "count": "waiting"}},
                  "leave": {"state": {"below": 3}}},
    }  # fmt: skip
    rain = {"start": "3 d", "lasts": "2 d", "factors": {"calls": 2.0}}
    plan = plan_of(modes=modes, shocks={"rain": rain})

    assert plan.names.modes == ("peace", "alarm", "calm", "war")
    assert plan.mode_enter.tolist() == [0, Trigger.STATE, Trigger.AFTER, Trigger.AT]
    assert plan.mode_enter_at.tolist() == [-1, -1, 3, 3 * DAY]
    assert plan.mode_leave.tolist() == [0, Trigger.STATE, Trigger.LASTS, Trigger.AT]
    assert plan.mode_leave_at.tolist() == [-1, -1, 2 * DAY, 5 * DAY]
    assert plan.mode_pause.tolist() == [0, 0, 1, 0]
    assert plan.state_bound[[1, 5]].tolist() == [7, 3]
    assert plan.state_above[[1, 5]].tolist() == [1, 0]
    assert plan.state_open[[1, 5]].tolist() == [0, 1]
    assert plan.state_hold[1] == HOUR
    assert plan.class_suspended[3, 0] == Suspension.DIVERT
    assert plan.names.steps[plan.class_divert[3, 0]] == "main@close"
    assert plan.class_priority[:, 0].tolist() == [5, 5, 5, 1]


def test_a_source_is_a_row_for_each_class():
    classes = {"repair": 0.75, "other": 0.25}
    plan = plan_of(
        requests={"other": {"flow": "main", "work": "1 h"}},
        sources={"calls": {"classes": classes, "rate": "4/h", "from_backlog": 3}},
    )

    assert plan.names.sources == ("calls/other", "calls/repair")
    assert plan.source_rate.tolist() == pytest.approx([1 / HOUR, 3 / HOUR])
    assert plan.source_backlog.tolist() == [1, 2]
    assert plan.source_day_key[0] == plan.source_day_key[1]
    assert plan.source_key[0] != plan.source_key[1]
    alone = plan_of(sources={"calls": {"classes": {"repair": 1.0}}})
    assert alone.source_key[0] == plan.source_key[1]


def test_times_are_written_out():
    plan = plan_of(sources={"calls": {"rate": None, "times": ["2 h", "1 h"]}})

    assert plan.source_kind.tolist() == [SourceKind.TIMES]
    assert plan.source_time.tolist() == [HOUR, 2 * HOUR]


def test_a_sequence_keeps_its_values_and_needs_a_draw():
    plan = plan_of(requests={"repair": {"work": {"sequence": ["4 h", "3 h"]}}})

    assert plan.law_sequence.tolist() == [4 * HOUR, 3 * HOUR]
    parts = merged(CLIMB, {"verdicts": {"v": {"delay": {"sequence": ["4 h"]}}}})
    with pytest.raises(PlanError, match="sequence"):
        compile_plan(system(**parts))


def test_equal_laws_share_a_row():
    pool = LawPool()
    laws = [
        "2 h",
        {"constant": "120 min"},
        {"exponential": "2 h"},
        {"exponential": {"mean": "2 h"}},
    ]

    assert [pool.add(Law.model_validate(law)) for law in laws] == [0, 0, 1, 1]
    assert pool.add(None) == -1
    assert len(pool.arrays().law_table) == 2


# ---- the whole


def backwards(value):
    """The same with every mapping in the opposite order."""
    if isinstance(value, dict):
        return {key: backwards(part) for key, part in reversed(value.items())}
    return value


def same(first, second):
    return [
        name
        for name, one, two in zip(first._fields, first, second, strict=True)
        if not (one == two if name == "names" else np.array_equal(one, two))
    ]


def test_the_order_in_the_file_means_nothing():
    whole = district(grids=20, communities=4)

    first = compile_plan(System.model_validate(whole))
    second = compile_plan(System.model_validate(backwards(whole)))

    assert same(first, second) == []


def test_a_full_system_keeps_every_law_and_compiles_within_two_seconds():
    whole = System.model_validate(district())
    compile_plan(whole)  # SciPy's first import is not the compiler's time

    begin = time.process_time()
    compiled = compile_system(whole)
    taken = time.process_time() - begin

    check_plan(compiled.plan)
    assert taken < allowed(2)
    assert compiled.plan.pool_staff[0].sum() > 5_000
    modes = [(told.mode, told.pool) for told in compiled.staffing]
    assert ("war", "grid_workers") in modes
    assert ("war", "departments") not in modes


@pytest.mark.parametrize(
    ("field", "value", "law"),
    [
        ("step_next", 99, "step_next names steps"),
        ("step_law", 99, "step_law names laws"),
        ("step_draw", -1, "drawn where their law is steady"),
        ("step_line", -1, "work has a line"),
        ("class_level_share", 0, "closing levels are cumulative"),
        ("serve_line", 1, "both sides tell the same"),
        ("worker_group", 99, "groups exist"),
        ("pool_staff", 7, "pools have room"),
        ("line_of", -1, "every home finds its lines"),
    ],
)
def test_a_broken_plan_is_told(field, value, law):
    plan = plan_of(**CLIMB, places=TOWN)
    broken = np.full_like(getattr(plan, field), value)

    with pytest.raises(PlanError, match=law):
        check_plan(plan._replace(**{field: broken}))
    assert ALWAYS == 1 << 62
