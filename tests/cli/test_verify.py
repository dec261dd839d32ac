"""``gridgov verify`` and ``run --from-manifest``: results that can be trusted and repeated."""

import json

import pytest

from tests.small_scenario import write_scenario


@pytest.fixture
def folder(gridgov, tmp_path):
    """Results of the small scenario, its file lying outside them."""
    scenario = write_scenario(tmp_path)
    code, _, err = gridgov("run", scenario, "-n", 2, "--workers", 1, "--out", "first")
    assert code == 0, err
    return tmp_path / "first"


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def tables_of(folder):
    names = ("summary.csv", "replications.csv", "daily.csv", "cases.csv.gz")
    return {name: (folder / name).read_bytes() for name in (*names, "scenario.resolved.yaml")}


def test_untouched_results_are_as_recorded(gridgov, folder):
    code, out, err = gridgov("verify", folder)

    assert (code, err) == (0, "")
    assert "5 files: all as recorded" in out


def test_the_manifest_may_be_named_instead_of_its_folder(gridgov, folder):
    assert gridgov("verify", folder / "manifest.json")[0] == 0


def test_a_changed_and_a_missing_file_are_named_and_the_exit_code_is_3(gridgov, folder):
    (folder / "daily.csv").write_text("day\n", encoding="utf-8")
    (folder / "summary.csv").unlink()

    code, out, err = gridgov("verify", folder)

    assert code == 3
    assert "5 files: 2 differ" in out
    assert "daily.csv is not the file that was written" in err
    assert "summary.csv is missing" in err


def test_verify_speaks_chinese_and_json(gridgov, folder):
    (folder / "summary.csv").unlink()

    code, out, _ = gridgov("verify", folder, "--json", "--lang", "zh")
    record = json.loads(out)

    assert code == 3
    assert record["verified"] is False
    assert record["faults"] == [
        {"path": "summary.csv", "kind": "missing", "message": "缺少 summary.csv"}
    ]
    assert "1 处不一致" in gridgov("verify", folder, "--lang", "zh")[1]


def test_a_replay_gives_the_recorded_logs(gridgov, folder):
    code, out, _ = gridgov("verify", folder, "--replay", "--workers", 1)

    assert code == 0
    assert "2 replications played again" in out


def test_a_replay_tells_another_log(gridgov, folder):
    record = manifest_of(folder)
    record["run"]["digests"]["2"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")

    code, _, err = gridgov("verify", folder, "--replay", "--workers", 1)

    assert code == 3
    assert "replication 2 gives another log" in err
    assert gridgov("verify", folder, "--replay", "-n", 1, "--workers", 1)[0] == 0


def test_a_comparison_and_a_sweep_are_replayed_too(gridgov, tmp_path):
    one, two = write_scenario(tmp_path), write_scenario(tmp_path, "other", per="per: 200")
    play = ("-n", 1, "--workers", 1, "-q", "--out")
    lever = "pools.grid_workers.staff.rules.by_households.per=200,300"
    assert gridgov("compare", one, two, *play, "both")[0] == 0
    assert gridgov("sweep", one, "--vary", lever, *play, "swept")[0] == 0

    for name in ("both", "swept"):
        code, out, err = gridgov("verify", name, "--replay", "--workers", 1)

        assert (code, err) == (0, "")
        assert "2 replications played again: all as recorded" in out


def test_a_manifest_repeats_its_run_byte_for_byte(gridgov, folder, tmp_path):
    code, _, err = gridgov("run", "--from-manifest", folder, "--workers", 1, "--out", "again")

    assert code == 0
    assert "All 2 logs are as recorded" in err
    assert tables_of(tmp_path / "again") == tables_of(folder)


def test_without_the_scenario_file_the_copy_in_the_folder_is_played(gridgov, folder, tmp_path):
    write_scenario(tmp_path, per="per: 150")

    assert gridgov("run", "--from-manifest", folder, "--workers", 1, "--out", "a")[0] == 0
    (tmp_path / "small.yaml").unlink()
    assert gridgov("run", "--from-manifest", folder, "--workers", 1, "--out", "b")[0] == 0

    wanted = manifest_of(folder)["run"]["digests"]
    assert all(manifest_of(tmp_path / name)["run"]["digests"] == wanted for name in "ab")


def test_another_version_of_trajectories_is_refused(gridgov, folder):
    record = manifest_of(folder)
    record["tool"]["trajectories"] = 0
    (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")

    for command in (("run", "--from-manifest", folder), ("verify", folder, "--replay")):
        code, _, err = gridgov(*command)

        assert code == 2
        assert "trajectories" in err
        assert "Install gridgov-sim 0.1.0" in err


def test_a_changed_copy_of_the_scenario_is_refused(gridgov, folder):
    with (folder / "scenario.resolved.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# changed\n")

    code, _, err = gridgov("run", "--from-manifest", folder)

    assert code == 2
    assert "scenario.resolved.yaml is missing or was changed" in err


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "is no manifest"), ("[]", "is no manifest"), ('{"schema": 1}', "is no manifest")],
)
def test_a_damaged_manifest_is_refused(gridgov, folder, text, said):
    (folder / "manifest.json").write_text(text, encoding="utf-8")

    code, _, err = gridgov("verify", folder)

    assert code == 2
    assert said in err


def test_a_later_format_is_refused(gridgov, folder):
    record = {**manifest_of(folder), "schema": 99}
    (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")

    assert "later version" in gridgov("verify", folder)[2]


def test_a_folder_without_results_is_refused(gridgov, tmp_path):
    code, _, err = gridgov("verify", tmp_path)

    assert code == 2
    assert "manifest.json is not there" in err


def test_nothing_can_be_changed_while_repeating(gridgov, folder):
    code, _, err = gridgov("run", "--from-manifest", folder, "--seed", 9)

    assert code == 2
    assert "takes no --set, --seed or -n" in err


def test_a_run_is_of_a_scenario_or_of_a_manifest(gridgov, folder, tmp_path):
    assert gridgov("run")[0] == 2
    assert gridgov("run", tmp_path / "small.yaml", "--from-manifest", folder)[0] == 2


def test_a_comparison_is_not_repeated_as_a_run(gridgov, tmp_path):
    one, two = write_scenario(tmp_path), write_scenario(tmp_path, "other", per="per: 200")
    gridgov("compare", one, two, "-n", 1, "--workers", 1, "--out", "both")

    code, _, err = gridgov("run", "--from-manifest", "both")

    assert code == 2
    assert "not of gridgov run" in err
