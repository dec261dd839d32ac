"""What the project has set itself, beside what was measured."""

import statistics
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.measure import ANQIU, GROWTH, YEAR_DAYS, Answers, Measured


class Goal(NamedTuple):
    """One goal, its figure, and whether the figure is to be at least or at most that."""

    text: str
    goal: float
    at_least: bool
    unit: str = "×"


class Outcome(NamedTuple):
    """A goal with what was measured; None where it was not."""

    goal: Goal
    figure: float | None

    @property
    def met(self) -> bool | None:
        """Whether the figure reaches the goal; None where there is no figure."""
        if self.figure is None:
            return None
        if self.goal.at_least:
            return self.figure >= self.goal.goal
        return self.figure <= self.goal.goal


RATIOS = (
    ("B", "simpy_tuned", "fast", 45, "network, all-in, against tuned SimPy"),
    ("B", "cimba", "fast", 10, "network, all-in, against Cimba"),
    ("B", "simmer", "fast", 70, "network, all-in, against simmer"),
    ("B", "salabim", "fast", 500, "network, all-in, against salabim"),
    ("B", "ciw", "fast", 2000, "network, all-in, against Ciw"),
    ("B", "simpy_tuned", "play", 60, "network, play only, against tuned SimPy"),
    (
        "B",
        "simpy_tuned",
        "table",
        45,
        "network, with the table of requests, against tuned SimPy",
    ),
    ("B", "cimba", "table", 10, "network, with the table of requests, against Cimba"),
    ("B", "simmer", "table", 70, "network, with the table of requests, against simmer"),
    ("B", "salabim", "table", 500, "network, with the table of requests, against salabim"),
    ("B", "ciw", "table", 2000, "network, with the table of requests, against Ciw"),
    ("A", "cimba", "fast", 1.5, "M/M/c, all-in, against Cimba"),
    ("A", "simpy_tuned", "fast", 25, "M/M/c, all-in, against tuned SimPy"),
)
"""What is played, the slower program, the faster, the goal and its words."""


def seconds(answers: Answers, played: str, program: str) -> list[float]:
    """Processor seconds a request, round by round; empty where it was not played."""
    return [each["cpu"] / each["n"] for each in answers.get((played, program), [])]


def ratio(answers: Answers, played: str, slow: str, fast: str) -> float | None:
    """The median of the ratios within rounds."""
    pairs = zip(seconds(answers, played, slow), seconds(answers, played, fast), strict=False)
    return _median([a / b for a, b in pairs])


def outcomes(measured: Measured) -> list[Outcome]:
    """Every goal with its figure."""
    answers = measured.answers
    found = [
        Outcome(Goal(text, goal, at_least=True), ratio(answers, played, slow, fast))
        for played, slow, fast, goal, text in RATIOS
    ]
    lengths = sorted({played for played, _ in answers if played.startswith(ANQIU)}, key=len)
    for played in lengths:
        text = f"{played}, all-in, against our reference engine"
        figure = ratio(answers, played, "reference", "fast")
        found.append(Outcome(Goal(text, 60, at_least=True), figure))
    found.append(_outcome("M/M/c, our playing against the same loop in C, same log", 1.4,
                          _in_c(answers, lambda each: each["ours"] / each["cpu"])))  # fmt: skip
    found.append(_outcome("network, our reference engine against tuned SimPy", 3,
                          ratio(answers, "B", "reference", "simpy_tuned")))  # fmt: skip
    year = f"{ANQIU} {YEAR_DAYS} d"
    whole = [each["cpu"] for each in answers.get((year, "fast"), [])]
    found.append(_outcome(f"{year}, fast engine, all-in, warm", 5, _median(whole), "s"))
    pairs = [apart / together for apart, together in measured.pairs]
    text = "two replications of the network on two cores, by the clock"
    found.append(Outcome(Goal(text, 1.7, at_least=True), _median(pairs)))
    first, last = growth_ends(answers)
    text = f"growth of time a request, network, {last:,} over {first:,} requests"
    grown = _median([
        b / a for a, b in zip(seconds(answers, f"{GROWTH} {first}", "fast"),
                              seconds(answers, f"{GROWTH} {last}", "fast"), strict=False)
    ])  # fmt: skip
    found.append(_outcome(text, 1.2, grown))
    rows = sum(compared for compared, _ in measured.equal.values())
    differing = sum(unlike for _, unlike in measured.equal.values())
    text = f"rows in which the engines differ, clocks of 1 s and 1 min, of {rows:,}"
    found.append(_outcome(text, 0, float(differing) if rows else None, "rows"))
    return found


def growth_ends(answers: Answers) -> tuple[int, int]:
    """The smallest and the largest size that was played."""
    sizes = [int(played.split()[1]) for played, _ in answers if played.startswith(GROWTH)]
    return (min(sizes), max(sizes)) if sizes else (0, 0)


def _outcome(text: str, most: float, figure: float | None, unit: str = "×") -> Outcome:
    return Outcome(Goal(text, most, at_least=False, unit=unit), figure)


def _in_c(answers: Answers, figure: Callable[[dict[str, float]], float]) -> float | None:
    return _median([figure(each) for each in answers.get(("A", "c"), [])])


def _median(values: list[float]) -> float | None:
    return statistics.median(values) if values else None
