"""Randomness as a function: the same key gives the same number, whoever asks and when.

``uniform64(key0, key1, purpose, subject, ordinal)`` is the only source of random numbers. It
is Philox4x32-10, a counter-based generator: ten rounds of multiplication and exclusive or
scramble a counter, so no state is kept and nothing is drawn "next". Two runs that ask in a
different order, two engines, or two scenarios that share a request therefore agree on every
number without having to agree on anything else.

The 128-bit counter holds, from its lowest word: the subject (two words), the ordinal, and the
purpose in the lowest 8 bits of the last word. What an ordinal has above 32 bits goes into the
other 24 bits of that word, so ordinals are distinct up to 2**56. The 64-bit key holds seed and
replication.

The scalar functions are plain integer arithmetic and compile under Numba as they stand, with
`UNIFORM64_SIGNATURE` and `SUBKEY_SIGNATURE`. Everything is unsigned there, because products
wrap: a signed product that wraps is undefined in compiled code, and signed with unsigned makes
a float. So each constant has its highest bit set (the 32-bit ones stand in the upper half),
which is how Numba knows an unsigned number. Called from Python, the scalars want Python
integers; NumPy's own scalars are slow and warn when they wrap.

Subjects are 64-bit hashes of names (`name_key`) and ordinals (`subkey`), never row numbers. At
2e7 subjects the chance that any two collide is 1e-5; two that do would share their numbers in
one purpose, which bends no law.

Reference: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
SC11 (2011).
"""

from hashlib import blake2b
from typing import TYPE_CHECKING, Final, TypeAlias

from sim.compiling import can_compile
from sim.keys import (
    MASK32,
    MASK64,
    SUBKEY_SIGNATURE,
    as_uint64,
    name_key,
    subkey,
    subkey_array,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    UInt64Array: TypeAlias = NDArray[np.uint64]

__all__ = [
    "MASK32",
    "MASK64",
    "SUBKEY_SIGNATURE",
    "UNIFORM64_SIGNATURE",
    "as_uint64",
    "name_key",
    "philox_array",
    "stream_key",
    "subkey",
    "subkey_array",
    "subkeys",
    "uniform64",
    "uniform64_array",
]

UNIFORM64_SIGNATURE: Final = "uint64(uint64, uint64, uint64, uint64, uint64)"

_MULTIPLY_0: Final = 0xD2511F53 << 32
_MULTIPLY_1: Final = 0xCD9E8D57 << 32
_WEYL_0: Final = 0x9E3779B9 << 32
_WEYL_1: Final = 0xBB67AE85 << 32
_CHUNK: Final = 1 << 14
"""Numbers computed at a time: the temporaries of one chunk stay in the processor's cache."""
LONG: Final = 1 << 15
"""Rows from this length on are worth the half second that loading Numba may take."""


def stream_key(seed: int, replication: int) -> tuple[int, int]:
    """The two 32-bit words of the key that all numbers of one replication share."""
    text = f"{seed} {replication}".encode()
    key = int.from_bytes(blake2b(text, digest_size=8, person=b"stream").digest(), "big")
    return key & MASK32, key >> 32


def uniform64(key0: int, key1: int, purpose: int, subject: int, ordinal: int) -> int:
    """A random integer from 0 to 2**64 - 1 that belongs to this key alone.

    Parameters
    ----------
    key0, key1
        The words of `stream_key`.
    purpose
        A `Purpose`: what the number is for.
    subject
        A 64-bit key: whom the number is for.
    ordinal
        Which of the subject's visits, rounds or offers, from 0.
    """
    mask = MASK64 >> 32
    multiply0, multiply1 = _MULTIPLY_0 >> 32, _MULTIPLY_1 >> 32
    weyl0, weyl1 = _WEYL_0 >> 32, _WEYL_1 >> 32
    word0 = subject & mask
    word1 = subject >> 32
    word2 = ordinal & mask
    word3 = (purpose | (ordinal >> 32 << 8)) & mask
    for _ in range(10):
        low0 = multiply0 * word0
        low1 = multiply1 * word2
        # Words 1 and 3 keep their upper halves: the next round's mask takes them away.
        word0 = (low1 >> 32 ^ word1 ^ key0) & mask
        word2 = (low0 >> 32 ^ word3 ^ key1) & mask
        word1 = low1
        word3 = low0
        key0 += weyl0
        key1 += weyl1
    return (word0 << 32) | (word1 & mask)


def uniform64_array(
    key0: int, key1: int, purpose: int, subjects: "ArrayLike", ordinals: "ArrayLike"
) -> "UInt64Array":
    """`uniform64` for arrays of subjects and ordinals, which are broadcast to one shape."""
    import numpy as np

    half, eight = np.uint64(32), np.uint64(8)
    mask, purpose_word = np.uint64(MASK32), np.uint64(purpose)
    wide, long = np.broadcast_arrays(as_uint64(subjects), as_uint64(ordinals))
    result = np.empty(wide.shape, np.uint64)
    flat, wide, long = result.reshape(-1), wide.reshape(-1), long.reshape(-1)
    if flat.size >= LONG and can_compile():
        from sim.demand.compiled import fill_uniforms

        rows = np.ascontiguousarray(wide), np.ascontiguousarray(long)
        fill_uniforms()((key0, key1, int(purpose)), *rows, flat)
        return result
    for begin in range(0, flat.size, _CHUNK):
        subject, ordinal = wide[begin : begin + _CHUNK], long[begin : begin + _CHUNK]
        last = (purpose_word | (ordinal >> half << eight)) & mask
        words = philox_array(key0, key1, subject & mask, subject >> half, ordinal & mask, last)
        flat[begin : begin + _CHUNK] = words[0] << half | words[1]
    return result


def subkeys(keys: "ArrayLike", numbers: "ArrayLike") -> "UInt64Array":
    """`sim.keys.subkey_array`, compiled where rows are long."""
    import numpy as np

    wide, long = np.broadcast_arrays(as_uint64(keys), as_uint64(numbers))
    if wide.size < LONG or not can_compile():
        return subkey_array(wide, long)
    from sim.demand.compiled import fill_subkeys

    result = np.empty(wide.shape, np.uint64)
    rows = np.ascontiguousarray(wide).reshape(-1), np.ascontiguousarray(long).reshape(-1)
    fill_subkeys()(*rows, result.reshape(-1))
    return result


def philox_array(
    key0: int, key1: int, *counter: "UInt64Array"
) -> "tuple[UInt64Array, UInt64Array, UInt64Array, UInt64Array]":
    """All four words of Philox4x32-10 for arrays of counter words below 2**32."""
    import numpy as np

    half, mask = np.uint64(32), np.uint64(MASK32)
    multiply0, multiply1 = np.uint64(_MULTIPLY_0 >> 32), np.uint64(_MULTIPLY_1 >> 32)
    word0, word1, word2, word3 = counter
    for turn in range(10):
        round0 = np.uint64(key0 + turn * (_WEYL_0 >> 32) & MASK32)
        round1 = np.uint64(key1 + turn * (_WEYL_1 >> 32) & MASK32)
        low0, low1 = word0 * multiply0, word2 * multiply1
        word0, word1 = low1 >> half ^ word1 ^ round0, low1 & mask
        word2, word3 = low0 >> half ^ word3 ^ round1, low0 & mask
    return word0, word1, word2, word3
