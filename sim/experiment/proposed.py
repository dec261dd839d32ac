"""The sweep that a scenario proposes in its `experiment`, and checks on metrics of a sweep."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

from sim.errors import ScenarioError
from sim.metrics.catalogue import BY_NAME
from sim.model.experiment import Experiment, Kind
from sim.model.system import System
from sim.scenario.checks import locate
from sim.scenario.findings import Finding
from sim.scenario.levers import Lever, parse_lever
from sim.scenario.nodes import Path
from sim.scenario.reader import Reading


class Asked(NamedTuple):
    """A sweep as it was asked for: on the command line, or by the scenario.

    Attributes
    ----------
    levers
        With their values.
    kind, points
        The design, and of one that samples how many points it has.
    replications, seed
        None: as the scenario's run says.
    against
        Metric of the frontier.
    metrics
        More metrics to show.
    """

    levers: tuple[Lever, ...]
    kind: Kind
    points: int | None
    replications: int | None
    seed: int | None
    against: str
    metrics: tuple[str, ...]


class MetricError(ValueError):
    """A metric that cannot be asked for, told in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh

    def message(self, lang: str) -> str:
        """What is wrong, in one language."""
        return self.zh if lang == "zh" else self.en


def check_metric(name: str, *, directed: bool) -> None:
    """Refuse a metric that is not in the catalogue, or has no better direction.

    Raises
    ------
    MetricError
        With the nearest name where there is one.
    """
    if name not in BY_NAME:
        near = get_close_matches(name, BY_NAME, n=1)
        raise MetricError(
            f"there is no metric '{name}'" + (f"; did you mean {near[0]}?" if near else ""),
            f"没有指标“{name}”" + (f"，是否指 {near[0]}？" if near else ""),
        )
    if directed and BY_NAME[name].better == "neutral":
        raise MetricError(f"neither more nor less of {name} is better", f"{name} 没有优劣方向")


def proposed(reading: Reading[System]) -> Asked | None:
    """What the scenario's `experiment` asks for; None where it has none.

    Raises
    ------
    ScenarioError
        If it names metrics that there are not, at their lines.
    """
    said = reading.model.experiment
    if said is None:
        return None
    found = _metric_problems(said)
    if found:
        raise ScenarioError(locate(one.problem(), reading.placed) for one in found)
    return Asked(
        tuple(parse_lever(f"{one.path}={one.text}") for one in said.vary),
        said.design,
        said.points,
        said.replications,
        said.seed,
        said.against,
        tuple(said.metrics),
    )


def _metric_problems(said: Experiment) -> list[Finding]:
    named: list[tuple[Path, str, bool]] = [(("experiment", "against"), said.against, True)]
    named += [(("experiment", "metrics", i), m, False) for i, m in enumerate(said.metrics)]
    found = []
    for path, name, directed in named:
        try:
            check_metric(name, directed=directed)
        except MetricError as error:
            found.append(Finding(path, "unknown-metric", error.en, error.zh))
    return found


def distinct(metrics: Sequence[str], against: str) -> tuple[str, ...]:
    """More metrics, each once and without those that the frontier has anyway."""
    return tuple(name for name in dict.fromkeys(metrics) if name != against)
