"""Loops as machine code: for long rows of demand and long logs, where Numba is there.

A loop is a plain function of arrays; what it calls are plain functions too, made `part`s. Each
says the same as operations on whole arrays do elsewhere, which are its definition and are used
where rows are short or Numba is missing. The engine makes its parts in its own way
(`sim.engine.fast.jit`).
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, Final, TypeAlias, cast

Loop: TypeAlias = Callable[..., Any]

INTS: Final = "Array(int64, 1, 'C', readonly=True)"
"""The type of a row of whole numbers that a loop only reads; as the following."""
SMALL: Final = INTS.replace("int64", "int32")
TINY: Final = INTS.replace("int64", "int16")
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
    numbers = {name: value for name, value in known.items() if isinstance(value, int | float)}
    return repr((numbers, [_told(each) for each in functions]))


def _told(function: Loop) -> tuple[Any, ...]:
    body = function.__code__
    named = [function.__globals__.get(name) for name in body.co_names]
    numbers = [value for value in named if isinstance(value, int | float)]
    return body.co_code, body.co_consts, body.co_names, numbers


def compiled(signature: str, loop: Loop, **options: object) -> Loop:
    """A loop from the cache of machine code, or compiled; kept there if that can be.

    Parameters
    ----------
    signature
        The types that Numba compiles it for; it takes no others.
    loop
        The function.
    options
        More of Numba's.
    """
    from numba import njit

    known: dict[str, Any] = {"error_model": "numpy", "nogil": True, "no_cfunc_wrapper": True}
    known |= options
    try:
        made: Any = njit(cache=True, **known)(loop)
    except RuntimeError:  # no folder can be written to
        made = njit(**known)(loop)
    with suppress(OSError):  # the disk is full: it is compiled by then, and only not kept
        made.compile(signature)
    made.disable_compile()
    return cast("Loop", made)
