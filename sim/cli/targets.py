"""What ``run`` and ``compare`` say about reported outcomes: simulated against reported."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.language import in_each_language
from sim.cli.show import show_table
from sim.errors import Language, PlanError, ScenarioError
from sim.experiment.figures import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.cli.run import Wish
    from sim.experiment.compare import Comparison
    from sim.experiment.runs import Runs
    from sim.experiment.targets import Outcome
    from sim.model.system import System
    from sim.scenario.reader import Reading

VERDICTS: dict[str, tuple[str, str]] = {
    "met": ("met", "相符"),
    "not_met": ("not met", "不符"),
    "open": ("open", "未定"),
}
_WHY: dict[str, tuple[str, str]] = {
    "no_baseline": ("needs the scenario before", "需要此前情景"),
    "not_reached": ("no value", "无数值"),
    "too_few": ("one replication has no interval", "仅一次重复，没有区间"),
}
_KINDS: dict[str, tuple[str, str]] = {
    "level": ("", ""),
    "count": ("", ""),
    "relative": ("relative to {against}", "较 {against} 的变化"),
    "points": ("points against {against}", "较 {against} 的百分点"),
}


def play_baselines(reading: "Reading[System]", wish: "Wish") -> "dict[str, Runs]":
    """The replications of the scenarios before, by target, with the seed of the run itself.

    A scenario before that cannot be read or played with the same ``--set`` leaves its targets
    open, and that is said; the run itself stands.
    """
    from sim.experiment.targets import baseline_files

    found: dict[Path, Runs | None] = {}
    by_target: dict[str, Runs] = {}
    for name, file in baseline_files(reading).items():
        known = file.resolve()
        if known not in found:
            found[known] = _played(file, reading.overrides, wish)
        runs = found[known]
        if runs is not None:
            by_target[name] = runs
    return by_target


def _played(file: Path, overrides: tuple[str, ...], wish: "Wish") -> "Runs | None":
    from sim.cli.progress import progress
    from sim.experiment.replicate import Interrupted, replicate
    from sim.scenario.reader import load_scenario

    try:
        before = load_scenario(file, overrides)
        with progress(wish.replications, before.model.name, quiet=wish.quiet) as on_done:
            return replicate(
                before.model,
                wish.replications,
                wish.seed,
                workers=wish.workers,
                engine=wish.engine,
                on_done=on_done,
            )
    except (ScenarioError, PlanError, Interrupted) as error:
        if not wish.quiet:
            said = type(error).__name__ if isinstance(error, Interrupted) else str(error)
            text = (
                f"! 此前情景 {file.name} 未能运行，相关对照指标保持未定。{said}"
                if wish.lang == "zh"
                else f"! {file.name} could not be played; its targets stay open. {said}"
            )
            click.secho(text, err=True, fg="yellow")
        return None


def compared_outcomes(
    readings: "Sequence[Reading[System]]", comparison: "Comparison"
) -> "dict[str, list[Outcome]]":
    """The outcomes of every scenario that has targets, by its name in the comparison.

    The scenario before is found among those compared; a scenario is never held against itself.
    """
    from sim.experiment.targets import baseline_files, outcomes_of

    runs_of = {
        Path(reading.files[0]).resolve(): runs
        for reading, runs in zip(readings, comparison.runs, strict=True)
    }
    found: dict[str, list[Outcome]] = {}
    for name, reading, runs in zip(comparison.names, readings, comparison.runs, strict=True):
        before = {
            target: runs_of[file.resolve()]
            for target, file in baseline_files(reading).items()
            if file.resolve() in runs_of and runs_of[file.resolve()] is not runs
        }
        outcomes = outcomes_of(reading, runs, before)
        if outcomes:
            found[name] = outcomes
    return found


def show_outcomes(outcomes: "Sequence[Outcome]", lang: Language, scenario: str = "") -> None:
    """Print simulated against reported, and what the sources leave open."""
    if outcomes:
        _show_outcomes(outcomes, lang, scenario)


@in_each_language
def _show_outcomes(outcomes: "Sequence[Outcome]", lang: Language, scenario: str) -> None:
    zh = lang == "zh"
    title = "仿真与报道的对照（仅作检验，不作输入）" if zh else "Simulated against reported"
    if not zh:
        title += " (checks, never inputs)"
    title += f": {scenario}" if scenario else ""
    header = (
        ["对照指标", "解读", "报道", "相符范围", "仿真 [95 % 区间]", "结论"]
        if zh
        else [
            "target",
            "read as",
            "reported",
            "agrees from … to",
            "simulated [95 %]",
            "verdict",
        ]
    )
    show_table(title, header, [_row(outcome, lang) for outcome in outcomes])
    for line in _notes(outcomes, lang):
        click.echo(line)


def _row(outcome: "Outcome", lang: Language) -> list[str]:
    zh = lang == "zh"
    kind = _KINDS[outcome.kind][zh].format(against=outcome.against or "?")
    name = outcome.title.read(lang)
    why = _WHY[outcome.why][zh] if outcome.why else ""
    if outcome.mean is None:
        value = f"– ({why})"
    elif outcome.low is None or outcome.high is None:
        value = f"{outcome.mean:.1f} ({why})"
    else:
        value = f"{outcome.mean:.1f} [{outcome.low:.1f}, {outcome.high:.1f}]"
    return [
        f"{name} · {kind}" if kind else name,
        f"{label(outcome.metric, lang)}（{outcome.reading}）" if zh else outcome.reading,
        f"{outcome.fact.value_text()} {_unit(outcome)}",
        " … ".join(_end(end) for end in outcome.band),
        value,
        VERDICTS[outcome.verdict][zh],
    ]


def _unit(outcome: "Outcome") -> str:
    unit = outcome.fact.unit or ""
    if outcome.kind == "points":
        return "pp"
    return "%" if unit.startswith("percent") else unit


def _end(end: float) -> str:
    return f"{end:g}" if math.isfinite(end) else "∞" if end > 0 else "-∞"


def _notes(outcomes: "Sequence[Outcome]", lang: Language) -> list[str]:
    """What sources leave open, once for each target, and which claims are also inputs."""
    zh = lang == "zh"
    lines: dict[str, str] = {}
    for outcome in outcomes:
        # The catalogue says what is open in English only; a scenario says it in both.
        said = outcome.left_open.read(lang) or outcome.fact.measured_against or ""
        name = outcome.title.read(lang)
        if said:
            said = " ".join(said.split())
            lines[outcome.target] = (
                f"  {name}：来源未说明：{said}" if zh else f"  {name}: left open: {said}"
            )
        if outcome.is_input:
            lines[f"{outcome.target} input"] = (
                f"  {name}：{outcome.fact.id} 也是本情景的输入，相符说明不了什么。"
                if zh
                else f"  {name}: {outcome.fact.id} is also an input of this scenario, so "
                f"agreeing proves little."
            )
    return list(lines.values())


def as_json(outcomes: "Sequence[Outcome]", lang: Language) -> list[dict[str, Any]]:
    """The outcomes as ``--json`` prints them."""
    return [outcome.record(lang) for outcome in outcomes]
