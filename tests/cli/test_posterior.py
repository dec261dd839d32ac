"""``run`` and ``compare`` over posterior draws, on a town that plays in a moment."""

import json
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from sim.cli.optimise_posterior import Over, record_of_draws
from sim.experiment.optimise_posterior import Ensemble, Held
from sim.experiment.posterior import POSTERIOR, read_posterior
from sim.experiment.predict import apply
from sim.experiment.unknowns import place_now, unknowns_of
from sim.scenario.reader import load_scenario
from tests.small_scenario import write_scenario

WORK = "requests.trash.work.exponential"
RATE = "sources.reports.rate"
HEIR = """\
extends: small.yaml
name: heir
requests: {trash: {work: {exponential: 50 min}}}
"""


@pytest.fixture
def town(tmp_path):
    """A scenario with two unknowns, and an heir that fixes one of them at 50 minutes."""
    path = write_scenario(tmp_path)
    text = path.read_text().replace(
        "exponential: 45 min",
        "exponential: {assumed: 45 min, range: [10 min, 90 min], because: a test}",
    )
    path.write_text(text)
    (tmp_path / "heir.yaml").write_text(HEIR)
    return path


def write_posterior(folder, town, points, weights=None, reading="all"):
    """Draws as `gridgov calibrate` keeps them; each point is (rate, work)."""
    unknowns = unknowns_of([load_scenario(town)])
    assert [one.name for one in unknowns] == [RATE, WORK]
    record = {
        "format": 2,
        "scenario": "small",
        "unknowns": [
            {"name": u.name, "low": u.low, "high": u.high, "unit": u.unit,
             "places": [["small", u.name]]}
            for u in unknowns
        ],
        "readings": {
            reading: {"weights": weights or [1.0] * len(points), "points": points},
        },
    }  # fmt: skip
    folder.mkdir(exist_ok=True)
    (folder / POSTERIOR).write_text(json.dumps(record))
    return folder


def figure(rows, metric, **wanted):
    wanted = {"by": "all", "metric": metric, **wanted}
    (row,) = (r for r in rows if all(r[key] == value for key, value in wanted.items()))
    return row


TRASH = {"by": "class", "group": "trash"}
QUICK = ("--set", "run.horizon=6 d", "--workers", 1)


def test_a_posterior_of_one_point_is_the_run_at_that_point(gridgov, town, tmp_path):
    now = [place_now(one) for one in unknowns_of([load_scenario(town)])]
    folder = write_posterior(tmp_path / "cal", town, [now])
    plain = gridgov("run", town, *QUICK, "-n", 4, "--out", "plain", "--no-targets")
    code, _, _ = gridgov(
        "run", town, *QUICK, "--posterior", folder, "--draws", 2, "-n", 2, "--out", "over"
    )

    assert (plain[0], code) == (0, 0)
    mine = pd.read_csv(tmp_path / "over" / "replications-small.csv")
    theirs = pd.read_csv(tmp_path / "plain" / "replications.csv")
    assert mine["draw"].unique().tolist() == [1, 2]
    pd.testing.assert_frame_equal(mine.drop(columns="draw"), theirs)


def test_intervals_hold_parameters_and_noise(gridgov, town, tmp_path):
    wide = [[0.0, place] for place in (0.05, 0.3, 0.6, 0.95)]
    narrow = [[0.0, 0.5]] * 4
    found = {}
    for name, points in (("wide", wide), ("narrow", narrow)):
        folder = write_posterior(tmp_path / name, town, points)
        out = gridgov("run", town, *QUICK, "--posterior", folder, "--draws", 8, "--json")[1]
        found[name] = json.loads(out)
    rows = {
        name: figure(one["predictions"], "worked_mean", **TRASH) for name, one in found.items()
    }

    assert found["wide"]["posterior"]["draws"] == 8
    assert found["wide"]["posterior"]["replications_of_each"] == 2
    assert rows["wide"]["runs"] == 16
    # Mean work moves by the assumption: from 10 to 90 minutes.
    assert rows["wide"]["parameter_share"] > 0.5
    assert rows["wide"]["sd_parameters"] > 2 * rows["narrow"]["sd_parameters"]
    width = {name: row["high"] - row["low"] for name, row in rows.items()}
    assert width["wide"] > 1.5 * width["narrow"]


@pytest.mark.slow
def test_a_conclusion_that_flips_within_the_ensemble_is_flagged(gridgov, town, tmp_path):
    # The heir works 50 minutes; the base less in seven draws of ten, more in three.
    points = [[0.0, 0.05]] * 7 + [[0.0, 0.95]] * 3
    folder = write_posterior(tmp_path / "cal", town, points)
    flags = (*QUICK, "--posterior", folder, "--draws", 10, "--out", "kept")
    code, out, _ = gridgov("compare", town, tmp_path / "heir.yaml", *flags, "--json")
    record = json.loads(out)
    row = figure(record["differences"], "worked_mean", other="heir", **TRASH)

    assert code == 0
    assert (row["other_way"], row["draws"]) == (3, 10)
    assert row["by_noise"] < 1.5
    # The heir has no such assumption, and that is said.
    small, heir = record["posterior"]["scenarios"]
    assert (small["moved"], small["not_in_scenario"]) == (2, [])
    assert (heir["moved"], heir["not_in_scenario"]) == (1, [WORK])
    assert len(pd.read_csv(tmp_path / "kept" / "draws.csv")) == 10
    english = gridgov("compare", town, tmp_path / "heir.yaml", *flags, "--force")[1]
    chinese = gridgov(
        "compare", town, tmp_path / "heir.yaml", *flags, "--force", "--lang", "zh"
    )[1]
    assert " of 10 draws" in english
    assert "set otherwise here: " + WORK in english
    assert "组抽样" in chinese


def test_scenarios_share_the_draw_and_the_demand(gridgov, town, tmp_path):
    (tmp_path / "twin.yaml").write_text("extends: small.yaml\nname: twin\n")
    points = [[0.1, 0.1], [0.9, 0.9], [0.4, 0.7]]
    folder = write_posterior(tmp_path / "cal", town, points)
    flags = (*QUICK, "--posterior", folder, "--draws", 6, "--json")
    rows = json.loads(gridgov("compare", town, tmp_path / "twin.yaml", *flags)[1])[
        "differences"
    ]

    assert {row["mean"] for row in rows} == {0.0}
    assert not any(row["flips"] for row in rows)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_prediction_with_any_number_of_workers(
    gridgov, town, tmp_path
):
    folder = write_posterior(tmp_path / "cal", town, [[0.1, 0.2], [0.8, 0.7]], [3.0, 1.0])
    flags = ("--set", "run.horizon=4 d", "--posterior", folder, "--draws", 4, "--json")
    one, two = (json.loads(gridgov("run", town, *flags, "--workers", n)[1]) for n in (1, 2))

    assert one["predictions"] == two["predictions"]
    draws = read_posterior(folder).resampled(400, 7).tolist()
    assert draws.count(0) == pytest.approx(300, abs=1)


def test_what_was_not_calibrated_stays_and_is_named(town, tmp_path):
    folder = write_posterior(tmp_path / "cal", town, [[0.5, 0.5]])
    record = json.loads((folder / POSTERIOR).read_text())
    # The very field with another range is another assumption.
    record["unknowns"][1]["high"] = 60.0
    (folder / POSTERIOR).write_text(json.dumps(record))
    applied = apply(load_scenario(town), read_posterior(folder))

    assert [one.name for one in applied.unknowns] == [RATE]
    assert applied.absent == (WORK,)
    assert applied.unmoved == (WORK,)


def test_a_calibration_can_be_propagated_at_once(gridgov, town, tmp_path):
    text = town.read_text() + (
        "targets:\n  settled:\n    reported: bijiang.dispute_rate\n"
        "    readings: {closed: {metric: closed_rate}}\n    width: {rounding: 80}\n"
    )
    town.write_text(text)
    kept = ("--runs", 30, "--accept", 10, "--design", 20, *QUICK)
    gridgov("calibrate", town, *kept, "-q", "--out", "cal")
    code, out, _ = gridgov(
        "run", town, *QUICK, "--posterior", "cal", "--draws", 3, "-n", 1, "--lang", "zh"
    )

    assert code == 0
    assert "3 组抽样 × 每组 1 次重复" in out
    assert "无法分开" in out


@pytest.mark.parametrize(
    ("flags", "english", "chinese"),
    [
        (("--draws", 5), "--draws needs --posterior", "--posterior 同用"),
        (("--posterior", "cal", "--precision", "5%"), "does not go with", "不能与"),
        (("--posterior", "empty"), "holds no calibration", "没有校准结果"),
        (("--posterior", "two"), "several readings", "多种解读"),
        (("--posterior", "two", "--claims-read-as", "c"), "no reading 'c'", "没有解读“c”"),
        (("--posterior", "none"), "No run was accepted", "没有接受任何运行"),
        (("--posterior", "other"), "none of the assumptions", "没有"),
        (("--posterior", "bent"), "is damaged", "已损坏"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(gridgov, town, tmp_path, flags, english, chinese):
    write_posterior(tmp_path / "cal", town, [[0.5, 0.5]])
    (tmp_path / "empty").mkdir()
    for name, change in {
        "two": lambda r: r["readings"].update(b=r["readings"]["all"]),
        "none": lambda r: r["readings"].update(all={"weights": [], "points": []}),
        "other": lambda r: [u.update(high=1e9) for u in r["unknowns"]],
        "bent": lambda r: r["readings"].update(all={"weights": [1], "points": [[2.0, 0.5]]}),
    }.items():
        path = write_posterior(tmp_path / name, town, [[0.5, 0.5]]) / POSTERIOR
        record = json.loads(path.read_text())
        change(record)
        path.write_text(json.dumps(record))
    for lang, said in (("en", english), ("zh", chinese)):
        code, _, err = gridgov("run", town, *flags, "--lang", lang, "--out", "never")
        assert code == 2
        assert said in " ".join(err.split())
    assert not (tmp_path / "never").exists()


def test_a_prediction_is_not_taken_for_a_plain_run(gridgov, town, tmp_path):
    folder = write_posterior(tmp_path / "cal", town, [[0.5, 0.5]])
    gridgov("run", town, *QUICK, "--posterior", folder, "--draws", 2, "-n", 1, "--out", "kept")
    code, _, err = gridgov("run", "--from-manifest", "kept")

    assert code == 2
    assert "draws of a calibration" in " ".join(err.split())


PER = "pools.grid_workers.staff.rules.by_households.per"


def test_an_optimum_that_flips_within_the_ensemble_is_flagged(gridgov, town, tmp_path):
    # As assumed a job takes 45 minutes; in three draws of ten it takes almost 90.
    points = [[0.3, 0.3]] * 7 + [[0.3, 0.99]] * 3
    folder = write_posterior(tmp_path / "cal", town, points)
    asked = ("optimise", town, "--workers", 1, "--vary", f"{PER}=50,100", "--set",
             "pools.grid_workers.pay=5000 CNY/month", "--subject",
             "worked_mean[trash] <= 1 h ± 10 min", "--out", "opt")  # fmt: skip
    alone = json.loads(gridgov(*asked, "--json")[1])
    flags = ("--posterior", folder, "--draws", 10)
    code, out, _ = gridgov(*asked, *flags, "--json")
    record = json.loads(out)

    assert code == 0
    assert record["chosen"] == alone["chosen"] == "per 100"
    assert "posterior" not in alone
    held = record["posterior"]
    assert (held["draws"], held["replications_of_each"], held["flips"]) == (10, 2, True)
    (answer,) = held["candidates"]
    assert (answer["design"], answer["judged"]) == ("per 100", 10)
    assert (answer["keeps_in"], answer["misses_by_more_in"]) == (7, 3)
    english = gridgov(*asked, *flags)
    chinese = gridgov(*asked, *flags, "--lang", "zh")
    assert "per 100: keeps all limits in 7 of 10, misses one by more" in english[1]
    assert "The conclusion flips within the ensemble" in english[2]
    assert "10 组中 7 组满足全部限值" in chinese[1]
    assert "会翻转" in chinese[2]


def test_an_optimum_that_holds_in_all_draws_is_not_flagged(gridgov, town, tmp_path):
    folder = write_posterior(tmp_path / "cal", town, [[0.0, 0.2], [0.3, 0.6]])
    code, out, err = gridgov(
        "optimise", town, *QUICK, "--vary", f"{PER}=100,300", "--best", "workers_posted",
        "--tolerance", 1, "--posterior", folder, "--draws", 4, "--out", "opt",
    )  # fmt: skip

    assert code == 0
    assert "per 300: the best of these in 4 of 4" in out
    assert "per 100: the best of these in 0 of 4, behind by more than the tolerance in 4" in out
    assert "flips" not in err


def test_an_answer_that_no_draw_can_judge_is_not_taken_for_one_that_holds():
    supply = SimpleNamespace(candidates=SimpleNamespace(points=[SimpleNamespace(name="per 9")]))
    over = Over(SimpleNamespace(folder=Path("cal"), reading="all"),
                Ensemble((Held(0, good=0, bad=0, judged=0),), 5, 0, 2))  # fmt: skip
    question = SimpleNamespace(score=None, confidence=0.95, lang="en")
    english = record_of_draws(supply, question, over)
    question.lang = "zh"
    chinese = record_of_draws(supply, question, over)

    assert not english["flips"]
    assert "neither borne out nor refuted" in english["answer"][-1]
    assert "未得到印证" in chinese["answer"][-1]


def test_draws_without_a_posterior_are_refused_by_optimise(gridgov, town):
    asked = ("optimise", town, "--vary", f"{PER}=150,300", "--subject", "worked_mean <= 2 h")
    code, _, err = gridgov(*asked, "--draws", 5)

    assert code == 2
    assert "--draws needs --posterior" in err
    code, _, err = gridgov(*asked, "--posterior", ".", "--lang", "zh")
    assert code == 2
    assert "没有校准结果" in err
