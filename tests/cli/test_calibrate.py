"""``gridgov calibrate`` on a town that plays in a moment."""

import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from sim.experiment.attempts import JOURNAL, Attempts
from sim.experiment.calibrate import question_of, work_of
from sim.experiment.unknowns import systems_at, unknowns_of, values_at
from sim.scenario.reader import load_scenario
from tests.conftest import ROOT
from tests.small_scenario import write_scenario

AFTER = """\
extends: before.yaml
name: after
requests:
  trash: {work: {exponential: {assumed: 45 min, range: [10 min, 90 min], because: a test}}}
targets:
  calls:
    reported: hanting.hotline_drop
    kind: relative
    against: before.yaml
    readings:
      time: {metric: resolution_mean}
      work: {metric: worked_mean}
    width: {rounding: 12}
  settled:
    reported: bijiang.dispute_rate
    readings: {closed: {metric: closed_rate}}
    width: {rounding: 80}
"""


@pytest.fixture
def scenario(tmp_path):
    folder = tmp_path / "scenarios"
    folder.mkdir()
    write_scenario(folder, "before", grids="count: 1")
    after = folder / "after.yaml"
    after.write_text(AFTER, encoding="utf-8")
    return after


# Eight people, so that work is done when it is due: under overload less of it is seen.
EASY = "pools.grid_workers.staff.rules.by_households.workers=4"
QUICK = (
    "--runs",
    60,
    "--accept",
    12,
    "--workers",
    1,
    "--set",
    "run.horizon=5 d",
    "--set",
    EASY,
)
ONE = (*QUICK, "--read", "calls=work")


@pytest.mark.slow
def test_what_the_claims_say_is_told_and_kept(gridgov, scenario, tmp_path):
    code, out, _ = gridgov("calibrate", scenario, *QUICK, "--json", "--out", "kept")
    record = json.loads(out)
    work = next(one for one in record["readings"] if one["name"] == "calls_work")
    row = next(r for r in work["parameters"] if r["parameter"].endswith("exponential"))

    assert code == 0
    assert {one["name"] for one in record["readings"]} == {"calls_time", "calls_work"}
    assert record["scenarios"] == ["after", "before"]
    # The claim is about work; the rate of reports can move it by chance only.
    assert row["parameter"] == work["parameters"][0]["parameter"]
    assert row["contraction"] > 0.5  # about 0.9 from 10-90 to 11-37 min
    assert all(claim["met"] == 1 for claim in work["targets"])
    folder = tmp_path / "kept"
    draws = pd.read_csv(folder / "draws-calls_work.csv")
    assert draws["weight"].sum() == pytest.approx(1)
    assert draws["calls/work"].between(-32, -8).all()
    assert (folder / "marginals-calls_work.svg").stat().st_size > 1000
    assert json.loads((folder / "manifest.json").read_text())["calibrate"]["seed"] == 1


@pytest.mark.slow
def test_the_fitted_scenario_reads_and_says_where_its_values_come_from(
    gridgov, scenario, tmp_path
):
    gridgov("calibrate", scenario, *ONE, "-q", "--out", "kept")
    reading = load_scenario(tmp_path / "kept" / "after-calibrated-calls_work.yaml")

    kinds = {origin.kind for origin in reading.provenance.values()}
    told = pd.read_csv(tmp_path / "kept" / "parameters-calls_work.csv")
    assert ("calibrated" in kinds) == (set(told["verdict"]) != {"prior_only"})
    assert reading.model.name == "after-calibrated"


@pytest.mark.slow
def test_the_same_command_again_plays_nothing_and_says_the_same(gridgov, scenario, tmp_path):
    first = json.loads(gridgov("calibrate", scenario, *ONE, "--json", "--out", "kept")[1])
    journal = tmp_path / "kept" / JOURNAL
    again = json.loads(gridgov("calibrate", scenario, *ONE, "--json", "--out", "kept")[1])
    # A line that a kill cut off is played again.
    journal.write_bytes(journal.read_bytes()[:-20])
    mended = json.loads(gridgov("calibrate", scenario, *ONE, "--json", "--out", "kept")[1])

    assert first["played"] > 0
    assert again["played"] == 0
    assert mended["played"] == 1
    assert first["readings"] == again["readings"] == mended["readings"]


@pytest.mark.slow
def test_a_killed_calibration_goes_on_and_ends_the_same(gridgov, scenario, tmp_path):
    whole = json.loads(gridgov("calibrate", scenario, *ONE, "--json", "--out", "whole")[1])
    journal = tmp_path / "cut" / JOURNAL
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "calibrate", scenario, *map(str, ONE), "--out", "cut"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    while not journal.is_file() or journal.read_bytes().count(b"\n") < 20:
        time.sleep(0.05)
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    rest = json.loads(gridgov("calibrate", scenario, *ONE, "--json", "--out", "cut")[1])

    assert 0 < rest["played"] < whole["played"]
    assert rest["readings"] == whole["readings"]


def test_a_claim_held_out_is_simulated_and_not_used(gridgov, scenario):
    code, out, _ = gridgov(
        "calibrate", scenario, *QUICK, "--json", "--hold-out", "calls", "--read", "calls=work"
    )
    (one,) = json.loads(out)["readings"]
    claim = next(row for row in one["targets"] if row["claim"] == "calls")

    assert code == 0
    assert claim["used"] is False
    assert 0 <= claim["held_out_met"] < 0.9
    assert claim["mean"] is not None


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--vary", "pools.nobody"), "nothing at 'pools.nobody'"),
        (("--hold-out", "callls"), "no target 'callls'"),
        (("--hold-out", "calls", "--hold-out", "settled"), "no target to calibrate with"),
        (("--read", "calls=speed"), "no reading 'speed'"),
        (("--read", "calls"), "TARGET=READING"),
    ],
)
def test_what_makes_no_sense_is_refused(gridgov, scenario, flags, said):
    code, _, err = gridgov("calibrate", scenario, *flags)

    assert code == 2
    assert said in " ".join(err.split())


@pytest.mark.parametrize(
    ("lang", "flags", "said"),
    [
        ("en", ("--method", "smc", "--accept", 10), ""),
        ("zh", ("--hold-out", "callls"), "没有对照指标“callls”"),
        ("zh", ("--read", "calls=speed"), "没有解读“speed”"),
        ("en", ("--design", 90, "--runs", 60), "at most --runs"),
        ("zh", ("--design", 90, "--runs", 60), "不得超过 --runs"),
    ],
)
def test_both_languages_say_what_is_wrong(gridgov, scenario, lang, flags, said):
    code, _, err = gridgov("calibrate", scenario, *QUICK, *flags, "--lang", lang)

    assert (code, said in " ".join(err.split())) == (2 if said else 0, True)


def test_plain_monte_carlo_is_refused_where_it_would_be_lost(gridgov):
    town = ROOT / "scenarios" / "bijiang.yaml"
    for lang, said in (("en", "choose some with --vary"), ("zh", "请用 --vary 选定")):
        code, _, err = gridgov("calibrate", town, "--method", "smc", "--lang", lang)
        assert code == 2
        assert said in " ".join(err.split())
    few = ("--vary", "requests.urgent.closing", "--method", "smc", "--accept", 10)
    code, _, err = gridgov("calibrate", town, *few, "--vary", "shocks")
    assert code == 2
    assert "needs --accept" in " ".join(err.split())


def test_a_folder_of_something_else_is_left_alone(gridgov, scenario, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    code, _, err = gridgov("calibrate", scenario, *QUICK, "--out", "mine")

    assert code == 2
    assert "something else" in err


def test_people_read_it_in_both_languages(gridgov, scenario):
    flags = (*QUICK, "--read", "calls=work", "--out", "kept")
    english = gridgov("calibrate", scenario, *flags)[1]
    chinese = gridgov("calibrate", scenario, *flags, "--lang", "zh")[1]

    assert "What the claims say of the assumptions" in english
    assert "met when left out" in english
    assert "成效对各项假设的说明" in chinese


def test_one_assumption_written_once_is_one_unknown_of_both_scenarios(tmp_path):
    folder = tmp_path / "family"
    folder.mkdir()
    base = write_scenario(folder, "base", grids="count: 1")
    heir = folder / "heir.yaml"
    heir.write_text("extends: base.yaml\nname: heir\nrequests: {noise: {priority: 5}}\n")
    readings = [load_scenario(base), load_scenario(heir)]
    (rate,) = unknowns_of(readings)

    assert [number for number, _ in rate.places] == [0, 1]
    assert (rate.low, rate.high, rate.unit) == (5, 20, "/household/year")
    systems = systems_at(readings, [rate], [0.5])
    assert systems[0].sources == systems[1].sources
    assert values_at([rate], [0.0]) == {"sources.reports.rate": "5/household/year"}


def test_shares_still_sum_to_one_after_one_of_them_moved(tmp_path):
    path = write_scenario(tmp_path, "shares")
    text = path.read_text().replace(
        "{trash: 60 %, noise: 40 %}",
        "{trash: {assumed: 0.6, range: [0.3, 0.9], because: a test}, noise: 0.4}",
    )
    path.write_text(text)
    reading = load_scenario(path)
    unknowns = unknowns_of([reading], ["sources.reports.classes"])

    (system,) = systems_at([reading], unknowns, [0.0])
    classes = system.sources["reports"].classes
    assert classes == pytest.approx({"trash": 0.3, "noise": 0.7})


def test_a_wider_claim_is_of_this_scenario_only_and_finds_its_runs_again(scenario):
    plain = question_of(scenario, ["run.horizon=5 d"])
    wide = question_of(scenario, ["run.horizon=5 d", "targets.calls.width.rounding=20"])
    other = question_of(scenario, ["run.horizon=6 d"])
    bases = [
        Attempts(work_of(one, 1, 1, "reference"), None).base for one in (plain, wide, other)
    ]

    assert [band.high for band in plain.bands[:2]] == [-8, -8]
    assert [band.high for band in wide.bands[:2]] == [0, 0]
    assert bases[0] == bases[1] != bases[2]
