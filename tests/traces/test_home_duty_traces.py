"""Home duty by hand: a mode that seconds people leaves a floor at their own work."""

import numpy as np
import pytest

from sim.demand.trace import draw_trace
from tests.traces.playing import SECOND, Played, plan_of, play

# Five people of one unit, w0 to w4; the war of 100 to 200 s sends them to the gate.
UNIT = """
run: {horizon: 300 s}
calendars: {watch: {rota: {shift: 30 s, groups: 2}}}
sources:
  papers: {kind: arrivals, times: [%(papers)s], classes: {paper: 1}}
  visits: {kind: arrivals, times: [%(visits)s], classes: {visit: 1}}
requests:
  paper: {flow: write, work: 20 s}
  visit: {flow: check, work: 20 s}
flows:
  write: {start: write, steps: {write: {work: {line: desk}}}}
  check: {start: check, steps: {check: {work: {line: gate}}}}
lines: {desk: {}, gate: {}}
pools:
  members: {staff: 5, serves: [desk]}
modes:
  war: {enter: {at: 100 s}, leave: {at: 200 s},
        pools: {members: {serves: [gate]%(change)s}}}
"""


def unit(change="", papers="110 s, 110 s, 110 s", visits="120 s, 120 s, 120 s, 120 s"):
    change = f", {change}" if change else ""
    plan = plan_of(UNIT % {"change": change, "papers": papers, "visits": visits})
    return Played(plan, play(plan, draw_trace(plan, 1, 0)), SECOND)


def test_two_of_five_stay_at_their_desks():
    # 35 % of five are two, w0 and w1: of three papers two are written in war, and of four
    # visits three are checked at once.
    run = unit("home_duty: {share: 35 %}")
    assert run.story("START") == [
        "110 START r0 w0 =20", "110 START r1 w1 =20",
        "120 START r3 w2 =20", "120 START r4 w3 =20", "120 START r5 w4 =20",
        "130 START r2 w0 =20", "140 START r6 w2 =20",
    ]  # fmt: skip
    assert run.story("POST", "WITHDRAWN") == [f"0 POST w{n}" for n in range(5)]


def test_before_and_after_the_mode_they_are_one_team():
    # Idle longest first, whatever the part: w0 to w4 one after the other.
    papers = "10 s, 11 s, 12 s, 13 s, 14 s, 40 s, 210 s, 211 s"
    whole, divided = unit(papers=papers, visits="290 s"), unit(
        "home_duty: {least: 2}", papers=papers, visits="290 s"
    )  # fmt: skip
    assert divided.story("START") == whole.story("START")
    assert [row.split()[3] for row in divided.story("START")[:6]] == [
        "w0", "w1", "w2", "w3", "w4", "w0",
    ]  # fmt: skip


def test_those_at_home_keep_their_hours_and_the_others_stand_shifts():
    # In war the seconded are of two groups of 30 s: of w2 to w4 w3 is of the second.
    run = unit("calendar: watch, shift_end: hand_over, home_duty: {least: 2}",
               papers="210 s", visits="290 s")  # fmt: skip
    off = run.story("WORKER_OFF")
    assert off[:3] == ["100 WORKER_OFF w2", "100 WORKER_OFF w4", "120 WORKER_OFF w3"]
    assert not [row for row in off if row.endswith((" w0", " w1"))]


@pytest.mark.parametrize("kept", ["least: 5", "least: 9", "share: 1"])
def test_with_everybody_at_home_war_is_peace(kept):
    run = unit(f"productivity: 3, home_duty: {{{kept}}}")
    peace = unit()
    starts = run.story("START", "END")
    assert [row.split()[3] for row in starts[:3]] == ["w0", "w1", "w2"]
    assert not [row for row in starts if 100 <= float(row.split()[0]) < 200 and "r3" in row]
    assert run.plan.pool_staff[0].sum() == peace.plan.pool_staff[0].sum()


def test_with_nobody_at_home_the_floor_changes_nothing():
    assert unit("home_duty: {share: 0}").log.digest() == unit().log.digest()


def test_a_smaller_head_count_takes_from_the_seconded_first():
    run = unit("staff: 3, home_duty: {least: 2}", papers="250 s", visits="290 s")
    assert run.story("WITHDRAWN") == ["100 WITHDRAWN w2", "100 WITHDRAWN w3"]
    assert np.array_equal(run.plan.pool_staff, [[2, 3], [2, 1]])
