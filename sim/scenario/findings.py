"""Findings: what a rule across fields found, in both languages, before it has a position."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fractions import Fraction
from typing import Final, NamedTuple

from sim.errors import Problem
from sim.scenario.nodes import Path, show

TOLERANCE: Final = Fraction(1, 10**9)
"""How far shares may miss one, so that three times 0.333333333 is still a mistake to nobody."""

KINDS: Final[Mapping[str, str]] = {
    "account": "资金账户",
    "calendar": "工作日历",
    "class": "事项类别",
    "flow": "流程",
    "gate": "受理关口",
    "ladder": "层级阶梯",
    "level": "层级",
    "line": "队列",
    "mode": "状态",
    "pool": "队伍",
    "post": "岗位",
    "rung": "阶",
    "shock": "冲击",
    "source": "来源",
    "step": "环节",
    "verdict table": "评价表",
}
"""What can be referred to, in English and Chinese."""


class Finding(NamedTuple):
    """One mistake across fields."""

    path: Path
    code: str
    message_en: str
    message_zh: str
    hint_en: str | None = None
    hint_zh: str | None = None

    def problem(self) -> Problem:
        """The finding as a problem without a position."""
        return Problem(
            code=self.code,
            message_en=self.message_en,
            message_zh=self.message_zh,
            path=show(self.path),
            hint_en=self.hint_en,
            hint_zh=self.hint_zh,
        )


def unknown(path: Path, kind: str, name: str, known: Iterable[str]) -> list[Finding]:
    """A finding if `name` is not among the known names, with the nearest of them."""
    names = sorted(known)
    if name in names:
        return []
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        hint = f"Did you mean '{near[0]}'?", f"是否指“{near[0]}”？"
    elif names:
        listed = names[:12]
        more = "…" if len(names) > 12 else ""
        hint = f"Known: {', '.join(listed)}{more}.", f"可用：{'、'.join(listed)}{more}。"
    else:
        hint = f"The scenario defines no {kind}.", f"情景中没有定义任何{KINDS[kind]}。"
    return [
        Finding(
            path,
            f"unknown-{kind.replace(' ', '-')}",
            f"there is no {kind} '{name}'",
            f"没有名为“{name}”的{KINDS[kind]}",
            *hint,
        )
    ]


def shares(path: Path, given: Mapping[str, float]) -> list[Finding]:
    """A finding if shares do not sum to one, read as the decimals that were written."""
    total = sum((Fraction(repr(share)) for share in given.values()), Fraction(0))
    if abs(total - 1) <= TOLERANCE:
        return []
    parts = " + ".join(f"{share:g}" for share in given.values())
    return [
        Finding(
            path,
            "shares-not-one",
            f"the shares sum to {float(total):g}, not to 1 ({parts})",
            f"占比之和为 {float(total):g}，不是 1（{parts}）",
            "Change a share, or name what the rest does.",
            "请调整占比，或写明其余部分的去向。",
        )
    ]
