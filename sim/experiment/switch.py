"""When should a place go to wartime, and back? One mode at many settings, against a shock.

The mode is called by the number of open requests: above a multiple of the usual number it
begins, and it ends once the number has come back part of the way (hysteresis). The usual number
is what pilot replications have in the week before the shock. Beside these settings stand the
scenario as it is written, and one that never switches.
"""

import json
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from sim.demand.trace import draw_trace
from sim.engine import EngineName, choose, play, prepare
from sim.experiment.blocks import (
    Block,
    block_name,
    open_folder,
    program_version,
    read_block,
    scenario_digest,
    write_block,
)
from sim.experiment.design import DesignError, Point
from sim.experiment.playing import numbered_table
from sim.experiment.points import Design, design_of
from sim.experiment.runs import Runs
from sim.experiment.workers import each
from sim.keys import subkey
from sim.metrics import measure
from sim.metrics.days import open_means
from sim.metrics.requests import request_table, take
from sim.metrics.timeline import open_steps, recovery_time
from sim.model.system import System
from sim.plan.compile import compile_plan
from sim.plan.layout import Plan
from sim.plan.overlays import moment
from sim.units import format_duration

HOUR: Final = 3_600_000_000
WEEK: Final = 7 * 24 * HOUR
PILOTS: Final = 3
PILOT_SEED: Final = 0x51717C4
HOLD: Final = "6 h"
"""How long the number must be above or below before it calls; a busy hour is no emergency."""
TIME_TO_NORMAL: Final = "time_to_normal"
SHOWN: Final = ("backlog_peak", TIME_TO_NORMAL, "cost_per_month", "resolution_p90")


class Settings(NamedTuple):
    """What is varied.

    Attributes
    ----------
    mode, shock
        Names.
    triggers
        Open requests that call the mode, as multiples of the usual number.
    hysteresis
        How much of the way back to the usual number must be gone before the mode ends, 0 to 1.
    delays
        Mobilisation delays, µs.
    surges
        Factors of the head counts that the mode itself sets.
    """

    mode: str
    shock: str
    triggers: tuple[float, ...]
    hysteresis: tuple[float, ...]
    delays: tuple[int, ...]
    surges: tuple[float, ...]


class Row(NamedTuple):
    """One setting of the switch; empty values for the two that stand beside."""

    name: str
    above: int | None
    below: int | None
    delay: int | None
    surge: float | None


class Switch(NamedTuple):
    """A design that is ready to be played."""

    design: Design
    settings: Settings
    rows: tuple[Row, ...]
    usual: float
    """Open requests in the week before the shock, mean."""


class Task(NamedTuple):
    """What a worker must know to play one setting."""

    plan: Plan
    seed: int
    engine: EngineName
    folder: Path
    digest: str
    program: str
    begin: int
    over: int


def pick(system: System, mode: str | None, shock: str | None) -> tuple[str, str]:
    """The mode and the shock that are meant.

    Raises
    ------
    DesignError
        If there is none, or it is not clear which.
    """
    own = {name: each.enter.shock for name, each in system.modes.items()}
    if mode is None:
        called = [name for name, by in own.items() if by is not None]
        mode = "war" if "war" in own else (called or list(own) or [""])[0]
    mode = _one("mode", "状态", mode, list(own))
    if shock is None:
        shock = own[mode] or (list(system.shocks) or [""])[0]
    shock = _one("shock", "冲击", shock, list(system.shocks))
    if system.modes[mode].scope is not None:
        raise DesignError(
            f"mode {mode} is switched place by place; switch needs one for the whole system",
            f"状态 {mode} 按区域分别切换；switch 需要全域统一的状态",
        )
    return mode, shock


def switch_of(
    file: str,
    overrides: Sequence[str],
    base: System,
    settings: Settings,
    *,
    replications: int | None,
    seed: int | None,
    engine: EngineName | None,
) -> Switch:
    """Measure the usual number, and read and check the scenario of every setting.

    Raises
    ------
    DesignError
        If the shock leaves no time before it, or numbers make no sense.
    ScenarioError, PlanError
        If a setting cannot be read or laid out.
    """
    if any(value <= 1 for value in settings.triggers):
        raise DesignError("triggers are more than 1", "触发倍数必须大于 1")
    if any(not 0 <= value <= 1 for value in settings.hysteresis):
        raise DesignError("hysteresis lies between 0 and 1", "回差必须在 0 与 1 之间")
    if any(value <= 0 for value in settings.surges):
        raise DesignError("surges are more than 0", "增援倍数必须大于 0")
    usual = _usual(base, settings.shock, seed, engine)
    rows = [Row("as written", None, None, None, None), Row("never", None, None, None, None)]
    points = [
        Point(1, rows[0].name, (), ()),
        Point(2, rows[1].name, (), _never(settings, base)),
    ]
    for trigger, back, delay, surge in product(*settings[2:]):
        above = max(round(usual * trigger), round(usual) + 1)
        below = max(1, round(above - back * (above - usual)))
        row = Row("switched", above, below, delay, surge)
        rows.append(row)
        points.append(Point(len(rows), row.name, (), _set(settings, base, row)))
    design = design_of(file, overrides, (), points, replications=replications, seed=seed)
    return Switch(design, settings, tuple(rows), usual)


def play_switch(
    switch: Switch,
    folder: Path,
    *,
    engine: EngineName | None = None,
    workers: int | None = None,
    on_done: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """Play every setting, each replication kept at once, and put the table together.

    Returns
    -------
    One row for each setting: name, above, below (open requests), delay (h), surge; then
    backlog_peak, time_to_normal (h, from the begin of the shock until the backlog is back at
    its mean of the week before; empty where some replication never came back), cost_per_month,
    resolution_p90 with ``_low`` and ``_high``; days_in_mode.

    Raises
    ------
    StoreError
        If the folder belongs to something else, or cannot be written.
    """
    design = switch.design
    open_folder(folder, design.identity)
    found = []
    for row, reading in zip(switch.rows, design.readings, strict=True):
        system = reading.model
        plan = compile_plan(system)
        name = choose(plan, engine)
        prepare(name, plan)
        shock = system.shocks[switch.settings.shock]
        begin = moment(system, shock.start)
        program = f"{program_version()} switch"
        task = Task(plan, design.seed, name, folder, scenario_digest(system), program, begin,
                    begin + shock.lasts)  # fmt: skip
        numbers = range(1, design.replications + 1)
        missing = [r for r in numbers if read_block(folder, _block(task, r)) is None]
        for number in each(_play_and_keep, task, missing, workers):
            if on_done is not None:
                on_done(number)
        found.append(_summed(row, task, numbers, switch.settings.mode))
    return pd.DataFrame(found)


def _one(what: str, zh: str, name: str, known: list[str]) -> str:
    if name in known:
        return name
    if not known:
        raise DesignError(
            f"the scenario has no {what}; switch needs a scenario with a mode and a shock",
            f"情景中没有{zh}；switch 需要带有状态和冲击的情景",
        )
    listed = ", ".join(known)
    raise DesignError(
        f"the scenario has no {what} '{name}'; it has {listed}",
        f"情景中没有{zh}“{name}”；有：{listed}",
    )


def _usual(system: System, shock: str, seed: int | None, engine: EngineName | None) -> float:
    """Mean open requests in the week before the shock, or what there is of it."""
    plan = compile_plan(system)
    begin = moment(system, system.shocks[shock].start)
    since = max(plan.warm_up, begin - WEEK)
    if since >= begin:
        raise DesignError(
            f"shock {shock} leaves no time before it in which to see what is usual",
            f"冲击 {shock} 之前没有时间可用来观察平常水平",
        )
    own = subkey(system.run.seed if seed is None else seed, PILOT_SEED) >> 1
    edges = np.array([since, begin], dtype=np.int64)
    name = choose(plan, engine)
    levels = [
        float(open_means(play(plan, draw_trace(plan, own, r), name), plan, edges)[0])
        for r in range(1, PILOTS + 1)
    ]
    return sum(levels) / len(levels)


def _never(settings: Settings, base: System) -> tuple[str, ...]:
    end = format_duration(base.run.horizon + base.run.cool_down)
    return (
        f"modes.{settings.mode}.enter={{at: {end}}}",
        f"modes.{settings.mode}.leave={{lasts: 1 h}}",
    )


def _set(settings: Settings, base: System, row: Row) -> tuple[str, ...]:
    top = f"modes.{settings.mode}"
    state = "{{state: {{count: open, {}: {}, hold: " + HOLD + "}}}}"
    delay = format_duration(row.delay or 0)
    return (
        f"{top}.enter={state.format('above', row.above)}",
        f"{top}.leave={state.format('below', row.below)}",
        f"{top}.mobilisation={delay}",
        *_surged(base, settings.mode, row.surge or 1.0),
    )


def _surged(base: System, mode: str, factor: float) -> list[str]:
    """The head counts that the mode sets, so many times as large; at least one."""
    found = []
    for pool, overlay in base.modes[mode].pools.items():
        if overlay.staff is None or factor == 1:
            continue
        staff: dict[str, Any] = overlay.staff.model_dump(mode="json", exclude_none=True)
        for rule in staff["rules"].values():
            rule["workers"] = max(1, round(rule["workers"] * factor))
        found.append(f"modes.{mode}.pools.{pool}.staff={json.dumps(staff)}")
    return found


def _block(task: Task, replication: int) -> str:
    return block_name(task.digest, task.program, task.seed, replication)


def _play_and_keep(task: Task, replication: int) -> int:
    """Play one replication, measure it and the way back to normal, and keep it."""
    log = play(task.plan, draw_trace(task.plan, task.seed, replication), task.engine)
    table = request_table(log, task.plan)
    steps = open_steps(take(table, ~table.is_duty))
    back = recovery_time(steps, task.begin, task.over, task.plan.end)
    hours = float("nan") if back is None else (task.over - task.begin + back) / HOUR
    figures = measure(log, task.plan)
    own = pd.DataFrame(
        [(TIME_TO_NORMAL, "all", "all", hours, "h", 1.0)], columns=figures.columns
    )
    figures = pd.concat([figures, own], ignore_index=True)
    block = Block(replication, figures, log.digest(), log.n_rows)
    write_block(task.folder, _block(task, replication), block)
    return replication


def _summed(row: Row, task: Task, numbers: Sequence[int], mode: str) -> dict[str, Any]:
    blocks = [read_block(task.folder, _block(task, r)) for r in numbers]
    tables = [numbered_table(b.replication, b.figures) for b in blocks if b is not None]
    rows = pd.concat(tables, ignore_index=True)
    wanted = rows[rows["metric"].isin([*SHOWN, "workers_posted"])]
    runs = Runs(scenario=row.name, seed=task.seed, replications=wanted, daily=pd.DataFrame(),
                cases=pd.DataFrame(), digests={})  # fmt: skip
    summary = runs.summary()
    summary = summary[summary["by"] == "all"].set_index("metric")
    found: dict[str, Any] = row._asdict()
    found["delay"] = None if row.delay is None else row.delay / HOUR
    for metric in SHOWN:
        for name, column in (("", "mean"), ("_low", "low"), ("_high", "high")):
            found[f"{metric}{name}"] = float(summary[column].to_dict()[metric])
    # Beside the head count of a mode stand the days that it was in force.
    days = wanted[(wanted["metric"] == "workers_posted") & (wanted["group"] == mode)]["n"]
    found["days_in_mode"] = float(days.sum()) / len(tables)
    return found
