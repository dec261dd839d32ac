"""YAML text to nodes with positions, and plain trees back to YAML; the only user of PyYAML.

The text is not trusted. Nothing is built by PyYAML's composer, which dies on deep nesting;
nodes are made from the flat stream of events, under limits on size, depth and number. Scalars
mean what YAML 1.2 says (``no`` and ``on`` are text, ``12:30`` is not 750, ``010`` is ten).
Tags, merge keys, cycles and duplicate keys are refused, each with its place.
"""

import gc
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Final, NoReturn

import yaml

from sim.errors import Problem, ScenarioError
from sim.scenario.nodes import (
    MAX_DEPTH,
    MAX_NODES,
    Entry,
    Items,
    Leaf,
    Mark,
    Node,
    Source,
    Table,
)
from sim.scenario.problems import make
from sim.scenario.scalars import FLOAT, INT, resolve

MAX_BYTES: Final = 2_000_000
"""Largest file that is read; the shipped scenarios are below 50 kB."""

_REFUSED: Final = "\0"
_WIDE_COLON = re.compile(r"^\s*(?:-\s+)?[\w-]+\s*：")


def read_document(path: str | FilePath) -> tuple[Node, list[Problem]]:
    """The tree of a YAML file whose top level is a mapping.

    Returns
    -------
    The tree, and the problems that did not stop the reading (duplicate keys, tags).

    Raises
    ------
    ScenarioError
        If there is no tree: no such file, wrong encoding, bad syntax, a limit exceeded.
    """
    name = str(path)
    source = Source(name, tuple(_lines(text := _read_text(FilePath(path), name))))
    node, problems = compose(text, source)
    if node is None:
        raise ScenarioError([make("empty", Mark(source, 1, 1))])
    if not isinstance(node, Table):
        raise ScenarioError(_not_a_mapping(node, source))
    return node, problems


def read_lines(path: str | FilePath) -> list[str]:
    """The lines of a text file, within the limits of a document.

    Raises
    ------
    ScenarioError
        If it cannot be opened, is too large, or is not UTF-8 (with or without a mark).
    """
    return _lines(_read_text(FilePath(path), str(path)))


def _lines(text: str) -> list[str]:
    # Only YAML's own line breaks: str.splitlines would also count form feeds and the like.
    return re.split(r"\r\n|\r|\n", text)


def _not_a_mapping(node: Node, source: Source) -> list[Problem]:
    wide = _wide_colon(source, len(source.lines))
    return [wide] if wide else [make("not_a_mapping", node.mark)]


def _read_text(path: FilePath, name: str) -> str:
    start = Mark(Source(name, ()), 0, 0)
    try:
        if not path.is_file():
            code = "is_a_folder" if path.is_dir() else "no_such_file"
            raise ScenarioError([make(code, start, file=name, suggestion=near_file(path))])
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "unreadable"
        raise ScenarioError([make("cannot_open", start, file=name, reason=reason)]) from None
    if len(data) > MAX_BYTES:
        raise ScenarioError([make("too_big", start, limit=f"{MAX_BYTES // 1_000_000} MB")])
    return _decode(data, Mark(start.source, 1, 1))


def _decode(data: bytes, start: Mark) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ScenarioError([make("utf16", start)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        raise ScenarioError([make("not_utf8", start)]) from None
    raise ScenarioError([make("gbk", start)])


def near_file(path: FilePath, suffixes: tuple[str, ...] = (".yaml", ".yml")) -> str:
    """The name of a file beside `path` that is spelt nearly alike, or an empty text."""
    import difflib

    try:
        names = [item.name for item in path.parent.iterdir() if item.suffix in suffixes]
    except OSError:
        return ""
    near = difflib.get_close_matches(path.name, names, n=1, cutoff=0.6)
    if near:
        return near[0]
    whole = f"{path.name}{suffixes[0]}"
    return whole if whole in names else ""


def compose(text: str, source: Source, shift: int = 0) -> tuple[Node | None, list[Problem]]:
    """Build the tree of one document.

    Parameters
    ----------
    text
        The YAML text.
    source
        What problems name and show.
    shift
        Columns to add on the first line, for the value of an override.

    Returns
    -------
    The tree (None for an empty document) and the problems that did not stop the reading.

    Raises
    ------
    ScenarioError
        If the syntax is wrong or a limit is exceeded.
    """
    composer = _Composer(source, shift)
    # Hundreds of thousands of small objects, none of them garbage: collecting would take as
    # long as reading.
    collecting = gc.isenabled()
    gc.disable()
    try:
        for event in _events(text):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        raise ScenarioError([*composer.problems, _syntax(error, source, shift)]) from None
    except yaml.reader.ReaderError as error:
        raise ScenarioError([_unreadable(error, source, text)]) from None
    finally:
        if collecting:
            gc.enable()
    return composer.root, composer.problems


def _events(text: str) -> Iterator[Any]:
    return yaml.parse(text, Loader=yaml.CSafeLoader)


def _unreadable(error: yaml.reader.ReaderError, source: Source, text: str) -> Problem:
    bad = re.search(
        r"[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text
    )
    before = text[: bad.start()] if bad else ""
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    shown = f"U+{ord(bad.group()):04X}" if bad else str(error.reason)
    return make("bad_character", Mark(source, line, column), character=shown)


def _syntax(error: yaml.MarkedYAMLError, source: Source, shift: int) -> Problem:
    place = error.problem_mark or error.context_mark
    line, column = (place.line + 1, place.column + 1) if place else (1, 1)
    wide = _wide_colon(source, line)
    if wide:
        return wide
    line = min(line, len(source.lines))
    mark = Mark(source, line, column + (shift if line == 1 else 0))
    text = source.lines[line - 1] if source.lines else ""
    if "\t" in text[: len(text) - len(text.lstrip())]:
        return make("tab", mark)
    return make("syntax", mark, reason=str(error.problem or error.context or ""))


def _wide_colon(source: Source, last: int) -> Problem | None:
    for number, line in enumerate(source.lines[:last], start=1):
        if len(line) < 1000 and _WIDE_COLON.match(line):
            return make("wide_colon", Mark(source, number, line.index("：") + 1))
    return None


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being filled."""

    mark: Mark
    anchor: str | None
    entries: dict[str, Entry] | None
    nodes: list[Node] = field(default_factory=list)
    key: tuple[str, Mark] | None = None
    size: int = 1
    height: int = 1


class _Composer:
    """Takes events one by one; the stack of open collections replaces recursion."""

    def __init__(self, source: Source, shift: int) -> None:
        self.source = source
        self.shift = shift
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.count = 0
        self.documents = 0
        self.anchors: dict[str, tuple[Node, int, int] | None] = {}

        self.handlers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def take(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events have no common type
        handler = self.handlers.get(type(event))
        if handler is not None:
            handler(event)

    def _document(self, event: Any) -> None:  # noqa: ANN401
        self.documents += 1
        if self.documents > 1:
            self._stop("many_documents", self._mark(event))

    def _mark(self, event: Any) -> Mark:  # noqa: ANN401
        start, end = event.start_mark, event.end_mark
        column = start.column + 1 + (self.shift if start.line == 0 else 0)
        width = end.column - start.column if end.line == start.line else 1
        return Mark(self.source, start.line + 1, column, max(width, 1))

    def _stop(self, code: str, mark: Mark, **context: str | int) -> NoReturn:
        raise ScenarioError([*self.problems, make(code, mark, (), **context)])

    def _grow(self, mark: Mark, size: int, height: int) -> None:
        self.count += size
        if self.count > MAX_NODES:
            self._stop("too_many_nodes", mark, limit=f"{MAX_NODES:,}")
        if len(self.stack) + height > MAX_DEPTH:
            self._stop("too_deep", mark, limit=MAX_DEPTH)

    def _open(self, event: Any) -> None:  # noqa: ANN401
        mark = self._mark(event)
        self._grow(mark, 1, 1)
        self._refuse_tag(event, mark)
        if self._expects_key():
            self._stop("key_not_text", mark)
        if event.anchor:
            self.anchors[event.anchor] = None
        is_table = isinstance(event, yaml.MappingStartEvent)
        self.stack.append(_Open(mark, event.anchor, {} if is_table else None))

    def _close(self, _event: object) -> None:
        done = self.stack.pop()
        node: Node
        if done.entries is None:
            node = Items(tuple(done.nodes), done.mark)
        else:
            node = Table(done.entries, done.mark)
        self._place(node, done.anchor, done.size, done.height)

    def _scalar(self, event: Any) -> None:  # noqa: ANN401
        mark = self._mark(event)
        self._grow(mark, 1, 1)
        self._refuse_tag(event, mark)
        if self._expects_key():
            self._key(event.value, mark, quoted=not event.implicit[0])
            return
        value = resolve(event.value) if event.implicit[0] else event.value
        self._place(Leaf(value, mark), event.anchor, 1, 1)

    def _alias(self, event: Any) -> None:  # noqa: ANN401
        mark = self._mark(event)
        if event.anchor not in self.anchors:
            self._stop("unknown_alias", mark, name=event.anchor)
        known = self.anchors[event.anchor]
        if known is None:
            self._stop("cycle", mark, name=event.anchor)
        if self._expects_key():
            self._stop("key_not_text", mark)
        node, size, height = known
        self._grow(mark, size, height)
        self._place(node, None, size, height)

    def _refuse_tag(self, event: Any, mark: Mark) -> None:  # noqa: ANN401
        if event.tag not in (None, "!"):
            self.problems.append(
                make("tag", mark, tag=event.tag.replace("tag:yaml.org,2002:", "!!"))
            )

    def _expects_key(self) -> bool:
        top = self.stack[-1] if self.stack else None
        return top is not None and top.entries is not None and top.key is None

    def _key(self, key: str, mark: Mark, *, quoted: bool) -> None:
        top = self.stack[-1]
        if key == "<<" and not quoted:
            self.problems.append(make("merge_key", mark))
            key = _REFUSED
        elif not key:
            self.problems.append(make("empty_key", mark))
        top.key = (key, mark)
        top.size += 1

    def _place(self, node: Node, anchor: str | None, size: int, height: int) -> None:
        if anchor:
            self.anchors[anchor] = (node, size, height)
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        top.size += size
        top.height = max(top.height, height + 1)
        if top.entries is None:
            top.nodes.append(node)
        elif top.key is not None:
            key, mark = top.key
            top.key = None
            if key == _REFUSED:
                return
            first = top.entries.get(key)
            if first is None:
                top.entries[key] = Entry(mark, node)
            else:
                self.problems.append(make("duplicate_key", mark, key=key, line=first.key.line))


def _core(base: Any) -> Any:  # noqa: ANN401
    """Give a PyYAML class the meaning of `resolve`: only its own few plain scalars."""

    class Core(base):  # type: ignore[misc]
        yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    tag = "tag:yaml.org,2002:"
    words = {"null": "~|null|Null|NULL|", "bool": "true|True|TRUE|false|False|FALSE"}
    for kind, pattern in words.items():
        Core.add_implicit_resolver(tag + kind, re.compile(f"^(?:{pattern})$"), [*"~nNtTfF", ""])
    digits = [*"-+.0123456789"]
    special = r"^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    Core.add_implicit_resolver(tag + "int", re.compile(f"^{INT.pattern}$"), digits)
    Core.add_implicit_resolver(tag + "float", re.compile(f"^{FLOAT.pattern}$"), digits)
    Core.add_implicit_resolver(tag + "float", re.compile(special), digits)
    return Core


_Loader = _core(yaml.CSafeLoader)
_Loader.add_constructor(
    "tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node))
)
_Dumper = _core(yaml.CSafeDumper)
_Dumper.ignore_aliases = lambda _dumper, _data: True


def load_plain(path: str | FilePath) -> Any:  # noqa: ANN401 - the tree of any document
    """The plain tree of one of our own YAML files, fast and without positions.

    Only for files that ship with the package: there is no guard against hostile text.
    """
    with FilePath(path).open("rb") as stream:
        return yaml.load(stream, Loader=_Loader)


def dump_yaml(tree: object) -> str:
    """A plain tree as YAML that `compose` reads back as the same tree."""
    return yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=96)


def dump_inline(tree: object) -> str:
    """A plain tree in one line, such as ``{assumed: 300, range: [150, 500]}``."""
    text = yaml.dump(
        tree,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=True,
        width=10**9,
    )
    return str(text).removesuffix("\n").removesuffix("\n...")
