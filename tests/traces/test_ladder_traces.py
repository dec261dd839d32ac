"""Rising through a ladder: hand-off, wrong desks and their return, rising by a timer."""

import pytest

from tests.traces.playing import WORK, played

LADDER = """
run: {horizon: 200 s}
sources: {callers: {kind: arrivals, times: [%(times)s], classes: {call: 1}}}
requests:
  call:
    {flow: f, work: 10 s, work_at: {street: 7 s}, external: {street: 5 s},
     closing: {%(closing)s: 1}, timers: {%(timers)s}}
flows: {f: {start: climb, steps: {climb: {ladder: chain}}}}
ladders:
  chain:
    order: [grid, street]
    returns: 1
    rungs:
      grid: {line: g, triage: 2 s, hand_off: 3 s, misrouting: %(wrong)s, return_after: 4 s}
      street: {line: s, triage: 1 s}
lines: {g: {}, s: {}}
pools: {a: {staff: 1, serves: [g]}, b: {staff: 1, serves: [s]}}
"""


def climb(times="0 s", closing="street", wrong=0, timers=""):
    text = LADDER % {"times": times, "closing": closing, "wrong": wrong, "timers": timers}
    return played(text)


def test_a_request_is_handed_to_the_wrong_desk_comes_back_and_is_handed_on():
    run = climb(wrong=1)
    assert run.story()[4:] == [
        "0 ARRIVAL r0", "0 ENTRY r0 =5", "0 START r0 w0 =2", "2 END r0 w0",
        "2 HAND_OFF r0 =3", "2 MISROUTE r0",
        "5 ENTRY r0 =5", "5 START r0 w1 =1", "6 END r0 w1",  # triage of the street, in its line
        "6 RETURN r0 =4",
        "10 HAND_OFF r0 =3",  # one misrouting is the most
        "13 ENTRY r0 =5", "13 START r0 w1 =7", "20 END r0 w1",
        "20 DELAY r0 =5", "25 CLOSE r0", "25 DONE r0",
    ]  # fmt: skip


def test_a_rung_that_may_close_does_so_without_triage():
    run = climb(closing="grid", wrong=1)
    assert run.story(*WORK, "HAND_OFF", "CLOSE") == [
        "0 START r0 w0 =10", "10 END r0 w0", "10 CLOSE r0",
    ]  # fmt: skip


RISE = "rise: {after: 5 s, until: %s, then: rise, priority: 2}"


def test_a_waiting_request_rises_out_of_its_line():
    run = climb("0 s, 1 s", closing="grid", timers=RISE % "first_start")
    assert run.story(*WORK, "RISE", "WITHDRAW", "HAND_OFF", "ENTRY", "CLOSE") == [
        "0 ENTRY r0 =5", "0 START r0 w0 =10", "1 ENTRY r1 =5",
        "6 RISE r1 =2", "6 WITHDRAW r1 =5", "6 HAND_OFF r1 =3",
        "9 ENTRY r1 =2", "9 START r1 w1 =7",
        "10 END r0 w0", "10 CLOSE r0",
        "16 END r1 w1", "21 CLOSE r1",
    ]  # fmt: skip


def test_running_work_finishes_before_the_request_rises():
    run = climb(closing="grid", timers=RISE % "closing")
    assert run.story(*WORK, "RISE", "HAND_OFF", "ENTRY", "CLOSE") == [
        "0 ENTRY r0 =5", "0 START r0 w0 =10", "5 RISE r0 =2", "10 END r0 w0",
        "10 HAND_OFF r0 =3", "13 ENTRY r0 =2", "13 START r0 w1 =7", "20 END r0 w1",
        "25 CLOSE r0",
    ]  # fmt: skip


def test_at_the_top_a_rise_only_makes_more_urgent():
    # Both reach the street: r0 at 2 + 3, r1 at 4 + 3, where it waits for r0 until 12. Its timer
    # goes off at 0.5 + 9 there.
    timers = "rise: {after: {sequence: [90 s, 9 s]}, until: closing, then: rise, priority: 2}"
    run = climb("0 s, 0.5 s", timers=timers)
    assert run.story(*WORK, "RISE", "WITHDRAW", requests=[1]) == [
        "2 START r1 w0 =2", "4 END r1 w0", "9.5 RISE r1 =2", "12 START r1 w1 =7",
        "19 END r1 w1",
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [0, 1])
def test_without_triage_a_request_is_handed_on_at_once(wrong):
    run = played(f"""
run: {{horizon: 200 s}}
sources: {{callers: {{kind: arrivals, times: [1 s], classes: {{call: 1}}}}}}
requests: {{call: {{flow: f, work: 10 s, closing: {{top: 1}}}}}}
flows: {{f: {{start: climb, steps: {{climb: {{ladder: chain}}}}}}}}
ladders:
  chain:
    order: [low, top]
    rungs: {{low: {{line: g, misrouting: {wrong}}}, top: {{line: s}}}}
lines: {{g: {{}}, s: {{}}}}
pools: {{a: {{staff: 1, serves: [g, s]}}}}
""")
    errors = ["1 MISROUTE r0", "1 RETURN r0", "1 HAND_OFF r0"] * 2 if wrong else []
    assert run.story()[2:] == [
        "1 ARRIVAL r0", "1 HAND_OFF r0", *errors,
        "1 ENTRY r0 =5", "1 START r0 w0 =10", "11 END r0 w0", "11 CLOSE r0", "11 DONE r0",
    ]  # fmt: skip
