"""``gridgov sensitivity`` on a town that plays in a moment."""

import json

import pandas as pd

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
    assert "影响最大的假设" in chinese
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
