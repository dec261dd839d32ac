"""``gridgov optimise``: the answer in words, in tables and as JSON; bad input; going on."""

import json

import pandas as pd
import pytest

from tests.small_scenario import write_scenario

PER = "pools.grid_workers.staff.rules.by_households.per"
PAY = ["--set", "pools.grid_workers.pay=5000 CNY/month"]
LIMIT = "mean(resolution_time) <= 30 h ± 6 h"


@pytest.fixture
def call(gridgov, tmp_path):
    write_scenario(tmp_path)
    return lambda *arguments: gridgov("optimise", "small.yaml", *arguments, "--workers", 1)


def asked(*more, limit=LIMIT, out="out"):
    return ["--vary", f"{PER}=60,100,150,300", *PAY, "--subject", limit, "--out", out, *more]


def test_the_answer_in_words_with_its_guarantee(call, tmp_path):
    code, out, err = call(*asked())

    assert code == 0
    assert "The cheapest that keeps all limits: per" in out
    assert "CNY per month" in out
    assert "With confidence 0.95: it misses no limit by more than its tolerance" in out
    assert "± 6.00 h" in out
    assert "candidates were tested" in out
    assert "found there" in err
    table = pd.read_csv(tmp_path / "out" / "candidates.csv", encoding="utf-8-sig")
    assert table["cost"].is_monotonic_increasing
    assert {"met", "missed"} >= set(table["verdict"])
    record = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert record["optimise"]["looked_at"]


def test_nothing_is_played_twice_and_chinese_has_the_guarantee(call):
    call(*asked())
    code, out, _ = call(*asked("--json"))
    record = json.loads(out)

    assert code == 0
    assert record["played"] == 0
    assert record["found"] == record["replications"] >= 10
    assert record["limits"][0]["tolerance"] == 6
    code, out, _ = call(*asked("--lang", "zh"))
    assert "满足全部限值的最省方案" in out
    assert "置信度 0.95" in out


def test_limits_that_cannot_be_kept_are_told_with_the_closest(call):
    code, out, _ = call(*asked(limit="mean(resolution_time) <= 4 h ± 3 h"))

    assert code == 0
    assert "No candidate that was looked at keeps all limits; the closest is per" in out


def test_a_limit_in_every_mode(call):
    code, out, _ = call(*asked("--by", "mode", "--json", limit="closed_rate >= 50 % ± 5 %"))
    record = json.loads(out)

    assert code == 0
    assert [limit["group"] for limit in record["limits"]] == ["peace", "war"]


def test_the_best_by_a_price_list(call):
    code, out, _ = call(
        "--vary", f"{PER}=100,300", "--best", "100*workers_posted + 1*backlog_mean",
        "--tolerance", 20, "--out", "out",
    )  # fmt: skip

    assert code == 0
    assert "The best: per 300" in out
    assert "where the best leads by 20 or more" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--vary", f"{PER}=100,300"], "one of the two"),
        (["--vary", f"{PER}=100,300", "--best", "backlog_mean"], "--tolerance"),
        (["--vary", f"{PER}=100,300", "--subject", "resolution_p99 <= 3 d"], "did you mean"),
        (["--vary", f"{PER}=100,300", "--subject", "resolution_p90 <= 30 d"], "follow-up"),
        (["--vary", f"{PER}=100,300", "--subject", "resolution_p90[wer] <= 3 d"], "no group"),
        (["--vary", "pools.nobody=1,2", "--subject", LIMIT], "no field"),
        (["--vary", f"{PER}=1:999:1", "--subject", LIMIT], "--yes"),
        (["--vary", f"{PER}=100,300", "--subject", LIMIT, "--minimise", "tears"], "minimised"),
        (
            ["--vary", f"{PER}=100,300", "--subject", LIMIT, "--minimise", "cost[wer]"],
            "no mode",
        ),
        (["--vary", f"{PER}=1,300", "--subject", LIMIT, "--order", "staircase"], "two levers"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(call, tmp_path, arguments, said):
    code, _, err = call(*arguments, "--out", "out")

    assert code == 2
    assert said in err
    assert not list((tmp_path / "out").glob("*.csv"))
