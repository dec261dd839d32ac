"""Rules on where requests go: flows, ladders, verdicts, classes, limits and timers."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from sim.errors import PlanError
from sim.model.flows import Flow, Step, Verdicts, WorkStep
from sim.model.joins import JoinStep
from sim.model.requests import RequestClass
from sim.model.system import System
from sim.model.timers import Limit, Timer
from sim.plan.numbering import rung_order
from sim.scenario.findings import Finding, shares, unknown
from sim.scenario.nodes import Path
from sim.scenario.rules_steps import named_besides_next

ENDS = ("close", "leave")
CLOCK = "calendar"
ALWAYS = "always"


def check_routes(system: System) -> Iterator[Finding]:
    """All rules of this file."""
    for name, flow in system.flows.items():
        yield from _flow(system, name, flow)
    yield from _ladders(system)
    for name, table in system.verdicts.items():
        yield from _verdicts(system, ("verdicts", name), table)
    for name, request_class in system.requests.items():
        path: Path = ("requests", name)
        yield from unknown((*path, "flow"), "flow", request_class.flow, system.flows)
        yield from _limit(system, (*path, "limit"), request_class.limit)
        for timer, row in request_class.timers.items():
            yield from _timer(system, (*path, "timers", timer), row, request_class)
        if request_class.flow in system.flows:
            yield from _closing(system, name, request_class)
            yield from _work(system, name, request_class)


# ---- flows


def _named(step: Step) -> list[str]:
    """Steps that are named as the next; a share of 0 still names one, for ``--set``."""
    rework = step.evaluate.rework if step.evaluate else None
    further = [*([rework] if rework else []), *named_besides_next(step).values()]
    return [*(step.branch or [step.next]), *further]


def _onward(step: Step) -> list[str]:
    """Steps that do come next."""
    branch = step.branch or {}
    return [to for to in _named(step) if branch.get(to, 1) > 0]


def _flow(system: System, name: str, flow: Flow) -> Iterator[Finding]:
    path: Path = ("flows", name)
    yield from unknown((*path, "start"), "step", flow.start, flow.steps)
    for title, step in flow.steps.items():
        yield from _step(system, (*path, "steps", title), flow, step)
        if title in ENDS:
            yield Finding(
                (*path, "steps", title),
                "reserved-name",
                f"'{title}' ends a request and cannot be the name of a step",
                f"“{title}”表示事项结束，不能用作环节名",
            )
    if flow.start in flow.steps:
        yield from _reach(system, name, flow)


def _step(system: System, path: Path, flow: Flow, step: Step) -> Iterator[Finding]:
    targets = [*flow.steps, *ENDS]
    if step.branch is None:
        yield from unknown((*path, "next"), "step", step.next, targets)
    for to in step.branch or {}:
        yield from unknown((*path, "branch", to), "step", to, targets)
    for where, to in named_besides_next(step).items():
        yield from unknown((*path, *where), "step", to, targets)
    if step.branch is not None:
        yield from shares((*path, "branch"), step.branch)
    if step.work is not None:
        yield from unknown((*path, "work", "line"), "line", step.work.line, system.lines)
        yield from _claim(system, (*path, "work", "claim", "line"), step.work)
    if step.ladder is not None:
        yield from unknown((*path, "ladder"), "ladder", step.ladder, system.ladders)
    if step.evaluate is not None:
        here: Path = (*path, "evaluate")
        table = step.evaluate.verdicts
        yield from unknown((*here, "verdicts"), "verdict table", table, system.verdicts)
        if step.evaluate.rework is not None:
            rework = step.evaluate.rework
            yield from unknown((*here, "rework"), "step", rework, flow.steps)


def _claim(system: System, path: Path, work: WorkStep) -> Iterator[Finding]:
    if work.claim is None:
        return
    yield from unknown(path, "line", work.claim.line, system.lines)
    if work.claim.line == work.line:
        yield Finding(
            path,
            "claim-from-own-line",
            f"who serves '{work.line}' takes the task anyway and need not be asked first",
            f"服务“{work.line}”的人本来就会接件，无需先抢",
            "Name a line of its own that the volunteers serve.",
            "请写志愿者单独服务的队列。",
        )


def _entries(system: System, flow: str) -> set[str]:
    """Steps at which timers and modes may put requests of the flow."""
    found = set()
    for name, each in system.requests.items():
        if each.flow != flow:
            continue
        found |= {timer.to for timer in each.timers.values() if timer.to}
        overlays = [mode.requests.get(name) for mode in system.modes.values()]
        found |= {overlay.divert_to for overlay in overlays if overlay and overlay.divert_to}
    return found


def _reach(system: System, name: str, flow: Flow) -> Iterator[Finding]:
    reached = _closure([flow.start, *_entries(system, name)], flow)
    # A misspelt name would make the step that was meant look unreachable.
    meant = reached <= {*flow.steps, *ENDS}
    for title in flow.steps:
        if title not in reached and meant:
            yield Finding(
                ("flows", name, "steps", title),
                "step-unreachable",
                f"no step leads to '{title}'",
                f"没有任何环节通向“{title}”",
                "Name it in a `next`, a `branch` or a timer's `to`, or delete it.",
                "请在 next、branch 或定时器的 to 中引用它，或删除该环节。",
            )
    ending = {title for title in reached if title in ENDS}
    while True:
        more = {
            title
            for title, step in flow.steps.items()
            if title not in ending and ending & set(_onward(step))
        }
        if not more:
            break
        ending |= more
    for title, step in flow.steps.items():
        known = all(to in flow.steps or to in ENDS for to in _onward(step))
        if title in reached and title not in ending and known:
            yield Finding(
                ("flows", name, "steps", title),
                "route-never-ends",
                f"a request at '{title}' can never close or leave",
                f"到达“{title}”的事项永远无法办结或退出",
                "Let some step of the circle have `next: close`, or a branch to it.",
                "请让循环中的某个环节 next: close，或分支到 close。",
            )


def _closure(start: Iterable[str], flow: Flow) -> set[str]:
    found: set[str] = set()
    todo = list(start)
    while todo:
        title = todo.pop()
        if title in found:
            continue
        found.add(title)
        if title in flow.steps:
            todo += _named(flow.steps[title])
    return found


# ---- ladders and verdicts


def _ladders(system: System) -> Iterator[Finding]:
    for name, ladder in system.ladders.items():
        path: Path = ("ladders", name)
        if sorted(ladder.order) != sorted(ladder.rungs):
            missing = sorted(set(ladder.rungs) ^ set(ladder.order)) or sorted(ladder.order)
            yield Finding(
                (*path, "order"),
                "order-not-rungs",
                f"`order` must name every rung once; look at {', '.join(missing)}",
                f"order 须恰好列出每一阶一次；请检查{'、'.join(missing)}",
            )
        for title, rung in ladder.rungs.items():
            yield from unknown((*path, "rungs", title, "line"), "line", rung.line, system.lines)
    try:
        rung_order(system.ladders)
    except PlanError:
        yield Finding(
            ("ladders",),
            "ladders-contradict",
            "two ladders put the same rungs in opposite orders",
            "两个阶梯对相同的阶给出了相反的次序",
            "Levels of authority have one order; give other rungs other names.",
            "权限层级只能有一种次序；不同的阶请用不同的名称。",
        )


def _verdicts(system: System, path: Path, table: Verdicts) -> Iterator[Finding]:
    bands = len(table.edges) + 1
    for field in ("resolved", "satisfied"):
        given = len(getattr(table, field))
        if given != bands:
            yield Finding(
                (*path, field),
                "bands-do-not-fit",
                f"{len(table.edges)} edges make {bands} bands, but {given} values are given",
                f"{len(table.edges)} 个边界形成 {bands} 个区间，却给出了 {given} 个值",
            )
    rising = all(low < high for low, high in pairwise([0.0, *table.edges]))
    if not rising:
        yield Finding(
            (*path, "edges"),
            "edges-not-rising",
            "the edges must rise and be above zero",
            "边界须大于零并逐个递增",
        )
    for name, own in table.classes.items():
        here: Path = (*path, "classes", name)
        yield from unknown(here, "class", name, system.requests)
        yield from _verdicts(system, here, own)
        if own.classes:
            yield Finding(
                (*here, "classes"),
                "nested-classes",
                "the table of a class has no tables of classes of its own",
                "单个类别的评价表中不能再含类别表",
            )


# ---- classes


def ladders_of(system: System, request_class: RequestClass) -> list[str]:
    """The ladders that the flow of a class climbs, in so far as they exist."""
    steps = system.flows[request_class.flow].steps.values()
    return [step.ladder for step in steps if step.ladder in system.ladders and step.ladder]


def _closing(system: System, name: str, request_class: RequestClass) -> Iterator[Finding]:
    path: Path = ("requests", name, "closing")
    ladders = ladders_of(system, request_class)
    rungs = {rung for ladder in ladders for rung in system.ladders[ladder].rungs}
    if ladders and not request_class.closing:
        yield Finding(
            path,
            "closing-missing",
            f"the flow climbs ladder '{ladders[0]}', so say which rungs can close the class",
            f"流程使用层级阶梯“{ladders[0]}”，须给出该类别可办结的阶",
            "Write `closing: {rung: share, …}` with shares that sum to 1.",
            "请写 closing: {阶: 占比, …}，占比之和为 1。",
        )
    if request_class.closing and not ladders and not _has_unknown_ladder(system, request_class):
        yield Finding(
            path,
            "closing-without-ladder",
            f"flow '{request_class.flow}' has no ladder, so nothing is closed at a rung",
            f"流程“{request_class.flow}”没有层级阶梯，不能按阶办结",
        )
    elif request_class.closing:
        yield from shares(path, request_class.closing)
    for field in ("closing", "work_at", "external"):
        for rung in getattr(request_class, field) if ladders else ():
            yield from unknown(("requests", name, field, rung), "rung", rung, rungs)


def _has_unknown_ladder(system: System, request_class: RequestClass) -> bool:
    steps = system.flows[request_class.flow].steps.values()
    return any(step.ladder is not None and step.ladder not in system.ladders for step in steps)


def _work(system: System, name: str, request_class: RequestClass) -> Iterator[Finding]:
    """Every step that takes work has a work content."""
    if request_class.work is not None:
        return
    lacking = [
        f"step '{title}'"
        for title, step in system.flows[request_class.flow].steps.items()
        if (step.work is not None and step.work.content is None)
        or (step.join is not None and step.join.content is None and _open(step.join))
    ]
    if ladders_of(system, request_class):
        closing = [rung for rung, share in request_class.closing.items() if share > 0]
        rungs = [rung for rung in closing if rung not in request_class.work_at]
        lacking += [f"rung '{rung}'" for rung in rungs]
    if lacking:
        yield Finding(
            ("requests", name),
            "work-missing",
            f"nothing says how much work {lacking[0]} takes",
            f"没有给出 {lacking[0]} 的工作量",
            "Give the class `work`, such as `work: 30 min`.",
            "请为该类别写 work，例如 work: 30 min。",
        )


def _open(join: JoinStep) -> bool:
    """Whether some line of a join has no work content of its own."""
    return any(line not in join.contents for line in join.lines)


# ---- clocks


def clock(system: System, path: Path, name: str) -> Iterator[Finding]:
    """A limit's clock exists and its hours are the same for everybody."""
    if name == CLOCK:
        return
    yield from unknown(path, "calendar", name, [*system.calendars, ALWAYS, CLOCK])
    calendar = system.calendars.get(name)
    grouped = calendar and (
        calendar.part_days is not None
        or (calendar.rota is not None and calendar.rota.groups > 1)
    )
    if grouped:
        yield Finding(
            path,
            "clock-has-groups",
            f"calendar '{name}' has groups with different hours and cannot be a clock",
            f"工作日历“{name}”分组轮班，各组时间不同，不能作计时口径",
            "Use a calendar of one kind of hours, such as a working week.",
            "请使用统一工作时间的日历，例如工作周。",
        )


def _limit(system: System, path: Path, limit: Limit | None) -> Iterator[Finding]:
    if limit is None:
        return
    yield from clock(system, (*path, "clock"), limit.clock)
    if limit.after.clock != "calendar" and limit.clock == CLOCK:
        yield Finding(
            (*path, "clock"),
            "limit-needs-clock",
            "a limit in working days or work-hours needs a calendar as its clock",
            "以工作日或工时表示的时限须指定工作日历作计时口径",
            "Write `clock: NAME` with a name from `calendars`.",
            "请写 clock: 名称，名称取自 calendars。",
        )


def _timer(
    system: System, path: Path, timer: Timer, request_class: RequestClass
) -> Iterator[Finding]:
    yield from clock(system, (*path, "clock"), timer.clock)
    flow = system.flows.get(request_class.flow)
    if (timer.then == "go") != (timer.to is not None):
        yield Finding(
            (*path, "to"),
            "timer-to",
            "`then: go` needs `to`, and nothing else has it",
            "then: go 须与 to 同时给出，其他情况不写 to",
        )
    elif timer.to is not None and flow is not None:
        yield from unknown((*path, "to"), "step", timer.to, [*flow.steps, *ENDS])
    if timer.every is not None and (timer.then != "supervise" or timer.every <= 0):
        yield Finding(
            (*path, "every"),
            "timer-every",
            "`every` belongs to `then: supervise` and is longer than zero",
            "every 只用于 then: supervise，且须大于零",
        )
    if timer.again and (timer.then in ("leave", "go") or timer.every is not None):
        yield Finding(
            (*path, "again"),
            "timer-again",
            "`again` belongs to a timer that marks, rises, or supervises without `every`",
            "again 只用于 mark、rise，或没有 every 的 supervise",
        )
    if timer.until == "start" and timer.start != "dispatch":
        yield Finding(
            (*path, "until"),
            "timer-until",
            "`until: start` belongs to a timer with `start: dispatch`",
            "until: start 只用于 start: dispatch 的定时器",
            "Use `until: first_start`.",
            "请改用 until: first_start。",
        )
    if timer.then == "rise" and flow is not None and not ladders_of(system, request_class):
        yield Finding(
            (*path, "then"),
            "rise-without-ladder",
            f"flow '{request_class.flow}' has no ladder to rise on",
            f"流程“{request_class.flow}”没有可升级的层级阶梯",
        )


def check_overlay_limit(
    system: System, path: Path, limit: Limit, request_class: RequestClass
) -> Iterator[Finding]:
    """A mode's limit is a good limit and starts as that of the class does."""
    yield from _limit(system, path, limit)
    own = request_class.limit
    if own is not None and own.start != limit.start:
        yield Finding(
            (*path, "start"),
            "limit-start-differs",
            f"the limit starts at {own.start} in peacetime, so it does in every mode",
            f"平时的时限自 {own.start} 起算，各状态须一致",
            f"Write `start: {own.start}`.",
            f"请写 start: {own.start}。",
        )
