"""Discovery of hazards, recomputed by hand from five of them."""

import numpy as np
import pytest

from sim.demand.trace import draw_trace
from sim.engine.reference import play
from sim.metrics import measure
from sim.metrics.hazards import hazards
from tests.traces.playing import HOUR, plan_of

TOWN = """
name: t
title: Five leaks
run: {horizon: 40 h, warm_up: 1 h, cool_down: 20 h, follow_up: 30 h}
calendars: {day: {windows: {on: [{start: 10 h, end: 12 h}]}}}
sources:
  patrol: {kind: duty, request: round, at: site, every: week, times: 1, calendar: day,
           spread: false}
  leaks: {kind: hazard, times: [30 min, 2 h, 4 h, 12 h, 20 h, 41 h], patrol: round, finds: 1,
          found: small, surfaced: small,
          surfaces_after: {sequence: [1 h, 20 h, 1 h, 8 h, 90 h, 1 h]}}
requests: {round: {kind: duty, flow: f, work: 1 h}, small: {flow: f, work: 1 h}}
flows: {f: {start: s, steps: {s: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {all: {staff: 9, serves: [desk]}}
"""


@pytest.fixture(scope="module")
def lived():
    plan = plan_of(TOWN)
    return play(plan, draw_trace(plan, 1, 0)), plan


def test_the_cohort_is_what_was_born_in_the_window(lived):
    group = hazards(*lived)
    # Born at 0.5 (too early) and 41 (too late) do not count; the round ends at 11.
    assert (group.born_at / HOUR).tolist() == [2, 4, 12, 20]
    assert np.where(group.found_at < 0, -1, group.found_at / HOUR).tolist() == [11, -1, -1, -1]
    assert np.where(group.surfaced_at < 0, -1, group.surfaced_at / HOUR).tolist() == [
        -1, 5, 20, -1,
    ]  # fmt: skip


def test_delays_count_what_is_still_unknown(lived):
    frame = measure(*lived)
    value = frame[frame["by"] == "all"].set_index("metric")["value"]
    # Delays of 9, 1 and 8 h, and one of more than 40 h that counts as 30.
    assert value["hazards_born"] == 4
    assert value["discovery_mean"] == pytest.approx((9 + 1 + 8 + 30) / 4)
    assert value["discovery_median"] == 8
    assert np.isnan(value["discovery_p90"])
    assert value["found_share"] == pytest.approx(1 / 3)


def test_a_scenario_without_hazards_has_no_such_rows(lived):
    text = TOWN[: TOWN.index("  leaks")] + "  calls: {kind: arrivals, times: [1 h], "
    text += "classes: {small: 1}}\n" + TOWN[TOWN.index("requests") :]
    plan = plan_of(text)
    frame = measure(play(plan, draw_trace(plan, 1, 0)), plan)
    assert not frame["metric"].str.startswith("discovery").any()
