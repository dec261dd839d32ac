"""Step functions, stretches of workers' time, modes and days, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.metrics import daily
from sim.metrics.backlog import Disturbances, gini, p90_to_median, recovery, stretches_of
from sim.metrics.requests import request_table
from sim.metrics.spells import (
    ModeHistory,
    Spells,
    clip,
    cut,
    mode_at,
    mode_history,
    mode_lengths,
    time_by_mode_and_pool,
)
from sim.metrics.staff import Outlays, Staff, StaffTime, utilisation, workers_posted
from sim.metrics.timeline import (
    DAY,
    Steps,
    count_steps,
    day_edges,
    integral,
    peak,
    recovery_time,
    time_average,
    value_at,
    value_before,
)
from sim.plan.codes import Code
from tests.metrics_towns import town

HOUR = 3_600_000_000
stretches = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=20)


def ints(*values):
    return np.array(values, np.int64)


def test_an_integral_may_pass_sixty_three_bits():
    backlog = Steps(ints(0, 10**13, 2 * 10**13), ints(500_000, 600_000, 0))

    assert integral(backlog, 0, 3 * 10**13) == 11 * 10**18
    assert time_average(backlog, 0, 2 * 10**13) == 550_000


@given(stretches, st.integers(0, 60), st.integers(0, 60))
def test_the_integral_counts_what_every_stretch_has_between_two_instants(spans, one, other):
    begin, end = sorted((one, other))
    start, stop = ints(*(s for s, _ in spans)), ints(*(s + n for s, n in spans))

    steps = count_steps(start, stop)

    assert integral(steps, begin, end) == sum(
        max(0, min(s + n, end) - max(s, begin)) for s, n in spans
    )
    for instant in range(71):
        present = sum(s <= instant < s + n for s, n in spans)
        assert value_at(steps, ints(instant)).item() == present
        assert value_before(steps, ints(instant + 1)).item() == present
    if begin < end:
        assert peak(steps, begin, end) == max(
            value_at(steps, ints(instant)).item() for instant in range(begin, end)
        )


def test_a_mean_over_no_time_is_none():
    assert time_average(count_steps(ints(0), ints(9)), 5, 5) is None


@given(stretches, st.lists(st.integers(1, 60), max_size=5))
def test_cutting_keeps_all_time_and_puts_each_piece_into_one_interval(spans, borders):
    instants = ints(0, *sorted(set(borders)))
    spans = [(s, n) for s, n in spans if n]
    start = ints(*(s for s, _ in spans))
    whole = Spells(start, start + ints(*(n for _, n in spans)), np.arange(len(spans)), start)

    pieces, interval = cut(whole, instants)

    per_worker = np.bincount(pieces.worker, pieces.stop - pieces.start, len(spans))
    assert np.array_equal(per_worker, whole.stop - whole.start)
    assert (pieces.start < pieces.stop).all()
    upper = np.append(instants[1:], 10_000)
    assert (pieces.start >= instants[interval]).all()
    assert (pieces.stop <= upper[interval]).all()


def test_clipping_drops_what_lies_outside():
    spells = Spells(ints(0, 5, 9), ints(4, 8, 12), ints(0, 1, 2), ints(0, 0, 0))

    inside = clip(spells, 4, 10)

    assert inside.start.tolist() == [5, 9]
    assert inside.stop.tolist() == [8, 10]


def test_recovery_is_the_first_instant_at_the_former_level():
    # One open all the time; five more from day 10 to 14; two of them stay until day 20.
    start = ints(0, *[10 * DAY] * 5)
    stop = ints(99 * DAY, *[14 * DAY] * 3, 16 * DAY, 20 * DAY)
    steps = count_steps(start, stop)

    assert recovery_time(steps, 10 * DAY, 12 * DAY, 90 * DAY) == 8 * DAY
    assert recovery_time(steps, 10 * DAY, 25 * DAY, 90 * DAY) == 0
    assert recovery_time(steps, 10 * DAY, 12 * DAY, 20 * DAY) is None, "the run ends before"
    assert recovery_time(steps, 0, 12 * DAY, 90 * DAY) is None, "no former level"


def test_recovery_over_stretches_needs_all_of_them():
    steps = count_steps(ints(0, 10 * DAY), ints(99 * DAY, 13 * DAY))
    back, never = (
        (10 * DAY, 12 * DAY, steps),
        (10 * DAY, 12 * DAY, count_steps(ints(DAY * 11), ints(DAY * 98))),
    )

    assert recovery(Disturbances((back, back), 90 * DAY)) == (24, 2)
    assert recovery(Disturbances((back, never), 90 * DAY)) == (None, 2)


def history_of_two():
    return ModeHistory(ints(0, 10, 30), np.array([[0, 0], [1, 0], [0, 2]], np.int64))


def test_modes_are_looked_up_by_time_and_place():
    history = history_of_two()

    assert mode_at(history, ints(0, 9, 10, 29, 30), ints(0, 0, 0, 0, 0)).tolist() == [
        0,
        0,
        1,
        1,
        0,
    ]
    assert mode_lengths(history, 3, 5, 40).tolist() == [[15, 25], [20, 0], [0, 10]]
    assert stretches_of(history, 1, 0) == [(10, 30)]
    assert stretches_of(history, 2, 1) == [(30, None)]
    assert stretches_of(history, 2, 0) == []


def test_the_modes_of_a_log_are_those_written_beside_its_rows():
    log, plan = town(2)
    history = mode_history(log, plan)
    between = ~np.isin(log.time, history.time)

    assert np.array_equal(
        mode_at(history, log.time[between], log.place[between]), log.mode[between]
    )
    assert [plan.names.modes[m] for m in history.mode[:, 0]] == [
        "peace",
        "war",
        "recovery",
        "peace",
    ]
    assert (history.time // (24 * HOUR)).tolist() == [0, 8, 12, 14]


def test_a_local_mode_goes_before_that_of_the_whole_place():
    log, plan = town(2)
    community = int(np.flatnonzero(plan.place_level == 1)[0])
    rows = [(10, Code.MODE_ENTER, 0, 1), (20, Code.MODE_ENTER, community, 2),
            (30, Code.MODE_LEAVE, 0, 1), (40, Code.MODE_LEAVE, community, 2)]  # fmt: skip
    time, code, place, mode = (ints(*column) for column in zip(*rows, strict=True))
    other = np.full(4, -1)
    made = log._replace(time=time, code=code, place=place, mode=mode, amount=other)

    history = mode_history(made, plan)

    grid = int(np.flatnonzero(plan.place_parent == community)[0])
    assert history.mode[:, 0].tolist() == [0, 1, 1, 0, 0]
    assert history.mode[:, community].tolist() == [0, 1, 2, 2, 0]
    assert history.mode[:, grid].tolist() == [0, 1, 2, 2, 0]
    assert history.mode[:, -1].tolist() == [0, 1, 1, 0, 0]


def staff_of(on_duty, worked, posted, in_force, window):
    columns = [np.array(rows, np.int64) for rows in (worked, on_duty, posted, in_force)]
    zero = np.zeros_like(columns[0])
    time = StaffTime(columns[0], zero, columns[1], columns[2], zero, columns[3])
    cells = np.ones(zero.shape, np.bool_)
    return Staff(
        time, Outlays(zero, zero, columns[3]), zero * 1.0, cells, cells.any(axis=1), window
    )


def test_utilisation_weighs_capacity_by_its_time():
    """One worker for 90 h, all busy; nine more for the last 10 h, all idle: 90 of 190 h."""
    group = staff_of([[90], [100]], [[90], [0]], [[90], [100]], [[90], [10]], 100)

    assert utilisation(group).value == pytest.approx(90 / 190)
    assert workers_posted(group).value == pytest.approx(1.9)


def test_head_count_of_a_mode_is_a_mean_over_the_time_it_is_in_force():
    group = staff_of([[0]], [[0]], [[100]], [[10]], None)

    assert workers_posted(group).value == 10


def test_time_by_mode_follows_the_place_of_the_pool():
    _, plan = town(2)
    worker = len(plan.worker_pool) - 1
    pool = int(plan.worker_pool[worker])
    place = int(plan.pool_place[pool])
    mode = np.zeros((2, len(plan.place_parent)), np.int64)
    mode[1, place] = 1
    spells = Spells(ints(0), ints(plan.end), ints(worker), ints(-1))

    total = time_by_mode_and_pool(spells, ModeHistory(ints(0, 5 * DAY), mode), plan)

    assert total[0, pool] == 3 * DAY
    assert total[1, pool] == 15 * DAY
    assert total.sum() == 18 * DAY


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1, 1, 1], 0), ([0, 0, 0, 4], 0.75), ([1, 2, 3, 4], 0.25), ([], None), ([0, 0], None)],
    ids=["alike", "one-has-all", "rising", "none", "nothing"],
)
def test_gini_of_textbook_values(values, expected):
    found = gini(np.array(values, float))

    assert found == expected if expected is None else found == pytest.approx(expected)


def test_p90_over_the_median():
    assert p90_to_median(np.arange(1.0, 11)) == pytest.approx(9 / 5)
    assert p90_to_median(np.zeros(3)) is None


def test_days_begin_at_midnight():
    six_in_the_morning = 6 * 3600 * 10**9

    edges = day_edges(six_in_the_morning, 2 * DAY)

    assert (edges // HOUR).tolist() == [0, 18, 42, 48]


def test_the_days_of_a_run_hold_all_its_requests():
    log, plan = town(2)
    table = request_table(log, plan)
    requests = ~table.is_duty

    frame = daily(log, plan)

    assert str(frame["date"].iloc[0]) == "2024-03-04 00:00:00"
    assert len(frame) == 26
    assert frame["reported"].sum() == requests.sum()
    assert frame["closed"].sum() == (table.closed_at[requests] >= 0).sum()
    flow = (frame["reported"] - frame["closed"] - frame["left"]).cumsum()
    assert frame["open_end"].tolist()[:-1] == flow.tolist()[:-1]
    assert frame["utilisation_requests"].max() <= 1
    assert frame["mode"].unique().tolist() == ["peace", "war", "recovery"]
