"""A scenario written out in full means the same, and editors accept what the reader accepts."""

from pathlib import Path

import jsonschema
import pytest

from sim.cli.new import TEMPLATES
from sim.model.system import System
from sim.scenario.aliases import ALIASES, ORIGIN_ALIASES, ORIGINS
from sim.scenario.descriptions import ABOUT_ZH
from sim.scenario.document import load_plain
from sim.scenario.reader import load_scenario
from sim.scenario.resolve import provenance_of, resolved, settings, written_out
from sim.scenario.schema import scenario_schema, schema_text
from sim.scenario.shape import (
    ALTERNATIVES,
    fields_of,
    is_model,
    list_items,
    slot_of,
    table_values,
)

HERE = Path(__file__).parent
SHIPPED = sorted((HERE.parent.parent / "scenarios").glob("*.yaml"))
ORIGINS_TEXT = (
    "places.root.households={derived: 'round(anqiu.households / 30)'}",
    "places.root.shops={reported: anqiu.shops}",
    "run.warm_up={assumed: 2 d, range: [1 d, 3 d], because: a guess}",
    "requests.trash.work={exponential: 45 min}",
    "verdicts={asked: {satisfied: [0.5], resolved:"
    " [{assumed: 90 %, range: [80 %, 1], because: x}]}}",
)


def models_below(root):
    found, waiting = {}, [root]
    while waiting:
        model = waiting.pop()
        if model.__name__ in found:
            continue
        found[model.__name__] = model
        slots = [slot_of(info.annotation) for info in model.model_fields.values()]
        while slots:
            slot = slots.pop()
            waiting.extend(part for part in slot if is_model(part))
            slots.extend(below for below in (table_values(slot), list_items(slot)) if below)
    return found


CASES = [
    pytest.param(HERE / "base.yaml", (), id="base"),
    pytest.param(HERE / "base.yaml", ORIGINS_TEXT, id="base with origins"),
    *(pytest.param(file, (), id=file.stem) for file in SHIPPED),
]


@pytest.mark.parametrize(("file", "overrides"), CASES)
def test_what_is_written_out_reads_as_the_same_system(file, overrides, tmp_path):
    reading = load_scenario(file, overrides)
    copy = tmp_path / "copy.yaml"
    copy.write_text(resolved(reading), encoding="utf-8")

    again = load_scenario(copy)

    assert again.model == reading.model
    stated = {path: p for path, p in reading.provenance.items() if p.kind != "plain"}
    assert {path: p for path, p in again.provenance.items() if p.kind != "plain"} == stated


def test_origins_and_defaults_are_marked_where_they_stand():
    text = resolved(load_scenario(HERE / "base.yaml", ORIGINS_TEXT))

    assert "shops: {reported: anqiu.shops}  # = 53000\n" in text
    assert "  warm_up: {assumed: 2 d, range: [1 d, 3 d], because: a guess}\n" in text
    assert "  cool_down: 0 s  # default\n" in text
    assert "  horizon: 14 d\n" in text


def test_every_number_is_counted_with_its_origin():
    kinds = {path: p.kind for path, p in provenance_of(
        load_scenario(HERE / "base.yaml", ORIGINS_TEXT)).items()}  # fmt: skip

    assert kinds["places.root.households"] == "derived"
    assert kinds["run.warm_up"] == "assumed"
    assert kinds["run.horizon"] == "plain"
    assert kinds["run.cool_down"] == "unstated"
    assert "requests.trash.work.exponential.mean" not in kinds


def test_every_listed_path_can_be_set():
    reading = load_scenario(HERE / "base.yaml")
    overrides = [f"{path}={value}" for path, value in settings(reading)]

    assert load_scenario(HERE / "base.yaml", overrides).model == reading.model


def test_a_model_can_be_built_from_its_own_writing():
    model = load_scenario(HERE / "base.yaml").model

    assert System.model_validate(written_out(model)) == model


@pytest.fixture(scope="module")
def accept():
    schema = scenario_schema(System)
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    return validator(schema).validate


@pytest.mark.parametrize("file", [HERE / "base.yaml", *SHIPPED], ids=lambda file: file.stem)
def test_the_schema_accepts_what_the_reader_accepts(file, accept):
    accept(load_plain(file))


@pytest.mark.parametrize("lang", TEMPLATES)
def test_the_schema_accepts_what_new_and_resolve_write(lang, tmp_path, accept):
    file = tmp_path / "x.yaml"
    file.write_text(TEMPLATES[lang].replace("NAME", "x"), encoding="utf-8")
    copy = tmp_path / "copy.yaml"
    copy.write_text(resolved(load_scenario(file)), encoding="utf-8")

    for written in (file, copy):
        accept(load_plain(written))


@pytest.mark.parametrize(
    "name",
    ["misspelt_key", "wrong_choice", "list_for_a_mapping", "yes_for_true", "missing_unit"],
)
def test_the_schema_refuses_common_mistakes(name):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(
            load_plain(HERE / "invalid" / f"{name}.yaml"), scenario_schema(System)
        )


def test_the_schema_is_the_same_text_every_time():
    assert schema_text(System) == schema_text(System)


PLANNERS_USE = {
    "System": ("run", "places", "pools", "modes"),
    "Run": ("horizon", "warm_up", "replications", "seed"),
    "Root": ("households",),
    "Level": ("count", "households"),
    "PlaceRow": ("households",),
    "Pool": ("staff", "serves", "calendar", "shift_end"),
    "StaffRule": ("workers", "per", "of"),
    "RequestClass": ("work", "priority", "limit"),
    "Arrivals": ("rate",),
    "Shock": ("factors",),
    "Mode": ("enter", "leave"),
    "Limit": ("after",),
}


@pytest.mark.parametrize("model", PLANNERS_USE)
def test_editors_show_what_planners_use_most_in_both_languages(model):
    schema = scenario_schema(System)
    owner = schema if model == "System" else schema["$defs"][model]
    owner = owner if "properties" in owner else owner["anyOf"][0]

    for key in PLANNERS_USE[model]:
        english, _, chinese = owner["properties"][key]["description"].rpartition(" / ")
        assert chinese == ABOUT_ZH[model][key]
        assert english or model == "System", key


def test_the_chinese_descriptions_name_fields_that_exist():
    models = {"System": System, **models_below(System)}
    for name, fields in ABOUT_ZH.items():
        assert set(fields) <= fields_of(models[name]).keys(), name


def test_the_schema_stays_small_enough_for_an_editor():
    assert len(schema_text(System).encode()) < 300_000


def test_every_key_of_the_model_has_a_chinese_spelling():
    keys = {key for model in models_below(System).values() for key in fields_of(model)}

    assert sorted(keys - ALIASES.keys() - {"en", "zh"}) == []
    assert set(ORIGIN_ALIASES.values()) >= {*ORIGINS, "use", "unit", "range", "because"}


def test_no_chinese_spelling_means_two_keys_of_one_model():
    for model in models_below(System).values():
        words = [word for key in fields_of(model) for word in ALIASES.get(key, ())]
        assert len(words) == len(set(words)), model.__name__


def test_alternatives_name_models_and_keys_that_exist():
    models = models_below(System)
    for name, keys in ALTERNATIVES.items():
        assert set(keys) <= fields_of(models[name]).keys(), name
