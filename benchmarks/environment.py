"""What the peers run on: a Python environment, an R library and a C compiler, made or found.

Everything lies in one folder outside the project's own environment and is used again.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "peers" / "requirements.txt"
FIND_SIMMER = 'quit(status = !requireNamespace("simmer", quietly = TRUE))'
GET_SIMMER = 'install.packages("simmer", lib = Sys.getenv("R_LIBS_USER"), quiet = TRUE)'
INSTALL_SECONDS = 900


def peers_python(folder: Path, *, install: bool) -> tuple[Path, dict[str, str]]:
    """The Python of the peers, and why a package is missing, by its name.

    Packages are installed one by one: where one cannot be had, the others are compared still.
    """
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    stamp = folder / "installed.txt"
    wanted = [
        line for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]  # fmt: skip
    mark = hashlib.sha256("\n".join([sys.version, *wanted]).encode()).hexdigest()
    if install and not (stamp.is_file() and stamp.read_text(encoding="utf-8") == mark):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        for package in wanted:
            _succeeds([str(python), "-m", "pip", "install", "--quiet", package])
        stamp.write_text(mark, encoding="utf-8")
    missing = {}
    for package in wanted:
        name = package.partition("==")[0]
        if not _succeeds([str(python), "-c", f"import {name}"]):
            missing[name] = f"`pip install {package}` did not succeed with Python " + (
                platform.python_version() if install else "(installing was declined)"
            )
    return python, missing


def simmer(folder: Path, *, install: bool) -> tuple[list[str], dict[str, str], str]:
    """How to call R with simmer: the command, variables, and why it cannot be if so."""
    rscript = shutil.which("Rscript")
    library = folder / "R"
    variables = {"R_LIBS_USER": str(library)}
    if rscript is None:
        return [], {}, "no R on this machine (Rscript is not on PATH)"
    library.mkdir(parents=True, exist_ok=True)
    if not _succeeds([rscript, "-e", FIND_SIMMER], variables):
        if install:
            _succeeds([rscript, "-e", GET_SIMMER], variables)
        if not _succeeds([rscript, "-e", FIND_SIMMER], variables):
            return (
                [],
                {},
                "R is there, but its package simmer is not and could not be installed",
            )
    return [rscript], variables, ""


def native_library(folder: Path) -> tuple[Path, str, str]:
    """The loop in C: the library, the compiler's name, and why there is none if so."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return Path(), "", "no C compiler on PATH"
    folder.mkdir(parents=True, exist_ok=True)
    library = folder / "mmc.so"
    words = [compiler, "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library)]
    if not _succeeds([*words, str(HERE / "native" / "mmc.c")]):
        return Path(), "", "the C compiler refused benchmarks/native/mmc.c"
    told = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False)
    return library, told.stdout.splitlines()[0], ""


def machine() -> dict[str, object]:
    """What the figures were measured on, without a name of the machine."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(_memory("MemTotal"), 1),
        "system": f"{platform.system()} {platform.machine()}",
    }


def load() -> float:
    """Processes that ran or waited to run, on average over the last minute."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else float("nan")


def free_gib() -> float:
    """Memory that a program could still have; infinite where that cannot be asked."""
    return _memory("MemAvailable") or float("inf")


def _memory(what: str) -> float:
    for line in _lines("/proc/meminfo"):
        if line.startswith(what):
            return int(line.split()[1]) / 2**20
    return 0.0


def _processor() -> str:
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


def _succeeds(words: list[str], variables: dict[str, str] | None = None) -> bool:
    try:
        done = subprocess.run(
            words,
            env={**os.environ, **(variables or {})},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
