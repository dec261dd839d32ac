"""Posts by hand: relieved at shift ends, and vacant while nobody is there."""

import pytest

from sim.metrics import measure
from tests.traces.playing import MINUTE, played

WATCH = """
run: {horizon: 100 min}
calendars: {shifts: {rota: {shift: 20 min, groups: 2}}, gaps: {windows: {on: [%(on)s]}}}
sources: {callers: {kind: arrivals, times: [%(times)s], classes: {call: 1}}}
requests:
  call: {flow: f, work: 30 min, priority: %(priority)s}
  watch: {kind: duty, flow: stand, priority: 3}
flows:
  f: {start: go, steps: {go: {work: {line: desk}}}}
  stand: {start: stand, steps: {stand: {work: {line: gate, content: 1 min}}}}
lines: {desk: {}, gate: {}}
pools:
  members: {staff: %(staff)s, serves: [gate, desk], calendar: %(calendar)s, shift_end: %(end)s}
posts: {entrance: {request: watch, number: %(number)s}}
modes:
  war: {enter: {at: 30 min}, leave: {at: 70 min}, posts: {entrance: %(war)s}%(more)s}
"""


def watch(**other):
    usual = {"on": "{start: 0 min, end: 35 min}, {start: 42 min, end: 100 min}", "staff": 2,
             "times": "99 min", "calendar": "shifts", "end": "finish", "number": 0, "war": 1,
             "priority": 5, "more": ""}  # fmt: skip
    return played(WATCH % (usual | other), MINUTE)


def rows(run, *codes):
    """Rows without the content, which is endless."""
    return [row.split(" =")[0] for row in run.story(*codes)]


def test_a_post_is_relieved_at_every_shift_end_whatever_the_rule_of_the_pool():
    # w1 is on duty from 20, w0 from 40, w1 from 60: nobody is missing for a minute.
    for end in ("finish", "hand_over", "pause"):
        run = watch(end=end)
        assert rows(run, "MANNED", "PAUSE", "LEAVE") == [
            "30 MANNED r1 w1", "40 PAUSE r1 w1", "40 MANNED r1 w0", "60 PAUSE r1 w0",
            "60 MANNED r1 w1", "70 PAUSE r1 w1", "70 LEAVE r1",
        ]  # fmt: skip
        assert vacancy(run) == {"vacant_minutes": 0, "vacant_share": 0}
    assert watch(end="finish").story("WORKER_OFF")[0] == "20 WORKER_OFF w0"


def test_a_post_is_vacant_while_nobody_is_on_duty():
    run = watch(calendar="gaps", staff=1)
    assert run.story("MANNED") == ["30 MANNED r1 w0", "42 MANNED r1 w0 =7"]
    found = vacancy(run)
    assert found["vacant_minutes"] == 7
    assert found["vacant_share"] == pytest.approx(7 / 40)


def test_one_person_cannot_man_two_posts():
    run = watch(calendar="always", staff=1, war=2)
    assert rows(run, "MANNED", "LEAVE") == [
        "30 MANNED r1 w0", "70 LEAVE r1", "70 LEAVE r2",
    ]  # fmt: skip
    assert vacancy(run)["vacant_minutes"] == 40


def test_work_that_is_under_way_ends_before_the_post_is_manned_unless_the_duty_preempts():
    run = watch(calendar="always", staff=1, times="20 min")
    assert rows(run, "START", "MANNED") == [
        "20 START r0 w0",
        "50 START r1 w0",
        "50 MANNED r1 w0",
    ]
    assert run.story("MANNED") == ["50 MANNED r1 w0 =20"]
    assert vacancy(run)["vacant_minutes"] == 20


def test_a_request_waits_until_the_post_closes():
    run = watch(calendar="always", staff=1, times="40 min")
    assert rows(run, "START", "END", "LEAVE") == [
        "30 START r1 w0", "70 LEAVE r1", "70 START r0 w0",
    ]  # fmt: skip


def test_who_is_sent_away_from_a_post_goes_at_once():
    # At 30 w0 takes the post; at 70 peace has one person less than war, and w0 is free again.
    run = watch(calendar="always", staff=1, number=1, war=1,
                more=", pools: {members: {staff: 2}}, running: finish")  # fmt: skip
    assert rows(run, "POST", "WITHDRAWN", "MANNED", "PAUSE") == [
        "0 POST w0", "0 MANNED r1 w0", "30 POST w1", "70 WITHDRAWN w1",
    ]  # fmt: skip


def test_a_mode_that_comes_back_opens_the_post_anew():
    text = WATCH.replace("leave: {at: 70 min}", "leave: {lasts: 10 min}") + (
        "  again: {enter: {after: war}, activation: 20 min, leave: {lasts: 5 min},"
        " posts: {entrance: 1}}\n"
    )
    usual = {"on": "{start: 0 min, end: 1 min}", "staff": 1, "times": "99 min", "number": 0,
             "calendar": "always", "end": "finish", "war": 1, "priority": 5,
             "more": ""}  # fmt: skip
    run = played(text % usual, MINUTE)
    assert rows(run, "MANNED", "LEAVE", "PAUSE") == [
        "30 MANNED r1 w0", "40 PAUSE r1 w0", "40 LEAVE r1",
        "60 MANNED r2 w0", "65 PAUSE r2 w0", "65 LEAVE r2",
    ]  # fmt: skip


def test_a_mode_without_posts_is_peace():
    assert watch(war=0).plan.post_place.size == 0
    assert "MANNED" not in " ".join(watch(war=0).story())


def vacancy(run):
    frame = measure(run.log, run.plan)
    found = frame[(frame["by"] == "all") & frame["metric"].str.startswith("vacant")]
    return dict(zip(found["metric"], found["value"], strict=True))
