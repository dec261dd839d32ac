"""Dask's own scheduler and workers on this machine, some of which are killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from sim.errors import StoreError, WorkerError
from sim.experiment.cluster import check_address
from sim.experiment.workers import WorkerWarning, each

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="needs signals"),
    # Dask closes some of its sockets late.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@contextmanager
def usual_port_taken():
    """Whether by this test or by someone else, somebody listens at Dask's dashboard port."""
    with socket.socket() as taken:
        with suppress(OSError):
            taken.bind(("127.0.0.1", 8787))
            taken.listen()
        yield


def plain(factor: int, item: int) -> int:
    return factor * item


def dying(folder: str, item: int) -> int:
    """Kills its worker at one item, the first time."""
    note = Path(folder) / "once"
    if item == 3 and not note.exists():
        note.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.3)
    return item


def deadly(folder: str, item: int) -> int:
    if item == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def failing(folder: str, item: int) -> int:
    if item == 2:
        raise StoreError("full")
    return item


@pytest.mark.parametrize(
    "address",
    ["", "5", "local:", "local:0", "local:999", "tcp://", "tcp://host", "http://host:8786",
     "tcp://host:port", "host:8786"],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_both_languages(address):
    with pytest.raises(WorkerError) as refused:
        check_address(address)

    assert refused.value.text != refused.value.zh


@pytest.mark.parametrize("address", ["local:2", "tcp://host:8786", "tls://10.0.0.1:8786"])
def test_addresses(address):
    check_address(address)


@pytest.mark.slow
def test_a_worker_that_dies_is_survived_and_said(tmp_path):
    # Only this may be said: that another cluster has Dask's usual port is no matter.
    with usual_port_taken(), pytest.warns(WorkerWarning, match="is gone"):
        answers = list(each(dying, str(tmp_path), range(12), "local:2"))

    assert sorted(answers) == list(range(12))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sim.experiment.workers.WorkerWarning")
def test_work_over_which_workers_always_die_is_given_up(tmp_path):
    with pytest.raises(WorkerError, match="again and again"):
        list(each(deadly, str(tmp_path), range(4), "local:1"))


@pytest.mark.slow
def test_a_failure_comes_back_as_it_was(tmp_path):
    with pytest.raises(StoreError, match="full"):
        list(each(failing, str(tmp_path), range(4), "local:1"))


def test_nobody_at_the_address_is_told(monkeypatch):
    import sim.experiment.cluster as module

    monkeypatch.setattr(module, "_PATIENCE", "1s")
    with pytest.raises(WorkerError, match="No Dask scheduler answers"):
        list(each(plain, 3, [1], f"tcp://127.0.0.1:{free_port()}"))


@pytest.mark.slow
def test_a_scheduler_that_dies_ends_it_and_what_is_finished_is_handed_over(tmp_path):
    port, answers = free_port(), []
    scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
    worker = dask("worker", f"tcp://127.0.0.1:{port}", "--nthreads", "1", "--no-dashboard")
    try:
        wait_for(port)
        with pytest.raises(WorkerError, match="is lost"):  # noqa: PT012
            for answer in each(dying_never, None, range(60), f"tcp://127.0.0.1:{port}"):
                answers.append(answer)
                if len(answers) == 3:
                    scheduler.kill()
    finally:
        for process in (worker, scheduler):
            process.kill()
            process.wait()

    assert 3 <= len(answers) < 60
    assert sorted(answers) == sorted(set(answers))


def dying_never(_: None, item: int) -> int:
    time.sleep(0.2)
    return item


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def dask(*words: object) -> subprocess.Popen[bytes]:
    """A process of Dask's own command line that finds this package and its tests."""
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_" + str(words[0]), *map(str, words[1:])],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def wait_for(port: int) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the scheduler never came up")
