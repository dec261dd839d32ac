"""``gridgov import`` and ``replay`` on small made-up logs."""

import json
from datetime import timedelta

import pytest

from tests.exchange import made_logs

STAFFED = """\
name: staffed
title: Staffed
run: {horizon: 1 d, replications: 4}
places:
  root: {level: district, name: district, households: 3000}
sources:
  reports: {kind: arrivals, classes: {desk: 1}, rate: 5/day}
requests:
  desk: {flow: once, work: {exponential: 40 min}}
flows:
  once: {start: handle, steps: {handle: {work: {line: desk}}}}
lines:
  desk: {}
pools:
  staff:
    staff: {rules: {norm: {workers: 1, per: 300, of: household}}}
    serves: [desk]
"""
PLAY = ("-n", 8, "--workers", 1, "--engine", "reference", "-q")


@pytest.fixture
def log(tmp_path):
    return made_logs.los_angeles(tmp_path, made_logs.requests(days=8))


def test_a_log_becomes_a_scenario_that_gives_it_back(gridgov, log):
    code, out, _ = gridgov("import", log, "--as", "la", "--out", "made.yaml")
    assert code == 0
    assert "dropped: none" in out

    assert gridgov("validate", "made.yaml")[0] == 0
    play = ("--scenario", "made.yaml", "--demand", "scenario", "--follow-up", "90 d", "--check")
    code, out, err = gridgov("replay", log, "--as", "la", *play, *PLAY, "--json")

    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["differ"] == 0
    figures = {(row["class"], row["metric"]): row for row in told["figures"]}
    counts = figures["all", "reported"]
    assert counts["observed"] == told["requests"]
    assert counts["p"] is not None
    assert counts["low"] < counts["observed"] < counts["high"]


def test_a_scenario_that_closes_otherwise_fails_the_check(gridgov, log, tmp_path):
    gridgov("import", log, "--as", "la", "--out", "made.yaml")
    slower = tmp_path / "slower.yaml"
    slower.write_text(
        "extends: made.yaml\nname: slower\n"
        "flows: {dead_animal: {steps: {outside: {delay: 40 h}}}}\n"
    )
    play = ("--scenario", slower, "--demand", "scenario", "--follow-up", "90 d", "--check")

    code, out, _ = gridgov("replay", log, "--as", "la", *play, *PLAY, "--json")

    assert code == 3
    off = {row["class"] for row in json.loads(out)["figures"] if row["differs"]}
    assert "dead_animal" in off
    assert not off & {"bulky_items", "street_light"}


def test_the_very_requests_meet_another_staffing(gridgov, log, tmp_path):
    (tmp_path / "staffed.yaml").write_text(STAFFED)
    (tmp_path / "classes.yaml").write_text("classes: {'*': desk}\n")
    play = ("--scenario", "staffed.yaml", "--classes", "classes.yaml")

    code, out, _ = gridgov("replay", log, "--as", "la", *play, *PLAY, "--json")

    assert code == 0
    told = json.loads(out)
    assert told["replaced_sources"] == ["reports"]
    assert set(told["classes"].values()) == {"desk"}
    figures = {(row["class"], row["metric"]): row for row in told["figures"]}
    counts = figures["desk", "reported"]
    assert counts["given"]
    assert counts["low"] == counts["high"] == counts["observed"] == told["requests"]
    # Hands-on work of 40 min and nothing else: far quicker than the log.
    assert figures["desk", "resolution_median"]["middle"] < 2
    assert figures["desk", "resolution_median"]["differs"]

    few = ("--set", "pools.staff.staff.rules.norm.per=3000")
    _, out, _ = gridgov("replay", log, "--as", "la", *play, *few, *PLAY, "--json")
    slow = {(row["class"], row["metric"]): row for row in json.loads(out)["figures"]}
    assert slow["desk", "resolution_median"]["middle"] > 10


def test_types_without_a_class_are_named(gridgov, log, tmp_path):
    (tmp_path / "staffed.yaml").write_text(STAFFED)
    (tmp_path / "classes.yaml").write_text("classes: {Dead Animal: desk}\n")

    play = ("--scenario", "staffed.yaml", "--classes", "classes.yaml")
    code, out, _ = gridgov("replay", log, "--as", "la", *play, *PLAY)

    assert code == 0
    assert "Not played, as the scenario has no class for them" in out
    assert "bulky_items" in out

    code, _, err = gridgov("replay", log, "--as", "la", "--scenario", "staffed.yaml", *PLAY)
    assert code == 2
    assert "--classes" in err


def test_on_time_closing_is_recomputed(gridgov, tmp_path):
    made = made_logs.requests(days=8)
    path = made_logs.boston(tmp_path, made, timedelta(hours=30))

    code, out, _ = gridgov("import", path, "--as", "boston", "--cases", "cases.csv", "--json")

    assert code == 0
    found = json.loads(out)["on_time"]
    due = [one for one in made if one.number % 4]
    in_time = sum(
        one.closed is not None and one.closed - one.created <= timedelta(hours=30)
        for one in due
    )
    assert (found["due"], found["in_time"]) == (len(due), in_time)
    assert found["without"] == len(made) - len(due)
    assert found["agreeing"] == found["flagged"] == len(made)
    assert len((tmp_path / "cases.csv").read_text().splitlines()) == len(made) + 1


def test_chinese_and_a_form_of_ones_own(gridgov, tmp_path):
    made_logs.new_york(tmp_path, made_logs.requests(days=8))
    (tmp_path / "columns.yaml").write_text(
        "受理时间: Created Date\n办结时间: Closed Date\n事项类型: Complaint Type\n"
        '时刻: "%m/%d/%Y %I:%M:%S %p"\n',
        encoding="utf-8",
    )

    code, out, _ = gridgov("import", "nyc.csv", "--as", "columns.yaml", "--lang", "zh")

    assert code == 0
    assert "按类别估计" in out
    assert "处置时间为假定" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("created: a\n", "type"),
        ("created: a\ntype: b\nclosd: c\n", "closed"),
        ("created: 3\ntype: b\n", "created"),
    ],
    ids=["missing", "misspelt", "number"],
)
def test_a_wrong_form_is_told_at_its_place(gridgov, tmp_path, log, text, said):
    (tmp_path / "columns.yaml").write_text(text)

    code, out, err = gridgov("import", log, "--as", "columns.yaml")

    assert (code, out) == (2, "")
    assert "columns.yaml:" in err
    assert said in err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--as", "paris"), "--as is one of la, boston, nyc, open311"),
        (("--as", "boston"), "there is no column open_dt"),
        (("--as", "la", "--hands-on", "soon"), "--hands-on"),
        (("--as", "la", "--until", "soon"), "--until"),
        (("--as", "la", "--encoding", "utf-16"), "is not UTF-16 text"),
    ],
    ids=["form", "columns", "length", "until", "encoding"],
)
def test_a_wrong_use_is_told(gridgov, log, more, said):
    code, out, err = gridgov("import", log, *more)

    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_nothing_is_replaced_without_force(gridgov, log, tmp_path):
    (tmp_path / "made.yaml").write_text("mine")

    assert gridgov("import", log, "--as", "la", "--out", "made.yaml")[0] == 2
    assert (tmp_path / "made.yaml").read_text() == "mine"
    assert gridgov("import", log, "--as", "la", "--out", "made.yaml", "--force")[0] == 0
