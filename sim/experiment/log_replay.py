"""The very requests of a log, played through the staffing of a scenario.

The log takes the place of the scenario's own demand: every request keeps its time and class,
and its home is drawn among the households of the scenario. Scheduled duties stay, as they use
the same hours. So the answer to "what if these three days had met one worker per 300" rests on
real requests, while hands-on minutes, outside delays and staff are the scenario's.

The log's figures are cut to what the replay can see: both are watched for the same time.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.analysis.foretold import Foretold, differing, foretell
from sim.errors import ScenarioError
from sim.exchange.request_log import CLOSED, FOUND, NONE, OPEN, RequestLog
from sim.experiment.log_model import REST, hours_at, renamed, survival_of, window
from sim.experiment.runs import Runs
from sim.model.sources import Arrivals, Duty
from sim.model.system import System
from sim.scenario.rules import find_problems

Demand = Literal["log", "scenario"]

EVERY: Final = "*"
"""In a file of classes: all types that it does not name."""
ALL: Final = "all"
FIGURES: Final = ("reported", "resolution_median", "resolution_p90")


class Matched(NamedTuple):
    """A log in the classes of a scenario."""

    log: RequestLog
    classes: Mapping[str, str]
    """By class of the log: the class of the scenario that plays it."""
    unplayed: Mapping[str, int]
    """Requests of classes that the scenario has not, by class of the log."""


class Replayed(NamedTuple):
    """A scenario whose demand is the log's, and what was left out for it."""

    system: System
    log: RequestLog
    """Cut to what the replay can see."""
    left_out: tuple[str, ...]
    """Sources of the scenario that the log replaces."""


class Line(NamedTuple):
    """One figure of one class, in the log and in the simulation."""

    metric: str
    group: str
    foretold: Foretold
    is_given: bool
    """Whether the log itself gave it to the simulation, so that nothing is tested."""
    differs: bool


def match(log: RequestLog, system: System, given: Mapping[str, str]) -> Matched:
    """Find a class of the scenario for each class of the log.

    Parameters
    ----------
    log
        The requests.
    system
        The scenario.
    given
        By type or class of the log, or ``*``: the class that plays it. What is not named is
        played by the class of the same name, else by ``other_types`` where the scenario has it;
        finds without either by the class of their type.
    """
    known = {name for name, kind in system.requests.items() if kind.kind == "request"}
    chosen: dict[str, str] = {}
    for name, title in zip(log.classes, log.titles, strict=True):
        bare = name.removesuffix(FOUND)
        asked = (given.get(name), given.get(title), name, given.get(bare))
        tried = (*asked, REST, bare, given.get(EVERY))
        wanted = next((each for each in tried if each in known), None)
        if wanted is not None:
            chosen[name] = wanted
    counts = np.bincount(log.request_class, minlength=len(log.classes)).tolist()
    unplayed = {
        name: n for name, n in zip(log.classes, counts, strict=True) if name not in chosen
    }
    numbers = [place for place, name in enumerate(log.classes) if name in chosen]
    kept = _rows(log, np.isin(log.request_class, numbers))
    return Matched(_without_empty(renamed(kept, chosen), chosen), chosen, unplayed)


def replay(
    system: System, log: RequestLog, *, demand: Demand = "log", follow_up: int | None = None
) -> Replayed:
    """The scenario at the time of the log.

    Parameters
    ----------
    system
        The scenario.
    log
        The requests, in the scenario's classes.
    demand
        Whether the requests of the log are played, or the scenario's own sources, to see
        whether these give back the log.
    follow_up
        Longest time in µs for which open requests are watched after the last report.

    Raises
    ------
    ScenarioError
        If the scenario cannot be played so: some part of it needs a source that the log
        replaces.
    """
    tick = system.run.tick
    begin, end = window(log)
    horizon = -(-(end - begin) // tick) * tick
    seen = max(int(log.duration.max(initial=0)) - (end - begin), 0)
    cool_down = (seen if follow_up is None else min(seen, follow_up)) // tick * tick
    run = system.run.model_copy(
        update={
            "start": datetime(1970, 1, 1) + timedelta(microseconds=begin),
            "horizon": horizon,
            "warm_up": 0,
            "cool_down": cool_down,
            "follow_up": horizon + cool_down,
        }
    )
    changed: dict[str, object] = {"run": run, "targets": {}, "experiment": None}
    left_out: tuple[str, ...] = ()
    if demand == "log":
        kept = {name: one for name, one in system.sources.items() if isinstance(one, Duty)}
        left_out = tuple(sorted(system.sources.keys() - kept.keys()))
        changed["sources"] = {**kept, **_traces(log, begin)}
        changed["shocks"] = {}
    played = system.model_copy(update=changed)
    problems = find_problems(played)
    if problems:
        raise ScenarioError(problems)
    return Replayed(played, _seen_until(log, begin, horizon + cool_down), left_out)


def lines_of(replayed: Replayed, runs: Runs, demand: Demand) -> list[Line]:
    """Every figure of every class side by side; those that differ beyond chance are marked."""
    table = runs.replications
    found = []
    for group in (*replayed.log.classes, ALL):
        mine = table[(table["by"] == ("all" if group == ALL else "class"))]
        mine = mine[mine["group"] == group]
        for metric in FIGURES:
            values = mine.loc[mine["metric"] == metric, "value"].tolist()
            said = foretell(_of_log(replayed.log, group, metric), values)
            given = metric == "reported" and demand == "log"
            found.append(Line(metric, group, said, given, differs=False))
    judged = differing([None if line.is_given else line.foretold.p for line in found])
    return [line._replace(differs=out) for line, out in zip(found, judged, strict=True)]


def _of_log(log: RequestLog, group: str, metric: str) -> float | None:
    chosen = np.ones(log.request_class.size, np.bool_)
    if group != ALL:
        chosen = log.request_class == log.classes.index(group)
    if metric == "reported":
        return float(chosen.sum())
    return hours_at(survival_of(log, chosen), 0.5 if metric == "resolution_median" else 0.9)


def _traces(log: RequestLog, begin: int) -> dict[str, Arrivals]:
    """One source a class, with the times of the log written out."""
    return {
        f"log_{name}": Arrivals.model_construct(
            kind="arrivals",
            classes={name: 1.0},
            times=(log.reported_at[log.request_class == number] - begin).tolist(),
        )
        for number, name in enumerate(log.classes)
    }


def _seen_until(log: RequestLog, begin: int, length: int) -> RequestLog:
    """The log as it stood so long after its begin: later closings have not happened."""
    left = begin + length - log.reported_at
    timed = log.duration != NONE
    late = timed & (log.duration > left)
    outcome = np.where(late & (log.outcome == CLOSED), OPEN, log.outcome)
    duration = np.where(late, left, log.duration)
    return log._replace(outcome=outcome, duration=duration)


def _rows(log: RequestLog, kept: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> RequestLog:
    """Only some of the requests."""
    columns = ("request_class", "reported_at", "duration", "outcome", "closed_at", "due_in")
    rows: Sequence[int] = np.flatnonzero(kept).tolist()
    return log._replace(
        **{name: getattr(log, name)[kept] for name in columns},
        ids=tuple(log.ids[row] for row in rows),
        flags=tuple(log.flags[row] for row in rows),
    )


def _without_empty(log: RequestLog, chosen: Mapping[str, str]) -> RequestLog:
    """The classes that have requests; those of types without a class go."""
    names = tuple(sorted(set(chosen.values())))
    titles = dict(zip(log.classes, log.titles, strict=True))
    place = np.array([names.index(name) if name in names else -1 for name in log.classes])
    return log._replace(
        classes=names,
        titles=tuple(titles[name] for name in names),
        request_class=place[log.request_class] if log.request_class.size else log.request_class,
    )
