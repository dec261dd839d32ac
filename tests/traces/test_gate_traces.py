"""Sessions: who is heard when, what becomes of the others, and leaving while waiting."""

import pytest

from tests.traces.playing import played

GATE = """
run: {horizon: 100 s}
sources:
  callers: {kind: arrivals, times: [%(times)s], classes: {call: 1}}
requests: {call: {flow: f, work: 3 s, timers: {%(timers)s}}}
flows:
  f:
    start: heard
    steps:
      heard: {gate: {gate: conference, %(step)s}, next: serve}
      serve: {work: {line: desk}}
      home: {work: {line: desk, content: 1 s}}
gates: {conference: {sessions: days, batch: %(batch)d, outcome: {%(outcome)s}}}
calendars: {days: {windows: {on: [{start: 10 s, end: 12 s}], every: 20 s}}}
lines: {desk: {}}
pools: {clerks: {staff: 2, serves: [desk]}}
"""
# Sessions begin at 10, 30, 50, 70 and 90; what their calendar says of their end is not used.
TOLD = (
    "GATE_TURNED", "GATE_WAIT", "GATE_PASS", "GATE_REFUSE", "GATE_NEXT", "WITHDRAW", "START",
    "CLOSE", "LEAVE",
)  # fmt: skip


def gate(times, batch=5, step="refused: home", outcome="pass: 1", timers="", seed=1):
    settings = {"times": times, "batch": batch, "step": step, "outcome": outcome}
    return played(GATE % {**settings, "timers": timers}, seed=seed)


def test_two_sessions_hear_a_batch_of_one_each():
    run = gate("2 s, 4 s", batch=1)
    assert run.story(*TOLD) == [
        "2 GATE_WAIT r0 =5", "4 GATE_WAIT r1 =5",
        "10 GATE_PASS r0 =8", "10 START r0 w0 =3", "13 CLOSE r0",
        "30 GATE_PASS r1 =26", "30 START r1 w1 =3", "33 CLOSE r1",
    ]  # fmt: skip


def test_who_is_refused_goes_another_way():
    run = gate("2 s", outcome="refuse: 1")
    assert run.story(*TOLD) == [
        "2 GATE_WAIT r0 =5", "10 GATE_REFUSE r0 =8", "10 START r0 w0 =1", "11 CLOSE r0",
    ]  # fmt: skip


def test_who_is_refused_leaves_where_nothing_else_is_said():
    run = gate("2 s", step="otherwise: home", outcome="refuse: 1")
    assert run.story(*TOLD) == ["2 GATE_WAIT r0 =5", "10 GATE_REFUSE r0 =8", "10 LEAVE r0"]


def test_who_is_not_admitted_does_not_wait():
    run = gate("2 s", step="admit: 0, otherwise: home")
    assert run.story(*TOLD) == ["2 GATE_TURNED r0", "2 START r0 w0 =1", "3 CLOSE r0"]


def test_all_is_decided_before_anybody_moves_on():
    # Arrivals of the instant of a session come before it. Both pass, then both start.
    run = gate("10 s, 4 s")
    assert run.story(*TOLD) == [
        "4 GATE_WAIT r0 =5", "10 GATE_WAIT r1 =5",
        "10 GATE_PASS r0 =6", "10 GATE_PASS r1",
        "10 START r0 w0 =3", "10 START r1 w1 =3", "13 CLOSE r0", "13 CLOSE r1",
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(1, 7))
def test_who_is_put_off_keeps_the_place_in_the_order(seed):
    # As long as r0 is put off, a batch of one hears nobody else. Then it is the turn of r1.
    run = gate("2 s, 4 s", batch=1, outcome="pass: 0.2, next: 0.8", seed=seed)
    story = run.story("GATE_PASS", "GATE_NEXT")
    sessions = [10, 30, 50, 70, 90]
    who, since = "r0", 2
    for told, at in zip(story, sessions, strict=False):
        time, what, heard, waited = told.split()
        assert (time, heard, waited) == (f"{at}", who, f"={at - since}")
        if what == "GATE_PASS":
            who, since = "r1", 4
    assert len(story) == 5 or who == "r1"


def test_somebody_is_put_off_and_somebody_passes():
    stories = [
        gate("2 s", outcome="pass: 0.5, next: 0.5", seed=seed).story("GATE_PASS", "GATE_NEXT")
        for seed in range(1, 7)
    ]
    assert {len(story) for story in stories} > {1}
    assert all("GATE_PASS" in story[-1] for story in stories if len(story) < 5)


@pytest.mark.parametrize("then", ["leave", "go, to: home"])
def test_a_timer_takes_a_request_out_of_the_gate(then):
    run = gate("2 s, 4 s", batch=1, timers=f"patience: {{after: 15 s, then: {then}}}")
    # r0 is heard at 10 and done at 13; r1 gives up at 4 + 15. The clerk w1 is idle longest.
    end = ["19 LEAVE r1"] if then == "leave" else ["19 START r1 w1 =1", "20 CLOSE r1"]
    assert run.story(*TOLD) == [
        "2 GATE_WAIT r0 =5", "4 GATE_WAIT r1 =5",
        "10 GATE_PASS r0 =8", "10 START r0 w0 =3", "13 CLOSE r0",
        "19 WITHDRAW r1 =15", *end,
    ]  # fmt: skip


def test_a_timer_of_the_instant_of_a_session_comes_too_late():
    run = gate("2 s", timers="patience: {after: 8 s, until: first_start, then: leave}")
    assert run.story(*TOLD) == [
        "2 GATE_WAIT r0 =5", "10 GATE_PASS r0 =8", "10 START r0 w0 =3", "13 CLOSE r0",
    ]  # fmt: skip


def test_who_has_become_more_urgent_is_heard_first():
    # r1 grows more urgent at 3 + 5 while it waits; a batch of one hears it before r0.
    run = played("""
run: {horizon: 100 s}
sources:
  early: {kind: arrivals, times: [1 s], classes: {slow: 1}}
  late: {kind: arrivals, times: [3 s], classes: {quick: 1}}
requests:
  slow: {flow: f, work: 3 s}
  quick: {flow: f, work: 3 s, timers: {push: {after: 5 s, priority: 1}}}
flows: {f: {start: heard, steps: {heard: {gate: {gate: conference}, next: serve},
                                  serve: {work: {line: desk}}}}}
gates: {conference: {sessions: days, batch: 1}}
calendars: {days: {windows: {on: [{start: 10 s, end: 12 s}], every: 20 s}}}
lines: {desk: {}}
pools: {clerks: {staff: 2, serves: [desk]}}
""")
    assert run.story(*TOLD) == [
        "1 GATE_WAIT r0 =5", "3 GATE_WAIT r1 =5",
        "10 GATE_PASS r1 =7", "10 START r1 w0 =3", "13 CLOSE r1",
        "30 GATE_PASS r0 =29", "30 START r0 w1 =3", "33 CLOSE r0",
    ]  # fmt: skip


def test_every_place_of_the_level_has_its_own_gate():
    run = played("""
run: {horizon: 100 s}
places:
  root: {level: town, name: town, households: 2}
  levels: {village: {within: town, count: 2}}
sources: {callers: {kind: arrivals, at: village, times: [2 s, 4 s], classes: {call: 1}}}
requests: {call: {flow: f, work: 3 s}}
flows: {f: {start: heard, steps: {heard: {gate: {gate: fair}, next: serve},
                                  serve: {work: {line: desk}}}}}
gates: {fair: {at: village, sessions: days, batch: 1}}
calendars: {days: {windows: {on: [{start: 10 s, end: 12 s}], every: 20 s}}}
lines: {desk: {}}
pools: {clerks: {staff: 4, serves: [desk]}}
""")
    log = run.log
    heard = run.story("GATE_PASS")
    assert [row.split()[0] for row in heard] == ["10", "10", "30", "30"]
    rows = log.code == 35
    assert log.ordinal[rows].tolist() == [0, 1, 0, 1]
    assert log.place[rows].tolist() == [1, 2, 1, 2]
