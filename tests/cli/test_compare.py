"""``gridgov compare``: differences in words, checks, and what does not match."""

import json
from hashlib import sha256

import pandas as pd
import pytest

from sim.scenario.reader import load_scenario
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
    assert record["folder"].startswith("results/small/compare-")
    assert (tmp_path / record["folder"] / "manifest.json").is_file()


def test_a_check_that_fails_ends_with_code_3(call, files):
    code, _, err = call(*files[:2], "-n", 2, "--fail-if", "resolution_mean[war] > 0.001")

    assert code == 3
    assert "resolution_mean[war] > 0.001: small has" in err


def test_a_check_that_holds_is_silent(call, files):
    code, _, err = call(*files[:2], "-n", 2, "-q", "--fail-if", "resolution_mean.difference>0")

    assert (code, err) == (0, "")


def test_the_folder_holds_the_differences_and_each_scenario(call, files, tmp_path):
    folder = tmp_path / "out"
    code, _, _ = call(*files[:2], "-n", 3, "--out", folder, "--fail-if", "resolution_mean > 0")
    record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    assert code == 3
    assert record["compare"]["names"] == ["small", "staffed"]
    assert record["compare"]["failed_checks"]
    found = {each["path"]: each for each in record["files"]}
    assert set(found) == {
        "differences.csv",
        *(
            f"scenarios/{member}/{name}"
            for member in ("1-small", "2-staffed")
            for name in (
                "daily.csv",
                "replications.csv",
                "scenario.resolved.yaml",
                "summary.csv",
            )
        ),
    }
    assert all(
        sha256((folder / name).read_bytes()).hexdigest() == each["sha256"]
        for name, each in found.items()
    )
    differences = pd.read_csv(folder / "differences.csv", encoding="utf-8-sig")
    assert len(differences) == found["differences.csv"]["rows"] > 10
    for each in record["scenarios"]:
        assert load_scenario(folder / each["folder"] / "scenario.resolved.yaml").model.name
        assert set(each["run"]["digests"]) == {"1", "2", "3"}


def test_a_folder_of_a_comparison_is_a_run_of_each_of_its_scenarios(
    call, gridgov, files, tmp_path
):
    folder = tmp_path / "out"
    call(*files[:2], "-n", 2, "--out", folder)
    gridgov("run", files[1], "-n", 2, "--workers", "1", "--out", tmp_path / "alone")

    for name in ("summary.csv", "replications.csv", "daily.csv"):
        there = folder / "scenarios" / "2-staffed" / name
        assert there.read_bytes() == (tmp_path / "alone" / name).read_bytes()


def test_a_folder_that_is_taken_is_replaced_only_by_force(call, files, tmp_path):
    folder = tmp_path / "out"
    asked = (*files[:2], "-n", 2, "--out", folder)
    call(*asked)
    (folder / "mark").touch()

    code, _, err = call(*asked)

    assert code == 2
    assert "--force" in err
    assert (folder / "mark").exists()
    assert call(*asked, "--force")[0] == 0
    assert not (folder / "mark").exists()


def test_a_comparison_that_fails_leaves_no_folder(call, files, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("sim.experiment.compare_results.write_manifest", fail)
    code, _, err = call(*files[:2], "-n", 2, "--out", tmp_path / "new" / "out")

    assert code == 1
    assert "disk full" in err
    assert not (tmp_path / "new").exists()


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
