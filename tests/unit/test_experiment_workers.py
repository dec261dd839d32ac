"""One function for many items: the same answers with one process as with several."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from sim.errors import WorkerError
from sim.experiment.workers import MOST_AGAIN, WorkerWarning, default_workers, each


def scaled(factor: int, item: int) -> int:
    """A function that another process can find."""
    return factor * item


def failing(limit: int, item: int) -> int:
    """Fails for one item; a later one would take for ever."""
    if item == limit:
        raise ValueError(f"item {item}")
    time.sleep(0.01 if item < limit else 60)
    return item


@pytest.mark.parametrize("workers", [1, 2], ids=["here", "side-by-side"])
def test_every_item_is_answered_once(workers):
    assert sorted(each(scaled, 3, range(5), workers)) == [0, 3, 6, 9, 12]


def test_nothing_to_do_is_nothing():
    assert list(each(scaled, 3, [], 2)) == []


def test_a_failure_is_handed_back_and_no_process_is_left():
    started = time.monotonic()

    with pytest.raises(ValueError, match="item 1"):
        list(each(failing, 1, [1, 2, 3], 2))

    assert time.monotonic() - started < 50
    assert multiprocessing.active_children() == []


def test_stopping_early_leaves_no_process():
    answers = each(scaled, 3, range(100), 2)
    next(answers)
    answers.close()

    assert multiprocessing.active_children() == []


def test_a_desk_machine_stays_usable():
    assert 1 <= default_workers() <= 2


def dying(folder: str, item: int) -> int:
    """Kills its own process, as a system short of memory does, the first time or always."""
    note = Path(folder) / "once"
    if item == 3 and not note.exists():
        note.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if item == 99:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.01)
    return item


killing = pytest.mark.skipif(os.name == "nt", reason="needs signals")


@killing
def test_the_work_of_a_process_that_dies_is_done_by_others_and_said(tmp_path):
    with pytest.warns(WorkerWarning, match="played again") as told:
        answers = list(each(dying, str(tmp_path), range(12), 2))

    assert sorted(answers) == list(range(12))
    assert len(told) == 1
    assert "重新运行" in told[0].message.zh
    assert multiprocessing.active_children() == []


@killing
def test_work_over_which_processes_always_die_is_given_up(tmp_path):
    answers = []
    with pytest.warns(WorkerWarning) as told, pytest.raises(WorkerError, match="fewer --work"):
        answers.extend(each(dying, str(tmp_path), [1, 2, 99], 2))

    assert sorted(answers) == [1, 2]
    assert len(told) == MOST_AGAIN
    assert multiprocessing.active_children() == []
