"""Laws of reviews and careers: moving keeps the total, and no strength changes nothing."""

from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.demand.trace import draw_trace
from sim.plan.check import check_plan
from sim.plan.codes import Code
from tests.strategies import examples
from tests.traces.playing import HOUR, plan_of, play

TOWN = """
run: {{horizon: 3 weeks}}
places:
  root: {{level: city, name: city, households: 200}}
  levels: {{c: {{within: city, count: 2}}, g: {{within: c, count: 5}}}}
calendars:
  day: {{week: {{mon-sun: ["08:00-20:00"]}}}}
sources:
  patrol: {{kind: duty, request: round, at: g, every: day, times: {times}, calendar: day}}
  leaks: {{kind: hazard, at: g, rate: 60/place/year, patrol: round, finds: 0.3, found: leak,
          surfaces_after: {{exponential: 4 d}}, surfaced: leak}}
  calls: {{kind: arrivals, at: city, classes: {{call: 1}}, rate: 20/household/year}}
requests:
  round: {{kind: duty, flow: walk, work: 30 min, priority: 7}}
  leak: {{flow: help, work: {{exponential: 2 h}}, limit: {{after: 8 h}}}}
  call: {{flow: help, work: {{exponential: 1 h}}, limit: {{after: 4 h}}}}
flows:
  walk: {{start: walk, steps: {{walk: {{work: {{line: ground}}}}}}}}
  help: {{start: fix, steps: {{fix: {{work: {{line: ground, claim: {{line: street,
                                                                accept: 0.5}}}}}}}}}}
lines: {{ground: {{at: g}}, street: {{at: c}}}}
pools:
  guards: {{at: g, staff: 2, serves: [ground], calendar: day, shift_end: finish, {career}}}
  helpers: {{at: c, staff: 2, serves: [street], calendar: day, shift_end: finish}}
{reviews}
"""
REVIEWS = """
reviews:
  index: {{every: week, at: g, reads: [{{count: surfaced, weight: 3}}, {{count: late}}],
          moves: {{duty: patrol, share: {share}, least: {least}, within: {within}}}}}
  points: {{every: week, at: c, reads: [{{count: claimed}}],
           level: {{accept: {{flow: help, step: fix}}, strength: {strength}, most: 3,
                    above: 20, below: 15}}}}
  stars: {{every: week, pool: guards, reads: [{{count: on_time}}], out_of: [{{count: closed}}],
          level: {{productivity: true, strength: {strength}, most: 2, above: 950, below: 900}}}}
  grades: {{every: week, pool: guards, reads: [{{count: closed}}],
           replaces: {{number: {number}, hiring: 3 d}}}}
"""
CAREER = (
    "learning: [50 %, 80 %], fatigue: {norm: 60 h, step: 8 h, slower: 10 %}, "
    "attrition: {weekly: 5 %, tired: 5 %, hiring: {exponential: 4 d}}"
)
OWN = {Code.REVIEW, Code.LEVEL, Code.MOVED, Code.PACE}


def town(seed, *, reviews=True, career="", times=2, **rules):
    usual = {"share": 0, "least": 0, "within": "city", "strength": 0, "number": 0}
    told = REVIEWS.format(**(usual | rules)) if reviews else ""
    plan = plan_of(TOWN.format(reviews=told, career=career, times=times))
    check_plan(plan)
    trace = draw_trace(plan, seed, 0)
    return plan, trace, play(plan, trace)


def rows(log, leave_out=frozenset()):
    """The rows as tuples, but for some codes."""
    kept = ~np.isin(log.code, list(leave_out))
    return np.stack([column[kept] for column in log[:11]], axis=1).tolist()


@given(st.integers(1, 9999))
@examples(8)
def test_reviews_without_strength_change_nothing(seed):
    _, _, plain = town(seed, reviews=False)
    _, _, reviewed = town(seed)
    assert (reviewed.code == Code.REVIEW).any()
    assert rows(reviewed, OWN) == rows(plain)


@given(
    st.integers(1, 9999),
    st.floats(0.1, 1),
    st.integers(0, 8),
    st.sampled_from(["city", "c", "g"]),
    st.integers(1, 3),
)
@examples(8)
def test_moved_rounds_keep_their_number_in_each_period_and_group(
    seed, share, least, within, times
):
    plan, trace, log = town(seed, share=share, least=least, within=within, times=times)
    levels = plan.names.levels
    group, grid = levels.index(within), levels.index("g")
    arrived = np.flatnonzero(log.code == Code.ARRIVAL)
    walked = arrived[plan.class_duty[log.amount[arrived]] == 1]
    here = dict(zip(log.request[walked].tolist(), log.place[walked].tolist(), strict=True))
    turns = [0, *plan.review_at[: plan.review_ptr[1]].tolist(), plan.end]
    for begin, end in pairwise(turns):
        own, now, own_group, now_group = Counter(), Counter(), Counter(), Counter()
        for number, place in here.items():
            if begin < trace.requests.reported_at[number] <= end:
                home = trace.requests.place[number]
                own[plan.place_at[home, grid]] += 1
                now[plan.place_at[place, grid]] += 1
                own_group[plan.place_at[home, group]] += 1
                now_group[plan.place_at[place, group]] += 1
        assert now_group == own_group
        assert all(now[grid_] >= min(least, count) for grid_, count in own.items())
        told = (log.code == Code.MOVED) & (log.time == begin)
        for place, count in zip(log.place[told], log.amount[told], strict=True):
            assert now[place] == count != own[place]


@given(st.integers(1, 9999), st.integers(0, 2))
@examples(8)
def test_posts_are_never_manned_twice_and_every_leaver_is_followed(seed, number):
    plan, _, log = town(seed, career=CAREER, number=number, strength=0.1)
    posted, quitting = set(), set()
    for row in range(log.n_rows):
        code, worker = log.code[row], int(log.worker[row])
        if code == Code.POST:
            assert worker not in posted
            posted.add(worker)
        elif code == Code.EXIT:
            assert worker in posted
            assert worker not in quitting
            quitting.add(worker)
        elif code == Code.WITHDRAWN:
            assert worker in quitting
            posted.remove(worker)
            quitting.remove(worker)
        elif code == Code.START:
            assert worker in posted
    exits = (log.code == Code.EXIT).sum()
    early = (log.code == Code.EXIT) & (log.time < plan.end - 24 * HOUR)
    assert exits >= early.sum() > 0
    assert (log.code == Code.POST).sum() <= plan.pool_staff[0].sum() + exits


def test_careers_that_never_begin_leave_the_log_as_it_was():
    still = "fatigue: {norm: 168 h, step: 8 h, slower: 50 %, most: 1}, learning: [10 %]"
    _, _, plain = town(3, reviews=False)
    _, _, changed = town(3, reviews=False, career=still)
    assert rows(changed) == rows(plain)
