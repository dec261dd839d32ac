"""Reported outcomes beside what was simulated, as ``run``, ``compare`` and ``validate`` say."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.small_scenario import write_scenario

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"

TARGETS = """
targets:
  settled:
    title: {en: Settled, zh: 化解率}
    reported: bijiang.dispute_rate
    readings: {closed: {metric: closed_rate}, cured: {metric: resolved_rate}}
    left_open: {en: what settled means, zh: 化解的含义}
  calls:
    reported: hanting.hotline_drop
    kind: relative
    against: before.yaml
    readings: {reports: {metric: reported}, speed: {metric: resolution_mean, reciprocal: true}}
    width: {rounding: 0.5, discrepancy: {assumed: 2, range: [0, 5], because: a test}}
  number:
    reported: hanting.reception_solved
    kind: count
    window: [30 d, 60 d]
    readings: {closings: {metric: closed}}
"""


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "scenarios"
    folder.mkdir()
    write_scenario(folder, "before", work="90 min")
    after = write_scenario(folder, "after")
    after.write_text(after.read_text() + TARGETS, encoding="utf-8")
    return folder / "before.yaml", after


def by_reading(records):
    return {record["reading"]: record for record in records}


def test_a_run_plays_the_scenario_before_and_says_what_agrees(gridgov, files, tmp_path):
    code, out, _ = gridgov("run", files[1], "--json", "--workers", 1, "--out", "kept")
    found = by_reading(json.loads(out)["targets"])

    assert code == 0
    # The demand is the same in both, so reports do not fall by a fifth; work of half the
    # length is done at more than four fifths of the speed.
    assert found["reports"]["mean"] == 0
    assert found["reports"]["verdict"] == "not_met"
    assert found["speed"]["mean"] > 0
    assert found["speed"]["against"] == "before"
    assert found["closed"]["unit"].startswith("percent")
    assert 0 < found["closed"]["mean"] <= 100
    assert found["closed"]["left_open"] == "what settled means"
    assert found["cured"]["verdict"] == "open"  # nobody is asked in this scenario
    assert found["cured"]["why"] == "not_reached"
    table = pd.read_csv(tmp_path / "kept" / "targets.csv")
    assert set(table["reading"]) == set(found)
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_text(encoding="utf-8"))
    assert by_reading(manifest["targets"]) == found


def test_a_count_is_taken_over_every_window_that_is_possible(gridgov, files):
    _, out, _ = gridgov("run", files[1], "--json", "--workers", 1)
    record = json.loads(out)
    found = by_reading(record["targets"])["closings"]
    closed = next(
        row for row in record["metrics"] if (row["metric"], row["by"]) == ("closed", "all")
    )

    # Ten days are measured.
    assert found["low"] == pytest.approx(closed["low"] * 3)
    assert found["high"] == pytest.approx(closed["high"] * 6)
    assert found["agrees_from"] == 160


def test_without_the_scenario_before_a_change_stays_open(gridgov, files):
    _, out, _ = gridgov("run", files[1], "--json", "--workers", 1, "--no-targets")
    found = by_reading(json.loads(out)["targets"])

    assert found["reports"]["verdict"] == "open"
    assert found["reports"]["why"] == "no_baseline"
    assert found["closed"]["mean"] is not None


def test_a_comparison_finds_the_scenario_before_among_its_own(gridgov, files, tmp_path):
    run = gridgov("run", files[1], "--json", "--workers", 1)[1]
    code, out, _ = gridgov("compare", *files, "--json", "--workers", 1, "--out", "both")
    compared = json.loads(out)["targets"]

    assert code == 0
    assert compared == {"after": json.loads(run)["targets"]}
    assert list(pd.read_csv(tmp_path / "both" / "targets.csv")["scenario"]) == ["after"] * 5


def test_people_read_it_in_both_languages(gridgov, files):
    english = gridgov("run", files[1], "--workers", 1)[1]
    chinese = gridgov("run", files[1], "--workers", 1, "--lang", "zh")[1]

    assert "Simulated against reported (checks, never inputs)" in english
    assert "left open: what settled means" in english
    assert "not met" in english
    assert "仿真与报道的对照" in chinese
    assert "化解的含义" in chinese
    assert "不符" in chinese


def test_a_fact_that_is_also_an_input_is_named(gridgov, files):
    text = files[1].read_text()
    files[1].write_text(
        text.replace(
            "staff: {rules: {by_households: {workers: 1,",
            'staff: {rules: {by_households: {workers: {derived: "bijiang.dispute_rate / 97", '
            "use: {bijiang.dispute_rate: 97}},",
        )
    )
    _, out, _ = gridgov("run", files[1], "--workers", 1, "--no-targets")

    assert "bijiang.dispute_rate is also an input of this scenario" in out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("metric: closed_rate", "metric: closed_rates", "there is no metric 'closed_rates'"),
        ("metric: closed_rate", "metric: resolution_mean", "the claim is in percent"),
        ("metric: closed}", "metric: closed, pool: grid_workers}", "is not told apart by pool"),
        ("against: before", "against: long_before", "there is no file"),
    ],
)
def test_what_only_the_catalogue_knows_is_told_at_its_place(gridgov, files, old, new, said):
    files[1].write_text(files[1].read_text().replace(old, new))

    for command in ("validate", "run"):
        code, _, err = gridgov(command, files[1])
        assert code == 2
        assert said in err
        assert "after.yaml:" in err


def test_a_copy_elsewhere_finds_the_scenario_before_among_those_shipped(gridgov, tmp_path):
    _, text, _ = gridgov("resolve", SCENARIOS / "hanting.yaml")
    copy = tmp_path / "copied" / "mine.yaml"
    copy.parent.mkdir()
    copy.write_text(text, encoding="utf-8")

    assert "against: hanting-before.yaml" in text
    assert gridgov("validate", copy)[0] == 0


def test_targets_do_not_count_as_inputs_and_decide_nothing(gridgov, files):
    plain = write_scenario(files[1].parent, "plain")
    with_targets = json.loads(gridgov("run", files[1], "--json", "--workers", 1)[1])
    without = json.loads(gridgov("run", plain, "--json", "--workers", 1)[1])

    assert with_targets["provenance"] == without["provenance"]
    assert with_targets["run"]["digests"] == without["run"]["digests"]
