"""Long rows of keyed numbers, compiled: `uniform64` and `subkey` themselves, one after another.

NumPy makes some hundred passes over a row where a compiled loop makes one. The functions are
the same, and so are the numbers. `sim.demand.streams` takes these loops for long rows, where
Numba is there and not switched off.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numba
from numba.core import config

from sim.demand.streams import uniform64
from sim.keys import subkey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Words: TypeAlias = NDArray[np.uint64]

PLAIN: Final = bool(config.DISABLE_JIT)  # type: ignore[attr-defined]
_ROW: Final = "uint64[::1]"

_njit: Any = numba.njit
_uniform64 = _njit(error_model="numpy")(uniform64)
_subkey = _njit(error_model="numpy")(subkey)


def _told(function: Callable[..., int]) -> str:
    """What a function does, with the constants that it names: Numba looks at this file only."""
    body = function.__code__
    named = [function.__globals__.get(name) for name in body.co_names]
    return repr((body.co_code, body.co_consts, named))


def _compiled(signature: str, loop: Callable[..., None]) -> Callable[..., None]:
    """A loop from the cache of machine code, or compiled; kept there if that can be."""
    options = {"error_model": "numpy", "nogil": True}
    try:
        return _njit(signature, cache=True, **options)(loop)  # type: ignore[no-any-return]
    except RuntimeError:  # no folder can be written to
        return _njit(signature, **options)(loop)  # type: ignore[no-any-return]


def _uniforms(version: str) -> Callable[..., None]:
    def fill(
        keys: tuple[int, int, int], subjects: "Words", ordinals: "Words", out: "Words"
    ) -> None:
        version  # noqa: B018 - part of the cache's key because it is in the closure
        for at in range(out.size):
            out[at] = _uniform64(keys[0], keys[1], keys[2], subjects[at], ordinals[at])

    return _compiled(f"void(UniTuple(uint64, 3), {_ROW}, {_ROW}, {_ROW})", fill)


def _subkeys(version: str) -> Callable[..., None]:
    def fill(keys: "Words", numbers: "Words", out: "Words") -> None:
        version  # noqa: B018 - as above
        for at in range(out.size):
            out[at] = _subkey(keys[at], numbers[at])

    return _compiled(f"void({_ROW}, {_ROW}, {_ROW})", fill)


fill_uniforms: Final = _uniforms(_told(uniform64))
"""`uniform64` of (key words and purpose), subjects and ordinals, into the last row."""

fill_subkeys: Final = _subkeys(_told(subkey))
"""`subkey` of keys and numbers, into the last row."""
