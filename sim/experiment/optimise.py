"""The cheapest staffing that keeps its limits, with a guarantee.

The cost of a staffing is known before anything is played; what service it gives is not. So each
candidate is tested (`sim.analysis.feasibility`) in an order that needs few tests
(`sim.analysis.search`), all under the same demand. The errors of all tests together stay below
1 - confidence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from sim.analysis.feasibility import FIRST, Check, check
from sim.analysis.intervals import Floats, Interval
from sim.analysis.search import (
    Cell,
    bisection,
    bisection_tests,
    descend,
    neighbours,
    scan,
    scan_tests,
    staircase,
    staircase_tests,
)
from sim.errors import AnalysisError
from sim.experiment.candidates import Candidates, rising_by_ends, rising_levers
from sim.experiment.design import DesignError
from sim.experiment.limits import Limit, capped, observations
from sim.experiment.runs import Figure, interval_of
from sim.experiment.supply import Key, Supply
from sim.keys import subkey
from sim.metrics.catalogue import BY_NAME

Order = Literal["scan", "bisection", "staircase", "search"]

FEW: Final = 4
"""So few candidates are scanned; anything cleverer saves no test."""
SCANNED: Final = 30
"""So many candidates of three or more levers are scanned rather than searched."""
SEARCH_STEPS: Final = (4, 6, 9, 14, 20)
"""Replications of the sample problems of a search, each half as many again."""
SEARCH_SEED: Final = 0x5EA7C4
LADDER: Final = 3
"""Steps up of all levers that are tested beside the winner of a search."""


class Wanted(NamedTuple):
    """What is asked for.

    Attributes
    ----------
    limits
        All of them must be met.
    confidence
        Probability of an acceptable answer.
    order
        Of testing; None chooses.
    most
        Replications of one candidate after which it is given up as not decided.
    """

    limits: tuple[Limit, ...]
    confidence: float
    order: Order | None = None
    most: int = 10_000


class Looked(NamedTuple):
    """A candidate that was looked at."""

    candidate: int
    cost: float
    meets: bool | None
    verdicts: tuple[bool | None, ...]
    """By limit; None: not decided, or not needed since another limit was missed."""
    intervals: tuple[Interval, ...]
    """Of the figure of each limit, at the confidence asked for, of this candidate alone."""
    excess: float
    """By how many tolerances it misses its worst limit on average; negative: it meets all."""
    n: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What was found.

    Attributes
    ----------
    chosen
        Number of the candidate, or None where none meets the limits.
    closest
        Of those looked at, the one that misses its limits least.
    order
        The order of testing that was used.
    tests
        Tests over which the error was shared.
    fell_back
        Whether neighbours contradicted the assumed order, so that all were scanned.
    looked_at
        Every candidate that was tested, the cheapest first.
    searched
        Further candidates that the search looked at, with other replications.
    """

    chosen: int | None
    closest: int
    order: Order
    tests: int
    fell_back: bool
    looked_at: tuple[Looked, ...]
    searched: tuple[int, ...]

    @property
    def replications(self) -> int:
        """Replications of the tests."""
        return sum(looked.n for looked in self.looked_at)

    @property
    def undecided(self) -> tuple[int, ...]:
        """Candidates whose replications ran out before they were judged."""
        return tuple(looked.candidate for looked in self.looked_at if looked.meets is None)


def cheapest(supply: Supply, wanted: Wanted) -> Answer:
    """Find the cheapest candidate that meets all limits.

    With the probability asked for, the answer misses no limit by more than its tolerance, and
    no cheaper candidate meets all limits with more than the tolerance to spare; after a search
    this is said of the neighbours of the answer only, and bisection and staircase assume that
    dearer never serves worse.

    Raises
    ------
    DesignError
        If the order does not suit the levers, or a limit names an unknown group.
    ScenarioError
        If a candidate's scenario is wrong.
    AnalysisError
        If a figure has no value in any replication.
    """
    candidates = supply.candidates
    order, rising = _order(candidates, wanted.order)
    if order == "search":
        return _searched(supply, wanted)
    tester = _Tester(supply, wanted)
    by_cost = sorted(range(len(candidates.points)), key=lambda c: (candidates.cost(c), c))
    chosen, tests, fell_back = None, scan_tests(len(by_cost)), False
    if order == "scan":
        chosen = scan(by_cost, tester.within(tests, share=1.0))
    else:
        if rising is None:
            raise AssertionError(order)
        chosen, tests, fell_back = _by_assumption(tester, candidates, rising, by_cost)
    return _answer(tester, "scan" if fell_back else order, chosen, tests, fell_back=fell_back)


def _by_assumption(
    tester: "_Tester",
    candidates: Candidates,
    rising: tuple[tuple[int, ...], ...],
    by_cost: list[int],
) -> tuple[int | None, int, bool]:
    """Bisection or staircase, then a scan if a dearer neighbour of the answer fails.

    Half of the error is kept for that scan.
    """
    if len(rising) == 1:
        line = [candidates.number((i,)) for i in rising[0]]
        tests = bisection_tests(len(line))
        test = tester.within(tests, share=0.5)
        chosen = bisection(line, test)
        place = len(line) if chosen is None else line.index(chosen) + 1
        dearer = line[place : place + 1]
    else:
        table = [[candidates.number((i, j)) for j in rising[1]] for i in rising[0]]
        tests = staircase_tests(len(table), len(table[0]))
        test = tester.within(tests, share=0.5)
        chosen = staircase(table, candidates.cost, test)
        dearer = [] if chosen is None else _more(table, chosen)
    if all(test(neighbour) for neighbour in dearer):
        return chosen, tests, False
    tests = scan_tests(len(by_cost))
    return scan(by_cost, tester.within(tests, share=0.5)), tests, True


def _more(table: list[list[int]], chosen: int) -> list[int]:
    """The candidates with one step more of one lever."""
    row = next(i for i, line in enumerate(table) if chosen in line)
    column = table[row].index(chosen)
    below = [table[row + 1][column]] if row + 1 < len(table) else []
    return below + table[row][column + 1 : column + 2]


def _order(
    candidates: Candidates, asked: Order | None
) -> tuple[Order, tuple[tuple[int, ...], ...] | None]:
    """The order of testing, and how the levers rise where it matters."""
    levers, size = len(candidates.levers), len(candidates.points)
    if asked is None and levers > 2 and size > SCANNED:
        return "search", None
    if asked in ("scan", "search") or (asked is None and (size <= FEW or levers > 2)):
        return asked or "scan", None
    fits: Order = "bisection" if levers == 1 else "staircase"
    if asked is not None and (asked != fits or levers > 2):
        need = ("one lever", "一个杠杆") if asked == "bisection" else ("two levers", "两个杠杆")
        raise DesignError(
            f"--order {asked} needs {need[0]}, and there are {levers}",
            f"--order {asked} 需要{need[1]}，现有 {levers} 个",
        )
    rising = rising_levers(candidates)
    if rising is None and asked is not None:
        raise DesignError(
            f"--order {asked} needs levers along which the cost rises; use --order scan",
            f"--order {asked} 要求成本沿杠杆递增；请用 --order scan",
        )
    return ("scan", None) if rising is None else (fits, rising)


class _Tester:
    """Tests candidates and remembers what was found about each."""

    def __init__(self, supply: Supply, wanted: Wanted) -> None:
        self.supply, self.wanted = supply, wanted
        self.limits = wanted.limits
        plan = supply.candidates.plan(0)
        self.follow_up = plan.follow_up / 3_600_000_000
        self.checks: dict[int, Check] = {}

    def within(self, tests: int, *, share: float) -> Callable[[int], bool]:
        """A test whose errors, over so many candidates and all limits, stay below the share."""
        error = share * (1 - self.wanted.confidence) / (tests * len(self.limits))
        done: dict[int, Check] = {}

        def test(candidate: int) -> bool:
            if candidate not in done:
                done[candidate] = check(
                    self.observe,
                    candidate,
                    [limit.tolerance for limit in self.limits],
                    error,
                    first=FIRST,
                    most=max(FIRST, self.wanted.most),
                )
                self.checks[candidate] = done[candidate]
            return done[candidate].meets is True

        return test

    def observe(self, candidate: int, n: int, seed: int | None = None) -> list[Floats]:
        """Centred observations of all limits."""
        figures = self.supply.figures(candidate, n, seed)
        found = []
        for limit in self.limits:
            figure = figure_of(limit, figures)
            values = observations(limit, figure, self.follow_up)
            if not len(values) and n >= FIRST:
                name = self.supply.candidates.points[candidate].name
                raise AnalysisError(
                    f"{limit.text}: no value in {n} replications of {name or 'the scenario'}.",
                    f"{limit.text}：“{name or '本情景'}”的 {n} 次重复中均无数值。",
                )
            found.append(values)
        return found

    def looked(self) -> tuple[Looked, ...]:
        """Every candidate that was tested, the cheapest first."""
        found = [self._one(checked) for checked in self.checks.values()]
        return tuple(sorted(found, key=lambda looked: (looked.cost, looked.candidate)))

    def _one(self, checked: Check) -> Looked:
        figures = self.supply.figures(checked.candidate, checked.n)
        intervals = []
        for limit in self.limits:
            figure = figure_of(limit, figures)
            values: Sequence[float | None] = capped(figure, self.follow_up)
            if BY_NAME[limit.metric].unit == "1":
                values = [0.0 if value is None else value for value in figure.values]
            known = figure._replace(values=list(values))
            intervals.append(interval_of(known, self.wanted.confidence))
        return Looked(
            checked.candidate,
            self.supply.candidates.cost(checked.candidate),
            checked.meets,
            tuple(finding.meets for finding in checked.findings),
            tuple(intervals),
            self.excess(checked.candidate, checked.n),
            checked.n,
        )

    def excess(self, candidate: int, n: int, seed: int | None = None) -> float:
        """By how many tolerances a candidate misses its worst limit on average."""
        seen = self.observe(candidate, n, seed)
        return max(
            -float(values.mean()) / limit.tolerance if len(values) else 0.0
            for values, limit in zip(seen, self.limits, strict=True)
        )


def figure_of(limit: Limit, figures: dict[Key, Figure]) -> Figure:
    """The figure that a limit is about.

    Raises
    ------
    DesignError
        If there is no such group.
    """
    by = BY_NAME[limit.metric].by if limit.group else ("all",)
    for kind in by:
        key = (limit.metric, kind, limit.group or "all")
        if key in figures:
            return figures[key]
    known = [group for metric, _, group in figures if metric == limit.metric]
    listed = ", ".join(list(dict.fromkeys(known))[:12]) or "–"
    asked = limit.group or "all"
    raise DesignError(
        f"{limit.text}: there is no group '{asked}'; there are {listed}",
        f"{limit.text}：没有分组“{asked}”；有：{listed}",
    )


def _answer(
    tester: _Tester,
    order: Order,
    chosen: int | None,
    tests: int,
    *,
    fell_back: bool = False,
    searched: Sequence[int] = (),
) -> Answer:
    looked = tester.looked()
    return Answer(
        chosen=chosen,
        closest=min(looked, key=lambda one: (one.excess, one.cost)).candidate,
        order=order,
        tests=tests,
        fell_back=fell_back,
        looked_at=looked,
        searched=tuple(searched),
    )


def _searched(supply: Supply, wanted: Wanted) -> Answer:
    """Search sample problems with a seed of their own, then test on the scenario's seed."""
    candidates, tester = supply.candidates, _Tester(supply, wanted)
    rising = rising_by_ends(candidates)
    seed = subkey(candidates.design.seed, SEARCH_SEED) >> 1
    sizes = candidates.sizes
    seen: dict[int, None] = {}

    def number(cell: Cell) -> int:
        return candidates.number(
            tuple(values[i] for values, i in zip(rising, cell, strict=True))
        )

    def cost(cell: Cell) -> float:
        return candidates.cost(number(cell))

    def excess_at(n: int) -> Callable[[Cell], float]:
        found: dict[Cell, float] = {}

        def excess(cell: Cell) -> float:
            if cell not in found:
                seen[number(cell)] = None
                found[cell] = tester.excess(number(cell), n, seed)
            return found[cell]

        return excess

    here = tuple(size - 1 for size in sizes)
    for n in SEARCH_STEPS:
        here = descend(here, sizes, cost, excess_at(n))
    near = [cell for cell in neighbours(here, sizes) if cost(cell) < cost(here)]
    ladder = [
        tuple(min(i + step, size - 1) for i, size in zip(here, sizes, strict=True))
        for step in range(1, LADDER + 1)
    ]
    up = [cell for cell in neighbours(here, sizes) if cost(cell) > cost(here)]
    tested = sorted({here, *near, *up, *ladder}, key=lambda cell: (cost(cell), cell))
    tests = scan_tests(len(tested))
    chosen = scan([number(cell) for cell in tested], tester.within(tests, share=1.0))
    return _answer(tester, "search", chosen, tests, searched=list(seen))
