"""F_B and the orders of testing: what is promised is kept, on systems whose means are known."""

import numpy as np
import pytest
from scipy import stats

from sim.analysis.feasibility import check, judge, most_needed, squared_width
from sim.analysis.search import (
    bisection,
    bisection_tests,
    descend,
    neighbours,
    scan,
    scan_tests,
    staircase,
    staircase_tests,
)

ALPHA, TOLERANCE = 0.05, 0.25


def streams(means, deviations, seed):
    """Observations of Gaussian systems, drawn as they are asked for."""
    random = np.random.default_rng(seed)
    drawn = [np.empty(0) for _ in means]

    def observe(system, n):
        more = n - len(drawn[system])
        if more > 0:
            new = random.normal(means[system], deviations[system], max(more, 200))
            drawn[system] = np.concatenate([drawn[system], new])
        return [drawn[system][:n]]

    return observe


def is_below_promise(right, trials, promise=1 - ALPHA):
    """Whether the share is significantly below the promise (one-sided, 1 %)."""
    return stats.binom.cdf(right, trials, promise) < 0.01


def cheapest(means, deviations, seed, order="scan"):
    observe, size = streams(means, deviations, seed), len(means)
    tests = scan_tests(size) if order == "scan" else bisection_tests(size)

    def test(system):
        return check(observe, system, [TOLERANCE], ALPHA / tests).meets is True

    return {"scan": scan, "bisection": bisection}[order](range(size), test)


SLIPPAGE = [-TOLERANCE] * 5 + [TOLERANCE] * 5
EQUAL, UNEQUAL = [1.0] * 10, [1.0, 10**0.5] * 5


@pytest.mark.parametrize("deviations", [EQUAL, UNEQUAL], ids=["equal", "one-to-ten"])
@pytest.mark.parametrize("order", ["scan", "bisection"])
@pytest.mark.parametrize(
    "trials", [40, pytest.param(200, marks=pytest.mark.verify)], ids=["small", "full"]
)
def test_the_cheapest_of_ten_is_found_as_often_as_promised(order, deviations, trials):
    found = [cheapest(SLIPPAGE, deviations, seed, order) for seed in range(trials)]

    assert not is_below_promise(found.count(5), trials)


def test_a_test_that_looks_only_once_would_be_seen():
    # The sign of the first ten observations: what the triangle is there to prevent.
    def hasty(seed):
        observe = streams(SLIPPAGE, EQUAL, seed)
        return scan(range(10), lambda system: observe(system, 10)[0].sum() >= 0)

    assert is_below_promise(sum(hasty(seed) == 5 for seed in range(40)), 40)


def test_the_answer_does_not_depend_on_how_much_is_played_at_once():
    values = streams([0.1], [1.0], 3)(0, 4000)[0]
    whole = judge(values, 0.05, 0.01)

    assert whole.meets is True
    assert judge(values[: whole.n], 0.05, 0.01) == whole
    assert judge(values[: whole.n - 1], 0.05, 0.01) == (None, whole.n - 1)
    assert whole.n <= most_needed(values, 0.05, 0.01)


def test_values_without_spread_are_judged_at_once():
    assert judge(np.full(10, 0.01), 0.05, 0.01) == (True, 10)
    assert judge(np.full(10, -0.01), 0.05, 0.01) == (False, 10)
    assert judge(np.zeros(10), 0.05, 0.01) == (True, 10)


def test_the_triangle_is_that_of_the_source():
    # eta = ((2 beta)^(-2/(n0-1)) - 1) / 2 and h2 = 2 eta (n0 - 1), by hand for 0.05 and 10.
    assert squared_width(0.05, 10) == pytest.approx(9 * (10 ** (2 / 9) - 1))
    with pytest.raises(ValueError, match=r"between 0 and 0\.5"):
        squared_width(0.5)
    with pytest.raises(ValueError, match="positive"):
        judge(np.zeros(10), 0.0, 0.01)


def test_all_limits_must_hold_and_too_few_replications_decide_nothing():
    values = {0: [1.0, 1.0], 1: [1.0, -1.0]}

    def observe(system, n):
        return [np.full(n, value) for value in values[system]]

    assert check(observe, 0, [0.5, 0.5], 0.01).meets is True
    assert check(observe, 1, [0.5, 0.5], 0.01).meets is False
    noisy = streams([0.0], [1.0], 1)
    undecided = check(noisy, 0, [0.001], 0.01, most=30)
    assert (undecided.meets, undecided.n) == (None, 30)


def test_bisection_finds_the_border_with_few_tests():
    for border in range(10):
        tested = []

        def test(system, border=border, tested=tested):
            tested.append(system)
            return system >= border

        expected = border if border < 9 else None
        assert bisection(range(9), test) == expected
        assert len(tested) <= 4 < bisection_tests(9) <= 9


def test_a_staircase_finds_the_cheapest_with_few_tests():
    size = 12
    table = [[row * size + column for column in range(size)] for row in range(size)]
    needed = [(row, column) for row in range(size) for column in range(size)
              if row * 2 + column * 3 >= 30]  # fmt: skip
    tested = []

    def cost(candidate):
        return 3 * (candidate // size) + 4 * (candidate % size)

    def test(candidate):
        tested.append(candidate)
        return (candidate // size, candidate % size) in needed

    found = staircase(table, cost, test)
    assert cost(found) == min(3 * row + 4 * column for row, column in needed)
    assert len(tested) <= 2 * size - 1 < staircase_tests(size, size) == 2 * size + 2
    assert staircase(table, cost, lambda _: False) is None


def test_neighbours_are_steps_and_exchanges_within_the_grid():
    assert set(neighbours((0, 1), (3, 3))) == {(1, 1), (0, 0), (0, 2), (1, 0)}
    assert set(neighbours((1, 1), (3, 3))) == {(0, 1), (2, 1), (1, 0), (1, 2), (0, 2), (2, 0)}


def test_a_descent_ends_where_no_cheaper_neighbour_meets_the_limit():
    sizes = (8, 8, 8)

    def cost(cell):
        return 5 * cell[0] + 3 * cell[1] + 4 * cell[2]

    def excess(cell):
        return 12 - 2 * cell[0] - cell[1] - 2 * cell[2]

    for start in ((7, 7, 7), (0, 0, 0), (7, 0, 3)):
        found = descend(start, sizes, cost, excess)
        assert excess(found) <= 0
        assert not [c for c in neighbours(found, sizes)
                    if cost(c) < cost(found) and excess(c) <= 0]  # fmt: skip
    assert descend((0, 0, 0), sizes, cost, lambda cell: 99 - sum(cell)) == (7, 7, 7)
