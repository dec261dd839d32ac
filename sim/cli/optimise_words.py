"""What ``optimise`` says: the answer in plain words, its guarantee, and what was looked at."""

from typing import TYPE_CHECKING, Any

import click

from sim.cli.language import in_each_language
from sim.cli.show import number, show_table, with_interval
from sim.errors import Language
from sim.experiment.best import Best
from sim.experiment.design import short_names
from sim.experiment.figures import shown_unit

if TYPE_CHECKING:
    from sim.analysis.intervals import Interval
    from sim.cli.optimise import Question
    from sim.experiment.limits import Limit
    from sim.experiment.optimise import Answer, Looked
    from sim.experiment.supply import Supply

Record = dict[str, Any]

_VERDICTS = {
    True: ("met", "满足"),
    False: ("missed", "不满足"),
    None: ("not decided", "未判定"),
}


def record_of(
    supply: "Supply", question: "Question", found: "Answer | Best", seconds: float
) -> Record:
    """The answer as JSON can hold it, as it is printed and kept."""
    candidates, design = supply.candidates, supply.candidates.design
    shared: Record = {
        "scenario": design.base.files[0],
        "name": design.base.model.name,
        "overrides": list(design.base.overrides),
        "levers": {lever.path: list(lever.values) for lever in design.levers},
        "candidates": len(candidates.points),
        "confidence": question.confidence,
        "seed": design.seed,
        "engine": supply.plays,
        "played": supply.played,
        "found": supply.found,
        "seconds": round(seconds, 3),
        "folder": supply.folder.as_posix(),
    }
    own = _best(supply, question, found) if isinstance(found, Best) else _cheapest(
        supply, question, found
    )  # fmt: skip
    return {**shared, **own, "answer": answer_lines(supply, question, found)}


def _cheapest(supply: "Supply", question: "Question", found: "Answer") -> Record:
    objective = supply.candidates.objective
    return {
        "kind": "cheapest",
        "minimised": f"{objective.name}[{objective.mode}]",
        "limits": [
            {"limit": limit.text, "metric": limit.metric, "group": limit.group or "all",
             "bound": limit.bound, "tolerance": limit.tolerance}
            for limit in question.limits
        ],
        "order": found.order,
        "tests": found.tests,
        "fell_back": found.fell_back,
        "chosen": _design_of(supply, found.chosen),
        "closest": _design_of(supply, found.closest),
        "replications": found.replications,
        "searched": [supply.candidates.points[one].name for one in found.searched],
        "looked_at": [_row(supply, question, looked) for looked in found.looked_at],
    }  # fmt: skip


def _row(supply: "Supply", question: "Question", looked: "Looked") -> Record:
    parts = zip(question.limits, looked.intervals, looked.verdicts, strict=True)
    return {
        "candidate": looked.candidate + 1,
        "design": supply.candidates.points[looked.candidate].name,
        **_levers(supply, looked.candidate),
        supply.candidates.objective.name: looked.cost,
        "verdict": _VERDICTS[looked.meets][0],
        "replications": looked.n,
        "excess": round(looked.excess, 6),
        "figures": [
            {"limit": limit.text, "mean": one.mean, "low": one.low, "high": one.high,
             "verdict": _VERDICTS[verdict][0]}
            for limit, one, verdict in parts
        ],
    }  # fmt: skip


def _best(supply: "Supply", question: "Question", found: Best) -> Record:
    choice = found.choice
    rows = [
        {
            "candidate": index + 1,
            "design": point.name,
            **_levers(supply, index),
            "mean": one.mean,
            "low": one.low,
            "high": one.high,
            "verdict": "best" if index == choice.best else "dropped"
            if index in choice.dropped else "left",
            "replications": n,
        }
        for index, (point, one, n) in enumerate(
            zip(supply.candidates.points, found.intervals, found.replications, strict=True)
        )
    ]  # fmt: skip
    return {
        "kind": "best",
        "metric": question.score.text if question.score else "",
        "tolerance": question.tolerance,
        "decided": choice.decided,
        "chosen": _design_of(supply, choice.best),
        "replications": sum(found.replications),
        "looked_at": rows,
    }


def _levers(supply: "Supply", candidate: int) -> Record:
    paths = [lever.path for lever in supply.candidates.levers]
    return dict(zip(paths, supply.candidates.points[candidate].values, strict=True))


def _design_of(supply: "Supply", candidate: int | None) -> str | None:
    return None if candidate is None else supply.candidates.points[candidate].name


def answer_lines(supply: "Supply", question: "Question", found: "Answer | Best") -> list[str]:
    """The answer and its guarantee, a sentence or two each."""
    zh = question.lang == "zh"
    if isinstance(found, Best):
        return _best_lines(supply, question, found, zh=zh)
    return [*_cheapest_lines(supply, question, found, zh=zh), *_caveats(supply, found, zh=zh)]


def _cheapest_lines(
    supply: "Supply", question: "Question", found: "Answer", *, zh: bool
) -> list[str]:
    points, level = supply.candidates.points, f"{question.confidence:.4g}"
    zone = ("；" if zh else "; ").join(_zone(limit, zh=zh) for limit in question.limits)
    if found.chosen is None:
        near = points[found.closest].name
        if zh:
            return [
                f"看过的候选方案均不满足全部限值；最接近的是 {near}。",
                f"置信度 {level}：没有候选方案以超过容差的余量满足全部限值。容差：{zone}。",
            ]
        return [
            f"No candidate that was looked at keeps all limits; the closest is {near}.",
            f"With confidence {level}: no candidate keeps them with more than the tolerance to "
            f"spare. Tolerances: {zone}.",
        ]
    name, cost = points[found.chosen].name, _money(supply, found.chosen, zh=zh)
    among = found.order == "search"
    if zh:
        whose = "相邻且更省的方案" if among else "更省的候选方案"
        return [
            f"满足全部限值的最省方案：{name}（{cost}）。",
            f"置信度 {level}：它对任何限值的超出不大于容差，且没有{whose}"
            f"以超过容差的余量满足全部限值。容差：{zone}。",
        ]
    whose = "cheaper neighbour" if among else "cheaper candidate"
    return [
        f"The cheapest that keeps all limits: {name} ({cost}).",
        f"With confidence {level}: it misses no limit by more than its tolerance, and no "
        f"{whose} keeps all limits with more than the tolerance to spare. Tolerances: {zone}.",
    ]


def _caveats(supply: "Supply", found: "Answer", *, zh: bool) -> list[str]:
    lines = []
    if found.order in ("bisection", "staircase"):
        lines.append(
            "前提：沿每个杠杆，更贵的不会服务更差；已检查答案的相邻方案。"
            if zh
            else "This takes it that along each lever what is dearer serves no worse; the "
            "dearer neighbours of the answer were checked."
        )
    if found.fell_back:
        lines.append(
            "相邻方案与“越贵越好”的前提不符，因此改为逐个检验。"
            if zh
            else "A dearer neighbour of the first answer failed, so all were tested in order "
            "of cost."
        )
    if found.undecided:
        names = ", ".join(supply.candidates.points[one].name for one in found.undecided)
        lines.append(
            f"重复次数用尽仍未判定、按不满足处理：{names}；可用 --most 或更大的容差。"
            if zh
            else f"Not decided when replications ran out, and taken as missed: {names}; a "
            f"larger --most or tolerance decides them."
        )
    close = [one for one in found.looked_at if one.meets is False and one.excess <= 1]
    if close:
        names = ", ".join(supply.candidates.points[one.candidate].name for one in close)
        lines.append(
            f"判为不满足，但差距在容差之内，本可判为满足：{names}。"
            if zh
            else f"Missed within the tolerance, where either verdict is allowed: {names}."
        )
    costs = {supply.candidates.cost(one.candidate) for one in found.looked_at}
    if len(found.looked_at) > 1 and len(costs) == 1:
        lines.append(
            "看过的候选方案成本相同：请为队伍填写 pay，或用 --minimise workers。"
            if zh
            else "All that were looked at cost the same: give pools their pay, or use "
            "--minimise workers."
        )
    return lines


def _best_lines(supply: "Supply", question: "Question", found: Best, *, zh: bool) -> list[str]:
    name = supply.candidates.points[found.choice.best].name
    level, zone = f"{question.confidence:.4g}", f"{question.tolerance:g}"
    text = question.score.text if question.score else ""
    if not found.choice.decided:
        return [
            f"重复次数用尽，尚未选定；目前领先的是 {name}（{text}）。没有保证。"
            if zh
            else f"Replications ran out before one was selected; {name} leads ({text}). "
            f"There is no guarantee."
        ]
    if zh:
        return [
            f"最优方案：{name}（{text}）。",
            f"置信度 {level}：若最优者领先不少于 {zone}，选中的就是它；"
            f"否则选中的与最优者相差不到 {zone}。",
        ]
    return [
        f"The best: {name} ({text}).",
        f"With confidence {level}: where the best leads by {zone} or more this is it; "
        f"otherwise it is within {zone} of the best.",
    ]


def _zone(limit: "Limit", *, zh: bool) -> str:
    lang: Language = "zh" if zh else "en"
    return f"{limit.text} ± {number(limit.tolerance, shown_unit(limit.metric), lang)}"


def _money(supply: "Supply", candidate: int, *, zh: bool) -> str:
    cost, objective = supply.candidates.cost(candidate), supply.candidates.objective
    if objective.name == "workers":
        return f"{cost:,.0f} 人" if zh else f"{cost:,.0f} workers"
    return f"{cost:,.0f} 元/月" if zh else f"{cost:,.0f} CNY per month"


@in_each_language
def show_answer(
    supply: "Supply",
    question: "Question",
    found: "Answer | Best",
    record: Record,
    lang: Language,
) -> None:
    """Print the answer, its guarantee, and a table of every candidate looked at."""
    question, zh = question._replace(lang=lang), lang == "zh"
    model = supply.candidates.design.base.model
    click.echo(model.title.read(lang) or model.name)
    for line in answer_lines(supply, question, found):
        click.echo(line)
    click.echo(_effort(supply, found, zh=zh))
    click.echo()
    header = [*short_names([lever.path for lever in supply.candidates.levers])]
    title = "看过的候选方案（均值与区间）" if zh else "Looked at, mean [interval of each alone]"
    if isinstance(found, Best):
        words = {"best": ("best", "最优"), "dropped": ("dropped", "淘汰"), "left": ("–", "–")}
        rows = [
            [
                *supply.candidates.points[row["candidate"] - 1].values,
                _figure(one, "", lang),
                words[row["verdict"]][zh],
                str(row["replications"]),
            ]
            for row, one in zip(record["looked_at"], found.intervals, strict=True)
        ]
        header += [record["metric"], "结论" if zh else "verdict", "重复" if zh else "n"]
        show_table(title, header, rows)
        return
    rows = [
        [
            *supply.candidates.points[looked.candidate].values,
            _money(supply, looked.candidate, zh=zh),
            *(
                _figure(one, shown_unit(limit.metric), lang)
                for one, limit in zip(looked.intervals, question.limits, strict=True)
            ),
            _VERDICTS[looked.meets][zh],
            str(looked.n),
        ]
        for looked in found.looked_at
    ]
    header += ["成本" if zh else "cost", *(limit.text for limit in question.limits)]
    show_table(title, [*header, "限值" if zh else "limits", "重复" if zh else "n"], rows)


def _figure(interval: "Interval", unit: str, lang: Language) -> str:
    nan = float("nan")
    ends = {
        name: nan if value is None else value
        for name, value in (
            ("mean", interval.mean), ("low", interval.low), ("high", interval.high))
    }  # fmt: skip
    return with_interval({**ends, "n": interval.n}, unit, lang)


def _effort(supply: "Supply", found: "Answer | Best", *, zh: bool) -> str:
    if isinstance(found, Best):
        used, looked = sum(found.replications), len(found.replications)
    else:
        used, looked = found.replications, len(found.looked_at)
    size = len(supply.candidates.points)
    searched = 0 if isinstance(found, Best) else len(found.searched)
    if zh:
        more = f"；另以别的种子搜索 {searched} 个" if searched else ""
        return f"{size} 个候选方案中检验 {looked} 个，共用 {used} 次重复{more}。"
    more = f"; {searched} were searched with another seed before" if searched else ""
    return f"{looked} of {size} candidates were tested, with {used} replications{more}."
