"""Modes: calls and their cancelling, holding times, scopes, followers, suspended classes."""

import pytest

from tests.traces.playing import HOUR, WORK, played

MODE_ROWS = ("MODE_CALL", "MODE_CANCEL", "MODE_ENTER", "MODE_LEAVE")

STATE = """
run: {horizon: 100 s, control: 10 s}
sources: {callers: {kind: arrivals, times: [%(times)s], classes: {call: 1}}}
requests: {call: {flow: f, work: 6 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
modes:
  war:
    enter: {state: {count: %(count)s, above: %(above)d, hold: %(hold)s s}}
    leave: {state: {count: open, below: 1, hold: %(calm)s s}}
    activation: %(activation)s s
    pools: {clerks: {staff: 2}}
"""


def state(times="1 s, 2 s, 3 s", **other):
    usual = {"count": "open", "above": 1, "hold": 0, "calm": 10, "activation": 5}
    return played(STATE % (usual | {"times": times} | other))


def test_a_state_that_ceases_before_activation_cancels_the_call():
    # Ends at 7, 13 and 19. At 10 two are open, at 20 none.
    assert state(activation=15).story(*MODE_ROWS) == [
        "10 MODE_CALL @site war", "20 MODE_CANCEL @site war",
    ]  # fmt: skip


def test_hysteresis_with_a_holding_time():
    # In force at 15, when w1 takes r2, which ends at 21. At 20 one is open; at 30 none, and
    # still none at 40, ten seconds later.
    run = state()
    assert run.story(*MODE_ROWS, "START") == [
        "1 START r0 w0 =6", "7 START r1 w0 =6", "10 MODE_CALL @site war", "13 START r2 w0 =6",
        "15 MODE_ENTER @site peace", "30 MODE_LEAVE @site peace",
    ]  # fmt: skip


def test_a_break_starts_the_holding_time_anew():
    # Above at 10, not at 20, above at 30 and 40: ten seconds of holding end at 40.
    times = "8 s, 9 s, 26 s, 27 s, 28 s, 29 s, 39 s"
    run = state(times, hold=10, activation=0, calm=90)
    assert run.story(*MODE_ROWS) == ["40 MODE_CALL @site war", "40 MODE_ENTER @site peace"]


def test_waiting_counts_leave_running_work_out():
    # At 10 r1 is in work and r2 waits: two open, one waiting.
    assert state(count="waiting", above=1).story(*MODE_ROWS) == []
    assert state(count="waiting", above=0).story("MODE_CALL") == ["10 MODE_CALL @site war"]


SCOPES = """
run: {horizon: 100 s}
places: {root: {level: city, name: city}, levels: {c: {within: city, per_parent: 2}}}
sources: {callers: {kind: arrivals, times: [90 s], classes: {call: 1}}}
requests: {call: {flow: f, work: 6 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {at: c, staff: 1, serves: [desk]}}
modes:
  war: {enter: {at: 10 s}, leave: {lasts: 20 s}, pools: {clerks: {staff: 2}}}
  local:
    {scope: c, enter: {at: %s}, leave: {lasts: %s}, pools: {clerks: {staff: 3}}}
"""
STAFF = ("MODE_ENTER", "MODE_LEAVE", "POST", "WITHDRAWN")


def test_a_local_mode_goes_before_a_city_wide_one():
    # The first community has w0 to w2, the second w3 to w5. When a count falls, whoever has
    # been idle longest leaves.
    assert played(SCOPES % ("15 s", "5 s")).story(*STAFF) == [
        "0 POST w0", "0 POST w3",
        "10 MODE_ENTER @city peace", "10 POST w1", "10 POST w4",
        "15 MODE_ENTER @city/c1 peace", "15 POST w2",
        "15 MODE_ENTER @city/c2 peace", "15 POST w5",
        "20 MODE_LEAVE @city/c1 peace", "20 WITHDRAWN w0",
        "20 MODE_LEAVE @city/c2 peace", "20 WITHDRAWN w3",
        "30 MODE_LEAVE @city peace", "30 WITHDRAWN w1", "30 WITHDRAWN w4",
    ]  # fmt: skip


def test_a_city_wide_mode_does_not_touch_places_with_a_local_one():
    # Local from 5 to 20: at 10 nothing changes in the communities, at 20 they are at war.
    assert played(SCOPES % ("5 s", "15 s")).story(*STAFF)[2:] == [
        "5 MODE_ENTER @city/c1 peace", "5 POST w1", "5 POST w2",
        "5 MODE_ENTER @city/c2 peace", "5 POST w4", "5 POST w5",
        "10 MODE_ENTER @city peace",
        "20 MODE_LEAVE @city/c1 peace", "20 WITHDRAWN w0",
        "20 MODE_LEAVE @city/c2 peace", "20 WITHDRAWN w3",
        "30 MODE_LEAVE @city peace", "30 WITHDRAWN w1", "30 WITHDRAWN w4",
    ]  # fmt: skip


AFTER = """
run: {horizon: 100 s}
sources: {callers: {kind: arrivals, times: [90 s], classes: {call: 1}}}
requests: {call: {flow: f, work: 6 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
modes:
  war: {enter: {at: 10 s}, leave: {lasts: 10 s}, pools: {clerks: {staff: 2}}}
  recovery:
    {enter: {after: war}, leave: {%s}, activation: %s, pools: {clerks: {staff: 3}}}
"""


def test_recovery_follows_war_at_once():
    assert played(AFTER % ("lasts: 5 s", "0 s")).story(*MODE_ROWS) == [
        "10 MODE_CALL @site war", "10 MODE_ENTER @site peace",
        "20 MODE_CALL @site recovery", "20 MODE_LEAVE @site recovery",
        "20 MODE_ENTER @site war", "25 MODE_LEAVE @site peace",
    ]  # fmt: skip


def test_recovery_follows_war_after_its_activation():
    assert played(AFTER % ("lasts: 5 s", "3 s")).story(*MODE_ROWS)[2:] == [
        "20 MODE_LEAVE @site peace", "20 MODE_CALL @site recovery",
        "23 MODE_ENTER @site peace", "28 MODE_LEAVE @site peace",
    ]  # fmt: skip


def test_a_recovery_that_would_be_over_already_is_not_begun():
    # It was to last until 15, war lasts until 20; war ends all the same.
    run = played(AFTER % ("at: 15 s", "0 s"))
    assert run.story(*MODE_ROWS, "WITHDRAWN")[2:] == [
        "20 MODE_LEAVE @site peace", "20 WITHDRAWN w0",
        "20 MODE_CALL @site recovery", "20 MODE_CANCEL @site recovery",
    ]  # fmt: skip


SUSPENDED = """
run: {horizon: 100 s}
sources:
  major: {kind: arrivals, times: [1 s, 15 s], classes: {major: 1}}
  minor: {kind: arrivals, times: [2 s, 12 s], classes: {minor: 1}}
requests:
  major: {flow: m, work: 30 s}
  minor:
    {flow: f, work: 5 s, timers: {x: {after: 900 s, then: go, to: other}}}
flows:
  m: {start: serve, steps: {serve: {work: {line: desk}}}}
  f:
    start: serve
    steps: {serve: {work: {line: desk}}, other: {delay: 1 s, next: leave}}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
modes:
  war:
    {enter: {at: 10 s}, leave: {lasts: 10 s}, requests: {minor: {suspended: %s}}}
"""
HELD = ("HOLD", "RELEASE", "REFUSE", "DIVERT", "WITHDRAW", "DELAY", "LEAVE", "ENTRY", "START")


def test_held_requests_return_with_their_first_entry_time():
    # r1 (minor, since 2) and r2 (minor, since 12) are released at 20; at 31 they go before r3
    # (major, since 15).
    run = played(SUSPENDED % "hold")
    assert run.story(*HELD) == [
        "1 ENTRY r0 =5", "1 START r0 w0 =30", "2 ENTRY r1 =5", "10 HOLD r1",
        "12 ENTRY r2 =5", "12 HOLD r2", "15 ENTRY r3 =5", "20 RELEASE r1", "20 RELEASE r2",
        "31 START r1 w0 =5", "36 START r2 w0 =5", "41 START r3 w0 =30",
    ]  # fmt: skip


def test_suspended_requests_may_be_refused():
    run = played(SUSPENDED % "refuse")
    assert run.story(*HELD)[3:] == [
        "10 REFUSE r1", "10 WITHDRAW r1 =8", "10 LEAVE r1",
        "12 REFUSE r2", "12 LEAVE r2", "15 ENTRY r3 =5", "31 START r3 w0 =30",
    ]  # fmt: skip


def test_suspended_requests_may_be_sent_elsewhere():
    run = played(SUSPENDED % "divert, divert_to: other")
    assert run.story(*HELD)[3:] == [
        "10 DIVERT r1", "10 WITHDRAW r1 =8", "10 DELAY r1 =1", "11 LEAVE r1",
        "12 DIVERT r2", "12 DELAY r2 =1", "13 LEAVE r2", "15 ENTRY r3 =5", "31 START r3 w0 =30",
    ]  # fmt: skip


def test_running_work_of_a_suspended_class_goes_on():
    run = played((SUSPENDED % "hold").replace("[1 s, 15 s]", "[50 s]").replace("5 s,", "15 s,"))
    assert run.story(*WORK, "HOLD", "RELEASE")[:4] == [
        "2 START r0 w0 =15", "12 HOLD r1", "17 END r0 w0", "20 RELEASE r1",
    ]  # fmt: skip


def test_what_has_been_diverted_once_is_not_held_for_ever():
    # War diverts r1 back to a second look at 10, in the same line; curfew (20 to 30) holds it;
    # the second war that follows may not divert it again, so it is released.
    run = played("""
run: {horizon: 100 s}
sources:
  major: {kind: arrivals, times: [1 s], classes: {major: 1}}
  minor: {kind: arrivals, times: [2 s], classes: {minor: 1}}
requests:
  major: {flow: m, work: 60 s}
  minor: {flow: f, work: 5 s, timers: {x: {after: 900 s, then: go, to: again}}}
flows:
  m: {start: serve, steps: {serve: {work: {line: desk}}}}
  f: {start: serve, steps: {serve: {work: {line: desk}}, again: {work: {line: desk}}}}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
modes:
  war:
    enter: {at: 10 s}
    leave: {at: 20 s}
    requests: {minor: {suspended: divert, divert_to: again}}
  curfew: {enter: {after: war}, leave: {lasts: 10 s}, requests: {minor: {suspended: hold}}}
  siege:
    enter: {after: curfew}
    requests: {minor: {suspended: divert, divert_to: again}}
""")
    assert run.story(*HELD, requests=[1]) == [
        "2 ENTRY r1 =5", "10 DIVERT r1", "10 WITHDRAW r1 =8", "10 ENTRY r1 =5",
        "20 HOLD r1", "30 RELEASE r1", "61 START r1 w0 =5",
    ]  # fmt: skip


def test_lines_served_change_with_the_mode_and_waiting_work_keeps_its_entry_time():
    # In war the helper serves the desk as well: at 10 it takes r1, which has waited longest.
    run = played(
        """
run: {horizon: 100 s}
sources:
  callers: {kind: arrivals, times: [1 s, 2 s, 3 s], classes: {call: 1}}
  others: {kind: arrivals, times: [90 s], classes: {other: 1}}
requests: {call: {flow: f, work: 30 s}, other: {flow: g, work: 5 s}}
flows:
  f: {start: serve, steps: {serve: {work: {line: desk}}}}
  g: {start: serve, steps: {serve: {work: {line: side}}}}
lines: {desk: {}, side: {}}
pools: {clerks: {staff: 1, serves: [desk]}, helpers: {staff: 1, serves: [side]}}
modes:
  war:
    {enter: {at: 10 s}, leave: {lasts: 10 s}, running: pause,
     pools: {helpers: {serves: [desk]}}}
"""
    )
    # At 20 it no longer serves it: what it has begun is put down and waits for the clerk, and
    # goes before r2 by its entry time.
    assert run.story(*WORK) == [
        "1 START r0 w0 =30", "10 START r1 w1 =30", "20 PAUSE r1 w1 =20",
        "31 END r0 w0", "31 RESUME r1 w0 =20", "51 END r1 w0", "51 START r2 w0 =30",
        "81 END r2 w0", "90 START r3 w1 =5", "95 END r3 w1",
    ]  # fmt: skip


def test_priorities_change_with_the_mode_and_a_timer_outlasts_it():
    # r1 and r2 wait behind r0. r2's timer gives it priority 3 at 5. War (10 to 20) gives all
    # priority 4; at the end they have 5 again, but r2 keeps 3.
    run = played("""
run: {horizon: 200 s}
sources: {callers: {kind: arrivals, times: [1 s, 2 s, 3 s, 15 s], classes: {call: 1}}}
requests:
  call:
    flow: f
    work: 30 s
    timers: {t: {after: {sequence: [500 s, 500 s, 2 s, 500 s]}, then: mark, priority: 3}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
modes: {war: {enter: {at: 10 s}, leave: {at: 20 s}, requests: {call: {priority: 4}}}}
""")
    assert run.story("ENTRY", "START") == [
        "1 ENTRY r0 =5", "1 START r0 w0 =30", "2 ENTRY r1 =5", "3 ENTRY r2 =5",
        "15 ENTRY r3 =4",
        "31 START r2 w0 =30", "61 START r1 w0 =30", "91 START r3 w0 =30",
    ]  # fmt: skip


@pytest.mark.parametrize(("reported", "due"), [("2 h", 14.0), ("16 h", 22.0)])
def test_a_mode_replaces_a_clock_and_what_is_left_runs_on_the_new_one(reported, due):
    # Limit of 6 office hours (08 to 16). War begins at 12 and counts all hours. Reported at 2:
    # four have passed by noon, two are left. Reported in war at 16: six hours.
    run = played(
        f"""
run: {{horizon: 40 h}}
sources: {{callers: {{kind: arrivals, times: [{reported}], classes: {{call: 1}}}}}}
calendars: {{office: {{week: {{mon-sun: ["08:00-16:00"]}}}}, all: {{always: true}}}}
requests: {{call: {{flow: f, work: 100 h, limit: {{after: 6 work-hours, clock: office}}}}}}
flows: {{f: {{start: serve, steps: {{serve: {{work: {{line: desk}}}}}}}}}}
lines: {{desk: {{}}}}
pools: {{clerks: {{staff: 1, serves: [desk]}}}}
modes: {{war: {{enter: {{at: 12 h}}, clocks: {{office: all}}}}}}
""",
        unit=HOUR,
    )
    assert run.times("MARK") == [due]


DRILLS = """
run: {horizon: 4 weeks}
sources: {callers: {kind: arrivals, times: [90 s], classes: {call: 1}}}
requests: {call: {flow: f, work: 6 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
modes:
  war: {enter: {at: %(at)s}, leave: {lasts: 1 h}, activation: 16 h, drills: {%(drills)s}}
"""


def drilled(at, drills):
    return played(DRILLS % {"at": at, "drills": drills}, HOUR).story("DRILL", *MODE_ROWS)


def test_each_drill_takes_its_share_of_what_is_left_down_to_the_least():
    # 16, 8, 4 and not 2 but 3 hours; weeks begin at 168, 336 and 504.
    rules = "every: week, shortens: 50 %, least: 3 h"
    assert drilled("340 h", rules) == [
        "168 DRILL =8", "336 DRILL =4", "340 MODE_CALL @site war",
        "344 MODE_ENTER @site peace", "345 MODE_LEAVE @site peace", "504 DRILL =3",
    ]  # fmt: skip


def test_a_call_under_way_keeps_its_delay_and_drills_may_lie_before_the_run():
    assert drilled("167 h", "every: week, shortens: 25 %, before: 1")[:4] == [
        "167 MODE_CALL @site war", "168 DRILL =9", "179 MODE_ENTER @site peace",
        "180 MODE_LEAVE @site peace",
    ]  # fmt: skip
    assert drilled("1 h", "shortens: 50 %, before: 3") == [
        "1 MODE_CALL @site war", "3 MODE_ENTER @site peace", "4 MODE_LEAVE @site peace",
    ]  # fmt: skip


def test_drills_that_shorten_nothing_leave_the_mode_as_it_is():
    assert drilled("340 h", "every: quarter, shortens: 0")[1].startswith("356 MODE_ENTER")


FLIPS = """
run: {horizon: 100 s, control: 10 s}
sources: {callers: {kind: arrivals, times: [1 s, 2 s, 3 s, 51 s, 52 s, 53 s],
                    classes: {call: 1}}}
requests: {call: {flow: f, work: 14 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}, gate: {}}
pools: {clerks: {staff: 2, serves: [desk, gate]}}
modes:
  war:
    enter: {state: {above: 1}}
    leave: {state: {below: 1, hold: 10 s}}
    activation: 5 s
    pools: {clerks: {serves: [gate], home_duty: {least: 1}}}
"""


def test_a_mode_that_flips_twice_leaves_the_same_person_at_home():
    # Two are busy till 15 and 16, and r2 from 15 to 29: work ends before the mode begins. None
    # is open at 30 and still none at 40. The same again from 51: w1, idle since 16, comes
    # before w0, idle since 29.
    run = played(FLIPS)
    assert run.story(*MODE_ROWS, "START") == [
        "1 START r0 w0 =14", "2 START r1 w1 =14", "10 MODE_CALL @site war",
        "15 START r2 w0 =14", "15 MODE_ENTER @site peace", "40 MODE_LEAVE @site peace",
        "51 START r3 w1 =14", "52 START r4 w0 =14", "60 MODE_CALL @site war",
        "65 START r5 w1 =14", "65 MODE_ENTER @site peace", "90 MODE_LEAVE @site peace",
    ]  # fmt: skip
    # One second later the work of w1 ends in war, and only w0 is at home to begin r5.
    later = played(FLIPS.replace("51 s, 52 s, 53 s", "52 s, 53 s, 54 s"))
    assert later.story("START", "MODE_ENTER")[-3:] == [
        "53 START r4 w0 =14", "65 MODE_ENTER @site peace", "67 START r5 w0 =14",
    ]  # fmt: skip
