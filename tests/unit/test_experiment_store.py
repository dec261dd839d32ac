"""A results folder appears whole or not at all, and never in place of something else."""

import gzip

import numpy as np
import pandas as pd
import pytest

from sim.errors import StoreError
from sim.eventlog import COLUMNS, EventLog, Requests
from sim.experiment import store


def filled(folder, text="x"):
    folder.mkdir(parents=True)
    (folder / store.MANIFEST).write_text(text, encoding="utf-8")
    return folder


def test_a_folder_appears_only_at_the_end(tmp_path):
    wanted = tmp_path / "results" / "run"

    with store.draft(wanted) as hidden:
        (hidden / "a.txt").write_text("a", encoding="utf-8")
        assert not wanted.exists()

    assert [path.name for path in wanted.iterdir()] == ["a.txt"]
    assert list(wanted.parent.iterdir()) == [wanted]


def fail_in(wanted, error):
    with store.draft(wanted) as hidden:
        (hidden / "a.txt").write_text("a", encoding="utf-8")
        raise error


@pytest.mark.parametrize(
    "error", [RuntimeError(), KeyboardInterrupt()], ids=["fault", "ctrl-c"]
)
def test_a_failure_leaves_nothing_not_even_parents(tmp_path, error):
    with pytest.raises(type(error)):
        fail_in(tmp_path / "results" / "small" / "run", error)

    assert list(tmp_path.iterdir()) == []


def test_results_are_replaced_only_by_force(tmp_path):
    wanted = filled(tmp_path / "run", "old")

    with pytest.raises(StoreError, match="--force"):
        store.check_free(wanted, force=False)
    with store.draft(wanted, force=True) as hidden:
        (hidden / store.MANIFEST).write_text("new", encoding="utf-8")

    assert (wanted / store.MANIFEST).read_text(encoding="utf-8") == "new"


def test_a_failure_under_force_keeps_the_old_results(tmp_path):
    wanted = filled(tmp_path / "run", "old")

    with pytest.raises(RuntimeError), store.draft(wanted, force=True):
        raise RuntimeError

    assert (wanted / store.MANIFEST).read_text(encoding="utf-8") == "old"


def test_other_files_are_never_replaced(tmp_path):
    (tmp_path / "thesis.docx").write_text("x", encoding="utf-8")

    with pytest.raises(StoreError, match="not results"):
        store.check_free(tmp_path, force=True)


def test_an_empty_folder_is_free(tmp_path):
    store.check_free(tmp_path, force=False)


def test_two_runs_in_one_second_get_two_folders(tmp_path):
    first = filled(store.new_folder(tmp_path, "small", "text"))

    assert store.new_folder(tmp_path, "small", "text") != first


def test_a_table_is_read_back_with_its_chinese(tmp_path):
    table = pd.DataFrame({"类别": ["噪声", "a,b"], "n": [1, 2]})

    rows = store.write_table(table, tmp_path / "t.csv")

    assert rows == 2
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "t.csv", encoding="utf-8-sig"), table)


def test_parts_become_one_table_in_order_of_replication(tmp_path):
    table = pd.DataFrame({"replication": [1, 2, 10], "类": ["a", "b", "c"]})
    for number in (10, 2, 1):
        part = table[table["replication"] == number]
        store.write_part(part, tmp_path / "parts" / f"{number:06d}.csv.gz")

    rows = store.join_parts(tmp_path / "parts", tmp_path / "t.csv.gz", [1, 2, 10])

    assert rows == 3
    assert not (tmp_path / "parts").exists()
    text = gzip.decompress((tmp_path / "t.csv.gz").read_bytes()).decode("utf-8-sig")
    assert text == "replication,类\n1,a\n2,b\n10,c\n"


def test_an_event_log_is_read_back_to_the_bit(tmp_path):
    requests = Requests(
        *(np.arange(3) for _ in Requests._fields[:-1]), key=np.arange(3, dtype="u8")
    )
    log = EventLog(*(np.arange(5) + k for k in range(len(COLUMNS))), requests=requests)

    store.write_events(log, tmp_path / "events" / "one.npz")

    assert store.read_events(tmp_path / "events" / "one.npz").digest() == log.digest()


def test_the_source_of_a_package_outside_a_checkout_is_unknown(tmp_path):
    assert store.source_state(tmp_path / "sim") == {"commit": None, "dirty": None}
