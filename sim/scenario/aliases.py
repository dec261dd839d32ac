"""Chinese spellings of the keys, for planners who write their scenarios in Chinese.

A spelling counts only where its English key may stand, so a pool may be *named* 网格员
although no field is. English is stored and written out. Names that users give (of pools,
classes, places) are never translated.
"""

from typing import Final

from sim.errors import Problem
from sim.scenario.nodes import Entry, Items, Mark, Node, Path, Table
from sim.scenario.problems import make
from sim.scenario.shape import Slot, inner, keys_at, table_values

ORIGINS: Final[dict[str, tuple[str, ...]]] = {
    "reported": ("use", "unit", "because"),
    "derived": ("use", "unit", "because"),
    "assumed": ("range", "because"),
    "calibrated": ("range", "because"),
}
"""The four ways to say where a value comes from, and the keys that go with each."""

ORIGIN_ALIASES: Final[dict[str, str]] = {
    "报告": "reported",
    "推算": "derived",
    "假定": "assumed",
    "校准": "calibrated",
    "取值": "use",
    "单位": "unit",
    "范围": "range",
    "理由": "because",
}

ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "extends": ("继承",),
    # system
    "name": ("名称", "名字"),
    "family": ("系列",),
    "title": ("标题",),
    "question": ("问题",),
    "notes": ("说明", "备注"),
    "run": ("运行",),
    "places": ("地点", "场所"),
    "calendars": ("日历", "班制"),
    "holidays": ("节假日",),
    "sources": ("来源", "需求来源"),
    "shocks": ("冲击", "突发事件"),
    "requests": ("诉求", "事项"),
    "flows": ("流程",),
    "ladders": ("层级", "上报层级"),
    "verdicts": ("评价表",),
    "lines": ("队列",),
    "pools": ("队伍", "力量"),
    "modes": ("模式",),
    "accounts": ("资金", "账户"),
    "gates": ("会次",),
    "reviews": ("考核",),
    "hazards": ("隐患",),
    "targets": ("对照指标",),
    "experiment": ("实验",),
    # experiment
    "vary": ("变量",),
    "path": ("字段", "路径"),
    "design": ("设计",),
    "points": ("方案数",),
    "metrics": ("附加指标",),
    # run
    "start": ("开始", "起点"),
    "horizon": ("时长", "运行时长"),
    "warm_up": ("预热", "预热期"),
    "cool_down": ("收尾", "收尾期"),
    "tick": ("时间精度",),
    "control": ("检查间隔",),
    "follow_up": ("跟踪期",),
    "replications": ("重复次数",),
    "seed": ("随机种子", "种子"),
    # places
    "root": ("全域", "根"),
    "level": ("级别", "层次"),
    "levels": ("各级",),
    "rows": ("清单",),
    "table": ("表格",),
    "households": ("户数",),
    "shops": ("商户数", "商铺数"),
    "persons_per_household": ("户均人口",),
    "within": ("属于", "上级"),
    "count": ("数量",),
    "per_parent": ("每上级数量",),
    "spread": ("离散",),
    "floors": ("楼层数", "层数"),
    "parent": ("上级名称", "上级"),
    # pools and lines
    "at": ("所在级别", "设在"),
    "staff": ("人员", "配备"),
    "rules": ("配比",),
    "combine": ("合并方式",),
    "workers": ("人数",),
    "per": ("每",),
    "of": ("对象",),
    "rounding": ("取整",),
    "share_by": ("分配依据",),
    "serves": ("服务队列",),
    "line": ("队列名", "进入队列"),
    "order": ("顺序",),
    "calendar": ("值班日历",),
    "shift_end": ("交班规则",),
    "leaves": ("撤离规则",),
    "productivity": ("效率",),
    "pay": ("报酬", "拨付"),
    "volunteer": ("志愿者",),
    "learning": ("上手",),
    "fatigue": ("疲劳",),
    "norm": ("标准工时",),
    "step": ("环节名", "每级时长"),
    "slower": ("减速",),
    "most": ("最多级数",),
    "recovery": ("恢复级数",),
    "attrition": ("流失",),
    "weekly": ("每周离职率",),
    "tired": ("疲劳离职率",),
    "hiring": ("补员",),
    "posts": ("岗位",),
    "home_duty": ("本职留守",),
    "drills": ("演练",),
    "shortens": ("缩短",),
    "before": ("此前次数",),
    # reviews
    "reads": ("读取",),
    "out_of": ("除以",),
    "weight": ("权数",),
    "moves": ("调配",),
    "duty": ("任务来源",),
    "least": ("至少",),
    "replaces": ("淘汰",),
    "number": ("淘汰人数", "岗位数"),
    "strength": ("力度",),
    "rung": ("阶名",),
    "limit": ("上限", "时限"),
    "prefer": ("优先队伍",),
    # requests, timers, flows
    "kind": ("种类",),
    "priority": ("优先级",),
    "preempts": ("可抢占",),
    "preemptible": ("可被抢占",),
    "flow": ("流程名",),
    "closing": ("办结层级",),
    "work": ("工作量", "处置"),
    "work_at": ("各级工作量",),
    "external": ("外部办理",),
    "timers": ("计时",),
    "cost": ("费用",),
    "after": ("之后",),
    "clock": ("计时方式",),
    "until": ("止于",),
    "then": ("届时",),
    "to": ("转到",),
    "channel": ("渠道",),
    "every": ("每隔", "周期"),
    "again": ("反复", "再次"),
    "steps": ("步骤",),
    "content": ("内容",),
    "same_worker": ("同一人",),
    "claim": ("先抢",),
    "accept": ("接单率",),
    "delay": ("等待", "间隔"),
    "branch": ("分支",),
    "ladder": ("上报",),
    "evaluate": ("评价",),
    "gate": ("受理关口",),
    "sessions": ("会期",),
    "batch": ("每场件数",),
    "outcome": ("结论",),
    "pass": ("通过",),
    "refuse": ("驳回",),
    "admit": ("准入率",),
    "otherwise": ("否则",),
    "refused": ("驳回后",),
    "account": ("账户名",),
    "balance": ("期初余额",),
    "refill": ("补充额",),
    "carry_over": ("结转",),
    "amount": ("金额",),
    "vote": ("表决",),
    "parties": ("参与方",),
    "consent": ("同意率",),
    "need": ("所需",),
    "join": ("联合处置",),
    "form": ("形式",),
    "response": ("响应率",),
    "answer": ("响应时长",),
    "interval": ("再召间隔",),
    "patience": ("等齐时限",),
    "contents": ("各自内容",),
    "rounds": ("轮数",),
    "failed": ("未达成",),
    "between": ("轮间",),
    "next": ("下一步",),
    "rework": ("返工",),
    "cap": ("封顶",),
    "edges": ("分界",),
    "resolved": ("解决率",),
    "satisfied": ("满意率",),
    "satisfied_unresolved": ("未解决满意率",),
    "reopened": ("重办影响",),
    "classes": ("类别",),
    "rungs": ("各层",),
    "triage": ("分派",),
    "hand_off": ("转交",),
    "misrouting": ("误派率",),
    "return_after": ("退回",),
    "returns": ("退单次数",),
    # sources
    "request": ("事项类别",),
    "rate": ("频率", "发生率"),
    "times": ("次数", "时刻"),
    "profile": ("波动",),
    "hours": ("小时", "时段"),
    "weekdays": ("星期",),
    "months": ("月份",),
    "sine": ("正弦",),
    "amplitude": ("幅度",),
    "period": ("周期长",),
    "dispersion": ("过离散",),
    "from_backlog": ("期初积压",),
    "members": ("成员数",),
    "up_time": ("间歇",),
    "patrol": ("巡查",),
    "finds": ("发现率",),
    "found": ("发现为",),
    "surfaces_after": ("显现",),
    "surfaced": ("显现为",),
    "reporting": ("上报率",),
    "reporting_at": ("各地上报率",),
    "lasts": ("持续",),
    "rise": ("上升",),
    "fall": ("回落",),
    "factors": ("倍数",),
    # calendars
    "always": ("全天候",),
    "week": ("工作周",),
    "part_days": ("部分时日",),
    "blocks": ("班次数",),
    "days": ("日子",),
    "rota": ("轮班",),
    "shift": ("班次",),
    "groups": ("组数",),
    "windows": ("时间窗",),
    "on": ("上班", "调休上班"),
    "off": ("放假",),
    "end": ("结束",),
    # modes
    "scope": ("适用范围",),
    "enter": ("进入",),
    "leave": ("退出",),
    "activation": ("启动时延",),
    "mobilisation": ("动员",),
    "running": ("在办处理",),
    "state": ("状态",),
    "shock": ("冲击名",),
    "above": ("高于",),
    "below": ("低于",),
    "hold": ("保持",),
    "suspended": ("暂停方式",),
    "divert_to": ("改派到",),
    "clocks": ("计时日历",),
    # targets
    "reported": ("报告",),
    "readings": ("解读",),
    "metric": ("指标",),
    "class": ("类别",),
    "pool": ("队伍",),
    "reciprocal": ("取倒数",),
    "against": ("对比情景",),
    "window": ("统计时段",),
    "width": ("容差",),
    "measurement": ("测量误差",),
    "discrepancy": ("模型偏差",),
    "left_open": ("未说明",),
    # laws
    "constant": ("固定",),
    "exponential": ("指数",),
    "lognormal": ("对数正态",),
    "gamma": ("伽马",),
    "erlang": ("爱尔朗",),
    "weibull": ("威布尔",),
    "uniform": ("均匀",),
    "triangular": ("三角",),
    "empirical": ("经验",),
    "mixture": ("混合",),
    "mean": ("均值",),
    "cv": ("变异系数",),
    "median": ("中位数",),
    "p90": ("九成分位",),
    "stages": ("阶段数",),
    "shape": ("形状",),
    "low": ("低",),
    "mode": ("众数",),
    "high": ("高",),
    "values": ("数值",),
    "weights": ("权重",),
    "share": ("占比",),
    "scipy": ("统计分布",),
    "args": ("参数",),
    "sequence": ("依次",),
    "unit": ("单位",),
    # columns of a log
    "id": ("编号",),
    "created": ("受理时间",),
    "closed": ("办结", "办结时间"),
    "due": ("应结时间",),
    "due_is_day": ("应结为日",),
    "updated": ("更新时间",),
    "updated_is_closing": ("更新即办结",),
    "type": ("事项类型",),
    "status": ("状态",),
    "statuses": ("各状态",),
    "on_time": ("按时标记",),
    "on_time_words": ("按时用语",),
    "zone": ("时区",),
    "cancelled": ("撤销",),
    "duplicate": ("重复件",),
}
"""Every English key with its Chinese spellings, the first one preferred."""


def _meanings() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key, spellings in ALIASES.items():
        for spelling in spellings:
            found.setdefault(spelling, []).append(key)
    return {spelling: tuple(keys) for spelling, keys in found.items()}


MEANINGS: Final[dict[str, tuple[str, ...]]] = _meanings()
"""Every Chinese spelling with the keys it may stand for."""


def english(key: str, allowed: tuple[str, ...]) -> str:
    """The key that a spelling stands for among those allowed, or the spelling itself."""
    if key in allowed:
        return key
    return next((meaning for meaning in MEANINGS.get(key, ()) if meaning in allowed), key)


def spellings(allowed: tuple[str, ...]) -> dict[str, str]:
    """All spellings of the allowed keys, English first, each with its key."""
    chinese = {word: key for key in allowed for word in ALIASES.get(key, ())}
    return {**{key: key for key in allowed}, **chinese}


def translate(
    node: Node, slot: Slot, problems: list[Problem], path: Path = (), *, deep: bool = True
) -> Node:
    """The tree with English keys; both spellings of one key in one mapping are a problem."""
    if isinstance(node, Items) and deep:
        below = inner(slot, node, 0)
        items = (translate(n, below, problems, (*path, i)) for i, n in enumerate(node.nodes))
        return Items(tuple(items), node.mark)
    if not isinstance(node, Table):
        return node
    entries = _english_entries(node, slot, problems, path)
    if not deep:
        return Table(entries, node.mark)
    renamed = Table(entries, node.mark)
    return Table(
        {
            key: Entry(
                entry.key,
                translate(entry.node, inner(slot, renamed, key), problems, (*path, key)),
            )
            for key, entry in entries.items()
        },
        node.mark,
    )


def _english_entries(
    node: Table, slot: Slot, problems: list[Problem], path: Path
) -> dict[str, Entry]:
    # A mapping is no table of free names if it says where a value comes from.
    is_origin = any(ORIGIN_ALIASES.get(key, key) in ORIGINS for key in node.entries)
    allowed = keys_at(slot, None)
    allowed = (*allowed, "extends") if not path else allowed
    first: dict[str, tuple[str, Mark]] = {}
    entries: dict[str, Entry] = {}
    for key, entry in node.entries.items():
        name = english(key, allowed)
        if name not in allowed and is_origin and not table_values(slot):
            name = ORIGIN_ALIASES.get(key, key)
        if name in entries:
            other, mark = first[name]
            problems.append(
                make(
                    "duplicate_alias",
                    entry.key,
                    (*path, name),
                    key=key,
                    other=other,
                    line=mark.line,
                )
            )
            continue
        first[name] = (key, entry.key)
        entries[name] = entry
    return entries
