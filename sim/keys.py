"""Keys: names and ordinals as integers, the same on every machine.

Whatever is told apart by randomness has a key: places, sources, requests, steps, workers. Keys
are hashes of names, never row numbers, so that a change elsewhere in a scenario moves none. The
module lies at the bottom of the house because the plan stores keys and the demand draws with
them; `sim.demand.streams` says what makes their numbers random.

`subkey` is plain integer arithmetic and compiles under Numba as it stands, with
`SUBKEY_SIGNATURE`. Everything is unsigned there, because products wrap; each constant has its
highest bit set, which is how Numba knows an unsigned number. Called from Python it wants Python
integers; NumPy's own scalars are slow and warn when they wrap.

Reference: the finaliser is that of Steele, Lea and Flood, "Fast splittable pseudorandom number
generators", OOPSLA (2014).
"""

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    UInt64Array: TypeAlias = NDArray[np.uint64]

SUBKEY_SIGNATURE: Final = "uint64(uint64, uint64)"

MASK32: Final = 0xFFFFFFFF
MASK64: Final = 0xFFFFFFFFFFFFFFFF

_GOLDEN: Final = 0x9E3779B97F4A7C15
_MIX_1: Final = 0xBF58476D1CE4E5B9
_MIX_2: Final = 0x94D049BB133111EB


def name_key(name: str) -> int:
    """A 64-bit subject key from a full name, the same on every machine."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8, person=b"name").digest(), "big")


def short_key(name: str) -> int:
    """A 32-bit key from a name, for what has room in half of an ordinal only."""
    return name_key(name) & MASK32


def subkey(key: int, n: int) -> int:
    """The key of the n-th thing of a subject, such as the n-th arrival of a source.

    Both arguments are 64-bit integers; `n` may itself be the key of a name. The number is
    scrambled before it meets the key, so that two subjects never share a run of subkeys.
    """
    word = n ^ _GOLDEN
    for turn in range(2):
        word ^= word >> 30
        word = (word * _MIX_1) & MASK64
        word ^= word >> 27
        word = (word * _MIX_2) & MASK64
        word ^= word >> 31
        if turn == 0:
            word ^= key
    return word


def subkey_array(keys: "ArrayLike", numbers: "ArrayLike") -> "UInt64Array":
    """`subkey` for arrays, which are broadcast to one shape."""
    import numpy as np

    wide, long = np.broadcast_arrays(as_uint64(keys), as_uint64(numbers))
    word = _mixed(long.reshape(-1) ^ np.uint64(_GOLDEN))
    return _mixed(word ^ wide.reshape(-1)).reshape(wide.shape)


def as_uint64(values: "ArrayLike") -> "UInt64Array":
    """Integers as their 64-bit patterns; anything else is refused, never rounded."""
    import numpy as np

    array: NDArray[Any] = np.asarray(values)
    if array.dtype.kind not in "iu":
        raise TypeError(f"keys and ordinals are integers, not {array.dtype}")
    return array.astype(np.uint64)


def _mixed(word: "UInt64Array") -> "UInt64Array":
    import numpy as np

    word = (word ^ (word >> np.uint64(30))) * np.uint64(_MIX_1)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(_MIX_2)
    return word ^ (word >> np.uint64(31))
