"""Long rows of keyed numbers, compiled: `uniform64` and `subkey` themselves, one after another.

NumPy makes some hundred passes over a row where a compiled loop makes one. The functions are
the same, and so are the numbers. `sim.demand.streams` takes these loops for long rows;
`sim.demand.loops` has those that draw whole requests.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

from sim.compiling import WORDS, Loop, compiled, part, told
from sim.demand.streams import uniform64
from sim.keys import subkey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Words = NDArray[np.uint64]

uniform: Final = part(uniform64)
key_of: Final = part(subkey)


@cache
def fill_uniforms() -> Loop:
    """`uniform64` of (key words and purpose), subjects and ordinals, into the last row."""
    version = told(globals(), uniform64)

    def fill(
        keys: tuple[int, int, int], subjects: "Words", ordinals: "Words", out: "Words"
    ) -> None:
        version  # noqa: B018 - part of the cache's key because it is in the closure
        for at in range(out.size):
            out[at] = uniform(keys[0], keys[1], keys[2], subjects[at], ordinals[at])

    return compiled(f"void(UniTuple(uint64, 3), {WORDS}, {WORDS}, uint64[::1])", fill)


@cache
def fill_subkeys() -> Loop:
    """`subkey` of keys and numbers, into the last row."""
    version = told(globals(), subkey)

    def fill(keys: "Words", numbers: "Words", out: "Words") -> None:
        version  # noqa: B018 - as above
        for at in range(out.size):
            out[at] = key_of(keys[at], numbers[at])

    return compiled(f"void({WORDS}, {WORDS}, uint64[::1])", fill)
