"""Reported outcomes held against what was simulated.

Which figures stand for a claim is said by the scenario (`sim.model.targets`); the number, how
it is meant and what its source leaves open come from the evidence. A change needs the runs of
the scenario before, under common random numbers.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import pandas as pd

from sim.analysis.claims import OPEN, Band, Verdict, band_of, judge
from sim.analysis.intervals import Interval, ratio_interval
from sim.errors import Problem, ScenarioError
from sim.experiment.compare import compare_figure
from sim.experiment.runs import Figure, Runs, aligned, figures_of, interval_of
from sim.metrics.catalogue import BY_NAME
from sim.model.facts import Fact
from sim.model.notion import Text
from sim.model.system import System
from sim.model.targets import Quantity, Target
from sim.scenario.checks import locate
from sim.scenario.evidence import evidence_folder, load_evidence
from sim.scenario.nodes import find
from sim.scenario.reader import Reading

PERCENT: Final = 100.0

Ends = tuple[float | None, float | None, float | None]
"""A mean and the ends of its interval, as far as they are known."""

NO_BASELINE: Final = "no_baseline"
NOT_REACHED: Final = "not_reached"
TOO_FEW: Final = "too_few"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One reading of one target beside what was simulated.

    Attributes
    ----------
    target, reading
        Their names in the scenario.
    title
        Of the target, for people.
    metric, group
        The figure.
    fact
        The reported fact.
    kind
        Level, relative, points or count.
    band
        The values that agree, in the unit of the fact.
    mean, low, high
        The simulated value and its 95 % interval in the same unit; of a count, over all
        windows that are possible.
    verdict
        Met, not met or open.
    why
        Why there is no value: ``no_baseline``, ``not_reached``, ``too_few``; else empty.
    against
        Name of the scenario before; empty where none is needed.
    is_input
        Whether the same fact is also an input, so that agreeing proves little.
    left_open
        What the source does not say.
    """

    target: str
    reading: str
    title: Text
    metric: str
    group: tuple[str, str]
    fact: Fact
    kind: str
    band: Band
    mean: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    why: str
    against: str
    is_input: bool
    left_open: Text

    def record(self, lang: str) -> dict[str, Any]:
        """The outcome as plain values, as ``--json`` and the manifest give it."""
        ends = [end if math.isfinite(end) else None for end in self.band]
        return {
            "target": self.target,
            "reading": self.reading,
            "title": self.title.read(lang),
            "kind": self.kind,
            "metric": self.metric,
            "by": self.group[0],
            "group": self.group[1],
            "against": self.against or None,
            "fact": self.fact.id,
            "reported": self.fact.value_text(),
            "unit": self.fact.unit,
            "agrees_from": ends[0],
            "agrees_to": ends[1],
            "mean": self.mean,
            "low": self.low,
            "high": self.high,
            "verdict": self.verdict,
            "why": self.why or None,
            "also_an_input": self.is_input,
            "left_open": self.left_open.read(lang) or self.fact.measured_against,
        }


def outcomes_table(outcomes: Sequence[Outcome], lang: str = "en") -> pd.DataFrame:
    """The outcomes, one row each, as ``targets.csv`` holds them."""
    return pd.DataFrame([outcome.record(lang) for outcome in outcomes])


def baseline_files(reading: Reading[System]) -> dict[str, Path]:
    """The file of the scenario before, by target that needs one.

    A path is seen from the file in which it is written, which an heir may lie far from. Where
    nothing lies there, as beside a copy in a folder of results, the shipped scenarios count.
    """
    found: dict[str, Path] = {}
    for name, target in reading.model.targets.items():
        if target.against is not None:
            node = find(reading.placed, ("targets", name, "against"))
            said_in = Path(node.mark.source.name) if node is not None else Path()
            home = said_in if said_in.is_file() else Path(reading.files[0])
            beside = home.parent / target.against
            shipped = evidence_folder().parent / target.against
            found[name] = beside if beside.is_file() or not shipped.is_file() else shipped
    return found


def check_targets(reading: Reading[System]) -> None:
    """Refuse targets whose metric, group or scenario before does not exist.

    Raises
    ------
    ScenarioError
        With every such problem at its place.
    """
    problems = [locate(problem, reading.placed) for problem in _problems(reading)]
    if problems:
        raise ScenarioError(problems)


def _problems(reading: Reading[System]) -> Iterator[Problem]:
    for name, file in baseline_files(reading).items():
        if not file.is_file():
            yield Problem(
                code="target-without-baseline",
                message_en=f"there is no file {file}",
                message_zh=f"没有文件 {file}",
                path=f"targets.{name}.against",
                hint_en="The path is seen from the file that says so.",
                hint_zh="路径以写有该字段的文件所在文件夹为起点。",
            )
    for name, target in reading.model.targets.items():
        for title, quantity in target.readings.items():
            yield from _metric(f"targets.{name}.readings.{title}", target, quantity)


def _metric(path: str, target: Target, quantity: Quantity) -> Iterator[Problem]:
    metric = BY_NAME.get(quantity.metric)
    by = quantity.group[0]
    if metric is None:
        near = get_close_matches(quantity.metric, BY_NAME, n=1)
        yield Problem(
            code="unknown-metric",
            message_en=f"there is no metric '{quantity.metric}'",
            message_zh=f"没有指标“{quantity.metric}”",
            path=f"{path}.metric",
            hint_en=f"Did you mean '{near[0]}'?" if near else "docs/metrics.md lists all.",
            hint_zh=f"是否指“{near[0]}”？" if near else "docs/metrics.md 列出全部指标。",
        )
        return
    if by not in metric.by:
        yield Problem(
            code="metric-not-by",
            message_en=f"{metric.name} is not told apart by {by}",
            message_zh=f"{metric.name} 不按 {by} 区分",
            path=f"{path}.{by}",
            hint_en=f"It is divided by {', '.join(metric.by)}.",
            hint_zh=f"可区分：{'、'.join(metric.by)}。",
        )
    fact = load_evidence().fact(target.reported)
    unit, unit_zh = fact.unit_in("en"), fact.unit_in("zh")
    in_percent = target.kind == "level" and unit.startswith("percent")
    if (in_percent or target.kind == "points") and metric.unit != "1":
        yield Problem(
            code="metric-no-share",
            message_en=f"the claim is in {unit}, but {metric.name} is in {metric.unit}",
            message_zh=f"报道的单位是 {unit_zh}，而 {metric.name} 的单位是 {metric.unit}",
            path=f"{path}.metric",
            hint_en="Name a share, or write `kind: relative`.",
            hint_zh="请选用占比类指标，或写 kind: relative。",
        )


def outcomes_of(
    reading: Reading[System], runs: Runs, before: Mapping[str, Runs]
) -> list[Outcome]:
    """Every reading of every target beside what was simulated.

    Parameters
    ----------
    reading, runs
        The scenario and its replications.
    before
        The replications of the scenario before, by target, with the same seed; a target that
        is missing here stays open.
    """
    inputs = _facts_put_in(reading)
    return [
        _outcome(reading, runs, before.get(name), name, title, inputs)
        for name, target in reading.model.targets.items()
        for title in target.readings
    ]


def claim_band(target: Target, fact: Fact) -> Band:
    """The values that agree with a target, in the unit of its fact."""
    value = fact.value
    if value is None:
        raise AssertionError(fact.id)  # refused when the scenario was read
    ends = (float(value[0]), float(value[1])) if isinstance(value, tuple) else float(value)
    return band_of(ends, fact.operator or "eq", target.width.total)


def simulated(
    target: Target,
    quantity: Quantity,
    runs: Runs,
    before: Runs | None,
    *,
    scale: bool = True,
) -> Ends | str:
    """Mean, low and high of a claim's figure in the unit of the fact, or why there is none.

    Parameters
    ----------
    target, quantity
        The claim, and the figure that it is read as.
    runs, before
        The replications, and of a change those of the scenario before.
    scale
        Whether a level is brought to the unit of the fact; else it stays in that of the metric.
    """
    after = _figure(quantity, runs)
    if after is None:
        return NOT_REACHED
    if target.against is None:
        return _level(target if scale else None, quantity, interval_of(after))
    if before is None:
        return NO_BASELINE
    first = _figure(quantity, before)
    if first is None:
        return NOT_REACHED
    if target.kind == "points":
        names = (before.scenario, runs.scenario)
        found = compare_figure(first, after, names, 0.95, 1).difference
        return _times((found.mean, found.low, found.high), PERCENT)
    return _relative(quantity, first, after)


def _level(target: Target | None, quantity: Quantity, found: Interval) -> Ends | str:
    if found.mean is None:
        return NOT_REACHED
    ends: Ends = (found.mean, found.low, found.high)
    if quantity.reciprocal:
        ends = _reciprocal(ends)
    unit = load_evidence().fact(target.reported).unit if target is not None else None
    in_percent = (unit or "").startswith("percent")
    return _times(ends, PERCENT if in_percent else 1.0)


def _relative(quantity: Quantity, first: Figure, after: Figure) -> Ends | str:
    both = sorted({*first.replications} & {*after.replications})
    pair = [aligned(figure, both).values for figure in (after, first)]
    if any(value is None or math.isnan(value) for values in pair for value in values):
        return NOT_REACHED
    over, under = [[float(value or 0.0) for value in values] for values in pair]
    if quantity.reciprocal:
        over, under = under, over
    if not sum(under):
        return NOT_REACHED
    found = ratio_interval(over, under)
    ends = (found.mean, found.low, found.high)
    changed = [None if end is None else PERCENT * (end - 1) for end in ends]
    return changed[0], changed[1], changed[2]


def _times(ends: Ends, factor: float) -> Ends | str:
    if ends[0] is None or math.isnan(ends[0]):
        return NOT_REACHED
    mean, low, high = (None if end is None else end * factor for end in ends)
    return mean, low, high


def _reciprocal(
    ends: Ends,
) -> Ends:
    mean, low, high = (1 / end if end else None for end in ends)
    return mean, high, low


def _figure(quantity: Quantity, runs: Runs) -> Figure | None:
    by, group = quantity.group
    return figures_of(runs.replications, [quantity.metric]).get((quantity.metric, by, group))


def _outcome(
    reading: Reading[System],
    runs: Runs,
    before: Runs | None,
    name: str,
    title: str,
    inputs: frozenset[str],
) -> Outcome:
    target = reading.model.targets[name]
    quantity = target.readings[title]
    fact = load_evidence().fact(target.reported)
    found = simulated(target, quantity, runs, before)
    why = found if isinstance(found, str) else ""
    mean, low, high = (None, None, None) if isinstance(found, str) else found
    if target.window is not None and low is not None and high is not None:
        low, high = over_window(target, reading.model, low, high)
        mean = (low + high) / 2
    band = claim_band(target, fact)
    return Outcome(
        target=name,
        reading=title,
        title=target.title or Text(en=name, zh=name),
        metric=quantity.metric,
        group=quantity.group,
        fact=fact,
        kind=target.kind,
        band=band,
        mean=mean,
        low=low,
        high=high,
        verdict=OPEN if why else judge(low, high, band),
        why=why or (TOO_FEW if low is None else ""),
        against=before.scenario if before is not None and target.against else "",
        is_input=target.reported in inputs,
        left_open=target.left_open or Text(),
    )


def over_window(target: Target, system: System, low: float, high: float) -> tuple[float, float]:
    """Least and greatest count over every window that a count may cover."""
    if target.window is None:
        return low, high
    measured = system.run.horizon - system.run.warm_up
    return low * target.window[0] / measured, high * target.window[1] / measured


def _facts_put_in(reading: Reading[System]) -> frozenset[str]:
    """Ids of the facts from which numbers of the scenario were taken."""
    return frozenset(
        fact
        for path, origin in reading.provenance.items()
        if not path.startswith("targets.")
        for fact in origin.facts
    )
