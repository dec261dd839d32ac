"""Rules on targets: that the fact exists and can be held against the figure that is named.

Whether a metric exists is said by `sim.experiment.targets`, which knows the catalogue.
"""

from collections.abc import Iterator
from difflib import get_close_matches

from sim.model.facts import Fact
from sim.model.system import System
from sim.model.targets import CHANGES, Target
from sim.scenario.evidence import load_evidence
from sim.scenario.findings import Finding, unknown
from sim.scenario.nodes import Path

PERCENT = "percent"


def check_targets(system: System) -> Iterator[Finding]:
    """All rules of this file."""
    for name, target in system.targets.items():
        path: Path = ("targets", name)
        fact = load_evidence().facts.get(target.reported)
        if fact is None:
            yield _no_such_fact(path, target)
        else:
            yield from _fact(path, target, fact)
        for title, quantity in target.readings.items():
            yield from _group(system, (*path, "readings", title), *quantity.group)


def _fact(path: Path, target: Target, fact: Fact) -> Iterator[Finding]:
    if fact.value is None:
        yield Finding(
            (*path, "reported"),
            "target-without-value",
            f"{fact.id} is a rule without a value, so nothing can be held against it",
            f"{fact.id} 是没有数值的规则，无从对照",
        )
        return
    if target.kind in CHANGES and not (fact.unit or "").startswith(PERCENT):
        yield Finding(
            (*path, "kind"),
            "target-not-a-change",
            f"{fact.id} is in {fact.unit}, which is no change in per cent or points",
            f"{fact.id} 的单位是 {fact.unit}，不是百分比或百分点的变化",
            "Write level or count.",
            "请写 level 或 count。",
        )
    sharp = fact.operator in ("eq", "approx") and not isinstance(fact.value, tuple)
    if sharp and not target.width.total:
        yield Finding(
            (*path, "width"),
            "target-without-width",
            f"no simulation gives exactly {fact.value_text()}; say how far it may lie off",
            f"仿真不会恰好得到 {fact.value_text()}，请写明允许相差多少",
            "For example `width: {rounding: 0.5}`, in the unit of the fact.",
            "例如 width: {rounding: 0.5}，单位与事实相同。",
        )


def _no_such_fact(path: Path, target: Target) -> Finding:
    near = get_close_matches(target.reported, load_evidence().facts, n=1, cutoff=0.6)
    hint = (
        (f"Did you mean '{near[0]}'?", f"是否指“{near[0]}”？")
        if near
        else ("`gridgov facts` lists all ids.", "gridgov facts 列出全部编号。")
    )
    return Finding(
        (*path, "reported"),
        "unknown-fact",
        f"there is no fact '{target.reported}'",
        f"没有编号为“{target.reported}”的事实",
        *hint,
    )


def _group(system: System, path: Path, by: str, part: str) -> Iterator[Finding]:
    if by == "class":
        yield from unknown((*path, by), "class", part, system.requests)
    elif by == "mode":
        yield from unknown((*path, by), "mode", part, ["peace", *system.modes])
    elif by == "pool":
        yield from unknown((*path, by), "pool", part, system.pools)
    elif by == "level":
        rungs = {rung for ladder in system.ladders.values() for rung in ladder.rungs}
        yield from unknown((*path, by), "rung", part, rungs)
