"""Loops as machine code: for long rows of demand and long logs, where Numba is there.

A loop is a plain function of arrays; what it calls are plain functions too, made `part`s. Each
says the same as operations on whole arrays do elsewhere, which are its definition and are used
where rows are short or Numba is missing. The engine has its own way (`sim.engine.fast.jit`).
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeAlias, cast

Loop: TypeAlias = Callable[..., Any]

INTS: Final = "Array(int64, 1, 'C', readonly=True)"
"""The type of a row of whole numbers that a loop only reads; as the following."""
WORDS: Final = "Array(uint64, 1, 'C', readonly=True)"
FLOATS: Final = "Array(float64, 1, 'C', readonly=True)"
TABLE: Final = "Array(int64, 2, 'C', readonly=True)"


@cache
def can_compile() -> bool:
    """Whether Numba is there and not switched off; to know this takes its half second."""
    try:
        from numba.core import config
    except ImportError:
        return False
    return not config.DISABLE_JIT  # type: ignore[attr-defined]


def part(function: Loop) -> Loop:
    """A function that loops call, for nobody else."""
    from numba import njit

    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Loop", njit(error_model="numpy", **options)(function))


def told(known: Mapping[str, Any], *functions: Loop) -> str:
    """What loops of a file do: its numbers, which may come from elsewhere, and functions.

    Numba looks only at the file of a loop to see whether kept machine code is current. So each
    loop holds this in a closure, which is a part of the cache's key.
    """
    numbers = {name: value for name, value in known.items() if isinstance(value, int)}
    return repr((numbers, [_told(each) for each in functions]))


def _told(function: Loop) -> tuple[Any, ...]:
    body = function.__code__
    named = [function.__globals__.get(name) for name in body.co_names]
    numbers = [value for value in named if isinstance(value, int)]
    return body.co_code, body.co_consts, body.co_names, numbers


def compiled(signature: str, loop: Loop) -> Loop:
    """A loop from the cache of machine code, or compiled; kept there if that can be."""
    from numba import njit

    options: dict[str, Any] = {
        "error_model": "numpy",
        "nogil": True,
        "no_cfunc_wrapper": True,
    }
    try:
        return cast("Loop", njit(signature, cache=True, **options)(loop))
    except (RuntimeError, OSError):  # no folder can be written to, or the disk is full
        return cast("Loop", njit(signature, **options)(loop))
