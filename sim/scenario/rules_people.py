"""Rules on who serves: places, calendars, lines and pools."""

from collections.abc import Iterator
from itertools import pairwise

from sim.model.calendars import Calendar
from sim.model.pools import Pool, Serve, Staff
from sim.model.system import System
from sim.scenario.findings import Finding, unknown
from sim.scenario.nodes import Path

ALWAYS = "always"


def check_people(system: System) -> Iterator[Finding]:
    """All rules of this file."""
    yield from _levels(system)
    for name, calendar in system.calendars.items():
        yield from _calendar(system, name, calendar)
    for name, line in system.lines.items():
        path: Path = ("lines", name)
        yield from check_level(system, (*path, "at"), line.at)
        for index, preferred in enumerate(line.prefer):
            yield from unknown((*path, "prefer", index), "pool", preferred, system.pools)
    for name, pool in system.pools.items():
        yield from _pool(system, name, pool)
    yield from _capacity(system)


# ---- places


def levels(system: System) -> list[str]:
    """Levels from the widest to the narrowest, in so far as they form a chain."""
    chain = [system.places.root.level]
    if system.places.rows:
        level_of = {row.name: row.level for row in system.places.rows}
        above = {row.level: level_of.get(row.parent, chain[0]) for row in system.places.rows}
    else:
        above = {name: level.within for name, level in system.places.levels.items()}
    while True:
        below = [name for name, wider in sorted(above.items()) if wider == chain[-1]]
        if not below or below[0] in chain:
            return chain
        chain.append(below[0])


def check_level(system: System, path: Path, level: str | None) -> Iterator[Finding]:
    """A level that is named exists."""
    if level is not None:
        known = {system.places.root.level, *system.places.levels}
        known |= {row.level for row in system.places.rows}
        yield from unknown(path, "level", level, known)


def _levels(system: System) -> Iterator[Finding]:
    places = system.places
    below: dict[str, list[str]] = {}
    for name, level in places.levels.items():
        path: Path = ("places", "levels", name, "within")
        yield from unknown(path, "level", level.within, [places.root.level, *places.levels])
        below.setdefault(level.within, []).append(name)
    chain = levels(system)
    known = {places.root.level, *places.levels}
    for name, level in places.levels.items():
        if name not in chain and level.within in known:
            yield Finding(
                ("places", "levels", name, "within"),
                "levels-not-a-chain",
                f"levels form one chain from the root, but '{name}' is beside it",
                f"层级须从根开始逐级相接，“{name}”不在其中",
                f"The chain is {' > '.join(chain)}; put it within one of these or below them.",
                f"现有次序为 {' > '.join(chain)}；请改正 within。",
            )


# ---- calendars


def _calendar(system: System, name: str, calendar: Calendar) -> Iterator[Finding]:
    path: Path = ("calendars", name)
    if name == "calendar" or (name == ALWAYS and not calendar.always):
        yield Finding(
            path,
            "reserved-name",
            f"'{name}' has a meaning of its own and cannot name a calendar",
            f"“{name}”另有含义，不能用作工作日历名",
        )
    if calendar.holidays == "table" and system.holidays is None:
        yield Finding(
            (*path, "holidays"),
            "holidays-without-table",
            "`holidays: table` needs the table under `holidays` of the scenario",
            "holidays: table 需要在情景的 holidays 中给出节假日表",
            "Write `holidays: {off: [dates], on: [dates]}`, or `holidays: china` here.",
            "请写 holidays: {off: [日期], on: [日期]}，或在此处写 holidays: china。",
        )
    if calendar.rota is not None and calendar.rota.shift <= 0:
        yield Finding(
            (*path, "rota", "shift"),
            "must-be-positive",
            "a shift must be longer than zero",
            "班次长度须大于零",
        )
    if calendar.windows is not None:
        on = calendar.windows.on
        ordered = all(window.start < window.end for window in on)
        ordered = ordered and all(a.end <= b.start for a, b in pairwise(on))
        if not ordered:
            yield Finding(
                (*path, "windows", "on"),
                "windows-not-ordered",
                "windows must end after they start, in order and without overlap",
                "各时间窗的结束须晚于开始，按次序且互不重叠",
            )
        elif calendar.windows.every is not None and calendar.windows.every < on[-1].end:
            yield Finding(
                (*path, "windows", "every"),
                "windows-longer-than-cycle",
                "the last window ends after the cycle does",
                "最后一个时间窗超出了循环周期",
            )


def ever_ends(system: System, calendar: str) -> bool:
    """Whether duty by this calendar ever stops."""
    found = system.calendars.get(calendar)
    if found is None or found.always or calendar == ALWAYS:
        return False
    return not (found.rota is not None and found.rota.groups == 1 and found.holidays == "none")


# ---- pools


def _pool(system: System, name: str, pool: Pool) -> Iterator[Finding]:
    path: Path = ("pools", name)
    yield from check_level(system, (*path, "at"), pool.at)
    yield from check_staff(system, (*path, "staff"), pool.staff)
    yield from check_serves(system, (*path, "serves"), pool, pool.serves)
    known = [*system.calendars, ALWAYS]
    yield from unknown((*path, "calendar"), "calendar", pool.calendar, known)
    if pool.shift_end is None and ever_ends(system, pool.calendar):
        yield shift_end_missing((*path, "shift_end"), pool.calendar)


def shift_end_missing(path: Path, calendar: str) -> Finding:
    """The rule at shift end decides overtime and paused time, so it has no default."""
    return Finding(
        path,
        "shift-end-missing",
        f"duty by calendar '{calendar}' ends, so say what happens to running work",
        f"按工作日历“{calendar}”会下班，须写明在办工作如何处理",
        "Write `shift_end: finish`, `hand_over` or `pause`.",
        "请写 shift_end: finish（办完）、hand_over（移交）或 pause（暂停）。",
    )


def check_staff(system: System, path: Path, staff: Staff) -> Iterator[Finding]:
    """Levels of staffing rules exist."""
    for name, rule in staff.rules.items():
        yield from check_level(system, (*path, "rules", name, "level"), rule.level)


def check_serves(
    system: System, path: Path, pool: Pool, serves: list[Serve]
) -> Iterator[Finding]:
    """Lines served exist, and `within` is wider than the pool's own level."""
    chain = levels(system)
    own = chain[0] if pool.at is None else pool.at
    for index, serve in enumerate(serves):
        yield from unknown((*path, index), "line", serve.line, system.lines)
        if serve.within is None:
            continue
        here: Path = (*path, index, "within")
        yield from check_level(system, here, serve.within)
        both = serve.within in chain and own in chain
        if both and chain.index(serve.within) >= chain.index(own):
            yield Finding(
                here,
                "within-not-wider",
                f"'{serve.within}' is not wider than the pool's own level '{own}'",
                f"“{serve.within}”并不宽于队伍自身的层级“{own}”",
                "Name a wider level, or leave `within` out.",
                "请写更宽的层级，或删去 within。",
            )


# ---- capacity


def _capacity(system: System) -> Iterator[Finding]:
    """Every line in use has somebody who serves it, and every pool a line in use."""
    used = lines_in_use(system)
    # A misspelt line or flow would make pools look useless; it is told by itself.
    known = _routes_known(system)
    meant = True
    servers: dict[str, set[str]] = {line: set() for line in system.lines}
    for name, pool in system.pools.items():
        overlays = [mode.pools.get(name) for mode in system.modes.values()]
        changed = [overlay.serves for overlay in overlays if overlay and overlay.serves]
        lines = {serve.line for serves in [pool.serves, *changed] for serve in serves}
        meant = meant and lines <= set(system.lines)
        for line in lines & set(servers):
            servers[line].add(name)
        if known and lines <= set(system.lines) and not lines & set(used):
            yield Finding(
                ("pools", name, "serves"),
                "pool-unreached",
                f"no flow leads to a line that pool '{name}' serves",
                f"没有任何流程通向队伍“{name}”服务的队列",
                "Let it serve a line that a flow uses, or delete the pool.",
                "请让它服务某个流程用到的队列，或删除该队伍。",
            )
    for line, pools in servers.items():
        if line in used and not pools and meant:
            yield Finding(
                ("lines", line),
                "line-not-served",
                f"no pool serves line '{line}' in any mode, but {used[line]} needs it",
                f"任何状态下都没有队伍服务队列“{line}”，而 {used[line]} 需要它",
                "Add it to some pool's `serves`.",
                "请将其加入某个队伍的 serves。",
            )
        elif line in used and pools and all(_nobody(system, pool) for pool in pools):
            yield Finding(
                ("pools", min(pools), "staff"),
                "zero-capacity",
                f"line '{line}' is served by nobody: {', '.join(sorted(pools))} "
                "have no workers in any mode",
                f"队列“{line}”无人服务：{'、'.join(sorted(pools))}在任何状态下人数都为零",
                "Give one of these pools at least one worker.",
                "请至少为其中一个队伍配备一名工作人员。",
            )


def lines_in_use(system: System) -> dict[str, str]:
    """Lines that the flow of some class leads to, with the first flow or ladder that does."""
    used: dict[str, str] = {}
    flows = {each.flow for each in system.requests.values()} & set(system.flows)
    for name in sorted(flows):
        for step in system.flows[name].steps.values():
            if step.work is not None:
                used.setdefault(step.work.line, f"flows.{name}")
                if step.work.claim is not None:
                    used.setdefault(step.work.claim.line, f"flows.{name}")
            for line in step.join.lines if step.join is not None else ():
                used.setdefault(line, f"flows.{name}")
            if step.ladder in system.ladders and step.ladder:
                for rung in system.ladders[step.ladder].rungs.values():
                    used.setdefault(rung.line, f"ladders.{step.ladder}")
    return used


def _routes_known(system: System) -> bool:
    steps = [step for flow in system.flows.values() for step in flow.steps.values()]
    rungs = [rung for ladder in system.ladders.values() for rung in ladder.rungs.values()]
    lines = {step.work.line for step in steps if step.work} | {rung.line for rung in rungs}
    claims = [step.work.claim for step in steps if step.work]
    lines |= {claim.line for claim in claims if claim is not None}
    lines |= {line for step in steps if step.join for line in step.join.lines}
    ladders = {step.ladder for step in steps if step.ladder}
    flows = {each.flow for each in system.requests.values()}
    return (
        flows <= set(system.flows)
        and ladders <= set(system.ladders)
        and lines <= set(system.lines)
    )


def _nobody(system: System, name: str) -> bool:
    """Whether a pool has no workers in any mode, as far as the rules alone tell."""
    overlays = [mode.pools.get(name) for mode in system.modes.values()]
    staffs = [overlay.staff for overlay in overlays if overlay and overlay.staff]
    return all(_none(system, staff) for staff in [system.pools[name].staff, *staffs])


def _none(system: System, staff: Staff) -> bool:
    root, rows = system.places.root, system.places.rows
    households = root.households or sum(row.households for row in rows)
    shops = root.shops or sum(row.shops for row in rows)
    counted = {"household": households, "person": households, "shop": shops}
    return all(
        not rule.workers or counted.get(rule.of, 1) == 0 for rule in staff.rules.values()
    )
