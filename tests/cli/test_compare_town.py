"""``gridgov compare scenarios/town-*.yaml``: all staffing rules side by side."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"
FILES = sorted(FOLDER.glob("town-*.yaml"))
SHORT = [
    text
    for key, days in {"horizon": 3, "warm_up": 1, "follow_up": 2}.items()
    for text in ("--set", f"run.{key}={days} d")
]


@pytest.mark.slow
@pytest.mark.parametrize(
    "files", [FILES[:3], pytest.param(FILES, marks=pytest.mark.verify)], ids=["some", "all"]
)
def test_the_table_that_planners_ask_for_first(gridgov, files):
    code, out, err = gridgov("compare", *files, *SHORT, "-n", 2, "--json", "--workers", 2)
    record = json.loads(out)

    assert (code, err) == (0, "")
    names = [each["name"] for each in record["scenarios"]]
    assert names == [path.stem for path in files]
    assert not any(record["unmatched_sources"].values())
    compared = {row["other"] for row in record["differences"]}
    assert compared == set(names) - {"town-anqiu"}
    for metric in ("first_response_mean", "resolution_mean", "staff_cost_per_month"):
        rows = [
            row
            for row in record["differences"]
            if (row["metric"], row["by"]) == (metric, "all")
        ]
        assert {row["other"] for row in rows} == compared, metric
        assert {row["baseline"] for row in rows} == {"town-anqiu"}
        assert all(row["low"] <= row["difference"] <= row["high"] for row in rows)
