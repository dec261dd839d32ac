"""The scenario of every point of a sweep, read and checked before anything is played."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from sim.errors import Problem, ScenarioError
from sim.experiment.blocks import Identity, program_version, scenario_digest
from sim.experiment.design import Kind, Lever, Point, is_within
from sim.model.system import System
from sim.scenario.reader import Reading, load_scenario
from sim.scenario.resolve import paths_of


class UnknownPath(ValueError):  # noqa: N818  (a name that the user gave, not a fault)
    """A lever that the scenario does not have.

    Parameters
    ----------
    path
        As it was given.
    near
        Paths of the scenario that look like it.
    """

    def __init__(self, path: str, near: Sequence[str]) -> None:
        super().__init__(path)
        self.path, self.near = path, tuple(near)


class Design(NamedTuple):
    """What is to be played: checked scenarios, one for each point."""

    base: Reading[System]
    levers: tuple[Lever, ...]
    points: tuple[Point, ...]
    readings: tuple[Reading[System], ...]
    replications: int
    seed: int
    kind: Kind = "grid"
    asked: int | None = None
    """How many points were asked for; None: a grid, which has as many as its values make."""

    @property
    def identity(self) -> Identity:
        """What its folder must have been begun for."""
        model = self.base.model
        return Identity(model.name, scenario_digest(model), program_version(), self.seed)


def design_of(
    file: str,
    overrides: Sequence[str],
    levers: Sequence[Lever],
    points: Sequence[Point] | Callable[[int], Sequence[Point]],
    *,
    replications: int | None = None,
    seed: int | None = None,
) -> Design:
    """Read and check the scenario of every point; nothing is played.

    Parameters
    ----------
    file, overrides
        The scenario before any lever is moved.
    levers
        With their values.
    points
        Settings of the levers, or what makes them of the seed.
    replications, seed
        As in its ``run`` settings unless given.

    Raises
    ------
    UnknownPath
        If the scenario has no such field.
    ScenarioError
        With the problems of all points, each once.
    """
    base = load_scenario(file, overrides)
    _check_paths(base, levers)
    readings: list[Reading[System]] = []
    problems: dict[tuple[object, ...], Problem] = {}
    begin = base.model.run.seed if seed is None else seed
    chosen = points(begin) if callable(points) else points
    for point in chosen:
        try:
            readings.append(load_scenario(file, [*overrides, *point.overrides]))
        except ScenarioError as error:
            problems.update({(p.code, p.position, p.path): p for p in error.problems})
    if problems:
        raise ScenarioError(problems.values())
    count = replications or base.model.run.replications
    return Design(base, tuple(levers), tuple(chosen), tuple(readings), count, begin)


def _check_paths(base: Reading[System], levers: Sequence[Lever]) -> None:
    known = paths_of(base.model)
    for lever in levers:
        above = lever.path.rpartition(".")[0]
        if any(is_within(path, lever.path) for path in known):
            continue
        # An option that is left out has no path yet, but stands beside fields that have one.
        if above and any(is_within(path, above) for path in known):
            try:
                load_scenario(base.files[0], [*base.overrides, _set(lever)])
            except ScenarioError:
                pass
            else:
                continue
        raise UnknownPath(lever.path, get_close_matches(lever.path, known, n=3, cutoff=0.5))


def _set(lever: Lever) -> str:
    return f"{lever.path}={lever.values[0]}"
