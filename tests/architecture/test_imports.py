"""The import rules hold, and breaking one is noticed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINT = (
    "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
)
LATE = ("matplotlib", "numba", "numpy", "pandas", "scipy", "simpy")
"""Heavy packages that a help text must not wait for."""


def run_python(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run this Python with `folder` first on its path."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_every_import_rule_is_kept(root):
    result = run_python("-c", LINT, folder=root)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "line", "rule"),
    [
        ("errors.py", "import yaml", "Only sim.scenario.document reads YAML BROKEN"),
        ("errors.py", "import simpy", "Only the reference engine knows SimPy BROKEN"),
        ("errors.py", "import subprocess", "Only the border starts processes BROKEN"),
        ("errors.py", "import sim.__main__", "Layers: each imports only from below BROKEN"),
        ("stray.py", "", "Layers: each imports only from below BROKEN"),
    ],
    ids=["yaml", "simpy", "processes", "upward", "stray-module"],
)
def test_a_planted_breach_is_caught(root, tmp_path, file, line, rule):
    shutil.copytree(
        root / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(root / "pyproject.toml", tmp_path)
    module = tmp_path / "sim" / file
    text = module.read_text(encoding="utf-8") if module.exists() else ""
    module.write_text(f"{text}\n{line}\n", encoding="utf-8")

    result = run_python("-c", LINT, folder=tmp_path)

    assert result.returncode == 1
    assert rule in result.stdout


def imported(log: str) -> set[str]:
    """Top-level packages in the output of ``python -X importtime``."""
    rows = [row.rpartition("|")[2].strip() for row in log.splitlines() if "import time:" in row]
    return {row.partition(".")[0] for row in rows}


@pytest.mark.parametrize(
    "arguments", [("-c", "import sim"), ("-m", "sim", "--help")], ids=["import", "help"]
)
def test_nothing_heavy_is_imported_before_it_is_needed(root, arguments):
    result = run_python("-X", "importtime", *arguments, folder=root)

    assert result.returncode == 0, result.stderr[-2000:]
    assert "sim" in imported(result.stderr)
    assert imported(result.stderr).isdisjoint(LATE)


def test_a_run_waits_for_no_package_that_it_hardly_needs(root):
    # scipy.stats alone takes a second, as long as a small run.
    program = (
        "import sys, sim.cli.run, sim.cli.tables, sim.experiment.precisely, "
        "sim.experiment.replicate, sim.experiment.results, sim.experiment.targets; "
        "print(*{'matplotlib', 'scipy.optimize', 'scipy.stats'} & set(sys.modules))"
    )
    result = run_python("-c", program, folder=root)

    assert (result.returncode, result.stdout.strip()) == (0, ""), result.stderr[-2000:]
