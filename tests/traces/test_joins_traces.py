"""Joins by hand: who is called, who comes together, and what becomes of parts nobody needs.

Pool pa serves line a, and so on; the workers are w0 in pa, w1 in pb, w2 in pc and w3 in pz,
whose line is that of the step `up`, the ordinary way.
"""

from sim.demand.draws import chance
from sim.demand.purposes import Purpose
from sim.demand.trace import draw_trace
from sim.keys import name_key, subkey
from tests.traces.playing import SECOND, WORK, Played, plan_of, play, played

TOWN = """
run: {horizon: %(horizon)s, control: 1 h}
calendars:
  early: {windows: {on: [{start: 0 s, end: 6 s}, {start: 30 s, end: 90 s}]}}
sources:
  callers: {kind: arrivals, times: [1 s], classes: {call: 1}}
  nobody: {kind: arrivals, times: [2000 s], classes: {all: 1}}
%(sources)s
requests:
  call: {flow: joint, work: 10 s, priority: 5, preemptible: true%(call)s}
  all: {flow: every_line, work: 1 s}
%(singles)s
flows:
  every_line:
    start: one
    steps:
      one: {work: {line: a}, next: two}
      two: {work: {line: b}, next: three}
      three: {work: {line: c}}
  joint:
    start: meet
    steps:
      meet: {join: {%(join)s, otherwise: up}}
      up: {work: {line: z, content: 3 s}}
%(flows)s
lines: {a: {}, b: {}, c: {%(c)s}, z: {}}
pools: {%(pools)s}
%(more)s
"""
OWN = {"pa": "serves: [a]", "pb": "serves: [b]", "pc": "serves: [c]", "pz": "serves: [z]"}
PATHS = (
    *WORK,
    "JOIN_CALL",
    "JOIN_ANSWER",
    "JOIN_DONE",
    "JOIN_FAIL",
    "WITHDRAW",
    "CLOSE",
    "LEAVE",
)
SHORT = (*WORK, "JOIN_DONE", "JOIN_FAIL", "WITHDRAW", "CLOSE", "LEAVE")


def town(join, *singles, call="", c="", more="", horizon="1000 s", **pools):
    """The town; singles are (line, report, work, priority) of tasks for one line alone."""
    parts = {"sources": [], "singles": [], "flows": []}
    for n, (line, at, work, priority) in enumerate(singles):
        preempts = ", preempts: true" if priority < 2 else ""
        parts["sources"].append(
            f"  from{n}: {{kind: arrivals, times: [{at} s], classes: {{s{n}: 1}}}}"
        )
        parts["singles"].append(
            f"  s{n}: {{flow: f{n}, work: {work} s, priority: {priority}{preempts}}}"
        )
        parts["flows"].append(f"  f{n}: {{start: w, steps: {{w: {{work: {{line: {line}}}}}}}}}")
    served = {name: f"{name}: {{staff: 1, {how}}}" for name, how in {**OWN, **pools}.items()}
    return TOWN % {
        "join": join, "call": call, "c": c, "more": more, "horizon": horizon,
        "pools": ", ".join(served.values()),
        **{name: "\n".join(lines) for name, lines in parts.items()},
    }  # fmt: skip


def story(text, *codes, seed=1):
    return played(text, seed=seed).story(*(codes or SHORT))


def test_all_are_called_and_begin_together_when_the_last_is_free():
    assert story(town("form: together, lines: [a, b]", ("a", 0, 8, 5)), *PATHS) == [
        "0 START r0 w0 =8",
        "1 JOIN_CALL r1 a round 1", "1 JOIN_CALL r1 b round 1",
        "1 JOIN_ANSWER r1 a round 1", "1 JOIN_ANSWER r1 b round 1",
        "8 END r0 w0", "8 START r1 w0 =10", "8 START r1 w1 =10", "8 CLOSE r0",
        "18 END r1 w0", "18 END r1 w1", "18 JOIN_DONE r1 =17", "18 CLOSE r1",
    ]  # fmt: skip


def test_nobody_is_reserved_while_they_wait_for_the_last():
    # b takes other work while a is busy, then a does while b is; they meet at 11.
    text = town("form: together, lines: [a, b]", ("a", 0, 8, 5), ("b", 2, 9, 5), ("a", 9, 1, 5))
    assert story(text) == [
        "0 START r0 w0 =8", "2 START r2 w1 =9", "8 END r0 w0", "8 CLOSE r0",
        "9 START r3 w0 =1", "10 END r3 w0", "10 CLOSE r3",
        "11 END r2 w1", "11 START r1 w0 =10", "11 START r1 w1 =10", "11 CLOSE r2",
        "21 END r1 w0", "21 END r1 w1", "21 JOIN_DONE r1 =20", "21 CLOSE r1",
    ]  # fmt: skip


def test_so_many_of_them_begin_as_are_needed_and_free():
    text = town("form: together, lines: [a, b, c], need: 2", ("a", 0, 8, 5), ("c", 0, 4, 5))
    assert story(text) == [
        "0 START r0 w0 =8", "0 START r1 w2 =4",
        "4 END r1 w2", "4 START r2 w1 =10", "4 START r2 w2 =10", "4 CLOSE r1",
        "8 END r0 w0", "8 CLOSE r0",
        "14 END r2 w1", "14 END r2 w2", "14 JOIN_DONE r2 =13", "14 CLOSE r2",
    ]  # fmt: skip


def test_of_more_who_are_free_the_first_of_the_list_begin():
    assert story(town("form: together, lines: [c, a, b], need: 2"), "START") == [
        "1 START r0 w2 =10", "1 START r0 w0 =10",
    ]  # fmt: skip


def test_it_goes_before_older_single_tasks_of_the_same_priority():
    text = town("form: together, lines: [a, b]", ("a", 0, 8, 5), ("a", 0, 2, 5))
    assert story(text) == [
        "0 START r0 w0 =8", "8 END r0 w0", "8 START r2 w0 =10", "8 START r2 w1 =10",
        "8 CLOSE r0", "18 END r2 w0", "18 START r1 w0 =2", "18 END r2 w1",
        "18 JOIN_DONE r2 =17", "18 CLOSE r2", "20 END r1 w0", "20 CLOSE r1",
    ]  # fmt: skip


def test_it_goes_behind_more_urgent_single_tasks():
    text = town("form: together, lines: [a, b]", ("a", 0, 8, 5), ("a", 3, 2, 4))
    assert story(text) == [
        "0 START r0 w0 =8", "8 END r0 w0", "8 START r2 w0 =2", "8 CLOSE r0",
        "10 END r2 w0", "10 START r1 w0 =10", "10 START r1 w1 =10", "10 CLOSE r2",
        "20 END r1 w0", "20 END r1 w1", "20 JOIN_DONE r1 =19", "20 CLOSE r1",
    ]  # fmt: skip


def test_patience_ends_and_the_request_goes_the_ordinary_way():
    text = town("form: together, lines: [a, b], patience: 5 s", ("a", 0, 8, 5))
    assert story(text) == [
        "0 START r0 w0 =8", "6 JOIN_FAIL r1 patience =5", "6 START r1 w3 =3",
        "8 END r0 w0", "8 CLOSE r0", "9 END r1 w3", "9 CLOSE r1",
    ]  # fmt: skip


def test_who_is_free_in_the_very_instant_in_which_patience_ends_still_begins():
    text = town("form: together, lines: [a, b], patience: 7 s", ("a", 0, 8, 5))
    assert story(text, "START", "JOIN_DONE", "JOIN_FAIL")[-3:] == [
        "8 START r1 w0 =10", "8 START r1 w1 =10", "18 JOIN_DONE r1 =17",
    ]  # fmt: skip


def test_silent_lines_are_called_again_and_given_up_after_the_last_round():
    text = town("form: together, lines: [a, b], response: 0, interval: 3 s, rounds: 3")
    assert story(text, *PATHS) == [
        "1 JOIN_CALL r0 a round 1", "1 JOIN_CALL r0 b round 1",
        "4 JOIN_CALL r0 a round 2", "4 JOIN_CALL r0 b round 2",
        "7 JOIN_CALL r0 a round 3", "7 JOIN_CALL r0 b round 3",
        "10 JOIN_FAIL r0 silence =9",
        "10 START r0 w3 =3", "13 END r0 w3", "13 CLOSE r0",
    ]  # fmt: skip


def responses(text, seed, rounds=3):
    """By line, whether it answers the calls of each round, from their keys alone."""
    plan = plan_of(text)
    trace = draw_trace(plan, seed, 0)
    step = plan.names.steps.index("joint.meet")
    visit = subkey(int(trace.requests.key[0]), int(plan.step_key[step]))
    keys = (trace.key0, trace.key1)
    return {
        line: [
            chance(1 << 61, *keys, Purpose.JOIN_RESPONSE, subkey(visit, name_key(line)), 2 * n)
            for n in range(rounds)
        ]
        for line in "ab"
    }


def test_a_silent_line_answers_the_second_call():
    text = town("form: together, lines: [a, b], response: 0.5, interval: 3 s, rounds: 3")
    seed = next(
        s for s in range(100)
        if (found := responses(text, s))["a"][0] and found["b"][:2] == [False, True]
    )  # fmt: skip
    assert story(text, *PATHS, seed=seed) == [
        "1 JOIN_CALL r0 a round 1", "1 JOIN_CALL r0 b round 1", "1 JOIN_ANSWER r0 a round 1",
        "4 JOIN_CALL r0 b round 2", "4 JOIN_ANSWER r0 b round 2",
        "4 START r0 w0 =10", "4 START r0 w1 =10",
        "14 END r0 w0", "14 END r0 w1", "14 JOIN_DONE r0 =13", "14 CLOSE r0",
    ]  # fmt: skip


def test_lines_answer_after_a_delay_and_are_not_called_again_meanwhile():
    text = town("form: together, lines: [a, b], answer: 4 s, interval: 3 s, rounds: 3")
    assert story(text, *PATHS) == [
        "1 JOIN_CALL r0 a round 1", "1 JOIN_CALL r0 b round 1",
        "5 JOIN_ANSWER r0 a round 1 =4", "5 JOIN_ANSWER r0 b round 1 =4",
        "5 START r0 w0 =10", "5 START r0 w1 =10",
        "15 END r0 w0", "15 END r0 w1", "15 JOIN_DONE r0 =14", "15 CLOSE r0",
    ]  # fmt: skip


def test_a_worker_of_two_lines_stands_where_nobody_else_can():
    # w0 serves a and b, w1 only a: a gives w0 up to b. With only one of them nothing begins.
    text = town("form: together, lines: [a, b]", pa="serves: [a, b]", pb="serves: [a]")
    assert story(text, "START") == ["1 START r0 w1 =10", "1 START r0 w0 =10"]
    alone = town("form: together, lines: [a, b]", pa="serves: [a, b]", pb="serves: [c]")
    assert story(alone, "START", "JOIN_DONE") == []


def test_a_member_who_is_interrupted_resumes_and_the_last_to_end_moves_the_request():
    text = town("form: together, lines: [a, b]", ("b", 4, 5, 1))
    assert story(text) == [
        "1 START r0 w0 =10", "1 START r0 w1 =10",
        "4 PAUSE r0 w1 =7", "4 START r1 w1 =5", "9 END r1 w1", "9 RESUME r0 w1 =7",
        "9 CLOSE r1", "11 END r0 w0", "16 END r0 w1", "16 JOIN_DONE r0 =15", "16 CLOSE r0",
    ]  # fmt: skip


def test_parts_end_when_enough_are_done_and_the_waiting_rest_is_withdrawn():
    text = town(
        "form: parts, lines: [a, b, c], need: 2, contents: {a: 4 s, b: 6 s}", ("c", 0, 20, 5)
    )
    assert story(text) == [
        "0 START r0 w2 =20", "1 START r1 w0 =4", "1 START r1 w1 =6", "5 END r1 w0",
        "7 END r1 w1", "7 WITHDRAW r1 =6", "7 JOIN_DONE r1 =6", "7 CLOSE r1",
        "20 END r0 w2", "20 CLOSE r0",
    ]  # fmt: skip


def test_work_under_way_goes_on_although_enough_parts_are_done():
    text = town("form: parts, lines: [a, b], need: 1, contents: {a: 4 s, b: 6 s}")
    assert story(text, *SHORT, "DONE") == [
        "1 START r0 w0 =4", "1 START r0 w1 =6", "5 END r0 w0", "5 JOIN_DONE r0 =4",
        "5 CLOSE r0", "5 DONE r0", "7 END r0 w1",
    ]  # fmt: skip


def test_work_that_nobody_needs_is_not_taken_up_again():
    # At 6 the shift of b ends: under each rule but finish its part is withdrawn for good.
    join = "form: parts, lines: [a, b], need: 1, contents: {a: 3 s, b: 20 s}"
    for rule in ("hand_over", "pause"):
        text = town(join, pb=f"serves: [b], calendar: early, shift_end: {rule}")
        assert story(text) == [
            "1 START r0 w0 =3", "1 START r0 w1 =20", "4 END r0 w0", "4 JOIN_DONE r0 =3",
            "4 CLOSE r0", "6 PAUSE r0 w1 =15", "6 WITHDRAW r0 =5",
        ], rule  # fmt: skip
    text = town(join, pb="serves: [b], calendar: early, shift_end: finish")
    assert story(text)[-2:] == ["4 CLOSE r0", "21 END r0 w1"]


def test_a_part_kept_over_the_shift_end_is_withdrawn_when_the_join_is_done():
    join = "form: parts, lines: [a, b], need: 1, contents: {a: 9 s, b: 20 s}"
    text = town(join, pb="serves: [b], calendar: early, shift_end: pause")
    assert story(text) == [
        "1 START r0 w0 =9", "1 START r0 w1 =20", "6 PAUSE r0 w1 =15",
        "10 END r0 w0", "10 WITHDRAW r0 =9", "10 JOIN_DONE r0 =9", "10 CLOSE r0",
    ]  # fmt: skip


def test_a_worker_does_not_take_the_part_that_the_end_of_another_makes_needless():
    join = "form: parts, lines: [a, b], need: 1, content: 4 s"
    text = town(join, pa="serves: [a, b]", pb="serves: [c]")
    assert story(text) == [
        "1 START r0 w0 =4", "5 END r0 w0", "5 WITHDRAW r0 =4", "5 JOIN_DONE r0 =4",
        "5 CLOSE r0",
    ]  # fmt: skip
    both = town(join.replace("need: 1", "need: 2"), pa="serves: [a, b]", pb="serves: [c]")
    assert story(both) == [
        "1 START r0 w0 =4", "5 END r0 w0", "5 START r0 w0 =4", "9 END r0 w0",
        "9 JOIN_DONE r0 =8", "9 CLOSE r0",
    ]  # fmt: skip


def test_too_few_answers_end_it_and_the_part_under_way_is_for_nobody():
    join = "form: parts, lines: [a, b], response: 0.5, interval: 3 s, rounds: 1"
    text = town(join)
    seed = next(
        s for s in range(100)
        if (found := responses(text, s))["a"][0] and not found["b"][0]
    )  # fmt: skip
    assert story(text, *PATHS, seed=seed) == [
        "1 JOIN_CALL r0 a round 1", "1 JOIN_CALL r0 b round 1", "1 JOIN_ANSWER r0 a round 1",
        "1 START r0 w0 =10", "4 JOIN_FAIL r0 silence =3", "4 START r0 w3 =3",
        "7 END r0 w3", "7 CLOSE r0", "11 END r0 w0",
    ]  # fmt: skip


def test_a_full_line_is_as_silent_as_one_that_does_not_answer():
    join = "form: parts, lines: [a, c], interval: 4 s, rounds: 2, content: 2 s"
    text = town(join, ("c", 0, 4, 5), c="limit: 0")
    assert story(text, *PATHS) == [
        "0 START r0 w2 =4", "1 JOIN_CALL r1 a round 1", "1 JOIN_CALL r1 c round 1",
        "1 JOIN_ANSWER r1 a round 1", "1 START r1 w0 =2", "3 END r1 w0",
        "4 END r0 w2", "4 CLOSE r0",
        "5 JOIN_CALL r1 c round 2", "5 JOIN_ANSWER r1 c round 2", "5 START r1 w2 =2",
        "7 END r1 w2", "7 JOIN_DONE r1 =6", "7 CLOSE r1",
    ]  # fmt: skip


def leaving(after):
    return f", timers: {{t: {{after: {after} s, then: leave}}}}"


def test_a_timer_takes_waiting_parts_away_and_lets_running_ones_end():
    join = "form: parts, lines: [a, b, c], contents: {a: 4 s, b: 6 s}"
    text = town(join, ("c", 0, 20, 5), call=leaving(4).replace("t: {", "t: {until: closing, "))
    # Reported at 1, out of patience at 5, after the end of a's part; b's ends at 7.
    assert story(text) == [
        "0 START r0 w2 =20", "1 START r1 w0 =4", "1 START r1 w1 =6", "5 END r1 w0",
        "5 WITHDRAW r1 =4", "7 END r1 w1", "7 JOIN_FAIL r1 taken_away =6", "7 LEAVE r1",
        "20 END r0 w2", "20 CLOSE r0",
    ]  # fmt: skip


def test_a_timer_takes_a_request_out_of_those_who_wait_for_each_other():
    text = town("form: together, lines: [a, b]", ("a", 0, 8, 5), call=leaving(4))
    assert story(text) == [
        "0 START r0 w0 =8", "5 JOIN_FAIL r1 taken_away =4", "5 LEAVE r1",
        "8 END r0 w0", "8 CLOSE r0",
    ]  # fmt: skip


def mode(suspended):
    return (
        "modes: {war: {enter: {at: 3 s}, leave: {lasts: 17 s}, "
        f"requests: {{call: {{suspended: {suspended}}}}}}}}}"
    )


def test_a_suspended_class_does_not_begin_together_before_the_mode_ends():
    text = town("form: together, lines: [a, b]", ("a", 0, 8, 5), more=mode("hold"))
    assert story(text, "START", "JOIN_DONE") == [
        "0 START r0 w0 =8", "20 START r1 w0 =10", "20 START r1 w1 =10", "30 JOIN_DONE r1 =29",
    ]  # fmt: skip


def test_a_mode_that_gives_a_line_to_somebody_lets_the_members_begin():
    war = "modes: {war: {enter: {at: 3 s}, pools: {pc: {serves: [c, b]}}}}"
    text = town("form: together, lines: [a, b]", ("b", 0, 50, 5), more=war)
    assert story(text, "START", "JOIN_DONE") == [
        "0 START r0 w1 =50", "3 START r1 w0 =10", "3 START r1 w2 =10", "13 JOIN_DONE r1 =12",
    ]  # fmt: skip


def test_a_priority_that_a_timer_raises_counts_when_the_next_worker_is_free():
    hasten = ", timers: {t: {after: 4 s, then: mark, priority: 3}}"
    text = town("form: together, lines: [a, b]", ("a", 0, 8, 5), ("a", 2, 9, 4), call=hasten)
    assert story(text, "START", "MARK", "JOIN_DONE") == [
        "0 START r0 w0 =8", "5 MARK r1", "8 START r1 w0 =10", "8 START r1 w1 =10",
        "18 START r2 w0 =9", "18 JOIN_DONE r1 =17",
    ]  # fmt: skip


def test_a_local_mode_that_ends_lets_members_from_outside_it_begin():
    # The departments stand above the place of the mode, so that nobody there asks for work.
    places = (
        "places: {root: {level: site, name: site, households: 9}, "
        "levels: {c: {within: site, count: 1}}}\n"
    )
    war = mode("hold").replace("war: {", "war: {scope: c, ")
    text = town("form: together, lines: [a, b]", ("a", 0, 8, 5), more=places + war)
    text = text.replace("callers: {kind: arrivals,", "callers: {kind: arrivals, at: c,")
    assert story(text, "START", "JOIN_DONE") == [
        "0 START r0 w0 =8", "20 START r1 w0 =10", "20 START r1 w1 =10", "30 JOIN_DONE r1 =29",
    ]  # fmt: skip


def test_waiting_parts_are_held_and_running_ones_go_on():
    text = town("form: parts, lines: [a, b]", ("a", 0, 8, 5), more=mode("hold"))
    assert story(text, *SHORT, "HOLD", "RELEASE") == [
        "0 START r0 w0 =8", "1 START r1 w1 =10", "3 HOLD r1", "8 END r0 w0", "8 CLOSE r0",
        "11 END r1 w1", "20 RELEASE r1", "20 START r1 w0 =10", "30 END r1 w0",
        "30 JOIN_DONE r1 =29", "30 CLOSE r1",
    ]  # fmt: skip


def test_a_mode_refuses_a_join_that_nobody_works_on_and_no_other():
    text = town("form: together, lines: [a, b]", ("a", 0, 8, 5), more=mode("refuse"))
    assert story(text, "REFUSE", "JOIN_FAIL", "LEAVE") == [
        "3 REFUSE r1", "3 JOIN_FAIL r1 taken_away =2", "3 LEAVE r1",
    ]  # fmt: skip
    text = town("form: parts, lines: [a, b]", ("a", 0, 8, 5), more=mode("refuse"))
    assert story(text, "REFUSE", "START", "JOIN_DONE") == [
        "0 START r0 w0 =8", "1 START r1 w1 =10", "8 START r1 w0 =10", "18 JOIN_DONE r1 =17",
    ]  # fmt: skip


def test_a_join_that_the_end_of_the_run_meets_stays_open():
    plan = plan_of(town("form: together, lines: [a, b]", ("a", 0, 8, 5), horizon="10 s"))
    run = Played(plan, play(plan, draw_trace(plan, 1, 0)), SECOND)
    assert run.story()[-2:] == ["8 CLOSE r0", "8 DONE r0"]
    assert run.times("JOIN_DONE") == []
