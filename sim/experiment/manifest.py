"""The manifest: what a results folder needs to be defended years later."""

import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import sim
from sim.eventlog import TRAJECTORIES
from sim.experiment.runs import Runs
from sim.experiment.store import file_digest, source_state
from sim.model.run import Run
from sim.units import format_duration

SCHEMA_VERSION = 1
STREAMS = "philox4x32-10, keyed by name"

_PACKAGES = (
    "chinesecalendar",
    "numba",
    "numpy",
    "pandas",
    "pydantic",
    "PyYAML",
    "scipy",
    "simpy",
)


def describe_tool() -> dict[str, Any]:
    """The program and what it stands on."""
    return {
        "name": "gridgov-sim",
        "version": sim.__version__,
        "trajectories": TRAJECTORIES,
        "source": source_state(Path(sim.__file__).parent),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def describe_inputs(
    files: Sequence[str], overrides: Sequence[str], lang: str
) -> dict[str, Any]:
    """The scenario with all files it extends, nearest first, and how it was changed."""
    return {
        "scenario": files[0],
        "inputs": [{"path": name, "sha256": file_digest(Path(name))} for name in files],
        "overrides": list(overrides),
        "command": ["gridgov", *sys.argv[1:]],
        "language": lang,
    }


def describe_runs(runs: Runs, run: Run, asked: int, seconds: float) -> dict[str, Any]:
    """How often and how long it was played, and the digest of every log."""
    done = sorted(runs.digests)
    return {
        "engine": runs.engine,
        "seed": runs.seed,
        "streams": STREAMS,
        "replications": asked,
        "finished": done,
        "partial": len(done) < asked,
        "start": run.start.isoformat(),
        "warm_up": format_duration(run.warm_up),
        "horizon": format_duration(run.horizon),
        "cool_down": format_duration(run.cool_down),
        "seconds": round(seconds, 3),
        "digests": {str(number): runs.digests[number] for number in done},
        "events": {str(number): runs.events[number] for number in done},
        **({"islands": runs.islands} if runs.islands > 1 else {}),
    }


def describe_files(folder: Path, rows: Mapping[str, int]) -> list[dict[str, Any]]:
    """Every file of the folder with its digest, and its rows where it is a table."""
    return [
        {
            "path": (name := path.relative_to(folder).as_posix()),
            "sha256": file_digest(path),
            "bytes": path.stat().st_size,
            "rows": rows.get(name),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
