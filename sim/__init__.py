"""Simulator of grassroots governance capacity (基层治理能力).

A scenario is read into a system, compiled to a plan, given a demand trace, played into an
event log, measured, repeated and compared:

>>> import sim as gg
>>> system = gg.read_scenario("scenarios/bijiang.yaml")        # doctest: +SKIP
>>> runs = gg.replicate(system, replications=10)               # doctest: +SKIP
>>> runs.summary()                                             # doctest: +SKIP
>>> gg.plot.open_requests(runs.daily)                          # doctest: +SKIP

The names below are the whole public interface, in that order; everything heavy is imported
when a name is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.demand.trace import draw_trace
    from sim.engine import play
    from sim.errors import ScenarioError
    from sim.experiment.compare import Comparison, compare
    from sim.experiment.replicate import replicate
    from sim.experiment.runs import Runs
    from sim.metrics import measure
    from sim.plan.compile import compile_plan
    from sim.scenario.evidence import load_evidence
    from sim.scenario.reader import read_scenario

__version__ = "0.1.0"

__all__ = [  # noqa: RUF022  (in the order of the data, not of the alphabet)
    "load_evidence",
    "read_scenario",
    "compile_plan",
    "draw_trace",
    "play",
    "measure",
    "replicate",
    "Runs",
    "compare",
    "Comparison",
    "plot",
    "ScenarioError",
    "__version__",
]

_HOME = {
    "load_evidence": "sim.scenario.evidence",
    "read_scenario": "sim.scenario.reader",
    "compile_plan": "sim.plan.compile",
    "draw_trace": "sim.demand.trace",
    "play": "sim.engine",
    "measure": "sim.metrics",
    "replicate": "sim.experiment.replicate",
    "Runs": "sim.experiment.runs",
    "compare": "sim.experiment.compare",
    "Comparison": "sim.experiment.compare",
    "plot": "sim.plot",
    "ScenarioError": "sim.errors",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (every public name has its own type)
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    home = import_module(_HOME[name])
    value = home if home.__name__ == f"sim.{name}" else getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
