"""Reading a scenario: files and overrides in, a checked model out, or every problem at once."""

from collections.abc import Callable, Iterable
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from pydantic import BaseModel

from sim.errors import Problem, ScenarioError
from sim.model.evidence import Evidence, Provenance
from sim.scenario.assemble import assemble
from sim.scenario.checks import locate, validate
from sim.scenario.evidence import load_evidence
from sim.scenario.nodes import Node
from sim.scenario.values import place_values

if TYPE_CHECKING:
    from sim.model.system import System

M = TypeVar("M", bound=BaseModel)


class Reading(NamedTuple, Generic[M]):
    """A scenario that was read, with what is known about its numbers.

    Attributes
    ----------
    model
        The checked model.
    written
        What the files and overrides say, merged, values with an origin kept as written.
    placed
        The same with every value put in its place.
    provenance
        Where each written number comes from, by dotted path.
    files
        The scenario file and all files it extends, nearest first.
    overrides
        The overrides as given.
    """

    model: M
    written: Node
    placed: Node
    provenance: dict[str, Provenance]
    files: tuple[str, ...]
    overrides: tuple[str, ...]


Rule = Callable[[M], Iterable[Problem]]
"""A check across fields: the model in, problems that know their field path out."""


def read_as(
    model: type[M],
    path: str | FilePath,
    overrides: Iterable[str] = (),
    *,
    evidence: Callable[[], Evidence] = load_evidence,
    rules: Iterable[Rule[M]] = (),
) -> Reading[M]:
    """Read a file against any root model.

    Parameters
    ----------
    model
        The root model.
    path
        The file.
    overrides
        Texts such as ``run.horizon=2 weeks``, applied in order.
    evidence
        Gives the catalogue of facts.
    rules
        Checks across fields, run once every single field is right.

    Raises
    ------
    ScenarioError
        With every problem found, in file order.
    """
    given = tuple(overrides)
    assembled = assemble(path, given, (model,))
    problems = assembled.problems
    placed = place_values(assembled.root, (model,), evidence, problems)
    checked, found = validate(model, placed.root)
    problems.extend(found)
    if checked is not None and not problems:
        found = [problem for rule in rules for problem in rule(checked)]
        problems.extend(locate(problem, placed.root) for problem in found)
    if checked is None or problems:
        raise ScenarioError(_each_once(problems))
    return Reading(
        checked, assembled.root, placed.root, placed.provenance, assembled.files, given
    )


def _each_once(problems: list[Problem]) -> list[Problem]:
    # An alias or a shared base can lead to one mistake by several paths.
    return list({(p.code, p.file, p.line, p.column, p.path): p for p in problems}.values())


def load_scenario(path: str | FilePath, overrides: Iterable[str] = ()) -> "Reading[System]":
    """A scenario with the provenance of its numbers; see `read_scenario`."""
    from sim.model.system import System
    from sim.scenario.rules import find_problems

    given = tuple(overrides)
    replaced = fields_of(given)
    return read_as(System, path, given, rules=[lambda system: find_problems(system, replaced)])


def fields_of(overrides: Iterable[str]) -> list[str]:
    """The fields that overrides write."""
    return [one.partition("=")[0].strip() for one in overrides]


def read_scenario(path: str | FilePath, overrides: Iterable[str] = ()) -> "System":
    """Read and check a scenario.

    Parameters
    ----------
    path
        The scenario file.
    overrides
        Texts such as ``run.horizon=2 weeks``, applied in order.

    Returns
    -------
    The system, every field checked.

    Raises
    ------
    ScenarioError
        With every problem found, in file order; print it with ``error.render("zh")`` for
        Chinese.
    """
    return load_scenario(path, overrides).model
