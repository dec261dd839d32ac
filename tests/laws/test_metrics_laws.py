"""What holds in every log: nothing is lost, times add up, and worse service looks no better."""

import math
from collections import defaultdict

import numpy as np
import pytest

from sim.metrics import measure
from sim.metrics.catalogue import BY_NAME, HEADLINES
from sim.metrics.deadlines import after
from sim.metrics.requests import cohort, request_table
from sim.metrics.spells import duty_spells, mode_history, posted_spells, task_spells
from sim.metrics.staff import staff_time
from sim.metrics.timeline import count_steps, integral, open_steps, time_average
from sim.plan.codes import Code
from tests.metrics_towns import town

STAFFS = [1, 2, 4]

STATES = {
    Code.ENTRY: "waiting", Code.START: "worked", Code.RESUME: "worked", Code.PAUSE: "paused",
    Code.HOLD: "held", Code.CLOSE: "evaluation", Code.GATE_WAIT: "gate", Code.GATE_NEXT: "gate",
    **dict.fromkeys(
        (Code.ARRIVAL, Code.END, Code.DELAY, Code.HAND_OFF, Code.RETURN, Code.WITHDRAW,
         Code.REWORK, Code.GATE_PASS, Code.GATE_REFUSE), "delay",
    ),
}  # fmt: skip


TASKS = {Code.ENTRY, Code.START, Code.RESUME, Code.PAUSE, Code.HOLD, Code.RELEASE, Code.END,
         Code.WITHDRAW}  # fmt: skip


class Meeting:
    """A request in a join, as the rows of its tasks tell it."""

    def __init__(self):
        self.is_on, self.tasks, self.started = False, {}, set()

    def read(self, code, ordinal, line):
        """The state after a row that is the join's own; None for any other row."""
        if code in {Code.JOIN_DONE, Code.JOIN_FAIL}:
            self.is_on = False
            return "delay"
        if code == Code.JOIN_CALL:
            self.is_on = True
        elif code not in TASKS or line < 0:
            return None
        elif code == Code.ENTRY and self.is_on:
            self.tasks[ordinal] = "waiting"
        elif ordinal not in self.tasks:
            return None
        elif code in {Code.END, Code.WITHDRAW}:
            self.tasks[ordinal] = "over"
        elif code == Code.RELEASE:
            self.tasks[ordinal] = "paused" if ordinal in self.started else "waiting"
        else:
            self.started |= {ordinal} if code == Code.START else set()
            self.tasks[ordinal] = STATES[code]
        return self.state() if self.is_on else "nothing"

    def state(self):
        states = set(self.tasks.values()) - {"over"}
        for state in ("worked", "paused"):
            if state in states:
                return state
        return "held" if states == {"held"} else "waiting"


def walked(log, plan):
    """Each request's exit and parts, row by row as a reader would: a slow second opinion."""
    rows = defaultdict(list)
    for row in np.flatnonzero(log.request >= 0).tolist():
        what = Code(log.code[row]), int(log.ordinal[row]), int(log.line[row])
        rows[int(log.request[row])].append((int(log.time[row]), *what))
    found = {}
    for request, story in rows.items():
        closed = None
        for k, (_, code, _, _) in enumerate(story):
            if code == Code.CLOSE:
                closed = k
            elif code == Code.REWORK:
                closed = None
        gone = [k for k, row in enumerate(story) if row[1] == Code.LEAVE]
        last = closed if closed is not None else gone[0] if gone else None
        exit_at = plan.end if last is None else story[last][0]
        parts, state, before_hold, meeting = defaultdict(int), "delay", "delay", Meeting()
        for k, row in enumerate(story[: len(story) if last is None else last]):
            time, code, ordinal, line = row
            found_in = meeting.read(code, ordinal, line)
            if found_in is not None:
                state = state if found_in == "nothing" else found_in
            else:
                before_hold = state if code == Code.HOLD else before_hold
                state = before_hold if code == Code.RELEASE else STATES.get(code, state)
            until = story[k + 1][0] if k + 1 < len(story) else plan.end
            parts[state] += min(until, exit_at) - time
        found[request] = (exit_at, dict(parts))
    return found


@pytest.mark.parametrize("staff", STAFFS)
def test_the_seven_parts_make_up_the_time_in_the_system(staff):
    log, plan = town(staff)
    table = request_table(log, plan)

    parts = table.waiting + table.paused + table.worked
    parts += table.delay + table.held + table.evaluation + table.gate

    assert np.array_equal(parts, table.exit_at - table.reported_at)
    assert all(column.min() >= 0 for column in table[14:21])
    assert table._fields[14:21] == (
        "waiting", "paused", "worked", "delay", "held", "evaluation", "gate",
    )  # fmt: skip
    assert all(column.max() > 0 for column in table[14:21]), "the town has all of them"


@pytest.mark.parametrize("staff", STAFFS)
def test_a_walk_through_each_request_finds_the_same_parts_and_exit(staff):
    log, plan = town(staff)
    table = request_table(log, plan)

    expected = walked(log, plan)

    assert sorted(expected) == table.number.tolist()
    for row, number in enumerate(table.number.tolist()):
        exit_at, parts = expected[number]
        measured = {name: int(getattr(table, name)[row]) for name in table._fields[14:21]}
        assert table.exit_at[row] == exit_at
        assert {k: v for k, v in measured.items() if v} == {k: v for k, v in parts.items() if v}


@pytest.mark.parametrize("staff", STAFFS)
def test_what_was_reported_is_closed_left_or_open(staff):
    log, plan = town(staff)

    frame = measure(log, plan).set_index(["metric", "by", "group"])["value"]

    for by, group in {(by, group) for metric, by, group in frame.index if metric == "open"}:
        reported, closed, left, still_open = (
            frame[name, by, group] for name in ("reported", "closed", "left", "open")
        )
        assert reported == closed + left + still_open
    counts = {code: int((log.code == code).sum()) for code in (Code.ARRIVAL, Code.LEAVE)}
    table = request_table(log, plan)
    assert len(table.number) == counts[Code.ARRIVAL]
    assert (table.left_at >= 0).sum() == counts[Code.LEAVE]


@pytest.mark.parametrize("by", ["class", "mode", "place", "level"])
def test_groups_divide_the_cohort(by):
    frame = measure(*town(2), places="grid")

    reported = frame[frame["metric"] == "reported"]
    whole = reported[reported["by"] == "all"]["value"].item()
    if by == "level":
        log, plan = town(2)
        whole = (cohort(request_table(log, plan), plan).level >= 0).sum()

    assert reported[reported["by"] == by]["value"].sum() == whole


@pytest.mark.parametrize("staff", STAFFS)
def test_littles_law_holds_exactly_over_a_whole_run(staff):
    """L · T = λ · T · W: the area under the open requests is the sum of their times."""
    log, plan = town(staff)
    table = request_table(log, plan)

    changes = sorted(
        (time, change)
        for number, (exit_at, _) in walked(log, plan).items()
        for time, change in ((int(log.requests.reported_at[number]), 1), (exit_at, -1))
    )
    area, level, since = 0, 0, 0
    for time, change in [*changes, (plan.end, 0)]:
        area, level, since = area + level * (time - since), level + change, time

    assert area == int((table.exit_at - table.reported_at).sum())
    assert integral(open_steps(table), 0, plan.end) == area
    assert time_average(open_steps(table), 0, plan.end) == area / plan.end


@pytest.mark.parametrize("staff", STAFFS)
def test_workers_work_on_duty_and_are_on_duty_in_the_head_count(staff):
    log, plan = town(staff)
    n = len(plan.worker_pool)
    tasks, duty, posted = (
        np.bincount(spells.worker, spells.stop - spells.start, minlength=n)
        for spells in (task_spells(log, plan), duty_spells(log, plan), posted_spells(log, plan))
    )

    assert (tasks <= duty).all()
    assert (duty <= posted).all()
    assert tasks.sum() > 0


@pytest.mark.parametrize("staff", STAFFS)
def test_time_at_tasks_is_the_worked_time_of_requests_and_duties(staff):
    log, plan = town(staff)
    table = request_table(log, plan)

    tasks = task_spells(log, plan)

    per_request = np.bincount(tasks.request, tasks.stop - tasks.start, len(log.requests.key))
    per_request = per_request[table.number]
    # Members of a join work side by side, and the request's time passes once.
    joint = np.isin(table.number, log.request[log.code == Code.JOIN_CALL])
    assert joint.any()
    assert np.array_equal(per_request[~joint], table.worked[~joint])
    assert (per_request[joint] >= table.worked[joint]).all()
    if staff > 1:
        assert per_request[joint].sum() > table.worked[joint].sum()


def test_time_by_mode_adds_up_to_the_time_of_the_window():
    log, plan = town(2)

    time = staff_time(log, plan, mode_history(log, plan))

    for total, spells in (
        (time.on_duty, duty_spells(log, plan)),
        (time.posted, posted_spells(log, plan)),
    ):
        steps = count_steps(spells.start, spells.stop)
        assert total.sum() == integral(steps, plan.warm_up, plan.window_end)
    tasks = task_spells(log, plan)
    steps = count_steps(tasks.start, tasks.stop)
    busy = integral(steps, plan.warm_up, plan.window_end)
    assert time.on_requests.sum() + time.on_duties.sum() == busy
    assert (time.on_duty.sum(axis=1) > 0).all()


def test_a_mark_of_the_limit_is_where_the_plan_says_it_runs_out():
    log, plan = town(1)
    table = request_table(log, plan)
    marks = (log.code == Code.MARK) & (log.ordinal == -1)
    when = dict(zip(log.request[marks].tolist(), log.time[marks].tolist(), strict=True))
    clock = plan.class_limit_clock[table.mode, table.request_class]
    amount = plan.class_limit[table.mode, table.request_class]
    accepted = plan.class_limit_start[table.request_class] == 2
    since = np.where(accepted, table.first_start, table.reported_at)

    counted = after(plan, clock, since, amount)

    marked = np.isin(table.number, list(when))
    assert marked.sum() > 300
    assert len(set(clock[marked].tolist())) > 1
    assert len(set(accepted[marked].tolist())) > 1
    expected = [when[number] for number in table.number[marked].tolist()]
    assert counted[marked].tolist() == expected
    early = (amount >= 0) & (since >= 0) & (counted < plan.end) & ~marked & ~table.is_duty
    assert (table.first_closing[early] <= counted[early]).all()
    gone = table.first_closing[early] < 0
    assert (table.left_at[early][gone] <= counted[early][gone]).all()
    assert (table.left_at[early][gone] >= 0).all()


def worse(name, few, many):
    """Whether the figure with few staff is no better than with many; empty is the worst."""
    if BY_NAME[name].better == "higher":
        return few <= many or (math.isnan(few) and math.isnan(many))
    few, many = (math.inf if math.isnan(value) else value for value in (few, many))
    return few >= many


@pytest.mark.parametrize(("few", "many"), [(1, 2), (2, 4)])
@pytest.mark.parametrize("seed", [1, 2])
def test_halving_the_staff_improves_no_headline_figure(few, many, seed):
    tables = [
        measure(*town(staff, seed)).set_index(["metric", "by", "group"])["value"]
        for staff in (few, many)
    ]

    keys = [key for key in tables[0].index if key[0] in HEADLINES and key[1] in ("all", "mode")]
    improved = [
        (key, tables[0][key], tables[1][key])
        for key in keys
        if not worse(key[0], tables[0][key], tables[1][key])
    ]

    assert len(keys) >= 4 * len(HEADLINES)
    assert improved == []
