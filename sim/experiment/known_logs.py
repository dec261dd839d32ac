"""Logs whose digests are known: what tells that trajectories are those of their version.

Other versions of NumPy or SciPy may change the tables of a law in the last digit and with
them a log; the digests hold for the versions in requirements-lock.txt.
"""

import json
from importlib.resources import files
from typing import Any, Final, NamedTuple

from sim.demand.trace import draw_trace
from sim.engine import EngineName, play
from sim.plan.compile import compile_plan
from sim.scenario.evidence import evidence_folder
from sim.scenario.reader import load_scenario

FILE: Final = "known_logs.json"


class Known(NamedTuple):
    """One replication and the digest of its log."""

    scenario: str
    """Below the folder of the shipped scenarios."""
    overrides: tuple[str, ...]
    digest: str


def known_version() -> int:
    """Version of trajectories that the known logs are of."""
    return int(_read()["trajectories"])


def known_logs() -> tuple[Known, ...]:
    """All of them, small ones first."""
    return tuple(
        Known(each["scenario"], tuple(each["overrides"]), each["digest"])
        for each in _read()["logs"]
    )


def digest_now(known: Known, engine: EngineName = "reference") -> str:
    """Digest of the log that this program makes of the same replication."""
    path = evidence_folder().parent / known.scenario
    plan = compile_plan(load_scenario(path, known.overrides).model)
    return play(plan, draw_trace(plan, seed=1, replication=1), engine).digest()


def _read() -> Any:  # noqa: ANN401  (a file of this package)
    return json.loads(files("sim.experiment").joinpath(FILE).read_text(encoding="utf-8"))
