"""One function for many items: in this process, in several side by side, or on a cluster.

What a worker gets besides its item (a compiled plan, mostly) is handed over once per process.
Results come back as they are finished, so the caller keeps what is done when it is stopped. A
process that dies costs what it was playing, which others play again.
"""

import multiprocessing
import os
import signal
import threading
import warnings
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from sim.errors import WorkerError

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")

Workers: TypeAlias = int | str | None
"""Number of processes on this machine, or the address of a cluster (`sim.experiment.cluster`);
None takes `default_workers`."""

MOST_BY_DEFAULT: Final = 2
"""A desk machine stays usable beside a run; more processes have to be asked for."""
MOST_AGAIN: Final = 3
"""How often an item is given to other processes after the one that played it died."""
AHEAD: Final = 2
"""Items in the hands of the pool for each process: one is played, the next lies ready."""

_LOOK: Final = 1.0
"""Seconds after which the caller looks whether its workers are still there."""

_call_of: tuple[Callable[[Any, Any], Any], Any] | None = None


class WorkerWarning(UserWarning):
    """A worker died and its work is played again; told in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


def default_workers() -> int:
    """How many processes a run takes unless it is told."""
    return min(MOST_BY_DEFAULT, os.cpu_count() or 1)


def each(
    function: Callable[[Shared, Item], Result],
    shared: Shared,
    items: Iterable[Item],
    workers: Workers = None,
) -> Iterator[Result]:
    """Yield ``function(shared, item)`` for all items, in order of finishing.

    Parameters
    ----------
    function
        A function of a module, so that another process can find it.
    shared
        What all calls have in common.
    items
        One call each.
    workers
        Number of processes; 1 stays in this one. Or the address of a cluster.

    Raises
    ------
    WorkerError
        If processes died again and again over the same items, or the cluster is lost.
    """
    todo = list(items)
    if isinstance(workers, str):
        from sim.experiment.cluster import each_on

        yield from each_on(workers, function, shared, todo)
        return
    wanted = min(workers or default_workers(), len(todo))
    if wanted <= 1:
        for item in todo:
            yield function(shared, item)
        return
    yield from _side_by_side(function, shared, todo, wanted)


class Numbered(NamedTuple):
    """An item with its place, by which it is known when it must be played again."""

    place: int
    item: Any


Flying: TypeAlias = MutableMapping["Future[Any]", Numbered]
"""What is in the hands of an executor."""


def through(
    submit: Callable[[Any], "Future[Any]"],
    todo: deque[Numbered],
    flying: Flying,
    room: int,
    look: Callable[[], None] = lambda: None,
) -> Iterator[Any]:
    """Give an executor its items, `room` of them at a time, and yield what comes back.

    Parameters
    ----------
    submit
        Hands an item to a `concurrent.futures.Executor`.
    todo, flying
        Items not handed over yet, and those that were; what is left in them when this ends
        early has not been answered.
    room
        How many may fly at once: results that nobody has asked for would fill the memory.
    look
        Called about every second; raises if there is nobody left who could answer.
    """
    while todo or flying:
        if todo and len(flying) < room:
            with _starting():
                while todo and len(flying) < room:
                    flying[submit(todo[0].item)] = todo[0]
                    todo.popleft()
        done, _ = wait(flying, timeout=_LOOK, return_when=FIRST_COMPLETED)
        look()
        for one in done:
            result = one.result()
            del flying[one]
            yield result


def finished(flying: Flying) -> Iterator[Any]:
    """What is done although nobody has been told; it leaves `flying`."""
    for one in [one for one in flying if one.done() and not one.cancelled()]:
        if one.exception() is None:
            del flying[one]
            yield one.result()


def _side_by_side(
    function: Callable[[Shared, Item], Result], shared: Shared, items: list[Item], workers: int
) -> Iterator[Result]:
    todo = deque(Numbered(place, item) for place, item in enumerate(items))
    deaths: Counter[int] = Counter()
    while todo:
        flying: dict[Future[Result], Numbered] = {}
        try:
            yield from _until_broken(function, shared, todo, flying, workers)
        except BrokenProcessPool:
            yield from finished(flying)
            lost = sorted(flying.values())
            _count(lost, deaths)
            todo.extendleft(reversed(lost))


def _until_broken(
    function: Callable[[Shared, Item], Result],
    shared: Shared,
    todo: deque[Numbered],
    flying: dict["Future[Result]", Numbered],
    workers: int,
) -> Iterator[Result]:
    """Play in one pool of processes, which breaks when one of them dies."""
    mine_before = set(multiprocessing.active_children())
    # Spawned, not forked: the same on every system, and no state leaks into a run.
    pool = ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(function, shared),
    )
    try:
        yield from through(lambda item: pool.submit(_call, item), todo, flying, AHEAD * workers)
    except KeyboardInterrupt:
        # What is finished is kept, even if nobody has been told of it yet.
        yield from finished(flying)
        raise
    finally:
        if todo or flying:
            # Stopped or failed: what is still running is worth nothing to anybody.
            for process in set(multiprocessing.active_children()) - mine_before:
                process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)


def _count(lost: list[Numbered], deaths: "Counter[int]") -> None:
    """Note that a process died over one of these; refuse to go on for ever."""
    deaths.update(one.place for one in lost)
    most = max((deaths[one.place] for one in lost), default=0)
    if most > MOST_AGAIN:
        raise WorkerError(
            f"Worker processes died {most} times over the same work; often memory runs out: "
            f"try fewer --workers.",
            f"工作进程在同一任务上已 {most} 次异常退出；常见原因是内存不足，请减少 --workers。",
        )
    warnings.warn(
        WorkerWarning(
            f"A worker process died; {len(lost)} replications that were under way are played "
            f"again (time {most} of at most {MOST_AGAIN}).",
            f"一个工作进程异常退出；正在进行的 {len(lost)} 次重复将重新运行"
            f"（第 {most} 次，最多 {MOST_AGAIN} 次）。",
        ),
        stacklevel=2,
    )


@contextmanager
def _starting() -> Iterator[None]:
    """While processes are started, Ctrl-C waits, and they are born deaf to it.

    A terminal sends it to all of them, but it belongs to the one that started them. One that
    came in the middle of a start would leave a process that nobody knows.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    mask = _block_ctrl_c()
    try:
        yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before or signal.default_int_handler)
    if came:
        signal.raise_signal(signal.SIGINT)


def _block_ctrl_c() -> set[int] | None:
    """Block it in this thread, which new processes inherit; return what was blocked before."""
    if not hasattr(signal, "pthread_sigmask"):
        return None
    return set(signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}))


def _begin(function: Callable[[Any, Any], Any], shared: object) -> None:
    """Start of a process; where signals cannot be blocked, Ctrl-C is ignored from here on."""
    global _call_of  # noqa: PLW0603  (the one thing a worker process remembers)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _call_of = (function, shared)


def _end_with_parent() -> None:
    """Leave no worker behind when its parent is killed; it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _call(item: object) -> Any:  # noqa: ANN401  (any function's result)
    if _call_of is None:
        raise RuntimeError("a worker was called before it began")
    function, shared = _call_of
    return function(shared, item)
