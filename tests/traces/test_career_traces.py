"""Careers by hand: tired people, people who recover, leave and are followed by newcomers."""

import pytest

from sim.demand.draws import chance
from sim.demand.purposes import Purpose
from sim.demand.trace import draw_trace
from sim.keys import subkey
from tests.traces.playing import HOUR, Played, plan_of, play

# Time 0 is a Monday, so weeks end at 168, 336, … hours.
OFFICE = """
run: {horizon: 4 weeks}
calendars: {hours: {windows: {on: [%(on)s]}}}
sources: {callers: {kind: arrivals, times: [%(times)s], classes: {call: 1}}}
requests: {call: {flow: f, work: 9 h}}
flows: {f: {start: go, steps: {go: {work: {line: desk}}}}}
lines: {desk: {}}
pools:
  office: {staff: %(staff)s, serves: [desk], calendar: hours, shift_end: %(end)s, %(career)s}
"""
LONG_WEEK = "{start: 0 h, end: 168 h}, {start: 190 h, end: 210 h}, {start: 340 h, end: 380 h}"
TIRED = "fatigue: {norm: 100 h, step: 30 h, slower: 10 %, most: 3}"


def office(career, on=LONG_WEEK, times="1 h", staff=1, end="hand_over", seed=1):
    text = OFFICE % {"career": career, "on": on, "times": times, "staff": staff, "end": end}
    plan = plan_of(text)
    return Played(plan, play(plan, draw_trace(plan, seed, 0)), HOUR)


def test_a_long_week_tires_and_short_ones_restore():
    # 68 hours beyond the norm are two whole steps; then weeks of 20 and 40 hours.
    run = office(TIRED, times="1 h, 191 h, 341 h, 360 h")
    assert run.story("PACE", "START", "END") == [
        "1 START r0 w0 =9", "10 END r0 w0",
        "168 PACE w0 =800", "191 START r1 w0 =9", "202.25 END r1 w0",
        "336 PACE w0 =900", "341 START r2 w0 =9", "351 END r2 w0",
        "360 START r3 w0 =9", "370 END r3 w0", "504 PACE w0 =1000",
    ]  # fmt: skip


def test_work_under_way_keeps_its_speed():
    run = office(TIRED, on="{start: 0 h, end: 250 h}", times="160 h")
    assert run.story("PACE", "END") == ["168 PACE w0 =800", "169 END r0 w0", "336 PACE w0 =900",
                                        "504 PACE w0 =1000"]  # fmt: skip


@pytest.mark.parametrize(("hours", "pace"), [(100, None), (129, None), (130, 900), (168, 800)])
def test_only_whole_steps_beyond_the_norm_count(hours, pace):
    run = office(TIRED, on=f"{{start: 0 h, end: {hours} h}}")
    assert run.story("PACE")[:1] == ([f"168 PACE w0 ={pace}"] if pace else [])


def test_overtime_counts_and_levels_have_an_end():
    # On duty for 95 hours and at work until 104: not yet a step; with a step of an hour four
    # levels, of which there are three.
    short = TIRED.replace("30 h", "1 h")
    run = office(short, on="{start: 0 h, end: 95 h}", times="95 h, 94 h", end="finish")
    assert run.story("WORKER_OFF") == ["103 WORKER_OFF w0 =8"]
    assert run.story("PACE")[:1] == ["168 PACE w0 =700"]


def test_everybody_who_leaves_is_followed_by_a_newcomer():
    career = "learning: [50 %, 75 %], attrition: {weekly: 1, hiring: 20 h}"
    run = office(career, on="{start: 0 h, end: 672 h}", times="1 h, 200 h, 400 h")
    told = ("EXIT", "WITHDRAWN", "POST", "PACE", "START", "END")
    # Newcomers of 188 and 356 leave on the next Monday, one week older; r1 takes twice as long.
    assert run.story(*told) == [
        "0 POST w0", "1 START r0 w0 =9", "10 END r0 w0",
        "168 EXIT w0 =0", "168 WITHDRAWN w0", "188 POST w0", "188 PACE w0 =500",
        "200 START r1 w0 =9", "218 END r1 w0",
        "336 PACE w0 =750", "336 EXIT w0 =0", "336 WITHDRAWN w0",
        "356 POST w0", "356 PACE w0 =500",
        "400 START r2 w0 =9", "418 END r2 w0",
        "504 PACE w0 =750", "504 EXIT w0 =0", "504 WITHDRAWN w0",
        "524 POST w0", "524 PACE w0 =500",
    ]  # fmt: skip


def test_a_newcomer_learns_week_by_week():
    career = "learning: [50 %, 75 %], attrition: {weekly: 0.3, hiring: 20 h}"
    seed = next(s for s in range(1, 200) if _leaves(career, s) == [True, False, False])
    run = office(career, on="{start: 0 h, end: 672 h}", seed=seed)
    assert run.story("EXIT", "POST", "PACE") == [
        "0 POST w0", "168 EXIT w0 =0", "188 POST w0", "188 PACE w0 =500",
        "336 PACE w0 =750", "504 PACE w0 =1000",
    ]  # fmt: skip


def _leaves(career, seed):
    """Whether the first person leaves in the first week, and the second in the next two."""
    plan = plan_of(OFFICE % {"career": career, "on": LONG_WEEK, "times": "1 h", "staff": 1,
                             "end": "finish"})  # fmt: skip
    trace = draw_trace(plan, seed, 0)
    key, limit = int(plan.worker_key[0]), int(plan.exit_limit[0])
    return [
        chance(limit, trace.key0, trace.key1, Purpose.ATTRITION, subkey(key, person), week)
        for person, week in ((0, 0), (1, 1), (1, 2))
    ]


def test_tired_people_are_more_likely_to_leave():
    career = f"{TIRED}, attrition: {{weekly: 0, tired: 50 %, hiring: 20 h}}"
    # Level 2 after the long week makes it certain; whoever comes is rested.
    run = office(career)
    assert run.story("EXIT", "POST", "PACE") == [
        "0 POST w0", "168 PACE w0 =800", "168 EXIT w0 =2", "188 POST w0", "188 PACE w0 =1000",
    ]  # fmt: skip
