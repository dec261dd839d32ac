"""Keyed draws by the very functions of the demand: `uniform64`, `subkey` and `sample`."""

from typing import Any

import numpy as np

from sim.demand.streams import uniform64
from sim.engine.fast.codes import FOR_LEVEL
from sim.engine.fast.jit import PLAIN, Handle, Records, jit
from sim.engine.fast.state import class_level, class_level_share, classes, clock, laws
from sim.keys import MASK64, subkey
from sim.plan.tables import index_below, sample

if PLAIN:

    def _word(value: Any) -> int:  # noqa: ANN401 - any integer of NumPy's or Python's
        return int(value) & MASK64

    def _uniform(*words: int) -> int:
        return uniform64(*words)

    def _subkey(key: int, number: int) -> int:
        return subkey(key, number)

    def _sample(table: Any, u: int) -> int:  # noqa: ANN401 - a row of a table
        return int(sample(table.tolist(), u))

    def _index(count: Any, u: int) -> int:  # noqa: ANN401 - as above
        return index_below(int(count), u)

else:
    _uniform = jit(uniform64)  # type: ignore[assignment]
    _subkey = jit(subkey)  # type: ignore[assignment]
    _sample = jit(sample)
    _index_below = jit(index_below)

    @jit
    def _word(value: Records) -> int:
        return np.uint64(value)  # type: ignore[return-value]

    @jit
    def _index(count: Any, u: int) -> int:  # noqa: ANN401 - as above
        # Unsigned with signed would make a float; the sign that this makes is masked there.
        return _index_below(count, np.int64(u))  # type: ignore[arg-type]


@jit
def uniform(w: Handle, purpose: int, subject: int, ordinal: int) -> int:
    """The random number that belongs to this use of this subject."""
    c = clock(w)[0]
    return _uniform(
        _word(c.key0), _word(c.key1), _word(purpose), _word(subject), _word(ordinal)
    )


@jit
def draw(w: Handle, law: int, purpose: int, subject: int, ordinal: int) -> int:
    """A duration by a law, rounded to the tick."""
    value = _sample(laws(w)[law], uniform(w, purpose, subject, ordinal))
    tick = clock(w)[0].tick
    return value if tick == 1 else (value + (tick >> 1)) // tick * tick


@jit
def chance(w: Handle, limit: int, purpose: int, subject: int, ordinal: int) -> int:
    """1 if an event with this threshold happens, else 0."""
    happens = uniform(w, purpose, subject, ordinal) >> _word(2) < limit
    return 1 if happens else 0


@jit
def index(w: Handle, count: int, purpose: int, subject: int, ordinal: int) -> int:
    """An index below a count, all equally likely."""
    return _index(count, uniform(w, purpose, subject, ordinal))


@jit
def choose(
    w: Handle, limits: Records, first: int, purpose: int, subject: int, ordinal: int
) -> int:
    """Index of the choice among the cumulative thresholds that begin at `first`."""
    number = uniform(w, purpose, subject, ordinal) >> _word(2)
    choice = 0
    while number >= limits[first + choice]:
        choice += 1
    return choice


@jit
def level_of(w: Handle, request_class: int, key: int) -> int:
    """The lowest rung that can close a request, -1 where its class has no ladder."""
    kind = classes(w)[request_class]
    if kind.levels == kind.levels_end:
        return -1
    choice = choose(w, class_level_share(w), kind.levels, FOR_LEVEL, key, 0)
    return int(class_level(w)[kind.levels + choice])


@jit
def next_key(key: int, number: int) -> int:
    """`sim.keys.subkey`."""
    return _subkey(_word(key), _word(number))
