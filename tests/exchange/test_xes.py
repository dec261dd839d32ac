"""XES 1.0 against the rules of its published schema (xes.xsd), written here as checks."""

import re
from collections import Counter
from datetime import datetime
from xml.etree import ElementTree as Tree

import numpy as np
import pytest

from sim.exchange.steps import of_requests
from sim.exchange.xes import xes
from tests.exchange.logs import played

SPACE = "{http://www.xes-standard.org/}"
ATTRIBUTES = {"string", "date", "int", "float", "boolean", "id", "list", "container"}
ORDER = ("extension", "global", "classifier", *sorted(ATTRIBUTES), "trace", "event")
INSTANT = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
TRANSITIONS = {
    "schedule", "assign", "withdraw", "reassign", "start", "suspend", "resume", "pi_abort",
    "ate_abort", "complete", "autoskip", "manualskip", "unknown",
}  # fmt: skip


@pytest.fixture(scope="module")
def text():
    return "".join(xes(*played(), 1))


@pytest.fixture(scope="module")
def log(text):
    return Tree.fromstring(text)


def tag(element):
    assert element.tag.startswith(SPACE)
    return element.tag.removeprefix(SPACE)


def attributes(element):
    return [child for child in element if tag(child) in ATTRIBUTES]


def values(element):
    return {child.get("key"): child.get("value") for child in attributes(element)}


def test_the_log_has_its_parts_in_the_order_of_the_schema(log):
    assert tag(log) == "log"
    assert log.get("xes.version") == "1.0"
    assert log.get("xes.features") == ""
    kinds = ["string" if tag(c) in ATTRIBUTES else tag(c) for c in log]
    assert set(kinds) == {"extension", "global", "classifier", "string", "trace"}
    assert kinds == sorted(kinds, key=ORDER.index)


def test_extensions_have_name_prefix_and_address(log):
    for extension in log.iter(f"{SPACE}extension"):
        assert set(extension.attrib) == {"name", "prefix", "uri"}
        assert re.fullmatch(r"[A-Za-z_][\w.-]*", extension.get("name"))


def test_every_attribute_has_a_key_and_a_value_of_its_type(log):
    prefixes = {each.get("prefix") for each in log.iter(f"{SPACE}extension")}
    for element in log.iter():
        if tag(element) not in ATTRIBUTES:
            continue
        assert set(element.attrib) == {"key", "value"}
        prefix, colon, _ = element.get("key").partition(":")
        assert not colon or prefix in prefixes
        if tag(element) == "date":
            assert INSTANT.fullmatch(element.get("value"))


def test_no_element_has_a_key_twice(log):
    for element in log.iter():
        keys = Counter(child.get("key") for child in attributes(element))
        assert all(count == 1 for count in keys.values())


def test_what_is_declared_global_is_there_everywhere(log):
    scopes = {each.get("scope"): set(values(each)) for each in log.iter(f"{SPACE}global")}

    assert set(scopes) == {"trace", "event"}
    for scope, keys in scopes.items():
        assert all(keys <= set(values(each)) for each in log.iter(f"{SPACE}{scope}"))
    (classifier,) = log.iter(f"{SPACE}classifier")
    assert set(classifier.get("keys").split()) <= scopes["event"]


def test_traces_hold_events_after_their_attributes_and_in_time(log):
    for trace in log.iter(f"{SPACE}trace"):
        kinds = [tag(child) == "event" for child in trace]
        assert kinds == sorted(kinds)
        times = [
            datetime.fromisoformat(values(event)["time:timestamp"])
            for event in trace.iter(f"{SPACE}event")
        ]
        assert times
        assert times == sorted(times)


def test_no_row_of_a_request_is_lost_and_the_life_cycle_is_the_standard_one(log):
    there, _ = played()
    events = list(log.iter(f"{SPACE}event"))

    assert len(events) == len(of_requests(there))
    assert {values(event)["lifecycle:transition"] for event in events} <= TRANSITIONS
    requests = {int(values(trace)["concept:name"]) for trace in log.iter(f"{SPACE}trace")}
    assert requests == set(np.unique(there.request[there.request >= 0]).tolist())


def test_work_in_a_line_is_one_activity_with_its_worker(log):
    started = [
        values(event)
        for event in log.iter(f"{SPACE}event")
        if values(event)["lifecycle:transition"] == "start" and "org:resource" in values(event)
    ]

    assert started
    assert all(each["concept:name"] in played()[1].names.line_types for each in started)


def test_activities_speak_chinese():
    assert 'value="上报"' in "".join(xes(*played(), 1, "zh"))


def test_the_same_log_gives_the_same_bytes(text):
    assert "".join(xes(*played(), 1)) == text


def test_pm4py_reads_it(text, tmp_path):
    pm4py = pytest.importorskip("pm4py", reason="pm4py is AGPL: a checker, no dependency")
    path = tmp_path / "log.xes"
    path.write_text(text, encoding="utf-8")

    assert len(pm4py.read_xes(str(path))) == len(of_requests(played()[0]))
