"""Rules on modes: what calls for them, what ends them, and what they change."""

from collections.abc import Iterator
from datetime import datetime

from sim.model.modes import ClassOverlay, Mode, PoolOverlay, StateRule
from sim.model.system import System
from sim.scenario.findings import Finding, unknown
from sim.scenario.nodes import Path
from sim.scenario.rules_people import (
    ALWAYS,
    check_level,
    check_serves,
    check_staff,
    ever_ends,
    levels,
    shift_end_missing,
)
from sim.scenario.rules_routes import ENDS, check_overlay_limit, clock

PEACE = "peace"


def check_modes(system: System) -> Iterator[Finding]:
    """All rules of this file."""
    for name, mode in system.modes.items():
        path: Path = ("modes", name)
        if name == PEACE:
            yield Finding(
                path,
                "reserved-name",
                f"'{PEACE}' is the scenario itself and cannot be a mode beside it",
                f"“{PEACE}”即情景本身（平时），不能另作状态名",
            )
        yield from check_level(system, (*path, "scope"), mode.scope)
        yield from _triggers(system, path, mode)
        yield from _changes(system, path, mode)
    yield from _chains(system)


def _triggers(system: System, path: Path, mode: Mode) -> Iterator[Finding]:
    enter, leave = mode.enter, mode.leave
    if enter.shock is not None:
        yield from unknown((*path, "enter", "shock"), "shock", enter.shock, system.shocks)
    if enter.after is not None:
        yield from unknown((*path, "enter", "after"), "mode", enter.after, system.modes)
        before = system.modes.get(enter.after)
        if before is not None and before.leave is None:
            yield Finding(
                (*path, "enter", "after"),
                "after-endless-mode",
                f"mode '{enter.after}' never ends, so this one never begins",
                f"状态“{enter.after}”不会结束，因此本状态不会开始",
                f"Give '{enter.after}' a `leave`.",
                f"请为“{enter.after}”写 leave。",
            )
    if leave is not None and leave.shock is not None:
        yield from unknown((*path, "leave", "shock"), "shock", leave.shock, system.shocks)
    for side, rule in (("enter", enter.state), ("leave", leave.state if leave else None)):
        for index, name in enumerate(rule.classes if rule else ()):
            here: Path = (*path, side, "state", "classes", index)
            yield from unknown(here, "class", name, system.requests)
    yield from _order(system, path, mode)


def _order(system: System, path: Path, mode: Mode) -> Iterator[Finding]:
    """A mode ends after it began, and what ends it is not what calls for it."""
    enter, leave = mode.enter, mode.leave
    if leave is None:
        return
    if (
        enter.at is not None
        and leave.at is not None
        and _moment(system, leave.at) <= _moment(system, enter.at)
    ):
        yield Finding(
            (*path, "leave", "at"),
            "leave-before-enter",
            "the mode ends before it begins",
            "状态的结束早于开始",
        )
    if enter.state is not None and leave.state is not None:
        yield from _hysteresis((*path, "leave", "state"), enter.state, leave.state)


def _hysteresis(path: Path, enter: StateRule, leave: StateRule) -> Iterator[Finding]:
    same = enter.count == leave.count and sorted(enter.classes) == sorted(leave.classes)
    if not same or enter.above is None or leave.below is None:
        return
    if leave.below > enter.above:
        yield Finding(
            path,
            "no-hysteresis",
            f"the mode is called for above {enter.above} and left below {leave.below}: "
            "at counts between it would flip at every control tick",
            f"高于 {enter.above} 时进入，低于 {leave.below} 时退出：两者之间会反复切换",
            f"Leave below {enter.above} or less.",
            f"退出阈值不应高于 {enter.above}。",
        )


def _moment(system: System, at: datetime | int) -> float:
    return at / 1e6 if isinstance(at, int) else (at - system.run.start).total_seconds()


def _chains(system: System) -> Iterator[Finding]:
    """Modes that wait for each other never begin."""
    for name in system.modes:
        seen = [name]
        while (after := system.modes[seen[-1]].enter.after) in system.modes and after:
            if after == name:
                chain = " → ".join([*seen, name])
                yield Finding(
                    ("modes", name, "enter", "after"),
                    "modes-wait-in-a-circle",
                    f"these modes wait for each other and never begin: {chain}",
                    f"这些状态互相等待，永远不会开始：{chain}",
                    "Give one of them a date, a shock or a state.",
                    "请为其中之一写明日期、冲击或状态条件。",
                )
            if after in seen:
                break
            seen.append(after)


# ---- what a mode changes


def _changes(system: System, path: Path, mode: Mode) -> Iterator[Finding]:
    for name, overlay in mode.pools.items():
        here: Path = (*path, "pools", name)
        yield from unknown(here, "pool", name, system.pools)
        if name in system.pools:
            yield from _pool(system, here, name, mode, overlay)
    for name, change in mode.requests.items():
        here = (*path, "requests", name)
        yield from unknown(here, "class", name, system.requests)
        if name in system.requests:
            yield from _class(system, here, name, change)
    for name, rungs in mode.ladders.items():
        here = (*path, "ladders", name)
        yield from unknown(here, "ladder", name, system.ladders)
        for rung in rungs if name in system.ladders else ():
            yield from unknown((*here, rung), "rung", rung, system.ladders[name].rungs)
    for name, other in mode.clocks.items():
        here = (*path, "clocks", name)
        yield from unknown(here, "calendar", name, [*system.calendars, ALWAYS])
        yield from clock(system, here, other)


def _pool(
    system: System, path: Path, name: str, mode: Mode, overlay: PoolOverlay
) -> Iterator[Finding]:
    pool = system.pools[name]
    if overlay.staff is not None:
        yield from check_staff(system, (*path, "staff"), overlay.staff)
    if overlay.serves is not None:
        yield from check_serves(system, (*path, "serves"), pool, overlay.serves)
    if overlay.calendar is not None:
        known = [*system.calendars, ALWAYS]
        yield from unknown((*path, "calendar"), "calendar", overlay.calendar, known)
        unsaid = pool.shift_end is None and overlay.shift_end is None
        if unsaid and ever_ends(system, overlay.calendar):
            yield shift_end_missing((*path, "shift_end"), overlay.calendar)
    chain = levels(system)
    own, scope = pool.at or chain[0], mode.scope or chain[0]
    if own in chain and scope in chain and chain.index(own) < chain.index(scope):
        yield Finding(
            path,
            "pool-outside-scope",
            f"pool '{name}' is at level '{own}', wider than the mode's scope '{scope}', "
            "so the mode never reaches it",
            f"队伍“{name}”位于“{own}”，宽于状态的适用层级“{scope}”，状态不会作用于它",
            "Widen the scope, or change pools at its level or below.",
            "请放宽 scope，或只改变该层级及以下的队伍。",
        )


def _class(system: System, path: Path, name: str, change: ClassOverlay) -> Iterator[Finding]:
    each = system.requests[name]
    flow = system.flows.get(each.flow)
    if (change.suspended == "divert") != (change.divert_to is not None):
        yield Finding(
            (*path, "divert_to"),
            "divert-to",
            "`suspended: divert` needs `divert_to`, and nothing else has it",
            "suspended: divert 须与 divert_to 同时给出，其他情况不写 divert_to",
        )
    elif change.divert_to is not None and flow is not None:
        yield from unknown((*path, "divert_to"), "step", change.divert_to, [*flow.steps, *ENDS])
    if change.limit is not None:
        yield from check_overlay_limit(system, (*path, "limit"), change.limit, each)
