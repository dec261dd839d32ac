"""Rules on the experiment that a scenario proposes: paths, values, and the design.

Whether a metric exists is said by `sim.experiment.proposed`, which knows the catalogue; whether
a value may stand in its field shows when the points are read.
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from sim.model.experiment import Experiment, Variation
from sim.model.system import System
from sim.scenario.assemble import parse_path
from sim.scenario.findings import Finding
from sim.scenario.levers import (
    DesignError,
    Lever,
    check_kind,
    check_levers,
    is_within,
    parse_lever,
)
from sim.scenario.nodes import Path
from sim.scenario.resolve import paths_of
from sim.scenario.shape import slot_at


def check_experiment(system: System, replaced: Sequence[str] = ()) -> Iterator[Finding]:
    """All rules of this file.

    Parameters
    ----------
    system
        The scenario.
    replaced
        Fields that overrides write. An experiment decides nothing in a run, so a lever that
        an override took away is wrong only once it is moved (`sim.experiment.points`).
    """
    if system.experiment is None:
        return
    known = paths_of(system)
    levers: list[Lever] = []
    for index, variation in enumerate(system.experiment.vary):
        path: Path = ("experiment", "vary", index)
        if not any(is_within(variation.path, one) for one in replaced):
            yield from _field((*path, "path"), variation, known)
        try:
            levers.append(parse_lever(f"{variation.path}={variation.text}"))
        except DesignError as error:
            yield _finding((*path, "values"), "lever-values", error)
    yield from _design(system.experiment, levers)


def _field(path: Path, variation: Variation, known: list[str]) -> Iterator[Finding]:
    if any(is_within(one, variation.path) for one in known):
        return
    above = variation.path.rpartition(".")[0]
    # An option that is left out has no path yet, but stands beside fields that have one.
    beside = above and any(is_within(one, above) for one in known)
    if beside and slot_at((System,), None, parse_path(variation.path)):
        return
    parents = {one.rpartition(".")[0] for one in known}
    near = get_close_matches(variation.path, [*known, *sorted(parents)], n=1, cutoff=0.5)
    hint = (
        (f"Did you mean '{near[0]}'?", f"是否指“{near[0]}”？")
        if near
        else ("`gridgov resolve --paths` lists all.", "gridgov resolve --paths 列出全部字段。")
    )
    yield Finding(
        path,
        "unknown-field",
        f"the scenario has no field '{variation.path}'",
        f"情景中没有字段“{variation.path}”",
        *hint,
    )


def _design(experiment: Experiment, levers: list[Lever]) -> Iterator[Finding]:
    try:
        check_levers(levers)
    except DesignError as error:
        yield _finding(("experiment", "vary"), "lever-twice", error)
    try:
        check_kind(levers, experiment.design, experiment.points)
    except DesignError as error:
        field = "points" if experiment.points is not None else "design"
        yield _finding(("experiment", field), "design-unfit", error)


def _finding(path: Path, code: str, error: DesignError) -> Finding:
    return Finding(path, code, error.en, error.zh)
