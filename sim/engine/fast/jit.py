"""The one place that knows Numba: how functions are compiled and how they reach their tables.

Every function of the engine gets one integer, the address of a list of tables, and asks for a
table by its accessor (`workers(w)[n].pool`). Handing the tables over one by one would be
plainer, but Numba spells every array out as seven arguments of every call: with thirty tables
it then compiles for minutes instead of seconds.

With ``NUMBA_DISABLE_JIT=1`` the same functions run as plain Python, and `w` is the `Tables`
itself. Integer arithmetic only; no fastmath anywhere.
"""

from collections.abc import Callable, Mapping
from hashlib import blake2b
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

import numba
import numpy as np
from numba import types
from numba.core import config
from numpy.typing import NDArray

from sim.compiling import compiled
from sim.engine.fast import views, whole
from sim.engine.fast.whole import APART, LeanCompiler, PartCompiler, WholeCompiler

PLAIN = bool(config.DISABLE_JIT)  # type: ignore[attr-defined]
"""Whether the engine runs as plain Python."""

Handle: TypeAlias = Any
"""What functions are given to find their tables: an address, or `Tables` in plain Python."""
Records: TypeAlias = Any
"""One table, as functions see it."""
View: TypeAlias = Callable[[Handle], Any]
F = TypeVar("F", bound=Callable[..., Any])

_njit: Any = numba.njit
"""Options that it does not tell its types of are used here."""


class Kind(NamedTuple):
    """What a table holds."""

    name: str
    dtype: np.dtype[Any]
    ndim: int


KINDS: list[Kind] = []
"""All tables in order of declaration, which is their order in the list of addresses."""
_BODIES: list[FunctionType] = []


def jit(function: F) -> F:
    """Make a function a part of the compiled engine.

    Its memory is never managed (`_nrt`): all tables belong to Python. `whole` says the rest.
    """
    _BODIES.append(cast("FunctionType", function))
    if PLAIN:
        return function
    compiled = _njit(
        pipeline_class=PartCompiler,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        _nrt=False,
        error_model="numpy",
    )(function)
    _compile_once(compiled)
    return cast("F", compiled)


def _fetch(table: Records, index: int) -> None:
    """Do nothing: plain Python waits for no memory."""


fetch: Callable[[Records, int], None] = cast("Any", _fetch if PLAIN else views.fetch)
"""Ask for the memory of a row that is needed soon."""

only_here = jit
"""The same; LLVM itself puts a function that has one caller into it."""


def apart(function: F) -> F:
    """The same for what few events need: it stays out of the way of the others."""
    APART.add(function.__qualname__)
    return jit(function)


def _compile_once(dispatcher: Any) -> None:  # noqa: ANN401 - Numba has no types
    """Give all whole numbers one type, else each constant argument makes one more version."""
    find = dispatcher.get_call_template

    def find_plain(args: Any, kws: Any) -> Any:  # noqa: ANN401
        return find(tuple(_plain(each) for each in args), kws)

    dispatcher.get_call_template = find_plain


def _plain(kind: Any) -> Any:  # noqa: ANN401
    found = types.unliteral(kind)
    is_whole = found == types.boolean or found in types.signed_domain
    return types.int64 if is_whole else found


def entry(function: F, *, lean: bool) -> F:
    """Compile a function of a handle that Python calls, and keep the code for next time.

    Numba looks at a function's own file only. So the function must hold `fingerprint()` in a
    closure, and `lean` too: a change in any other file of the engine then makes a new entry in
    the cache.
    """
    if PLAIN:
        return function
    pipeline = LeanCompiler if lean else WholeCompiler
    return cast("F", compiled("int64(int64)", function, pipeline_class=pipeline))


def fingerprint() -> str:
    """A hash of everything that the machine code is made from.

    That is the layout of all tables, the code of all functions with the constants of modules
    that they name (Numba writes their values into the machine code), how this module compiles
    them, and the switches of Numba that change the code.
    """
    total = blake2b(digest_size=16)
    total.update(repr((config.OPT, config.BOUNDSCHECK)).encode())  # type: ignore[attr-defined]
    for kind in KINDS:
        total.update(f"{kind.name} {kind.dtype.descr} {kind.ndim}".encode())
    total.update(views.accessors(fixed=True).encode())
    for function in [
        *_BODIES,
        *_functions(globals()),
        *_functions(vars(views)),
        *_functions(vars(whole)),
        cast("FunctionType", compiled),
    ]:
        total.update(_told(function.__code__, function.__globals__).encode())
    return total.hexdigest()


def _functions(module: dict[str, Any]) -> list[FunctionType]:
    """The functions of a module, and those of its classes."""
    inside = [vars(each).values() for each in module.values() if isinstance(each, type)]
    every = [*module.values(), *(each for those in inside for each in those)]
    return [
        each
        for each in every
        if isinstance(each, FunctionType) and each.__module__ == module["__name__"]
    ]


def _told(body: CodeType, known: dict[str, Any]) -> str:
    """A function's code in words, with the values of the constants that it names."""
    inner = [_told(each, known) for each in body.co_consts if isinstance(each, CodeType)]
    plain = [each for each in body.co_consts if not isinstance(each, CodeType)]
    named = [_value(name, known) for name in body.co_names]
    return repr((body.co_name, body.co_code, body.co_names, plain, named, inner))


def _value(name: str, known: dict[str, Any]) -> str:
    """The value of a name if it is a constant of a module; constants of other modules too."""
    modules = [vars(each) for each in known.values() if isinstance(each, ModuleType)]
    found = [each[name] for each in (known, *modules) if name in each]
    return repr([each for each in found if isinstance(each, int | float | str | tuple)])


def table(name: str, dtype: Any = np.int64, ndim: int = 1) -> View:  # noqa: ANN401
    """Declare a table; the result finds it by the handle that every function is given."""
    kind = Kind(name, np.dtype(dtype), ndim)
    KINDS.append(kind)
    if PLAIN:
        return lambda w: getattr(w, name)
    return cast("View", views.view_of(*kind, position=len(KINDS) - 1))


def leave_open(known: Mapping[str, views.Known]) -> None:
    """Let fields of tables be constants in the code for lean plans (`entry`)."""
    for name, fields in known.items():
        kind = next(kind for kind in KINDS if kind.name == name)
        assert [each.dtype for each in KINDS].count(kind.dtype) == 1, name
        views.leave_open(name, kind.dtype, fields)


class Tables:
    """All tables of one replication, alive as long as this is.

    Parameters
    ----------
    arrays
        By the names of `KINDS`.
    """

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        self._address = np.zeros((len(KINDS), views.WORDS), np.int64)
        for kind in KINDS:
            self.put(kind.name, arrays[kind.name])

    def put(self, name: str, array: NDArray[Any]) -> None:
        """Put an array in place of a table, as when it has grown."""
        position = next(n for n, kind in enumerate(KINDS) if kind.name == name)
        kind = KINDS[position]
        if kind.dtype.names:
            kept: NDArray[Any] = np.ascontiguousarray(array, kind.dtype).view(np.recarray)
        else:
            kept = np.ascontiguousarray(array, kind.dtype)
        assert kept.ndim == kind.ndim, name
        setattr(self, name, kept)
        self._address[position, 0] = kept.ctypes.data
        self._address[position, 1 : 1 + kind.ndim] = kept.shape

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - only for what is missing
        raise AttributeError(name)

    @property
    def handle(self) -> Handle:
        """What compiled functions are given."""
        return self if PLAIN else self._address.ctypes.data
