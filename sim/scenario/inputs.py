"""A scenario as a list of inputs, one a row, as planners edit it in a spreadsheet.

Each row is one setting with its path: a value, where it comes from, its range and its reason.
The rows hold the whole scenario, so that `sim.scenario.from_inputs` makes a scenario of them.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from sim.errors import Language, Problem
from sim.model.system import System
from sim.scenario.aliases import ORIGIN_ALIASES, ORIGINS
from sim.scenario.descriptions import ABOUT_ZH
from sim.scenario.document import compose, dump_inline
from sim.scenario.nodes import Items, Leaf, Mark, Node, Path, Source, Table, plain, show
from sim.scenario.reader import Reading
from sim.scenario.resolve import provenance_of, resolved
from sim.scenario.scalars import resolve
from sim.scenario.shape import fields_of, models_at, slot_at

Cell = str | int | float | bool | None
"""What a cell of a spreadsheet holds."""

ASSUMED: Final = ("assumed", "calibrated")
"""Origins whose value, range and reason stand in cells of their own."""
CITED: Final = ("reported", "derived")
"""Origins whose value is worked out from the facts; their source is written as in YAML."""
_RANGED: Final = {"range", "because"}


class Input(NamedTuple):
    """One setting."""

    path: str
    """As ``--set`` takes it."""
    value: Cell
    origin: str
    """``assumed``, ``reported`` and so on; ``default`` where nobody wrote it, or empty."""
    low: Cell
    high: Cell
    source: str
    """Why, or for a reported or derived value what it is made of, as in YAML."""


class CellPlace(NamedTuple):
    """Where a cell is."""

    file: str
    cell: str
    """Sheet and cell, such as ``Inputs!C7``."""
    row: int
    column: int
    """Both from 1."""

    def of(self, problem: Problem) -> Problem:
        """A mistake as one of this cell."""
        return replace(
            problem,
            file=self.file,
            cell=self.cell,
            line=self.row,
            column=self.column,
            frame="",
        )


def inputs_of(reading: Reading[System]) -> list[Input]:
    """All settings of a scenario, in the order of the model."""
    text = resolved(reading)
    root, _ = compose(text, Source("resolved", tuple(text.split("\n"))))
    known = provenance_of(reading)
    if not isinstance(root, Table):
        return []
    found = []
    for path, node in _rows(root, (), set(reading.provenance)):
        name = show(path)
        origin = known.get(name)
        if isinstance(node, Table) and origin is not None and name in reading.provenance:
            found.append(_with_origin(name, node, origin.value))
        else:
            kind = DEFAULT if origin is not None and origin.kind == "unstated" else ""
            found.append(Input(name, _as_cell(node), kind, None, None, ""))
    return found


def _rows(node: Node, path: Path, known: set[str]) -> Iterator[tuple[Path, Node]]:
    """The smallest parts that stand in a row of their own."""
    if isinstance(node, Table) and node.entries and not _is_origin(node, path, known):
        if not any(set(key) & set(".[]") for key in node.entries):
            for key, entry in node.entries.items():
                yield from _rows(entry.node, (*path, key), known)
            return
    elif isinstance(node, Items) and any(isinstance(item, Table) for item in node.nodes):
        for index, item in enumerate(node.nodes):
            yield from _rows(item, (*path, index), known)
        return
    yield path, node


def _is_origin(node: Table, path: Path, known: set[str]) -> bool:
    return show(path) in known and any(key in ORIGINS for key in node.entries)


def _with_origin(name: str, node: Table, value: str) -> Input:
    said = plain(node)
    kind = next(key for key in said if key in ORIGINS)
    if kind in ASSUMED and set(said) <= {kind, *_RANGED} and _is_pair(said.get("range")):
        low, high = said.get("range") or (None, None)
        own = said[kind]
        if not isinstance(own, dict | list):
            return Input(name, own, kind, low, high, str(said.get("because") or ""))
    source = dump_inline(said)[1:-1]
    known = resolve(value)
    return Input(name, known if known is not None else value, kind, None, None, source)


def _is_pair(value: object) -> bool:
    return value is None or (isinstance(value, list) and len(value) == 2)


def _as_cell(node: Node) -> Cell:
    if isinstance(node, Leaf):
        return text_of(node.value)
    return dump_inline(plain(node))


def text_of(value: Cell) -> Cell:
    """A value as a cell: text that would be read as something else is quoted."""
    if isinstance(value, str) and (resolve(value) != value or value[:1] in _YAML):
        return dump_inline(value) if dump_inline(value) != value else f"'{value}'"
    return value


_YAML: Final = ("[", "{", '"', "'")
"""A cell that begins with one of these is read as YAML; all other text is what it says."""


DEFAULT: Final = "default"
_ORIGIN_ZH: Final = {
    **{key: word for word, key in ORIGIN_ALIASES.items() if key in ORIGINS},
    DEFAULT: "默认",
}


def origin_word(kind: str, lang: Language) -> str:
    """What an origin is called in a cell."""
    return _ORIGIN_ZH.get(kind, kind) if lang == "zh" else kind


def origin_of(word: str) -> str:
    """The origin that a cell names, in either language; the word itself if it is none."""
    said = word.strip()
    return next((key for key, zh in _ORIGIN_ZH.items() if zh == said), said.lower())


def about(path: Path, placed: Node, lang: Language) -> str:
    """What a setting means: the model's own words, or those of the nearest thing above it."""
    for end in range(len(path), 0, -1):
        *above, key = path[:end]
        slot = slot_at((System,), placed, tuple(above))
        for model in models_at(slot, None):
            info = fields_of(model).get(str(key))
            if info is None:
                continue
            said = (info.description or "").partition("\n\n")[0].replace("\n", " ")
            if lang == "zh":
                said = ABOUT_ZH.get(model.__name__, {}).get(str(key), "")
            if said:
                return said
    return ""


def section_note(key: str, lang: Language) -> str:
    """What a part of a scenario is, as a comment above it."""
    nowhere = Mark(Source("", ()), 0, 0)
    return about((key,), Leaf(None, nowhere), lang)
