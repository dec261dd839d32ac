"""``gridgov export``: files for other programs, or why there are none."""

import json

import pandas as pd
import pytest

from tests.small_scenario import write_scenario


@pytest.fixture
def folder(gridgov, tmp_path):
    """Results with event logs."""
    play = ("-n", 2, "--workers", 1, "--events", "-q", "--out", "logged")
    assert gridgov("run", write_scenario(tmp_path), *play)[0] == 0
    return tmp_path / "logged"


@pytest.mark.parametrize(
    ("kind", "ending"),
    [("vidigi", "vidigi.csv"), ("pm4py", "pm4py.csv"), ("xes", "xes"), ("ocel", "ocel.json")],
)
def test_every_replication_becomes_a_file(gridgov, folder, kind, ending):
    code, out, err = gridgov("export", "logged", "--as", kind)

    assert (code, err) == (0, "")
    assert out.split() == [f"logged/export/replication-000{n}.{ending}" for n in (1, 2)]
    assert all(
        (folder / "export" / f"replication-000{n}.{ending}").stat().st_size for n in (1, 2)
    )
    assert not list((folder / "export").glob(".*"))


def test_one_replication_into_another_folder_in_chinese(gridgov, folder, tmp_path):
    more = ("--replication", 2, "--out", "there", "--lang", "zh")
    assert gridgov("export", folder, "--as", "pm4py", *more)[0] == 0

    (path,) = (tmp_path / "there").iterdir()
    assert "上报" in set(pd.read_csv(path)["concept:name"])


def test_the_results_stay_as_recorded(gridgov, folder):
    gridgov("export", folder, "--as", "xes")

    assert gridgov("verify", folder)[0] == 0


def test_nothing_is_replaced_without_force(gridgov, folder):
    again = ("export", folder, "--as", "xes")
    gridgov(*again)

    code, out, err = gridgov(*again)

    assert (code, out) == (2, "")
    assert "is there already" in err
    assert gridgov(*again, "--force")[0] == 0


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "holds no event logs"), ("zh", "没有事件日志")]
)
def test_results_without_logs_say_how_to_get_them(gridgov, tmp_path, lang, said):
    gridgov("run", write_scenario(tmp_path), "-n", 1, "--workers", 1, "--out", "bare")

    code, _, err = gridgov("export", "bare", "--as", "xes", "--lang", lang)

    assert code == 2
    assert said in err
    assert "--events" in err


def test_a_replication_that_was_not_played_is_refused(gridgov, folder):
    code, _, err = gridgov("export", folder, "--as", "xes", "--replication", 9)

    assert code == 2
    assert "no log of replication 9" in err


def test_a_log_of_other_trajectories_is_refused(gridgov, folder):
    path = folder / "manifest.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["tool"]["trajectories"] = 0
    path.write_text(json.dumps(record), encoding="utf-8")

    assert gridgov("export", folder, "--as", "xes")[0] == 2


def test_a_damaged_log_ends_without_a_traceback(gridgov, folder):
    (folder / "events" / "replication-0001.npz").write_bytes(b"no log")

    code, _, err = gridgov("export", folder, "--as", "xes")

    assert code == 1
    assert "is damaged" in err
    assert "Traceback" not in err
