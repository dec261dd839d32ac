"""``gridgov plot`` as a user meets it."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner

from sim.cli.plot import plot
from tests.report import frames


def run(*arguments):
    return CliRunner().invoke(plot, [str(word) for word in arguments])


def long_table(shift: float) -> pd.DataFrame:
    rows = [
        (replication, metric, "all", "all", value + shift + 0.1 * replication, unit, 100.0)
        for replication in range(1, 6)
        for metric, value, unit in (
            ("resolution_p90", 50.0, "h"),
            ("cost_per_month", 1000.0, "CNY/month"),
        )
    ]
    columns = ["replication", "metric", "by", "group", "value", "unit", "n"]
    return pd.DataFrame(rows, columns=columns)


def results(folder, *, cases=False, seed=1, shift=0.0):
    folder.mkdir()
    tables = {
        "summary.csv": frames.summary(cost=310e3 + shift, p90=61.0 - shift),
        "daily.csv": frames.daily(),
        "replications.csv": long_table(shift),
    }
    if cases:
        tables["cases.csv.gz"] = frames.cases()
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, encoding="utf-8-sig")
    run_settings = {
        "seed": seed,
        "start": "2024-01-01T00:00:00",
        "horizon": "60 d",
        "cool_down": "4 d",
        "digests": {str(number): "x" for number in range(1, 6)},
    }
    manifest = {
        "scenario": f"scenarios/{folder.name}.yaml",
        "overrides": [],
        "run": run_settings,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_one_folder_gives_its_figures_and_says_what_others_need(tmp_path):
    folder = results(tmp_path / "bijiang", cases=True)

    result = run(folder, "--lang", "both")

    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in (folder / "figures").iterdir())
    assert names == ["fairness.svg", "open-requests.svg", "resolution-times.svg",
                     "utilisation.svg"]  # fmt: skip
    assert "differences: it needs two results folders" in result.stderr
    assert len(result.stdout.splitlines()) == 4


def test_two_folders_give_a_comparison(tmp_path):
    first, other = results(tmp_path / "a"), results(tmp_path / "b", shift=5.0)
    out = tmp_path / "out"

    result = run(first, other, "--out", out, "--format", "png", "--lang", "zh")

    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in out.iterdir())
    assert names == ["differences.png", "frontier.png", "open-requests.png"]


def test_drawing_again_writes_the_same_bytes_without_being_forced(tmp_path):
    folder = results(tmp_path / "a")
    asked = (folder, "--figure", "utilisation", "--lang", "en")

    assert run(*asked).exit_code == run(*asked).exit_code == 0


def test_a_figure_that_differs_is_replaced_only_when_asked(tmp_path):
    folder = results(tmp_path / "a")
    asked = (folder, "--figure", "utilisation", "--lang", "en")
    run(*asked)
    file = folder / "figures" / "utilisation.svg"
    file.write_text("mine", encoding="utf-8")

    refused = run(*asked)

    assert refused.exit_code == 2
    assert "--force" in refused.output
    assert file.read_text(encoding="utf-8") == "mine"
    assert run(*asked, "--force").exit_code == 0
    assert file.stat().st_size > 1000


def study(folder, **record):
    folder.mkdir()
    manifest = {"scenario": "scenarios/after.yaml", "overrides": [], **record}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def calibrated(folder):
    """What `gridgov calibrate` leaves behind: one reading with four accepted runs."""
    readings = [{"name": "all", "accepted": 4}]
    study(folder, calibrate={"readings": readings})
    claims = pd.DataFrame(
        [
            ("calls", "work", True, -20.0, "share", "Calls", "来电",
             -32.0, -8.0, -21.0, -29.0, -13.0),
            ("settled", "closed", False, 97.0, "share", "Settled", "化解",
             95.0, None, 90.0, 83.0, 94.0),
        ],
        columns=["claim", "reading", "used", "reported", "unit", "name_en", "name_zh",
                 "agrees_from", "agrees_to", "mean", "p05", "p95"],
    )  # fmt: skip
    parameters = pd.DataFrame(
        [("a.work", "10 min", "90 min", 0.6, "Work", "工作量"),
         ("b.rate", "5/household/year", "20/household/year", 0.0, "Rate", "频率")],
        columns=["parameter", "low", "high", "contraction", "name_en", "name_zh"],
    )  # fmt: skip
    claims.to_csv(folder / "claims-all.csv", index=False)
    parameters.to_csv(folder / "parameters-all.csv", index=False)
    unknowns = [
        {"name": name, "low": 5, "high": 90, "unit": "", "places": []}
        for name in ("a.work", "b.rate")
    ]
    points = [[0.1, 0.2], [0.3, 0.5], [0.4, 0.9], [0.2, 0.4]]
    draws = {"all": {"weights": [1.0, 2.0, 1.0, 1.0], "points": points}}
    posterior = {"format": 2, "scenario": "after", "unknowns": unknowns, "readings": draws}
    (folder / "posterior.json").write_text(json.dumps(posterior), encoding="utf-8")
    return folder


def test_a_calibration_is_drawn_as_claims_assumptions_and_pairs(tmp_path):
    folder = calibrated(tmp_path / "fitted")

    result = run(folder, "--lang", "both")

    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in (folder / "figures").iterdir())
    assert names == ["calibration-all.svg", "marginals-all.svg", "pairs-all.svg"]


def test_a_claim_without_an_upper_end_is_met_from_below_only(tmp_path):
    from sim.experiment.stored import read_study
    from sim.report.plots.calibration import is_met
    from sim.report.studies import _targets

    found = read_study(calibrated(tmp_path / "fitted"))
    rows = _targets(found.table("claims-all.csv")).to_dict("records")

    assert [is_met(row) for row in rows] == [True, False]  # 83 to 94 against 95 and more
    assert is_met({**rows[1], "low": 98.0, "high": 99.0})
    assert [row["held_out"] for row in rows] == [False, True]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (
            {"calibrate": {"readings": [{"name": "all", "accepted": 0}]}},
            "no run met all claims",
        ),
        ({"sensitivity": {"without_value": {}}}, "no tornado table"),
        ({"optimise": {}}, "is of gridgov optimise"),
        ({"posterior": {}}, "is of gridgov run --posterior"),
    ],
)
def test_a_study_without_figures_says_what_it_is(tmp_path, record, words):
    result = run(study(tmp_path / "study", **record), "--lang", "en")

    assert result.exit_code == 2
    assert words in " ".join(result.output.split())
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "is no results folder"), ("zh", "不是结果文件夹")],
)
def test_a_folder_without_a_manifest_is_refused(tmp_path, lang, words):
    result = run(tmp_path, "--lang", lang)

    assert result.exit_code == 2
    assert words in result.output


def test_a_figure_asked_for_by_name_must_be_possible(tmp_path):
    folder = results(tmp_path / "a")

    result = run(folder, "--figure", "resolution-times", "--lang", "en")

    assert result.exit_code == 2
    assert "which gridgov run writes" in result.output


def test_runs_with_other_seeds_are_not_paired(tmp_path):
    first, other = results(tmp_path / "a"), results(tmp_path / "b", seed=2)

    result = run(first, other, "--figure", "differences", "--lang", "en")

    assert result.exit_code == 2
    assert "one seed" in result.output


def test_a_damaged_manifest_is_said(tmp_path):
    folder = results(tmp_path / "a")
    (folder / "manifest.json").write_text("{", encoding="utf-8")

    assert "damaged" in run(folder, "--lang", "en").output


def test_the_command_offers_every_figure():
    from sim.cli.plot import FIGURE_NAMES
    from sim.report.figures import FIGURES

    assert list(FIGURES) == list(FIGURE_NAMES)


def test_a_folder_of_a_comparison_is_drawn_as_its_scenarios(tmp_path):
    folder = tmp_path / "both"
    folder.mkdir()
    members = []
    for place, name in enumerate(("a", "b"), start=1):
        results(folder / name, shift=5.0 * place)
        manifest = json.loads((folder / name / "manifest.json").read_text(encoding="utf-8"))
        members.append({"name": name, "folder": name, **manifest})
    manifest = {"scenario": "a.yaml", "compare": {}, "scenarios": members}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    result = run(folder, "--lang", "en")

    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in (folder / "figures").iterdir())
    assert names == ["differences.svg", "frontier.svg", "open-requests.svg"]


def sensitivity_folder(folder, *, drawn=True):
    folder.mkdir()
    manifest = {
        "scenario": "scenarios/bijiang.yaml",
        "overrides": [],
        "sensitivity": {"without_value": {"resolution_mean": 0}},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    if drawn:
        table = pd.DataFrame(
            {
                "assumption": ["pools.departments.staff"],
                "low_setting": [25],
                "high_setting": [120],
                "at_low": [72.0],
                "at_high": [40.0],
                "base": [52.8],
                "name_en": ["Departments: staff"],
                "name_zh": ["部门：人员"],
            }
        )
        table.to_csv(folder / "tornado-resolution_mean.csv", index=False, encoding="utf-8-sig")
    return folder


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_sensitivity_folder_gives_its_tornado(tmp_path, lang):
    folder = sensitivity_folder(tmp_path / "found")

    result = run(folder, "--lang", lang)

    assert result.exit_code == 0, result.stderr
    assert [path.name for path in (folder / "figures").iterdir()] == [
        "tornado-resolution_mean.svg"
    ]


def test_a_sensitivity_folder_without_a_tornado_says_why(tmp_path):
    result = run(sensitivity_folder(tmp_path / "found", drawn=False), "--lang", "en")

    assert result.exit_code == 2
    assert "no tornado table" in result.stderr
