"""Speed of this simulator and of its peers: `make benchmark`, or `python -m benchmarks`.

Peers get an environment of their own in a folder that is used again; nothing of it enters the
project's. Figures are processor seconds, medians of interleaved rounds in one run. They are no
part of `make results`, whose files are the same bytes everywhere: times are not.
"""

import platform
import shlex
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

import sim
from benchmarks.agreement import comparisons
from benchmarks.environment import load, machine
from benchmarks.goals import outcomes
from benchmarks.measure import FULL, QUICK, Measured, Size, measure
from benchmarks.peers import model as m
from benchmarks.plot import draw
from benchmarks.programs import OURS, find_programs
from benchmarks.tables import figures_json, markdown, rows, table_csv

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "results" / "reference" / "benchmarks"
FILES = ("table.md", "table.csv", "figures.json", "speed.svg")
PACKAGES = ("numba", "numpy", "simpy")


@click.command()
@click.option("--quick", is_flag=True, help="Small sizes and three rounds: about a minute.")
@click.option("--rounds", type=click.IntRange(1), help="Interleaved rounds [default: 5].")
@click.option("--most", type=click.IntRange(10_000), metavar="REQUESTS",
              help="Largest size of the growth row [default: 10,000,000].")  # fmt: skip
@click.option("--peers", type=click.Path(path_type=Path), default=ROOT / ".venv-peers",
              help="Folder of the peers' environments [default: .venv-peers].")  # fmt: skip
@click.option("--install/--no-install", default=True, help="Whether to install peers there.")
@click.option("--out", type=click.Path(path_type=Path),
              help="Folder for table, figures and plot [default: none].")  # fmt: skip
@click.option("--reference", is_flag=True, help="Write to results/reference/benchmarks.")
def main(
    *, quick: bool, rounds: int | None, most: int | None, peers: Path, install: bool,
    out: Path | None, reference: bool,
) -> None:  # fmt: skip
    """Time every program, print the table, and end with 3 where results do not agree."""
    size = QUICK if quick else FULL
    growth = tuple(n for n in size.growth if most is None or n <= most)
    size = size._replace(rounds=rounds or size.rounds, growth=growth)
    begin, before = time.perf_counter(), load()
    programs, versions = find_programs(peers.resolve(), install=install)
    measured = measure(programs, size, _say)
    about = describe(size, {**measured.versions, **versions}, [before, load()])
    folder = REFERENCE if reference else out
    agreed = show(measured, size, about, folder)
    _say(f"{time.perf_counter() - begin:.0f} s by the clock")
    sys.exit(0 if agreed else 3)


def describe(size: Size, versions: dict[str, str], loads: list[float]) -> dict[str, Any]:
    """How and on what this was measured."""
    own = {"gridgov-sim": sim.__version__, "Python": platform.python_version()}
    own |= {f"our {name}": version(name) for name in PACKAGES}
    return {
        "command": shlex.join(["python", "-m", "benchmarks", *_words()]),
        "rounds": size.rounds,
        "replications": size.replications,
        "machine": machine(),
        "versions": {**own, **{n: v for n, v in versions.items() if n != "Python"}},
        "load": loads,
    }


def _words() -> list[str]:
    """The options given, without folders, which say nothing about the figures."""
    words = iter(sys.argv[1:])
    kept = []
    for word in words:
        if word in {"--peers", "--out"}:
            next(words, None)
        elif not word.startswith(("--peers=", "--out=")):
            kept.append(word)
    return kept


def show(measured: Measured, size: Size, about: dict[str, Any], folder: Path | None) -> bool:
    """Print the page, write the files if there is a folder; whether all results agree."""
    found = {
        (model, program): (
            [each["means"] for each in told],
            measured.replications[model, size.requests[model][program] / m.RATE[model]],
        )
        for (model, program), told in measured.answers.items()
        if model in m.QUANTITIES and program not in OURS and program != "c"
    }
    compared = comparisons(found)
    reached = outcomes(measured)
    page = markdown(measured, compared, reached, about)
    click.echo(page)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        table = rows(measured, compared)
        texts = (page, table_csv(table), figures_json(measured, compared, reached, about))
        for name, text in zip(FILES, texts, strict=False):
            (folder / name).write_text(text, encoding="utf-8")
        draw(table, folder / FILES[-1])
    equal = not any(differing for _, differing in measured.equal.values())
    same = all(each["same"] for each in measured.answers.get(("A", "c"), []))
    return equal and same and all(each.agrees for each in compared)


def _say(line: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{line}", err=True, nl=False)
    else:
        click.echo(line, err=True)


if __name__ == "__main__":
    main()
