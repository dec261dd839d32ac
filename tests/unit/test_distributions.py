"""Laws as people write them: short forms, exact means, and what is refused where."""

import math
import subprocess
import sys
from fractions import Fraction

import pytest
from pydantic import ValidationError

from sim.model.distributions import Law

HOUR = 3_600_000_000


def law(written):
    return Law.model_validate(written)


def complaints(written):
    with pytest.raises(ValidationError) as caught:
        law(written)
    return [(".".join(map(str, error["loc"])), error["msg"]) for error in caught.value.errors()]


def test_a_plain_duration_is_constant():
    assert law("2 h") == law({"constant": "2 h"})
    assert law("2 h").family == "constant"
    assert law("2小时").constant == 2 * HOUR


def test_a_plain_duration_is_the_mean_of_an_exponential():
    assert law({"exponential": "2 h"}) == law({"exponential": {"mean": "120 min"}})


MEANS = [
    ("0 s", 0),
    ("90 min", 1.5),
    ({"exponential": "2 h"}, 2),
    ({"lognormal": {"mean": "1.5 h", "cv": 1}}, 1.5),
    ({"lognormal": {"median": "1 h", "cv": 1}}, math.sqrt(2)),
    ({"gamma": {"mean": "3 h", "cv": 2}}, 3),
    ({"erlang": {"mean": "3 h", "stages": 4}}, 3),
    ({"weibull": {"mean": "3 h", "shape": 0.7}}, 3),
    ({"uniform": {"low": "1 h", "high": "4 h"}}, 2.5),
    ({"triangular": {"low": "1 h", "mode": "1 h", "high": "4 h"}}, 2),
    ({"empirical": {"values": ["1 h", "2 h"]}}, 1.5),
    ({"empirical": {"values": ["1 h", "2 h"], "weights": [3, 1]}}, 1.25),
    (
        {
            "mixture": [
                {"share": 0.25, "of": "4 h"},
                {"share": 0.75, "of": {"exponential": "8 h"}},
            ]
        },
        7,
    ),
    ({"scipy": {"name": "gamma", "args": {"a": 2}, "unit": "30 min"}}, 1),
    ({"scipy": {"name": "gamma", "args": {"a": 2}, "unit": "h", "mean": "5 h"}}, 5),
]


@pytest.mark.parametrize(("written", "hours"), MEANS, ids=str)
def test_the_mean_follows_from_what_is_written(written, hours):
    assert float(law(written).mean_us()) / HOUR == pytest.approx(hours, rel=1e-12)


@pytest.mark.parametrize("written", [pair[0] for pair in MEANS], ids=str)
def test_a_law_survives_writing_and_reading(written):
    first = law(written)

    assert law(first.model_dump(mode="json", exclude_none=True)) == first
    assert law(first) is first


def test_exact_means_are_fractions():
    third = {"triangular": {"low": "0 s", "mode": "0 s", "high": "1 us"}}

    assert law(third).mean_us() == Fraction(1, 3)
    assert law({"empirical": {"values": ["1 us", "2 us"]}}).mean_us() == Fraction(3, 2)


def test_median_and_p90_fix_a_lognormal():
    lognormal = law({"lognormal": {"median": "1 h", "p90": "4 h"}}).lognormal
    mu, sigma = lognormal.log_parameters()

    assert math.exp(mu) == pytest.approx(HOUR)
    assert math.exp(mu + 1.2815515655446 * sigma) == pytest.approx(4 * HOUR)


@pytest.mark.parametrize(
    ("written", "place", "says"),
    [
        (30, "constant", "needs a unit"),
        ("thirty", "constant", "cannot read"),
        (None, "", "valid dictionary"),
        ([], "", "valid dictionary"),
        (True, "", "valid dictionary"),
        ({}, "", "got none"),
        ({"constant": "1 h", "exponential": "1 h"}, "", "got constant, exponential"),
        ({"exponentail": "1 h"}, "exponentail", "not permitted"),
        ({"exponential": "0 h"}, "exponential.mean", "longer than zero"),
        ({"exponential": {"rate": 3}}, "exponential.mean", "required"),
        ({"gamma": {"mean": "1 h"}}, "gamma.cv", "required"),
        ({"gamma": {"mean": "1 h", "cv": 0}}, "gamma.cv", "greater than 0"),
        ({"gamma": {"mean": "1 h", "cv": math.nan}}, "gamma.cv", "finite"),
        ({"gamma": {"mean": "1 h", "cv": "1"}}, "gamma.cv", "valid number"),
        ({"erlang": {"mean": "1 h", "stages": 2.5}}, "erlang.stages", "integer"),
        ({"lognormal": {"mean": "1 h"}}, "lognormal", "mean and cv"),
        ({"lognormal": {"mean": "1 h", "p90": "2 h"}}, "lognormal", "median and p90"),
        ({"lognormal": {"median": "2 h", "p90": "2 h"}}, "lognormal", "longer than the median"),
        ({"uniform": {"low": "2 h", "high": "2 h"}}, "uniform", "longer than low"),
        (
            {"triangular": {"low": "1 h", "mode": "4 h", "high": "3 h"}},
            "triangular",
            "low ≤ mode ≤ high",
        ),
        ({"empirical": {"values": []}}, "empirical.values", "at least 1"),
        ({"empirical": {"values": ["1 h", "x"]}}, "empirical.values.1", "cannot read"),
        ({"empirical": {"values": ["1 h"], "weights": [1, 2]}}, "empirical", "1 values but 2"),
        ({"empirical": {"values": ["1 h"], "weights": [0]}}, "empirical", "above zero"),
        ({"mixture": [{"share": 0.4, "of": "1 h"}]}, "", "sum to 1"),
        (
            {"mixture": [{"share": 1, "of": {"gamma": "1 h"}}]},
            "mixture.0.of.gamma",
            "dictionary",
        ),
        ({"scipy": {"name": "norm", "unit": "h"}}, "scipy", "a duration cannot"),
        ({"scipy": {"name": "invgaus", "unit": "h"}}, "scipy", "no continuous law 'invgaus'"),
        ({"scipy": {"name": "poisson", "unit": "h"}}, "scipy", "no continuous law"),
        ({"scipy": {"name": "gamma", "unit": "h"}}, "scipy", "are a, loc, scale"),
        ({"scipy": {"name": "gamma", "args": {"a": -1}, "unit": "h"}}, "scipy", ""),
        (
            {"scipy": {"name": "pareto", "args": {"b": 1}, "unit": "h"}},
            "scipy",
            "no finite mean",
        ),
        ({"scipy": {"name": "expon", "unit": "x"}}, "scipy.unit", "unknown unit"),
        ({"scipy": {"name": "__class__", "unit": "h"}}, "scipy.name", "pattern"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_at_its_place(written, place, says):
    found = complaints(written)

    assert any(where == place and says in message for where, message in found), found


def test_reading_a_law_imports_no_numbers_library():
    code = (
        "import sys; from sim.model.distributions import Law;"
        "Law.model_validate({'lognormal': {'mean': '1 h', 'cv': 1}}).mean_us();"
        "sys.exit(bool({'numpy', 'scipy'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_law_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        law("1 h").constant = 3
