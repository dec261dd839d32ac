"""Laws as integer tables: right mean, right shape, one text for three machines."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from sim.model.distributions import Law
from sim.plan.tables import (
    ALWAYS,
    SAMPLE_SIGNATURE,
    TABLE_LENGTH,
    happens,
    index_below,
    pick,
    quantile_table,
    round_to_tick,
    sample,
    sample_array,
    table_mean,
    threshold,
    thresholds,
)

HOUR = 3_600_000_000
WORD64 = st.integers(0, 2**64 - 1)
ENDS = [0, 1, 3, 4, 2**23, 2**61, 2**62 - 1, 2**62, 2**63 - 1, 2**63, 2**63 + 1, 2**64 - 1]


def lognormal(mean, cv):
    sigma = math.sqrt(math.log1p(cv**2))
    return stats.lognorm(sigma, scale=mean * math.exp(-(sigma**2) / 2))


# Written law and the law of scipy that it stands for, in hours.
CONTINUOUS = {
    "exponential": ({"exponential": "2 h"}, stats.expon(scale=2)),
    "lognormal": ({"lognormal": {"mean": "1.5 h", "cv": 0.3}}, lognormal(1.5, 0.3)),
    "lognormal-wide": ({"lognormal": {"mean": "1.5 h", "cv": 2}}, lognormal(1.5, 2)),
    "lognormal-quantiles": (
        {"lognormal": {"median": "1 h", "p90": "40 h"}},
        stats.lognorm(math.log(40) / stats.norm.ppf(0.9), scale=1),
    ),
    "gamma": ({"gamma": {"mean": "1 h", "cv": 0.5}}, stats.gamma(4, scale=1 / 4)),
    "gamma-wide": ({"gamma": {"mean": "1 h", "cv": 3}}, stats.gamma(1 / 9, scale=9)),
    "erlang": ({"erlang": {"mean": "3 h", "stages": 3}}, stats.gamma(3, scale=1)),
    "weibull": (
        {"weibull": {"mean": "1 h", "shape": 2}},
        stats.weibull_min(2, scale=1 / math.gamma(1.5)),
    ),
    "weibull-wide": ({"weibull": {"mean": "2 h", "shape": 0.5}}, stats.weibull_min(0.5)),
    "uniform": ({"uniform": {"low": "1 h", "high": "3 h"}}, stats.uniform(1, 2)),
    "triangular": (
        {"triangular": {"low": "1 h", "mode": "2 h", "high": "5 h"}},
        stats.triang(0.25, 1, 4),
    ),
    "triangular-falling": (
        {"triangular": {"low": "0 h", "mode": "0 h", "high": "3 h"}},
        stats.triang(0, 0, 3),
    ),
    "invgauss": (
        {"scipy": {"name": "invgauss", "args": {"mu": 0.5}, "unit": "h"}},
        stats.invgauss(0.5),
    ),
    "beta": (
        {"scipy": {"name": "beta", "args": {"a": 2, "b": 3, "loc": 1}, "unit": "h"}},
        stats.beta(2, 3, loc=1),
    ),
    "pareto": (
        {"scipy": {"name": "pareto", "args": {"b": 2.5}, "unit": "30 min"}},
        stats.pareto(2.5, scale=0.5),
    ),
}
ATOMS = {
    "constant": "2 h",
    "two values": {"empirical": {"values": ["1 h", "2 h"], "weights": [7, 3]}},
    "thirds": {"empirical": {"values": ["5 h", "1 h", "2 h"]}},
    "squares": {"empirical": {"values": [f"{i * i} min" for i in range(1, 300)]}},
    "rare": {"empirical": {"values": ["1 min", "90 d"], "weights": [999_999, 1]}},
    "mixed": {
        "mixture": [
            {"share": 0.3, "of": "2 h"},
            {"share": 0.5, "of": {"exponential": "1 h"}},
            {"share": 0.2, "of": {"uniform": {"low": "4 h", "high": "5 h"}}},
        ]
    },
    "nested": {
        "mixture": [
            {"share": 0.5, "of": {"mixture": [{"share": 1, "of": {"exponential": "3 h"}}]}},
            {"share": 0.5, "of": {"lognormal": {"mean": "1 d", "cv": 1}}},
        ]
    },
}
WRITTEN = {name: pair[0] for name, pair in CONTINUOUS.items()} | ATOMS


def law_of(name):
    return Law.model_validate(WRITTEN[name])


def table_of(name):
    return quantile_table(law_of(name))


def grid(size):
    """Random numbers in equal steps, from the middle of the first to that of the last."""
    return (np.arange(size, dtype=np.uint64) * 2 + 1) * np.uint64(2**63 // size)


every_law = pytest.mark.parametrize("name", WRITTEN, ids=str)
every_continuous_law = pytest.mark.parametrize("name", CONTINUOUS, ids=str)


@every_law
def test_the_mean_is_exact_to_a_millionth(name):
    wanted = Fraction(law_of(name).mean_us())

    assert abs(table_mean(table_of(name)) - wanted) <= wanted / 10**6


@every_continuous_law
def test_the_written_mean_is_that_of_the_reference_law(name):
    assert float(law_of(name).mean_us()) == pytest.approx(CONTINUOUS[name][1].mean() * HOUR)


@pytest.mark.parametrize("name", ["exponential", "uniform", "mixed", "squares"], ids=str)
def test_the_mean_of_a_table_is_the_mean_of_what_it_gives(name):
    given_mean = sample_array(table_of(name), grid(1 << 20)).mean()

    assert given_mean == pytest.approx(float(table_mean(table_of(name))), rel=2e-5)


@every_continuous_law
def test_no_probability_is_off_by_a_thousandth(name):
    numbers = grid(1 << 18)
    durations = sample_array(table_of(name), numbers)
    steps = (np.arange(numbers.size) + 0.5) / numbers.size
    # A whole µs stands for all that rounds to it; a wide gamma law has 9 % of itself below 1.
    at_least, at_most = (CONTINUOUS[name][1].cdf((durations + s) / HOUR) for s in (-1, 1))

    assert (at_least - steps).max() < 1e-3
    assert (steps - at_most).max() < 1e-3


@every_continuous_law
def test_tails_are_as_fine_as_the_middle(name):
    law = CONTINUOUS[name][1]
    for exponent in range(3, 36):
        number = 3 << (62 - exponent)  # 3/4 of a power of two: inside an octave
        tail = number / 2**64
        low, high = (sample(table_of(name), u) / HOUR for u in (number, 2**64 - 1 - number))
        assert high == pytest.approx(min(law.isf(tail), 10_000 * 365 * 24), rel=2e-3)
        assert low == pytest.approx(law.ppf(tail), rel=2e-2, abs=1e-9)


@pytest.mark.parametrize("name", ["lognormal-wide", "exponential", "gamma-wide", "erlang"])
def test_the_second_moment_is_exact_to_a_thousandth(name):
    # Exact over the cells: a line from a to a + d has the second moment a² + a d + d²/3.
    cells = table_of(name).reshape(2, -1, 4).astype(float) / HOUR
    low, rise = cells[:, :-1, 0], cells[:, :-1, 1]
    assert not cells[:, :, 2].any()
    weight = np.repeat(2.0 ** -np.arange(2, 42), 32) / 32
    moment = ((low**2 + low * rise + rise**2 / 3) * weight).sum()

    law = CONTINUOUS[name][1]
    assert moment == pytest.approx(law.var() + law.mean() ** 2, rel=1e-3)


@every_law
def test_larger_numbers_never_give_shorter_durations(name):
    tails = np.array([1 << k for k in range(64)], np.uint64)
    numbers = np.sort(np.concatenate([grid(50_000), tails, ~tails, tails - np.uint64(1)]))

    assert (np.diff(sample_array(table_of(name), numbers)) >= 0).all()


@every_law
def test_scalar_list_array_and_compiled_form_agree(name):
    table = table_of(name)
    numbers = np.random.default_rng(5).integers(0, 2**64 - 1, 2_000, np.uint64, endpoint=True)
    shrunk = numbers >> np.repeat(np.arange(0, 50, dtype=np.uint64), 40)
    numbers = np.concatenate([shrunk, ~shrunk, np.array(ENDS, np.uint64)])
    values = table.tolist()
    expected = [sample(values, u) for u in numbers.tolist()]

    assert sample_array(table, numbers).tolist() == expected
    assert [int(sample(table, u)) for u in numbers[:100].tolist()] == expected[:100]
    assert [COMPILED(table, u) for u in numbers] == expected


def compile_sample():
    numba = pytest.importorskip("numba")
    return numba.njit(SAMPLE_SIGNATURE)(sample)


COMPILED = compile_sample()


def test_thresholds_compile():
    numba = pytest.importorskip("numba")
    fires, chooses, index, rounds = map(numba.njit, (happens, pick, index_below, round_to_tick))
    limits = np.array(thresholds([0.2, 0.0, 0.5, 0.3]), np.uint64)

    for u in ENDS:
        word = np.uint64(u)
        assert fires(np.uint64(threshold(0.5)), word) == happens(threshold(0.5), u)
        assert chooses(limits, word) == pick(limits.tolist(), u)
        assert index(1000, word) == index_below(1000, u)
    assert rounds(90, 60) == 120


def test_a_constant_law_gives_one_value():
    assert set(sample_array(table_of("constant"), np.array(ENDS, np.uint64)).tolist()) == {
        2 * HOUR
    }


@pytest.mark.parametrize("name", ["two values", "thirds", "squares", "rare"])
def test_an_empirical_law_gives_its_values_only(name):
    law = law_of(name).empirical
    durations, counts = np.unique(
        sample_array(table_of(name), grid(1 << 20)), return_counts=True
    )
    if name == "squares":  # more values than a cell can tell apart: some are passed over
        assert set(durations.tolist()) <= set(law.values)
        return
    weights = np.array(law.weights or [1] * len(law.values))[np.argsort(law.values)]
    expected = weights / weights.sum()
    shares = dict(zip(durations.tolist(), (counts / (1 << 20)).tolist(), strict=True))

    for value, share in zip(sorted(law.values), expected, strict=True):
        assert shares.get(value, 0) == pytest.approx(share, abs=2e-6)
    assert set(shares) <= set(law.values)


def test_a_mixture_keeps_its_atom_and_its_gap():
    durations = sample_array(table_of("mixed"), grid(1 << 18)) / HOUR
    exponential = stats.expon.cdf

    assert np.mean(durations == 2) == pytest.approx(0.3, abs=2 / 128)
    for at, share in [(1, 0.5 * exponential(1)), (3, 0.3 + 0.5 * exponential(3)),
                      (4.5, 0.3 + 0.5 * exponential(4.5) + 0.1)]:  # fmt: skip
        assert np.mean(durations < at) == pytest.approx(share, abs=1e-3)


def test_tables_have_one_length_are_shared_and_cannot_be_written():
    table = table_of("exponential")

    assert table.dtype == np.int64
    assert {quantile_table(law_of(name)).size for name in WRITTEN} == {TABLE_LENGTH}
    assert quantile_table(Law.model_validate({"exponential": {"mean": "120 min"}})) is table
    with pytest.raises(ValueError, match="read-only"):
        table[0] = 1


def test_a_tail_of_centuries_is_kept_without_overflow():
    law = Law.model_validate({"lognormal": {"mean": "1 d", "cv": 15}})
    durations = [sample(quantile_table(law), 2**64 - 1 - (1 << k)) for k in range(20, 60)]

    assert durations == sorted(durations, reverse=True)
    assert 0 < durations[-1] < durations[0] < 2**61


def test_a_law_beyond_all_measure_is_refused():
    law = Law.model_validate(
        {"scipy": {"name": "pareto", "args": {"b": 1.05}, "unit": "10000 d"}}
    )
    with pytest.raises(ValueError, match="tail that no table can hold"):
        quantile_table(law)


@given(st.floats(0.05, 12), st.integers(1, 10**10))
def test_any_gamma_law_keeps_its_mean(cv, milliseconds):
    law = Law.model_validate({"gamma": {"mean": f"{milliseconds + 1000} ms", "cv": cv}})

    mean = table_mean(quantile_table(law))
    assert abs(mean / law.gamma.mean - 1) < Fraction(1, 10**6)


@pytest.mark.parametrize(
    ("value", "tick", "rounded"),
    [(0, 1, 0), (7, 1, 7), (29, 60, 0), (30, 60, 60), (89, 60, 60), (90, 60, 120), (3, 5, 5),
     (2, 5, 0)],
)  # fmt: skip
def test_ticks_round_half_up(value, tick, rounded):
    assert round_to_tick(value, tick) == rounded
    assert round_to_tick(np.array([value]), tick).tolist() == [rounded]


@given(st.integers(0, 2**60), st.integers(1, HOUR))
def test_a_tick_is_never_missed_by_more_than_half(value, tick):
    rounded = round_to_tick(value, tick)

    assert rounded % tick == 0
    assert -tick < 2 * (value - rounded) <= tick


@given(WORD64)
@example(0)
@example(2**64 - 1)
def test_never_is_never_and_always_is_always(u):
    assert not happens(threshold(0), u)
    assert happens(threshold(1), u)
    assert happens(threshold(1.0), u)


def test_the_smallest_and_largest_doubts_remain():
    assert happens(threshold(1e-300), 0)
    assert not happens(threshold(Fraction(10**30 - 1, 10**30)), 2**64 - 1)


@pytest.mark.parametrize("probability", [-0.1, 1.1, 2])
def test_impossible_probabilities_are_refused(probability):
    with pytest.raises(ValueError, match="between 0 and 1"):
        threshold(probability)


@given(st.fractions(0, 1))
def test_a_threshold_is_the_probability(probability):
    assert abs(Fraction(threshold(probability), ALWAYS) - probability) <= Fraction(1, ALWAYS)


@given(st.lists(st.integers(0, 1000), min_size=1).filter(any), WORD64)
def test_a_choice_without_share_is_never_made(weights, u):
    limits = thresholds([Fraction(weight, sum(weights)) for weight in weights])

    assert limits[-1] == ALWAYS
    assert limits == sorted(limits)
    assert weights[pick(limits, u)] > 0


def test_choices_have_their_shares():
    limits = thresholds([0.1, 0.2, 0.7])
    chosen = np.bincount([pick(limits, u) for u in grid(10_000).tolist()])

    assert chosen.tolist() == [1000, 2000, 7000]


@pytest.mark.parametrize("shares", [[], [0.5, 0.4], [1.5, -0.5]])
def test_shares_that_do_not_sum_to_one_are_refused(shares):
    with pytest.raises(ValueError, match="sum to 1"):
        thresholds(shares)


@given(st.integers(1, 2**31 - 1), WORD64)
def test_an_index_stays_below_its_count(count, u):
    assert 0 <= index_below(count, u) < count
    assert index_below(count, 0) == 0
    assert index_below(count, 2**64 - 1) == count - 1


def test_indices_are_equally_likely():
    counts = np.bincount([index_below(7, u) for u in grid(70_000).tolist()])

    assert abs(counts - 10_000).max() <= 1
