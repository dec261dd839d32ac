"""Rules on joins: whom they call, how many are needed, and what follows if too few come."""

from collections import Counter
from collections.abc import Iterator

from sim.model.joins import JoinStep
from sim.model.system import System
from sim.scenario.findings import Finding, unknown
from sim.scenario.nodes import Path


def check_joins(system: System) -> Iterator[Finding]:
    """All rules of this file."""
    for name, flow in system.flows.items():
        for title, step in flow.steps.items():
            if step.join is not None:
                path: Path = ("flows", name, "steps", title, "join")
                yield from _lines(system, path, step.join)
                yield from _forms(path, step.join)
                yield from _rounds(path, step.join)
                yield from _failing(system, path, step.join)


def fails_at_once(join: JoinStep) -> bool:
    """Whether the join can fail in the instant in which it begins."""
    silent = join.response < 1 and not join.interval
    return silent or join.patience == 0


def _lines(system: System, path: Path, join: JoinStep) -> Iterator[Finding]:
    for place, line in enumerate(join.lines):
        yield from unknown((*path, "lines", place), "line", line, system.lines)
    for line in join.contents:
        yield from unknown((*path, "contents", line), "line", line, join.lines)
    twice = [line for line, times in Counter(join.lines).items() if times > 1]
    if twice:
        yield Finding(
            (*path, "lines"),
            "line-called-twice",
            f"line '{twice[0]}' is called more than once",
            f"队列“{twice[0]}”被召集了不止一次",
            "Name each line once; people of two lines may stand in one pool.",
            "每个队列只写一次；同一队伍可以服务两个队列。",
        )
    if join.need != "all" and join.need > len(join.lines):
        yield Finding(
            (*path, "need"),
            "need-above-lines",
            f"{join.need} lines are needed, but only {len(join.lines)} are called",
            f"需要 {join.need} 个队列参加，却只召集了 {len(join.lines)} 个",
            f"Write `need: {len(join.lines)}` or less, or `need: all`.",
            f"请写 need: {len(join.lines)} 或更小，或写 need: all。",
        )


def _forms(path: Path, join: JoinStep) -> Iterator[Finding]:
    if join.form == "parts" and join.patience is not None:
        yield Finding(
            (*path, "patience"),
            "patience-with-parts",
            "parts begin one by one, so that there is no common start to wait for",
            "分头办理（parts）各自开始，不存在等齐人员的问题",
            "Delete `patience`, or give the class a timer that leads to another step.",
            "请删去 patience，或为该类别设一个转往其他环节的计时。",
        )
    if join.form == "together" and join.contents:
        yield Finding(
            (*path, "contents"),
            "contents-together",
            "members who work together all have the same work",
            "共同处置（together）的各方工作量相同",
            "Write `content` for all of them, or choose `form: parts`.",
            "请用 content 统一给出，或改为 form: parts。",
        )


def _rounds(path: Path, join: JoinStep) -> Iterator[Finding]:
    if not join.interval and (join.rounds > 1 or join.interval is not None):
        yield Finding(
            (*path, "interval"),
            "calls-without-time",
            "further calls would follow in the same instant",
            "后续各轮召集会在同一时刻接连进行",
            "Give the time between calls, such as `interval: 2 h`.",
            "请给出两次召集之间的时长，例如 interval: 2 h。",
        )


def _failing(system: System, path: Path, join: JoinStep) -> Iterator[Finding]:
    full = join.form == "parts" and any(
        line in system.lines and system.lines[line].limit is not None for line in join.lines
    )
    if join.otherwise is None and (join.response < 1 or join.patience is not None or full):
        yield Finding(
            (*path, "otherwise"),
            "otherwise-missing",
            "it can come to nothing, and nothing says what follows then",
            "联合处置可能不成，却没有说明此后去向",
            "Write `otherwise: STEP`, such as work by the owner alone or a hand-off upwards.",
            "请写 otherwise: 环节，例如由牵头方单独处置或上报。",
        )
