"""``gridgov sensitivity`` on a town that plays in a moment."""

import json
import math
from types import SimpleNamespace

import pandas as pd

from sim.cli.sensitivity import _most
from tests.small_scenario import write_scenario

WORK = "{assumed: 45 min, range: [10 min, 180 min], because: a test}"
QUICK = ("--trajectories", 2, "--rows", 2, "--keep", 2, "--workers", 1,
         "--metric", "reported", "--set", "run.horizon=5 d")  # fmt: skip


def test_the_assumption_that_moves_the_figure_is_first(gridgov, tmp_path):
    path = write_scenario(tmp_path, "small", work=WORK, grids="count: 1")
    code, out, _ = gridgov("sensitivity", path, *QUICK, "--json", "--out", "kept")
    record = json.loads(out)
    rows = record["metrics"]["reported"]
    again = json.loads(gridgov("sensitivity", path, *QUICK, "--json", "--out", "kept")[1])
    english = gridgov("sensitivity", path, *QUICK, "--out", "kept")[1]
    chinese = gridgov("sensitivity", path, *QUICK, "--out", "kept", "--lang", "zh")[1]

    assert code == 0
    # How many report follows the rate; under common randomness work does not move it at all.
    assert rows[0]["assumption"] == "sources.reports.rate"
    assert rows[0]["size"] > 0
    assert rows[1]["size"] == 0
    assert again["played"] == 0
    assert again["metrics"] == record["metrics"]
    assert "matters most for this decision: sources.reports.rate" in english
    assert "(by " in english
    assert "影响最大的假设（按" in chinese
    assert len(pd.read_csv(tmp_path / "kept" / "sensitivity-reported.csv")) == 2
    assert (tmp_path / "kept" / "tornado-reported.svg").is_file()


def test_what_makes_no_sense_is_refused(gridgov, tmp_path):
    path = write_scenario(tmp_path, "small")

    for flags, said in (
        (("--metric", "speed"), "no metric 'speed'"),
        (("--vary", "pools.nobody"), "nothing at 'pools.nobody'"),
        (("--rows", 3), "power of two"),
    ):
        code, _, err = gridgov("sensitivity", path, *flags)
        assert code == 2
        assert said in " ".join(err.split())


def test_runs_without_a_value_are_told_apart_from_refused_points(gridgov, tmp_path):
    path = write_scenario(tmp_path, "small", grids="count: 1")
    flags = (*QUICK, "--metric", "satisfaction_rate", "--rows", 0)
    code, out, _ = gridgov("sensitivity", path, *flags[:-2], "--json", "--rows", 0)
    record = json.loads(out)
    said = gridgov("sensitivity", path, *flags)[1]

    assert code == 0
    assert record["refused"] == 0
    # Nobody is asked in this town, so no run has a rate of satisfied residents.
    assert record["without_value"]["satisfaction_rate"] == record["runs"]
    assert record["without_value"]["reported"] == 0
    assert "0 points refused by the scenario" in " ".join(said.split())
    folder = record["folder"]
    assert folder.startswith("results/small/sensitivity-")
    other = json.loads(gridgov("sensitivity", path, *QUICK, "--seed", 2, "--json")[1])
    assert other["folder"] != folder


def test_where_nothing_moves_the_figure_no_assumption_is_named(gridgov, tmp_path):
    path = write_scenario(tmp_path, "small", grids="count: 1")
    said = gridgov("sensitivity", path, *QUICK[:-4], "--set", "run.horizon=5 d",
                   "--metric", "satisfaction_rate", "--out", "kept")[1]  # fmt: skip

    assert "matters most" not in said
    assert "ask for another --metric" in " ".join(said.split())


def test_what_matters_most_is_told_by_the_index_of_joint_effects_where_there_is_one():
    table = pd.DataFrame({"assumption": ["a", "b"], "size": [3.0, 2.0], "total": [0.1, 0.8]})

    def said(rows, lang):
        return _most(SimpleNamespace(metrics=["m"], table=lambda: rows), lang)

    assert said(table, "en").endswith(": b (by Sobol total)")
    assert said(table.assign(total=math.nan), "zh").endswith("（按平均影响）：a")
