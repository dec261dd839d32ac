"""A CSV table of places: read as rows, and every mistake told at its cell."""

from pathlib import Path

import pytest

from sim.cli.main import main
from sim.errors import ScenarioError
from sim.model.places import PlaceRow
from sim.plan.compile import compile_plan
from sim.scenario.laying_out import compile_reading
from sim.scenario.reader import load_scenario, read_scenario
from sim.scenario.resolve import resolved

BASE = (Path(__file__).parent / "base.yaml").read_text(encoding="utf-8")
LEVELS = "  levels:\n    grid: {within: community, count: 10}\n"
TABLED = BASE.replace(LEVELS, "  table: town.csv\n").replace(
    "level: community,", "level: community, name: East,"
)
TOWN = """\
name,level,parent,households,shops
g1,grid,East,1200,4
g2,grid,East,1800,
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("town.yaml").write_text(TABLED, encoding="utf-8")
    Path("base.yaml").write_text(BASE, encoding="utf-8")
    return tmp_path


def write(text, encoding="utf-8", name="town.csv"):
    Path(name).write_bytes(text.encode(encoding))


def problems_of(file="town.yaml", *overrides):
    with pytest.raises(ScenarioError) as caught:
        compile_reading(load_scenario(file, overrides))
    return caught.value.problems


def rows_of(file="town.yaml", *overrides):
    return read_scenario(file, overrides).places.rows


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TOWN, "utf-8"),
        (TOWN, "utf-8-sig"),
        (TOWN.replace("\n", "\r\n"), "utf-8-sig"),
        (TOWN.replace("name,level,parent,households,shops", "名称,级别,上级,户数,商铺数"),
         "utf-8-sig"),
        (TOWN.replace("East", '"East"').replace("g1", " g1 "), "utf-8"),
        (TOWN.replace("\n", ",,\n") + "\n,,,,\n\n", "utf-8"),
    ],
    ids=["plain", "with a mark", "as Excel ends lines", "Chinese", "quoted", "empty cells"],
)  # fmt: skip
def test_a_table_is_read_as_rows(folder, text, encoding):
    write(text, encoding)

    assert rows_of() == [
        PlaceRow(name="g1", level="grid", parent="East", households=1200, shops=4),
        PlaceRow(name="g2", level="grid", parent="East", households=1800),
    ]


def test_the_table_makes_the_town(folder):
    write(TOWN)
    plan = compile_plan(read_scenario("town.yaml"))

    assert plan.names.places == ("East", "East/g1", "East/g2")
    assert list(plan.place_households) == [3000, 1200, 1800]


def test_columns_may_stand_in_any_order_and_hold_quotes_and_commas(folder):
    write('level,"parent",name,households\ngrid,East,"g, ""1""",3000\n')

    (problem,) = problems_of()

    assert (problem.position, problem.path) == ("town.csv:2:11", "places.rows[0].name")
    assert "'g, \"1\"'" in problem.message_en


def test_the_name_of_a_table_is_relative_to_the_file_that_says_it(folder):
    (folder / "sub").mkdir()
    write(TOWN, name="sub/town.csv")
    Path("sub/town.yaml").write_text(TABLED, encoding="utf-8")
    Path("variant.yaml").write_text("extends: sub/town.yaml\nname: other\n", encoding="utf-8")

    assert len(rows_of("variant.yaml")) == 2


@pytest.mark.parametrize(
    ("text", "rows", "levels"),
    [
        ("extends: base.yaml\nplaces: {root: {name: East}, table: town.csv}", 2, 0),
        ("extends: town.yaml\nplaces: {levels: {grid: {within: community, count: 3}}}", 0, 1),
        ("extends: town.yaml\nplaces: {table: null,"
         " levels: {grid: {within: community, count: 3}}}", 0, 1),
        ("extends: town.yaml\n地点: {表格: town.csv}", 2, 0),
    ],
    ids=["table for levels", "levels for a table", "table taken away", "Chinese key"],
)  # fmt: skip
def test_an_heir_may_choose_the_other_description(folder, text, rows, levels):
    write(TOWN)
    Path("heir.yaml").write_text(text, encoding="utf-8")

    places = read_scenario("heir.yaml").places

    assert (len(places.rows), len(places.levels)) == (rows, levels)


def test_an_override_may_name_a_table_or_change_a_row(folder):
    write(TOWN)
    named = read_scenario("base.yaml", ["places.root.name=East", "places.table=town.csv"])

    assert (len(named.places.rows), named.places.levels) == (2, {})
    assert rows_of("town.yaml", "places.rows[1].households=5")[1].households == 5


def test_the_resolved_text_shows_the_rows(folder):
    write(TOWN)
    reading = load_scenario("town.yaml")
    text = resolved(reading)
    Path("copy.yaml").write_text(text, encoding="utf-8")

    line = "{name: g1, level: grid, parent: East, households: 1200, shops: 4, floors: 0}"
    assert f"    - {line}  # default: floors\n" in text
    assert "town.csv" not in text
    assert read_scenario("copy.yaml") == reading.model


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "table-empty", "1:1"),
        ("name,level,parent\n", "table-empty", "1:1"),
        (TOWN.replace(",", ";"), "table-separator", "1:1"),
        (TOWN.replace("households", "housholds"), "table-column", "1:19"),
        (TOWN.replace("shops", "name"), "table-twice", "1:30"),
        (TOWN.replace("parent", "floors"), "table-lacks", "1:1"),
        (TOWN.replace("1200", '"1,200"'), "table-number", "2:14"),
        (TOWN.replace("1200", "-5"), "table-number", "2:14"),
        (TOWN.replace("1800,", "1800"), "table-cells", "3:1"),
        (TOWN.replace("1800,", "1800,,7"), "table-cells", "3:1"),
        (TOWN.replace("g2", '"g2'), "table-quote", "3:1"),
        (TOWN.replace("g2", "2g"), "string-pattern-mismatch", "3:1"),
        (TOWN.replace("g2,", ","), "string-too-short", "3:1"),
        (TOWN.replace("g2,grid,East", "g2,grid,West"), "cannot-lay-out", "3:9"),
        (TOWN.replace("g2", "g1"), "cannot-lay-out", "3:1"),
    ],
)
def test_a_mistake_is_told_at_its_cell(folder, text, code, place):
    write(text)
    problem = problems_of()[0]

    assert (problem.code, problem.position) == (code, f"town.csv:{place}")
    assert problem.message_zh != problem.message_en


def test_all_mistakes_of_a_table_are_told_at_once_in_order(folder):
    write(TOWN.replace("1200", "many").replace("1800", "few"))

    assert [p.position for p in problems_of()] == ["town.csv:2:14", "town.csv:3:14"]


def test_a_table_saved_as_gbk_is_told_plainly(folder):
    write(TOWN.replace("East", "东街"), "gbk")
    (problem,) = problems_of()

    assert problem.position == "town.csv:1:1"
    assert "GBK" in problem.message_en
    assert "CSV UTF-8" in problem.hint_zh


@pytest.mark.parametrize(
    ("override", "code"),
    [
        ("places.table=twon.csv", "table-missing"),
        ("places.table=[a]", "table-not-text"),
        ("places={tabel: town.csv}", "extra-forbidden"),
    ],
)
def test_a_table_that_cannot_be_meant_is_told_where_it_is_named(folder, override, code):
    write(TOWN)
    problem = problems_of("base.yaml", override)[0]

    assert problem.code == code
    assert problem.file.startswith("--set ")
    if code in ("table-missing", "extra-forbidden"):
        assert problem.hint_en.startswith("Did you mean 't")


def test_two_descriptions_in_one_file_are_a_mistake(folder):
    write(TOWN)
    Path("both.yaml").write_text(
        TABLED.replace("town.csv", "town.csv\n" + LEVELS.rstrip()), encoding="utf-8"
    )
    (problem,) = problems_of("both.yaml")

    assert (problem.code, problem.position) == ("table-and", "both.yaml:6:3")
    assert "'levels'" in problem.message_en


def test_a_table_of_a_million_rows_is_refused(folder):
    write("name,level,parent\n" + "g,g,g\n" * 20_001)

    assert problems_of()[0].code == "table-rows"


def test_a_run_of_a_wrong_table_writes_nothing(folder, capsys):
    write(TOWN.replace("1200", "many"))
    before = sorted(folder.rglob("*"))

    with pytest.raises(SystemExit) as ended:
        main(["run", "town.yaml", "-q"])

    assert ended.value.code == 2
    assert "town.csv:2:14: places.rows[0].households" in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before
