"""How compiled functions read and write tables: bare pointers whose layout is known.

Numba's own arrays carry seven words each and let an index count from the end. The engine needs
neither, and they cost it much of its time, when it plays and when it is compiled. Here a table
is the address of its entry in the list of addresses (where it lies, and its shape) and a record
is the address of its first byte. Every load and store says which field it is about
(`_tagged`), so that LLVM knows that no other field is touched. With ``NUMBA_BOUNDSCHECK=1``
every index into a table is checked, and one below 0 is an error too; a `Row` does not know its
length, so that an index into it is not.

Some fields stay as they are in plans that use little (`lean`). Functions reach those by calls
that are left open (`leave_open`); whoever links the functions says whether the fields stand in
memory or are constants (`accessors`). So one intermediate code serves both, and LLVM drops what
constants rule out.

Two tables must never share memory of which one is written: LLVM relies on it.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils, config, imputils
from numba.core.datamodel import models
from numba.core.typing import templates
from numba.extending import intrinsic, register_model
from numba.np.numpy_support import from_dtype

Numbas = Any
"""What Numba and llvmlite give to those who extend them; it has no types of its own."""
F = TypeVar("F", bound=Callable[..., Any])

WORD = ir.IntType(64)
ADDRESS = ir.IntType(8).as_pointer()
LINE = 64
"""Bytes that processors move at a time."""
LINES_OF_ROW = 2
"""How much of a row of a table of two dimensions is asked for."""
WORDS = 3
"""Words of a table in the list of addresses: where it lies, and its shape."""

Known: TypeAlias = Mapping[str, int | range]
"""By field: the value that it keeps, or the values between which it stays."""


class Table(types.Type):
    """A table of one or two dimensions."""

    def __init__(self, name: str, dtype: np.dtype[Any], ndim: int) -> None:
        # Tables of records with one layout are of one type: functions on them are one.
        self.layout = str(dtype.descr) if dtype.names else name
        self.dtype = dtype
        self.ndim = ndim
        super().__init__(f"Table({self.layout}, {dtype.str}, {ndim})")


class Row(types.Type):
    """A row of whole numbers of a table of two dimensions."""

    def __init__(self, table: Table) -> None:
        self.layout = table.layout
        self.dtype = table.dtype
        super().__init__(f"Row({self.layout}, {self.dtype.str})")


class Record(types.Type):
    """One record of a table."""

    def __init__(self, table: Table) -> None:
        self.layout = table.layout
        self.dtype = table.dtype
        super().__init__(f"Record({self.layout})")


class _Open(NamedTuple):
    """A table with fields whose place is decided by whoever links."""

    name: str
    record: Record
    fields: Known


_open: dict[str, _Open] = {}


@register_model(Table)
@register_model(Row)
@register_model(Record)
class _Address(models.PrimitiveModel):
    """All three are an address."""

    def __init__(self, known: Numbas, kind: Numbas) -> None:
        super().__init__(known, kind, ADDRESS)  # type: ignore[no-untyped-call]


def view_of(name: str, dtype: np.dtype[Any], ndim: int, position: int) -> Numbas:
    """What finds a table for functions, by the address of the list of addresses."""
    kind = Table(name, dtype, ndim)

    @intrinsic
    def view(context: Numbas, w: Numbas) -> Numbas:  # noqa: ARG001 - asked for by Numba
        def generate(_: Numbas, builder: Numbas, __: Numbas, args: Numbas) -> Numbas:
            return _beyond(builder, builder.inttoptr(args[0], ADDRESS), 8 * WORDS * position)

        return kind(types.int64), generate

    return view


@intrinsic
def fetch(context: Numbas, table: Numbas, index: Numbas) -> Numbas:  # noqa: ARG001
    """Ask for the memory of a row that is needed soon, so that it is near by then.

    Nothing is read: any index may be asked for.
    """

    def generate(_: Numbas, builder: Numbas, __: Numbas, args: Numbas) -> None:
        _ask_for(builder, table, *args)

    return types.none(table, types.int64), generate


def _ask_for(builder: Numbas, kind: Table, table: Numbas, index: Numbas) -> None:
    size = ir.Constant(WORD, kind.dtype.itemsize)
    lines = -(-kind.dtype.itemsize // LINE)
    if kind.ndim == 2:
        size = builder.mul(size, _known(builder, table, 2))
        lines = LINES_OF_ROW
    base = builder.inttoptr(_known(builder, table, 0), ADDRESS)
    first = builder.gep(base, [builder.mul(index, size)])
    narrow = ir.IntType(32)
    shape = ir.FunctionType(ir.VoidType(), [ADDRESS, narrow, narrow, narrow])
    ask = cgutils.get_or_insert_function(builder.module, shape, "llvm.prefetch.p0")
    to_read, near, data = (ir.Constant(narrow, number) for number in (0, 3, 1))
    for line in range(lines):
        builder.call(ask, [_beyond(builder, first, LINE * line), to_read, near, data])


@templates.infer_global(operator.getitem)
class _Get(templates.AbstractTemplate):
    """What an index leads to."""

    def generic(self, args: Numbas, _: Numbas) -> Numbas:
        """A record or a whole number; a row, where a second index is missing."""
        found = _indexed(*args)
        if found is None:
            return None
        kind, index = found
        if isinstance(kind, Table) and kind.ndim == 2 and index == types.intp:
            return templates.signature(Row(kind), kind, index)
        return templates.signature(_element(kind), kind, index)


@templates.infer_global(operator.setitem)
class _Set(templates.AbstractTemplate):
    """What can be put where an index leads to."""

    def generic(self, args: Numbas, _: Numbas) -> Numbas:
        """A whole number."""
        found = _indexed(*args[:2])
        return found and templates.signature(types.none, *found, _element(found[0]))


@templates.infer_global(len)
class _Length(templates.AbstractTemplate):
    """How many rows a table has."""

    def generic(self, args: Numbas, _: Numbas) -> Numbas:
        """A whole number."""
        return templates.signature(types.intp, *args) if isinstance(args[0], Table) else None


@templates.infer_getattr
class _Shape(templates.AttributeTemplate):
    """The shape of a table."""

    key = Table

    def resolve_shape(self, kind: Table) -> Numbas:
        """Whole numbers."""
        return types.UniTuple(types.intp, kind.ndim)


@templates.infer_getattr
class _Field(templates.AttributeTemplate):
    """The fields of a record."""

    key = Record

    def generic_resolve(self, value: Record, attr: str) -> Numbas:  # type: ignore[override]
        """A whole number."""
        return _whole(value.dtype.fields[attr][0])  # type: ignore[index]


def _lowers(way: Callable[..., Any], *what: Numbas) -> Callable[[F], F]:
    """Tell Numba that a function makes the code of this."""
    return cast("Callable[[F], F]", way(*what))


@_lowers(imputils.lower_builtin, operator.getitem, Table, types.Any)
@_lowers(imputils.lower_builtin, operator.getitem, Row, types.Any)
def _get(context: Numbas, builder: Numbas, sig: Numbas, args: Numbas) -> Numbas:
    at = _place(context, builder, sig.args[0], args)
    if isinstance(sig.return_type, types.Integer):
        return _load_tagged(builder, at, sig.args[0])
    return at


@_lowers(imputils.lower_builtin, operator.setitem, Table, types.Any, types.Any)
def _set(context: Numbas, builder: Numbas, sig: Numbas, args: Numbas) -> None:
    at = _place(context, builder, sig.args[0], args)
    _store_tagged(builder, args[2], at, sig.args[0])


@_lowers(imputils.lower_builtin, len, Table)
def _length(_: Numbas, builder: Numbas, __: Numbas, args: Numbas) -> Numbas:
    return _known(builder, args[0], 1)


@_lowers(imputils.lower_getattr, Table, "shape")
def _shape(context: Numbas, builder: Numbas, kind: Table, table: Numbas) -> Numbas:
    sizes = [_known(builder, table, 1 + axis) for axis in range(kind.ndim)]
    return context.make_tuple(builder, types.UniTuple(types.intp, kind.ndim), sizes)


@_lowers(imputils.lower_getattr_generic, Record)
def _field(_: Numbas, builder: Numbas, kind: Record, record: Numbas, name: str) -> Numbas:
    if _is_open(kind, name):
        return builder.call(_reader(builder.module, kind, name), [record])
    return _load_field(builder, record, kind, name)


@_lowers(imputils.lower_setattr_generic, Record)
def _set_field(_: Numbas, builder: Numbas, sig: Numbas, args: Numbas, name: str) -> None:
    if _is_open(sig.args[0], name):
        builder.call(_writer(builder.module, sig.args[0], name), args)
    else:
        record, value = args
        _store_field(builder, record, value, sig.args[0], name)


def _load_field(builder: Numbas, record: Numbas, kind: Record, name: str) -> Numbas:
    return _load_tagged(builder, _beyond(builder, record, _offset(kind, name)), kind, name)


def _store_field(
    builder: Numbas, record: Numbas, value: Numbas, kind: Record, name: str
) -> None:
    at = _beyond(builder, record, _offset(kind, name))
    _store_tagged(builder, value, at, kind, name)


def leave_open(name: str, dtype: np.dtype[Any], fields: Known) -> None:
    """Let these fields of a table be constants where whoever links says so.

    Parameters
    ----------
    name, dtype
        The table, whose layout no other table may have.
    fields
        What they are then.
    """
    record = Record(Table(name, dtype, 1))
    _open[record.layout] = _Open(name, record, fields)


def accessors(*, fixed: bool) -> str:
    """The intermediate code of what is left open: for fields in memory, or for constants."""
    module = ir.Module("accessors")
    for _, kind, fields in _open.values():
        for field, value in fields.items():
            _define_reader(module, kind, field, value if fixed else None)
            _define_writer(module, kind, field, kept=not fixed or isinstance(value, range))
    return str(module)


def _define_reader(module: Numbas, kind: Record, name: str, value: int | range | None) -> None:
    function = _reader(module, kind, name)
    builder = _begin(function)
    if isinstance(value, int):
        builder.ret(ir.Constant(WORD, value))
        return
    found = _load_field(builder, function.args[0], kind, name)
    if isinstance(value, range):
        _assume(builder, builder.icmp_signed(">=", found, ir.Constant(WORD, value.start)))
        _assume(builder, builder.icmp_signed("<", found, ir.Constant(WORD, value.stop)))
    builder.ret(found)


def _assume(builder: Numbas, true: Numbas) -> None:
    """Tell LLVM what holds."""
    shape = ir.FunctionType(ir.VoidType(), [ir.IntType(1)])
    builder.call(cgutils.get_or_insert_function(builder.module, shape, "llvm.assume"), [true])


def _define_writer(module: Numbas, kind: Record, name: str, *, kept: bool) -> None:
    function = _writer(module, kind, name)
    builder = _begin(function)
    if kept:
        record, value = function.args
        _store_field(builder, record, value, kind, name)
    builder.ret_void()


def _begin(function: Numbas) -> Numbas:
    function.attributes.add("alwaysinline")
    function.attributes.add("nounwind")
    return ir.IRBuilder(function.append_basic_block())


def _is_open(kind: Record, name: str) -> bool:
    return kind.layout in _open and name in _open[kind.layout].fields


def _reader(module: Numbas, kind: Record, name: str) -> Numbas:
    shape = ir.FunctionType(WORD, [ADDRESS])
    called = f"get.{_open[kind.layout].name}.{name}"
    return cgutils.get_or_insert_function(module, shape, called)


def _writer(module: Numbas, kind: Record, name: str) -> Numbas:
    shape = ir.FunctionType(ir.VoidType(), [ADDRESS, WORD])
    called = f"set.{_open[kind.layout].name}.{name}"
    return cgutils.get_or_insert_function(module, shape, called)


def _indexed(kind: Numbas, index: Numbas) -> Numbas:
    """A table or row with the type that its index is made to; nothing if it is neither."""
    if not isinstance(kind, Table | Row):
        return None
    if isinstance(index, types.BaseTuple):
        return kind, types.UniTuple(types.intp, len(index))
    return kind, types.intp


def _element(kind: Numbas) -> Numbas:
    """The type of what a table holds."""
    return Record(kind) if kind.dtype.names else _whole(kind.dtype)


def _whole(dtype: np.dtype[Any]) -> Numbas:
    """The type of a whole number in functions, where narrow ones are wide too."""
    return types.int64 if dtype.kind == "i" else from_dtype(dtype)


def _offset(kind: Record, name: str) -> int:
    return kind.dtype.fields[name][1]  # type: ignore[index]


def _place(context: Numbas, builder: Numbas, kind: Numbas, args: Numbas) -> Numbas:
    """The address of an element or of a row."""
    table, index = args[:2]
    if isinstance(kind, Row):
        return _element_at(builder, table, index, kind.dtype.itemsize)
    if kind.ndim == 1:
        _check(context, builder, index, _known(builder, table, 1))
    else:
        width = _known(builder, table, 2)
        whole_row = index.type == WORD
        row, column = (
            (index, ir.Constant(WORD, 0))
            if whole_row
            else (builder.extract_value(index, axis) for axis in range(2))
        )
        _check(context, builder, row, _known(builder, table, 1))
        _check(context, builder, column, width)
        index = builder.add(builder.mul(row, width), column)
    base = builder.inttoptr(_known(builder, table, 0), ADDRESS)
    return _element_at(builder, base, index, kind.dtype.itemsize)


def _check(context: Numbas, builder: Numbas, index: Numbas, size: Numbas) -> None:
    """With checks of bounds: an error unless 0 <= index < size."""
    if config.BOUNDSCHECK:  # type: ignore[attr-defined]
        outside = builder.icmp_unsigned(">=", index, size)
        with cgutils.if_unlikely(builder, outside):
            message = "index is out of the bounds of a table"
            context.call_conv.return_user_exc(builder, IndexError, (message,))


def _element_at(builder: Numbas, base: Numbas, index: Numbas, size: int) -> Numbas:
    return builder.gep(base, [builder.mul(index, ir.Constant(WORD, size))])


def _beyond(builder: Numbas, address: Numbas, offset: int) -> Numbas:
    return builder.gep(address, [ir.Constant(WORD, offset)])


def _load_tagged(builder: Numbas, at: Numbas, kind: Numbas, field: str = "") -> Numbas:
    """Load a whole number, made wide."""
    stands = _stands(kind, field)
    found = builder.load(builder.bitcast(at, stands.as_pointer()))
    _tagged(builder, found, kind, field)
    return found if stands == WORD else builder.sext(found, WORD)


def _store_tagged(
    builder: Numbas, value: Numbas, at: Numbas, kind: Numbas, field: str = ""
) -> None:
    """Store a whole number as narrow as it stands there."""
    stands = _stands(kind, field)
    if stands != WORD:
        value = builder.trunc(value, stands)
    stored = builder.store(value, builder.bitcast(at, stands.as_pointer()))
    _tagged(builder, stored, kind, field)


def _stands(kind: Numbas, field: str) -> Numbas:
    """How a whole number stands in memory."""
    dtype = kind.dtype.fields[field][0] if field else kind.dtype
    return ir.IntType(8 * dtype.itemsize)


def _known(builder: Numbas, table: Numbas, word: int) -> Numbas:
    """A word of a table's entry, which stays as it is while functions run."""
    at = _beyond(builder, table, 8 * word)
    found = builder.load(builder.bitcast(at, WORD.as_pointer()))
    found.set_metadata("invariant.load", builder.module.add_metadata([]))
    return found


def _tagged(builder: Numbas, access: Numbas, kind: Numbas, field: str = "") -> Numbas:
    """Say which field a load or store is about."""
    module, zero = builder.module, ir.Constant(WORD, 0)
    root = module.add_metadata([ir.MetaDataString(module, "tables")])
    name = ir.MetaDataString(module, f"{kind.layout} {field}")
    scalar = module.add_metadata([name, root, zero])
    access.set_metadata("tbaa", module.add_metadata([scalar, scalar, zero]))
    return access
