"""Rules across fields: what no single field can know is wrong.

They run once every field by itself is right, and look at everything, so that all problems come
at once. What needs the places or calendars laid out is said by `sim.plan` as a `PlanError`.
"""

from dataclasses import replace

from sim.errors import Problem
from sim.model.system import System
from sim.scenario.findings import Finding
from sim.scenario.nodes import Entry, Leaf, Mark, Node, Path, Table, child
from sim.scenario.problems import place
from sim.scenario.rules_demand import check_demand
from sim.scenario.rules_modes import check_modes
from sim.scenario.rules_people import check_people
from sim.scenario.rules_routes import check_routes


def check(system: System) -> list[Finding]:
    """Everything that is wrong across the fields of a system, in a fixed order."""
    rules = (check_demand, check_people, check_routes, check_modes)
    return [finding for rule in rules for finding in rule(system)]


def find_problems(system: System) -> list[Problem]:
    """The same as problems that know their field path but no position."""
    return [finding.problem() for finding in check(system)]


def placed_problems(system: System, root: Node) -> list[Problem]:
    """The same with positions and code frames from the text: a rule for `read_as`.

    Parameters
    ----------
    system
        The checked model.
    root
        The tree that it was read from.
    """
    return [
        replace(
            place(finding.problem(), nearest_mark(root, finding.path)),
            path=finding.problem().path,
        )
        for finding in check(system)
    ]


def nearest_mark(root: Node, path: Path) -> Mark:
    """Where a path is written, or the nearest thing around it that is.

    A plain value is shown by itself, a table by its key.
    """
    node, mark = root, root.mark
    for step in path:
        entry: Entry | None = None
        if isinstance(node, Table) and isinstance(step, str):
            entry = node.entries.get(step)
        found = child(node, step)
        if found is None:
            break
        node = found
        mark = entry.key if entry is not None and not isinstance(node, Leaf) else node.mark
    return mark
