"""The fully written-out scenario: every default shown, every number with where it comes from.

The text reads back as the same system, so that it can stand beside results as their record. A
value with an origin keeps it; a comment gives what a fact or a formula came to, and marks
what was not written at all.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from sim.model.evidence import Provenance
from sim.scenario.aliases import ORIGINS
from sim.scenario.document import dump_inline
from sim.scenario.nodes import Node, Path, Table, child, find, plain, show
from sim.scenario.reader import Reading
from sim.units import comparable

_WIDTH = 96
_EXPERIMENT = "experiment"


def written_out(model: BaseModel) -> dict[str, Any]:
    """A model as the plain tree of a scenario: quantities as text, absent options left out."""
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


def resolved(reading: Reading[Any]) -> str:
    """The scenario as YAML with nothing left unsaid, as ``gridgov resolve`` prints it."""
    head = [f"# {name}" for name in ("from " + ", extends ".join(reading.files),)]
    head += [f"# --set {override}" for override in reading.overrides]
    return "\n".join([*head, *_block(written_out(reading.model), reading, (), 0)]) + "\n"


def provenance_of(reading: Reading[Any]) -> dict[str, Provenance]:
    """Where every number of the system comes from, defaults included, by dotted path."""
    found = dict(reading.provenance)
    for path, value in _leaves(written_out(reading.model), ()):
        if path[0] == _EXPERIMENT:
            continue  # what is tried says nothing of the system
        if comparable(value) is not None and not _is_stated(reading.placed, path):
            found[show(path)] = Provenance(kind="unstated", value=str(value))
    return found


def settings(reading: Reading[Any]) -> Iterator[tuple[str, str]]:
    """Every value with its path as ``--set`` takes it, in the order of the model."""
    for path, value in _leaves(written_out(reading.model), ()):
        yield show(path), dump_inline(value)


def paths_of(model: BaseModel) -> list[str]:
    """The paths of `settings`, without those of the experiment itself."""
    leaves = _leaves(written_out(model), ())
    return [show(path) for path, _ in leaves if path[0] != _EXPERIMENT]


def _leaves(tree: object, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(tree, dict) and tree:
        for key, value in tree.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(tree, list) and tree:
        for index, value in enumerate(tree):
            yield from _leaves(value, (*path, index))
    else:
        yield path, tree


def _is_stated(root: Node, path: Path) -> bool:
    """Whether the files say this value, perhaps in a short form higher up."""
    node = root
    for step in path:
        if not isinstance(node, Table) and child(node, step) is None:
            return True
        below = child(node, step)
        if below is None:
            return False
        node = below
    return True


def _origin(reading: Reading[Any], path: Path) -> str | None:
    node = find(reading.written, path)
    if not isinstance(node, Table) or show(path) not in reading.provenance:
        return None
    if not any(key in ORIGINS for key in node.entries):
        return None
    known = reading.provenance[show(path)]
    note = f"  # = {known.value}" if known.kind in ("reported", "derived") else ""
    return dump_inline(plain(node)) + note


def _block(tree: dict[str, Any], reading: Reading[Any], path: Path, depth: int) -> list[str]:
    lines: list[str] = []
    for key, value in tree.items():
        # An empty table that nobody wrote says nothing.
        if value in ({}, []) and not _is_stated(reading.placed, (*path, key)):
            continue
        lines.extend(_entry(f"{'  ' * depth}{dump_inline(key)}:", value, reading, (*path, key)))
    return lines


def _entry(head: str, value: object, reading: Reading[Any], path: Path) -> list[str]:
    depth = (len(head) - len(head.lstrip())) // 2 + 1
    origin = _origin(reading, path)
    if origin is not None:
        return [f"{head} {origin}"]
    if isinstance(value, dict) and value:
        inside = _inline(value, reading, path)
        if inside is not None and len(head) + len(inside) < _WIDTH:
            return [f"{head} {inside}"]
        below = _block(value, reading, path, depth)
        return [head, *below] if below else [f"{head} {{}}"]
    if isinstance(value, list) and _needs_lines(value, reading, path):
        return [head, *_items(value, reading, path, depth)]
    note = "" if _is_stated(reading.placed, path) else "  # default"
    return [f"{head} {dump_inline(value)}{note}"]


def _needs_lines(items: list[Any], reading: Reading[Any], path: Path) -> bool:
    """Whether the items of a list stand one to a line: mappings, and values with an origin."""
    return any(
        isinstance(item, dict) or _origin(reading, (*path, index)) is not None
        for index, item in enumerate(items)
    )


def _items(items: list[Any], reading: Reading[Any], path: Path, depth: int) -> list[str]:
    lines: list[str] = []
    for index, item in enumerate(items):
        here = (*path, index)
        origin = _origin(reading, here)
        if origin is not None or not isinstance(item, dict) or not item:
            lines.append(f"{'  ' * depth}- {origin or dump_inline(item)}")
            continue
        inside = _in_a_row(item, reading, here)
        if inside is not None:
            lines.append(f"{'  ' * depth}- {inside}")
            continue
        first, *rest = _block(item, reading, here, depth + 1) or ["{}"]
        lines.extend([f"{'  ' * depth}- {first.lstrip()}", *rest])
    return lines


def _in_a_row(tree: dict[str, Any], reading: Reading[Any], path: Path) -> str | None:
    """An item of plain values in one line, as a table of places has them by the hundred."""
    below = [(step, (*path, step)) for step in tree]
    if any(isinstance(tree[step], dict | list) for step in tree):
        return None
    if any(_origin(reading, here) is not None for _, here in below):
        return None
    text = dump_inline(tree)
    if 2 * len(path) + len(text) > _WIDTH:
        return None
    defaults = [step for step, here in below if not _is_stated(reading.placed, here)]
    return text + (f"  # default: {', '.join(defaults)}" if defaults else "")


def _inline(tree: dict[str, Any], reading: Reading[Any], path: Path) -> str | None:
    """A small mapping in one line, unless something in it needs a comment."""
    for below, value in _leaves(tree, path):
        if value in ({}, []) or not _is_stated(reading.placed, below):
            return None
    inside = f"{show(path)}."
    for name, origin in reading.provenance.items():
        if origin.kind != "plain" and name.startswith(inside):
            return None
    return dump_inline(tree)
