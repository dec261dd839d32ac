"""Reviews by hand: rounds that move, levels that rise and fall, people who are replaced."""

import pytest

from sim.demand.trace import draw_trace
from tests.traces.playing import HOUR, Played, plan_of, play

DAY = 24
WEEK = 7 * DAY
# Time 0 is a Monday, so reviews take place at 168, 336, … hours.

PATROL = """
run: {horizon: 3 weeks}
places:
  root: {level: city, name: city}
  levels: {g: {within: city, per_parent: 2}, b: {within: g, per_parent: 2}}
calendars: {day: {week: {mon-sun: ["08:00-12:00"]}}}
sources:
  patrol: {kind: duty, request: round, at: g, every: day, times: 1, calendar: day,
           spread: false}
  east: {kind: hazard, at: g, times: [2 h], patrol: round, finds: 0, found: one, surfaced: one,
         surfaces_after: 1 h, reporting: 0, reporting_at: {g1: 1}}
  west: {kind: hazard, at: g, times: [2 h], patrol: round, finds: 0, found: two, surfaced: two,
         surfaces_after: 1 h, reporting: 0, reporting_at: {g2: 1}}
requests:
  round: {kind: duty, flow: walk, work: 1 h}
  one: {flow: walk, work: 1 h}
  two: {flow: walk, work: 1 h}
flows: {walk: {start: walk, steps: {walk: {work: {line: ground}}}}}
lines: {ground: {at: g}}
pools: {guards: {at: g, staff: 1, serves: [ground]}}
reviews:
  index:
    every: week
    at: g
    reads: [{count: surfaced, classes: [one]}, {count: surfaced, classes: [two], weight: 3}]
    moves: {duty: patrol, %s}
"""
# Each day has two rounds at 8 o'clock: r0, r1 on the first, then r2, r3, …; the even ones are
# of g1 with worker w0, the odd ones of g2 with w1.


def patrol(rules):
    return played(PATROL % rules)


def played(text):
    plan = plan_of(text)
    return Played(plan, play(plan, draw_trace(plan, 1, 0)), HOUR)


def who_walks(run, week):
    """By worker: rounds that were walked in a week."""
    starts = [row.split() for row in run.story("START")]
    first, last = week * WEEK, week * WEEK + WEEK
    rounds = [row for row in starts if first <= float(row[0]) < last and int(row[2][1:]) < 42]
    return {w: [row[2] for row in rounds if row[3] == w] for w in ("w0", "w1")}


def test_half_of_the_rounds_go_where_problems_surfaced():
    # Seven rounds each, of which three are shared out anew: six in proportion 1 : 3 are 1.5
    # and 4.5, and of equal remainders the first gets the odd one. So 4 + 2 and 4 + 4: one of
    # seven moves, the last of the week, from g1 to g2. In the second week nothing surfaces.
    run = patrol("share: 50 %")
    assert run.story("REVIEW", "MOVED") == [
        "168 REVIEW @city/g1 =1", "168 REVIEW @city/g2 =3",
        "168 MOVED @city/g1 =6", "168 MOVED @city/g2 =8",
        "336 REVIEW @city/g1 =0", "336 REVIEW @city/g2 =0",
    ]  # fmt: skip
    before, moved, after = (who_walks(run, week) for week in range(3))
    assert [len(rounds) for rounds in before.values()] == [7, 7]
    assert moved == {
        "w0": [f"r{n}" for n in range(14, 26, 2)],
        "w1": [*(f"r{n}" for n in range(15, 26, 2)), "r26", "r27"],
    }
    assert [len(rounds) for rounds in after.values()] == [7, 7]
    # It is walked in the first of the narrowest places there, at the hour it was due.
    assert [row for row in run.story("ARRIVAL") if row.endswith("r26")] == ["320 ARRIVAL r26"]
    place = run.log.place[run.log.request == 26][0]
    assert run.plan.names.places[place] == "city/g2/b1"


def test_all_rounds_but_the_least_may_move():
    # All seven of each are shared out as 1 : 3 are 3.5 and 10.5, that is 4 and 10; with three
    # kept in each the other eight are 2 and 6, that is 5 and 9.
    for rules, wanted in (("share: 1", (4, 10)), ("share: 1, least: 3", (5, 9))):
        run = patrol(rules)
        assert run.story("MOVED") == [
            f"168 MOVED @city/g1 ={wanted[0]}", f"168 MOVED @city/g2 ={wanted[1]}",
        ]  # fmt: skip
        assert tuple(len(rounds) for rounds in who_walks(run, 1).values()) == wanted


@pytest.mark.parametrize("rules", ["share: 0", "share: 1, least: 7", "share: 1, within: g"])
def test_rounds_stay_where_nothing_may_be_given(rules):
    run = patrol(rules)
    assert run.story("MOVED") == []
    assert who_walks(run, 1) == who_walks(patrol("share: 0"), 1)


def test_surplus_rounds_are_taken_evenly_from_the_week():
    # Of g1's seven rounds three move: after the 3rd, 5th and 7th share of 3/7 is full.
    assert who_walks(patrol("share: 1"), 1)["w0"] == ["r14", "r16", "r20", "r24"]


CLAIM = """
run: {horizon: 4 weeks}
sources: {callers: {kind: arrivals, times: [%(times)s], classes: {call: 1}}}
requests: {call: {flow: f, work: 1 h}}
flows: {f: {start: help, steps: {help: {work: {line: desk, claim: {line: street,
                                                                    accept: %(accept)s}}}}}}
lines: {desk: {}, street: {}}
pools:
  clerks: {staff: 1, serves: [desk]}
  volunteers: {staff: 1, serves: [street]}
reviews:
  points:
    every: week
    reads: [{count: %(count)s}]
    level: {accept: {flow: f, step: help}, strength: %(strength)s, %(rule)s}
"""


def test_points_raise_and_lower_the_chance_of_a_claim():
    # One level is everything here. After a week with a closing one up: all claim. After a week
    # without claims one down: nobody does. At the end of the scale it stays.
    text = CLAIM % {"times": "1 d, 8 d, 22 d", "accept": 0, "count": "closed", "strength": 1,
                    "rule": "above: 0, below: 1"}  # fmt: skip
    assert played(text).story("CLAIM", "PUSH", "REVIEW", "LEVEL") == [
        "24 PUSH r0",
        "168 REVIEW @site =1", "168 LEVEL @site =2", "192 CLAIM r1 w1",
        "336 REVIEW @site =1", "504 REVIEW @site =0", "504 LEVEL @site =1",
        "528 PUSH r2",
    ]  # fmt: skip


def test_levels_stop_at_their_ends_and_zero_strength_writes_what_was_there():
    text = CLAIM % {"times": "1 d, 8 d, 15 d", "accept": 1, "count": "pushed", "strength": 0,
                    "rule": "below: 1, most: 2"}  # fmt: skip
    assert played(text).story("CLAIM", "PUSH", "LEVEL") == [
        "24 CLAIM r0 w1", "168 LEVEL @site =1", "192 CLAIM r1 w1", "336 LEVEL @site =0",
        "360 CLAIM r2 w1",
    ]  # fmt: skip


OTHERS = """
run: {horizon: 2 weeks}
sources: {callers: {kind: arrivals, times: [1 d, 8 d], classes: {call: 1}}}
requests: {call: {flow: f, work: 1 h, closing: {upper: 1}}}
flows:
  f:
    start: agree
    steps:
      agree: {vote: {parties: 2, consent: 0, failed: climb}, next: close}
      climb: {ladder: l}
ladders:
  l:
    order: [lower, upper]
    returns: 1
    rungs:
      lower: {line: desk, hand_off: 2 h, misrouting: 0.5, return_after: 3 h}
      upper: {line: desk}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
reviews:
  %s
"""


def test_a_review_writes_consent():
    text = OTHERS % (
        "harmony: {every: week, reads: [{count: reported}], level: {consent: {flow: f, "
        "step: agree}, strength: 1, above: 0}}"
    )
    assert played(text).story("VOTE", "LEVEL", "CLOSE")[-3:] == [
        "168 LEVEL @site =2", "192 VOTE r1 round 1 =2", "192 CLOSE r1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "level", "wrong"), [("above: 0", 2, True), ("below: 9", 0, False)]
)
def test_a_review_writes_misrouting(rule, level, wrong):
    # A half and a half more is always, a half less is never.
    text = OTHERS % (
        "lists: {every: week, reads: [{count: reported}], level: {misrouting: {ladder: l, "
        f"rung: lower}}, strength: 0.5, {rule}}}}}"
    )
    run = played(text)
    assert run.story("LEVEL") == [f"168 LEVEL @site ={level}"]
    second = [row for row in run.story("MISROUTE", "RETURN", "CLOSE") if " r1" in row]
    there = ["194 MISROUTE r1", "194 RETURN r1 =3"] if wrong else []
    assert [row.split()[1] for row in second] == [*(row.split()[1] for row in there), "CLOSE"]
    # Hand-off 2 h, and where it goes wrong 3 h back and 2 h again; then work for one hour.
    assert second[-1] == f"{192 + 2 + 1 + 5 * wrong:g} CLOSE r1"


RATED = """
run: {horizon: 4 weeks}
sources: {callers: {kind: arrivals, times: [1 d, 8 d, 22 d], classes: {call: 1}}}
requests: {call: {flow: f, work: 2 h, limit: {after: 1 h}}}
flows: {f: {start: go, steps: {go: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {office: {staff: 1, serves: [desk]}}
reviews:
  rating: {every: week, pool: office, reads: [{count: on_time, weight: 1}],
           out_of: [{count: closed}], level: {productivity: true, strength: 20 %, below: 500}}
"""


def test_a_rating_lowers_the_speed_of_an_office_and_no_data_leaves_it():
    # Two hours are late against one; at 0.8 they are two and a half. The third week is empty.
    assert played(RATED).story("START", "END", "REVIEW", "LEVEL") == [
        "24 START r0 w0 =2", "26 END r0 w0", "168 REVIEW @site =0", "168 LEVEL @site =0",
        "192 START r1 w0 =2", "194.5 END r1 w0", "336 REVIEW @site =0",
        "504 REVIEW @site =-1", "528 START r2 w0 =2", "530.5 END r2 w0",
    ]  # fmt: skip


def test_in_time_is_up_to_the_very_limit():
    run = played(RATED.replace("work: 2 h", "work: 1 h"))
    assert run.story("REVIEW", "LEVEL")[0] == "168 REVIEW @site =1000"


REPLACED = """
run: {horizon: %(horizon)s}
sources: {callers: {kind: arrivals, times: [%(times)s], classes: {call: 1}}}
requests: {call: {flow: f, work: {sequence: [%(work)s]}}}
flows: {f: {start: go, steps: {go: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {office: {staff: 2, serves: [desk], learning: [50 %%]}}
reviews:
  grades: {every: week, pool: office, reads: [{count: closed}],
           replaces: {number: 1, hiring: 2 d}}
%(more)s
"""
PEOPLE = ("REVIEW", "EXIT", "POST", "WITHDRAWN", "PACE", "START", "END")


def replaced(times, work, horizon="3 weeks", more=""):
    text = REPLACED % {"times": times, "work": work, "horizon": horizon, "more": more}
    return played(text)


def test_the_lowest_rated_gives_way_to_a_newcomer_who_learns():
    # w0 closes two and w1 one. The newcomer of 216 h takes an hour's work in two; from the
    # next Monday on everybody is as fast as others. A newcomer of this week is not rated.
    run = replaced(
        "1 h, 2 h, 12 h, 220 h, 221 h, 400 h, 401 h", "2 h, 3 h, 1 h, 1 h, 1 h, 2 h, 2 h"
    )
    assert run.story(*PEOPLE) == [
        "0 POST w0", "0 POST w1",
        "1 START r0 w0 =2", "2 START r1 w1 =3", "3 END r0 w0", "5 END r1 w1",
        "12 START r2 w0 =1", "13 END r2 w0",
        "168 REVIEW w0 =2", "168 REVIEW w1 =1", "168 EXIT w1 =0", "168 WITHDRAWN w1",
        "216 POST w1", "216 PACE w1 =500",
        "220 START r3 w0 =1", "221 END r3 w0", "221 START r4 w1 =1", "223 END r4 w1",
        "336 PACE w1 =1000",
        "336 REVIEW w0 =1", "336 REVIEW w1 =1", "336 EXIT w1 =0", "336 WITHDRAWN w1",
        "384 POST w1", "384 PACE w1 =500",
        "400 START r5 w0 =2", "401 START r6 w1 =2", "402 END r5 w0", "405 END r6 w1",
    ]  # fmt: skip


def test_who_is_at_work_finishes_first_and_the_post_waits_for_the_newcomer():
    run = replaced("1 h, 160 h, 230 h", "1 h, 20 h, 1 h")
    # w1 is idle longest at 160; nobody closed more than w0, who closed one.
    assert run.story(*PEOPLE)[2:] == [
        "1 START r0 w0 =1", "2 END r0 w0", "160 START r1 w1 =20",
        "168 REVIEW w0 =1", "168 REVIEW w1 =0", "168 EXIT w1 =0",
        "180 END r1 w1", "180 WITHDRAWN w1",
        "228 POST w1", "228 PACE w1 =500", "230 START r2 w0 =1", "231 END r2 w0",
        "336 PACE w1 =1000",
        "336 REVIEW w0 =1", "336 REVIEW w1 =1", "336 EXIT w1 =0", "336 WITHDRAWN w1",
        "384 POST w1", "384 PACE w1 =500",
    ]  # fmt: skip


def test_a_vacant_post_is_not_filled_twice_when_a_mode_comes_and_goes():
    # Vacant from 168 to 216: war at 170 wants three, so one is added and not two; at 180 two
    # again: the vacancy is closed, nobody is sent away, and nobody comes at 216.
    more = """
modes:
  war: {enter: {at: 170 h}, leave: {at: 180 h}, pools: {office: {staff: 3}}}"""
    run = replaced("1 h", "1 h", "300 h", more)
    assert run.story("EXIT", "POST", "WITHDRAWN", "PACE") == [
        "0 POST w0", "0 POST w1", "168 EXIT w1 =0", "168 WITHDRAWN w1",
        "170 POST w2",
    ]  # fmt: skip


CALLED = """
run: {horizon: 2 weeks}
sources: {callers: {kind: arrivals, times: [1 d, 8 d], classes: {call: 1}}}
requests: {call: {flow: f, work: 2 h, limit: {after: 1 h}}}
flows:
  f:
    start: whistle
    steps:
      whistle: {join: {form: parts, lines: [water, roads], need: 1, response: %s,
                       otherwise: alone}}
      alone: {work: {line: desk}}
lines: {water: {}, roads: {}, desk: {}}
pools:
  clerks: {staff: 1, serves: [desk]}
  water_office: {staff: 1, serves: [water]}
  road_office: {staff: 1, serves: [roads]}
reviews:
  rating: {every: week, %s, reads: [{count: closed}],
           level: {response: water, strength: 1, %s}}
"""


def test_a_rating_makes_one_department_answer_the_whistle():
    # Nobody answers at first; after a week with a closing the rated line always does.
    run = played(CALLED % (0, "at: site", "above: 0"))
    assert run.story("JOIN_ANSWER", "LEVEL", "START") == [
        "24 START r0 w0 =2", "168 LEVEL @site =2", "192 JOIN_ANSWER r1 water round 1",
        "192 START r1 w2 =2",
    ]  # fmt: skip
    assert run.plan.names.pool_types == ("clerks", "road_office", "water_office")


def test_a_department_is_rated_by_what_its_people_closed():
    # At 26 the end of w1, of the roads, comes first and closes r0: the closing is theirs, so
    # the rated water office has none and no longer answers.
    run = played(CALLED % (1, "pool: water_office", "below: 1"))
    assert run.story("JOIN_ANSWER", "START", "CLOSE", "REVIEW", "LEVEL") == [
        "24 JOIN_ANSWER r0 water round 1", "24 START r0 w2 =2",
        "24 JOIN_ANSWER r0 roads round 1", "24 START r0 w1 =2",
        "26 CLOSE r0", "168 REVIEW @site =0", "168 LEVEL @site =0",
        "192 JOIN_ANSWER r1 roads round 1", "192 START r1 w1 =2", "194 CLOSE r1",
    ]  # fmt: skip
