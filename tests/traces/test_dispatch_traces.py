"""Who takes what: workers asked by a task, tasks asked by a worker, and interruption."""

import pytest

from sim.plan.codes import Code
from tests.traces.playing import WORK, played

DESK = """
run: {horizon: 1000 s}
sources: {callers: {kind: arrivals, times: [%s], classes: {call: 1}}}
requests: {call: {flow: f, work: {sequence: [%s]}}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: %d, serves: [desk]}}
"""


def desk(times, contents, staff):
    def listed(values):
        return ", ".join(f"{value} s" for value in values)

    return played(DESK % (listed(times), listed(contents), staff))


def test_two_freed_at_one_instant_take_tasks_by_worker_number():
    # w0 is on r2 and w1 on r1 when both end at 10; r3 has waited longer than r4.
    run = desk((0, 1, 3, 4, 5), (2, 9, 7, 5, 5), staff=2)
    assert run.story(*WORK)[4:8] == [
        "10 END r2 w0",
        "10 START r3 w0 =5",
        "10 END r1 w1",
        "10 START r4 w1 =5",
    ]


def test_a_task_asks_the_worker_who_has_been_idle_longest():
    run = desk((1, 2, 3, 8, 8.5, 8.7), (5, 2, 4, 10, 10, 10), staff=3)
    # First ties of time 0 go by number; then w1 is idle since 4, w0 since 6, w2 since 7.
    assert run.story("START") == [
        "1 START r0 w0 =5", "2 START r1 w1 =2", "3 START r2 w2 =4",
        "8 START r3 w1 =10", "8.5 START r4 w0 =10", "8.7 START r5 w2 =10",
    ]  # fmt: skip


def test_a_line_asks_the_pools_it_prefers_first():
    run = played("""
run: {horizon: 100 s}
sources: {callers: {kind: arrivals, times: [1 s, 2 s, 3 s], classes: {call: 1}}}
requests: {call: {flow: f, work: 10 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {prefer: [juniors]}}
pools: {clerks: {staff: 1, serves: [desk]}, juniors: {staff: 1, serves: [desk]}}
""")
    # w0 is the clerk, w1 the junior; at 11 the junior is free again and takes the third.
    assert run.story("START") == [
        "1 START r0 w1 =10", "2 START r1 w0 =10", "11 START r2 w1 =10",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("order", "expected"),
    [("priority_first", [1, 4, 2, 3]), ("preference_first", [2, 3, 1, 4])],
)
def test_a_worker_asks_by_priority_or_by_preference(order, expected):
    # Busy until 10 with r0. r1 and r4 are urgent, in the second line, since 1 and 13; r2 and r3
    # are ordinary, in the first line, since 2 and 12.
    run = played(f"""
run: {{horizon: 100 s}}
sources:
  begin: {{kind: arrivals, times: [0 s], classes: {{ordinary: 1}}}}
  ordinary: {{kind: arrivals, times: [2 s, 12 s], classes: {{ordinary: 1}}}}
  urgent: {{kind: arrivals, times: [1 s, 13 s], classes: {{urgent: 1}}}}
requests:
  ordinary: {{flow: home, work: 10 s, priority: 5}}
  urgent: {{flow: away, work: 10 s, priority: 1}}
flows:
  home: {{start: serve, steps: {{serve: {{work: {{line: near}}}}}}}}
  away: {{start: serve, steps: {{serve: {{work: {{line: far}}}}}}}}
lines: {{near: {{}}, far: {{}}}}
pools: {{clerks: {{staff: 1, serves: [near, far], order: {order}}}}}
""")
    assert [int(r) for r in run.log.request[run.log.code == Code.START]] == [0, *expected]


NEIGHBOURS = """
run: {horizon: 100 s}
places:
  root: {level: city, name: city}
  rows:
    - {name: g1, level: grid, parent: city, households: 0}
    - {name: g2, level: grid, parent: city, households: 4}
sources:
  all: {kind: arrivals, times: [1 s, 2 s, 3 s, 3.5 s], classes: {call: 1}}
  each: {kind: arrivals, at: grid, times: [4 s], classes: {call: 1}}
requests: {call: {flow: f, work: 10 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: home}}}}}
lines: {home: {at: grid}}
pools: {workers: {at: grid, staff: 1, serves: [{line: home, within: city}]}}
"""


def test_workers_serve_other_grids_after_their_own():
    # All residents live in g2, so r0 to r3 are there; r4 is g1's, r5 g2's.
    run = played(NEIGHBOURS)
    assert [run.plan.names.places[p] for p in run.log.requests.place] == [
        *["city/g2"] * 4, "city/g1", "city/g2",
    ]  # fmt: skip
    assert run.story(*WORK) == [
        "1 START r0 w1 =10",  # its own worker first,
        "2 START r1 w0 =10",  # then the neighbour
        "11 END r0 w1", "11 START r2 w1 =10",
        "12 END r1 w0", "12 START r4 w0 =10",  # own line, though r3 has waited longer
        "21 END r2 w1", "21 START r3 w1 =10",
        "22 END r4 w0", "22 START r5 w0 =10",
        "31 END r3 w1", "32 END r5 w0",
    ]  # fmt: skip


VICTIMS = """
run: {horizon: 1000 s}
sources:
  five: {kind: arrivals, times: [3 s], classes: {five: 1}}
  six: {kind: arrivals, times: [1 s, 2 s], classes: {six: 1}}
  top: {kind: arrivals, times: [4 s, 5 s, 6 s, 7 s], classes: {top: 1}}
requests:
  five: {flow: f, work: 100 s, priority: 5, preemptible: true}
  six: {flow: f, work: 100 s, priority: 6, preemptible: true}
  top: {flow: f, work: 10 s, priority: 1, preempts: true}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: 3, serves: [desk]}}
"""


def test_the_victim_is_of_lowest_priority_then_of_latest_start():
    run = played(VICTIMS)
    assert run.story(*WORK) == [
        "1 START r0 w0 =100", "2 START r1 w1 =100", "3 START r2 w2 =100",
        "4 PAUSE r1 w1 =98", "4 START r3 w1 =10",  # priority 6, started later than r0
        "5 PAUSE r0 w0 =96", "5 START r4 w0 =10",  # the other six
        "6 PAUSE r2 w2 =97", "6 START r5 w2 =10",
        "14 END r3 w1", "14 START r6 w1 =10",  # r6 found nobody to interrupt at 7
        "15 END r4 w0", "15 RESUME r2 w0 =97",  # five before six
        "16 END r5 w2", "16 RESUME r0 w2 =96",  # its first entry was at 1, before r1's
        "24 END r6 w1", "24 RESUME r1 w1 =98",
        "112 END r2 w0", "112 END r0 w2", "122 END r1 w1",
    ]  # fmt: skip


def test_among_equal_starts_the_highest_worker_number_is_interrupted():
    run = played(VICTIMS.replace("times: [1 s, 2 s]", "times: [1 s, 1 s, 1 s]"))
    assert run.story("PAUSE") == ["4 PAUSE r2 w2 =97", "5 PAUSE r1 w1 =96", "6 PAUSE r0 w0 =95"]


def test_an_interrupted_task_may_be_taken_at_once_by_another_pool():
    run = played("""
run: {horizon: 100 s}
sources:
  low: {kind: arrivals, times: [1 s], classes: {low: 1}}
  top: {kind: arrivals, times: [3 s], classes: {top: 1}}
requests:
  low: {flow: low, work: 10 s, priority: 5, preemptible: true}
  top: {flow: top, work: 10 s, priority: 1, preempts: true}
flows:
  low: {start: serve, steps: {serve: {work: {line: ordinary}}}}
  top: {start: serve, steps: {serve: {work: {line: urgent}}}}
lines: {ordinary: {prefer: [a]}, urgent: {}}
pools: {a: {staff: 1, serves: [urgent, ordinary]}, b: {staff: 1, serves: [ordinary]}}
""")
    assert run.story(*WORK) == [
        "1 START r0 w0 =10", "3 PAUSE r0 w0 =8", "3 START r1 w0 =10", "3 RESUME r0 w1 =8",
        "11 END r0 w1", "13 END r1 w0",
    ]  # fmt: skip


def test_same_worker_resumes_although_another_is_idle():
    run = played("""
run: {horizon: 100 s}
sources:
  low: {kind: arrivals, times: [1 s, 2 s], classes: {low: 1}}
  top: {kind: arrivals, times: [3 s], classes: {top: 1}}
requests:
  low: {flow: low, work: 10 s, priority: 5, preemptible: true}
  top: {flow: top, work: 20 s, priority: 1, preempts: true}
flows:
  low: {start: serve, steps: {serve: {work: {line: desk, same_worker: true}}}}
  top: {start: serve, steps: {serve: {work: {line: desk}}}}
lines: {desk: {}}
pools: {clerks: {staff: 2, serves: [desk]}}
""")
    assert run.story(*WORK) == [
        "1 START r0 w0 =10", "2 START r1 w1 =10", "3 PAUSE r1 w1 =9", "3 START r2 w1 =20",
        "11 END r0 w0", "23 END r2 w1", "23 RESUME r1 w1 =9", "32 END r1 w1",
    ]  # fmt: skip


def test_durations_are_rounded_up_and_work_done_is_rounded_down():
    # At 700 per mille 10 s last ceil(10^10 / 700) = 14 285 715 us. After five seconds 3.5 s are
    # done, and the other 6.5 s last ceil(6.5 * 10^9 / 700) = 9 285 715 us from 9 on.
    text = """
run: {horizon: 100 s}
sources: {callers: {kind: arrivals, times: [0 s], classes: {call: 1}}}
calendars: {shift: {windows: {on: [{start: 0 s, end: %s}, {start: 9 s, end: 99 s}]}}}
requests: {call: {flow: f, work: 10 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools:
  clerks: {staff: 1, serves: [desk], productivity: 0.7, calendar: shift, shift_end: pause}
"""
    run = played(text % "5 s", unit=1)
    assert run.story("PAUSE", "RESUME", "END") == [
        "5e+06 PAUSE r0 w0 =6.5e+06", "9e+06 RESUME r0 w0 =6.5e+06", "1.82857e+07 END r0 w0",
    ]  # fmt: skip
    assert run.times("END") == [18_285_715]
    # One us more of the first stretch is worth 0.7 us of work, and so nothing.
    run = played(text % "5.000001 s", unit=1)
    assert int(run.log.amount[run.log.code == Code.PAUSE][0]) == 6_500_000


ROTA = """
run: {horizon: 40 s}
sources: {callers: {kind: arrivals, times: [5 s, 15 s], classes: {call: 1}}}
calendars: {watch: {rota: {shift: 10 s, groups: 2}}}
requests: {call: {flow: f, work: 10 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: 2, serves: [desk], calendar: watch, shift_end: hand_over}}
"""


def test_a_watch_hands_over_to_the_next():
    # At 10 the first group goes off before the second comes on; at 20 it is the other way
    # round, since groups go by number: the task is offered to somebody already there.
    assert played(ROTA).story(*WORK, "WORKER_ON", "WORKER_OFF")[1:] == [
        "5 START r0 w0 =10",
        "10 PAUSE r0 w0 =5", "10 WORKER_OFF w0", "10 WORKER_ON w1", "10 RESUME r0 w1 =5",
        "15 END r0 w1", "15 START r1 w1 =10",
        "20 WORKER_ON w0", "20 PAUSE r1 w1 =5", "20 WORKER_OFF w1", "20 RESUME r1 w0 =5",
        "25 END r1 w0", "30 WORKER_OFF w0", "30 WORKER_ON w1",
    ]  # fmt: skip


@pytest.mark.parametrize(("work", "length"), [("29 min", 0), ("30 min", 1)])
def test_work_that_rounds_to_nothing_ends_before_the_next_arrival(work, length):
    # Ticks of one hour: 29 min are no time at all, 30 min are an hour. Three arrive at once.
    run = played(
        f"""
run: {{horizon: 10 h, tick: 1 h}}
sources: {{callers: {{kind: arrivals, times: [2 h, 2 h, 2 h], classes: {{call: 1}}}}}}
requests: {{call: {{flow: f, work: {work}}}}}
flows: {{f: {{start: serve, steps: {{serve: {{work: {{line: desk}}}}}}}}}}
lines: {{desk: {{}}}}
pools: {{clerks: {{staff: 1, serves: [desk]}}}}
""",
        unit=3_600_000_000,
    )
    told = run.story("ARRIVAL", "START", "END")
    if length:
        assert told == [
            "2 ARRIVAL r0", "2 START r0 w0 =1", "2 ARRIVAL r1", "2 ARRIVAL r2",
            "3 END r0 w0", "3 START r1 w0 =1", "4 END r1 w0", "4 START r2 w0 =1", "5 END r2 w0",
        ]  # fmt: skip
    else:
        assert told == [
            "2 ARRIVAL r0", "2 START r0 w0", "2 END r0 w0",
            "2 ARRIVAL r1", "2 START r1 w0", "2 END r1 w0",
            "2 ARRIVAL r2", "2 START r2 w0", "2 END r2 w0",
        ]  # fmt: skip
