"""Claim-then-push by hand: who is asked, who accepts, and what is pushed."""

from sim.demand.draws import chance
from sim.demand.purposes import Purpose
from sim.demand.streams import uniform64
from sim.demand.trace import draw_trace
from sim.keys import subkey
from sim.plan.codes import Code
from tests.traces.playing import SECOND, Played, plan_of, play

# The clerk is w0, the volunteers are w1 to w3.
TOWN = """
run: {horizon: 1000 s}
calendars: {late: {windows: {on: [{start: 50 s, end: 900 s}]}}}
sources: {callers: {kind: arrivals, times: [TIMES], classes: {call: 1}}}
requests: {call: {flow: f, work: {sequence: [CONTENTS]}}}
flows: {f: {start: help, steps: {help: {work: {line: desk, claim: {line: street,
                                                                    accept: ACCEPT}}}}}}
lines: {desk: {}, street: {}}
pools:
  clerks: {staff: 1, serves: [desk]}
  volunteers: {staff: 3, serves: [street]}
"""


def town(times, contents, accept):
    def listed(values):
        return ", ".join(f"{value} s" for value in values)

    text = TOWN.replace("TIMES", listed(times)).replace("CONTENTS", listed(contents))
    return text.replace("ACCEPT", str(accept))


def run_of(text, seed=1):
    plan = plan_of(text)
    trace = draw_trace(plan, seed, 0)
    return trace, Played(plan, play(plan, trace), SECOND)


def offers(text, seed):
    """For each request: the keyed start among 2**31, and who accepts among three, in order."""
    plan = plan_of(text)
    trace = draw_trace(plan, seed, 0)
    step = int(plan.step_kind.argmin())
    limit, keys = int(plan.step_accept[step]), (trace.key0, trace.key1)
    found = []
    for key in trace.requests.key.tolist():
        offer = subkey(key, int(plan.step_key[step]))
        start = uniform64(*keys, Purpose.CLAIM, offer, 0) >> 33
        said = [chance(limit, *keys, Purpose.CLAIM, offer, n) for n in (1, 2, 3)]
        found.append((start, said))
    return found


def seed_with(text, *wanted):
    """The first seed under which the volunteers give these answers."""
    return next(s for s in range(1000) if [said for _, said in offers(text, s)] == [*wanted])


def test_the_second_who_is_asked_accepts():
    text = town([1], [10], 0.5)
    seed = seed_with(text, [False, True, True])
    ((start, _),) = offers(text, seed)
    _, run = run_of(text, seed)
    second = 1 + (start * 3 // 2**31 + 1) % 3
    assert run.story("CLAIM", "PUSH", "ENTRY", "START", "END") == [
        f"1 CLAIM r0 w{second}", "1 ENTRY r0 =5", f"1 START r0 w{second} =10",
        f"11 END r0 w{second}",
    ]  # fmt: skip
    claim = run.log.code == Code.CLAIM
    assert (run.log.ordinal[claim].item(), run.log.amount[claim].item()) == (1, 3)
    # Entry, start and end are in the volunteers' line.
    assert set(run.log.line[run.log.request == 0].tolist()) == {-1, 1}


def test_nobody_accepts_and_the_task_is_pushed():
    _, run = run_of(town([1, 2], [10, 5], 0))
    assert run.story("CLAIM", "PUSH", "ENTRY", "START", "END") == [
        "1 PUSH r0", "1 ENTRY r0 =5", "1 START r0 w0 =10",
        "2 PUSH r1", "2 ENTRY r1 =5",
        "11 END r0 w0", "11 START r1 w0 =5", "16 END r1 w0",
    ]  # fmt: skip
    assert run.log.amount[run.log.code == Code.PUSH].tolist() == [3, 3]


def test_only_the_idle_are_asked_and_with_nobody_idle_it_is_pushed():
    text = town([1, 2, 3, 4, 20], [12, 12, 12, 12, 1], 1)
    _, run = run_of(text)
    starts = [start for start, _ in offers(text, 1)]
    left = [1, 2, 3]
    a, b, c = [left.pop(start * len(left) // 2**31) for start in starts[:3]]
    d = [1, 2, 3][starts[4] * 3 // 2**31]
    told = run.story("CLAIM", "PUSH", "START")
    assert told == [
        f"1 CLAIM r0 w{a}", f"1 START r0 w{a} =12",
        f"2 CLAIM r1 w{b}", f"2 START r1 w{b} =12",
        f"3 CLAIM r2 w{c}", f"3 START r2 w{c} =12",
        "4 PUSH r3", "4 START r3 w0 =12",
        f"20 CLAIM r4 w{d}", f"20 START r4 w{d} =1",
    ]  # fmt: skip
    asked = (run.log.code == Code.CLAIM) | (run.log.code == Code.PUSH)
    assert run.log.amount[asked].tolist() == [3, 2, 1, 0, 3]


def test_volunteers_off_duty_are_not_asked_and_do_not_take_what_was_pushed():
    text = town([1, 2], [100, 5], 1).replace(
        "staff: 3,", "staff: 3, calendar: late, shift_end: finish,"
    )
    _, run = run_of(text)
    # They come at 50, while r1 waits for the clerk, and leave it there.
    assert run.story("CLAIM", "PUSH", "START") == [
        "1 PUSH r0", "1 START r0 w0 =100", "2 PUSH r1", "101 START r1 w0 =5",
    ]  # fmt: skip


def test_claimed_work_that_is_handed_over_waits_for_volunteers():
    text = town([890], [20], 1).replace(
        "staff: 3,", "staff: 3, calendar: late, shift_end: hand_over,"
    )
    text = text.replace("end: 900 s}", "end: 900 s}, {start: 950 s, end: 990 s}")
    _, run = run_of(text)
    told = run.story("CLAIM", "PUSH", "PAUSE", "RESUME", "END")
    assert [row.rsplit(" w", 1)[0] for row in told] == [
        "890 CLAIM r0", "900 PAUSE r0", "950 RESUME r0", "960 END r0",
    ]  # fmt: skip
