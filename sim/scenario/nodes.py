"""A document as a tree that remembers where every key and value was written.

Nodes are immutable and may be shared (a YAML alias, an inherited part of another file), so
merging and replacing build new tables around old branches. Recursion is safe everywhere: no
tree is deeper than `MAX_DEPTH`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

MAX_DEPTH: Final = 40
"""Deepest nesting of a document; real scenarios need about ten."""

MAX_NODES: Final = 200_000
"""Most keys and values of a document, aliases counted as often as they stand for something."""

Scalar = str | int | float | bool | None
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or the text of an override, with its lines for code frames."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of text: its source, line and column from 1, and width in characters."""

    source: Source
    line: int
    column: int
    width: int = 1


@dataclass(frozen=True, slots=True)
class Leaf:
    """A plain value."""

    value: Scalar
    mark: Mark


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's position and what stands behind it."""

    key: Mark
    node: "Node"


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping in the order of its file."""

    entries: dict[str, Entry]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    nodes: tuple["Node", ...]
    mark: Mark


Node = Leaf | Table | Items


def plain(node: Node) -> Any:  # noqa: ANN401 - the tree of any document
    """The tree without positions: dicts, lists and scalars, nothing shared."""
    if isinstance(node, Table):
        return {key: plain(entry.node) for key, entry in node.entries.items()}
    if isinstance(node, Items):
        return [plain(item) for item in node.nodes]
    return node.value


def child(node: Node, step: str | int) -> Node | None:
    """What stands at one key or index, or None."""
    if isinstance(node, Table) and isinstance(step, str) and step in node.entries:
        return node.entries[step].node
    if isinstance(node, Items) and isinstance(step, int) and 0 <= step < len(node.nodes):
        return node.nodes[step]
    return None


def find(root: Node, path: Path) -> Node | None:
    """What stands at a path, or None."""
    node: Node | None = root
    for step in path:
        if node is None:
            return None
        node = child(node, step)
    return node


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every node with its path, parents first, in file order."""
    yield path, node
    if isinstance(node, Table):
        for key, entry in node.entries.items():
            yield from walk(entry.node, (*path, key))
    elif isinstance(node, Items):
        for index, item in enumerate(node.nodes):
            yield from walk(item, (*path, index))


def show(path: Path) -> str:
    """A path as ``--set`` takes it, such as ``pools.grid_workers.staffing[0].per``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")
