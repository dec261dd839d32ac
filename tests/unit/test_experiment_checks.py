"""Checks of a comparison: what reads as one, and when it fails."""

import pandas as pd
import pytest

from sim.errors import AnalysisError
from sim.experiment.checks import failed, parse_check

TABLE = pd.DataFrame(
    [
        ("resolution_p90", "all", "all", "a", "b", 10.0, 12.0, 2.0),
        ("resolution_p90", "mode", "war", "a", "b", 20.0, 19.0, -1.0),
        ("resolution_p95", "all", "all", "a", "b", 30.0, None, None),
    ],
    columns=[
        "metric",
        "by",
        "group",
        "baseline",
        "other",
        "baseline_mean",
        "other_mean",
        "difference",
    ],
)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("resolution_p90 > 11", ["b"]),
        ("resolution_p90>9", ["a", "b"]),
        ("resolution_p90 > 12", []),
        ("resolution_p90 >= 12", ["b"]),
        ("resolution_p90[war] < 19.5", ["b"]),
        ("resolution_p90.difference > 1", ["b"]),
        ("resolution_p90[war].difference > 0", []),
        ("resolution_p95 > 99", ["b"]),
    ],
    ids=[
        "above",
        "both",
        "equal",
        "or-equal",
        "group",
        "difference",
        "group-difference",
        "unknown",
    ],
)
def test_a_check_names_who_fails_it(text, who):
    found = failed(parse_check(text), TABLE)

    assert [line.split(": ")[1].split()[0] for line in found] == who


def test_per_cent_is_a_hundredth():
    assert parse_check("closed_rate<97.5%").bound == 0.975


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("resolution_p90", "is no check"),
        ("resolution_p90 == 3", "is no check"),
        ("resolution_p900 > 3", "did you mean resolution_p90"),
    ],
    ids=["no-bound", "no-sign", "no-metric"],
)
def test_what_is_no_check_is_refused(text, hint):
    with pytest.raises(ValueError, match=hint):
        parse_check(text)


def test_an_unknown_group_is_named():
    with pytest.raises(AnalysisError, match="no group 'wart'; did you mean war"):
        failed(parse_check("resolution_p90[wart] > 3"), TABLE)
