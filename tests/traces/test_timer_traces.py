"""Timers and limits: what arms, disarms and replaces them, and what they do."""

import pytest

from tests.traces.playing import HOUR, WORK, played

FLOWS = """
run: {horizon: 200 s}
sources: {callers: {kind: arrivals, times: [%(times)s], classes: {call: 1}}}
requests:
  call:
    flow: f
    work: %(work)s
    timers:
      t: {%(timer)s}
      # Beyond the end; a step that nothing leads to is refused.
      x: {after: 900 s, then: go, to: serve}
      y: {after: 900 s, then: go, to: pause}
      z: {after: 900 s, then: go, to: other}
flows:
  f:
    start: %(start)s
    steps:
      serve: {work: {line: desk}, next: close}
      pause: {delay: 100 s, next: close}
      other: {work: {line: side, content: 2 s}, next: close}
lines: {desk: {}, side: {}}
pools: {clerks: {staff: 1, serves: [desk]}, helpers: {staff: 1, serves: [side]}}
"""


def timer(timer, times="0 s", work="12 s", start="serve"):
    return played(FLOWS % {"timer": timer, "times": times, "work": work, "start": start})


def test_supervision_comes_again_until_closing():
    run = timer("after: 5 s, then: supervise, every: 3 s, priority: 1, channel: hotline")
    assert run.story("SUPERVISE", "CONTACT", "CLOSE") == [
        "5 CONTACT r0", "5 SUPERVISE r0 =1", "8 CONTACT r0", "8 SUPERVISE r0 =1",
        "11 CONTACT r0", "11 SUPERVISE r0 =1", "12 CLOSE r0",
    ]  # fmt: skip


def test_a_more_urgent_request_is_moved_in_its_line():
    # r0 is served until 12; r2 becomes more urgent at 2 + 3 and goes before r1 and r3.
    run = timer(
        "after: {sequence: [90 s, 90 s, 3 s, 90 s]}, then: supervise, priority: 1",
        times="0 s, 1 s, 2 s, 2.5 s",
    )
    assert run.story("START", "SUPERVISE") == [
        "0 START r0 w0 =12", "5 SUPERVISE r2 =1", "12 START r2 w0 =12", "24 START r1 w0 =12",
        "36 START r3 w0 =12",
    ]  # fmt: skip


def test_a_less_urgent_priority_is_not_taken():
    run = timer("after: 5 s, then: supervise, priority: 7")
    assert run.story("SUPERVISE") == ["5 SUPERVISE r0 =5"]


def test_go_takes_a_waiting_task_out_of_its_line():
    run = timer("after: 5 s, until: first_start, then: go, to: other", times="0 s, 1 s")
    assert run.story(*WORK, "MARK", "WITHDRAW", "CLOSE") == [
        "0 START r0 w0 =12", "6 MARK r1", "6 WITHDRAW r1 =5", "6 START r1 w1 =2",
        "8 END r1 w1", "8 CLOSE r1", "12 END r0 w0", "12 CLOSE r0",
    ]  # fmt: skip


def test_go_ends_a_delay():
    run = timer("after: 7 s, then: go, to: other", start="pause")
    assert run.story("DELAY", "MARK", *WORK, "CLOSE") == [
        "0 DELAY r0 =100", "7 MARK r0", "7 START r0 w1 =2", "9 END r0 w1", "9 CLOSE r0",
    ]  # fmt: skip


@pytest.mark.parametrize(("then", "last"), [("leave", ["LEAVE"]), ("go, to: other", None)])
def test_running_work_finishes_first(then, last):
    run = timer(f"after: 5 s, then: {then}")
    told = ["0 START r0 w0 =12", "5 MARK r0", "12 END r0 w0"]
    tail = ["12 LEAVE r0"] if last else ["12 START r0 w1 =2", "14 END r0 w1", "14 CLOSE r0"]
    assert run.story(*WORK, "MARK", "LEAVE", "CLOSE") == told + tail


def test_a_start_at_the_same_instant_comes_before_the_timer():
    # r0 ends at 12, when the patience of r1 ends as well: END comes before TIMER.
    run = timer("after: 11 s, until: first_start, then: leave", times="0 s, 1 s")
    assert run.story("START", "LEAVE") == ["0 START r0 w0 =12", "12 START r1 w0 =12"]


def test_acceptance_starts_a_timer():
    run = timer("after: 4 s, start: acceptance", times="0 s, 1 s")
    assert run.story("MARK") == ["4 MARK r0", "16 MARK r1"]


TWO_STEPS = """
run: {horizon: 200 s}
sources:
  begin: {kind: arrivals, times: [0 s], classes: {block: 1}}
  callers: {kind: arrivals, times: [1 s], classes: {call: 1}}
requests:
  block: {flow: block, work: 50 s}
  call: {flow: f, work: 2 s, %s}
flows:
  block: {start: serve, steps: {serve: {work: {line: b}}}}
  f:
    start: one
    steps: {one: {work: {line: a}, next: two}, two: {work: {line: b}}}
lines: {a: {}, b: {}}
pools: {first: {staff: 1, serves: [a]}, second: {staff: 1, serves: [b]}}
"""


def test_each_entry_arms_a_timer_from_dispatch():
    # It enters the first line at 1 and is started at once; it waits in the second from 3 on.
    run = played(TWO_STEPS % "timers: {t: {after: 3 s, start: dispatch, until: start}}")
    assert run.story("MARK", requests=[1]) == ["6 MARK r1"]


def test_first_start_disarms_for_good():
    run = played(TWO_STEPS % "timers: {t: {after: 3 s, start: dispatch, until: first_start}}")
    assert run.story("MARK") == []


def test_a_limit_from_dispatch_starts_at_the_first_entry_only():
    run = played(TWO_STEPS % "limit: {after: 4 s, start: dispatch}")
    assert run.story("ENTRY", "MARK", requests=[1]) == [
        "1 ENTRY r1 =5", "3 ENTRY r1 =5", "5 MARK r1",
    ]  # fmt: skip


def test_a_limit_that_has_passed_does_not_pass_again():
    run = played(TWO_STEPS % "limit: {after: 1 s, start: dispatch}")
    assert run.story("MARK", requests=[1]) == ["2 MARK r1"]


def test_a_timer_of_no_length_goes_off_at_the_same_instant():
    # r0 starts at once, so its patience never counts; r1 finds the server busy.
    run = timer("after: 0 s, until: first_start, then: leave", times="0 s, 1 s")
    assert run.story("START", "LEAVE") == ["0 START r0 w0 =12", "1 LEAVE r1"]


WORKING = """
run: {start: 2024-%(start)s, horizon: 12 days}
sources: {callers: {kind: arrivals, times: [%(time)s], classes: {call: 1}}}
calendars:
  office: {week: {mon-fri: ["08:00-12:00", "14:00-18:00"]}, holidays: %(holidays)s}
holidays: {off: [%(off)s], on: [%(on)s]}
requests: {call: {flow: f, work: 400 h, limit: {after: 2 workdays, clock: office}}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
"""


@pytest.mark.parametrize(
    ("start", "time", "holidays", "off", "on", "due"),
    [
        # Friday 5 January 16:00: 2 h on Friday, 8 on Monday, 6 until Tuesday 16:00.
        ("01-05", "16 h", "none", "", "", 4 * 24 + 16),
        # Saturday noon: 8 h on Monday, 8 on Tuesday, which end as the office closes.
        ("01-05", "36 h", "none", "", "", 4 * 24 + 18),
        # In the midday break: 4 h on Friday from 14:00, 8 on Monday, 4 until Tuesday noon.
        ("01-05", "13 h", "none", "", "", 4 * 24 + 12),
        # Monday is a holiday: 2 on Friday, 8 on Tuesday, 6 until Wednesday 16:00.
        ("01-05", "16 h", "table", "2024-01-08", "", 5 * 24 + 16),
        # Saturday is a make-up workday: 2 + 8 + 6 until Monday 16:00.
        ("01-05", "16 h", "table", "", "2024-01-06", 3 * 24 + 16),
        # Labour Day 2024, 1 to 5 May: 2 h on Tuesday 30 April, 8 on Monday 6, 6 on Tuesday 7.
        ("04-30", "16 h", "china", "", "", 7 * 24 + 16),
        # Saturday 11 May 2024 is a make-up workday: 2 on Friday 10, 8 on Saturday, 6 on Monday.
        ("05-10", "16 h", "china", "", "", 3 * 24 + 16),
    ],
)
def test_a_limit_in_working_time(start, time, holidays, off, on, due):
    fields = {"start": start, "time": time, "holidays": holidays, "off": off, "on": on}
    assert played(WORKING % fields, unit=HOUR).times("MARK") == [due]
