"""The request table and the figures of a cohort, on logs short enough to follow by hand."""

from dataclasses import replace

import numpy as np
import pytest
import yaml

from sim.engine.reference.timers import working_deadline
from sim.engine.reference.world import Lists
from sim.eventlog import COLUMNS, EventLog, Requests
from sim.metrics import cases, measure
from sim.metrics.cohort import Cohort, Frame, mean_of, mean_to, on_time, quantile_to
from sim.metrics.deadlines import after
from sim.metrics.extract import Counted, all_cells, axes_of, cells_of, grouped
from sim.metrics.requests import cohort, request_table
from sim.model.system import System
from sim.plan.codes import Channel, Code
from sim.plan.compile import compile_plan

HOUR = 3_600_000_000
SYSTEM = """
name: small
title: Small
run: {horizon: 100 h, cool_down: 20 h, follow_up: 50 h}
places: {root: {name: town, households: 500}}
sources: {calls: {kind: arrivals, classes: {leak: 1}, rate: 1/d}}
requests:
  leak: {flow: main, work: 1 h, limit: {after: 10 h}, cost: 3 CNY}
flows:
  main:
    start: fix
    steps:
      fix: {work: {line: desk}, next: ask}
      ask: {evaluate: {verdicts: view, rework: fix}}
verdicts: {view: {resolved: [0.9], satisfied: [0.9]}}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
"""


@pytest.fixture(scope="module")
def plan():
    return compile_plan(System.model_validate(yaml.safe_load(SYSTEM)))


def log_of(*rows):
    """Rows are (hour, code, request, further columns by name); classes and places are 0."""
    requests = [row[2] for row in rows]
    reported = {row[2]: row[0] * HOUR for row in rows if row[1] == Code.ARRIVAL}
    n = max(requests) + 1
    columns = {name: np.full(len(rows), -1, np.int64) for name in COLUMNS}
    for name in ("ordinal", "place", "mode", "amount"):
        columns[name][:] = 0
    for k, (hour, code, request, *further) in enumerate(rows):
        columns["time"][k] = round(hour * HOUR)
        columns["code"][k], columns["request"][k] = code, request
        for name, value in (further[0] if further else {}).items():
            columns[name][k] = value
    zero = np.zeros(n, np.int64)
    at = np.array([reported.get(number, 0) for number in range(n)], np.int64)
    table = Requests(at, zero, zero, zero, zero, zero - 1, np.arange(n), zero.astype(np.uint64))
    return EventLog(**columns, requests=table)


def story(request, *rows):
    return [(hour, code, request, *further) for hour, code, *further in rows]


def merged(*stories):
    return log_of(*sorted((row for rows in stories for row in rows), key=lambda row: row[0]))


def simple(request, reported, started, closed):
    return story(
        request,
        (reported, Code.ARRIVAL),
        (reported, Code.ENTRY),
        (started, Code.START, {"worker": 0}),
        (closed, Code.END, {"worker": 0}),
        (closed, Code.CLOSE, {"ordinal": 1, "amount": 300}),
        (closed, Code.VERDICT, {"ordinal": 1, "amount": 3}),
        (closed, Code.DONE),
    )


def left(request, reported, at):
    return story(
        request,
        (reported, Code.ARRIVAL),
        (reported, Code.ENTRY),
        (at, Code.WITHDRAW),
        (at, Code.LEAVE),
    )


def still_open(request, reported):
    return story(request, (reported, Code.ARRIVAL), (reported, Code.ENTRY))


def figures(log, plan):
    frame = measure(log, plan)
    return frame[frame["by"] == "all"].set_index("metric")["value"]


REOPENED = [
    *story(
        0,
        (1, Code.ARRIVAL), (1, Code.DELAY), (2, Code.ENTRY), (4, Code.START, {"worker": 0}),
        (5, Code.PAUSE, {"worker": 0}), (8, Code.RESUME, {"worker": 0}),
        (9, Code.END, {"worker": 0}), (9, Code.CLOSE, {"ordinal": 1}),
        (15, Code.VERDICT, {"amount": 0}), (15, Code.REWORK, {"ordinal": 1}), (15, Code.ENTRY),
        (20, Code.START, {"worker": 0}), (22, Code.END, {"worker": 0}),
        (22, Code.CLOSE, {"ordinal": 2}), (30, Code.VERDICT, {"amount": 2}), (30, Code.DONE),
    )
]  # fmt: skip


def test_a_reopened_request_counts_to_its_final_closing(plan):
    table = request_table(log_of(*REOPENED), plan)

    assert table.first_closing.tolist() == [9 * HOUR]
    assert table.closed_at.tolist() == [22 * HOUR]
    assert table.first_start.tolist() == [4 * HOUR]
    hours = {name: int(getattr(table, name)[0]) // HOUR for name in table._fields[14:21]}
    assert hours == {
        "waiting": 7, "paused": 3, "worked": 4, "delay": 1, "held": 0, "evaluation": 6,
        "gate": 0,
    }  # fmt: skip
    assert (table.closings[0], table.reworks[0], table.final_verdict[0]) == (2, 1, 2)


def test_a_closing_whose_verdict_is_outstanding_is_final_but_not_satisfied(plan):
    log = log_of(*[row for row in REOPENED if row[0] < 30])

    table = request_table(log, plan)
    found = figures(log, plan)

    assert table.closed_at.tolist() == [22 * HOUR]
    assert (table.verdict[0], table.final_verdict[0]) == (0, -1)
    assert (found["closed_rate"], found["satisfied_of_reported"]) == (1, 0)
    assert found["resolved_rate"] == 0


def test_a_request_sent_back_and_not_closed_again_is_open(plan):
    log = log_of(*[row for row in REOPENED if row[0] < 22])

    table = request_table(log, plan)

    assert table.closed_at.tolist() == [-1]
    assert table.exit_at.tolist() == [plan.end]
    assert figures(log, plan)["rework_rate"] == 1


def test_held_time_goes_back_to_what_it_interrupted(plan):
    table = request_table(
        log_of(
            *story(
                0,
                (0, Code.ARRIVAL), (0, Code.ENTRY), (1, Code.START, {"worker": 0}),
                (2, Code.PAUSE, {"worker": 0}), (4, Code.HOLD), (8, Code.RELEASE),
                (16, Code.RESUME, {"worker": 0}), (17, Code.END, {"worker": 0}),
                (17, Code.CLOSE),
            ),
            *story(
                1, (20, Code.ARRIVAL), (20, Code.ENTRY), (20, Code.HOLD), (23, Code.RELEASE)
            ),
        ),
        plan,
    )  # fmt: skip

    assert (table.paused // HOUR).tolist() == [10, 0]
    assert (table.held // HOUR).tolist() == [4, 3]
    assert (table.waiting // HOUR).tolist() == [1, 120 - 23]


def test_waiting_for_sessions_is_a_part_of_its_own(plan):
    # Put off at 12, heard at 20, then served; another gives up at the gate.
    table = request_table(
        merged(
            story(
                0,
                (1, Code.ARRIVAL), (2, Code.GATE_WAIT), (12, Code.GATE_NEXT),
                (20, Code.GATE_PASS), (20, Code.ENTRY), (23, Code.START, {"worker": 0}),
                (24, Code.END, {"worker": 0}), (24, Code.CLOSE),
            ),
            story(
                1,
                (30, Code.ARRIVAL), (30, Code.GATE_WAIT), (37, Code.WITHDRAW), (39, Code.LEAVE),
            ),
            story(2, (30, Code.ARRIVAL), (33, Code.GATE_WAIT), (40, Code.GATE_REFUSE)),
        ),
        plan,
    )  # fmt: skip

    assert (table.gate // HOUR).tolist() == [18, 7, 7]
    assert (table.waiting // HOUR).tolist() == [3, 0, 0]
    assert (table.delay // HOUR).tolist() == [1, 2, 3 + 120 - 40]


def test_what_accounts_pay_is_a_cost(plan):
    paid = story(5, (70, Code.ARRIVAL), (71, Code.PAY, {"amount": 1200}),
                 (72, Code.EMPTY, {"amount": 5000}))  # fmt: skip
    closed = [simple(k, 10 * k, 10 * k + k, 10 * k + 2 * k) for k in range(1, 5)]

    without, found = figures(merged(*closed), plan), figures(merged(*closed, paid), plan)

    # Four closings of 3 CNY, and 12 CNY out of an account; 30 days are 7.2 windows of 100 h.
    assert (without["cost_per_closed"], found["cost_per_closed"]) == (3, 6)
    rise = found["cost_per_month"] - without["cost_per_month"]
    assert rise == pytest.approx(12 * 7.2)


def test_rows_that_change_nothing_do_not_end_a_part(plan):
    table = request_table(
        log_of(
            *story(
                0, (0, Code.ARRIVAL), (0, Code.ENTRY), (3, Code.MARK), (4, Code.SUPERVISE),
                (5, Code.CONTACT, {"amount": Channel.PETITION}),
                (6, Code.CONTACT, {"amount": Channel.HOTLINE}),
                (7, Code.START, {"worker": 0}),
            )
        ),
        plan,
    )  # fmt: skip

    assert (table.waiting[0] // HOUR, table.worked[0] // HOUR) == (7, 113)
    assert (table.hotlines[0], table.petitions[0], table.repeats[0]) == (1, 1, 0)


def test_a_request_never_reported_is_no_request(plan):
    log = log_of(*simple(0, 1, 2, 3), *simple(2, 4, 5, 6))

    assert request_table(log, plan).number.tolist() == [0, 2]


def test_the_cohort_is_what_was_reported_in_the_window(plan):
    shifted = plan._replace(warm_up=10 * HOUR)
    log = merged(*(simple(k, hour, hour, hour + 1) for k, hour in enumerate([9, 10, 99, 100])))

    assert cohort(request_table(log, shifted), shifted).number.tolist() == [1, 2]


def test_times_are_plain_where_everything_was_closed(plan):
    log = merged(*(simple(k, 10 * k, 10 * k + k, 10 * k + 2 * k) for k in range(1, 6)))

    found = figures(log, plan)

    assert found["first_response_mean"] == pytest.approx(3)
    assert found["resolution_mean"] == pytest.approx(6)
    assert found["resolution_median"] == 6
    assert found["resolution_p90"] == found["resolution_max"] == 10
    assert found["closed_within_1_day"] == 1
    assert found["cost_per_closed"] == 3


def test_leaving_never_looks_better_than_waiting_for_ever(plan):
    quick = [simple(k, k, k + 1, k + 2) for k in range(4)]
    waits = figures(merged(*quick, still_open(4, 5)), plan)
    leaves = figures(merged(*quick, left(4, 5, 6)), plan)

    for name in ("first_response_mean", "resolution_mean", "resolution_p90", "closed_rate"):
        assert leaves[name] == waits[name] or np.isnan(leaves[name])
    assert leaves["resolution_mean"] == pytest.approx((4 * 2 + 50) / 5)
    assert np.isnan(leaves["resolution_p90"])
    assert leaves["left_rate"] == 0.2
    assert leaves["on_time_rate"] == waits["on_time_rate"] == 0.8


def test_a_quantile_after_the_follow_up_is_not_reached(plan):
    log = merged(*(simple(k, 0, 1, hour) for k, hour in enumerate([10, 50, 51])))

    found = figures(log, plan)

    assert found["resolution_median"] == 50
    assert np.isnan(found["resolution_max"])
    assert found["resolution_mean"] == pytest.approx((10 + 50 + 50) / 3)
    assert np.isnan(found["closed_within_3_days"])


def view(log, plan, follow_up):
    table = cohort(request_table(log, plan), plan)
    return Cohort(table, plan.end, follow_up, 500, np.array([True]))


def test_times_are_added_up_beyond_sixty_three_bits(plan):
    rows = view(merged(*(simple(k, 0, 1, 2) for k in range(3))), plan, 30 * HOUR)
    wait = 4 * 10**18 + 1
    rows = replace(rows, table=rows.table._replace(waiting=np.full(3, wait)))
    number = axes_of(plan, 0).number(rows.table, plan)
    cells = cells_of(rows.table, number, Frame(plan.end, rows.can_evaluate))
    twice = grouped(all_cells([cells, cells]), np.zeros(1, np.int64))
    counted = Counted(0, twice, plan.end, 30 * HOUR, 500)

    assert rows.total("waiting") == 3 * wait
    assert counted.total("waiting") == 6 * wait
    assert mean_of("waiting")(counted).value == pytest.approx(wait / HOUR)


def test_what_could_not_be_seen_long_enough_has_no_mean(plan):
    log = merged(simple(0, 90, 91, 92), still_open(1, 90))
    mean = mean_to(lambda group: group.resolution)

    assert mean(view(log, plan, 30 * HOUR)).value == pytest.approx((2 + 30) / 2)
    assert mean(view(log, plan, 60 * HOUR)).value == pytest.approx((2 + 60) / 2)
    assert mean(view(log, plan, 61 * HOUR)).value is None


def test_an_empty_group_has_no_figures_and_no_error(plan):
    empty = view(log_of(*simple(0, 101, 102, 103)), plan, 30 * HOUR)

    assert mean_to(lambda group: group.resolution)(empty) == (None, 0)
    assert quantile_to(lambda group: group.resolution, 0.5)(empty) == (None, 0)
    assert on_time(empty) == (None, 0)


def test_on_time_counts_what_is_due(plan):
    log = merged(
        simple(0, 0, 1, 10),  # at the limit
        [(10.5, Code.MARK, 1, {"ordinal": -1}), *simple(1, 0.5, 1, 11)],
        [(11, Code.MARK, 2, {"ordinal": -1}), *still_open(2, 1)],
        left(3, 115, 116),  # reported after the window: not of the cohort
        left(4, 99, 101),
        simple(5, 99, 100, 101),
    )

    found = measure(log, plan)
    rate = found[(found["metric"] == "on_time_rate") & (found["by"] == "all")]

    assert rate["n"].item() == 5
    assert rate["value"].item() == pytest.approx(2 / 5)
    late = plan._replace(end=105 * HOUR)
    assert figures(log, late)["on_time_rate"] == pytest.approx(1 / 4), "one is not due yet"


def test_closed_in_time_but_reopened_and_closed_late_is_late(plan):
    log = log_of(*REOPENED)

    assert figures(log, plan)["on_time_rate"] == 0


def test_without_a_mark_the_limit_had_not_run_out(plan):
    """A mode may have replaced the clock of the limit: then the log knows better."""
    log = log_of(*simple(0, 0, 1, 15))

    assert request_table(log, plan).due_at.tolist() == [15 * HOUR]
    assert figures(log, plan)["on_time_rate"] == 1


def test_who_leaves_after_a_closing_that_stands_was_closed(plan):
    rows = [*simple(0, 1, 2, 4)[:-1], (6, Code.LEAVE, 0)]

    found = figures(log_of(*rows), plan)

    assert request_table(log_of(*rows), plan).left_at.tolist() == [-1]
    assert (found["closed"], found["left"], found["open"]) == (1, 0, 0)


@pytest.fixture(scope="module")
def office():
    text = SYSTEM.replace("{staff: 1,", "{staff: 1, calendar: day, shift_end: pause,")
    text += 'calendars: {day: {week: {mon-fri: ["08:30-12:00", "13:30-17:00"]}}}'
    return compile_plan(System.model_validate(yaml.safe_load(text.replace("100 h", "40 d"))))


class World:
    """As much of the engine's world as its clocks read."""

    def __init__(self, plan):
        self.plan = Lists(plan)


@pytest.mark.parametrize("hour", [0, 3, 8, 8.5, 12, 17, 30, 170, 5000])
@pytest.mark.parametrize("amount", [0, 1, 3.5, 7, 14, 50, 9000])
def test_working_deadlines_are_those_of_the_engine(office, hour, amount):
    since, length = round(hour * HOUR), round(amount * HOUR)
    group = int(office.worker_group[0, 0])
    assert group > 0

    expected = working_deadline(World(office), group, since, length)
    found = after(office, np.array([group]), np.array([since]), np.array([length]))

    assert found.tolist() == [expected]


def test_cases_say_what_became_of_each_request(plan):
    overdue = [*still_open(2, 79), (89, Code.MARK, 2, {"ordinal": -1})]

    frame = cases(merged(simple(0, 1, 2, 4), left(1, 5, 7), overdue), plan)

    assert frame["outcome"].tolist() == ["closed", "left", "open"]
    assert frame["resolution"].isna().tolist() == [False, True, True]
    assert frame["resolution"][0] == 3
    assert frame["on_time"].tolist() == [True, False, False]
    assert frame["satisfied"][0]
    assert frame["satisfied"].isna().tolist() == [False, True, True]
    assert frame["class"].tolist() == ["leak"] * 3
