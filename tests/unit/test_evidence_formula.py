"""The formula language: exact, small, and safe against what strangers write."""

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import EvidenceError
from sim.model.formula import MAX_DEPTH, MAX_LENGTH, evaluate, formula_ids
from tests.pace import allowed

VALUES = {"a.x": Fraction(7), "a.y": Fraction(2), "b.z_1": Fraction(1, 3)}


def value(formula: str) -> Fraction:
    return evaluate(formula, VALUES.__getitem__)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1", 1),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("a.x / a.y", Fraction(7, 2)),
        ("a.x - a.y - 1", 4),
        ("a.x / a.y / 7", Fraction(1, 2)),
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-a.x + 2", -5),
        ("2 * -3", -6),
        ("- -3", 3),
        ("2−1×3÷6", Fraction(3, 2)),
        ("max（a.x，9）", 9),
        ("min(3, a.y, 5)", 2),
        ("max(4)", 4),
        ("ceil(a.x / a.y)", 4),
        ("floor(a.x / a.y)", 3),
        ("ceil(-3.5)", -3),
        ("floor(-3.5)", -4),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(2.4)", 2),
        ("b.z_1 * 3", 1),
        ("\t1\n+\n1 ", 2),
        ("1" + " + 1" * 100, 101),
    ],
)
def test_the_value_is_exact(formula, expected):
    assert value(formula) == expected


@pytest.mark.parametrize(
    ("formula", "message", "column"),
    [
        ("", "ends too early", 1),
        ("   ", "ends too early", 4),
        ("1 +", "ends too early", 4),
        ("(1", "ends too early", 3),
        ("1)", "not expected", 2),
        ("1 2", "not expected", 3),
        ("2 ** 3", "not expected", 4),
        ("2 // 3", "not expected", 4),
        ("2 ^ 3", "not expected", 3),
        ("1e5", "plain decimal", 1),
        ("1.2.3", "plain decimal", 1),
        ("1_000", "plain decimal", 1),
        ("a.b.c", "neither a fact id", 1),
        ("A.x", "neither a fact id", 1),
        ("x", "neither a fact id", 1),
        ("min", "ends too early", 4),
        ("min()", "not expected", 5),
        ("min(1,)", "not expected", 7),
        ("round(1, 2)", "takes 1 argument", 1),
        ("abs(1)", "functions are min", 1),
        ("1 / 0", "division by zero", 3),
        ("1 / (a.x - 7)", "division by zero", 3),
        ("+1", "not expected", 1),
        ("a.x[0]", "not expected", 4),
        ("'a'", "not expected", 1),
        ("1; 2", "not expected", 2),
        ("lambda: 1", "not expected", 7),
        ("__import__('os')", "not expected", 12),
        ("().__class__", "plain decimal", 3),
        ("\x00", "not expected", 1),
        ("１", "not expected", 1),
        ("9" * 25, "more than 24 digits", 1),
    ],
)
def test_a_mistake_is_named_with_its_column(formula, message, column):
    with pytest.raises(EvidenceError, match=message) as caught:
        value(formula)
    problem = caught.value.problem
    assert problem.column == column
    assert f"column {column} " in problem.message_en
    assert f"第 {column} 列" in problem.message_zh


@pytest.mark.parametrize(
    "formula",
    [
        "(" * 400,
        "-" * 400 + "1",
        "min(" * 100 + "1" + ")" * 100,
        "(" * 200_000,
        "9*" * 5_000 + "9",
        "1+" * 1_000_000 + "1",
    ],
    ids=["brackets", "signs", "calls", "bomb", "product", "sum"],
)
def test_hostile_text_is_refused_within_a_second(formula):
    start = time.process_time()
    with pytest.raises(EvidenceError):
        value(formula)
    assert time.process_time() - start < allowed(1)


def test_the_limits_themselves_are_allowed():
    assert value("(" * MAX_DEPTH + "1" + ")" * MAX_DEPTH) == 1
    with pytest.raises(EvidenceError, match="deeper than 32"):
        value("(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1))
    longest = "1".ljust(MAX_LENGTH)
    assert value(longest) == 1
    with pytest.raises(EvidenceError, match="at most 500"):
        value(longest + " ")


def test_ids_come_once_and_in_order():
    assert formula_ids("a.y + b.z_1 * max(a.y, a.x) - 2") == ("a.y", "b.z_1", "a.x")
    assert formula_ids("1 + 2") == ()


@given(st.recursive(
    st.integers(0, 999).map(str) | st.sampled_from(["0.5", "12.25"]),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
    ),
    max_leaves=12,
))  # fmt: skip
def test_arithmetic_agrees_with_python_on_fractions(formula):
    # Every number becomes a Fraction, so that Python computes exactly as well.
    import re

    exact_form = re.sub(r"\d+(?:\.\d+)?", lambda m: f"Fraction('{m.group()}')", formula)
    try:
        expected = eval(exact_form, {"Fraction": Fraction})
    except ZeroDivisionError:
        with pytest.raises(EvidenceError, match="division by zero"):
            value(formula)
        return
    assert value(formula) == expected


@given(st.text(max_size=60))
def test_any_text_is_a_value_or_a_clear_error(text):
    try:
        evaluate(text, lambda _name: Fraction(1))
    except EvidenceError as error:
        message = str(error)
    else:
        message = "a value"
    assert message
