"""Rules on gates, accounts and votes, on the steps that use them, and on circles."""

from collections.abc import Iterator

from sim.model.accounts import Account
from sim.model.flows import Flow, Step
from sim.model.gates import Gate, GateStep
from sim.model.system import System
from sim.model.votes import VoteStep
from sim.scenario.findings import Finding, shares, unknown
from sim.scenario.nodes import Path
from sim.scenario.rules_joins import fails_at_once
from sim.scenario.rules_people import ALWAYS, check_level


def check_steps(system: System) -> Iterator[Finding]:
    """All rules of this file."""
    for name, gate in system.gates.items():
        yield from _gate(system, ("gates", name), gate)
    for name, account in system.accounts.items():
        yield from _account(system, ("accounts", name), account)
    for name, flow in system.flows.items():
        for title, step in flow.steps.items():
            yield from _uses(system, ("flows", name, "steps", title), step)
        yield from _circles(("flows", name, "steps"), flow)


def named_besides_next(step: Step) -> dict[Path, str]:
    """Steps that a form names besides `next`, by where it names them."""
    found: dict[Path, str | None] = {}
    if step.gate is not None:
        found["gate", "otherwise"] = step.gate.otherwise
        found["gate", "refused"] = step.gate.refused
    if step.pay is not None:
        found["pay", "otherwise"] = step.pay.otherwise
    if step.vote is not None:
        found["vote", "again"] = step.vote.again
        found["vote", "failed"] = step.vote.failed
    if step.join is not None:
        found["join", "otherwise"] = step.join.otherwise
    return {path: to for path, to in found.items() if to is not None}


# ---- gates and accounts


def _gate(system: System, path: Path, gate: Gate) -> Iterator[Finding]:
    yield from check_level(system, (*path, "at"), gate.at)
    known = [*system.calendars, ALWAYS]
    yield from unknown((*path, "sessions"), "calendar", gate.sessions, known)
    calendar = system.calendars.get(gate.sessions)
    if gate.sessions == ALWAYS or (calendar is not None and calendar.always):
        yield Finding(
            (*path, "sessions"),
            "sessions-never-begin",
            "round the clock is one session that begins with the run and never again",
            "全天候日历只在运行开始时有一场，此后不再有会期",
            "Use a calendar whose stretches of duty begin again and again, such as a week.",
            "请使用时段反复开始的日历，例如工作周。",
        )
    if gate.outcome is not None:
        told = gate.outcome.model_dump(by_alias=True)
        yield from shares((*path, "outcome"), {key: told[key] for key in told if told[key]})
        if gate.outcome.next >= 1:
            yield Finding(
                (*path, "outcome", "next"),
                "gate-never-decides",
                "every request is put off to the next session, for ever",
                "每件都推迟到下一场，永远不会有结论",
            )


def _account(system: System, path: Path, account: Account) -> Iterator[Finding]:
    yield from check_level(system, (*path, "at"), account.at)
    if (account.refill is None) != (account.every is None):
        yield Finding(
            (*path, "every" if account.every is None else "refill"),
            "refill-and-every",
            "`refill` and `every` are given together or not at all",
            "refill 与 every 须同时给出或都不写",
            "Write for example `refill: 5000 CNY` and `every: quarter`.",
            "例如 refill: 5000 元 与 every: quarter。",
        )
    if account.carry_over and account.refill is None:
        yield Finding(
            (*path, "carry_over"),
            "carry-over-without-refill",
            "an account that is never filled up has no period to carry over from",
            "没有补充额的账户不存在结转",
        )


# ---- steps


def _uses(system: System, path: Path, step: Step) -> Iterator[Finding]:
    if step.gate is not None:
        yield from unknown((*path, "gate", "gate"), "gate", step.gate.gate, system.gates)
        yield from _admission((*path, "gate"), step.gate)
    if step.pay is not None:
        where: Path = (*path, "pay", "account")
        yield from unknown(where, "account", step.pay.account, system.accounts)
    if step.vote is not None:
        yield from _vote((*path, "vote"), step.vote)


def _admission(path: Path, step: GateStep) -> Iterator[Finding]:
    if step.admit < 1 and step.otherwise is None:
        yield Finding(
            (*path, "otherwise"),
            "otherwise-missing",
            f"{1 - step.admit:.3g} of the requests are not admitted, and nothing says where "
            "they go",
            f"有 {1 - step.admit:.3g} 的事项未获准入，却没有说明去向",
            "Write `otherwise: STEP`, or `otherwise: leave`.",
            "请写 otherwise: 环节，或 otherwise: leave。",
        )


def _vote(path: Path, vote: VoteStep) -> Iterator[Finding]:
    if vote.need != "all" and vote.need > vote.parties:
        yield Finding(
            (*path, "need"),
            "need-above-parties",
            f"{vote.need} consents are needed, but only {vote.parties} parties are asked",
            f"需要 {vote.need} 方同意，却只有 {vote.parties} 方参与",
        )
    if vote.rounds > 1 and vote.again is None and vote.between is None:
        yield Finding(
            (*path, "between"),
            "rounds-without-time",
            "further rounds would follow in the same instant",
            "后续各轮会在同一时刻接连进行",
            "Give the time `between` rounds, or the step `again` that leads to the next one.",
            "请给出轮间时长 between，或写 again 指明通向下一轮的环节。",
        )


# ---- circles


def _at_once(step: Step) -> list[str]:
    """Steps that may follow in the very instant in which this one is reached."""
    if step.branch is not None:
        return [to for to, share in step.branch.items() if share > 0]
    if step.pay is not None:
        return [step.next, step.pay.otherwise]
    if step.gate is not None:
        turned = step.gate.admit < 1 and step.gate.otherwise
        return [turned] if turned else []
    if step.vote is not None:
        again = step.vote.again if step.vote.between is None else None
        return [step.next, step.vote.failed, *([again] if again else [])]
    if step.join is not None and fails_at_once(step.join) and step.join.otherwise:
        return [step.join.otherwise]
    return []


def _circles(path: Path, flow: Flow) -> Iterator[Finding]:
    """A payment, gate, vote or join that leads back to itself before any time has passed."""
    for title, step in flow.steps.items():
        if all(form is None for form in (step.pay, step.gate, step.vote, step.join)):
            continue
        found: set[str] = set()
        todo = _at_once(step)
        while todo:
            to = todo.pop()
            if to not in found and to in flow.steps:
                found.add(to)
                todo += _at_once(flow.steps[to])
        if title in found:
            yield Finding(
                (*path, title),
                "circle-takes-no-time",
                f"a request at '{title}' can come back to it in the same instant, for ever",
                f"到达“{title}”的事项会在同一时刻不断回到该环节",
                "Put a `delay` or some work into the circle.",
                "请在循环中加入 delay 或 work。",
            )
