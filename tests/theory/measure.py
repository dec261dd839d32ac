"""Play a textbook scenario many times and measure it, one number per replication.

The measures are taken from the raw log and by hand, so that a fault of the metrics cannot hide
one of the engine. Runs begin empty; requests reported before the end of the warm-up are left
out, and averages over time begin there. Times are hours. Every measure takes the plan and the
log, and by name the class, line, instant or number that it is about.
"""

import math
from importlib import import_module

import numpy as np

from sim.demand.trace import draw_trace
from sim.plan.codes import Code
from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario

HOUR = 3_600_000_000
DAY = 2 * math.pi / 24


def logs(root, scenario, replications, overrides=(), engine="reference"):
    """The plan and the logs of a theory scenario, one after another."""
    play = import_module(f"sim.engine.{engine}").play
    system = read_scenario(root / "scenarios/theory" / f"{scenario}.yaml", overrides)
    plan = compile_plan(system)
    for replication in range(replications):
        yield plan, play(plan, draw_trace(plan, system.run.seed, replication))


def cohort(plan, log, name=None):
    """Which requests count: reported after the warm-up, of one class if it is named."""
    found = log.requests.reported_at >= plan.warm_up
    if name is not None:
        found &= log.requests.request_class == plan.names.classes.index(name)
    return found


def times(log, code):
    """By request: time of its first row with this code, -1 for none."""
    rows = np.flatnonzero(log.code == code)[::-1]
    found = np.full(len(log.requests.key), -1, np.int64)
    found[log.request[rows]] = log.time[rows]
    return found


# Requests: of those reported after the warm-up.


def waits(plan, log, name=None):
    """Times from report to first start of those who started, in order of number."""
    start = times(log, Code.START)
    counted = cohort(plan, log, name) & (start >= 0)
    return (start - log.requests.reported_at)[counted] / HOUR


def wait(plan, log, name=None):
    """Mean time from report to first start of those who started."""
    return float(waits(plan, log, name).mean())


def wait_spread(plan, log, around):
    """Mean squared distance of that time from its exact mean."""
    return float(((waits(plan, log) - around) ** 2).mean())


def waits_longer(plan, log, than):
    """Share of those who started that waited longer."""
    return float((waits(plan, log) > than).mean())


def first_waits(plan, log, count):
    """Mean time to the start of the first requests."""
    return float(waits(plan, log)[:count].mean())


def ended_wait(plan, log):
    """By request: time in line before the first start or before giving up; -1 for neither."""
    start, gone = times(log, Code.START), times(log, Code.WITHDRAW)
    end = np.where(start >= 0, start, gone)
    waited = np.where(end >= 0, end - log.requests.reported_at, -1)
    return waited[cohort(plan, log)]


def delayed(plan, log, name=None):
    """Share of those who started or gave up that did not start at once."""
    waited = ended_wait(plan, log)
    return float((waited[waited >= 0] > 0).mean())


def wait_of_all(plan, log):
    """Mean time in line of those who started or gave up."""
    waited = ended_wait(plan, log)
    return float(waited[waited >= 0].mean()) / HOUR


def all_waited_longer(plan, log, than):
    """Share of those who started or gave up after more than a time in line."""
    waited = ended_wait(plan, log)
    return float((waited[waited >= 0] > than * HOUR).mean())


def sojourn(plan, log, name=None):
    """Mean time from report to the end."""
    end = times(log, Code.DONE)
    counted = cohort(plan, log, name) & (end >= 0)
    return float((end - log.requests.reported_at)[counted].mean()) / HOUR


def sojourn_longer(plan, log, than):
    """Share of the done that took longer."""
    end = times(log, Code.DONE)
    counted = cohort(plan, log) & (end >= 0)
    return float(((end - log.requests.reported_at)[counted] > than * HOUR).mean())


def lost(plan, log, name=None):
    """Share of those whose fate is known that left without service."""
    gone, done = times(log, Code.LEAVE) >= 0, times(log, Code.DONE) >= 0
    counted = cohort(plan, log, name) & (gone | done)
    return float(gone[counted].mean())


def line_wait(plan, log, line):
    """Mean time in one line of requests that pass it once."""
    here = log.line == plan.names.line_types.index(line)
    found = {}
    for code in (Code.ENTRY, Code.START):
        rows = np.flatnonzero(here & (log.code == code))
        found[code] = np.full(len(log.requests.key), -1, np.int64)
        found[code][log.request[rows]] = log.time[rows]
    counted = cohort(plan, log) & (found[Code.START] >= 0)
    return float((found[Code.START] - found[Code.ENTRY])[counted].mean()) / HOUR


# Counts of a run.


def lost_count(plan, log):
    """Number that left without service."""
    return float((log.code == Code.LEAVE).sum())


def delayed_per(plan, log, expected):
    """Number that did not start at once, by the number expected to arrive."""
    at_once = times(log, Code.START) == log.requests.reported_at
    return float((~at_once).sum()) / expected


def reported_between(plan, log, stretches):
    """Number reported in the given stretches of time."""
    at = log.requests.reported_at / HOUR
    return float(sum(((at >= low) & (at < high)).sum() for low, high in stretches))


def starts_per_hour(plan, log, line=None):
    """Starts of work, at one line if it is named, by hour."""
    here = (log.code == Code.START) & (log.time >= plan.warm_up)
    if line is not None:
        here &= log.line == plan.names.line_types.index(line)
    return float(here.sum()) * HOUR / (plan.end - plan.warm_up)


# Numbers of requests as they change: (times, steps up or down).


def of_class(plan, log, rows, name):
    """The rows that are about one class, or about any."""
    about = rows & (log.request >= 0)
    if name is not None:
        wanted = plan.names.classes.index(name)
        about[about] = log.requests.request_class[log.request[about]] == wanted
    return about


def changes(plan, log, up, down, name=None, line=None):
    """Times and steps of a number that rises and falls with the codes given."""
    here = np.isin(log.code, (*up, *down))
    if line is not None:
        here &= log.line == plan.names.line_types.index(line)
    rows = of_class(plan, log, here, name)
    return log.time[rows], np.where(np.isin(log.code[rows], up), 1, -1)


def in_system(plan, log, name=None):
    """Requests that are open, delays included."""
    return changes(plan, log, (Code.ARRIVAL,), (Code.DONE, Code.LEAVE), name)


def at_work(plan, log, name=None, line=None):
    """Requests in work."""
    return changes(plan, log, (Code.START, Code.RESUME), (Code.PAUSE, Code.END), name, line)


def at_station(plan, log, line):
    """Requests at one line or in its work, where nothing is interrupted."""
    return changes(plan, log, (Code.ENTRY,), (Code.END,), line=line)


def in_line(plan, log, name=None):
    """Requests that are open and not in work."""
    (when, step), (begun, busy) = in_system(plan, log, name), at_work(plan, log, name)
    return np.concatenate([when, begun]), np.concatenate([step, -busy])


def in_delay(plan, log):
    """Requests that wait in a delay: from its row to the next entry."""
    rows = np.flatnonzero(np.isin(log.code, (Code.DELAY, Code.ENTRY)) & (log.request >= 0))
    rows = rows[np.argsort(log.request[rows], kind="stable")]
    follows = np.append(False, log.request[rows[1:]] == log.request[rows[:-1]])
    back = rows[1:][(log.code[rows[:-1]] == Code.DELAY) & follows[1:]]
    away = rows[log.code[rows] == Code.DELAY]
    return (
        np.concatenate([log.time[away], log.time[back]]),
        np.concatenate([np.ones(len(away), int), -np.ones(len(back), int)]),
    )


NUMBERS = {
    "in system": in_system, "in line": in_line, "at work": at_work, "in delay": in_delay,
    "at station": at_station,
}  # fmt: skip


def average(series, low, high):
    """Average over a stretch of time."""
    when, step = series
    return float((step * (high - np.clip(when, low, high))).sum()) / (high - low)


def mean_number(plan, log, of, *, name=None, line=None, times=1.0, plus=0.0):
    """Average over time of one of the numbers, scaled and shifted."""
    given = {key: value for key, value in (("name", name), ("line", line)) if value}
    return plus + times * average(NUMBERS[of](plan, log, **given), plan.warm_up, plan.end)


def number_at(plan, log, of, hour):
    """One of the numbers at an instant."""
    when, step = NUMBERS[of](plan, log)
    return float(step[when < hour * HOUR].sum())


def share_of_time(plan, log, number):
    """Share of the time with so many in the system."""
    when, step = in_system(plan, log)
    order = np.argsort(when, kind="stable")
    edges = np.clip(np.concatenate([when[order], [plan.end]]), plan.warm_up, plan.end)
    levels = np.cumsum(step[order])
    length = np.diff(edges)
    empty_first = edges[0] - plan.warm_up if number == 0 else 0
    return float(length[levels == number].sum() + empty_first) / (plan.end - plan.warm_up)


def wave(plan, log, part):
    """Coefficient of sin or cos of the daily wave in the number, over whole days."""
    when, step = in_system(plan, log)
    low, high = plan.warm_up / HOUR, plan.end / HOUR
    since = np.clip(when / HOUR, low, high)
    # ∫ sin over [since, high], and the same of cos
    areas = {
        "sin": (np.cos(DAY * since) - math.cos(DAY * high)) / DAY,
        "cos": (math.sin(DAY * high) - np.sin(DAY * since)) / DAY,
    }
    return 2 * float((step * areas[part]).sum()) / (high - low)


def emptied_at(plan, log):
    """First instant at which nobody is in the system; arrivals go first within an instant."""
    when, step = in_system(plan, log)
    order = np.argsort(when, kind="stable")
    level = np.cumsum(step[order])
    return float(when[order][np.flatnonzero(level == 0)[0]]) / HOUR


def emptied_spread(plan, log, around):
    """Squared distance of that instant from its exact mean."""
    return (emptied_at(plan, log) - around) ** 2
