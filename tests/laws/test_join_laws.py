"""Laws of joins: what another line, a better response or another form may not change."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.demand.trace import draw_trace
from sim.engine.reference import play
from sim.plan.codes import Code
from tests.traces.playing import plan_of

TOWN = """
run: {{horizon: 60 h, tick: {tick}}}
sources:
  callers: {{kind: arrivals, rate: 0.5/h, classes: {{call: 1}}}}
  nobody: {{kind: arrivals, times: [900 h], classes: {{all: 1}}}}
requests:
  call: {{flow: f, work: {{exponential: 1 h}}}}
  all: {{flow: g, work: 1 h}}
flows:
  f: {{start: meet, steps: {{{meet}}}}}
  g:
    start: a
    steps:
      a: {{work: {{line: a}}, next: b}}
      b: {{work: {{line: b}}, next: c}}
      c: {{work: {{line: c}}}}
lines: {{a: {{}}, b: {{}}, c: {{}}}}
pools:
  pa: {{staff: {staff}, serves: [a]}}
  pb: {{staff: {staff}, serves: [b]}}
  pc: {{staff: {staff}, serves: [c]}}
"""
JOIN = (
    "meet: {{join: {{form: {form}, lines: [{lines}], need: {need}, response: {response}, "
    "rounds: {rounds}, interval: 1 h, otherwise: alone}}}}, alone: {{work: {{line: a}}}}"
)
FORMS = st.sampled_from(["together", "parts"])


def played(seed, *, tick="1 s", staff=9, meet=None, **join):
    options = {"form": "together", "lines": "a, b", "need": "all", "response": 0.5, "rounds": 3}
    meet = meet or JOIN.format(**options | join)
    plan = plan_of(TOWN.format(tick=tick, staff=staff, meet=meet))
    return plan, play(plan, draw_trace(plan, seed, 0))


def answers(plan, log):
    """By request and line: the round that was answered."""
    rows = np.flatnonzero(log.code == Code.JOIN_ANSWER)
    lines = [plan.names.line_types[plan.line_type[line]] for line in log.line[rows]]
    told = zip(log.request[rows].tolist(), lines, log.ordinal[rows].tolist(), strict=True)
    return {(request, line): turn for request, line, turn in told}


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), form=FORMS)
def test_one_more_line_moves_no_answer_of_the_others(seed, form):
    # All are needed, so that no join ends before a line is heard for want of interest.
    few = answers(*played(seed, form=form, response=0.9, rounds=9))
    more = answers(*played(seed, form=form, response=0.9, rounds=9, lines="c, a, b"))
    assert {key: more[key] for key in few if key in more} == {
        key: turn for key, turn in few.items() if key in more
    }
    assert len(set(few) & set(more)) > 0.8 * len(few)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), form=FORMS, tick=st.sampled_from(["1 us", "1 h"]))
def test_a_better_response_never_makes_a_line_answer_later(seed, form, tick):
    worse = answers(*played(seed, form=form, tick=tick, response=0.3))
    better = answers(*played(seed, form=form, tick=tick, response=0.8))
    assert all(better[key] <= turn for key, turn in worse.items() if key in better)
    assert len(better) >= len(worse)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), form=FORMS, staff=st.integers(1, 2))
def test_a_join_of_one_line_that_always_answers_is_served_as_plain_work(seed, form, staff):
    # Work content apart, which is keyed differently: constant here.
    join = f"meet: {{join: {{form: {form}, lines: [a], content: 90 min}}}}"
    _, joint = played(seed, staff=staff, meet=join)
    _, plain = played(seed, staff=staff, meet="meet: {work: {line: a, content: 90 min}}")
    for code in (Code.START, Code.END, Code.CLOSE):
        of = [log.code == code for log in (joint, plain)]
        for name in ("time", "request", "worker"):
            assert getattr(joint, name)[of[0]].tolist() == getattr(plain, name)[of[1]].tolist()


@pytest.mark.parametrize("need", [1, 2, 3])
def test_the_share_that_fails_is_that_of_the_binomial(need):
    """Each of three lines is heard within two rounds with 1 - 0.6 ** 2."""
    failed = called = 0
    for seed in range(12):
        _, log = played(seed, lines="a, b, c", need=need, response=0.4, rounds=2)
        failed += (log.code == Code.JOIN_FAIL).sum()
        called += ((log.code == Code.JOIN_FAIL) | (log.code == Code.JOIN_DONE)).sum()
    p = 1 - 0.6**2
    heard = [(1 - p) ** 3, 3 * p * (1 - p) ** 2, 3 * p**2 * (1 - p), p**3]
    share = sum(heard[:need])
    assert called > 250
    assert abs(failed - share * called) <= 4.5 * np.sqrt(share * (1 - share) * called) + 12
