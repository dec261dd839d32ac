"""One function for many items, in this process or in several side by side.

What a worker gets besides its item (a compiled plan, mostly) is handed over once per process.
Results come back as they are finished, so the caller keeps what is done when it is stopped.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
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
    finished = False
    try:
        waiting = [pool.submit(_call, item) for item in items]
        for done in as_completed(waiting):
            yield done.result()
        finished = True
    finally:
        if not finished:
            # Stopped or failed: what is still running is worth nothing to anybody.
            for process in set(multiprocessing.active_children()) - mine_before:
                process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(function: Callable[[Any, Any], Any], shared: object) -> None:
    """Start of a process: Ctrl-C belongs to the one that started it."""
    global _call_of  # noqa: PLW0603  (the one thing a worker process remembers)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _call_of = (function, shared)


def _call(item: object) -> Any:  # noqa: ANN401  (any function's result)
    if _call_of is None:
        raise RuntimeError("a worker was called before it began")
    function, shared = _call_of
    return function(shared, item)
