"""Common random numbers, exactly: what differs elsewhere leaves a request as it was.

A request is known by its key. Its time, class, household, level and first draws may depend on
names, ordinals and its own rate; on nothing that staffing, grids or other classes change.
"""

import numpy as np
import pytest

from sim.demand.trace import draw_trace, exogenous
from sim.model.distributions import Law
from sim.plan.codes import SourceKind, StepKind
from tests.unit.demand_plans import (
    DAY,
    HOUR,
    a_class,
    a_source,
    a_step,
    make_plan,
)

WORK = Law(lognormal={"mean": "1 h", "cv": 1})
GAMMA = Law(gamma={"mean": "1 s", "cv": 0.6})
OFFICE = tuple((day * DAY + 8 * HOUR, day * DAY + 18 * HOUR) for day in range(60))
REPAIR = a_class(
    "repair",
    [
        a_step("repair.fix", WORK),
        a_step("repair.parts", Law(exponential="1 d"), StepKind.DELAY),
    ],
    [("repair.hotline", Law(exponential="5 d"))],
    {0: 0.8, 1: 0.2},
)
CLASSES = [
    a_class("dispute", [a_step("dispute.talk", WORK)], levels={0: 0.5, 1: 0.5}),
    REPAIR,
    a_class("visit", [a_step("visit.call", Law(constant="20 min"))]),
]
SOURCES = [
    a_source("calls", "repair", rate=0.05 / DAY, dispersion=GAMMA, backlog=3),
    a_source("calls", "dispute", rate=0.02 / DAY, dispersion=GAMMA),
    a_source("patrol", "visit", kind=SourceKind.DUTY, rate=0.3, period=1),
    a_source("lifts", "repair", kind=SourceKind.POPULATION, members=40,
             up_time=Law(exponential="8 d")),
]  # fmt: skip
TOWN = {"c1": [300, 200], "c2": [100, 150, 250]}


def known(sources=SOURCES, classes=CLASSES, **settings):
    """By key: all that is exogenous about a request, its first draws by name included."""
    settings = {"town": TOWN, "end": 30 * DAY, "groups": (OFFICE,)} | settings
    plan = make_plan(sources, classes, **settings)
    trace = draw_trace(plan, 11, 4)
    rows, found = trace.requests, {}
    steps = [
        [plan.names.steps[s] for s in np.flatnonzero(plan.step_class == c)]
        + list(plan.names.timers[plan.timer_ptr[c] : plan.timer_ptr[c + 1]])
        for c in range(len(plan.names.classes))
    ]
    for request, key in enumerate(rows.key.tolist()):
        drawn = trace.draw[trace.draw_ptr[request] : trace.draw_ptr[request + 1]].tolist()
        name = int(rows.request_class[request])
        found[key] = (
            int(rows.reported_at[request]),
            plan.names.classes[name],
            plan.names.sources[rows.source[request]],
            int(rows.household[request]),
            int(rows.level[request]),
            dict(zip(steps[name], drawn, strict=True)),
        )
    return found


BASE = known()


def test_the_base_has_something_to_compare():
    assert len(BASE) > 2000
    assert {row[2] for row in BASE.values()} == {
        "calls/dispute", "calls/repair", "lifts/repair", "patrol/visit",
    }  # fmt: skip


@pytest.mark.parametrize(
    "town",
    [
        {"c1": [500], "c2": [500]},
        {"c1": [100] * 5, "c2": [125] * 4},
        {"c1": [1] * 500, "c2": [250, 0, 250]},
    ],
    ids=["one grid", "more grids", "a grid for each"],
)
def test_another_grid_size_changes_nothing(town):
    assert known(town=town) == BASE


def test_another_grid_size_does_change_homes():
    plans = [
        make_plan(SOURCES, CLASSES, town=town, end=30 * DAY, groups=(OFFICE,))
        for town in (TOWN, {"c1": [500], "c2": [500]})
    ]
    fine, coarse = (draw_trace(plan, 11, 4).requests for plan in plans)

    assert len(set(fine.place.tolist())) == 5
    assert len(set(coarse.place.tolist())) == 2
    assert fine.key.tolist() == coarse.key.tolist()


def test_one_more_class_and_source_leave_the_others_as_they_were():
    more = known(
        [a_source("a-first", "alarm", rate=0.5 / DAY), *SOURCES,
         a_source("calls", "alarm", rate=0.5 / DAY, dispersion=GAMMA)],
        [a_class("alarm", [a_step("alarm.go", WORK)], levels={1: 1.0}), *CLASSES],
    )  # fmt: skip

    assert len(more) > 2 * len(BASE)
    assert {key: more[key] for key in BASE} == BASE


def test_one_source_less_leaves_the_others_as_they_were():
    fewer = known(SOURCES[1:])

    assert fewer == {key: row for key, row in BASE.items() if row[2] != "calls/repair"}


def test_one_more_step_and_timer_leave_the_other_draws_as_they_were():
    longer = REPAIR | {
        "steps": [a_step("repair.ask", WORK), *REPAIR["steps"]],
        "timers": [("repair.angry", WORK), *REPAIR["timers"]],
    }
    changed = known(classes=[CLASSES[0], longer, CLASSES[2]])

    assert changed.keys() == BASE.keys()
    for key, row in BASE.items():
        assert changed[key][:5] == row[:5]
        assert {name: changed[key][5][name] for name in row[5]} == row[5]


def test_the_law_of_one_step_moves_only_that_step():
    slower = [a_step("repair.fix", Law(exponential="4 h")), REPAIR["steps"][1]]
    changed = known(classes=[CLASSES[0], REPAIR | {"steps": slower}, CLASSES[2]])

    for key, row in BASE.items():
        mine, theirs = dict(changed[key][5]), dict(row[5])
        if row[1] == "repair":
            assert mine.pop("repair.fix") != theirs.pop("repair.fix")
        assert (changed[key][:5], mine) == (row[:5], theirs)


def test_the_order_in_the_file_is_of_no_importance():
    assert known(SOURCES[::-1], CLASSES[::-1], town=dict(reversed(TOWN.items()))) == BASE


def test_one_more_community_leaves_the_others_as_they_were():
    more = known(town={"b9": [400], **TOWN})

    assert len(more) > len(BASE)
    assert {key: more[key] for key in BASE} == BASE


def test_a_shock_moves_only_the_source_that_it_hits():
    burst = np.ones(30 * 24)
    burst[240:360] = 5.0
    hit = known([SOURCES[0] | {"cells": burst}, *SOURCES[1:]])
    others = {key for key, row in BASE.items() if row[2] != "calls/repair"}

    assert {key: hit[key] for key in others} == {key: BASE[key] for key in others}
    # What a request is does not depend on when it comes: household, level and work stay.
    shared = BASE.keys() & hit.keys()
    assert len(shared) > 1000
    assert all(hit[key][1:] == BASE[key][1:] for key in shared)
    # Before the shock nothing has happened yet.
    early = {key for key, row in BASE.items() if row[0] < 10 * DAY}
    assert all(hit[key] == BASE[key] for key in early)


@pytest.mark.parametrize("tick", [1_000_000, 60_000_000, HOUR])
def test_a_coarser_tick_rounds_each_number_once(tick):
    coarse = known(tick=tick)
    shared = BASE.keys() & coarse.keys()

    assert len(BASE) - len(shared) <= 0.01 * len(BASE)
    for key in shared:
        fine, round_ = BASE[key], coarse[key]
        assert fine[1:5] == round_[1:5]
        assert round_[0] == (fine[0] + tick // 2) // tick * tick
        assert round_[5] == {n: (v + tick // 2) // tick * tick for n, v in fine[5].items()}


def test_exogenous_shows_where_sources_match_and_where_not():
    plans = {
        "same": make_plan(SOURCES, CLASSES, town={"c1": [500], "c2": [500]}, end=DAY * 9),
        "base": make_plan(SOURCES, CLASSES, town=TOWN, end=DAY * 9),
        "more": make_plan(SOURCES, CLASSES, town={"c1": [501], "c2": [500]}, end=DAY * 9),
    }
    found = {name: exogenous(draw_trace(plan, 1, 0)) for name, plan in plans.items()}

    def equal(a, b):
        return all(np.array_equal(x, y) for x, y in zip(found[a], found[b], strict=True))

    assert equal("base", "same")
    assert not equal("base", "more")
