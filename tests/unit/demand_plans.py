"""Plans made by hand for tests of the demand: a small town, some sources, nobody at work."""

from datetime import datetime

import numpy as np

from sim.demand.homes import HOUSEHOLD
from sim.keys import name_key
from sim.model.distributions import Law
from sim.plan.codes import SourceKind, StepKind
from sim.plan.layout import Names, Plan
from sim.plan.tables import quantile_table, thresholds

HOUR = 3_600_000_000
DAY = 24 * HOUR
WEEK = 7 * DAY
YEAR = 365 * DAY
TOWN = {"c1": [300, 200], "c2": [100, 150, 0, 250]}
DISTRICT, COMMUNITY, GRID = range(3)


def a_source(name, request_class="repair", **settings):
    """A source with the usual settings; `rate` is per counted thing and µs."""
    usual = {
        "kind": SourceKind.ARRIVALS, "level": COMMUNITY, "counted": HOUSEHOLD, "rate": 0.0,
        "cells": None, "dispersion": None, "backlog": 0, "members": 0, "up_time": None,
        "period": 0, "spread": 1, "group": 0, "times": [], "local": {},
    }  # fmt: skip
    return {"name": name, "class": request_class} | usual | settings


def a_step(name, law, kind=StepKind.WORK):
    return {"name": name, "law": law, "kind": kind}


def a_class(name, steps=(), timers=(), levels=None):
    return {"name": name, "steps": steps, "timers": timers, "levels": levels or {}}


def make_plan(
    sources,
    classes=None,
    *,
    town=TOWN,
    end=10 * DAY,
    tick=1,
    cell=HOUR,
    start=datetime(2024, 1, 1),
    shops=None,
    groups=(((0, 10**16),),),
):
    """A plan in which only what the demand reads is filled in."""
    classes = classes or [
        a_class("repair", [a_step("repair.fix", Law(exponential="2 h"))]),
        a_class("dispute", [a_step("dispute.talk", Law(gamma={"mean": "1 h", "cv": 2}))]),
    ]
    laws = []
    classes = sorted(classes, key=lambda row: row["name"])
    sources = sorted(sources, key=lambda row: (row["name"], row["class"]))
    cells = -(-end // cell)
    start_us = (start - datetime(1970, 1, 1)).total_seconds() * 1e6
    parts = {"start_ns": int(start_us) * 1000, "end": end, "window_end": end}
    parts |= {"warm_up": 0, "tick": tick, "control": HOUR, "follow_up": end, "cell": cell}
    parts |= _places(town, shops) | _classes(classes, laws)
    parts |= _sources(sources, [row["name"] for row in classes], laws, cells)
    parts |= _groups(groups) | _laws(laws)
    names = Names(*[()] * len(Names._fields))._replace(
        levels=("district", "community", "grid"),
        classes=tuple(row["name"] for row in classes),
        sources=tuple(f"{row['name']}/{row['class']}" for row in sources),
        steps=tuple(step["name"] for row in classes for step in row["steps"]),
        timers=tuple(name for row in classes for name, _ in row["timers"]),
        places=parts.pop("place_names"),
    )
    rest = dict.fromkeys(set(Plan._fields) - set(parts) - {"names"}, np.empty(0, np.int64))
    return Plan(**parts, **rest, names=names)


def _places(town, shops):
    names, levels, parents, counts, leaves = ["d"], [DISTRICT], [-1], [0], []
    for community in sorted(town):
        at = len(names)
        names.append(f"d/{community}")
        levels.append(COMMUNITY)
        parents.append(0)
        for number, _households in enumerate(town[community], 1):
            leaves.append(len(names))
            names.append(f"d/{community}/g{number:03}")
            levels.append(GRID)
            parents.append(at)
    leaf_sizes = [size for community in sorted(town) for size in town[community]]
    spans = [[i for i, leaf in enumerate(leaves) if _above(parents, leaf, p)]
             for p in range(len(names))]  # fmt: skip
    counts = np.array([sum(leaf_sizes[i] for i in span) for span in spans])
    ancestors = np.full((len(names), 3), -1)
    for place in range(len(names)):
        up = place
        while up >= 0:
            ancestors[place, levels[up]] = up
            up = parents[up]
    shop = np.zeros(len(names), np.int64) if shops is None else counts * 0 + shops(counts)
    return {
        "place_names": tuple(names),
        "place_parent": np.array(parents),
        "place_level": np.array(levels),
        "place_at": ancestors,
        "place_leaves": np.array([[span[0], span[-1] + 1] for span in spans]),
        "leaf_place": np.array(leaves),
        "place_households": counts,
        "place_persons": np.round(counts * 2.6).astype(np.int64),
        "place_shops": shop,
        "place_key": np.array([name_key(name) for name in names], np.uint64),
    }


def _above(parents, leaf, place):
    while leaf >= 0:
        if leaf == place:
            return True
        leaf = parents[leaf]
    return False


def _law(laws, law):
    if law is None:
        return -1
    laws.append(law)
    return len(laws) - 1


def _laws(laws):
    tables, sequences = [], []
    for law in laws:
        sequence = getattr(law, "sequence", None) or []
        sequences.append(sequence)
        drawn = Law(constant="1 h") if sequence else law
        tables.append(quantile_table(drawn))
    return {
        "law_table": np.array(tables, np.int64),
        "law_sequence_ptr": np.cumsum([0, *map(len, sequences)]),
        "law_sequence": np.array([v for values in sequences for v in values], np.int64),
    }


def _classes(classes, laws):
    steps = [
        (c, n, step) for c, row in enumerate(classes) for n, step in enumerate(row["steps"])
    ]
    timers = [
        (len(row["steps"]) + n, name, law)
        for row in classes
        for n, (name, law) in enumerate(row["timers"])
    ]
    shares = [thresholds(row["levels"].values()) if row["levels"] else [] for row in classes]
    return {
        "class_start": np.zeros(len(classes), np.int64),
        "class_key": np.array([name_key(row["name"]) for row in classes], np.uint64),
        "class_level_ptr": np.cumsum([0, *map(len, shares)]),
        "class_level": np.array([rung for row in classes for rung in row["levels"]], np.int64),
        "class_level_share": np.array([x for share in shares for x in share], np.uint64),
        "step_class": np.array([c for c, _, _ in steps], np.int64),
        "step_kind": np.array([step["kind"] for _, _, step in steps], np.int64),
        "step_draw": np.array([n for _, n, _ in steps], np.int64),
        "step_key": np.array([name_key(s["name"]) >> 32 for _, _, s in steps], np.int64),
        "step_law": np.array([[_law(laws, step["law"]) for _, _, step in steps]], np.int64),
        "timer_ptr": np.cumsum([0, *(len(row["timers"]) for row in classes)]),
        "timer_law": np.array([_law(laws, law) for _, _, law in timers], np.int64),
        "timer_draw": np.array([column for column, _, _ in timers], np.int64),
        "timer_key": np.array([name_key(name) >> 32 for _, name, _ in timers], np.int64),
    }


def _sources(sources, class_names, laws, cells):
    def column(field):
        return np.array([row[field] for row in sources], np.int64)

    factors = [np.ones(cells) if row["cells"] is None else np.array(row["cells"], float)
               for row in sources]  # fmt: skip
    local = [
        (u, place, np.array(factor, float))
        for u, row in enumerate(sources)
        for place, factor in row["local"].items()
    ]
    keys = [name_key(f"{row['name']}/{row['class']}") for row in sources]
    times = [row["times"] for row in sources]
    return {
        "source_kind": column("kind"),
        "source_class": np.array([class_names.index(row["class"]) for row in sources]),
        "source_level": column("level"),
        "source_key": np.array(keys, np.uint64),
        "source_day_key": np.array([name_key(row["name"]) for row in sources], np.uint64),
        "source_members": column("members"),
        "source_law": np.array([_law(laws, row["up_time"]) for row in sources]),
        "source_group": column("group"),
        "source_backlog": column("backlog"),
        "source_counted": column("counted"),
        "source_rate": np.array([row["rate"] for row in sources], float),
        "source_period": column("period"),
        "source_spread": column("spread"),
        "source_dispersion": np.array([_law(laws, row["dispersion"]) for row in sources]),
        "source_time_ptr": np.cumsum([0, *map(len, times)]),
        "source_time": np.array([t for row in times for t in row], np.int64),
        "source_cell": np.array(factors).reshape(len(sources), cells),
        "local_source": np.array([u for u, _, _ in local], np.int64),
        "local_place": np.array([place for _, place, _ in local], np.int64),
        "local_cell": np.array([factor for _, _, factor in local]).reshape(len(local), cells),
    }


def _groups(groups):
    return {
        "group_ptr": np.cumsum([0, *map(len, groups)]),
        "group_on": np.array([on for group in groups for on, _ in group], np.int64),
        "group_off": np.array([off for group in groups for _, off in group], np.int64),
    }
