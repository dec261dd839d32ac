"""The RO-Crate of a results folder, against what RO-Crate 1.1 and Process Run Crate demand."""

import hashlib
import json

import pytest

from sim.experiment.crate import CRATE, PROFILE
from tests.small_scenario import write_scenario


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Results of a run, a comparison and a sweep."""
    from sim.cli.main import main

    top = tmp_path_factory.mktemp("crate")
    one, two = write_scenario(top), write_scenario(top, "other", per="per: 200")
    lever = "pools.grid_workers.staff.rules.by_households.per=200,300"
    play = ["-n", "1", "--workers", "1", "-q", "--out"]
    for words in (
        ["run", str(one), *play, str(top / "run")],
        ["compare", str(one), str(two), *play, str(top / "compare")],
        ["sweep", str(one), "--vary", lever, *play, str(top / "sweep")],
    ):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert not ended.value.code
    return top


@pytest.fixture(params=["run", "compare", "sweep"])
def folder(request, folders):
    return folders / request.param


def entities(folder):
    crate = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    assert crate["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    found = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(found) == len(crate["@graph"]), "an @id is used twice"
    return found


def references(value):
    if isinstance(value, dict) and set(value) == {"@id"}:
        yield value["@id"]
    elif isinstance(value, dict):
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_the_descriptor_names_the_root(folder):
    found = entities(folder)

    assert found[CRATE]["@type"] == "CreativeWork"
    assert found[CRATE]["about"] == {"@id": "./"}
    assert found[CRATE]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = found["./"]
    assert root["@type"] == "Dataset"
    assert all(root[key] for key in ("name", "description", "datePublished", "license"))
    assert root["conformsTo"] == {"@id": PROFILE}
    assert found[PROFILE]["version"] == PROFILE.rsplit("/", maxsplit=1)[-1]


def test_every_reference_leads_somewhere(folder):
    found = entities(folder)
    outside = "https://w3id.org/ro/crate/1.1"

    named = {name for entity in found.values() for name in references(entity)}

    assert named - found.keys() <= {outside}


def test_every_file_is_there_with_its_hash_and_is_a_part(folder):
    found = entities(folder)
    files = {name: entity for name, entity in found.items() if entity["@type"] == "File"}

    assert {part["@id"] for part in found["./"]["hasPart"]} == set(files)
    assert "manifest.json" in files
    for name, entity in files.items():
        assert entity["sha256"] == hashlib.sha256((folder / name).read_bytes()).hexdigest()


def test_the_action_says_what_was_made_out_of_what_and_by_what(folder):
    found = entities(folder)
    (action,) = [entity for entity in found.values() if entity["@type"] == "CreateAction"]

    assert found["./"]["mentions"] == {"@id": action["@id"]}
    assert found[action["instrument"]["@id"]]["@type"] == "SoftwareApplication"
    read = {each["@id"] for each in action["object"]}
    made = {each["@id"] for each in action["result"]}
    assert any(name.endswith("scenario.resolved.yaml") for name in read)
    assert {"#seed", "#replications", "#engine"} <= read
    assert not read & made
    assert all(found[name]["@type"] == "File" for name in made)
    assert action["endTime"]
