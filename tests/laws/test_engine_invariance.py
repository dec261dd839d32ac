"""Laws between runs: what may not change the log, and what may change it only one way.

Rows of the table: P-7E-1 upstream, P-7E-2 conservation, P-7E-4 staff, P-7E-5 scaling, P-7E-6
peace and war.
"""

import copy
import json

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.demand.trace import draw_trace
from sim.engine.reference import play
from sim.eventlog import COLUMNS
from sim.plan.codes import Code
from tests.laws.replay import MODES
from tests.strategies import LAWS, TICKS, compiled, examples, systems

DAY = 86_400_000_000


def logged(system, seed=7):
    plan = compiled(system)
    return play(plan, draw_trace(plan, seed, 0))


def table(log, rows=slice(None), *, without=()):
    """The log as one array; every column but those named."""
    names = [name for name in COLUMNS if name not in without]
    return np.stack([getattr(log, name)[rows] for name in names])


def backwards(value):
    """The same mappings, written in the opposite order (lists keep theirs)."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return value


def renamed(system):
    """Lines, pools and calendars under other names of the same order."""
    text = json.dumps(system)
    names = {"near": "near_desk", "wide": "wide_desk", "p0": "p10", "p1": "p11", "p2": "p12",
             "last": "late", "day": "daytime"}  # fmt: skip
    for old, new in names.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    return json.loads(text)


@examples(20)
@given(systems())
def test_the_same_seed_gives_the_same_log(system):
    assert logged(system).digest() == logged(copy.deepcopy(system)).digest()


@examples(20)
@given(systems())
def test_the_order_of_names_in_a_file_has_no_meaning(system):
    # Branch shares and closing shares are written in another order as well.
    assert logged(system).digest() == logged(backwards(system)).digest()


@examples(20)
@given(systems())
def test_names_of_lines_pools_and_calendars_do_not_matter(system):
    # Workers are called up by a draw that is keyed by their pool's name.
    assume("mobilisation" not in system.get("modes", {}).get("war", {}))
    assert logged(system).digest() == logged(renamed(system)).digest()


@examples(20)
@given(systems())
def test_a_longer_run_only_appends(system):
    # Members' requests are numbered after those known beforehand, of which a longer
    # run has more.
    assume("members" not in system["sources"])
    short, long = logged(system), logged(_for(system, "100 h"))
    assert short.n_rows < long.n_rows
    assert np.array_equal(table(short), table(long, slice(short.n_rows)))


def _for(system, horizon):
    return system | {"run": system["run"] | {"horizon": horizon}}


@examples(20)
@given(systems(with_modes=False), st.sampled_from([None, "c", "g"]))
def test_peace_equals_war_when_the_switch_changes_nothing(system, scope):
    war = {"enter": {"at": "9 h"}, "leave": {"lasts": "15 h"}}
    nothing = war if scope is None else war | {"scope": scope}
    peace, switched = logged(system), logged(system | {"modes": {"war": nothing}})
    rows = ~np.isin(switched.code, [int(code) for code in MODES])
    assert not rows.all(), "the mode was never entered"
    assert np.array_equal(
        table(peace, without=["mode"]), table(switched, rows, without=["mode"])
    )
    for ours, theirs in zip(peace.requests, switched.requests, strict=True):
        assert np.array_equal(ours, theirs)


def tandem(tick, laws, first, second):
    steps = {
        "one": {"work": {"line": "a", "content": laws[0]}, "next": "two"},
        "two": {"work": {"line": "b", "content": laws[1]}},
    }
    return {
        "name": "tandem",
        "title": "Two desks in a row",
        "run": {"horizon": "200 h", "tick": tick},
        "sources": {"s": {"kind": "arrivals", "rate": "0.7/h", "classes": {"c": 1}}},
        "requests": {"c": {"flow": "f"}},
        "flows": {"f": {"start": "one", "steps": steps}},
        "lines": {"a": {}, "b": {}},
        "pools": {
            "first": {"staff": first, "serves": ["a"]},
            "second": {"staff": second, "serves": ["b"]},
        },
    }


@examples(30)
@given(
    st.sampled_from(TICKS), st.tuples(LAWS, LAWS), st.integers(1, 3), st.integers(1, 3),
    st.integers(1, 3),
)  # fmt: skip
def test_what_is_downstream_leaves_upstream_alone(tick, laws, first, second, other):
    logs = [logged(tandem(tick, laws, first, staff)) for staff in (second, other)]
    upstream = [table(log, (log.line == 0) | (log.code == Code.ARRIVAL)) for log in logs]
    # Column for column: not even the numbers of workers or visits may differ.
    assert np.array_equal(*upstream)


def starts(log):
    rows = log.code == Code.START
    return dict(zip(log.request[rows].tolist(), log.time[rows].tolist(), strict=True))


@examples(30)
@given(st.sampled_from(TICKS), LAWS, st.integers(1, 3))
def test_halving_the_staff_of_one_line_never_lets_anybody_start_earlier(tick, law, half):
    fewer = starts(logged(tandem(tick, (law, "0 h"), half, 9)))
    more = starts(logged(tandem(tick, (law, "0 h"), 2 * half, 9)))
    assert set(fewer) <= set(more)
    assert all(more[number] <= at for number, at in fewer.items())


@examples(30)
@given(systems(), st.integers(0, 2))
def test_littles_law_holds_on_every_path(system, which):
    """Time-weighted number present equals the times present added up: lines, work, in all."""
    log = logged(system)
    opens, closes = (
        ({Code.ARRIVAL}, {Code.DONE, Code.LEAVE}),
        ({Code.START, Code.RESUME}, {Code.END, Code.PAUSE}),
        ({Code.WORKER_ON}, {Code.WORKER_OFF}),
    )[which]
    end = 3 * DAY
    step = np.isin(log.code, list(opens)).astype(int) - np.isin(log.code, list(closes))
    number = np.cumsum(step)
    assert number.min() >= 0
    area = int((number * np.diff(log.time, append=end)).sum())
    subject = log.worker if which else log.request
    since, total = {}, 0
    for n in np.flatnonzero(step):
        if step[n] > 0:
            since[subject[n]] = int(log.time[n])
        else:
            total += int(log.time[n]) - since.pop(subject[n])
    total += sum(end - begin for begin in since.values())
    assert area == total


@pytest.mark.parametrize("law", ["constant", "exponential"])
def test_twice_the_units_of_time_twice_the_times(law):
    """With everything constant or keyed, doubling all durations doubles every row's time."""

    def scaled(factor):
        system = tandem("1 us", ("1 h", "1 h"), 1, 1)
        work = f"{factor} h"
        for step in system["flows"]["f"]["steps"].values():
            step["work"]["content"] = {law: work} if law == "exponential" else work
        times = [f"{factor * n} h" for n in (1, 2, 2, 3, 5)]
        system["sources"]["s"] = {"kind": "arrivals", "times": times, "classes": {"c": 1}}
        return logged(_for(system, f"{200 * factor} h"))

    once, twice = scaled(1), scaled(2)
    # A table entry is rounded to a whole us, and a sum of at most ten of them is off by less.
    assert np.abs(twice.time - 2 * once.time).max() <= 20
    assert np.array_equal(once.code, twice.code)
