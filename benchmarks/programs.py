"""The programs compared, each a process that answers one job after another.

A process lives through all rounds, so that starting and compiling are nobody's time.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from benchmarks.environment import native_library, peers_python, simmer

HERE = Path(__file__).resolve().parent

OURS = {
    "fast": "**gridgov fast engine, all-in**",
    "table": "gridgov fast engine, all-in, with the table of requests",
    "play": "gridgov fast engine, play only",
    "reference": "gridgov reference engine, all-in",
}
PEERS = {
    "cimba": "Cimba-Python",
    "simpy_tuned": "SimPy, tuned processes",
    "simpy_plain": "SimPy, plain",
    "simmer": "simmer (R)",
    "ciw": "Ciw",
    "salabim": "salabim",
}
TITLES = {**OURS, **PEERS, "c": "the same loop in C, same log"}


class Program(NamedTuple):
    """How a program is called, or why it cannot be."""

    name: str
    words: list[str]
    variables: Mapping[str, str] = MappingProxyType({})
    missing: str = ""


class ProgramError(Exception):
    """A program ended or said something that is no answer."""


class Running:
    """A program that runs: `ask` sends a job, `hear` waits for the answer."""

    def __init__(self, program: Program, folder: Path) -> None:
        self.name = program.name
        self._said = folder / f"{program.name}.log"
        with self._said.open("w", encoding="utf-8") as errors:
            self._process = subprocess.Popen(
                program.words,
                env={**os.environ, "PYTHONPATH": str(HERE.parent), **program.variables},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.versions: dict[str, str] = self.hear()["versions"]

    def ask(self, job: str) -> None:
        """Send one job."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(job + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise ProgramError(self._why()) from error

    def hear(self) -> dict[str, Any]:
        """The next answer."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        try:
            answer: dict[str, Any] = json.loads(line)
        except ValueError as error:
            raise ProgramError(self._why()) from error
        return answer

    def play(self, job: str) -> dict[str, Any]:
        """Send a job and wait for its answer."""
        self.ask(job)
        return self.hear()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()

    def _why(self) -> str:
        lines = self._said.read_text(encoding="utf-8", errors="replace").split("\n")
        last = [line.strip() for line in lines if line.strip()][-1:]
        return f"it ended: {last[0] if last else 'without a word'}"


def find_programs(folder: Path, *, install: bool) -> tuple[list[Program], dict[str, str]]:
    """Every program, and the versions of what is not a Python package."""
    found = [Program(name, [sys.executable, "-m", "benchmarks.ours", name]) for name in OURS]
    python, missing = peers_python(folder / "python", install=install)
    for name, package in (
        ("cimba", "cimba"),
        ("simpy_tuned", "simpy"),
        ("simpy_plain", "simpy"),
        ("ciw", "ciw"),
        ("salabim", "salabim"),
    ):
        file = f"{name}.py" if package == "simpy" else f"{name}_program.py"
        words = [str(python), str(HERE / "peers" / file)]
        found.append(Program(name, words, missing=missing.get(package, "")))
    words, variables, why = simmer(folder, install=install)
    file = str(HERE / "peers" / "simmer_program.R")
    found.append(Program("simmer", [*words, file], variables, why))
    library, compiler, why = native_library(folder)
    words = [sys.executable, "-m", "benchmarks.native", str(library)]
    found.append(Program("c", words, missing=why))
    return found, {"C compiler": compiler} if compiler else {}
