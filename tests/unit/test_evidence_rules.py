"""The catalogue cannot be misquoted: rules, bounds, ranges, ratios and misspelt ids."""

import pickle
from fractions import Fraction

import pytest
from pydantic import ValidationError

from sim.errors import EvidenceError
from sim.model.evidence import (
    DerivedRatio,
    Evidence,
    Fact,
    Provenance,
    ProvenanceError,
    exact,
)


def fact(name, value=None, operator=None, kind="staffing"):
    unit = None if value is None else "people"
    return Fact(
        id=f"town.{name}", kind=kind, value=value, unit=unit, operator=operator,
        statement="S.", use="u",
    )  # fmt: skip


CATALOGUE = Evidence(
    facts={
        entry.id: entry
        for entry in (
            fact("grids", Fraction(40), "eq"),
            fact("people", Fraction(18_000), "approx"),
            fact("team", Fraction(10), "ge"),
            fact("delay", Fraction(1), "le"),
            fact("norm", (Fraction(300), Fraction(400)), "eq"),
            fact("order"),
            fact("guess", (Fraction(2), Fraction(4)), "approx", kind="assumption"),
        )
    },
    derived={
        "town.posts": DerivedRatio(
            id="town.posts",
            formula="town.grids * town.team",
            exact=Fraction(400),
            value=Fraction(400),
            statement="S",
            use={"town.team": Fraction(10)},
        )
    },
)


@pytest.mark.parametrize(
    ("name", "use", "expected"),
    [
        ("grids", None, 40),
        ("grids", 40, 40),
        ("people", None, 18_000),
        ("team", 10, 10),
        ("team", "12.5", Fraction(25, 2)),
        ("delay", 0, 0),
        ("norm", 300, 300),
        ("norm", 400, 400),
    ],
)
def test_a_usable_value_is_given_exactly(name, use, expected):
    assert CATALOGUE.reported(f"town.{name}", use) == expected


@pytest.mark.parametrize(
    ("name", "use", "code"),
    [
        ("order", None, "fact-without-value"),
        ("order", 3, "fact-without-value"),
        ("team", None, "use-missing"),
        ("delay", None, "use-missing"),
        ("norm", None, "use-missing"),
        ("team", 9, "use-contradicts-fact"),
        ("delay", 2, "use-contradicts-fact"),
        ("norm", 299, "use-contradicts-fact"),
        ("norm", 401, "use-contradicts-fact"),
        ("grids", 41, "use-contradicts-fact"),
        ("guess", 3, "uncited-fact"),
        ("posts", None, "derived-not-reported"),
        ("grid", None, "unknown-fact"),
        ("team", "many", "not-a-number"),
        ("team", True, "not-a-number"),
    ],
)
def test_what_was_not_reported_is_refused(name, use, code):
    with pytest.raises(EvidenceError) as caught:
        CATALOGUE.reported(f"town.{name}", use)
    problem = caught.value.problem
    assert problem.code == code
    assert problem.message_en
    assert problem.message_zh


def test_a_near_miss_is_suggested_and_a_far_one_points_to_the_list():
    with pytest.raises(EvidenceError, match=r"did you mean town\.grids"):
        CATALOGUE.reported("town.girds")
    with pytest.raises(EvidenceError, match="gridgov facts"):
        CATALOGUE.reported("x" * 10_000)


def test_formulas_follow_the_same_rules():
    assert CATALOGUE.derive("town.grids * town.team", {"town.team": 11}) == 440
    assert CATALOGUE.derive("town.posts / 3") == Fraction(400, 3)
    with pytest.raises(
        EvidenceError, match=r"use: \{town\.team: 10\} beside a formula"
    ) as caught:
        CATALOGUE.derive("town.grids * town.team")
    assert caught.value.problem.code == "use-missing"
    assert caught.value.problem.column == 14
    with pytest.raises(EvidenceError, match=r"town\.norm, which the formula does not name"):
        CATALOGUE.derive("town.grids * 2", {"town.norm": 300})


def test_the_catalogue_and_its_entries_cannot_be_changed():
    with pytest.raises(TypeError):
        CATALOGUE.facts["town.new"] = fact("new")  # type: ignore[index]
    with pytest.raises(ValidationError):
        CATALOGUE.facts["town.grids"].value = Fraction(1)


def test_an_error_survives_the_way_back_from_a_worker():
    with pytest.raises(ProvenanceError) as caught:
        CATALOGUE.reported("town.order")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problem == caught.value.problem
    assert str(again) == str(caught.value)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (2.3, Fraction(23, 10)),
        ("2.3", Fraction(23, 10)),
        ("514/43", Fraction(514, 43)),
        (-20, -20),
    ],
)
def test_numbers_are_read_exactly(given, expected):
    assert exact(given) == expected


@pytest.mark.parametrize(
    "given", ["", "x", "1/0", "nan", "inf", "1e999999999", "1e-999999999", "9" * 100, True]
)
def test_what_is_no_number_is_refused_at_once(given):
    with pytest.raises(EvidenceError, match="not a number"):
        exact(given)


@pytest.mark.parametrize(
    ("name", "text"),
    [("grids", "40"), ("people", "≈ 18000"), ("team", "≥ 10"), ("delay", "≤ 1"),
     ("norm", "300–400"), ("order", "")],
)  # fmt: skip
def test_values_are_written_as_people_write_them(name, text):
    assert CATALOGUE.facts[f"town.{name}"].value_text() == text


def test_provenance_says_what_it_knows_and_no_more():
    assumed = Provenance(kind="assumed", value="2 h", range=("1 h", "4 h"), because="guess")
    assert assumed.facts == ()
    assert assumed.formula is None
    with pytest.raises(ValidationError):
        Provenance(kind="guessed", value="2 h")
    with pytest.raises(ValidationError):
        Provenance(kind="plain", value="2 h", source="me")
