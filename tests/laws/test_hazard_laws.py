"""Laws of hazards: each ends once at most, and more rounds or sharper eyes find none later."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.demand.trace import check_trace, draw_trace
from sim.engine.reference import play
from sim.plan.codes import Code
from sim.plan.hazards import GAP_ONE
from tests.traces.playing import plan_of

TOWN = """
run: {{horizon: 3 weeks}}
places:
  root: {{level: city, name: city, households: 600}}
  levels: {{grid: {{within: city, count: 4}}}}
calendars:
  always_on: {{always: true}}
{calendars}
sources:
  leaks: {{kind: hazard, at: grid, rate: 60/place/year, patrol: round, finds: {finds},
          found: small, surfaces_after: {{exponential: 6 d}}, surfaced: burst,
          reporting: {reporting}}}
{rounds}
requests:
  round: {{kind: duty, flow: walk, work: {{exponential: 2 h}}}}
  small: {{flow: repair, work: 1 h}}
  burst: {{flow: repair, work: 3 h}}
flows:
  walk: {{start: walk, steps: {{walk: {{work: {{line: ground}}}}}}}}
  repair: {{start: fix, steps: {{fix: {{work: {{line: workshop}}}}}}}}
lines: {{ground: {{at: grid}}, workshop: {{}}}}
pools:
  guards: {{at: grid, staff: 30, serves: [ground]}}
  fitters: {{staff: 2, serves: [workshop]}}
"""
ROUNDS = """
  rounds{n}: {{kind: duty, request: round, at: grid, every: week, times: {times},
             calendar: hours{n}}}"""
HOURS = '  hours{n}: {{week: {{{days}: ["{begin:02}:00-{end:02}:00"]}}}}\n'

schedules = st.lists(
    st.builds(
        dict,
        times=st.integers(1, 4),
        days=st.sampled_from(["mon-fri", "sat", "tue", "mon-sun"]),
        begin=st.integers(6, 12),
        end=st.integers(14, 22),
    ),
    min_size=1,
    max_size=4,
)


def town(schedule, finds=0.4, reporting=0.7):
    """A town whose guards are so many that no round waits for another."""
    numbered = list(enumerate(schedule))
    return plan_of(
        "name: town\ntitle: Town\n"
        + TOWN.format(
            finds=finds,
            reporting=reporting,
            calendars="".join(HOURS.format(n=n, **each) for n, each in numbered),
            rounds="".join(ROUNDS.format(n=n, times=each["times"]) for n, each in numbered),
        )
    )


def lived(plan, seed):
    trace = draw_trace(plan, seed, 0)
    check_trace(plan, trace)
    return trace, play(plan, trace)


def known_after(trace, log):
    """By key of each hazard: its age when it was found or reported, or never."""
    known = (log.code == Code.HAZARD_FOUND) | (log.code == Code.HAZARD_SURFACED)
    ages = np.full(trace.hazards.key.size, np.iinfo(np.int64).max)
    ages[log.ordinal[known]] = log.amount[known]
    return dict(zip(trace.hazards.key.tolist(), ages.tolist(), strict=True))


def assert_no_later(first, other):
    """What the first town knows of, the other has known of no later."""
    assert first.keys() == other.keys()
    later = {key for key in first if other[key] > first[key]}
    assert later == set()


@settings(max_examples=8, deadline=None)
@given(sparse=schedules, more=schedules, seed=st.integers(0, 2**32))
def test_more_rounds_of_a_dedicated_patrol_discover_no_hazard_later(sparse, more, seed):
    rare, often = town(sparse), town([*sparse, *more])
    assert_no_later(known_after(*lived(rare, seed)), known_after(*lived(often, seed)))


@settings(max_examples=8, deadline=None)
@given(
    schedule=schedules,
    chances=st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted),
    seed=st.integers(0, 2**32),
)
def test_rounds_that_see_more_discover_no_hazard_later(schedule, chances, seed):
    dim, keen = (town(schedule, finds=share) for share in chances)
    assert_no_later(known_after(*lived(dim, seed)), known_after(*lived(keen, seed)))


@settings(max_examples=8, deadline=None)
@given(
    schedule=schedules,
    finds=st.floats(0, 1),
    reporting=st.floats(0, 1),
    seed=st.integers(0, 2**32),
)
def test_each_hazard_is_born_once_known_once_at_most_and_raises_one_request(
    schedule, finds, reporting, seed
):
    trace, log = lived(town(schedule, finds, reporting), seed)
    hazards, rows = trace.hazards, log.requests
    born = log.code == Code.HAZARD_BORN
    assert log.ordinal[born].tolist() == list(range(hazards.key.size))
    assert log.time[born].tolist() == hazards.born_at.tolist()
    known = np.flatnonzero((log.code == Code.HAZARD_FOUND) | (log.code == Code.HAZARD_SURFACED))
    which, raised = log.ordinal[known], log.request[known]
    assert len(set(which.tolist())) == len(known)
    assert (log.time[known] - log.amount[known] == hazards.born_at[which]).all()
    assert raised.tolist() == list(range(len(trace.requests.key), len(rows.key)))
    assert (rows.key[raised] == hazards.key[which]).all()
    assert (rows.place[raised] == hazards.place[which]).all()
    arrivals = log.code == Code.ARRIVAL
    at = dict(zip(log.request[arrivals].tolist(), log.time[arrivals].tolist(), strict=True))
    assert [at[number] for number in raised.tolist()] == log.time[known].tolist()
    classes = {"burst": 0, "round": 1, "small": 2}
    found = log.code[known] == Code.HAZARD_FOUND
    expected = np.where(found, classes["small"], classes["burst"])
    assert (rows.request_class[raised] == expected).all()


@pytest.mark.parametrize("finds", [0.05, 0.4, 0.9, 1.0])
def test_the_rounds_that_a_find_takes_are_geometric(finds):
    plan = town([{"times": 1, "days": "tue", "begin": 8, "end": 14}], finds=finds)
    rounds = np.concatenate([draw_trace(plan, 3, n).hazards.rounds for n in range(400)])
    # Four standard errors of the share found at once, and of the mean.
    n = rounds.size
    assert n > 4000
    at_once = (rounds == 1).mean()
    assert abs(at_once - finds) <= 4 * np.sqrt(finds * (1 - finds) / n)
    assert abs(rounds.mean() - 1 / finds) <= 4 * np.sqrt((1 - finds) / finds**2 / n)


def test_the_unit_of_rounds_is_that_of_gaps():
    from sim.demand.gaps import ONE

    assert GAP_ONE == ONE
