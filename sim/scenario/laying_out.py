"""What only the compiler can find wrong, told at its place in the text like any other mistake.

Some mistakes show when places, calendars and rules are laid out: more parents than places, a
year without public holidays. The compiler knows the field path; the reading knows its line.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.errors import PlanError, Problem, ScenarioError
from sim.scenario.checks import locate
from sim.scenario.problems import tidy

if TYPE_CHECKING:
    from sim.model.system import System
    from sim.plan.compile import Compiled
    from sim.scenario.reader import Reading


def told(error: PlanError, reading: "Reading[Any]") -> ScenarioError:
    """An error of the compiler as a problem of the scenario.

    Parameters
    ----------
    error
        The error; its text begins with a field path.
    reading
        The scenario that was compiled.
    """
    problem = Problem(
        code="cannot-lay-out",
        message_en=tidy(error.what),
        message_zh=tidy(error.zh or f"情景无法编排：{error.what}"),
        path=error.path,
    )
    if error.path:
        return ScenarioError([locate(problem, reading.placed)])
    return ScenarioError([replace(problem, file=reading.files[0])])


def compile_reading(reading: "Reading[System]") -> "Compiled":
    """The plan of a scenario that was read, with the arithmetic of its head counts.

    Raises
    ------
    ScenarioError
        If it cannot be laid out.
    """
    from sim.plan.compile import compile_system

    try:
        return compile_system(reading.model)
    except PlanError as error:
        raise told(error, reading) from None
