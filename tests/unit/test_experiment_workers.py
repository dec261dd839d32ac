"""One function for many items: the same answers with one process as with several."""

import multiprocessing
import time

import pytest

from sim.experiment.workers import default_workers, each


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
