"""Traces that peers of this program are tested with (rows P-7C of the table of oracles)."""

import pytest

from sim.plan.codes import Code
from tests.oracles.table import exact, row
from tests.traces.playing import SECOND, WORK, played

ONE_SERVER = """
run: {horizon: %(end)s s}
sources: {callers: {kind: arrivals, times: [%(times)s], classes: {call: 1}}}
requests: {call: {flow: f, work: %(work)s %(more)s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {%(line)s}}
pools: {clerks: {staff: %(staff)s, serves: [desk] %(pool)s}}
"""


def seconds(*values):
    return ", ".join(f"{value} s" for value in values)


def one_server(times, work, *, end=1000, staff=1, more="", line="", pool="", rest=""):
    if isinstance(work, tuple):
        work = "{sequence: [" + seconds(*work) + "]}"
    text = ONE_SERVER % {
        "times": seconds(*times), "work": work, "end": end, "staff": staff, "more": more,
        "line": line, "pool": pool,
    }  # fmt: skip
    return played(text + rest)


def mean_time_to(run, *codes):
    """Mean time from report to the given codes, in seconds, as whole µs summed up first."""
    log = run.log
    ended = [n for n, code in enumerate(log.code) if Code(code).name in codes]
    total = sum(int(log.time[n] - log.requests.reported_at[log.request[n]]) for n in ended)
    return total / len(ended) / SECOND


def area(run, opens, closes, end):
    """Integral over time of the number between two codes, seconds."""
    return sum(end - t for t in run.times(opens)) - sum(end - t for t in run.times(closes))


def test_first_come_first_served_cut_at_the_horizon():
    # P-7C-1. An eighth service is needed since every request has its content; it never starts.
    arrivals = (3, 11, 13, 14, 17, 19, 21, 27)
    run = one_server(arrivals, (4, 4, 4, 3, 2, 4, 3, 9), end=31)
    starts = run.times("START")
    # At 31 the seventh ends, which no longer happens: the run is the half-open [0, 31).
    assert starts == [3, 11, 15, 19, 22, 24, 28]
    assert run.times("END") == [7, 15, 19, 22, 24, 28]
    waits = [start - at for start, at in zip(starts, arrivals, strict=False)]
    assert tuple(waits) == row("P-7C-1").value[:7]
    ends = [*run.times("END"), 31]
    assert sum(e - a for e, a in zip(ends, arrivals, strict=False)) / 7 == exact("P-7C-1", 7)
    assert sum(waits) / 7 == exact("P-7C-1", 8)
    assert area(run, "ARRIVAL", "DONE", 31) / 31 == exact("P-7C-1", 9)
    assert area(run, "ARRIVAL", "START", 31) / 31 == exact("P-7C-1", 10)
    assert area(run, "START", "END", 31) / 31 == exact("P-7C-1", 11)


PATIENCE = ", timers: {patience: {after: %s, until: first_start, then: leave}}"


def test_reneging():
    # P-7C-2
    run = one_server((1, 2, 3, 4), "10 s", more=PATIENCE % "3 s")
    assert tuple(run.times("LEAVE")) == row("P-7C-2").value[:3]
    assert run.story("START", "END", "LEAVE") == [
        "1 START r0 w0 =10", "5 LEAVE r1", "6 LEAVE r2", "7 LEAVE r3", "11 END r0 w0",
    ]  # fmt: skip
    assert mean_time_to(run, "LEAVE", "DONE") == exact("P-7C-2", 3)


def test_two_renege_at_one_instant():
    # P-7C-3: arrivals at 4 and 5 with patience 7 and 6 while one server is busy throughout.
    patience = "{sequence: [900 s, 7 s, 6 s]}"
    run = one_server((1, 4, 5), "500 s", more=PATIENCE % patience)
    assert tuple(run.times("LEAVE")) == row("P-7C-3").value
    assert run.story("MARK", "WITHDRAW", "LEAVE") == [
        "11 MARK r1", "11 WITHDRAW r1 =7", "11 LEAVE r1",
        "11 MARK r2", "11 WITHDRAW r2 =6", "11 LEAVE r2",
    ]  # fmt: skip


def test_balking_when_two_wait():
    # P-7C-4
    run = one_server((1, 2, 3, 4, 5), "10 s", line="limit: 2")
    assert (len(run.times("END")), len(run.times("REFUSE"))) == row("P-7C-4").value
    assert run.story("START", "REFUSE", "LEAVE") == [
        "1 START r0 w0 =10", "4 REFUSE r3", "4 LEAVE r3", "5 REFUSE r4", "5 LEAVE r4",
        "11 START r1 w0 =10", "21 START r2 w0 =10",
    ]  # fmt: skip


def test_balking_when_three_are_present():
    # P-7C-5: one is served and two wait, so three present is a line limit of two. The arrival
    # at 26 would be the server's; at 45 the third waits from 15 on.
    run = one_server(range(5, 51, 5), "21 s", end=51, line="limit: 2")
    starts = run.times("START")
    expected = row("P-7C-5").value
    assert tuple(run.times("REFUSE")) == expected[:5]
    assert tuple(starts[:2]) == expected[5:7]
    assert (starts[0] - 5, starts[1] - 10) == expected[7:]
    assert starts == [5, 26, 47]


@pytest.mark.parametrize("capacity", [1, 2])
def test_no_staff_at_first(capacity):
    # P-7C-6
    run = one_server(
        (1, 2, 3),
        "1 s",
        staff=capacity,
        pool=", calendar: late, shift_end: finish",
        rest="calendars: {late: {windows: {on: [{start: 5 s, end: 1000 s}]}}}",
    )
    begins = {1: [5, 6, 7], 2: [5, 5, 6]}[capacity]
    assert run.times("START") == begins
    assert mean_time_to(run, "DONE") == pytest.approx(exact("P-7C-6", capacity - 1), abs=1e-12)


SHIFTS = (
    "calendars: {shift: {windows: {on: [{start: 0 s, end: 5 s}, {start: 9 s, end: 99 s}]}}}"
)


@pytest.mark.parametrize("rule", ["pause", "hand_over"])
def test_shift_end_resumes(rule):
    # P-7C-7 resume. Ciw reports a wait of 8 here; we keep wait 0, pause 4 and work 10 apart.
    run = one_server((1,), "10 s", pool=f", calendar: shift, shift_end: {rule}", rest=SHIFTS)
    assert run.story(*WORK, "WORKER_ON", "WORKER_OFF") == [
        "0 WORKER_ON w0", "1 START r0 w0 =10", "5 PAUSE r0 w0 =6", "5 WORKER_OFF w0",
        "9 WORKER_ON w0", "9 RESUME r0 w0 =6", "15 END r0 w0", "99 WORKER_OFF w0",
    ]  # fmt: skip
    assert run.times("DONE") == [exact("P-7C-7", 1)]


def test_shift_end_finishes_with_overtime():
    # The finish rule of the same set-up: the end at 11 lies in the next shift, which has begun
    # at 9, so the stretches are one and nobody goes off.
    run = one_server((1,), "10 s", pool=", calendar: shift, shift_end: finish", rest=SHIFTS)
    assert run.story(*WORK, "WORKER_ON", "WORKER_OFF") == [
        "0 WORKER_ON w0", "1 START r0 w0 =10", "11 END r0 w0", "99 WORKER_OFF w0",
    ]  # fmt: skip
    # With work of 7 it ends at 8: off duty only then, three seconds late.
    run = one_server((1, 6), "7 s", pool=", calendar: shift, shift_end: finish", rest=SHIFTS)
    assert run.story(*WORK, "WORKER_OFF", "WORKER_ON") == [
        "0 WORKER_ON w0", "1 START r0 w0 =7", "8 END r0 w0", "8 WORKER_OFF w0 =3",
        "9 WORKER_ON w0", "9 START r1 w0 =7", "16 END r1 w0", "99 WORKER_OFF w0",
    ]  # fmt: skip


TWO_CLASSES = """
run: {horizon: 1000 s}
sources:
  low: {kind: arrivals, times: [%(low)s], classes: {low: 1}}
  high: {kind: arrivals, times: [%(high)s], classes: {high: 1}}
requests:
  low: {flow: f, priority: 5, preemptible: true, work: %(low_work)s s}
  high: {flow: f, priority: 1, preempts: %(preempts)s, work: %(high_work)s s}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
"""


def two_classes(low, low_work, high, high_work, preempts):
    return played(
        TWO_CLASSES
        % {
            "low": seconds(*low),
            "high": seconds(*high),
            "low_work": low_work,
            "high_work": high_work,
            "preempts": str(preempts).lower(),
        }
    )


def test_priority_without_preemption():
    # P-7C-8
    run = two_classes((1.5, 5), 5, (7.5,), 4, preempts=False)
    assert tuple(run.times("START")) == row("P-7C-8").value
    assert run.story(*WORK)[-1] == "15.5 END r2 w0"


def test_priority_preemptive_resume_of_that_set_up():
    # The set-up of P-7C-9 under our only rule, resume: the second low has done one second.
    run = two_classes((1.5, 5), 5, (7.5,), 4, preempts=True)
    assert run.story(*WORK) == [
        "1.5 START r0 w0 =5", "6.5 END r0 w0", "6.5 START r1 w0 =5", "7.5 PAUSE r1 w0 =4",
        "7.5 START r2 w0 =4", "11.5 END r2 w0", "11.5 RESUME r1 w0 =4", "15.5 END r1 w0",
    ]  # fmt: skip
    assert run.times("START")[2] == exact("P-7C-9", 0)
    assert run.times("RESUME") == [exact("P-7C-9", 1)]


def test_priority_preemptive_resume():
    # P-7C-10 resume
    run = two_classes((1,), 6, (3,), 10, preempts=True)
    assert run.story(*WORK) == [
        "1 START r0 w0 =6", "3 PAUSE r0 w0 =4", "3 START r1 w0 =10", "13 END r1 w0",
        "13 RESUME r0 w0 =4", "17 END r0 w0",
    ]  # fmt: skip
    assert run.times("DONE")[1] == exact("P-7C-10", 1)
