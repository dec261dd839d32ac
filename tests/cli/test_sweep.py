"""``gridgov sweep``: tables, the frontier, and nothing lost when it is killed."""

import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from tests.small_scenario import write_scenario

PER = "pools.grid_workers.staff.rules.by_households.per"
PAY = ["--set", "pools.grid_workers.pay=5000 CNY/month"]
TABLES = ("sweep.csv", "replications.csv", "frontier.csv", "scenario.resolved.yaml")


@pytest.fixture
def call(gridgov, tmp_path):
    """Call ``gridgov sweep``, or another command, beside a small scenario."""
    write_scenario(tmp_path)
    return lambda *arguments, command="sweep": gridgov(command, *arguments)


def tables(folder):
    return {name: (folder / name).read_bytes() for name in TABLES}


def sweep_of(out, *more, workers=1):
    return ["small.yaml", "--vary", f"{PER}=100:300:100", "--vary",
            "modes.war.leave.at=2024-01-08,2024-01-09", *PAY, "-n", 3, "--out", out,
            "--workers", workers, *more]  # fmt: skip


def test_tables_and_frontier(call, tmp_path):
    code, out, err = call(*sweep_of("out"))
    table = pd.read_csv(tmp_path / "out" / "sweep.csv", encoding="utf-8-sig")
    front = pd.read_csv(tmp_path / "out" / "frontier.csv", encoding="utf-8-sig")

    assert code == 0
    assert "6 points, 3 replications each" in out
    assert "frontier" in out
    assert "18 replications played, 0 found there" in err
    assert list(table.columns) == ["point", PER, "modes.war.leave.at", "metric", "by", "group",
                                   "mean", "low", "high", "unit", "n", "cases"]  # fmt: skip
    whole = table[(table["by"] == "all") & (table["metric"] == "resolution_p90")]
    assert whole[PER].tolist() == [100, 100, 200, 200, 300, 300]
    assert (whole["n"] == 3).all()
    assert front["cost_per_month"].is_monotonic_increasing
    assert set(front["standing"]) > {"frontier", "dominated"}
    unknown = front["standing"] == "unknown"
    assert (unknown == front["resolution_p90"].isna()).all()
    played = pd.read_csv(tmp_path / "out" / "replications.csv", encoding="utf-8-sig")
    reported = played[(played["by"] == "all") & (played["metric"] == "reported")]
    # Common demand: in one replication as many requests at every staffing.
    same = reported.groupby("replication")["value"].nunique()
    assert (same == 1).all()
    assert reported["value"].nunique() > 1


def test_the_number_of_workers_changes_nothing_and_nothing_is_played_twice(call, tmp_path):
    call(*sweep_of("one"))
    call(*sweep_of("two", workers=2))
    blocks = {path.name: path.read_bytes() for path in (tmp_path / "one/blocks").iterdir()}

    assert tables(tmp_path / "one") == tables(tmp_path / "two")
    assert len(blocks) == 18
    assert {p.name: p.read_bytes() for p in (tmp_path / "two/blocks").iterdir()} == blocks

    before = tables(tmp_path / "one")
    code, out, err = call(*sweep_of("one", "--json"))
    record = json.loads(out)
    assert (code, err) == (0, "")
    assert (record["played"], record["kept"]) == (0, 18)
    assert len(record["frontier"]) == 6
    assert tables(tmp_path / "one") == before


def test_more_replications_use_those_that_are_there(call, tmp_path):
    line = ["small.yaml", "--vary", f"{PER}=100,300", "--out", "out", "--workers", 1, "--json"]
    call(*line, "-n", 2)
    _, out, _ = call(*line, "-n", 3)

    assert json.loads(out)["played"] == 2


@pytest.mark.skipif(os.name == "nt", reason="needs process groups")
def test_a_killed_sweep_goes_on_and_ends_the_same(call, tmp_path):
    words = [str(word) for word in sweep_of("killed", "-n", 8, workers=2)]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "sweep", *words],
        cwd=tmp_path, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    blocks = tmp_path / "killed" / "blocks"
    limit = time.monotonic() + 240
    while len(list(blocks.glob("*.json.gz"))) < 5 and time.monotonic() < limit:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    _wait_for_the_end_of_group(process.pid)
    kept = {path.name: path.stat().st_mtime_ns for path in blocks.glob("*.json.gz")}
    assert 5 <= len(kept) < 48
    assert not (tmp_path / "killed" / "sweep.csv").exists()

    code, out, _ = call(*sweep_of("killed", "-n", 8, "--json"))
    call(*sweep_of("whole", "-n", 8, workers=2))

    assert code == 0
    record = json.loads(out)
    assert record["kept"] == len(kept)
    assert record["played"] == 48 - len(kept)
    assert {n: (blocks / n).stat().st_mtime_ns for n in kept} == kept
    assert tables(tmp_path / "killed") == tables(tmp_path / "whole")


def _wait_for_the_end_of_group(number):
    """Workers whose parent was killed must end by themselves."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        try:
            os.killpg(number, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(number, signal.SIGKILL)
    pytest.fail("workers outlived the sweep that was killed")


def test_ctrl_c_says_what_is_kept(call, monkeypatch, tmp_path):
    import sim.experiment.sweep as module

    play, count = module.play_one, []

    def stopped(setup, replication):
        count.append(replication)
        if len(count) > 2:
            raise KeyboardInterrupt
        return play(setup, replication)

    monkeypatch.setattr(module, "play_one", stopped)
    code, _, err = call(*sweep_of("out"))

    assert code == 130
    assert "2 of 18 replications are kept in out" in err


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (["--seed", 99], "another seed"),
        (["--set", "run.horizon=11 d"], "other values"),
    ],
)
def test_a_folder_of_another_experiment_is_refused(call, tmp_path, changed, reason):
    line = ["small.yaml", "--vary", f"{PER}=300", "-n", 1, "--out", "out", "--workers", 1]
    call(*line)
    before = tables(tmp_path / "out")
    code, _, err = call(*line, *changed)

    assert code == 2
    assert reason in err
    assert tables(tmp_path / "out") == before


def test_a_folder_of_another_version_is_refused(call, tmp_path):
    line = ["small.yaml", "--vary", f"{PER}=300", "-n", 1, "--out", "out", "--workers", 1]
    call(*line)
    path = tmp_path / "out" / "sweep.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**record, "version": "0.0.9"}), encoding="utf-8")
    code, _, err = call(*line)

    assert code == 2
    assert "another version of the program: 0.0.9 there" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--vary", f"{PER[:-1]}=1,2"], f"Did you mean {PER}"),
        (["--vary", f"{PER}=1:300:1"], "--yes"),
        (["--vary", f"{PER}=5:1:1"], "never lead"),
        (["--vary", f"{PER}=300,0"], "nothing was run"),
        (["--vary", f"{PER}=300", "--against", "resolution_p91"], "did you mean resolution_p9"),
        (["--vary", f"{PER}=300", "--against", "reported"], "neither more nor less"),
    ],
)
def test_bad_input_ends_with_code_2_and_nothing_is_written(call, tmp_path, words, said):
    code, _, err = call("small.yaml", *words)

    assert code == 2
    assert said in " ".join(err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]


def test_without_costs_the_frontier_is_not_trusted(call, tmp_path):
    _, _, err = call("small.yaml", "--vary", f"{PER}=100,300", "-n", 1, "--workers", 1)

    assert "give pools their pay" in err
    assert len(list((tmp_path / "results" / "small").glob("sweep-*/sweep.csv"))) == 1


def test_chinese(call):
    code, out, err = call(*sweep_of("out", "--lang", "zh"))

    assert code == 0
    assert "6 个方案，各 3 次重复" in out
    assert "前沿" in out
    assert "新运行 18 次" in err


def test_a_sweep_of_two_levers_has_a_frontier_and_a_heat_map(call, tmp_path):
    call(*sweep_of("out"))
    code, _, _ = call("out", "--lang", "en", command="plot")

    assert code == 0
    drawn = {path.name for path in (tmp_path / "out" / "figures").iterdir()}
    assert drawn == {"frontier.svg", "heat-map.svg"}
