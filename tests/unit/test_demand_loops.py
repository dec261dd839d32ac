"""The compiled loops draw what the array operations draw, to the last bit."""

import numpy as np
import pytest

from sim.compiling import can_compile
from sim.demand import arrivals as rows
from sim.demand import trace
from sim.demand.gaps import gap_of, gap_table, gaps_of
from sim.demand.homes import PLACE, SHOP
from sim.demand.streams import stream_key
from sim.model.distributions import Law
from sim.plan.codes import SourceKind
from tests.unit.demand_plans import DAY, DISTRICT, HOUR, a_class, a_source, a_step, make_plan

GAMMA = Law(gamma={"mean": "1 s", "cv": 0.9})
WORK = Law(lognormal={"mean": "1 h", "cv": 1})
CLASSES = [
    a_class("repair", [a_step("repair.fix", WORK)], [], {0: 0.6, 1: 0.3, 2: 0.1}),
    a_class("dispute", [a_step("dispute.talk", WORK)], [], {1: 1.0}),
]
SOURCES = [
    a_source("calls", "repair", rate=0.9 / DAY, backlog=4, dispersion=GAMMA),
    a_source("calls", "dispute", rate=0.02 / DAY, cells=np.tile([0.0, 2.0, 1.0], 80)),
    a_source("city", "dispute", rate=70 / DAY, counted=PLACE, level=DISTRICT),
    a_source("stalls", "repair", rate=1.1 / DAY, counted=SHOP),
    a_source("visits", "dispute", kind=SourceKind.DUTY, rate=0.1, period=1),
    a_source("bins", "repair", kind=SourceKind.POPULATION, members=30, up_time=WORK),
    a_source("fixed", "repair", kind=SourceKind.TIMES, times=[HOUR, 2 * HOUR, 2 * HOUR]),
]
needs_numba = pytest.mark.skipif(not can_compile(), reason="Numba is missing or switched off")


def test_a_gap_is_that_of_the_whole_row():
    words = np.random.default_rng(1).integers(0, 2**64 - 1, 500, np.uint64, endpoint=True)
    words[:60] >>= np.arange(60, dtype=np.uint64)
    start, fall, octave = gap_table()

    one_by_one = [
        gap_of(int(word) >> 12, start.tolist(), fall.tolist(), octave) for word in words
    ]
    assert one_by_one == gaps_of(words).tolist()


@needs_numba
@pytest.mark.parametrize("tick", [1, 60_000_000, HOUR])
@pytest.mark.parametrize("lived_in", [True, False])
def test_loops_and_arrays_make_the_same_trace(tick, lived_in, monkeypatch):
    town = {"shops": lambda households: households // 50}
    town = town if lived_in else {"town": {"c1": [0, 0], "c2": [0]}}
    sources = SOURCES if lived_in else [each for each in SOURCES if each["counted"] == PLACE]
    plan = make_plan(sources, CLASSES, tick=tick, **town)
    by_arrays = trace.draw_trace(plan, 5, 2)
    monkeypatch.setattr(trace, "MANY", 0)

    by_loops = trace.draw_trace(plan, 5, 2)

    assert by_arrays.requests.key.size > 100
    for one, other in zip(by_loops.requests, by_arrays.requests, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(by_loops.draw, by_arrays.draw)


@needs_numba
@pytest.mark.parametrize("replication", range(6))
def test_more_arrivals_than_expected_find_room(replication):
    source = a_source("calls", rate=400 / DAY, counted=PLACE, dispersion=GAMMA)
    plan = make_plan([source], CLASSES)
    key = stream_key(7, replication)

    by_loops = rows.arrivals(plan, key, 0, at_once=True)

    for one, other in zip(by_loops, rows.arrivals(plan, key, 0), strict=True):
        np.testing.assert_array_equal(one, other)
