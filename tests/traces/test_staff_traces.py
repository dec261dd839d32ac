"""Head counts that change: who leaves, who comes, and what becomes of the work they leave."""

import pytest

from tests.traces.playing import WORK, played

CUT = """
run: {horizon: 200 s}
sources: {callers: {kind: arrivals, times: [%(times)s], classes: {call: 1}}}
requests: {call: {flow: f, work: {sequence: [%(work)s]}}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: %(before)s, serves: [desk] %(pool)s}}
modes:
  war:
    {enter: {at: 10 s}, leave: {lasts: %(lasts)s}, running: %(running)s,
     pools: {clerks: {staff: %(after)s}}}
"""
STAFF = ("POST", "WITHDRAWN", "WORKER_OFF", "MODE_ENTER", "MODE_LEAVE")


def cut(times, work, before, after, **other):
    usual = {"running": "finish", "lasts": "900 s", "pool": ""} | other
    return played(
        CUT % {"times": times, "work": work, "before": before, "after": after, **usual}
    )


FOUR = ("1 s, 2 s, 3 s", "100 s, 100 s, 2 s", 4, 1)


def test_the_idle_longest_leave_first_and_then_the_latest_started():
    # At 10 w3 is idle since 0, w2 since 5; w1 started after w0 and leaves when it has finished.
    assert cut(*FOUR).story(*STAFF, "END") == [
        "0 POST w0", "0 POST w1", "0 POST w2", "0 POST w3", "5 END r2 w2",
        "10 MODE_ENTER @site peace",
        "10 WORKER_OFF w3", "10 WITHDRAWN w3", "10 WORKER_OFF w2", "10 WITHDRAWN w2",
        "101 END r0 w0", "102 END r1 w1", "102 WORKER_OFF w1", "102 WITHDRAWN w1",
    ]  # fmt: skip


def test_those_who_have_not_left_yet_stay_when_more_are_wanted_again():
    # w1 is still at work when the mode ends at 30, so only w2 and w3 are posted anew.
    assert cut(*FOUR, lasts="20 s").story(*STAFF)[9:] == [
        "30 MODE_LEAVE @site peace", "30 POST w2", "30 POST w3",
    ]  # fmt: skip


def test_the_running_work_of_leavers_may_be_paused():
    # r1 has done 8 of 100 and waits for w0, who ends r0 at 101.
    assert cut(*FOUR, running="pause").story(*WORK, "WITHDRAWN")[4:] == [
        "10 WITHDRAWN w3", "10 WITHDRAWN w2", "10 PAUSE r1 w1 =92", "10 WITHDRAWN w1",
        "101 END r0 w0", "101 RESUME r1 w0 =92", "193 END r1 w0",
    ]  # fmt: skip


def test_paused_work_goes_to_those_who_stay_once_everybody_has_left():
    # w0 (r0, from 1) stays; w1 and w2 leave with r1 and r2. Nobody takes what is put down by
    # one leaver only to put it down again.
    run = cut("1 s, 2 s, 3 s", "100 s, 100 s, 100 s", 3, 1, running="pause")
    assert run.story(*WORK, "WITHDRAWN")[3:] == [
        "10 PAUSE r2 w2 =93", "10 WITHDRAWN w2", "10 PAUSE r1 w1 =92", "10 WITHDRAWN w1",
        "101 END r0 w0", "101 RESUME r1 w0 =92", "193 END r1 w0", "193 RESUME r2 w0 =93",
    ]  # fmt: skip


def test_nobody_takes_what_a_leaver_puts_down_only_to_leave_as_well():
    # Both pools are dissolved at 10: w1, idle, must not take r0 in the same instant.
    run = played("""
run: {horizon: 100 s}
sources: {callers: {kind: arrivals, times: [1 s], classes: {call: 1}}}
requests: {call: {flow: f, work: 50 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {a: {staff: 1, serves: [desk]}, b: {staff: 1, serves: [desk]}}
modes:
  war:
    {enter: {at: 10 s}, running: pause, leave: {lasts: 20 s},
     pools: {a: {staff: 0}, b: {staff: 0}}}
""")
    assert run.story(*WORK, "WITHDRAWN") == [
        "1 START r0 w0 =50", "10 PAUSE r0 w0 =41", "10 WITHDRAWN w0", "10 WITHDRAWN w1",
        "30 RESUME r0 w0 =41", "71 END r0 w0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "gone"),
    [("idle_longest", "10 WITHDRAWN w0"), ("highest_number", "102 WITHDRAWN w1")],
)
def test_who_leaves_is_a_rule_of_the_pool(rule, gone):
    # At 10 w0 is idle since 3 and w1 busy until 102.
    run = cut("1 s, 2 s", "2 s, 100 s", 2, 1, pool=f", leaves: {rule}")
    assert run.story("WITHDRAWN") == [gone]


def test_people_off_duty_leave_before_people_on_duty():
    # A rota of two watches: at 10 w0 has just gone off and w1 come on.
    run = played("""
run: {horizon: 60 s}
sources: {callers: {kind: arrivals, times: [1 s], classes: {call: 1}}}
calendars: {watch: {rota: {shift: 10 s, groups: 2}}}
requests: {call: {flow: f, work: 1 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: 2, serves: [desk], calendar: watch, shift_end: finish}}
modes: {war: {enter: {at: 25 s}, pools: {clerks: {staff: 1}}}}
""")
    assert run.story("WITHDRAWN", "WORKER_ON", "WORKER_OFF")[3:] == [
        "20 WORKER_ON w0", "20 WORKER_OFF w1", "25 WITHDRAWN w1", "30 WORKER_OFF w0",
        "40 WORKER_ON w0", "50 WORKER_OFF w0",
    ]  # fmt: skip


SHIFTED = """
run: {horizon: 200 s}
sources: {callers: {kind: arrivals, times: [%(times)s], classes: {call: 1}}}
calendars: {shift: {windows: {on: [{start: 0 s, end: 10 s}, {start: 20 s, end: 199 s}]}}}
requests: {call: {flow: f, work: 30 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: 2, serves: [desk], calendar: shift, shift_end: %(rule)s}}
modes: {war: {enter: {at: %(at)s}, pools: {clerks: {staff: 1}}}}
"""


def test_a_task_kept_by_one_who_departs_is_opened_to_others():
    # w0 keeps r0 from 10 on; both are off duty at 15, so the lower number leaves.
    run = played(SHIFTED % {"times": "1 s", "rule": "pause", "at": "15 s"})
    assert run.story(*WORK, "WITHDRAWN") == [
        "1 START r0 w0 =30", "10 PAUSE r0 w0 =21", "15 WITHDRAWN w0",
        "20 RESUME r0 w1 =21", "41 END r0 w1",
    ]  # fmt: skip


def test_a_leaver_who_has_handed_over_at_shift_end_is_gone():
    # At 5 w1, the later started, is to leave after its task; at 10 it hands that over.
    run = played(SHIFTED % {"times": "1 s, 2 s", "rule": "hand_over", "at": "5 s"})
    assert run.story(*WORK, "WITHDRAWN", "WORKER_ON", "WORKER_OFF")[4:] == [
        "10 PAUSE r0 w0 =21", "10 WORKER_OFF w0",
        "10 PAUSE r1 w1 =22", "10 WORKER_OFF w1", "10 WITHDRAWN w1",
        "20 WORKER_ON w0", "20 RESUME r0 w0 =21", "41 END r0 w0",
        "41 RESUME r1 w0 =22", "63 END r1 w0", "199 WORKER_OFF w0",
    ]  # fmt: skip


def test_a_leaver_who_pauses_at_shift_end_finishes_when_back():
    run = played(SHIFTED % {"times": "1 s, 2 s", "rule": "pause", "at": "5 s"})
    assert run.story(*WORK, "WITHDRAWN")[4:] == [
        "20 RESUME r0 w0 =21", "20 RESUME r1 w1 =22", "41 END r0 w0", "42 END r1 w1",
        "42 WITHDRAWN w1",
    ]  # fmt: skip


def test_a_leaver_finishes_in_overtime_and_is_gone():
    run = played(SHIFTED % {"times": "1 s, 2 s", "rule": "finish", "at": "5 s"})
    # Both come on at 20 while still at work; w1 leaves at its end.
    assert run.story("END", "WITHDRAWN", "WORKER_OFF") == [
        "31 END r0 w0", "32 END r1 w1", "32 WORKER_OFF w1", "32 WITHDRAWN w1",
        "199 WORKER_OFF w0",
    ]  # fmt: skip


def test_what_only_a_departed_worker_could_resume_is_offered_to_others():
    run = played("""
run: {horizon: 200 s}
sources:
  low: {kind: arrivals, times: [1 s], classes: {low: 1}}
  solid: {kind: arrivals, times: [2 s], classes: {solid: 1}}
  top: {kind: arrivals, times: [3 s], classes: {top: 1}}
requests:
  low: {flow: low, work: 10 s, preemptible: true}
  solid: {flow: f, work: 20 s}
  top: {flow: f, work: 30 s, priority: 1, preempts: true}
flows:
  low: {start: serve, steps: {serve: {work: {line: desk, same_worker: true}}}}
  f: {start: serve, steps: {serve: {work: {line: desk}}}}
lines: {desk: {}}
pools: {clerks: {staff: 2, serves: [desk]}}
modes: {war: {enter: {at: 4 s}, pools: {clerks: {staff: 1}}}}
""")
    # r0 is reserved for w0, which leaves after r2 at 33; w1 is idle since 22 and resumes it.
    assert run.story(*WORK, "WITHDRAWN") == [
        "1 START r0 w0 =10", "2 START r1 w1 =20", "3 PAUSE r0 w0 =8", "3 START r2 w0 =30",
        "22 END r1 w1", "33 END r2 w0", "33 WITHDRAWN w0", "33 RESUME r0 w1 =8", "41 END r0 w1",
    ]  # fmt: skip


CALL_UP = """
run: {horizon: 100 s}
sources: {callers: {kind: arrivals, times: [16 s, 16 s, 16 s], classes: {call: 1}}}
requests: {call: {flow: f, work: 10 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
modes:
  war:
    {enter: {at: 10 s}, activation: 5 s, mobilisation: 4 s, leave: {lasts: %s},
     pools: {clerks: {staff: 3}}}
"""


def test_activation_and_mobilisation_delay():
    # Called at 10, in force at 15, there at 19; at 27 two of three leave: w0 is idle since 26,
    # the others are busy from 19 to 29. The idle one goes, then the later started of equals,
    # which is the higher number.
    assert played(CALL_UP % "12 s").story(*STAFF, *WORK, "MODE_CALL") == [
        "0 POST w0", "10 MODE_CALL @site war", "15 MODE_ENTER @site peace",
        "16 START r0 w0 =10",
        "19 POST w1", "19 START r1 w1 =10", "19 POST w2", "19 START r2 w2 =10",
        "26 END r0 w0", "27 MODE_LEAVE @site peace", "27 WORKER_OFF w0", "27 WITHDRAWN w0",
        "29 END r1 w1", "29 END r2 w2", "29 WORKER_OFF w2", "29 WITHDRAWN w2",
    ]  # fmt: skip


def test_those_still_on_their_way_are_called_back_first():
    assert played(CALL_UP % "2 s").story(*STAFF, *WORK) == [
        "0 POST w0", "15 MODE_ENTER @site peace", "16 START r0 w0 =10",
        "17 MODE_LEAVE @site peace", "26 END r0 w0", "26 START r1 w0 =10", "36 END r1 w0",
        "36 START r2 w0 =10", "46 END r2 w0",
    ]  # fmt: skip


def test_a_mode_that_moves_duty_hours_sends_people_home_under_its_own_rule():
    # Peace: always on. War from 10: nights only, from 30; work is paused until then.
    run = played("""
run: {horizon: 100 s}
sources: {callers: {kind: arrivals, times: [1 s], classes: {call: 1}}}
calendars: {night: {windows: {on: [{start: 30 s, end: 90 s}]}}}
requests: {call: {flow: f, work: 20 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk], shift_end: finish}}
modes: {war: {enter: {at: 10 s}, pools: {clerks: {calendar: night, shift_end: pause}}}}
""")
    assert run.story(*WORK, "WORKER_ON", "WORKER_OFF") == [
        "0 WORKER_ON w0", "1 START r0 w0 =20", "10 PAUSE r0 w0 =11", "10 WORKER_OFF w0",
        "30 WORKER_ON w0", "30 RESUME r0 w0 =11", "41 END r0 w0", "90 WORKER_OFF w0",
    ]  # fmt: skip


def test_overtime_that_a_mode_cuts_short_ends_the_day():
    # w0 finishes r0 beyond its shift end at 10. War from 15 on takes its line away and pauses
    # the work: it goes home rather than being idle after hours.
    run = played("""
run: {horizon: 100 s}
sources:
  callers: {kind: arrivals, times: [1 s, 2 s], classes: {call: 1}}
  visitors: {kind: arrivals, times: [99 s], classes: {visit: 1}}
calendars: {day: {windows: {on: [{start: 0 s, end: 10 s}, {start: 50 s, end: 90 s}]}}}
requests: {call: {flow: f, work: 20 s}, visit: {flow: g, work: 20 s}}
flows:
  f: {start: serve, steps: {serve: {work: {line: desk}}}}
  g: {start: serve, steps: {serve: {work: {line: gate}}}}
lines: {desk: {}, gate: {}}
pools:
  clerks: {staff: 1, serves: [desk, gate], calendar: day, shift_end: finish}
modes: {war: {enter: {at: 15 s}, running: pause, pools: {clerks: {serves: [gate]}}}}
""")
    assert run.story(*WORK, "WORKER_ON", "WORKER_OFF")[1:] == [
        "1 START r0 w0 =20", "15 PAUSE r0 w0 =6", "15 WORKER_OFF w0 =5",
        "50 WORKER_ON w0", "90 WORKER_OFF w0",
    ]  # fmt: skip
