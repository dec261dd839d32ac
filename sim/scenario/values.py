"""Values that say where they come from, replaced by the plain value before validation.

``{reported: ID}``, ``{derived: FORMULA}``, ``{assumed: V, range: [a, b], because: …}`` and
``{calibrated: V, …}`` may stand wherever a plain value may. A fact knows only a number; where
the field wants a quantity, ``unit:`` beside it says which.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final, NamedTuple

from sim.errors import Problem
from sim.model.evidence import Evidence, Number, Provenance, formula_ids
from sim.model.formula import ProvenanceError
from sim.scenario.aliases import ORIGINS
from sim.scenario.nodes import Entry, Items, Leaf, Mark, Node, Path, Scalar, Table, plain, show
from sim.scenario.problems import make, place, quoted
from sim.scenario.shape import Slot, inner, keys_at, table_values
from sim.units import comparable

_WANTED: Final[dict[str, tuple[str, str]]] = {
    "reported": ("the id of a fact, such as bijiang.grids", "事实编号，如 bijiang.grids"),
    "derived": ("a formula over fact ids, in quotes", "引号中的公式"),
    "because": ("a reason in words", "文字说明"),
    "unit": ("a unit such as CNY/month", "单位，如 元/月"),
}


class Valued(NamedTuple):
    """The tree with plain values, and where each number came from, by dotted path."""

    root: Node
    provenance: dict[str, Provenance]


def place_values(
    root: Node, slot: Slot, evidence: Callable[[], Evidence], problems: list[Problem]
) -> Valued:
    """Replace every value with an origin by its plain value.

    Parameters
    ----------
    root, slot
        The assembled tree and the root model.
    evidence
        Gives the catalogue; called only where a fact is named.
    problems
        Receives what is wrong.
    """
    visitor = _Visitor(evidence, problems)
    return Valued(visitor.visit(root, slot, ()), visitor.provenance)


class _Origin(NamedTuple):
    """A value with an origin: which, its own node, and all its entries."""

    kind: str
    node: Node
    table: Table
    path: Path

    def text(self, key: str) -> str | None:
        found = self.table.entries.get(key)
        value = found.node.value if found and isinstance(found.node, Leaf) else None
        return value if isinstance(value, str) else None


class _Visitor:
    def __init__(self, evidence: Callable[[], Evidence], problems: list[Problem]) -> None:
        self.evidence = evidence
        self.problems = problems
        self.provenance: dict[str, Provenance] = {}

    def visit(self, node: Node, slot: Slot, path: Path) -> Node:
        if isinstance(node, Items):
            below = inner(slot, node, 0)
            items = [self.visit(item, below, (*path, i)) for i, item in enumerate(node.nodes)]
            return Items(tuple(items), node.mark)
        if isinstance(node, Table):
            if _says_origin(node, slot):
                return self._origin(node, path)
            return Table(
                {
                    key: Entry(
                        entry.key, self.visit(entry.node, inner(slot, node, key), (*path, key))
                    )
                    for key, entry in node.entries.items()
                },
                node.mark,
            )
        if comparable(node.value) is not None:
            self.provenance[show(path)] = Provenance(kind="plain", value=str(node.value))
        return node

    def _origin(self, node: Table, path: Path) -> Node:
        kinds = [key for key in node.entries if key in ORIGINS]
        kind = kinds[0]
        if len(kinds) > 1:
            second = node.entries[kinds[1]]
            self.problems.append(
                make("origin_two", second.key, path, first=kind, second=kinds[1])
            )
        self._check_keys(node, kind, kinds, path)
        origin = _Origin(kind, node.entries[kind].node, node, path)
        if kind in ("reported", "derived"):
            return self._from_facts(origin)
        return self._given(origin)

    def _check_keys(self, node: Table, kind: str, kinds: list[str], path: Path) -> None:
        allowed = ORIGINS[kind]
        for key, entry in node.entries.items():
            if key not in allowed and key not in kinds:
                self.problems.append(
                    make(
                        "origin_key",
                        entry.key,
                        path,
                        key=key,
                        origin=kind,
                        allowed=", ".join((kind, *allowed)),
                        suggestion=_near(key, allowed),
                    )
                )
            elif key in _WANTED and not _is_text(entry.node):
                self._wrong_text(key, entry.node, path)

    def _wrong_text(self, key: str, node: Node, path: Path) -> None:
        wanted, wanted_zh = _WANTED[key]
        self.problems.append(
            make(
                "origin_text",
                node.mark,
                path,
                origin=key,
                wanted=wanted,
                wanted_zh=wanted_zh,
                got=quoted(plain(node)),
            )
        )

    def _given(self, origin: _Origin) -> Node:
        node = origin.node
        spread = origin.table.entries.get("range")
        ends = self._range(origin, spread.node) if spread else None
        if origin.kind == "assumed":
            measured = isinstance(node, Leaf) and comparable(node.value) is not None
            if measured and spread is None:
                self.problems.append(make("range_missing", origin.table.mark, origin.path))
            if "because" not in origin.table.entries:
                self.problems.append(make("because_missing", origin.table.mark, origin.path))
        self._record(origin, quoted_plain(node), ends=ends)
        return node

    def _range(self, origin: _Origin, node: Node) -> tuple[str, str] | None:
        value = comparable(origin.node.value) if isinstance(origin.node, Leaf) else None
        ends = (
            [item.value for item in node.nodes if isinstance(item, Leaf)]
            if isinstance(node, Items)
            else []
        )
        sizes = [comparable(end) for end in ends]
        low, high = (*sizes, None, None)[:2]
        if len(ends) != 2 or low is None or high is None or value is None:
            self.problems.append(make("range_form", node.mark, origin.path))
            return None
        if not low[0] == high[0] == value[0] or low[1] > high[1]:
            self.problems.append(make("range_form", node.mark, origin.path))
            return None
        texts = (str(ends[0]), str(ends[1]))
        if not low[1] <= value[1] <= high[1]:
            shown = quoted_plain(origin.node)
            self.problems.append(
                make(
                    "range_outside",
                    origin.node.mark,
                    origin.path,
                    value=shown,
                    low=texts[0],
                    high=texts[1],
                )
            )
        return texts

    def _from_facts(self, origin: _Origin) -> Node:
        mark = origin.node.mark
        said = origin.node.value if isinstance(origin.node, Leaf) else None
        if not isinstance(said, str):
            return Leaf(None, mark)
        use = origin.table.entries.get("use")
        used = plain(use.node) if use else None
        try:
            facts = formula_ids(said) if origin.kind == "derived" else (said,)
            number = self._number(origin.kind, said, used)
        except ProvenanceError as error:
            at_use = use is not None and error.problem.code.startswith("use-")
            where = use.node.mark if use and at_use else _within(mark, error.problem.column)
            self.problems.append(place(error.problem, where, origin.path))
            return Leaf(_UNKNOWN, mark)
        value = _value(number, origin.text("unit"))
        formula = said if origin.kind == "derived" else None
        self._record(origin, str(value), facts=facts, formula=formula)
        return Leaf(value, mark)

    def _number(self, kind: str, said: str, used: object) -> Fraction:
        if kind == "derived":
            taken = used if isinstance(used, Mapping) else None
            return self.evidence().derive(said, taken)
        return self.evidence().reported(said, _as_number(used))

    def _record(
        self,
        origin: _Origin,
        value: str,
        *,
        facts: tuple[str, ...] = (),
        formula: str | None = None,
        ends: tuple[str, str] | None = None,
    ) -> None:
        self.provenance[show(origin.path)] = Provenance(
            kind=origin.kind,  # type: ignore[arg-type]
            value=value,
            facts=facts,
            formula=formula,
            range=ends,
            because=origin.text("because"),
        )


_UNKNOWN: Final = "\ufffdunknown"
"""Stands for a value that could not be found, so that validation keeps quiet about it."""


def is_unknown(value: object) -> bool:
    """Whether a value is the stand-in for one whose origin was wrong."""
    return value == _UNKNOWN


def _says_origin(node: Table, slot: Slot) -> bool:
    named = [key for key in node.entries if key in ORIGINS]
    if not named or any(key in keys_at(slot, None) for key in named):
        return False
    # A table with free names may hold a pool called 'reported'; its values are tables then.
    return not table_values(slot) or isinstance(node.entries[named[0]].node, Leaf)


def _near(key: str, allowed: tuple[str, ...]) -> str:
    import difflib

    return next(iter(difflib.get_close_matches(key, allowed, n=1)), "")


def _is_text(node: Node) -> bool:
    return isinstance(node, Leaf) and isinstance(node.value, str) and bool(node.value)


def _as_number(used: object) -> Number | None:
    if used is None or isinstance(used, int | float | str):
        return used
    return str(used)


def quoted_plain(node: Node) -> str:
    """A node's value as text for a record."""
    return str(plain(node))


def _value(number: Fraction, unit: str | None) -> Scalar:
    if unit:
        whole = number.denominator == 1
        text = str(number.numerator) if whole else f"{number.numerator}/{number.denominator}"
        return f"{text} {unit}"
    return int(number) if number.denominator == 1 else float(number)


def _within(mark: Mark, column: int) -> Mark:
    """The place of a column inside a formula; quotes stand before it."""
    if not column:
        return mark
    lines = mark.source.lines
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    quote = line[mark.column - 1 : mark.column] in ("'", '"')
    return replace(mark, column=mark.column + column - 1 + quote, width=1)
