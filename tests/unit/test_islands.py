"""Islands: what shares nothing plays alone as it does in the whole, to the last digit."""

import numpy as np
import pandas as pd
import pytest

from sim.demand.trace import check_trace, draw_trace
from sim.engine import play
from sim.experiment import apart, playing
from sim.experiment.playing import Keep, Setup, play_each, play_one
from sim.plan.check import check_plan
from sim.plan.codes import Code
from sim.plan.compile import compile_plan
from sim.plan.excerpt import excerpt, kept_of
from sim.plan.islands import Sizes, expected_requests, islands, obstacle
from sim.scenario.reader import read_scenario
from tests.conftest import ROOT

SMALL = ROOT / "scenarios" / "theory" / "megacity-small.yaml"
SHARED_BELOW = (
    "gates.hearing={at: district, sessions: office, batch: 1, outcome: {pass: 0.7, next: 0.3}}",
    "accounts.purse={at: street, balance: 900 CNY, refill: 900 CNY, every: month}",
    "flows.handle.start=fund",
    "flows.handle.steps.fund={pay: {account: purse, amount: 90 CNY, otherwise: heard}, "
    "next: climb}",
    "flows.handle.steps.heard={gate: {gate: hearing}, next: climb}",
    "requests.order.timers.late={after: 1 d, then: go, to: climb}",
)
WHOLE = Sizes(10**9, 1)
TIED = (
    "pools.helpers={at: street, staff: 1, serves: [{line: grid, within: city}]}",
    "places.levels.district.per_parent=2",
)


def plan_of(*overrides):
    return compile_plan(read_scenario(SMALL, overrides))


def same(one, other):
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def setup_of(plan, sizes):
    return Setup(plan, 1, with_cases=False, keep=Keep(), engine="fast", sizes=sizes)


@pytest.fixture(scope="module")
def plan():
    return plan_of("run.tick=1 min")


def test_a_city_of_self_contained_districts_has_an_island_for_each(plan):
    found = islands(plan, least=1)

    assert obstacle(plan) == ("", "")
    assert found.number == 3
    districts = plan.place_level == plan.names.levels.index("district")
    assert found.of_place[districts].tolist() == [0, 1, 2]
    assert found.of_place[0] == -1
    assert [islands(plan, least=n).number for n in (1, 350, 10**6)] == [3, 2, 1]


def test_the_expected_demand_is_about_what_comes(plan):
    came = len(draw_trace(plan, 1, 1).requests.key)

    assert expected_requests(plan) == pytest.approx(came, rel=0.1)


def test_a_department_for_the_whole_city_keeps_it_whole():
    shared = plan_of("lines.district.at=city", "pools.departments.at=city")

    assert obstacle(shared)[0] == "a line serves the whole area"
    assert islands(shared, least=1).number == 1


def test_a_mode_keeps_a_city_whole():
    at_war = plan_of("modes.war={enter: {at: 9 d}, leave: {lasts: 5 d}}")

    assert obstacle(at_war)[0] == "it has modes"


def test_a_pool_that_helps_next_door_ties_two_districts():
    assert islands(plan_of(*TIED), least=1).number == 1


@pytest.mark.parametrize("tick", ["1 us", "1 min"])
@pytest.mark.parametrize("more", [(), SHARED_BELOW], ids=["plain", "gates and accounts"])
def test_the_plan_of_an_island_is_a_plan_and_its_log_that_of_the_whole(tick, more):
    plan = plan_of(f"run.tick={tick}", *more)
    found = islands(plan, least=1)
    log = play(plan, draw_trace(plan, 1, 1))
    rows = 0
    for island in range(found.number):
        part = excerpt(plan, found, island).plan
        check_plan(part)
        trace = draw_trace(part, 1, 1)
        check_trace(part, trace)
        alone = play(part, trace)
        mine = apart.log_of_island(log, plan, kept_of(plan, found, island))
        assert alone.digest() == mine.digest()
        rows += alone.n_rows
    assert rows == log.n_rows
    if more:
        codes = (Code.GATE_NEXT, Code.PAY, Code.EMPTY, Code.REFILL)
        assert np.isin(codes, log.code).all()
        assert ((log.code == Code.WITHDRAW) & (log.line < 0)).any()


def test_every_field_of_the_plan_by_place_line_pool_or_worker_is_cut():
    """A field that is added to the plan and forgotten here would keep the whole's rows."""
    # More pools than lines, so that the five numbers differ.
    plan = plan_of(*SHARED_BELOW, "pools.helpers={at: street, staff: 1, serves: [grid]}")
    found = islands(plan, least=1)
    part, kept = excerpt(plan, found, 0)
    sizes = {
        len(plan.place_parent): len(kept.places),
        len(plan.leaf_place): int(np.isin(plan.leaf_place, kept.places).sum()),
        len(plan.line_type): len(kept.lines),
        len(plan.pool_type): len(kept.pools),
        len(plan.worker_pool): len(kept.workers),
    }
    assert len(sizes) == 5
    cut = {
        name
        for name in plan._fields
        for old, new in zip(shape(plan, name), shape(part, name), strict=True)
        if old in sizes and new == sizes[old]
    }
    forgotten = {
        name for name in plan._fields if set(shape(plan, name)) & set(sizes) and name not in cut
    }

    assert not forgotten
    assert {"place_key", "line_of", "pool_staff", "worker_group", "hazard_reporting"} <= cut


def shape(plan, name):
    return np.shape(getattr(plan, name)) if name != "names" else ()


@pytest.mark.parametrize("least", [1, 350])
@pytest.mark.parametrize("tick", ["1 us", "1 min"])
def test_figures_and_days_are_those_of_the_whole(tick, least):
    plan = plan_of(f"run.tick={tick}")
    whole = play_one(setup_of(plan, WHOLE), 1)

    joined = play_one(setup_of(plan, Sizes(0, least)), 1)

    assert whole.islands == 1
    assert joined.islands == (3 if least == 1 else 2)
    assert joined.events == whole.events
    same(joined.figures, whole.figures)
    same(joined.daily, whole.daily)


def test_the_number_of_processes_changes_nothing(plan):
    setup = setup_of(plan, Sizes(0, 1))
    alone = {number: play_one(setup, number) for number in (1, 2)}

    for found in play_each(setup, (1, 2), workers=2):
        expected = alone[found.replication]
        assert found.digest == expected.digest
        same(found.figures, expected.figures)
        same(found.daily, expected.daily)


def test_a_replication_takes_the_time_of_its_own_islands(plan, monkeypatch):
    def slow(_, setup, items, workers):
        del workers
        return (playing._play_item(setup, item)._replace(seconds=1000.0) for item in items)

    monkeypatch.setattr(playing, "each", slow)

    for found in play_each(setup_of(plan, Sizes(0, 1)), (1, 2)):
        assert found.seconds // 1000 == found.islands


def test_a_log_that_is_kept_whole_has_the_digest_of_its_islands(plan, tmp_path):
    sizes = Sizes(0, 1)
    kept = setup_of(plan, sizes)._replace(keep=Keep(events=tmp_path))

    whole = play_one(kept, 1)

    assert whole.islands == 1
    assert whole.digest == play_one(setup_of(plan, sizes), 1).digest
    assert whole.digest != play_one(setup_of(plan, WHOLE), 1).digest
    assert (tmp_path / "replication-0001.npz").is_file()
