"""Validation by pydantic, told in our words and at the place in the file.

pydantic reports by field order, by internal names of union members and in English; this module
maps every report to the node it is about, keeps only the member of a union that was meant, and
suggests near misses from the keys that may stand there.
"""

import difflib
import re
from collections import defaultdict
from typing import Any, Final, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.errors import Problem
from sim.scenario.aliases import ALIASES, english, spellings
from sim.scenario.messages import CATALOGUE, MODEL_ZH
from sim.scenario.nodes import Leaf, Mark, Node, Path, Table, child, find, plain
from sim.scenario.problems import make, place, quoted, tidy
from sim.scenario.shape import Slot, expected_kinds, field_at, keys_at, slot_at
from sim.scenario.values import is_unknown

MOST: Final = 100
"""Most problems that are told at once; a file with more is mended step by step."""

M = TypeVar("M", bound=BaseModel)

_SAME: Final = {
    "tuple_type": "list_type",
    "set_type": "list_type",
    "mapping_type": "dict_type",
    "model_attributes_type": "model_type",
    "enum": "literal_error",
    "string_sub_type": "string_type",
}
_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_WEAK: Final = frozenset(
    {
        "date_unreadable",
        "time_unreadable",
        "quantity_unreadable",
        "quantity_expected",
        "literal_error",
        "string_type",
        "int_type",
        "float_type",
        "bool_type",
        "list_type",
        "dict_type",
        "model_type",
    }
)
"""Reports by a member of a union that the value was probably not meant for."""


def locate(problem: Problem, root: Node) -> Problem:
    """A problem that knows only its field path, put at its place in the text.

    A path to something that is not written (a default, or the inside of a short form) leads to
    the nearest thing around it that is.
    """
    steps = tuple(
        int(step[2]) if step[2] is not None else step[1]
        for step in _STEP.finditer(problem.path)
    )
    # Of a table by name it is the name that is unknown, not what stands behind it.
    is_key = problem.code.startswith("unknown-") and f"'{steps[-1]}'" in problem.message_en
    return place(problem, mark_of(root, steps, prefer_key=is_key), steps)


def mark_of(root: Node, path: Path, *, prefer_key: bool = False) -> Mark:
    """The place of a value, or of its key where the value is a mapping or a list."""
    node = find(root, path)
    parent = find(root, path[:-1]) if path else None
    entry = None
    if isinstance(parent, Table) and isinstance(path[-1], str):
        entry = parent.entries.get(path[-1])
    if entry is not None and (prefer_key or not isinstance(node, Leaf)):
        return entry.key
    if node is None:
        return (
            mark_of(root, path[:-1], prefer_key=isinstance(parent, Table))
            if path
            else root.mark
        )
    return node.mark


class _Report(NamedTuple):
    """One report of pydantic: what it is about, and the members of unions on the way."""

    error: ErrorDetails
    path: Path
    branches: tuple[tuple[Path, str], ...]
    is_key: bool

    @property
    def kind(self) -> str:
        kind = self.error["type"]
        if kind == "int_type" and isinstance(self.error["input"], float):
            return "int_from_float"
        return _SAME.get(kind, kind)


def validate(model: type[M], root: Node) -> tuple[M | None, list[Problem]]:
    """Check a tree of plain values against the root model.

    Returns
    -------
    The model, or None and every problem.
    """
    try:
        return model.model_validate(plain(root)), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    reports = _chosen([_report(detail, root) for detail in details])
    teller = _Teller(root, (model,))
    reports.sort(key=teller.order)
    reports, rest = reports[:MOST], reports[MOST:]
    problems = [teller.tell(report) for report in reports]
    kept = [
        problem
        for problem, report in zip(problems, reports, strict=True)
        if problem is not None and not teller.is_echo(report)
    ]
    if rest:
        kept.append(make("more", mark_of(root, rest[0].path, prefer_key=True), count=len(rest)))
    return None, kept


def _report(error: ErrorDetails, root: Node) -> _Report:
    node: Node | None = root
    path: Path = ()
    branches: list[tuple[Path, str]] = []
    last = len(error["loc"]) - 1
    for index, step in enumerate(error["loc"]):
        below = child(node, step) if node is not None else None
        if below is not None:
            node, path = below, (*path, step)
        elif index == last and error["type"] == "missing":
            path = (*path, step)
        else:
            branches.append((path, str(step)))
    return _Report(error, path, tuple(branches), "[key]" in error["loc"])


def _chosen(reports: list[_Report]) -> list[_Report]:
    """Keep, of every union, the reports of the member that was most probably meant."""
    for level in range(4):
        groups: dict[Path, dict[str, list[_Report]]] = defaultdict(lambda: defaultdict(list))
        for report in reports:
            if len(report.branches) > level:
                path, label = report.branches[level]
                groups[path][label].append(report)
        dropped = {
            id(report)
            for path, members in groups.items()
            for label in members.keys() - {_best(path, members)}
            for report in members[label]
        }
        reports = [report for report in reports if id(report) not in dropped]
    return reports


def _best(path: Path, members: dict[str, list[_Report]]) -> str:
    def misfit(label: str) -> tuple[bool, int]:
        found = members[label]
        weak = any(report.path == path and report.kind in _WEAK for report in found)
        return (weak, len(found))

    return min(members, key=misfit)


class _Teller:
    """Tells reports as problems, and remembers which missing keys were only misspelt."""

    def __init__(self, root: Node, slot: Slot) -> None:
        self.root = root
        self.slot = slot
        self.meant: set[Path] = set()

    def is_echo(self, report: _Report) -> bool:
        """Whether a missing key stands there after all, misspelt, and is reported so."""
        return report.kind == "missing" and report.path in self.meant

    def order(self, report: _Report) -> tuple[str, int, int]:
        """Where a report stands in its file."""
        mark = mark_of(self.root, report.path, prefer_key=report.kind == "extra_forbidden")
        return (mark.source.name, mark.line, mark.column)

    def tell(self, report: _Report) -> Problem | None:
        if is_unknown(report.error["input"]):
            return None
        if report.kind == "extra_forbidden":
            return self._unknown_key(report)
        if report.kind == "union_tag_invalid":
            return self._wrong_kind(report)
        if report.kind == "missing":
            mark = mark_of(self.root, report.path[:-1], prefer_key=True)
            about = self._about(report.path)
            return make("missing", mark, report.path, key=report.path[-1], **about)
        if report.is_key:
            mark = mark_of(self.root, report.path, prefer_key=True)
            return make("bad_name", mark, report.path, key=report.path[-1])
        return self._wrong_value(report)

    def _unknown_key(self, report: _Report) -> Problem:
        parent, key = report.path[:-1], str(report.path[-1])
        node = find(self.root, parent)
        allowed = keys_at(slot_at(self.slot, self.root, parent), node)
        known = spellings(allowed)
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.6 if key.isascii() else 0.5)
        if near:
            self.meant.add((*parent, english(known[near[0]], allowed)))
        return make(
            "extra_forbidden",
            mark_of(self.root, report.path, prefer_key=True),
            report.path,
            key=key,
            allowed=", ".join(allowed) or "-",
            suggestion=near[0] if near else "",
        )

    def _wrong_kind(self, report: _Report) -> Problem:
        context = report.error.get("ctx", {})
        key = str(context.get("discriminator", "")).strip("'")
        said = child(find(self.root, report.path) or self.root, key)
        path = (*report.path, key) if said is not None else report.path
        value = said.value if isinstance(said, Leaf) else context.get("tag")
        expected = str(context.get("expected_tags", ""))
        return self._choice("union_tag_invalid", path, expected, value)

    def _choice(self, code: str, path: Path, expected: str, value: object) -> Problem:
        choices = re.findall(r"'([^']*)'", expected)
        near = difflib.get_close_matches(str(value), choices, n=1)
        named = [f"'{choice}'" for choice in choices] or [expected]
        listed = ", ".join(named[:-1])
        said = f"{listed} or {named[-1]}" if listed else named[-1]
        return make(
            code,
            mark_of(self.root, path),
            path,
            expected=said,
            got=quoted(value),
            suggestion=near[0] if near else "",
            **self._about(path),
        )

    def _wrong_value(self, report: _Report) -> Problem:
        error, path = report.error, report.path
        context: dict[str, Any] = dict(error.get("ctx", {}))
        value = error["input"]
        mark = mark_of(self.root, path)
        if value is None:
            return make("null", mark, path)
        if report.kind == "literal_error":
            return self._choice("literal_error", path, str(context.get("expected")), value)
        if report.kind not in CATALOGUE or report.kind == "value_error":
            return self._from_model(report, mark)
        if report.kind == "model_type":
            slot = slot_at(self.slot, self.root, path)
            context["allowed"] = ", ".join(keys_at(slot, None))
        if report.kind == "union_tag_not_found":
            context["discriminator"] = str(context.get("discriminator")).strip("'")
            kinds = expected_kinds(
                slot_at(self.slot, self.root, path), context["discriminator"]
            )
            context["expected"] = ", ".join(str(kind) for kind in kinds)
        context = {**context, **self._about(path), "got": quoted(value)}
        return make(report.kind, mark, path, **context)

    def _from_model(self, report: _Report, mark: Mark) -> Problem:
        """A rule of the model itself, which brings its own English sentence."""
        context: dict[str, Any] = dict(report.error.get("ctx", {}))
        cause = context.pop("error", None)
        text = str(cause) if cause is not None else report.error["msg"]
        chinese = MODEL_ZH.get(report.kind) or MODEL_ZH.get(text) or text
        filled = {key: tidy(str(value)) for key, value in context.items()}
        try:
            chinese = chinese.format_map(filled) if chinese is not text else text
        except KeyError:
            chinese = text
        problem = Problem(
            code=report.kind.replace("_", "-"), message_en=tidy(text), message_zh=tidy(chinese)
        )
        return place(problem, mark, report.path)

    def _about(self, path: Path) -> dict[str, str]:
        """What the model says about a field, and how its key is written in Chinese."""
        key, parent = (path[-1], path[:-1]) if path else ("", ())
        if not isinstance(key, str):
            return {"about": "", "about_zh": ""}
        slot = slot_at(self.slot, self.root, parent)
        info = field_at(slot, find(self.root, parent), key)
        about = " ".join((info.description or "").split()) if info else ""
        chinese = "、".join(ALIASES.get(key, ())) if info else ""
        return {"about": about, "about_zh": f"{key}（{chinese}）" if chinese else ""}
