"""The arithmetic of head counts, as ``gridgov resolve`` shows it.

A planner's first question about a scenario is how many people it puts where, and why just so
many: every rule with its level, its rounding and its total, how that total is shared out, and
what the rules come to together.
"""

from typing import TYPE_CHECKING, Any, Final

from sim.errors import Language

if TYPE_CHECKING:
    from sim.model.pools import Staff
    from sim.model.system import System
    from sim.plan.capacity import Staffed
    from sim.plan.compile import Compiled
    from sim.plan.layout import Plan

Record = dict[str, Any]

_HEAD: Final = {
    "en": "staffing: how each head count comes about",
    "zh": "人员配比：各队伍人数的算法",
}
_ROUNDED: Final = {
    "en": {"up": "up", "down": "down", "nearest": "to the nearest"},
    "zh": {"up": "进一", "down": "舍去", "nearest": "四舍五入"},
}


def staffing_records(system: "System", compiled: "Compiled") -> list[Record]:
    """One record for each pool, and one more for each mode that staffs it anew.

    Parameters
    ----------
    system
        The system that was compiled.
    compiled
        Its plan with the arithmetic.
    """
    return [_record(system, compiled.plan, staffed) for staffed in compiled.staffing]


def _record(system: "System", plan: "Plan", staffed: "Staffed") -> Record:
    mode, name, arithmetic = staffed
    staff = _staff(system, mode, name)
    heads = plan.pool_staff[plan.names.modes.index(mode)]
    heads = heads[plan.pool_type == plan.names.pool_types.index(name)]
    level = system.pools[name].at or plan.names.levels[0]
    chain = plan.names.levels
    rules = []
    for each in arithmetic:
        rule = staff.rules.get(each.rule) if each.of else None
        if rule is None:
            continue
        wider = chain.index(each.level) < chain.index(level)
        rules.append(
            {
                "rule": each.rule,
                "level": each.level,
                "of": each.of,
                "rounding": rule.rounding,
                "formula": each.formula,
                "total": each.total,
                "shared_by": rule.share_by if wider else None,
            }
        )
    return {
        "pool": name,
        "mode": mode,
        "level": level,
        "places": len(heads),
        "rules": rules,
        "combined": next((each.formula for each in arithmetic if not each.of), None),
        "total": int(heads.sum()),
        "least": int(heads.min(initial=heads.max(initial=0))),
        "most": int(heads.max(initial=0)),
    }


def _staff(system: "System", mode: str, pool: str) -> "Staff":
    """The rules that hold for a pool in a mode; peace is the scenario itself."""
    found = system.modes.get(mode)
    overlay = found.pools.get(pool) if found else None
    return (overlay.staff if overlay else None) or system.pools[pool].staff


def staffing_comment(records: list[Record], lang: Language) -> str:
    """The records as comments that may follow a scenario's text."""
    lines = ["", _HEAD[lang]]
    for record in records:
        lines.append(_pool_line(record, lang))
        lines += [f"  {_rule_line(rule, record, lang)}" for rule in record["rules"]]
        if record["combined"]:
            lines.append(f"  {'合并' if lang == 'zh' else 'together'}: {record['combined']}")
    return "\n".join(f"# {line}".rstrip() for line in lines) + "\n"


def _pool_line(record: Record, lang: Language) -> str:
    total, places = f"{record['total']:,}", f"{record['places']:,}"
    least, most = f"{record['least']:,}", f"{record['most']:,}"
    each = least if least == most else f"{least}…{most}"
    if lang == "zh":
        spread = f"，{places} 处 {record['level']} 各 {each} 人" if places != "1" else ""
        return f"{record['pool']}（{record['mode']}）：共 {total} 人{spread}"
    noun = "worker" if record["total"] == 1 else "workers"
    where = f"; level {record['level']}: {places} places, {each} each" * (places != "1")
    return f"{record['pool']} ({record['mode']}): {total} {noun}{where}"


def _rule_line(rule: Record, record: Record, lang: Language) -> str:
    rounded = _ROUNDED[lang][rule["rounding"]]
    divides = "/" in rule["formula"]
    places, level = f"{record['places']:,}", record["level"]
    if lang == "zh":
        notes = [f"按 {rule['level']} 计算", f"对象 {rule['of']}"]
        notes += [f"取整：{rounded}"] if divides else []
        notes += _shared(rule, f"按 {rule['shared_by']} 分到 {places} 处 {level}（最大余数法）")
        return f"{rule['rule']}: {rule['formula']}  （{'，'.join(notes)}）"
    notes = [f"at level {rule['level']}", f"of {rule['of']}"]
    notes += [f"rounded {rounded}"] if divides else []
    shared = f"shared out over {places} places of level {level} by {rule['shared_by']}"
    notes += _shared(rule, f"{shared}, largest remainder")
    return f"{rule['rule']}: {rule['formula']}  ({'; '.join(notes)})"


def _shared(rule: Record, text: str) -> list[str]:
    return [text] if rule["shared_by"] else []
