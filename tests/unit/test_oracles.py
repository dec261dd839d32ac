"""The table of oracles is complete, and each value follows from its computation."""

import math

import numpy as np
import pytest

from tests.oracles.checks import CHECKS
from tests.oracles.erlang import erlang_a, erlang_a_chain, halfin_whitt, mmc
from tests.oracles.networks import buzen, machine_repair, mva
from tests.oracles.priorities import mg1_waiting
from tests.oracles.recompute import COMPUTATIONS, THREE
from tests.oracles.table import exact, row, rows
from tests.oracles.time_varying import mt_m_ct

WITH_NUMBERS = [found for found in rows() if found.value]
SECONDS_LONG = {
    "C4",
    "J0",
    "P1",
    "Q1",
    "Q2",
    "Q3",
    "Q4",
    "U1",
    "U2",
    "U4",
    "U5",
    "U6",
    "O-U4",
    "O-U6",
}
STEPS = [(1.0, 20.0, 6), (1.0, 45.0, 12), (1.0, 30.0, 12), (1.0, 10.0, 6)]


def test_every_row_has_its_own_id():
    ids = [found.id for found in rows()]
    assert len(set(ids)) == len(ids)


def test_the_table_is_complete():
    kinds = [found.kind for found in rows()]
    forms = [found for found in rows() if not found.id.startswith(("P-", "O-"))]
    assert len(forms) == 61
    assert sum(found.id.startswith("P-7A-") for found in rows()) == 23
    assert sum(found.id.startswith("P-7B-") for found in rows()) == 4
    assert kinds.count("trace") == 11
    assert kinds.count("structural") == 6


def test_every_row_with_numbers_has_a_computation_and_no_other():
    assert {found.id for found in WITH_NUMBERS} == set(COMPUTATIONS)


@pytest.mark.parametrize("found", WITH_NUMBERS, ids=lambda found: found.id)
def test_the_value_follows_from_its_computation(found):
    computed = list(COMPUTATIONS[found.id]())
    assert len(computed) == len(found.value)
    for value, printed, tolerance in zip(
        computed, found.value, found.tolerances(), strict=True
    ):
        # Half a unit of the last printed place, and a little for binary rounding.
        assert abs(value - printed) <= 1.001 * tolerance + 1e-9


def checked(key):
    return pytest.param(key, marks=pytest.mark.verify if key in SECONDS_LONG else ())


@pytest.mark.parametrize("key", [checked(key) for key in sorted(CHECKS)])
def test_the_value_follows_from_a_second_computation(key):
    assert CHECKS[key]() == pytest.approx(exact(key), rel=1e-6)


def test_rows_are_found_by_id():
    assert row("C2").quantity == "Wq"
    assert exact("P-7A-2", 1) == 0.869565


def test_conservation_of_priority_orders():
    # Kleinrock: the sum of rho Wq is rho W0 / (1 - rho) for every non-preemptive order.
    lam, m1, m2 = (np.array(part) for part in THREE)
    rho = lam * m1
    expected = rho.sum() * (lam @ m2 / 2) / (1 - rho.sum())
    assert rho @ mg1_waiting(*THREE) == pytest.approx(expected)
    assert expected == pytest.approx(1.78169231, abs=5e-9)


def test_impatience_vanishes_into_erlang_c():
    patient = erlang_a_chain(20, 2.2, 1e-9, 10, k=20_000)
    assert patient["wq"] == pytest.approx(mmc(20, 2.2, 10)["wq"], rel=1e-5)
    assert erlang_a(20, 2, 1.5, 9)["wq"] == pytest.approx(erlang_a_chain(20, 2, 1.5, 9)["wq"])


def test_the_square_root_rule_is_near_but_not_exact():
    limit = halfin_whitt((105 - 100) / math.sqrt(100))
    assert limit == pytest.approx(0.5045, abs=5e-5)
    assert mmc(100, 1, 105)["p_wait"] == pytest.approx(0.5157, abs=5e-5)


def test_two_repairers_are_cheapest():
    cost = [15 * c + 60 * machine_repair(5, 0.1, 0.25, c)["l"] for c in range(1, 6)]
    assert cost.index(min(cost)) + 1 == 2
    assert sorted(cost)[1] - min(cost) == pytest.approx(2.76, abs=0.01)


def test_closed_networks_agree_by_both_methods():
    demand, servers = [0.5, 0.8, 3.0], [1, 2, math.inf]
    for n in (1, 5, 20):
        assert mva(n, demand, servers)[0] == pytest.approx(buzen(n, demand, servers))


@pytest.mark.parametrize("finish", [False, True])
def test_uniformisation_keeps_mass_and_counts_every_case(finish):
    found = mt_m_ct(STEPS, 4.0, theta=2.0, finish=finish)
    gone = sum(step["served"] + step["abandoned"] for step in found)
    assert found[-1]["mass"] == pytest.approx(1)
    assert found[-1]["n"] + gone == pytest.approx(105)
