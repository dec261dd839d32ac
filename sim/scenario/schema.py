"""JSON Schema of a scenario, for editors: completion, hover text and first diagnostics.

Made from the pydantic models, then widened to what the reader accepts: Chinese keys, values
with an origin, short forms, and files that say only what differs from the one they extend
(hence nothing is required). Our own diagnostics remain the judge.
"""

import json
from copy import deepcopy
from typing import Any, Final

from pydantic import BaseModel

from sim.scenario.aliases import ALIASES, ORIGIN_ALIASES, ORIGINS
from sim.scenario.descriptions import both_languages
from sim.scenario.shape import READ_IN

Schema = dict[str, Any]

_DURATION: Final[Schema] = {"type": "string", "examples": ["30 min", "2 h", "3 天"]}
_SHORT: Final[dict[str, Schema]] = {
    "Exponential": _DURATION,
    "Law": _DURATION,
    "Serve": {"type": "string"},
    "Staff": {"type": "integer", "minimum": 0},
    "Text": {"type": "string"},
}
"""Models that may be written in a shorter form."""

_ABOUT: Final = {
    "reported": "A value reported by a source document (报告)",
    "derived": "A value computed from reported ones (推算)",
    "assumed": "An assumption, with its plausible range and the reason (假定)",
    "calibrated": "A value fitted to reported outcomes (校准)",
}
_PLAIN: Final = ("string", "number", "integer", "boolean")


def scenario_schema(model: type[BaseModel]) -> Schema:
    """The JSON Schema of a root model as editors should see it."""
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.setdefault("$defs", {})
    for name, definition in ((model.__name__, schema), *definitions.items()):
        _describe(name, definition)
    _widen(schema, "#")
    for name, definition in definitions.items():
        # A model with a short form becomes the first of its own alternatives below.
        _widen(definition, f"#/$defs/{name}" + ("/anyOf/0" if name in _SHORT else ""))
    for name, short in _SHORT.items():
        if name in definitions:
            short_form = {"anyOf": [short, {"$ref": "#/$defs/Origin"}]}
            definitions[name] = {"anyOf": [definitions[name], *short_form["anyOf"]]}
    definitions["Origin"] = _origin_schema()
    extends = {"type": "string", "description": "The scenario file this one builds on (继承)"}
    properties = schema.get("properties", {})
    schema["properties"] = {"extends": extends, "继承": extends, **properties}
    table = {"type": "string", "description": "A CSV file whose rows are the places (地点表)"}
    for name in READ_IN.keys() & definitions.keys():
        keys = [word for key in READ_IN[name] for word in (key, *ALIASES[key])]
        definitions[name]["properties"] |= dict.fromkeys(keys, table)
    return {"$schema": "http://json-schema.org/draft-07/schema#", **schema}


def schema_text(model: type[BaseModel]) -> str:
    """The schema as it is committed."""
    return json.dumps(scenario_schema(model), ensure_ascii=False, indent=1) + "\n"


def _origin_schema() -> Schema:
    anything: Schema = {}
    text = {"type": "string"}
    types = {"reported": text, "derived": text, "unit": text, "because": text, "use": anything}
    members = []
    for origin, keys in ORIGINS.items():
        properties = {key: types.get(key, anything) for key in (origin, *keys)}
        for spelling, key in ORIGIN_ALIASES.items():
            if key in properties:
                properties[spelling] = properties[key]
        members.append(
            {
                "type": "object",
                "description": _ABOUT[origin],
                "properties": properties,
                "anyOf": [{"required": [name]} for name in (origin, *_spellings(origin))],
                "additionalProperties": False,
            }
        )
    return {"anyOf": members}


def _spellings(key: str) -> tuple[str, ...]:
    return tuple(spelling for spelling, meaning in ORIGIN_ALIASES.items() if meaning == key)


def _describe(model: str, schema: Schema) -> None:
    """Say what every field means in both languages."""
    for key, value in schema.get("properties", {}).items():
        text = both_languages(value.get("description", ""), model, key)
        if text:
            value["description"] = text


def _widen(schema: Schema, pointer: str) -> None:
    """Widen one object definition in place, and everything written inside it."""
    schema.pop("required", None)
    schema.pop("discriminator", None)
    properties: Schema = schema.get("properties", {})
    schema_properties: Schema = {}
    for key, value in properties.items():
        schema_properties[key] = _value(value)
        for spelling in ALIASES.get(key, ()):
            schema_properties.setdefault(spelling, {"$ref": f"{pointer}/properties/{key}"})
    if properties:
        schema["properties"] = {**schema_properties}


def _value(schema: Schema) -> Schema:
    """What may stand at a place: the value itself, or a mapping that says its origin."""
    schema = deepcopy(schema)
    if "oneOf" in schema:
        # Without required fields a part of one kind fits several: editors need "any".
        schema["anyOf"] = schema.pop("oneOf")
    schema.pop("discriminator", None)
    if isinstance(schema.get("additionalProperties"), dict):
        schema["additionalProperties"] = _entry(schema["additionalProperties"])
    named = schema.pop("patternProperties", None)
    if named:
        # Names may be Chinese, which the regular expressions of editors do not call words.
        schema["additionalProperties"] = _entry(next(iter(named.values())))
    if "\\w" in schema.get("pattern", ""):
        del schema["pattern"]
    if isinstance(schema.get("items"), dict):
        schema["items"] = _value(schema["items"])
    if "anyOf" in schema:
        members = [_value(member) for member in schema.pop("anyOf")]
        origin = {"$ref": "#/$defs/Origin"}
        flat = [part for member in members for part in member.get("anyOf", [member])]
        unique = [part for index, part in enumerate(flat) if part not in flat[:index]]
        wants = any(_is_plain(part) for part in unique) and origin not in unique
        return {**schema, "anyOf": [*unique, *([origin] if wants else [])]}
    if _is_plain(schema) and "const" not in schema:
        told = [key for key in ("title", "description", "default") if key in schema]
        notes: Schema = {key: schema.pop(key) for key in told}
        return {**notes, "anyOf": [schema, {"$ref": "#/$defs/Origin"}]}
    return schema


def _entry(schema: Schema) -> Schema:
    """What may stand behind a free name: null takes an inherited entry away."""
    nothing: Schema = {"type": "null"}
    value = _value(schema)
    told = [key for key in ("title", "description") if key in value]
    notes: Schema = {key: value.pop(key) for key in told}
    members = value["anyOf"] if set(value) == {"anyOf"} else [value]
    return {**notes, "anyOf": [*members, *([nothing] if nothing not in members else [])]}


def _is_plain(schema: Schema) -> bool:
    return schema.get("type") in _PLAIN and "const" not in schema
