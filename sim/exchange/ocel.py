"""OCEL 2.0 as JSON: events that touch several objects at once, requests, workers and places.

The shape is that of the schema at https://www.ocel-standard.org (OCEL 2.0, JSON): types of
objects and of events with their attributes, then objects, then events. Unlike the formats with
one case per row, it keeps what happens to workers and modes without any request.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from sim.errors import Language
from sim.eventlog import EventLog
from sim.exchange.activities import activity_of, named
from sim.exchange.steps import Case, Step, cases, naming, steps
from sim.plan.layout import Plan

ALWAYS: Final = "1970-01-01T00:00:00+00:00"
"""Since when an attribute of an object holds that never changes."""

_OBJECT_TYPES: Final = {
    "request": ("class", "level", "source"),
    "worker": ("pool",),
    "place": ("name",),
}
_EVENT_ATTRIBUTES: Final = ("line", "mode", "transition")


def ocel(log: EventLog, plan: Plan, replication: int, lang: Language = "en") -> Iterator[str]:
    """The log as OCEL 2.0 JSON, in pieces of text."""
    del replication
    codes = sorted(set(log.code.tolist()))
    names = dict.fromkeys(named(activity_of(code), lang) for code in codes)
    yield '{\n"objectTypes": '
    yield _json([_typed(name, attributes) for name, attributes in _OBJECT_TYPES.items()])
    yield ',\n"eventTypes": '
    yield _json([_typed(name, _EVENT_ATTRIBUTES) for name in names])
    yield ',\n"objects": ['
    yield from _separated(_objects(log, plan))
    yield '],\n"events": ['
    yield from _separated(_event(step, lang) for step in steps(log, plan, lang))
    yield "]\n}\n"


def _typed(name: str, attributes: Iterable[str]) -> dict[str, Any]:
    kinds = [{"name": attribute, "type": "string"} for attribute in attributes]
    return {"name": name, "attributes": kinds}


def _objects(log: EventLog, plan: Plan) -> Iterator[dict[str, Any]]:
    known = naming(plan)
    for place in known.places:
        yield _object(f"place/{place}", "place", {"name": place}, [])
    for worker, name in enumerate(known.workers):
        pool = int(plan.worker_pool[worker])
        place = known.places[int(plan.pool_place[pool])]
        yield _object(
            f"worker/{name}",
            "worker",
            {"pool": known.pools[pool]},
            [_related(f"place/{place}", "works at")],
        )
    for case in cases(log, plan):
        yield _request(case)


def _request(case: Case) -> dict[str, Any]:
    said = {"class": case.request_class, "level": case.level, "source": case.source}
    home = [_related(f"place/{case.place}", "home")] if case.place else []
    return _object(f"request/{case.number}", "request", said, home)


def _object(
    name: str, kind: str, said: dict[str, str], related: list[dict[str, str]]
) -> dict[str, Any]:
    attributes = [
        {"name": key, "time": ALWAYS, "value": value} for key, value in said.items() if value
    ]
    return {"id": name, "type": kind, "attributes": attributes, "relationships": related}


def _event(step: Step, lang: Language) -> dict[str, Any]:
    said = (step.line, step.mode, step.activity.transition)
    related = []
    if step.request >= 0:
        related.append(_related(f"request/{step.request}", "request"))
    if step.worker_name:
        related.append(_related(f"worker/{step.worker_name}", "worker"))
    if step.place:
        related.append(_related(f"place/{step.place}", "place"))
    return {
        "id": f"event/{step.row}",
        "type": named(step.activity, lang),
        "time": step.stamp,
        "attributes": [
            {"name": name, "value": value}
            for name, value in zip(_EVENT_ATTRIBUTES, said, strict=True)
            if value
        ],
        "relationships": related,
    }


def _related(name: str, qualifier: str) -> dict[str, str]:
    return {"objectId": name, "qualifier": qualifier}


def _separated(records: Iterable[dict[str, Any]]) -> Iterator[str]:
    for place, record in enumerate(records):
        yield f"{',' if place else ''}\n{_json(record)}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
