"""The rounds: every program once a round, in turn, so that a slow minute is everybody's."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.agreement import Means
from benchmarks.environment import free_gib
from benchmarks.peers import model as m
from benchmarks.programs import OURS, TITLES, Program, ProgramError, Running

Say = Callable[[str], None]
Answers = dict[tuple[str, str], list[dict[str, Any]]]
"""By what was played and program: its answer in each round."""

WARM_UP = {"A": 100.0, "B": 5.0}
FIRST_OF_OURS = 1001
"""Seeds of the replications that others are held against; rounds count from 1."""
GROWTH_MARGIN = 1.3
SYSTEMS = (
    "anqiu", "bijiang", "chifeng", "hanting", "putian", "songyuan", "weicheng", "wujiaochang",
)  # fmt: skip
ANQIU, GROWTH = "Anqiu", "growth"
YEAR_DAYS = 365


class Job(NamedTuple):
    """Something played by one program in every round, or in the first few."""

    played: str
    """Model A or B, `Anqiu DAYS d`, or `growth REQUESTS`."""
    program: str
    scenario: str
    hours: float
    rounds: int


class Size(NamedTuple):
    """How much is played: requests by model and program, and the other figures."""

    rounds: int
    requests: dict[str, dict[str, int]]
    part_days: int
    """Length of the part of Anqiu's year that both engines play in every round."""
    year_rounds: tuple[int, int]
    """Rounds of the whole year, fast and reference engine."""
    growth: tuple[int, ...]
    side_by_side: int
    replications: int
    equal: dict[str, float]
    """Scenarios in which rows are compared, and hours of them."""


FULL = Size(
    rounds=5,
    requests={
        "A": {
            "fast": 1_000_000, "play": 1_000_000, "reference": 20_000, "c": 1_000_000,
            "cimba": 1_000_000, "simpy_tuned": 100_000, "simpy_plain": 100_000,
            "simmer": 100_000, "ciw": 100_000, "salabim": 10_000,
        },
        "B": {
            "fast": 300_000, "table": 300_000, "play": 300_000, "reference": 20_000,
            "cimba": 300_000, "simpy_tuned": 50_000, "simpy_plain": 50_000,
            "simmer": 50_000, "ciw": 2_500, "salabim": 2_500,
        },
    },
    part_days=91,
    year_rounds=(5, 1),
    growth=(100_000, 1_000_000, 10_000_000),
    side_by_side=1_000_000,
    replications=20,
    equal={"A": 2_000, "B": 48} | dict.fromkeys(SYSTEMS, 168),
)  # fmt: skip
QUICK = Size(
    rounds=3,
    requests={
        "A": {
            "fast": 100_000, "play": 100_000, "reference": 5_000, "c": 100_000,
            "cimba": 100_000, "simpy_tuned": 20_000, "simpy_plain": 20_000,
            "simmer": 20_000, "ciw": 20_000, "salabim": 2_000,
        },
        "B": {
            "fast": 100_000, "table": 100_000, "play": 100_000, "reference": 4_000,
            "cimba": 50_000, "simpy_tuned": 10_000, "simpy_plain": 10_000,
            "simmer": 10_000, "ciw": 600, "salabim": 600,
        },
    },
    part_days=7,
    year_rounds=(3, 0),
    growth=(10_000, 100_000),
    side_by_side=200_000,
    replications=20,
    equal={"B": 12, "anqiu": 168},
)  # fmt: skip


class Measured(NamedTuple):
    """Everything that was measured."""

    answers: Answers
    pairs: list[tuple[float, float]]
    """Seconds by the clock of two replications: one after the other, and side by side."""
    replications: dict[tuple[str, float], list[Means]]
    """Means of our replications by model and hours."""
    equal: dict[str, tuple[int, int]]
    """By scenario: rows compared, rows that differ."""
    versions: dict[str, str]
    missing: dict[str, str]
    """Why a program, or a size, was not played."""


def jobs(size: Size) -> list[Job]:
    """What a full round plays, in its order."""
    found = [
        Job(model, program, model, requests / m.RATE[model], size.rounds)
        for model in ("B", "A")
        for program, requests in size.requests[model].items()
    ]
    lengths = [(size.part_days, (size.rounds, size.rounds)), (YEAR_DAYS, size.year_rounds)]
    found += [
        Job(f"{ANQIU} {days} d", program, "anqiu", 24 * days, rounds)
        for days, both in lengths
        for program, rounds in zip(("fast", "reference"), both, strict=True)
    ]
    found += [
        Job(f"{GROWTH} {requests}", "fast", "B", requests / m.RATE["B"], size.rounds)
        for requests in size.growth
    ]
    return found


def measure(programs: list[Program], size: Size, say: Say) -> Measured:
    """Play all rounds; a peer that fails is left out from there on, ours must not fail."""
    missing = {each.name: each.missing for each in programs if each.missing}
    with tempfile.TemporaryDirectory() as folder:
        running = start(programs, Path(folder), missing, say)
        try:
            return _measure(running, size, missing, say)
        finally:
            for each in running.values():
                each.close()


def start(
    programs: list[Program], folder: Path, missing: dict[str, str], say: Say
) -> dict[str, Running]:
    """Start what is there and let it play once, which compiles what is to be compiled."""
    running: dict[str, Running] = {}
    own = [Program("second", [sys.executable, "-m", "benchmarks.ours", "fast"])]
    own.append(Program("equality", [sys.executable, "-m", "benchmarks.equality"]))
    for program in [*programs, *own]:
        if program.missing:
            continue
        say(f"starting {TITLES.get(program.name, program.name).strip('*')}")
        try:
            running[program.name] = one = Running(program, folder)
            for model, hours in WARM_UP.items() if program.name != "equality" else ():
                if program.name != "c" or model == "A":
                    one.play(f"{model} {hours:g} 1")
        except ProgramError as error:
            lost(program.name, error, running, missing)
    return running


def lost(
    name: str, error: ProgramError, running: dict[str, Running], missing: dict[str, str]
) -> None:
    """Leave a peer out; stop where it is one of ours."""
    if name not in TITLES or name in OURS:
        raise SystemExit(f"{name}: {error}") from error
    missing[name] = str(error)
    if name in running:
        running.pop(name).close()


def _measure(
    running: dict[str, Running], size: Size, missing: dict[str, str], say: Say
) -> Measured:
    versions: dict[str, str] = {}
    for each in running.values():
        versions |= {n: v for n, v in each.versions.items() if n not in versions}
    answers: Answers = {}
    pairs: list[tuple[float, float]] = []
    for number in range(1, size.rounds + 1):
        for job in jobs(size):
            if number > job.rounds or job.program not in running:
                continue
            if too_large(job, answers, missing):
                continue
            say(f"round {number} of {size.rounds}: {job.played}, {job.program}")
            try:
                answer = running[job.program].play(words(job, number))
            except ProgramError as error:
                lost(job.program, error, running, missing)
                continue
            answers.setdefault((job.played, job.program), []).append(answer)
        say(f"round {number} of {size.rounds}: two replications on two cores")
        hours = size.side_by_side / m.RATE["B"]
        pairs.append(side_by_side(running["fast"], running["second"], hours))
    equal = {}
    for scenario, hours in size.equal.items():
        say(f"comparing the engines row by row: {scenario}")
        told = running["equality"].play(f"{scenario} {hours:g} 1")
        equal[scenario] = (told["rows"], told["differing"])
    equal |= same_logs(answers)
    replications = replicate(running["fast"], size, say)
    return Measured(answers, pairs, replications, equal, versions, missing)


def words(job: Job, number: int) -> str:
    """A job as it is asked for, in one round."""
    asked = f"{job.scenario} {job.hours:.10g} {number}"
    return f"{asked} time" if job.played.startswith(GROWTH) else asked


def same_logs(answers: Answers) -> dict[str, tuple[int, int]]:
    """Rows of Anqiu that both engines played in the same round, and those that may differ."""
    found = {}
    for played in {played for played, _ in answers if played.startswith(ANQIU)}:
        both = [answers.get((played, engine), []) for engine in ("fast", "reference")]
        pairs = list(zip(*both, strict=False))
        compared = sum(one["rows"] for one, _ in pairs)
        unlike = sum(one["rows"] for one, other in pairs if one["digest"] != other["digest"])
        if pairs:
            found[played] = (compared, unlike)
    return found


def too_large(job: Job, answers: Answers, missing: dict[str, str]) -> bool:
    """Whether a size of the growth needs more memory than is free, by the size before it."""
    if not job.played.startswith(GROWTH) or (job.played, job.program) in answers:
        return False
    before = [
        told for (played, _), told in answers.items() if played.startswith(GROWTH) and told
    ]
    if not before:
        return False
    last = before[-1][0]
    need = GROWTH_MARGIN * last["peak"] * (job.hours * m.RATE["B"]) / last["n"]
    if need > free_gib():
        missing[job.played] = f"needs about {need:.0f} GiB of memory, {free_gib():.0f} are free"
        return True
    return False


def side_by_side(one: Running, other: Running, hours: float) -> tuple[float, float]:
    """Two replications, one after the other and both at once, by the clock."""
    first, second = (f"B {hours:.10g} {seed} time" for seed in (1, 2))
    alone = [one.play(job) for job in (first, second)]
    one.ask(first)
    other.ask(second)
    both = [one.hear(), other.hear()]
    apart = sum(each["end"] - each["begin"] for each in alone)
    together = max(each["end"] for each in both) - min(each["begin"] for each in both)
    return apart, together


def replicate(fast: Running, size: Size, say: Say) -> dict[tuple[str, float], list[Means]]:
    """Our replications of every length that another program plays."""
    found: dict[tuple[str, float], list[Means]] = {}
    for model, programs in size.requests.items():
        for requests in sorted({n for name, n in programs.items() if name not in OURS}):
            hours = requests / m.RATE[model]
            say(f"replications to compare with: {model}, {requests:,} requests")
            seeds = range(FIRST_OF_OURS, FIRST_OF_OURS + size.replications)
            found[model, hours] = [
                fast.play(f"{model} {hours:.10g} {seed}")["means"] for seed in seeds
            ]
    return found
