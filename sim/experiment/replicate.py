"""Playing one scenario several times.

Replication r draws its demand with (seed, r), so its numbers depend neither on the number of
processes nor on how many other replications there are. A worker returns the measured figures
and the digest of the log, never the log itself, which is large.
"""

from collections.abc import Callable, Iterable

import pandas as pd

from sim.engine import EngineName, choose, prepare
from sim.experiment.playing import Keep, Played, Setup, numbered_table, play_each
from sim.experiment.runs import Runs
from sim.model.system import System, check_system
from sim.plan.compile import compile_plan


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while replications were played.

    Parameters
    ----------
    runs
        The replications that were finished; perhaps none.
    """

    def __init__(self, runs: Runs) -> None:
        super().__init__()
        self.runs = runs


def replicate(  # noqa: PLR0913 - a keyword per wish
    system: System,
    replications: int | None = None,
    seed: int | None = None,
    *,
    workers: int | None = None,
    on_done: Callable[[int], None] | None = None,
    with_cases: bool = False,
    keep: Keep | None = None,
    engine: EngineName | None = None,
) -> Runs:
    """Play a scenario several times and measure each.

    Parameters
    ----------
    system
        The scenario.
    replications, seed
        As in its ``run`` settings unless given.
    workers
        Processes that play side by side; by default two, or one on a single core. The
        results do not depend on it.
    on_done
        Called with its number after each replication.
    with_cases
        Whether the result has one row per request.
    keep
        Folders for event logs and cases on disk.
    engine
        Which engine plays: "reference" or "fast"; by default the fast one, or with a warning
        the reference where the fast one cannot. The logs are the same, byte for byte.

    Raises
    ------
    TypeError
        If it is no system, such as the name of a file.
    PlanError
        If the scenario cannot be laid out.
    EngineError
        If the fast engine is asked for and cannot play this scenario, or Numba is missing.
    Interrupted
        On Ctrl-C; holds the finished replications.
    """
    check_system(system)
    count = replications or system.run.replications
    start = system.run.seed if seed is None else seed
    plan = compile_plan(system)
    chosen = choose(plan, engine)
    prepare(chosen, plan)
    setup = Setup(plan, start, with_cases, keep or Keep(), chosen)
    return play_all(system.name, setup, range(1, count + 1), workers=workers, on_done=on_done)


def play_all(
    name: str,
    setup: Setup,
    numbers: Iterable[int],
    *,
    workers: int | None = None,
    on_done: Callable[[int], None] | None = None,
) -> Runs:
    """Play these replications of a compiled scenario."""
    played: list[Played] = []
    try:
        for one in play_each(setup, numbers, workers):
            played.append(one)
            if on_done is not None:
                on_done(one.replication)
    except KeyboardInterrupt:
        raise Interrupted(gather(name, setup, played)) from None
    return gather(name, setup, played)


def gather(name: str, setup: Setup, played: Iterable[Played]) -> Runs:
    """The replications in order of number, whoever finished first."""
    ordered = sorted(played, key=lambda one: one.replication)
    return Runs(
        scenario=name,
        seed=setup.seed,
        engine=setup.engine,
        replications=_stacked({one.replication: one.figures for one in ordered}),
        daily=_stacked({one.replication: one.daily for one in ordered}),
        cases=_stacked({one.replication: one.cases for one in ordered}),
        digests={one.replication: one.digest for one in ordered},
        events={one.replication: one.events for one in ordered},
        seconds={one.replication: one.seconds for one in ordered},
        islands=max((one.islands for one in ordered), default=1),
    )


def _stacked(tables: dict[int, pd.DataFrame]) -> pd.DataFrame:
    """Tables of the replications below each other, the number first."""
    full = [
        numbered_table(number, table) for number, table in tables.items() if len(table.columns)
    ]
    return pd.concat(full, ignore_index=True) if full else pd.DataFrame()
