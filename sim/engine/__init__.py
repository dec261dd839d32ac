"""Engines: plan + demand trace -> event log. Two of them, which share data and never logic."""

import warnings
from typing import Literal

from sim.demand.layout import DemandTrace
from sim.engine.contract import Engine
from sim.errors import EngineError
from sim.eventlog import EventLog
from sim.plan.layout import Plan

EngineName = Literal["fast", "reference"]

__all__ = ["EngineName", "find_engine", "run"]


def run(plan: Plan, trace: DemandTrace, engine: EngineName | None = None) -> EventLog:
    """Play one replication.

    Parameters
    ----------
    plan
        The compiled scenario.
    trace
        One replication's demand, drawn for this plan.
    engine
        Which engine plays; by default the fast one, or with a warning the reference where the
        fast one cannot. The log is the same.

    Raises
    ------
    EngineError
        If `engine` is "fast" and cannot play: Numba is missing, or the plan is beyond it.
    """
    return find_engine(plan, engine)[1](plan, trace)


def find_engine(plan: Plan, engine: EngineName | None = None) -> tuple[EngineName, Engine]:
    """The engine that will play this plan, by name and as a function; as `run` chooses it."""
    if engine != "reference":
        reason = _obstacle(plan)
        if not reason:
            from sim.engine.fast import play as play_fast

            return "fast", play_fast
        if engine == "fast":
            raise EngineError(reason)
        warnings.warn(f"{reason}; the reference engine plays instead", stacklevel=3)
    from sim.engine.reference import play

    return "reference", play


def _obstacle(plan: Plan) -> str:
    """Why the fast engine cannot play, empty if it can."""
    try:
        from sim.engine.fast.build import unsupported
    except ImportError as error:
        return f"the fast engine needs Numba, which cannot be imported ({error})"
    return unsupported(plan)
