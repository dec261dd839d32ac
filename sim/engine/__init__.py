"""Engines: plan + demand trace -> event log. Two of them, which share data and never logic."""

import warnings
from typing import Literal

from sim.demand.layout import DemandTrace
from sim.engine.contract import Engine
from sim.engine.notices import EngineWarning
from sim.errors import EngineError
from sim.eventlog import EventLog
from sim.plan.layout import Plan

EngineName = Literal["fast", "reference"]

__all__ = ["EngineName", "EngineWarning", "choose", "find_engine", "play", "prepare"]


def play(plan: Plan, trace: DemandTrace, engine: EngineName | None = None) -> EventLog:
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
    """The engine that will play this plan, by name and as a function; as `play` chooses it."""
    if choose(plan, engine) == "fast":
        from sim.engine.fast import play as play_fast

        return "fast", play_fast
    from sim.engine.reference import play as play_reference

    return "reference", play_reference


def choose(plan: Plan, engine: EngineName | None = None) -> EngineName:
    """The name of the engine that will play this plan; a warning says why it is another one.

    Raises
    ------
    EngineError
        As `play`.
    """
    if engine == "reference":
        return engine
    en, zh = _obstacle(plan)
    if not en:
        return "fast"
    if engine == "fast":
        raise EngineError(en, zh)
    told = EngineWarning(f"{en}; the reference engine plays instead", f"{zh}；改由参考引擎运行")
    warnings.warn(told, stacklevel=3)
    return "reference"


def prepare(engine: EngineName, plan: Plan) -> None:
    """Make an engine ready for a plan: processes started after this find it compiled."""
    if engine == "fast":
        from sim.engine.fast import prepare as prepare_fast

        prepare_fast(plan)


def _obstacle(plan: Plan) -> tuple[str, str]:
    """Why the fast engine cannot play, in both languages; empty if it can."""
    try:
        from sim.engine.fast.build import unsupported
    except ImportError as error:
        return (
            f"the fast engine needs Numba, which cannot be imported ({error})",
            f"快速引擎需要 Numba，但无法导入（{error}）",
        )
    reason = unsupported(plan)
    return (reason, f"快速引擎不能运行此情景（{reason}）") if reason else ("", "")
