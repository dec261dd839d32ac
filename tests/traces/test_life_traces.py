"""Members who come again, and residents who are asked afterwards."""

from tests.traces.playing import WORK, played


def test_a_member_returns_an_up_time_after_its_last_request_ended():
    run = played("""
run: {horizon: 40 s}
sources: {members: {kind: population, request: call, members: 2, up_time: 10 s}}
requests: {call: {flow: f, work: 3 s}}
flows: {f: {start: serve, steps: {serve: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
""")
    # Requests born in the run take the next number when their up-time begins.
    assert run.story("ARRIVAL", "START", "DONE") == [
        "10 ARRIVAL r0", "10 START r0 w0 =3", "10 ARRIVAL r1",
        "13 START r1 w0 =3", "13 DONE r0", "16 DONE r1",
        "23 ARRIVAL r2", "23 START r2 w0 =3", "26 DONE r2",
        "26 ARRIVAL r3", "26 START r3 w0 =3", "29 DONE r3",
        "36 ARRIVAL r4", "36 START r4 w0 =3", "39 DONE r4",
        "39 ARRIVAL r5", "39 START r5 w0 =3",
    ]  # fmt: skip
    assert run.log.requests.household.tolist() == [0, 1, 0, 1, 0, 1]
    assert run.log.requests.ordinal.tolist() == [0, 0, 1, 1, 2, 2]


VERDICTS = """
run: {horizon: 100 s}
sources: {callers: {kind: arrivals, times: [%(times)s], classes: {call: 1}}}
requests: {call: {flow: f, work: 3 s, limit: 5 s}}
flows:
  f:
    start: serve
    steps:
      serve: {work: {line: desk}, next: ask}
      ask: {evaluate: {verdicts: table, rework: serve, cap: %(cap)d}}
verdicts: {table: {%(table)s}}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
"""
ASKED = ("CLOSE", "VERDICT", "REWORK", "DONE")


def verdicts(table, times="0 s", cap=2):
    text = VERDICTS.replace("limit: 5 s", "limit: {after: 5 s}")
    return played(text % {"times": times, "cap": cap, "table": table})


def test_unresolved_requests_are_done_again_up_to_the_cap():
    run = verdicts("delay: 5 s, resolved: [0], satisfied: [1]")
    assert run.story(*WORK, *ASKED) == [
        "0 START r0 w0 =3", "3 END r0 w0", "3 CLOSE r0", "8 VERDICT r0 =0", "8 REWORK r0",
        "8 START r0 w0 =3", "11 END r0 w0", "11 CLOSE r0", "16 VERDICT r0 =0", "16 REWORK r0",
        "16 START r0 w0 =3", "19 END r0 w0", "19 CLOSE r0", "24 VERDICT r0 =0", "24 DONE r0",
    ]  # fmt: skip


def test_the_verdict_depends_on_the_time_taken():
    # r0 closes after 3 of 5, r1 after 6: it is late, unresolved and done again once, at 12,
    # after r2 (late as well, closes at 9, done again behind r1).
    run = verdicts(
        "edges: [1], resolved: [1, 0], satisfied: [1, 1]", times="0 s, 0 s, 0 s", cap=1
    )
    assert run.story(*ASKED) == [
        "3 CLOSE r0", "3 VERDICT r0 =3", "3 DONE r0",
        "6 CLOSE r1", "6 VERDICT r1 =0", "6 REWORK r1",
        "9 CLOSE r2", "9 VERDICT r2 =0", "9 REWORK r2",
        "12 CLOSE r1", "12 VERDICT r1 =0", "12 DONE r1",
        "15 CLOSE r2", "15 VERDICT r2 =0", "15 DONE r2",
    ]  # fmt: skip


def test_exactly_the_limit_is_in_time():
    run = verdicts("edges: [0.6], resolved: [1, 0], satisfied: [1, 1]")
    assert run.story("VERDICT") == ["3 VERDICT r0 =3"]
