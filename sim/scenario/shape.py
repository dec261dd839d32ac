"""Which keys a place in a document may have, read off the pydantic models.

A *slot* is the set of types that may stand at a place: models, tables with free names, lists,
plain values. Translating Chinese keys, suggesting near misses, finding values with an origin
and choosing the member of a union all ask the same question, so they ask it here.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.model.flows import FORMS
from sim.model.reviews import EFFECTS, WRITTEN
from sim.scenario.nodes import Leaf, Node, Path, Table, child

Slot = tuple[Any, ...]
Model = type[BaseModel]


@lru_cache(maxsize=4096)
def slot_of(annotation: Hashable) -> Slot:
    """The types that an annotation admits, unions and `Annotated` taken apart."""
    annotation = getattr(annotation, "__value__", annotation)
    origin = get_origin(annotation)
    if origin is Annotated:
        return slot_of(get_args(annotation)[0])
    if origin in (Union, UnionType):
        found = [part for member in get_args(annotation) for part in slot_of(member)]
        return tuple(dict.fromkeys(found))
    return (annotation,)


def is_model(part: object) -> bool:
    """Whether a type of a slot is a pydantic model."""
    return isinstance(part, type) and issubclass(part, BaseModel)


def _has_origin(part: object, kind: type) -> bool:
    origin = get_origin(part) or part
    return isinstance(origin, type) and issubclass(origin, kind) and origin is not str


def table_values(slot: Slot) -> Slot:
    """The slot behind every name of a table with free names; empty if it is no such table."""
    parts = [part for part in slot if _has_origin(part, Mapping)]
    return tuple(found for part in parts for found in slot_of(get_args(part)[1]))


def list_items(slot: Slot) -> Slot:
    """The slot of every item of a list; empty where no list may stand."""
    parts = [part for part in slot if _has_origin(part, Collection) and get_args(part)]
    parts = [part for part in parts if not _has_origin(part, Mapping)]
    return tuple(
        found
        for part in parts
        for item in get_args(part)
        if item is not Ellipsis
        for found in slot_of(item)
    )


@lru_cache(maxsize=512)
def fields_of(model: Model) -> dict[str, FieldInfo]:
    """The fields of a model by the key that a document uses."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


@lru_cache(maxsize=512)
def _kinds(model: Model) -> dict[str, tuple[object, ...]]:
    """The fields that tell a member of a union from the others."""
    return {
        key: get_args(info.annotation)
        for key, info in fields_of(model).items()
        if get_origin(info.annotation) is Literal and info.is_required()
    }


def models_at(slot: Slot, node: Node | None) -> tuple[Model, ...]:
    """The models that may describe a node; one alone where the node says its kind."""
    models: tuple[Model, ...] = tuple(part for part in slot if is_model(part))
    if len(models) < 2 or not isinstance(node, Table):
        return models
    fitting = [model for model in models if _fits(model, node)]
    return tuple(fitting) or models


def _fits(model: Model, node: Table) -> bool:
    kinds = _kinds(model)
    for key, values in kinds.items():
        said = child(node, key)
        if not isinstance(said, Leaf) or said.value not in values:
            return False
    return bool(kinds)


def says_another_kind(slot: Slot, old: Node, new: Node) -> bool:
    """Whether `new` names another member of a union than `old` does."""
    if not any(is_model(part) and _kinds(part) for part in slot):
        return False
    keys = {key for part in slot if is_model(part) for key in _kinds(part)}
    for key in keys:
        was, now = child(old, key), child(new, key)
        if isinstance(was, Leaf) and isinstance(now, Leaf) and was.value != now.value:
            return True
    return False


ALTERNATIVES: Final[dict[str, tuple[str, ...]]] = {
    "Arrivals": ("rate", "times"),
    "Calendar": ("always", "week", "part_days", "rota", "windows"),
    "Enter": ("at", "shock", "state", "after"),
    "Hazard": ("rate", "times"),
    "Leave": ("at", "shock", "lasts", "state"),
    "Level": ("count", "per_parent", "households"),
    "LevelChange": WRITTEN,
    "Places": ("levels", "rows"),
    "Replaces": ("share", "number"),
    "Review": EFFECTS,
    "Step": FORMS,
}
"""By model: the keys of which exactly one is given. A law is one of its families."""


def rivals(slot: Slot, node: Node | None, keys: Collection[str]) -> set[str]:
    """The keys that give way when an heir gives `keys`: the other forms of the same choice."""
    away: set[str] = set()
    for model in models_at(slot, node):
        group = tuple(fields_of(model)) if model.__name__ == "Law" else ()
        group = group or ALTERNATIVES.get(model.__name__, ())
        if any(key in group for key in keys):
            away.update(key for key in group if key not in keys)
    return away


def inner(slot: Slot, node: Node | None, step: str | int) -> Slot:
    """The slot one key or index further down."""
    if isinstance(step, int):
        return list_items(slot)
    found: list[Any] = []
    for model in models_at(slot, node):
        info = fields_of(model).get(step)
        if info is not None:
            found.extend(slot_of(cast("Hashable", info.annotation)))
    return tuple(dict.fromkeys(found)) or table_values(slot)


def slot_at(slot: Slot, node: Node | None, path: Path) -> Slot:
    """The slot at a path below `node`."""
    for step in path:
        slot = inner(slot, node, step)
        node = child(node, step) if node is not None else None
    return slot


READ_IN: Final[dict[str, tuple[str, ...]]] = {"Places": ("table",)}
"""By model: keys of the written language that the reader replaces by what they name."""


def keys_at(slot: Slot, node: Node | None) -> tuple[str, ...]:
    """The keys that may stand in a mapping, in the order of the model; empty where free."""
    models = models_at(slot, node)
    found = [key for m in models for key in (*fields_of(m), *READ_IN.get(m.__name__, ()))]
    return tuple(dict.fromkeys(found))


def field_at(slot: Slot, node: Node | None, key: str) -> FieldInfo | None:
    """What the model says about one key of a mapping."""
    for model in models_at(slot, node):
        if key in fields_of(model):
            return fields_of(model)[key]
    return None


def expected_kinds(slot: Slot, key: str) -> Sequence[object]:
    """All values of the key by which the members of a union tell themselves apart."""
    return [value for part in slot if is_model(part) for value in _kinds(part).get(key, ())]
