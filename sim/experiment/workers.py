"""One function for many items, in this process or in several side by side.

What a worker gets besides its item (a compiled plan, mostly) is handed over once per process.
Results come back as they are finished, so the caller keeps what is done when it is stopped.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Any, TypeVar

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_BY_DEFAULT = 2
"""A desk machine stays usable beside a run; more processes have to be asked for."""

_call_of: tuple[Callable[[Any, Any], Any], Any] | None = None


def default_workers() -> int:
    """How many processes a run takes unless it is told."""
    return min(MOST_BY_DEFAULT, os.cpu_count() or 1)


def each(
    function: Callable[[Shared, Item], Result],
    shared: Shared,
    items: Iterable[Item],
    workers: int | None = None,
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
        Number of processes; 1 stays in this one, None takes `default_workers`.
    """
    todo = list(items)
    wanted = min(workers or default_workers(), len(todo))
    if wanted <= 1:
        for item in todo:
            yield function(shared, item)
        return
    yield from _side_by_side(function, shared, todo, wanted)


def _side_by_side(
    function: Callable[[Shared, Item], Result], shared: Shared, items: list[Item], workers: int
) -> Iterator[Result]:
    mine_before = set(multiprocessing.active_children())
    # Spawned, not forked: the same on every system, and no state leaks into a run.
    pool = ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(function, shared),
    )
    waiting: list[Future[Result]] = []
    told: set[Future[Result]] = set()
    try:
        with _starting():
            waiting = [pool.submit(_call, item) for item in items]
        for done in as_completed(waiting):
            told.add(done)
            yield done.result()
    except KeyboardInterrupt:
        # What is finished is kept, even if nobody has been told of it yet.
        ready = [one for one in waiting if one not in told and one.done()]
        yield from (one.result() for one in ready if one.exception() is None)
        raise
    finally:
        if len(told) < len(items):
            # Stopped or failed: what is still running is worth nothing to anybody.
            for process in set(multiprocessing.active_children()) - mine_before:
                process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)


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
