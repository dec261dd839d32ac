"""A draft of the STRESS-DES checklist: what the program knows is filled in, the rest is marked.

STRESS-DES: Monks, Currie, Onggo, Robinson, Kunc & Taylor, Strengthening the reporting of
empirical simulation studies, Journal of Simulation 13 (2019) 55-67. Headings are in our words.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from sim.experiment.figures import HEADLINE
from sim.experiment.results import input_origins
from sim.experiment.stored import Stored
from sim.metrics.catalogue import METRICS
from sim.model.flows import FORMS
from sim.report.names import name_of
from sim.report.page.cells import WHOLE, lookup, metric_name, said_interval
from sim.report.page.html import Html, inline, table, tag
from sim.report.words import Lang, Say, length_said, word
from sim.scenario.aliases import ALIASES

MOST: Final = 14


class Item(NamedTuple):
    """One item of the checklist."""

    number: str
    heading: Say
    fill: Callable[[Stored], Say] | None
    """What the program can say; None where only the author can."""
    ask: Say | None = None
    """What the author still has to add."""


AUTHOR: Final = Say("To be written by the author.", "由作者填写。")


def stress(stored: Stored, lang: Lang) -> Html:
    """The checklist as a table: number, item, draft."""
    rows = []
    for item in ITEMS:
        said: list[Html | str] = [] if item.fill is None else [inline(item.fill(stored), lang)]
        ask = item.ask or (AUTHOR if item.fill is None else None)
        if ask is not None:
            said += [" ", tag("span", inline(ask, lang), class_="ask")]
        rows.append([tag("span", item.number), inline(item.heading, lang), tag("span", said)])
    head = [
        inline(each, lang)
        for each in (Say("No.", "编号"), Say("Item", "条目"), Say("Draft", "草稿"))
    ]
    caption = Say(
        "STRESS-DES draft; shaded: for the author", "STRESS-DES 草稿；加底色处由作者填写"
    )
    return table(head, rows, inline(caption, lang), class_="words stress", names=3)


def _purpose(stored: Stored) -> Say:
    question = stored.reading.model.question or stored.reading.model.title
    return Say(question.read("en"), question.read("zh"))


def _outputs(stored: Stored) -> Say:
    del stored
    names = [metric_name(metric) for metric in HEADLINE]
    return Say(
        f"{len(METRICS)} metrics, defined in docs/metrics.md with denominators; headline: "
        f"{'; '.join(name.en for name in names)}. Intervals: 95%, Student's t over "
        "replications; shares as ratios of totals; quantiles by Kaplan-Meier.",
        f"共{len(METRICS)}项指标，定义与分母见 docs/metrics.md；主要指标："
        f"{'、'.join(name.zh for name in names)}。区间：各次重复的95% t区间；"
        "比率按总量之比；分位数按Kaplan-Meier估计。",
    )


def _aims(stored: Stored) -> Say:
    if stored.kind == "sweep":
        levers = stored.manifest["sweep"]["levers"]
        listed = "; ".join(f"{path}: {', '.join(values)}" for path, values in levers.items())
        count = stored.manifest["sweep"]["points"]
        return Say(
            f"Full grid of {count} points. {listed}.", f"全因子设计，{count}个方案。{listed}。"
        )
    names = ", ".join(member.name for member in stored.members)
    if stored.kind == "compare":
        return Say(f"Scenarios compared, the first being the baseline: {names}.",
                   f"比较的情景（首个为基准）：{names}。")  # fmt: skip
    return Say(f"One scenario: {names}.", f"单一情景：{names}。")


def _base_logic(stored: Stored) -> Say:
    system = stored.reading.model
    flows = ", ".join(f"{name} ({len(flow.steps)})" for name, flow in system.flows.items())
    return Say(
        f"Requests of each class follow a flow of steps: {flows} (steps). Meaning of every "
        "notion: docs/model.md; the scenario in full: scenario.resolved.yaml.",
        f"各类诉求按流程逐步办理（括号内为步骤数）：{flows}。"
        "各概念的含义见 docs/model.md，完整情景见 scenario.resolved.yaml。",
    )


def _scenario_logic(stored: Stored) -> Say:
    if stored.kind == "compare":
        return Say(
            "See 'What differs from the baseline' under assumptions.",
            "见“假设”一节中的“与基准不同之处”。",
        )
    if stored.kind == "sweep":
        return Say("The levers of 1.3 and nothing else.", "仅 1.3 所列变量不同。")
    changed = stored.manifest.get("overrides", [])
    told = "; ".join(changed)
    return Say(f"Changed on the command line: {told}." if told else "No variant was played.",
               f"命令行修改：{told}。" if told else "未运行变体。")  # fmt: skip


def _algorithms(stored: Stored) -> Say:
    system = stored.reading.model
    modes = ", ".join(name_of(mode, system).en for mode in system.modes) or "none"
    modes_zh = "、".join(name_of(mode, system).zh for mode in system.modes) or "无"
    return Say(
        "Dispatch: a task takes the eligible worker idle longest, own place first; escalation "
        f"up the ladders {', '.join(system.ladders) or 'none'}; modes besides peacetime: "
        f"{modes}. Order of simultaneous events: docs/decisions/0001.",
        "派单：先本区域，取空闲最久者；逐级上报的层级："
        f"{'、'.join(system.ladders) or '无'}；平时以外的状态：{modes_zh}。"
        "同时事件的次序见 docs/decisions/0001。",
    )


def _entities(stored: Stored) -> Say:
    system = stored.reading.model
    return _listed(name_of(name, system) for name in system.requests)


def _activities(stored: Stored) -> Say:
    system = stored.reading.model
    kinds = Counter(
        form
        for flow in system.flows.values()
        for step in flow.steps.values()
        for form in FORMS
        if getattr(step, form) is not None
    )
    found = sorted(kinds.items())
    listed = ", ".join(f"{form} {count}" for form, count in found)
    chinese = "，".join(f"{_key(form)} {count}" for form, count in found)
    return Say(f"Steps by form: {listed}.", f"各类步骤数：{chinese}。")


def _key(name: str) -> str:
    """A key of the scenario language as it is spelt in Chinese."""
    return ALIASES.get(name, (name,))[0]


def _resources(stored: Stored) -> Say:
    system = stored.reading.model
    if stored.kind == "sweep":
        return _listed(name_of(name, system) for name in system.pools)
    found = lookup(stored.members[0].table("summary.csv"))
    said = []
    for name in system.pools:
        row = found.get(("workers_posted", "pool", name))
        count = f" {row['mean']:,.0f}" if row is not None and row["n"] else ""
        title = name_of(name, system)
        said.append(Say(f"{title.en}{count}", f"{title.zh}{count}"))
    return _listed(iter(said))


def _queues(stored: Stored) -> Say:
    system = stored.reading.model
    limited = [name for name, line in system.lines.items() if line.limit is not None]
    count = len(system.lines)
    leaving = [name_of(name, system) for name, each in system.requests.items() if each.timers]
    known, known_zh = ", ".join(each.en for each in leaving), "、".join(e.zh for e in leaving)
    return Say(
        f"{count} kinds of line, by priority, then first come first served; limited: "
        f"{', '.join(limited) or 'none'}; classes with timers (limits, patience, supervision): "
        f"{known or 'none'}.",
        f"{count}种队列，按优先级，同级先到先服务；有上限的：{'、'.join(limited) or '无'}；"
        f"设有计时（时限、耐心、督办）的类别：{known_zh or '无'}。",
    )


def _entries(stored: Stored) -> Say:
    sources = stored.reading.model.sources
    listed = ", ".join(f"{name} ({source.kind})" for name, source in sources.items())
    chinese = "、".join(
        f"{name}（{_SOURCES[source.kind]}）" for name, source in sources.items()
    )
    return Say(
        f"Sources: {listed}. A request leaves when it is finally closed, gives up or is "
        "refused.",
        f"来源：{chinese}。诉求在最终办结、放弃或被拒收时离开。",
    )


_SOURCES: Final = {
    "arrivals": "来件",
    "duty": "日常任务",
    "population": "有限总体",
    "hazard": "隐患",
}


def _data(stored: Stored) -> Say:
    origins = input_origins(stored.reading).values()
    facts = list(dict.fromkeys(fact for each in origins for fact in each.facts))
    listed = ", ".join(facts[:MOST]) + ("…" if len(facts) > MOST else "")
    return Say(
        f"{len(facts)} facts cited: {listed or 'none'}.",
        f"引用事实{len(facts)}条：{listed or '无'}。",
    )


def _processing(stored: Stored) -> Say:
    del stored
    return Say(
        "Formulas over facts are computed as exact fractions. Each distribution becomes a "
        "table of quantiles with its mean kept to one millionth.",
        "事实之间的算式按精确分数计算；各分布化为分位数表，均值误差不超过百万分之一。",
    )


def _inputs(stored: Stored) -> Say:
    count = len(input_origins(stored.reading))
    return Say(
        f"All {count} numbers with their sources: section on assumptions, and "
        "scenario.resolved.yaml.",
        f"全部{count}个数字及来源见“假设”一节与 scenario.resolved.yaml。",
    )


def _assumed(stored: Stored) -> Say:
    origins = list(input_origins(stored.reading).values())
    assumed = sum(each.kind == "assumed" for each in origins)
    ranged = sum(each.range is not None for each in origins)
    return Say(
        f"{assumed} assumed numbers, {ranged} of all with a range; notes of the scenario are "
        "under limits.",
        f"{assumed}个假设值，共{ranged}个数字给出范围；情景说明见“局限”一节。",
    )


def _warm_up(stored: Stored) -> Say:
    run, cut = stored.run, length_said(stored.run["warm_up"])
    return Say(
        f"Starts on {run['start'][:10]} with no open request; the first {cut.en} are not "
        "measured.",
        f"自{run['start'][:10]}起，初始无在办件；前{cut.zh}不计入统计。",
    )


def _length(stored: Stored) -> Say:
    length, after = (length_said(stored.run[key]) for key in ("horizon", "cool_down"))
    return Say(
        f"{length.en}, then {after.en} of observation; time in whole microseconds.",
        f"{length.zh}，其后继续观察{after.zh}；时间以微秒整数计。",
    )


def _estimation(stored: Stored) -> Say:
    count = stored.run["replications"]
    found = {} if stored.kind == "sweep" else lookup(stored.members[0].table("summary.csv"))
    row = found.get(("resolution_p90", *WHOLE))
    ends = said_interval(row, "resolution_p90") if row is not None and row["n"] else None
    name = word("resolution_p90")
    more = (
        Say("", "") if ends is None else Say(f"; {name.en} {ends.en}", f"；{name.zh}{ends.zh}")
    )
    return Say(
        f"{count} replications, each with a demand of its own, the same for all scenarios"
        f"{more.en}.",
        f"{count}次重复，各有独立的需求，所有情景相同{more.zh}。",
    )


def _software(stored: Stored) -> Say:
    tool = stored.manifest["tool"]
    packages = ", ".join(f"{name} {number}" for name, number in tool["packages"].items())
    said = f"{tool['name']} {tool['version']}, Python {tool['python']}, {tool['system']}"
    return Say(f"{said}; {packages}.", f"{said}；{packages}。")


def _random(stored: Stored) -> Say:
    return Say(
        f"Counter-based streams ({stored.run['streams']}), seed {stored.run['seed']}; a number "
        "depends on what it is for, never on when it is drawn.",
        f"基于计数器的随机数流（{stored.run['streams']}），种子{stored.run['seed']}；"
        "每个随机数由其用途决定，与抽取先后无关。",
    )


def _execution(stored: Stored) -> Say:
    engine = stored.run.get("engine", "reference")
    return Say(
        f"Event by event, engine '{engine}'; both engines give the same log. Ties: time, "
        "phase, subject, ordinal.",
        f"逐事件推进，引擎“{engine}”；两种引擎的日志相同。同时事件按时间、阶段、对象、序号。",
    )


def _hardware(stored: Stored) -> Say:
    parts = [each.get("seconds") for each in (stored.run, stored.manifest.get("sweep", {}),
                                              stored.manifest.get("compare", {}))]  # fmt: skip
    seconds = next((each for each in reversed(parts) if each is not None), None)
    system = stored.manifest["tool"]["system"]
    told = (
        Say("", "") if seconds is None else Say(f", {seconds:.0f} s", f"，用时{seconds:.0f}秒")
    )
    return Say(f"{system}{told.en}.", f"{system}{told.zh}。")


def _listed(names: Iterator[Say]) -> Say:
    found = list(names)
    return Say(
        f"{', '.join(name.en for name in found)}.", f"{'、'.join(name.zh for name in found)}。"
    )


ITEMS: Final = (
    Item("1.1", Say("Purpose", "研究目的"), _purpose,
         Say("Say who decides what with the answer.", "说明谁据此作何决定。")),
    Item("1.2", Say("Outputs", "输出指标"), _outputs),
    Item("1.3", Say("Aims of the experiments", "试验目标"), _aims,
         Say("Say which question each answers.", "说明各自回答的问题。")),
    Item("2.1", Say("Overview diagram", "总体示意图"), None),
    Item("2.2", Say("Logic of the base model", "基础模型逻辑"), _base_logic),
    Item("2.3", Say("Logic of the scenarios", "情景逻辑"), _scenario_logic),
    Item("2.4", Say("Algorithms", "算法"), _algorithms),
    Item("2.5.1", Say("Entities", "实体"), _entities),
    Item("2.5.2", Say("Activities", "活动"), _activities),
    Item("2.5.3", Say("Resources", "资源"), _resources),
    Item("2.5.4", Say("Queues", "排队"), _queues),
    Item("2.5.5", Say("Entry and exit", "进入与离开"), _entries),
    Item("3.1", Say("Data sources", "数据来源"), _data,
         Say("Add how each source was obtained.", "补充各来源的获取方式。")),
    Item("3.2", Say("Pre-processing", "数据预处理"), _processing),
    Item("3.3", Say("Input parameters", "输入参数"), _inputs),
    Item("3.4", Say("Assumptions", "假设"), _assumed,
         Say("Add those of structure.", "补充结构性假设。")),
    Item("4.1", Say("Initialisation", "初始化"), _warm_up),
    Item("4.2", Say("Run length", "运行时长"), _length),
    Item("4.3", Say("Estimation", "估计方法"), _estimation,
         Say("Justify the number of replications.", "说明重复次数的依据。")),
    Item("5.1", Say("Software", "软件"), _software),
    Item("5.2", Say("Random sampling", "随机抽样"), _random),
    Item("5.3", Say("Execution", "执行机制"), _execution),
    Item("5.4", Say("System specification", "运行环境"), _hardware,
         Say("Add processor and memory.", "补充处理器与内存。")),
    Item("6.1", Say("Access to the code", "代码获取"), None),
)  # fmt: skip
"""Twenty numbered items, the fifth of part 2 split into five."""
