"""Figures of careers, worked out by hand from a run of two people over two weeks."""

import pytest

from sim.demand.trace import draw_trace
from sim.engine.reference import play
from sim.metrics import measure
from tests.traces.playing import plan_of

OFFICE = """
run: {horizon: 2 weeks, warm_up: 1 d}
sources: {callers: {kind: arrivals, times: [1 h], classes: {call: 1}}}
requests: {call: {flow: f, work: 1 h}}
flows: {f: {start: go, steps: {go: {work: {line: desk}}}}}
lines: {desk: {}}
pools:
  office: {staff: 2, serves: [desk], learning: [50 %]}
  others: {staff: 1, serves: [desk]}
reviews:
  grades: {every: week, pool: office, reads: [{count: closed}],
           replaces: {number: 1, hiring: 2 d}}
"""


def test_exits_and_the_pace_of_those_in_the_head_count():
    plan = plan_of(OFFICE)
    frame = measure(play(plan, draw_trace(plan, 1, 0)), plan)
    found = frame[frame["by"] == "pool"].set_index(["metric", "group"])
    # In 13 days one of the office is there all the time; the other leaves on day 7, and from
    # day 9 to day 14 there is a newcomer at half the pace: 13 + 6 + 5 days in the head count.
    assert found["value"]["exits", "office"] == 1
    assert found["value"]["pace_mean", "office"] == pytest.approx((13 + 6 + 2.5) / 24)
    assert found["value"]["exits", "others"] == 0
    assert found["value"]["pace_mean", "others"] == 1
    assert found["n"]["pace_mean", "office"] == 2
