"""``gridgov new``: a small scenario to start from, in English or Chinese keys."""

import os
import re
from pathlib import Path

import click

from sim.cli.language import one_language_option
from sim.errors import Language

TEMPLATES: dict[str, str] = {
    "en": """\
# One community of 10 grids: how long do residents wait with so many grid workers?
# Every number may say where it comes from: {reported: ID}, {derived: "FORMULA"},
# {assumed: V, range: [low, high], because: "..."}. `gridgov facts` lists the ids.
name: NAME
title: {en: My first scenario, zh: 我的第一个情景}
run:
  horizon: 8 weeks      # how long is measured; units are required
  warm_up: 2 weeks      # played before, not measured
  replications: 10
places:
  root: {level: community, name: community, households: 3000}
  levels:
    grid: {within: community, count: 10}
sources:
  reports:
    kind: arrivals
    at: grid
    classes: {trash: 60 %, noise: 40 %}
    rate: {assumed: 2/household/year, range: [1/household/year, 4/household/year],
           because: a placeholder until local hotline figures are known}
requests:
  trash: {flow: once, work: {exponential: 45 min}}
  noise: {flow: once, work: {exponential: 90 min}, priority: 3}
flows:
  once: {start: handle, steps: {handle: {work: {line: desk}}}}
lines:
  desk: {at: grid}
calendars:
  office: {week: {mon-fri: [08:30-12:00, 14:00-17:30]}}
pools:
  grid_workers:
    at: grid
    staff: {rules: {by_households: {workers: 1, per: 300, of: household}}}
    serves: [desk]
    calendar: office
    shift_end: pause
""",
    "zh": """\
# 一个社区、十个网格：配备这么多网格员时，居民要等多久？
# 每个数字都可以写明来源：{报告: 编号}、{推算: "公式"}、
# {假定: 值, 范围: [低, 高], 理由: "……"}。用 `gridgov facts` 查看编号。
名称: NAME
标题: {en: My first scenario, zh: 我的第一个情景}
运行:
  时长: 8 周          # 统计时段；必须带单位
  预热: 2 周          # 先运行，不统计
  重复次数: 10
地点:
  全域: {级别: 社区, 名称: 社区, 户数: 3000}
  各级:
    网格: {属于: 社区, 数量: 10}
来源:
  上报:
    种类: arrivals
    所在级别: 网格
    类别: {垃圾: 60 %, 噪声: 40 %}
    频率: {假定: 2/户/年, 范围: [1/户/年, 4/户/年], 理由: 暂用，待有本地热线数据}
诉求:
  垃圾: {流程名: 一次办结, 工作量: {指数: 45 分钟}}
  噪声: {流程名: 一次办结, 工作量: {指数: 90 分钟}, 优先级: 3}
流程:
  一次办结: {开始: 处置, 步骤: {处置: {处置: {队列名: 待办}}}}
队列:
  待办: {所在级别: 网格}
日历:
  坐班: {工作周: {mon-fri: [08:30-12:00, 14:00-17:30]}}
队伍:
  网格员:
    设在: 网格
    人员: {配比: {按户数: {人数: 1, 每: 300, 对象: household}}}
    服务队列: [待办]
    值班日历: 坐班
    交班规则: pause
""",
}

_VARIANT = """\
# A variant: only what differs from the base is written. Lists replace, they do not add;
# a value of null takes an inherited entry away. `gridgov resolve FILE --paths` lists all paths.
extends: BASE
name: NAME
"""


WORKBOOK = ".xlsx"


@click.command("new")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--from",
    "base",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Write a variant that extends this scenario, or the scenario that this workbook "
    "(.xlsx) holds; with a FILE.xlsx, the workbook of this scenario.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@one_language_option
def new(*, file: Path, base: Path | None, force: bool, lang: Language) -> None:
    """Write a small, valid scenario to FILE, or with FILE.xlsx a workbook to fill in."""
    from sim.cli.from_workbook import scenario_from, workbook_of

    if file.exists() and not force:
        raise click.UsageError(
            f"{file} 已存在；用 --force 覆盖。"
            if lang == "zh"
            else f"{file} is already there; --force replaces it."
        )
    is_book = file.suffix.lower() == WORKBOOK
    if base is not None and base.suffix.lower() == WORKBOOK:
        if is_book:
            raise click.UsageError(
                "--from 工作簿写出的是情景文件：请以 .yaml 结尾。"
                if lang == "zh"
                else "--from WORKBOOK writes a scenario: name a FILE.yaml."
            )
        scenario_from(base, file, lang)
    elif is_book:
        workbook_of(file, base, starter(_name(file), lang), lang)
    else:
        if base is not None:
            _check(base)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_text(file, base, lang), encoding="utf-8")
    if not is_book:
        click.echo(f"gridgov run {file}", err=True)


def _check(base: Path) -> None:
    """Refuse a base that is no valid scenario: its variant could not be played either."""
    from sim.scenario.reader import load_scenario

    load_scenario(base)


def starter(name: str, lang: Language) -> str:
    """The text of a small scenario."""
    return TEMPLATES[lang].replace("NAME", name)


def _text(file: Path, base: Path | None, lang: Language) -> str:
    if base is None:
        return starter(_name(file), lang)
    relative = Path(os.path.relpath(base.resolve(), file.resolve().parent)).as_posix()
    return _VARIANT.replace("BASE", relative).replace("NAME", _name(file))


def _name(file: Path) -> str:
    """The name of a scenario out of that of its file."""
    name = re.sub(r"[^\w\-]", "_", file.stem)
    return name if re.match(r"[^\W\d]", name) else f"scenario_{name}"
