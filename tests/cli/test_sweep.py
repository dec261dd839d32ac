"""``gridgov sweep``: tables, the frontier, and nothing lost when it is killed."""

import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from sim.errors import WorkerError
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
    # The day on which war ends changes nothing here: equal points stand equal, whatever the
    # last digit of their cost.
    assert set(front["standing"]) == {"frontier", "unknown"}
    assert (front.groupby(PER)["standing"].nunique() == 1).all()
    unknown = front["standing"] == "unknown"
    assert (unknown == front["resolution_p90"].isna()).all()
    played = pd.read_csv(tmp_path / "out" / "replications.csv", encoding="utf-8-sig")
    reported = played[(played["by"] == "all") & (played["metric"] == "reported")]
    # Common demand: in one replication as many requests at every staffing.
    same = reported.groupby("replication")["value"].nunique()
    assert (same == 1).all()
    assert reported["value"].nunique() > 1


@pytest.mark.slow
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


def test_shards_and_then_the_whole_give_the_same_tables(call, tmp_path):
    call(*sweep_of("whole"))
    code, out, err = call(*sweep_of("parts", "--shard", "1/2"))
    assert (code, out) == (0, "")
    assert "Shard 1/2: 9 replications are kept in parts (9 played)" in err
    assert not (tmp_path / "parts" / "sweep.csv").exists()
    call(*sweep_of("elsewhere", "--shard", "2/2"))
    _, out, _ = call(*sweep_of("parts", "--merge", "elsewhere", "--json"))

    assert (json.loads(out)["played"], json.loads(out)["kept"]) == (0, 18)
    assert tables(tmp_path / "parts") == tables(tmp_path / "whole")


def test_a_folder_of_another_experiment_is_not_merged(call, tmp_path):
    call(*sweep_of("one", "--shard", "1/18"))
    code, _, err = call(*sweep_of("two", "--merge", "one", "--seed", 99))

    assert code == 2
    assert "another seed" in err
    assert not (tmp_path / "two").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_a_cluster_that_loses_a_worker_gives_the_same_tables(call, tmp_path):
    pytest.importorskip("distributed")
    call(*sweep_of("here"))
    words = [str(word) for word in sweep_of("cluster")]
    words = [*words[: words.index("--workers")], "--cluster", "local:2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "sweep", *words],
        cwd=tmp_path, env={**os.environ, "SIM_LANG": "en"},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    blocks = tmp_path / "cluster" / "blocks"
    wait_for_blocks(process, blocks, 2)
    os.kill(_a_worker_below(process.pid), signal.SIGKILL)
    _, err = process.communicate(timeout=240)

    assert process.returncode == 0, err
    assert "18 replications played" in err
    assert "is gone; what it was playing is played again" in err
    assert tables(tmp_path / "cluster") == tables(tmp_path / "here")
    ours, theirs = ({p.name: p.read_bytes() for p in (tmp_path / folder / "blocks").iterdir()}
                    for folder in ("here", "cluster"))  # fmt: skip
    assert ours == theirs


def wait_for_blocks(process, blocks, count):
    limit = time.monotonic() + 240
    while len(list(blocks.glob("*.json.gz"))) < count and time.monotonic() < limit:
        assert process.poll() is None
        time.sleep(0.02)


def _a_worker_below(pid):
    """A process that plays for a Dask nanny: the deepest below ours."""
    psutil = pytest.importorskip("psutil")
    found = [p for p in psutil.Process(pid).children(recursive=True) if not p.children()]
    return max(
        (p for p in found if "resource_tracker" not in " ".join(p.cmdline())),
        key=lambda p: p.memory_info().rss,
    ).pid


@pytest.mark.parametrize("lost", ["processes", "cluster"])
def test_what_is_finished_is_kept_when_those_who_play_are_lost(
    call, tmp_path, lost, monkeypatch
):
    import sim.experiment.sweep as module

    if lost == "processes":
        each = module.each

        def some(function, work, missing, workers):
            yield from each(function, work, missing[:4], 1)
            raise WorkerError("They died.", "异常退出。")

        monkeypatch.setattr(module, "each", some)
        code, _, err = call(*sweep_of("out"))
        assert "They died. 4 of 18 replications are kept in out" in err
    else:
        words = ["small.yaml", "--vary", f"{PER}=300", "--cluster", "tcp://127.0.0.1:1"]
        monkeypatch.setattr("sim.experiment.cluster._PATIENCE", "1s")
        code, _, err = call(*words, "--lang", "zh", "--out", "out")
        assert "没有 Dask 调度器应答" in err
        assert "3 次重复中有 0 次保留在 out" in err

    assert code == 1
    assert "Traceback" not in err


def test_a_full_disk_while_tables_are_written_is_told(call, tmp_path, monkeypatch):
    import sim.experiment.sweep_results as module

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_write_table", full)
    code, _, err = call(*sweep_of("out"))

    assert code == 1
    assert "No space left on device. Finished replications are kept" in err
    assert len(list((tmp_path / "out" / "blocks").iterdir())) == 18


def test_long_tables_as_parquet(call, tmp_path):
    pytest.importorskip("pyarrow")
    call(*sweep_of("out", "--format", "parquet"))

    for name in ("sweep", "replications"):
        text = pd.read_csv(tmp_path / "out" / f"{name}.csv", encoding="utf-8-sig")
        there = pd.read_parquet(tmp_path / "out" / f"{name}.parquet")
        assert list(there.columns) == list(text.columns)
        assert len(there) == len(text)
        value = "mean" if name == "sweep" else "value"
        assert there[value].tolist() == pytest.approx(text[value].tolist(), nan_ok=True)
    before = (tmp_path / "out" / "replications.parquet").read_bytes()
    call(*sweep_of("out", "--format", "parquet"))
    assert (tmp_path / "out" / "replications.parquet").read_bytes() == before


def test_a_latin_hypercube_with_another_metric(call, tmp_path):
    words = ["small.yaml", "--vary", f"{PER}=100..300", "--vary", "run.control=1h,2h", *PAY]
    line = [*words, "--design", "lhs", "--points", 5, "-n", 1, "--workers", 1]
    code, out, _ = call(*line, "--out", "one", "--metric", "utilisation")
    call(*line, "--out", "two", "--metric", "utilisation")
    front = pd.read_csv(tmp_path / "one" / "frontier.csv", encoding="utf-8-sig")

    assert code == 0
    assert "5 points, 1 replications each" in out
    assert {"utilisation", "utilisation_low"} <= set(front.columns)
    assert front[PER].between(100, 300).all()
    assert tables(tmp_path / "one") == tables(tmp_path / "two")
    assert call("one", "--out", "page.html", command="report")[0] == 0


EXPERIMENT = f"""\
experiment:
  vary:
    - {{path: {PER}, values: [150, 300]}}
    - {{path: run.control, values: 1 h:2 h:1 h}}
  replications: 2
  seed: 5
  metrics: [utilisation]
"""


def proposing(folder, text=EXPERIMENT):
    path = write_scenario(folder, "asking")
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return path


def test_a_scenario_proposes_its_experiment_and_flags_go_before(call, tmp_path):
    proposing(tmp_path)
    words = ["asking.yaml", "--workers", 1, "--out", "out", "--json", *PAY]
    code, out, err = call(*words)
    record = json.loads(out)
    _, more, _ = call(*words, "-n", 3)

    assert (code, err) == (0, "")
    assert (record["points"], record["replications"], record["seed"]) == (4, 2, 5)
    assert "utilisation" in record["frontier"][0]
    assert json.loads(more)["played"] == 4
    assert call("asking.yaml", "--vary", f"{PER}=200", "-n", 1, "--workers", 1)[0] == 0
    chinese = EXPERIMENT.replace("experiment", "实验").replace("vary", "变量")
    proposing(tmp_path, chinese.replace("replications", "重复次数").replace("path", "字段"))
    _, again, _ = call(*words)
    assert json.loads(again)["played"] == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("utilisation", "utilization", 41, "did you mean utilisation"),
        ("seed: 5", "against: reported", 40, "neither more nor less"),
    ],
)
def test_a_wrong_metric_of_an_experiment_is_told_at_its_line(
    call, tmp_path, old, new, line, said
):
    proposing(tmp_path, EXPERIMENT.replace(old, new))
    code, _, err = call("asking.yaml")

    assert code == 2
    assert said in err
    assert f"asking.yaml:{line}:" in err


def test_more_replications_use_those_that_are_there(call, tmp_path):
    line = ["small.yaml", "--vary", f"{PER}=100,300", "--out", "out", "--workers", 1, "--json"]
    call(*line, "-n", 2)
    _, out, _ = call(*line, "-n", 3)

    assert json.loads(out)["played"] == 2


@pytest.mark.slow
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
    import sim.experiment.sweep_work as module

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
    ("changed", "reason", "chinese"),
    [
        (["--seed", 99], "another seed", "另一随机种子（原为 7，现为 99）"),
        (["--set", "run.horizon=11 d"], "other values", "另一组取值"),
    ],
)
def test_a_folder_of_another_experiment_is_refused(call, tmp_path, changed, reason, chinese):
    line = ["small.yaml", "--vary", f"{PER}=300", "-n", 1, "--out", "out", "--workers", 1]
    call(*line)
    before = tables(tmp_path / "out")
    code, _, err = call(*line, *changed)

    assert code == 2
    assert reason in err
    assert chinese in call(*line, *changed, "--lang", "zh")[2]
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
        (["--vary", f"{PER}=300", "--metric", "utilization"], "did you mean utilisation"),
        (["--vary", f"{PER}=200..300"], "needs a step"),
        (["--vary", f"{PER}=200..300", "--design", "lhs"], "--points 64"),
        (["--vary", f"{PER}=200,300", "--points", 3], "a grid has as many"),
        (["--vary", f"{PER}=200..900", "--design", "lhs", "--points", 201], "--yes"),
        (["--vary", f"{PER}=300", "--shard", "3/2"], "is no shard"),
        (["--vary", f"{PER}=300", "--cluster", "5"], "is no cluster"),
        (["--vary", f"{PER}=300", "--cluster", "local:2", "--workers", 2], "give one"),
        ([], "proposes no experiment"),
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
