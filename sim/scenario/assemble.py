"""One tree out of files that extend one another and of overrides.

Mappings merge key by key, lists are replaced whole, ``null`` takes an inherited entry away, and
a value with an origin (``{assumed: …}``) or a member of another kind replaces what was there.
Every node keeps the position in the file that it came from.
"""

import re
from pathlib import Path as FilePath
from typing import Final, NamedTuple

from sim.errors import Problem, ScenarioError
from sim.scenario.aliases import ORIGINS, translate
from sim.scenario.document import compose, near_file, read_document
from sim.scenario.nodes import (
    MAX_DEPTH,
    Entry,
    Items,
    Leaf,
    Mark,
    Node,
    Path,
    Source,
    Table,
    child,
)
from sim.scenario.problems import make
from sim.scenario.shape import Slot, inner, keys_at, rivals, says_another_kind
from sim.scenario.tables import TABLE, read_table, table_of

EXTENDS: Final = "extends"
_MOST_FILES: Final = 10
_STEP = re.compile(r"([^.\[\]]+)|\[(\d{1,6})\]")
_SET_PATH = re.compile(r"[^.\[\]]+(?:\[\d{1,6}\])*(?:\.[^.\[\]]+(?:\[\d{1,6}\])*)*")


class Assembled(NamedTuple):
    """The merged tree, the files it came from (base last) and the problems met on the way."""

    root: Node
    files: tuple[str, ...]
    problems: list[Problem]


def assemble(path: str | FilePath, overrides: tuple[str, ...], slot: Slot) -> Assembled:
    """Read a file, what it extends, and the overrides into one tree.

    Parameters
    ----------
    path
        The scenario file.
    overrides
        Texts such as ``pools.grid_workers.staffing[0].per=350``, applied in order.
    slot
        The root model.
    """
    problems: list[Problem] = []
    files: list[str] = []
    root = _inherit(FilePath(path), slot, files, problems)
    for text in overrides:
        root = _with_table(
            _override(root, text, slot, problems), FilePath(path), slot, problems
        )
    return Assembled(root, tuple(files), problems)


def _inherit(path: FilePath, slot: Slot, files: list[str], problems: list[Problem]) -> Node:
    node, found = read_document(path)
    files.append(str(path))
    problems.extend(found)
    node = read_table(translate(node, slot, problems), path.parent, problems)
    entry = node.entries.get(EXTENDS) if isinstance(node, Table) else None
    if entry is None or not isinstance(node, Table):
        return node
    rest = {key: value for key, value in node.entries.items() if key != EXTENDS}
    own = Table(rest, node.mark)
    base_path = _base_of(path, entry.node, files, problems)
    return merge(_inherit(base_path, slot, files, problems), own, slot)


def _with_table(root: Node, path: FilePath, slot: Slot, problems: list[Problem]) -> Node:
    """The tree with a table that an override names laid upon the places there were."""
    named = table_of(root)
    places = child(root, "places")
    if named is None or not isinstance(root, Table) or not isinstance(places, Table):
        return root
    rest = {key: entry for key, entry in places.entries.items() if key != TABLE}
    entry = root.entries["places"]
    under = Table(
        {**root.entries, "places": Entry(entry.key, Table(rest, places.mark))}, root.mark
    )
    alone = Table({TABLE: places.entries[TABLE]}, places.mark)
    over = read_table(
        Table({"places": Entry(entry.key, alone)}, root.mark), path.parent, problems
    )
    return merge(under, over, slot)


def _base_of(path: FilePath, node: Node, files: list[str], problems: list[Problem]) -> FilePath:
    if not isinstance(node, Leaf) or not isinstance(node.value, str) or not node.value:
        problems.append(make("extends_not_text", node.mark, (EXTENDS,)))
        # Without its base nearly every field would be reported missing: stop at the cause.
        raise ScenarioError(problems)
    base = path.parent / node.value
    try:
        same = [str(f) for f in files if FilePath(f).resolve() == base.resolve()]
        exists = base.is_file()
    except (OSError, ValueError):
        same, exists = [], False
    if same:
        chain = " -> ".join([*files[files.index(same[0]) :], same[0]])
        problems.append(make("extends_cycle", node.mark, (EXTENDS,), chain=chain))
    elif not exists:
        near = near_file(base)
        problems.append(
            make("extends_missing", node.mark, (EXTENDS,), file=node.value, suggestion=near)
        )
    elif len(files) >= _MOST_FILES:
        problems.append(make("extends_chain", node.mark, (EXTENDS,), limit=_MOST_FILES))
    else:
        return base
    raise ScenarioError(problems)


def merge(base: Node, over: Node, slot: Slot) -> Node:
    """`over` laid upon `base`."""
    if not isinstance(base, Table) or not isinstance(over, Table):
        return over
    if _has_origin(base, slot) or _has_origin(over, slot):
        return over
    if says_another_kind(slot, base, over):
        return over
    given = [key for key, entry in over.entries.items() if _says_something(entry.node)]
    away = rivals(slot, base, given)
    entries = {key: entry for key, entry in base.entries.items() if key not in away}
    for key, entry in over.entries.items():
        old = entries.get(key)
        if key in away and _is_null(entry.node):
            continue
        if old is None:
            entries[key] = entry
        elif _is_null(entry.node):
            del entries[key]
        else:
            below = inner(slot, base, key)
            entries[key] = Entry(entry.key, merge(old.node, entry.node, below))
    return Table(entries, over.mark)


def _is_null(node: Node) -> bool:
    return isinstance(node, Leaf) and node.value is None


def _says_something(node: Node) -> bool:
    if isinstance(node, Table):
        return bool(node.entries)
    return bool(node.nodes) if isinstance(node, Items) else node.value is not None


def _has_origin(node: Table, slot: Slot) -> bool:
    named = [origin for origin in ORIGINS if origin in node.entries]
    # A target has a field `reported` of its own.
    return bool(named) and not any(key in keys_at(slot, None) for key in named)


def parse_path(text: str) -> Path:
    """A dotted path such as ``pools.grid_workers.staffing[0].per``; empty if it is none."""
    if not _SET_PATH.fullmatch(text):
        return ()
    return tuple(
        int(found[2]) if found[2] is not None else found[1].strip()
        for found in _STEP.finditer(text)
    )


def _override(root: Node, text: str, slot: Slot, problems: list[Problem]) -> Node:
    source = Source(f"--set {text}", (text,))
    target, equals, value = text.partition("=")
    mark = Mark(source, 1, 1, max(len(target), 1))
    steps = parse_path(target.strip()) if equals else ()
    if not steps:
        problems.append(make("set_form", mark))
        return root
    if len(steps) > MAX_DEPTH // 2:
        problems.append(make("too_deep", mark, limit=MAX_DEPTH // 2))
        return root
    try:
        node, found_problems = compose(value, source, shift=len(target) + 1)
    except ScenarioError as error:
        problems.extend(error.problems)
        return root
    problems.extend(found_problems)
    new = node if node is not None else Leaf(None, Mark(source, 1, len(text) + 1))
    return _place(root, steps, _Override(new, mark, slot, problems), ())


class _Override(NamedTuple):
    node: Node
    mark: Mark
    slot: Slot
    problems: list[Problem]


def _place(old: Node | None, steps: Path, new: _Override, done: Path) -> Node:
    """Put the value of an override at the end of `steps`, keeping everything beside it."""
    if not steps:
        return translate(new.node, new.slot, new.problems)
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        return _place_item(old, steps, new, done)
    table = old if isinstance(old, Table) else Table({}, new.mark)
    if _has_origin(table, new.slot):
        table = Table({}, new.mark)
    single = translate(
        Table({step: Entry(new.mark, table)}, new.mark), new.slot, [], deep=False
    )
    key = next(iter(single.entries)) if isinstance(single, Table) else step
    below = new._replace(slot=inner(new.slot, table, key))
    entry = table.entries.get(key)
    chooses = bool(rest) or _says_something(new.node)
    away = rivals(new.slot, table, [key]) if chooses else set()
    entries = {name: kept for name, kept in table.entries.items() if name not in away}
    removes = not rest and _is_null(new.node)
    if removes and entry is not None:
        del entries[key]
    else:
        node = _place(entry.node if entry else None, rest, below, (*done, key))
        entries[key] = Entry(new.mark, node)
    return Table(entries, table.mark)


def _place_item(old: Node | None, steps: Path, new: _Override, done: Path) -> Node:
    step, rest = int(steps[0]), steps[1:]
    count = len(old.nodes) if isinstance(old, Items) else 0
    if not isinstance(old, Items) or step >= count:
        new.problems.append(make("set_index", new.mark, done, index=step, count=count))
        return old if old is not None else Leaf(None, new.mark)
    below = new._replace(slot=inner(new.slot, old, step))
    item = _place(child(old, step), rest, below, (*done, step))
    return Items((*old.nodes[:step], item, *old.nodes[step + 1 :]), old.mark)
