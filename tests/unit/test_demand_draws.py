"""Keyed draws: scalar and array give the same number, and the number follows its law."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.demand import draws
from sim.demand.gaps import ONE, gaps_of, unit_gaps
from sim.demand.purposes import Purpose
from sim.keys import MASK64
from sim.model.distributions import Law
from sim.plan.tables import quantile_table, threshold, thresholds

LAWS = [
    Law(exponential="2 h"),
    Law(lognormal={"mean": "1 h", "cv": 2}),
    Law(constant="30 min"),
    Law(empirical={"values": ["1 s", "1 min", "1 d"], "weights": [0.5, 0.3, 0.2]}),
]
KEY = (123, 456)
WORD = st.integers(0, MASK64)


def random_words(count, seed=1):
    return np.random.default_rng(seed).integers(0, MASK64, count, np.uint64, endpoint=True)


@pytest.mark.parametrize("tick", [1, 7, 1_000_000, 3_600_000_000])
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.family)
def test_a_draw_in_bulk_is_the_draw_of_each(law, tick):
    table, subjects = quantile_table(law), random_words(2000)
    ordinals = random_words(2000, seed=2) >> np.uint64(8)
    bulk = draws.draws(table, KEY, Purpose.WORK, subjects, ordinals, tick)

    row = table.tolist()
    pairs = zip(subjects.tolist(), ordinals.tolist(), strict=True)
    one = [draws.draw(row, *KEY, Purpose.WORK, s, o, tick) for s, o in pairs]

    assert bulk.tolist() == one
    assert not (bulk % tick).any()


@given(WORD, st.integers(0, 2**56 - 1))
def test_the_tick_rounds_the_same_draw(subject, ordinal):
    row = quantile_table(LAWS[0]).tolist()
    fine = draws.draw(row, *KEY, Purpose.DELAY, subject, ordinal, 1)
    coarse = draws.draw(row, *KEY, Purpose.DELAY, subject, ordinal, 60_000_000)

    assert abs(coarse - fine) <= 30_000_000


def test_chances_and_choices_in_bulk_are_those_of_each():
    subjects = random_words(3000)
    limit, limits = threshold(0.3), thresholds([0.2, 0.0, 0.5, 0.3])
    happened = draws.chances(limit, KEY, Purpose.MISROUTE, subjects, 5)
    chosen = draws.choices(np.array(limits, np.uint64), KEY, Purpose.BRANCH, subjects, 5)

    assert happened.tolist() == [
        draws.chance(limit, *KEY, Purpose.MISROUTE, s, 5) for s in subjects.tolist()
    ]
    assert chosen.tolist() == [
        draws.choose(limits, *KEY, Purpose.BRANCH, s, 5) for s in subjects.tolist()
    ]
    # Four standard errors: one false alarm in 16,000.
    assert abs(happened.mean() - 0.3) < 4 * math.sqrt(0.3 * 0.7 / 3000)
    assert not (chosen == 1).any()


def test_levels_in_bulk_are_those_of_each():
    requests, levels = random_words(1000), np.array([0, 2, 3])
    limits = thresholds([0.8, 0.15, 0.05])
    bulk = draws.levels_of(levels, np.array(limits, np.uint64), KEY, requests)

    each = [draws.level_of(levels.tolist(), limits, *KEY, r) for r in requests.tolist()]
    assert bulk.tolist() == each
    assert set(each) == {0, 2, 3}


def test_a_class_without_a_ladder_has_no_level():
    nothing = np.empty(0, np.int64)
    bulk = draws.levels_of(nothing, nothing.astype(np.uint64), KEY, random_words(2))

    assert bulk.tolist() == [-1, -1]
    assert draws.level_of([], [], *KEY, 1) == -1


@given(WORD, WORD, st.integers(0, 2**41))
def test_keys_in_bulk_are_those_of_each(source, place, ordinal):
    bulk = draws.request_keys(source, np.array([place], np.uint64), np.array([ordinal]))

    assert bulk.tolist() == [draws.request_key(source, place, ordinal)]
    assert draws.member_key(source, place, ordinal) == draws.request_key(source, place, ordinal)


def test_a_gap_is_a_logarithm():
    words = np.append(random_words(5000), np.array([0, MASK64], np.uint64))
    exact = [-math.log(((w >> 12 << 1) + 1) / 2**53) for w in words.tolist()]
    gaps = gaps_of(words)

    assert np.abs(gaps / ONE - exact).max() < 5e-8
    assert gaps.min() >= 0


def test_gaps_have_mean_and_variance_one():
    gaps = unit_gaps(KEY, 99, np.arange(400_000)) / ONE

    # Four standard errors each: a false alarm in 8,000. A gap's fourth central moment is 9.
    assert abs(gaps.mean() - 1) < 4 / math.sqrt(gaps.size)
    assert abs(gaps.var() - 1) < 4 * math.sqrt(8 / gaps.size)


def test_a_stratified_mean_shows_no_bias_of_the_table():
    words = (np.arange(2**20, dtype=np.uint64) << np.uint64(44)) + np.uint64(1 << 43)
    exact = -np.log((np.arange(2**20) + 0.5) / 2**20)

    assert abs((gaps_of(words) / ONE - exact).mean()) < 2e-8
