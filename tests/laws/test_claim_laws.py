"""Laws of claim-then-push: an offer that nobody accepts changes nothing but its own row."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.demand.trace import draw_trace
from sim.engine.reference import play
from sim.eventlog import COLUMNS
from sim.plan.codes import Code
from tests.traces.playing import plan_of

TOWN = """
run: {{horizon: 40 h, tick: {tick}, control: 10 h}}
sources: {{callers: {{kind: arrivals, rate: {rate}/h, classes: {{call: 1}}}}}}
requests: {{call: {{flow: f, work: {{exponential: 1 h}}}}}}
flows: {{f: {{start: help, steps: {{help: {{work: {{line: desk{claim}}}}}}}}}}}
lines: {{desk: {{limit: 4}}, street: {{}}}}
pools:
  clerks: {{staff: 2, serves: [desk]}}
  helpers: {{staff: {helpers}, serves: [street{also}]}}
"""


def played(seed, *, accept=None, helpers=5, rate=3, tick="1 s", also=""):
    claim = "" if accept is None else f", claim: {{line: street, accept: {accept}}}"
    text = TOWN.format(claim=claim, helpers=helpers, rate=rate, tick=tick, also=also)
    plan = plan_of(text)
    return play(plan, draw_trace(plan, seed, 0))


def rows(log, *without):
    kept = ~np.isin(log.code, without)
    return [getattr(log, name)[kept].tolist() for name in COLUMNS]


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    rate=st.integers(1, 6),
    tick=st.sampled_from(["1 us", "1 min", "1 h"]),
)
def test_offers_that_nobody_accepts_change_nothing(seed, rate, tick):
    # Helpers who also serve the desk, so that the scenario without claims is a fair one.
    options = {"rate": rate, "tick": tick, "also": ", desk"}
    offered = played(seed, accept=0, **options)
    plain = played(seed, **options)
    assert rows(offered, Code.PUSH) == rows(plain)
    assert (offered.code == Code.PUSH).sum() == (plain.code == Code.ARRIVAL).sum()


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), accept=st.floats(0, 1), rate=st.integers(1, 6))
def test_each_offer_is_claimed_or_pushed_and_claimed_work_starts_at_once(seed, accept, rate):
    log = played(seed, accept=accept, rate=rate)
    claimed, pushed = log.code == Code.CLAIM, log.code == Code.PUSH
    asked = log.request[claimed | pushed]
    assert asked.tolist() == log.request[log.code == Code.ARRIVAL].tolist()
    for row in np.flatnonzero(claimed):
        codes = log.code[row : row + 3].tolist()
        assert codes == [Code.CLAIM, Code.ENTRY, Code.START]
        assert len(set(log.worker[[row, row + 2]].tolist())) == 1
        assert log.ordinal[row] < log.amount[row] <= 5


@pytest.mark.parametrize("accept", [0.1, 0.5])
def test_the_share_that_is_claimed_is_that_of_a_geometric_rank(accept):
    # Given who is idle at an offer, it is claimed with 1 - (1 - p)^asked.
    expected, variance, claims = 0.0, 0.0, 0
    for seed in range(30):
        log = played(seed, accept=accept, helpers=4, rate=1)
        offers = (log.code == Code.CLAIM) | (log.code == Code.PUSH)
        share = 1 - (1 - accept) ** log.amount[offers]
        expected += share.sum()
        variance += (share * (1 - share)).sum()
        claims += (log.code == Code.CLAIM).sum()
    assert abs(claims - expected) <= 4 * np.sqrt(variance)
