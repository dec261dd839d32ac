"""``gridgov compare``: differences in words, checks, and what does not match."""

import json

import pytest

from tests.small_scenario import write_scenario


@pytest.fixture
def call(gridgov):
    """Call ``gridgov compare`` with one worker."""
    return lambda *arguments: gridgov("compare", *arguments, "--workers", "1")


@pytest.fixture
def files(tmp_path):
    return [
        write_scenario(tmp_path),
        write_scenario(tmp_path, "staffed", per="per: 100"),
        write_scenario(tmp_path, "noisy", rate="6.1/household/year,"),
    ]


def test_differences_are_said_in_words(call, files):
    code, out, err = call(*files[:2], "-n", 4)

    assert code == 0
    assert "better" in out
    assert "common demand makes intervals" in out
    assert "estimated for independent seeds" in out
    assert "!" not in err


def test_what_cannot_be_told_apart_is_said_so(call, files):
    _, out, _ = call(files[0], files[2], "-n", 3)

    assert "not distinguishable" in out


def test_sources_that_do_not_match_are_named(call, files):
    _, out, err = call(files[0], files[2], "-n", 2, "--lang", "zh")

    assert "reports/noise, reports/trash" in err
    assert "基准" in out


def test_json_has_paired_and_independent_intervals(call, files, tmp_path):
    code, out, err = call(*files, "-n", 3, "--independent", "--json")
    record = json.loads(out)

    assert (code, err) == (0, "")
    assert [each["name"] for each in record["scenarios"]] == ["small", "staffed", "noisy"]
    assert record["independent"]
    assert record["unmatched_sources"] == {"noisy": ["reports/noise", "reports/trash"]}
    assert set(record["narrowing"]) == {"staffed", "noisy"}
    row = next(row for row in record["differences"] if row["metric"] == "resolution_mean")
    assert {"difference", "low", "high", "correlation", "narrowing", "independent_low"} <= set(
        row
    )
    assert list(tmp_path.glob("results*")) == []


def test_a_check_that_fails_ends_with_code_3(call, files):
    code, _, err = call(*files[:2], "-n", 2, "--fail-if", "resolution_mean[war] > 0.001")

    assert code == 3
    assert "resolution_mean[war] > 0.001: small has" in err


def test_a_check_that_holds_is_silent(call, files):
    code, _, err = call(*files[:2], "-n", 2, "-q", "--fail-if", "resolution_mean.difference>0")

    assert (code, err) == (0, "")


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        (["--fail-if", "resolution_meen>3"], "did you mean resolution_mean"),
        (["--fail-if", "resolution_mean"], "is no check"),
        (["--fail-if", "resolution_mean[wart]>3"], "did you mean war"),
        (["--set", "run.horizn=3 d"], "horizn"),
    ],
    ids=["metric", "form", "group", "override"],
)
def test_mistakes_end_with_code_2(call, files, extra, expected):
    code, out, err = call(*files[:2], "-n", 2, *extra)

    assert (code, out) == (2, "")
    assert expected in err


def test_one_scenario_is_no_comparison(call, files):
    assert call(files[0])[0] == 2


def test_problems_of_all_scenarios_are_told_at_once(call, files):
    for path in files[:2]:
        text = path.read_text(encoding="utf-8").replace("serves:", "servs:")
        path.write_text(text, encoding="utf-8")

    code, _, err = call(*files[:2])

    assert code == 2
    assert all(path.name in err for path in files[:2])
