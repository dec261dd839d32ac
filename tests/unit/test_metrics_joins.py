"""Figures of joins, recomputed by hand from a handful, and recovered from many."""

import numpy as np
import pytest

from sim.demand.trace import draw_trace
from sim.engine.reference import play
from sim.metrics import measure
from sim.metrics.joins import joins
from sim.metrics.requests import request_table
from sim.plan.codes import JoinFailure
from tests.traces.playing import HOUR, plan_of

TOWN = """
name: t
title: Joins
run: {horizon: 40 h, warm_up: 1 h, cool_down: 20 h, follow_up: 30 h}
sources:
  early: {kind: arrivals, times: [30 min], classes: {other: 1}}
  callers: {kind: arrivals, times: [2 h, 3 h, 20 h], classes: {call: 1}}
  busy: {kind: arrivals, times: [0 h, 15 h], classes: {single: 1}}
requests:
  call: {flow: joint, work: 4 h}
  other: {flow: joint, work: 1 h}
  single: {flow: alone, work: 8 h, priority: 4}
flows:
  joint:
    start: meet
    steps:
      meet: {join: {form: together, lines: [a, b], patience: 10 h, otherwise: leave}}
  alone: {start: w, steps: {w: {work: {line: a}}}}
lines: {a: {}, b: {}}
pools: {pa: {staff: 1, serves: [a]}, pb: {staff: 1, serves: [b]}}
"""


def all_of(frame):
    return frame[frame["by"] == "all"].set_index("metric")["value"]


def played(text, seed=1):
    plan = plan_of(text)
    return play(plan, draw_trace(plan, seed, 0)), plan


def test_the_cohort_is_the_joins_called_in_the_window():
    # a is busy until 8, then 8-9 with the early one, 9-13 with the first; at 13 the second's
    # patience ends in the instant in which a is free: it begins, and ends at 17.
    table = joins(*played(TOWN)).table
    assert (table.called_at / HOUR).tolist() == [2, 3, 20]
    assert (table.started_at / HOUR).tolist() == [9, 13, 25]
    assert (table.done_at / HOUR).tolist() == [13, 17, 29]
    assert table.failed_at.tolist() == [-1, -1, -1]


def test_delays_and_shares_are_those_of_the_joins():
    log, plan = played(TOWN.replace("patience: 10 h", "patience: 8 h"))
    table = joins(log, plan).table
    assert table.why.tolist() == [-1, JoinFailure.PATIENCE, -1]
    assert (table.failed_at / HOUR).tolist()[1] == 11
    value = all_of(measure(log, plan))
    assert value["joins_called"] == 3
    assert value["join_calls"] == 2
    assert value["join_done_share"] == pytest.approx(2 / 3)
    assert value["join_impatient_share"] == pytest.approx(1 / 3)
    assert value["join_silent_share"] == 0
    assert value["join_start_median"] == 7
    # After 1 h, 7 h and a censoring at 8 h nobody is left: the last is known to be later.
    assert value["join_response"] == 1


def test_parts_of_time_count_side_by_side_work_once():
    text = TOWN.replace("form: together", "form: parts").replace("patience: 10 h, ", "")
    log, plan = played(text)
    table = request_table(log, plan)
    call = np.flatnonzero(table.reported_at == 2 * HOUR)
    # b works 2-6, a 13-17 behind a single task of 8 h, the early one and nobody else.
    hours = {name: getattr(table, name)[call].item() / HOUR for name in table._fields[14:21]}
    assert sum(hours.values()) == (table.exit_at - table.reported_at)[call].item() / HOUR
    assert (hours["worked"], hours["waiting"]) == (8, 3)


RESPONSE = """
name: t
title: Calls
run: {horizon: 60 d, cool_down: 5 d}
sources: {callers: {kind: arrivals, rate: 12/d, classes: {call: 1}}}
requests: {call: {flow: f, work: 5 min}}
flows:
  f:
    start: meet
    steps:
      meet:
        join: {form: FORM, lines: [a, b, c], need: 2, response: 0.8, rounds: 2,
               answer: {exponential: 2 h}, interval: 3 h, otherwise: leave}
lines: {a: {}, b: {}, c: {}}
pools: {all: {staff: 9, serves: [a, b, c]}}
"""


@pytest.mark.parametrize("form", ["together", "parts"])
def test_the_share_that_answers_in_time_is_found_although_joins_do_not_wait_for_all(form):
    value = all_of(measure(*played(RESPONSE.replace("FORM", form))))
    share = 0.8 * (1 - np.exp(-3 / 2))
    n = 60 * 12 * 3
    assert value["join_response"] == pytest.approx(share, abs=5 * np.sqrt(0.25 / n))


def test_a_scenario_without_joins_has_no_such_rows():
    join = TOWN[TOWN.index("join: {form") : TOWN.index("}\n  alone")]
    text = TOWN.replace(join, "work: {line: b}")
    frame = measure(*played(text))
    assert not frame["metric"].str.startswith("join").any()
