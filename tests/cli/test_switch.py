"""``gridgov switch``: one table of settings of a mode against a shock."""

import json

import pandas as pd
import pytest

from tests.small_scenario import write_scenario

SHOCK = """\
shocks:
  outbreak: {start: 14 d, lasts: 5 d, factors: {reports: 6}}
"""


@pytest.fixture
def call(gridgov, tmp_path):
    file = write_scenario(tmp_path)
    text = file.read_text(encoding="utf-8").replace("horizon: 12 d", "horizon: 40 d")
    head, _, _ = text.partition("modes:")
    war = (
        "modes:\n  war:\n    enter: {shock: outbreak}\n    leave: {shock: outbreak}\n"
        "    pools: {grid_workers: {staff: {rules: {more: {workers: 2}}}}}\n"
    )
    file.write_text(head + SHOCK + war, encoding="utf-8")
    return lambda *arguments: gridgov("switch", "small.yaml", *arguments, "--workers", 1)


SMALL = ["--trigger", "1.5,3", "--hysteresis", "1", "--delay", "2h", "--surge", "1,3", "-n", 3,
         "--out", "out"]  # fmt: skip


def test_one_table_with_what_stands_beside(call, tmp_path):
    code, out, _ = call(*SMALL, "--json")
    record = json.loads(out)
    rows = record["settings"]

    assert code == 0
    assert (record["mode"], record["shock"], len(rows)) == ("war", "outbreak", 6)
    assert [row["name"] for row in rows[:2]] == ["as written", "never"]
    assert rows[0]["days_in_mode"] == pytest.approx(5)
    assert rows[1]["days_in_mode"] == 0
    for row in rows[2:]:
        assert row["below"] < row["above"]
        assert row["days_in_mode"] > 0
        # Whoever comes, comes too late or not: nobody is taken away.
        assert row["backlog_peak"] <= rows[1]["backlog_peak"]
    by_surge = {(row["above"], row["surge"]): row for row in rows[2:]}
    for above in {row["above"] for row in rows[2:]}:
        assert by_surge[above, 3]["days_in_mode"] <= by_surge[above, 1]["days_in_mode"]
    table = pd.read_csv(tmp_path / "out" / "switch.csv", encoding="utf-8-sig")
    assert len(table) == 6

    blocks = {p: p.stat().st_mtime_ns for p in (tmp_path / "out" / "blocks").iterdir()}
    code, out, _ = call(*SMALL, "--lang", "zh")
    assert code == 0
    assert "恢复正常用时" in out
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "out" / "blocks").iterdir()} == blocks


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--mode", "wer"], "no mode"),
        (["--shock", "storm"], "no shock"),
        (["--trigger", "0.5"], "more than 1"),
        (["--hysteresis", "2"], "between 0 and 1"),
        (["--surge", "0"], "more than 0"),
        (["--delay", "soon"], "is no list"),
    ],
)
def test_bad_input_is_told(call, arguments, said):
    code, _, err = call(*arguments)

    assert code == 2
    assert said in err
