"""``gridgov run`` as a planner meets it: table, JSON, folder, mistakes, Ctrl-C."""

import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from sim.experiment.store import read_events
from sim.scenario.reader import read_scenario
from tests.conftest import ROOT
from tests.small_scenario import write_scenario


@pytest.fixture
def call(gridgov):
    """Call ``gridgov run`` with one worker."""
    return lambda *arguments: gridgov("run", *arguments, "--workers", "1")


@pytest.fixture
def scenario(tmp_path):
    folder = tmp_path / "scenarios"
    folder.mkdir()
    return write_scenario(folder)


def only_folder(tmp_path):
    (folder,) = (path for path in (tmp_path / "results" / "small").iterdir() if path.is_dir())
    return folder


def test_the_table_has_figures_by_mode_and_where_inputs_come_from(call, scenario):
    code, out, err = call(scenario)

    assert code == 0
    assert "A small community" in out
    assert all(name in out for name in ("All", "Peacetime", "Wartime", "trash", "grid_workers"))
    assert "Requests still open" in out
    assert "1 assumed" in out
    assert "3 replications" in out
    assert "results/small/" in err


def test_the_table_speaks_chinese(call, scenario):
    _, out, err = call(scenario, "-n", 1, "--lang", "zh")

    assert all(text in out for text in ("小社区", "平时", "战时", "办结时长", "假定 1"))
    assert "仅 1 次重复" in err


def test_quiet_leaves_the_data_only(call, scenario):
    _, out, err = call(scenario, "-q")

    assert "Peacetime" in out
    assert err == ""


def test_json_is_one_object(call, scenario):
    code, out, err = call(scenario, "--json", "--seed", 3, "-n", 2)
    record = json.loads(out)

    assert (code, err) == (0, "")
    assert record["scenario"] == "small"
    assert record["replications"] == 2
    assert record["run"]["seed"] == 3
    assert record["provenance"]["assumed"] == 1
    assert set(record["metrics"][0]) >= {
        "metric", "by", "group", "mean", "low", "high", "n", "unit",
    }  # fmt: skip
    by_mode = {row["group"] for row in record["metrics"] if row["by"] == "mode"}
    assert by_mode >= {"peace", "war"}
    assert any("Only 2 replications" in text for text in record["warnings"])
    assert (Path(record["folder"]) / "manifest.json").is_file()


def test_the_folder_can_say_where_it_came_from(call, scenario, tmp_path):
    call(scenario, "--set", "run.replications=2", "--events")
    folder = only_folder(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    assert (folder.parent / "latest.txt").read_text(encoding="utf-8").strip() == folder.name
    assert {path.name for path in tmp_path.glob("results/small/.*")} == set()
    assert manifest["overrides"] == ["run.replications=2"]
    assert manifest["inputs"] == [
        {
            "path": str(scenario),
            "sha256": hashlib.sha256(scenario.read_bytes()).hexdigest(),
        }
    ]
    for file in manifest["files"]:
        data = (folder / file["path"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(data).hexdigest()
    written = {file["path"] for file in manifest["files"]}
    there = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    }
    assert written == there - {"manifest.json", "ro-crate-metadata.json"}
    for number in (1, 2):
        log = read_events(folder / "events" / f"replication-000{number}.npz")
        assert log.digest() == manifest["run"]["digests"][str(number)]


def test_the_tables_hold_what_the_manifest_says(call, scenario, tmp_path):
    call(scenario)
    folder = only_folder(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    rows = {file["path"]: file["rows"] for file in manifest["files"]}

    for name in ("summary.csv", "replications.csv", "daily.csv", "cases.csv.gz"):
        table = pd.read_csv(folder / name, encoding="utf-8-sig")
        assert len(table) == rows[name] > 0
    cases = gzip.decompress((folder / "cases.csv.gz").read_bytes()).decode("utf-8-sig")
    assert cases.startswith("replication,")
    assert read_scenario(folder / "scenario.resolved.yaml") == read_scenario(scenario)


def test_the_same_seed_gives_the_same_tables(call, scenario, tmp_path):
    call(scenario, "--out", "one")
    call(scenario, "--out", "two")

    for name in ("summary.csv", "replications.csv", "daily.csv", "cases.csv.gz"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_results_are_replaced_only_by_force(call, scenario, tmp_path):
    assert call(scenario, "--out", "one", "-n", 1)[0] == 0
    code, out, err = call(scenario, "--out", "one", "-n", 2)
    assert (code, out) == (2, "")
    assert "--force" in err

    assert call(scenario, "--out", "one", "-n", 2, "--force")[0] == 0
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["run"]["replications"] == 2


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_a_wrong_scenario_writes_nothing(call, scenario, tmp_path, as_json):
    text = scenario.read_text(encoding="utf-8").replace("serves:", "servs:")
    scenario.write_text(text, encoding="utf-8")

    code, out, err = call(scenario, *(["--json"] if as_json else []))

    assert code == 2
    assert not (tmp_path / "results").exists()
    if as_json:
        errors = json.loads(out)["errors"]
        assert any(error["line"] and "servs" in error["message"] for error in errors)
    else:
        assert out == ""
        assert f"{scenario}:" in err
        assert "servs" in err


def test_a_file_that_is_not_there_is_named(call):
    code, out, err = call("no.yaml")

    assert (code, out) == (2, "")
    assert "no.yaml" in err
    assert "Traceback" not in err


@contextmanager
def hearing_ctrl_c():
    """A process started here hears Ctrl-C, also where this one runs in the background, deaf."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to another process there")
def test_ctrl_c_keeps_finished_replications(scenario, tmp_path):
    with hearing_ctrl_c():
        played = subprocess.Popen(
            [sys.executable, "-m", "sim", "run", str(scenario), "-n", "5000", "--lang", "en"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
    deadline = time.monotonic() + 90
    parts = "results/small/.*/parts/*.rows"
    while len(list(tmp_path.glob(parts))) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(played.pid, signal.SIGINT)  # a terminal sends it to the workers as well
    out, err = played.communicate(timeout=90)

    assert played.returncode == 130, err
    assert "of 5000 replications finished; they are kept" in err
    assert "Traceback" not in err
    assert "Peacetime" in out
    manifest = json.loads((only_folder(tmp_path) / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["run"]["partial"]
    assert 0 < len(manifest["run"]["finished"]) < 5000
    cases = pd.read_csv(only_folder(tmp_path) / "cases.csv.gz", encoding="utf-8-sig")
    assert set(cases["replication"]) == set(manifest["run"]["finished"])


def test_precision_and_an_automatic_warm_up(gridgov, tmp_path):
    write_scenario(tmp_path)
    later = ["run.horizon=66 d", "modes.war.enter.at=62 d", "modes.war.leave.at=65 d"]
    code, out, _ = gridgov(
        "run", "small.yaml", *(word for one in later for word in ("--set", one)),
        "--precision", "30%", "--precision-of", "resolution_mean", "--warm-up", "auto",
        "--workers", 1, "--json",
    )  # fmt: skip
    record = json.loads(out)

    assert code == 0
    assert record["replications"] >= 15
    assert "MSER-5 on open requests averaged over 5 pilot replications" in record["warm_up"]
    assert not [text for text in record["warnings"] if "half-width of" in text]
    code, out, _ = gridgov("run", "small.yaml", "--precision", "0.1%", "-n", 11, "--workers", 1,
                           "--warm-up", "1 d", "--lang", "zh", "--json")  # fmt: skip
    record = json.loads(out)
    assert (record["replications"], record["run"]["warm_up"]) == (11, "1 d")
    assert any("半宽仍超过均值" in text for text in record["warnings"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--precision", "none"], "no share"),
        (["--precision", "0%"], "no share"),
        (["--precision-of", "resolution_mean"], "needs --precision"),
        (["--precision", "5%", "--precision-of", "resolution_meen"], "did you mean"),
        (["--warm-up", "soon"], "run.warm_up"),
    ],
)
def test_a_precision_or_warm_up_that_makes_no_sense(gridgov, tmp_path, arguments, said):
    write_scenario(tmp_path)
    code, _, err = gridgov("run", "small.yaml", *arguments)

    assert code == 2
    assert said in err
