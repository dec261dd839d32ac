"""OCEL 2.0 JSON against its published schema, and against what a schema cannot say."""

import json

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from sim.exchange.ocel import ocel
from tests.exchange.logs import played

TYPED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "attributes"],
        "properties": {
            "name": {"type": "string"},
            "attributes": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "type"],
                    "properties": {
                        "name": {"type": "string"},
                        "type": {"enum": ["string", "time", "integer", "float", "boolean"]},
                    },
                    "additionalProperties": False,
                },
            },
        },
        "additionalProperties": False,
    },
}
RELATED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["objectId", "qualifier"],
        "properties": {"objectId": {"type": "string"}, "qualifier": {"type": "string"}},
        "additionalProperties": False,
    },
}


def records(required, attribute_keys):
    plain = {"type": ["string", "number", "boolean"]}
    keys = {"name": {"type": "string"}, "value": plain}
    keys |= {"time": {"type": "string", "format": "date-time"}}
    attribute = {key: keys[key] for key in attribute_keys}
    return {
        "type": "array",
        "items": {
            "type": "object",
            "required": required,
            "properties": {
                "id": {"type": "string"},
                "type": {"type": "string"},
                "time": {"type": "string", "format": "date-time"},
                "attributes": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": list(attribute),
                        "properties": attribute,
                        "additionalProperties": False,
                    },
                },
                "relationships": RELATED,
            },
            "additionalProperties": False,
        },
    }


SCHEMA = {
    "type": "object",
    "required": ["objectTypes", "eventTypes", "objects", "events"],
    "properties": {
        "objectTypes": TYPED,
        "eventTypes": TYPED,
        "objects": records(["id", "type"], ["name", "value", "time"]),
        "events": records(["id", "type", "time"], ["name", "value"]),
    },
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def text():
    return "".join(ocel(*played(), 1))


@pytest.fixture(scope="module")
def log(text):
    return json.loads(text)


def test_it_fits_the_schema(log):
    checker = Draft202012Validator(SCHEMA, format_checker=FormatChecker())

    assert [error.message for error in checker.iter_errors(log)] == []


def test_the_schema_sees_a_missing_qualifier(log):
    broken = {**log, "events": [{"id": "e", "type": "t", "time": "2024-01-01T00:00:00Z",
                                 "relationships": [{"objectId": "o"}]}]}  # fmt: skip

    assert list(Draft202012Validator(SCHEMA).iter_errors(broken))


def test_types_and_their_attributes_are_declared(log):
    for kinds, things in (("objectTypes", "objects"), ("eventTypes", "events")):
        declared = {
            each["name"]: {a["name"] for a in each["attributes"]} for each in log[kinds]
        }
        assert len(declared) == len(log[kinds])
        for thing in log[things]:
            assert {a["name"] for a in thing["attributes"]} <= declared[thing["type"]]


def test_ids_are_unique_and_every_relation_leads_to_an_object(log):
    objects = {each["id"] for each in log["objects"]}

    assert len(objects) == len(log["objects"])
    assert len({each["id"] for each in log["events"]}) == len(log["events"])
    related = {
        relation["objectId"]
        for thing in (*log["objects"], *log["events"])
        for relation in thing["relationships"]
    }
    assert related <= objects


def test_every_row_is_an_event_and_workers_come_on_duty_without_any_request(log):
    there, _ = played()

    assert len(log["events"]) == there.n_rows
    posted = [each for each in log["events"] if each["type"] == "on duty"]
    assert posted
    for event in posted:
        assert {r["qualifier"] for r in event["relationships"]} == {"worker", "place"}


def test_event_types_speak_chinese():
    kinds = json.loads("".join(ocel(*played(), 1, "zh")))["eventTypes"]

    assert "上报" in {kind["name"] for kind in kinds}


def test_pm4py_reads_it(text, tmp_path):
    pm4py = pytest.importorskip("pm4py", reason="pm4py is AGPL: a checker, no dependency")
    path = tmp_path / "log.jsonocel"
    path.write_text(text, encoding="utf-8")

    assert len(pm4py.read_ocel2_json(str(path)).events) == played()[0].n_rows
