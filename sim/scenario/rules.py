"""Rules across fields: what no single field can know is wrong.

They run once every field by itself is right, and look at everything, so that all problems come
at once. What needs the places or calendars laid out is said by `sim.plan` as a `PlanError`.
"""

from collections.abc import Sequence

from sim.errors import Problem
from sim.model.system import System
from sim.scenario.findings import Finding
from sim.scenario.rules_demand import check_demand
from sim.scenario.rules_experiment import check_experiment
from sim.scenario.rules_joins import check_joins
from sim.scenario.rules_modes import check_modes
from sim.scenario.rules_people import check_people
from sim.scenario.rules_posts import check_posts
from sim.scenario.rules_reviews import check_reviews
from sim.scenario.rules_routes import check_routes
from sim.scenario.rules_steps import check_steps
from sim.scenario.rules_targets import check_targets


def check(system: System, replaced: Sequence[str] = ()) -> list[Finding]:
    """Everything that is wrong across the fields of a system, in a fixed order.

    `replaced` are the fields that overrides write.
    """
    demand = (check_demand, check_people)
    handling = (check_routes, check_steps, check_joins, check_modes)
    rest = (check_posts, check_reviews, check_targets)
    found = [finding for rule in (*demand, *handling, *rest) for finding in rule(system)]
    return [*found, *check_experiment(system, replaced)]


def find_problems(system: System, replaced: Sequence[str] = ()) -> list[Problem]:
    """The same as problems that know their field; the reader finds where that is written."""
    return [finding.problem() for finding in check(system, replaced)]
