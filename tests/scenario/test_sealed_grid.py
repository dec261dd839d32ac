"""The wartime check: a sealed grid of 300 households takes 10 to 15 people, by hand and played.

By hand a day asks for 103 to 120 person-hours: four people at a table for eight hours, two
gates round the clock, 300 doors at three to five minutes, eight to fifteen hours of calls and
errands.
"""

from functools import cache
from pathlib import Path

import pytest

from sim.demand.trace import draw_trace
from sim.engine import play
from sim.metrics import measure
from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario

FILE = Path(__file__).resolve().parents[2] / "scenarios" / "sealed-grid.yaml"
GATE_TEAM = 6
HOURS_A_DAY = 9
BY_HAND = (32 + 48 + 15 + 8, 32 + 48 + 25 + 15)


@cache
def played(people):
    """Figures with so many people a grid, six of them at the gates."""
    plan = compile_plan(read_scenario(FILE, (f"pools.day_team.staff={people - GATE_TEAM}",)))
    table = measure(play(plan, draw_trace(plan, 1, 0)), plan)
    return table.set_index(["metric", "by", "group"])["value"]


def share_done(people, name):
    return played(people)["duty_done_rate", "class", name]


def all_done(people):
    """Gates manned, tables and doors served on their day, calls answered within their limit."""
    figures = played(people)
    rounds = min(share_done(people, name) for name in ("testing", "supply"))
    on_time = figures["on_time_rate", "class", "errand"]
    return figures["vacant_share", "all", "all"] == 0 and min(rounds, on_time) >= 0.95


def test_the_smallest_team_that_does_it_all_has_ten_to_fifteen_people():
    needed = next(people for people in range(8, 20) if all_done(people))
    assert 10 <= needed <= 15


def test_the_hours_of_a_day_are_those_counted_by_hand():
    load = played(15)["utilisation", "pool", "day_team"]
    hours = 48 + load * (15 - GATE_TEAM) * HOURS_A_DAY
    assert BY_HAND[0] <= hours <= BY_HAND[1]


@pytest.mark.parametrize("people", [8, 10])
def test_ten_people_hold_the_gates_and_the_tables_and_no_more(people):
    assert share_done(people, "supply") < 0.1
    assert (share_done(people, "testing") > 0.95) == (people == 10)


def test_more_people_never_leave_more_undone():
    done = [share_done(people, "supply") for people in range(11, 16)]
    assert done == sorted(done)
