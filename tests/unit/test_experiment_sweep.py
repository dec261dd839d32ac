"""Designs, blocks and standings of sweeps."""

import gzip
import json
import os

import numpy as np
import pandas as pd
import pytest

from sim.errors import ScenarioError, StoreError, WorkerError
from sim.experiment.blocks import (
    Block,
    Identity,
    block_name,
    merge_blocks,
    open_folder,
    read_block,
    scenario_digest,
    write_block,
)
from sim.experiment.design import (
    DesignError,
    check_levers,
    grid,
    parse_lever,
    points_of,
    short_names,
    size_of,
)
from sim.experiment.points import UnknownPath, design_of
from sim.experiment.proposed import proposed
from sim.experiment.replicate import replicate
from sim.experiment.sweep import open_sweep, play_sweep, standings
from sim.experiment.sweep_work import Shard, play_and_pack, tasks_of
from sim.scenario.reader import load_scenario, read_scenario
from sim.scenario.resolve import paths_of
from tests.conftest import ROOT
from tests.small_scenario import write_scenario

PER = "pools.grid_workers.staff.rules.by_households.per"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a=200:400:50", ("200", "250", "300", "350", "400")),
        ("a=0.1:0.3:0.1", ("0.1", "0.2", "0.3")),
        ("a=5:1:-2", ("5", "3", "1")),
        ("a=1:6:2", ("1", "3", "5")),
        ("a=2 h:6 h:2 h", ("2 h", "4 h", "6 h")),
        ("a=2h,4h", ("2h", "4h")),
        ("a=[x, y], [z]", ("[x, y]", "[z]")),
        ("a={exponential: 1 h}", ("{exponential: 1 h}",)),
        ("a='x,y',z", ("'x,y'", "z")),
        ("a.b[0].c=08:30,09:00", ("08:30", "09:00")),
        ("a=08:30", ("08:30",)),
        ("a=3..6", ("3", "4", "5", "6")),
        ("a=0.3..0.35", ("0.30", "0.31", "0.32", "0.33", "0.34", "0.35")),
        ("a=2 h..4 h", ("2 h", "3 h", "4 h")),
    ],
)
def test_values_of_a_lever(text, values):
    assert parse_lever(text).values == values


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a=",
        "=1,2",
        "a=1,,2",
        "a=1,1",
        "a=1:5:0",
        "a=5:1:1",
        "a=1h:5d:1h",
        "a=0:1:0.00001",
        "a=5..1",
        "a=1h..5d",
        "a=0..1.00000",
    ],
)
def test_what_makes_no_sense_is_refused_in_both_languages(text):
    with pytest.raises(DesignError) as refused:
        parse_lever(text)

    assert refused.value.message("en") != refused.value.message("zh")


@pytest.mark.parametrize("paths", [("a.b", "a.b.c"), ("a.b[0].c", "a.b"), ("a", "a")])
def test_levers_that_overlap_are_refused(paths):
    with pytest.raises(DesignError):
        check_levers([parse_lever(f"{path}=1,2") for path in paths])


def test_levers_beside_each_other_are_not():
    check_levers([parse_lever("a.b=1,2"), parse_lever("a.bc=1,2"), parse_lever("a.c=1")])


def test_what_a_sweep_decides_itself_is_no_lever():
    with pytest.raises(DesignError):
        check_levers([parse_lever("run.seed=1,2")])


def test_a_grid_holds_every_combination_the_first_lever_slowest():
    levers = [parse_lever("x.n=1,2"), parse_lever("x.t=2h,4h")]
    points = grid(levers)

    assert size_of(levers) == len(points) == 4
    assert [point.values for point in points] == [
        ("1", "2h"), ("1", "4h"), ("2", "2h"), ("2", "4h"),
    ]  # fmt: skip
    assert points[1].overrides == ("x.n=1", "x.t=4h")
    assert points[1].name == "n 1, t 4h"


SPACE = ["a.n=200..600", "a.t=2 h:8 h:2 h", "a.share=0.20..0.60", "a.word=x,y,z"]


def sampled(kind, count, seed=1):
    return points_of([parse_lever(text) for text in SPACE], kind, count, seed)


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_a_sampled_design_is_made_of_values_and_is_the_same_for_the_same_seed(kind):
    points = sampled(kind, 64)

    for place, text in enumerate(SPACE):
        lever = parse_lever(text)
        used = {point.values[place] for point in points}
        assert used <= set(lever.values)
        assert len(used) >= min(len(lever.values), 25)
    assert sampled(kind, 64) == points
    assert sampled(kind, 64, seed=2) != points
    assert len(sampled(kind, 50)) == 50  # no power of two, and no warning


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_every_slice_of_a_lever_holds_one_point(kind):
    lever = parse_lever("a=0..63")
    points = points_of([lever, parse_lever("b=0.00..1.00")], kind, 64, 3)

    assert sorted(int(point.values[0]) for point in points) == list(range(64))


def test_points_that_rounding_makes_equal_are_played_once():
    points = points_of([parse_lever("a=1,2"), parse_lever("b=x,y")], "lhs", 40, 1)

    assert len(points) == 4
    assert [point.number for point in points] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "kind", "count"),
    [("a=1..5", "grid", None), ("a=1:5:1", "grid", 3), ("a=1:5:1", "lhs", None)],
)
def test_a_design_needs_what_it_needs(text, kind, count):
    with pytest.raises(DesignError):
        points_of([parse_lever(text)], kind, count)


@pytest.mark.parametrize("of", [1, 2, 3, 7, 40])
def test_shards_are_disjoint_and_together_the_whole(of):
    parts = [tasks_of(5, 6, Shard(number, of)) for number in range(1, of + 1)]

    assert [task for part in parts for task in part] == list(tasks_of(5, 6))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_names_are_as_long_as_they_must_be():
    assert short_names(["pools.a.staff", "pools.b.staff", "run.tick"]) == (
        "a.staff",
        "b.staff",
        "tick",
    )


def test_a_field_that_is_not_there_is_named_with_those_like_it(tmp_path):
    file = str(write_scenario(tmp_path))
    lever = parse_lever(PER.replace("workers", "workes", 1) + "=200,300")

    with pytest.raises(UnknownPath) as unknown:
        design_of(file, (), [lever], grid([lever]))

    assert unknown.value.near[0] == PER


def test_an_option_that_the_scenario_leaves_out_can_be_varied(tmp_path):
    file = str(write_scenario(tmp_path))
    option = parse_lever("lines.desk.limit=3,5")
    slip = parse_lever("lines.desk.limt=3,5")

    assert len(design_of(file, (), [option], grid([option])).readings) == 2
    with pytest.raises(UnknownPath):
        design_of(file, (), [slip], grid([slip]))


def test_the_problems_of_all_points_are_told_each_once(tmp_path):
    file = str(write_scenario(tmp_path))
    levers = [parse_lever(f"{PER}=300,-1"), parse_lever("run.horizon=10 d,11 d,5 x")]

    with pytest.raises(ScenarioError) as wrong:
        design_of(file, (), levers, grid(levers))

    assert len(wrong.value.problems) == 2


def block():
    figures = pd.DataFrame(
        {
            "metric": ["a", "b"],
            "by": "all",
            "group": "全部",
            "value": [0.1 + 0.2, np.nan],
            "unit": "h",
            "n": [3.0, 0.0],
        }
    )
    return Block(4, figures, "d" * 64, 17)


@pytest.fixture
def folder(tmp_path):
    open_folder(tmp_path / "out", Identity("small", "s", "v", 1))
    return tmp_path / "out"


def test_a_block_reads_back_exactly(folder):
    write_block(folder, "name", block())
    back = read_block(folder, "name")

    assert back is not None
    pd.testing.assert_frame_equal(back.figures, block().figures, check_exact=True)
    assert (back.replication, back.digest, back.events) == (4, "d" * 64, 17)
    assert [path.name for path in (folder / "blocks").iterdir()] == ["name.json.gz"]


@pytest.mark.parametrize("harm", ["cut", "changed", "renamed", "empty", "other"])
def test_a_damaged_block_counts_as_missing(folder, harm):
    write_block(folder, "name", block())
    path = folder / "blocks" / "name.json.gz"
    data = path.read_bytes()
    if harm == "renamed":
        path.rename(path.with_name("other.json.gz"))
        assert read_block(folder, "other") is None
        return
    changed = gzip.compress(gzip.decompress(data).replace(b"3.0", b"3.5"))
    harmed = {"cut": data[:40], "changed": changed, "empty": b"", "other": b"letter"}[harm]
    assert gzip.decompress(changed) != gzip.decompress(data)
    path.write_bytes(harmed)

    assert read_block(folder, "name") is None


def test_names_depend_on_all_that_decides_a_block():
    names = {
        block_name("s", "v", 1, 1), block_name("t", "v", 1, 1), block_name("s", "w", 1, 1),
        block_name("s", "v", 2, 1), block_name("s", "v", 1, 2),
    }  # fmt: skip

    assert len(names) == 5
    assert all(len(name) == 20 for name in names)


def test_the_digest_is_of_the_scenario_not_of_how_it_is_written(tmp_path):
    file = write_scenario(tmp_path)
    same = scenario_digest(read_scenario(file, ["run.replications=9", "run.seed=8"]))

    assert scenario_digest(read_scenario(file)) == same
    assert scenario_digest(read_scenario(file, [f"{PER}=299"])) != same


@pytest.mark.parametrize("field", ["scenario", "scenario_digest", "version", "seed"])
def test_a_folder_of_something_else_is_refused_with_the_reason(folder, field):
    other = Identity("small", "s", "v", 1)._replace(**{field: 2 if field == "seed" else "x"})

    with pytest.raises(StoreError, match=field.split("_")[0]):
        open_folder(folder, other)


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")

    with pytest.raises(StoreError, match="not of a sweep"):
        open_folder(tmp_path, Identity("small", "s", "v", 1))


def test_blocks_of_another_folder_are_taken_over_but_not_damaged_ones(folder, tmp_path):
    other = tmp_path / "other"
    open_folder(other, Identity("small", "s", "v", 1))
    for name in ("one", "two", "bad"):
        write_block(other, name, block())
    write_block(folder, "one", block())
    (other / "blocks" / "bad.json.gz").write_bytes(b"cut")

    assert merge_blocks(folder, [other]) == 1
    assert sorted(p.name for p in (folder / "blocks").iterdir()) == [
        "one.json.gz",
        "two.json.gz",
    ]
    with pytest.raises(StoreError, match="holds no sweep"):
        merge_blocks(folder, [tmp_path])


def test_a_shard_that_begins_at_the_same_instant_is_no_stranger(tmp_path):
    (tmp_path / "sweep.json.tmp-elsewhere-17").write_text("{")

    open_folder(tmp_path, Identity("small", "s", "v", 1))


def test_a_full_disk_is_told_and_leaves_no_piece(folder, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left") as told:
        write_block(folder, "name", block())
    assert "磁盘已满。已完成的重复均已保留" in told.value.message("zh")

    assert list((folder / "blocks").iterdir()) == []


def test_standings():
    cost = pd.Series([1.0, 2.0, 3.0, 2.5, np.nan])
    worth = -pd.Series([9.0, 2.0, 1.0, 5.0, 1.0])

    assert standings(cost, worth) == ["frontier", "knee", "frontier", "dominated", "unknown"]


def test_a_point_is_what_its_scenario_gives_alone(tmp_path):
    file = str(write_scenario(tmp_path))
    lever = parse_lever(f"{PER}=300,150")
    design = design_of(file, (), [lever], grid([lever]), replications=2)
    done = []
    found = play_sweep(open_sweep(design, tmp_path / "out"), workers=1, on_done=done.append)
    alone = replicate(read_scenario(file, [f"{PER}=150"]), 2, workers=1)

    assert done == [1, 2, 1, 2]
    assert found.runs[1].digests == alone.digests
    pd.testing.assert_frame_equal(found.runs[1].summary(), alone.summary(), check_exact=True)
    again = open_sweep(design, tmp_path / "out")
    assert again.missing == ()
    record = json.loads((tmp_path / "out" / "sweep.json").read_text(encoding="utf-8"))
    assert record["scenario"] == "small"


def test_a_worker_of_another_version_is_refused(tmp_path):
    file = str(write_scenario(tmp_path))
    lever = parse_lever(f"{PER}=300")
    opened = open_sweep(design_of(file, (), [lever], grid([lever])), tmp_path / "out")

    with pytest.raises(WorkerError, match="another version"):
        play_and_pack(opened.work._replace(program="0.0.9"), (0, 1))


@pytest.mark.parametrize("family", ["anqiu", "bijiang", "hanting"])
def test_a_shipped_family_proposes_what_a_planner_would_vary(family):
    reading = load_scenario(str(ROOT / "scenarios" / f"{family}.yaml"))
    asked = proposed(reading)

    assert asked is not None
    for lever in asked.levers:
        assert any(path.startswith(lever.path) for path in paths_of(reading.model)), lever.path
    # A planner has an afternoon: a city plays in about four seconds.
    assert size_of(asked.levers) * asked.replications <= 40


def test_a_lever_that_an_override_takes_away_is_wrong_only_once_it_is_moved():
    file = str(ROOT / "scenarios" / "hanting.yaml")
    flat = "pools.community_workers.staff=200"
    reading = load_scenario(file, [flat])
    levers = proposed(reading).levers

    with pytest.raises(UnknownPath, match=r"norm\.per"):
        design_of(file, [flat], levers, grid(levers))
