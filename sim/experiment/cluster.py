"""Work on a cluster: a Dask scheduler and its workers, here or on other machines.

Dask deploys itself on Slurm, Kubernetes and much else; this module only gives it work through
the protocol of `concurrent.futures` (docs/cluster.md). Whoever joins gets work, and what was
under way at a worker that dies is played again elsewhere. Nothing is written there: results
come back, so no disk need be shared.
"""

import logging
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from sim.errors import WorkerError
from sim.experiment.workers import Numbered, WorkerWarning, finished, through

if TYPE_CHECKING:
    from distributed import Client

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")

LOCAL: Final = "local:"
SCHEMES: Final = ("tcp://", "tls://")
MOST_LOCAL: Final = 256

_ROOM: Final = 512
"""Items in the hands of the scheduler: enough for its workers, whoever joins meanwhile."""
_PATIENCE: Final = "10s"
_INTERVAL: Final = 1.0
"""Seconds between looks at the workers."""
_EMPTY: Final = 20.0
"""Seconds without any worker after which that is said; batch systems take their time."""


def check_address(address: str) -> None:
    """Refuse what is no address of a cluster.

    Raises
    ------
    WorkerError
        Unless it reads ``local:N``, ``tcp://HOST:PORT`` or ``tls://HOST:PORT``.
    """
    number = address.removeprefix(LOCAL)
    if address.startswith(LOCAL) and number.isdecimal() and 1 <= int(number) <= MOST_LOCAL:
        return
    host, colon, port = address.partition("://")[2].rpartition(":")
    if address.startswith(SCHEMES) and host and colon and port.isdecimal():
        return
    raise WorkerError(
        f"'{address}' is no cluster; write tcp://HOST:8786 (the address that the Dask "
        f"scheduler prints) or local:2.",
        f"“{address}”不是集群地址；请写 tcp://主机:8786（Dask 调度器启动时显示）或 local:2。",
    )


@contextmanager
def joined(address: str) -> Iterator["Client"]:
    """A connection to the scheduler at an address; ``local:N`` starts one with N workers.

    Raises
    ------
    WorkerError
        If Dask is not installed, or nobody answers at the address.
    """
    check_address(address)
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise WorkerError(
            "--cluster needs Dask: pip install 'gridgov-sim[cluster]'.",
            "--cluster 需要 Dask：pip install 'gridgov-sim[cluster]'。",
        ) from None
    # Its log is about its own inner life; what matters to the user is said by this module.
    logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
    if address.startswith(LOCAL):
        with (
            LocalCluster(
                n_workers=int(address.removeprefix(LOCAL)),
                threads_per_worker=1,
                # A free port of this machine; None would be one fixed port for everyone.
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL + 1,
            ) as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            yield client
        return
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except OSError:
        raise WorkerError(
            f"No Dask scheduler answers at {address} within {_PATIENCE}; is it running, and "
            f"may this machine reach it?",
            f"{address} 处没有 Dask 调度器应答（等待 {_PATIENCE}）；请确认其已启动且可以访问。",
        ) from None
    try:
        yield client
    finally:
        client.close(timeout=2)


def each_on(
    address: str,
    function: Callable[[Shared, Item], Result],
    shared: Shared,
    items: Sequence[Item],
) -> Iterator[Result]:
    """`sim.experiment.workers.each` on a cluster.

    Raises
    ------
    WorkerError
        If the cluster cannot be reached, is lost, or lost workers over the same item too often.
    """
    check_address(address)
    if not items:
        return
    todo = deque(Numbered(place, item) for place, item in enumerate(items))
    flying: dict[Future[Result], Numbered] = {}
    with joined(address) as client:
        executor = client.get_executor(pure=False)
        # Handed over once, and made anew by the scheduler where a worker dies with it.
        common = client.submit(_same, shared, pure=False)

        def submit(item: Item) -> "Future[Result]":
            found: Future[Result] = executor.submit(_call, function, common, item)
            return found

        try:
            yield from through(submit, todo, flying, _ROOM, _watching(client, address))
        except KeyboardInterrupt:
            yield from finished(flying)
            raise
        except Exception as error:
            yield from finished(flying)
            raise _told(error, address) from error
        finally:
            executor.shutdown(wait=False)


def _same(shared: Shared) -> Shared:
    return shared


def _call(
    function: Callable[[Shared, Item], Result], shared: Shared, item: Item
) -> Result:  # pragma: no cover  (in another process)
    return function(shared, item)


def _watching(client: "Client", address: str) -> Callable[[], None]:
    """A look at the workers, once a second: who is gone, and whether there is anybody."""
    known = set(client.nthreads())
    looked = manned = time.monotonic()
    told_empty = False

    def look() -> None:
        nonlocal known, looked, manned, told_empty
        now = time.monotonic()
        if now - looked < _INTERVAL or client.status != "running":
            return
        there = set(client.nthreads())
        for gone in sorted(known - there):
            _warn(
                f"Worker {gone} is gone; what it was playing is played again elsewhere.",
                f"工作进程 {gone} 已离开；其正在进行的任务将由其他进程重新运行。",
            )
        known, looked, manned = there, now, now if there else manned
        if now - manned > _EMPTY and not told_empty:
            told_empty = True
            _warn(
                f"{address} has no workers; waiting until some join (Ctrl-C ends).",
                f"{address} 目前没有工作进程；正在等待其加入（Ctrl-C 结束）。",
            )

    return look


def _warn(en: str, zh: str) -> None:
    warnings.warn(WorkerWarning(en, zh), stacklevel=2)


def _told(error: Exception, address: str) -> Exception:
    """What went wrong in the user's words; what is no matter of the cluster stays as it is."""
    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    if isinstance(error, CancelledError | CommClosedError | TimeoutError):
        return WorkerError(
            f"The scheduler at {address} is lost; start it again and give the same command.",
            f"与 {address} 的调度器失去联系；请重新启动调度器后再次运行同一命令。",
        )
    if isinstance(error, KilledWorker):
        return WorkerError(
            f"Workers of {address} died again and again over the same work; often memory "
            f"runs out: give each more, or one thread (--nthreads 1).",
            f"{address} 的工作进程在同一任务上反复异常退出；常见原因是内存不足，"
            f"请增加内存，或每个进程只用一个线程（--nthreads 1）。",
        )
    if isinstance(error, ImportError) or isinstance(error.__cause__, ImportError):
        return WorkerError(
            f"The workers of {address} cannot load this program ({error}); install the same "
            f"version of gridgov-sim there.",
            f"{address} 的工作进程无法加载本程序（{error}）；"
            f"请在其中安装同一版本的 gridgov-sim。",
        )
    return error
