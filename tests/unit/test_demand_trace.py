"""The demand trace: order, homes, first draws, members of populations, sequences."""

import numpy as np
import pytest
from scipy import stats

from sim.demand import draws
from sim.demand.arrivals import BACKLOG
from sim.demand.homes import NOBODY, PLACE, SHOP
from sim.demand.purposes import Purpose
from sim.demand.trace import check_trace, draw_trace, exogenous, in_order
from sim.errors import PlanError
from sim.keys import name_key, subkey
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

FALSE_ALARM = 1e-4
WORK, PATIENCE = Law(lognormal={"mean": "1 h", "cv": 1}), Law(exponential="3 d")
CLASSES = [
    a_class(
        "repair",
        [a_step("repair.fix", WORK), a_step("repair.parts", PATIENCE, StepKind.DELAY)],
        [("repair.hotline", PATIENCE)],
        {0: 0.7, 2: 0.3},
    ),
    a_class("dispute", [a_step("dispute.talk", WORK)]),
]


def a_town(**settings):
    """One source of each kind."""
    return make_plan(
        [
            a_source("calls", "repair", rate=0.05 / DAY, backlog=4),
            a_source("calls", "dispute", rate=0.02 / DAY),
            a_source("visits", "dispute", kind=SourceKind.DUTY, rate=0.1, period=1),
            a_source("bins", "repair", kind=SourceKind.POPULATION, members=30,
                     up_time=Law(exponential="5 d")),
            a_source("fixed", "repair", kind=SourceKind.TIMES, times=[HOUR, 2 * HOUR]),
        ],
        CLASSES,
        **settings,
    )  # fmt: skip


@pytest.mark.parametrize("tick", [1, 60_000_000, HOUR])
def test_a_trace_keeps_its_laws(tick):
    plan = a_town(tick=tick)
    trace = draw_trace(plan, 1, 0)

    check_trace(plan, trace)
    kinds = np.bincount(trace.requests.source, minlength=5)
    assert (kinds > 1).all()


@pytest.mark.parametrize(
    ("column", "value", "law"),
    [
        ("reported_at", 10 * DAY, "within the run"),
        ("place", 0, "homes are leaves"),
        ("request_class", 0, "classes"),
    ],
)
def test_a_damaged_trace_is_named(column, value, law):
    plan = a_town()
    trace = draw_trace(plan, 1, 0)
    wrong = getattr(trace.requests, column).copy()
    wrong[-1] = value
    if column == "request_class":
        wrong[-1] = 1 - trace.requests.request_class[-1]
    damaged = trace._replace(requests=trace.requests._replace(**{column: wrong}))

    with pytest.raises(ValueError, match=law):
        check_trace(plan, damaged)


def test_requests_out_of_order_are_named():
    plan = a_town()
    trace = draw_trace(plan, 1, 0)
    turned = type(trace.requests)._make(column[::-1] for column in trace.requests)

    with pytest.raises(ValueError, match="in order"):
        check_trace(plan, trace._replace(requests=turned))


@pytest.mark.parametrize("tick", [1, 60_000_000])
def test_first_draws_are_those_that_an_engine_would_make(tick):
    plan = a_town(tick=tick)
    trace = draw_trace(plan, 1, 0)
    columns = {  # class: (purpose, law, name), classes by sorted name
        0: [(Purpose.WORK, WORK, "dispute.talk")],
        1: [
            (Purpose.WORK, WORK, "repair.fix"),
            (Purpose.DELAY, PATIENCE, "repair.parts"),
            (Purpose.PATIENCE, PATIENCE, "repair.hotline"),
        ],
    }
    rows = {law: plan.law_table[plan.step_law[0, at]].tolist()
            for at, law in ((0, WORK), (2, PATIENCE))}  # fmt: skip
    for request in range(0, trace.requests.key.size, 17):
        first, last = trace.draw_ptr[request : request + 2]
        subject = int(trace.requests.key[request])
        expected = [
            draws.draw(rows[law], trace.key0, trace.key1, purpose, subject,
                       name_key(name) >> 32, tick)
            for purpose, law, name in columns[int(trace.requests.request_class[request])]
        ]  # fmt: skip
        assert trace.draw[first:last].tolist() == expected


def test_work_levels_and_keys_are_those_of_the_request():
    plan = a_town()
    trace = draw_trace(plan, 1, 0)
    rows = trace.requests
    limits = plan.class_level_share.tolist()
    for request in np.flatnonzero(rows.ordinal < BACKLOG)[::13].tolist():
        source, key = int(rows.source[request]), int(rows.key[request])
        anchor = plan.place_at[rows.place[request], plan.source_level[source]]
        source_key, place_key = int(plan.source_key[source]), int(plan.place_key[anchor])
        if plan.source_kind[source] == SourceKind.POPULATION:
            member = draws.member_key(source_key, place_key, int(rows.household[request]))
            assert key == subkey(member, 0)
        else:
            assert key == draws.request_key(source_key, place_key, int(rows.ordinal[request]))
        levels = [0, 2] if rows.request_class[request] == 1 else []
        assert rows.level[request] == draws.level_of(
            levels, limits, trace.key0, trace.key1, key
        )


def test_homes_hold_their_households():
    plan = a_town()
    rows = draw_trace(plan, 1, 0).requests
    some = rows.source != 0  # the first source by name is the population
    community = plan.place_parent[rows.place]
    begins = {2: 0, 3: 300, 5: 0, 6: 100, 8: 250}
    sizes = {2: 300, 3: 200, 5: 100, 6: 150, 8: 250}
    for home, household, above in zip(
        rows.place[some].tolist(), rows.household[some].tolist(), community[some], strict=True
    ):
        assert begins[home] <= household < begins[home] + sizes[home]
        assert above in {1, 4}


def test_all_households_are_equally_likely():
    plan = make_plan([a_source("calls", rate=4 / DAY)], CLASSES)
    rows = draw_trace(plan, 1, 0).requests
    counts = np.bincount(rows.household, minlength=500)

    assert counts.size == 500
    assert stats.chisquare(counts).pvalue > FALSE_ALARM


def test_shops_have_homes_of_their_own():
    source = a_source("shops", rate=1 / DAY, counted=SHOP)
    plan = make_plan([source], CLASSES, shops=lambda households: households // 50)
    rows = draw_trace(plan, 1, 0).requests

    assert set(rows.household.tolist()) == set(range(10))
    assert set(rows.place[rows.household >= 6].tolist()) == {3, 8}


def test_where_nobody_lives_the_leaf_is_the_home():
    plan = make_plan([a_source("calls", rate=9 / DAY, counted=PLACE)], town={"c1": [0, 0]})
    rows = draw_trace(plan, 1, 0).requests

    assert set(rows.household.tolist()) == {NOBODY}
    assert set(rows.place.tolist()) == {2, 3}


def test_members_come_after_their_first_up_time():
    source = a_source("machines", kind=SourceKind.POPULATION, members=4000,
                      up_time=Law(exponential="2 d"))  # fmt: skip
    plan = make_plan([source], CLASSES)
    trace = draw_trace(plan, 1, 0)
    first = trace.requests.reported_at

    assert set(trace.requests.ordinal.tolist()) == {0}
    law = stats.truncexpon(b=5, scale=2 * DAY)
    assert stats.kstest(first, law.cdf).pvalue > FALSE_ALARM
    row, rows = plan.law_table[plan.source_law[0]].tolist(), trace.requests
    for request in range(200):
        place_key = int(plan.place_key[plan.place_parent[rows.place[request]]])
        member = int(rows.household[request])
        subject = draws.member_key(int(plan.source_key[0]), place_key, member)
        assert first[request] == draws.draw(
            row, trace.key0, trace.key1, Purpose.UPTIME, subject, 0, 1
        )
    expected = 8000 * -np.expm1(-5.0)
    assert abs(first.size - expected) < 4 * np.sqrt(8000 * np.exp(-5.0))


def test_an_arrival_at_time_0_goes_before_a_backlog():
    source = a_source("calls", kind=SourceKind.TIMES, times=[0, 10], backlog=1)
    plan = make_plan([source], CLASSES)
    rows = draw_trace(plan, 1, 0).requests

    assert rows.ordinal.tolist() == [0, BACKLOG, 0, BACKLOG, 1, 1]
    assert plan.place_parent[rows.place].tolist() == [1, 1, 4, 4, 1, 4]


def test_a_sequence_gives_its_values_in_order_a_backlog_first():
    steps = [a_step("repair.fix", Law(sequence=["3 h", "2 h", "1 h", "5 h"]))]
    source = a_source("calls", kind=SourceKind.TIMES, times=[10, 20], backlog=2)
    plan = make_plan([source], [a_class("repair", steps)], town={"c1": [10]})
    trace = draw_trace(plan, 1, 0)

    assert trace.requests.ordinal.tolist() == [BACKLOG, BACKLOG + 1, 0, 1]
    assert trace.draw.tolist() == [3 * HOUR, 2 * HOUR, HOUR, 5 * HOUR]


def test_more_requests_than_written_values_are_refused_by_name():
    steps = [a_step("repair.fix", Law(sequence=["3 h"]))]
    source = a_source("calls", kind=SourceKind.TIMES, times=[10, 20])

    with pytest.raises(PlanError, match=r"repair\.fix has 1 values.* 2 requests"):
        draw_trace(make_plan([source], [a_class("repair", steps)]), 1, 0)


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others():
    plan = a_town()
    once, again, other, next_one = (
        draw_trace(plan, *pair) for pair in ((1, 0), (1, 0), (2, 0), (1, 1))
    )

    assert all(a.tobytes() == b.tobytes() for a, b in zip(once.requests, again.requests,
                                                         strict=True))  # fmt: skip
    assert once.draw.tobytes() == again.draw.tobytes()
    assert other.requests.reported_at.tolist() != once.requests.reported_at.tolist()
    assert next_one.requests.reported_at.tolist() != once.requests.reported_at.tolist()


def test_requests_of_one_instant_keep_their_order():
    times = np.arange(3000) * 7919 % 401

    assert (in_order(times) == np.argsort(times, kind="stable")).all()
    assert (in_order(times[:1]) == [0]).all()
    assert not in_order(times[:0]).size


def test_no_sources_make_an_empty_trace():
    plan = make_plan([])
    trace = draw_trace(plan, 1, 0)

    check_trace(plan, trace)
    assert trace.draw_ptr.tolist() == [0]
    assert exogenous(trace).key.size == 0


def test_exogenous_columns_stand_in_order_of_key():
    found = exogenous(draw_trace(a_town(), 1, 0))

    assert (found.key[1:] > found.key[:-1]).all()
    assert len({column.size for column in found}) == 1
