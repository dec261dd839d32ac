"""Files that extend one another, overrides, Chinese keys, and values with an origin."""

from fractions import Fraction
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from sim import units
from sim.errors import Problem, ScenarioError
from sim.model.distributions import Law
from sim.model.evidence import Evidence, Fact
from sim.scenario.reader import load_scenario, read_as, read_scenario

BASE = Path(__file__).parent / "base.yaml"


class Sample(BaseModel):
    """A small root model of every kind of field."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    class Part(BaseModel):
        model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
        workers: int = 1
        pay: units.PayRate | None = None
        priority: int | None = None

    class Red(BaseModel):
        model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
        kind: Literal["red"]
        shared: int = 0
        red: int = 0

    class Blue(BaseModel):
        model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
        kind: Literal["blue"]
        shared: int = 0
        blue: int = 0

    seed: int = 0
    horizon: units.Duration = 0
    shift: units.Duration | units.DateTime = 0
    weights: list[float] = Field(default_factory=list)
    pools: dict[str, Part] = Field(default_factory=dict)
    parts: list[Part] = Field(default_factory=list)
    either: Red | Blue | None = Field(default=None, discriminator="kind")
    any_of: Red | Blue | None = None
    work: Law | None = None


FACTS = Evidence(
    facts={
        fact.id: fact
        for fact in (
            Fact(id="t.grids", kind="structure", value=Fraction(7), unit="grids", operator="eq",
                 statement="There are 7 grids.", use="a count"),
            Fact(id="t.least", kind="rule", value=Fraction(10), unit="persons", operator="ge",
                 statement="At least 10 a grid.", use="a bound"),
        )
    }
)  # fmt: skip


@pytest.fixture
def read(tmp_path):
    def read_texts(text, *overrides, **others):
        for name, other in others.items():
            (tmp_path / f"{name}.yaml").write_text(other, encoding="utf-8")
        file = tmp_path / "x.yaml"
        file.write_text(text, encoding="utf-8")
        return read_as(Sample, file, overrides, evidence=lambda: FACTS)

    return read_texts


def codes(caught):
    return [problem.code for problem in caught.value.problems]


def test_mappings_merge_and_lists_replace(read):
    base = "seed: 3\nweights: [1.0, 2.0]\npools: {a: {workers: 2}, b: {workers: 5}}"

    got = read("extends: base.yaml\nweights: [4.0]\npools: {a: {priority: 1}}", base=base).model

    assert got.seed == 3
    assert got.weights == [4.0]
    assert got.pools["a"] == Sample.Part(workers=2, priority=1)
    assert got.pools["b"].workers == 5


def test_null_takes_an_inherited_entry_away(read):
    base = "pools: {a: {workers: 2}, b: {workers: 5}}"

    got = read("extends: base.yaml\npools: {a: null}", base=base).model

    assert set(got.pools) == {"b"}


def test_null_without_anything_inherited_is_a_mistake(read):
    with pytest.raises(ScenarioError) as caught:
        read("pools: {a: }")

    assert codes(caught) == ["null"]


def test_another_law_replaces_the_inherited_one(read):
    base = "work: {gamma: {mean: 1 h, cv: 2}}"

    got = read("extends: base.yaml\nwork: {exponential: 2 h}", base=base).model

    assert got.work.family == "exponential"


def test_the_same_law_keeps_what_the_heir_does_not_say(read):
    base = "work: {gamma: {mean: 1 h, cv: 2}}"

    got = read("extends: base.yaml\nwork: {gamma: {mean: 3 h}}", base=base).model

    assert (got.work.gamma.mean, got.work.gamma.cv) == (3 * units.HOUR, 2)


def test_another_kind_replaces_the_inherited_member(read):
    base = "either: {kind: red, red: 4, shared: 1}"

    got = read("extends: base.yaml\neither: {kind: blue, blue: 2}", base=base).model

    assert got.either == Sample.Blue(kind="blue", blue=2)


def test_a_problem_names_the_file_that_it_was_written_in(read, tmp_path):
    with pytest.raises(ScenarioError) as caught:
        read("extends: base.yaml\nsed: 1", base="horizon: 3\nsed: 2")

    places = [(Path(p.file).name, p.line, p.code) for p in caught.value.problems]
    assert places == [("base.yaml", 1, "unit-missing"), ("x.yaml", 2, "extra-forbidden")]


def test_grandparents_are_read_too(read):
    got = read(
        "extends: parent.yaml", parent="extends: old.yaml\nseed: 2", old="seed: 1\nhorizon: 2 h"
    )

    assert (got.model.seed, got.model.horizon) == (2, 2 * units.HOUR)
    assert [Path(file).name for file in got.files] == ["x.yaml", "parent.yaml", "old.yaml"]


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("seed=4", "seed", 4),
        ("horizon=2 weeks", "horizon", 14 * units.DAY),
        ("pools.a.workers=9", "pools.a.workers", 9),
        ("pools.网格员.workers=9", "pools.网格员.workers", 9),
        ("parts[1].workers=9", "parts.1.workers", 9),
        ("weights=[1.0, 2.5]", "weights.1", 2.5),
        ("队伍.a.人数=9", "pools.a.workers", 9),
        ("pools={a: {人数: 9}}", "pools.a.workers", 9),
        ("work={gamma: {mean: 1 h, cv: 1}}", "work.gamma.cv", 1),
    ],
)
def test_an_override_replaces_one_value(read, override, path, value):
    got = read(
        "pools: {a: {workers: 1}}\nparts: [{}, {workers: 2}]\nwork: 5 min", override
    ).model

    for step in path.split("."):
        got = got[int(step)] if step.isdigit() else (
            got[step] if isinstance(got, dict) else getattr(got, step)
        )  # fmt: skip
    assert got == value


def test_an_override_of_one_value_leaves_its_neighbours(read):
    got = read("pools: {a: {workers: 4, priority: 2}}", "pools.a.workers=5").model

    assert got.pools["a"] == Sample.Part(workers=5, priority=2)


def test_an_override_of_null_takes_an_entry_away(read):
    assert read("pools: {a: {}, b: {}}", "pools.a=null").model.pools.keys() == {"b"}


def test_an_override_replaces_a_value_with_its_origin(read):
    got = read("seed: {assumed: 3, range: [1, 5], because: x}", "seed=9")

    assert got.model.seed == 9
    assert got.provenance["seed"].kind == "plain"


@pytest.mark.parametrize(
    ("override", "report"),
    [
        ("sede=4", "--set sede=4:1:1: sede: unknown key 'sede'"),
        ("pools.a.wrks=4", "--set pools.a.wrks=4:1:1: pools.a.wrks: unknown key 'wrks'"),
        ("horizon=2 hrs", "--set horizon=2 hrs:1:9: horizon: unknown unit 'hrs'"),
        ("horizon", "--set horizon:1:1: --set takes 'path=value'"),
        ("=3", "--set =3:1:1: --set takes 'path=value'"),
        ("a..b=3", "--set a..b=3:1:1: --set takes 'path=value'"),
        ("parts[7].workers=1", "--set parts[7].workers=1:1:1: parts: there is no item [7]; the"
         " list has 2"),
        ("seed=[1", "--set seed=[1:1:6: this is not YAML: did not find expected ',' or ']'"),
        ("seed=", "--set seed=:1:6: seed: has no value"),
    ],
)  # fmt: skip
def test_a_wrong_override_is_told_like_a_wrong_file(read, override, report):
    with pytest.raises(ScenarioError) as caught:
        read("pools: {a: {workers: 1}}\nparts: [{}, {workers: 2}]", override)

    assert caught.value.render("en").splitlines()[0] == report


def test_an_override_shows_its_text_and_a_caret(read):
    with pytest.raises(ScenarioError) as caught:
        read("seed: 1", "horizon=2 hrs")

    assert caught.value.problems[0].frame == "    1 | horizon=2 hrs\n      |         ^^^^^"


def test_chinese_keys_are_stored_in_english(read):
    got = read("随机种子: 3\n队伍: {网格员: {人数: 2, 优先级: 1}}")

    assert got.model == read("seed: 3\npools: {网格员: {workers: 2, priority: 1}}").model


def test_a_name_is_never_translated(read):
    assert read("pools: {人数: {workers: 2}, seed: {}}").model.pools.keys() == {"人数", "seed"}


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("{reported: t.grids}", 7, "reported"),
        ("{报告: t.grids}", 7, "reported"),
        ("{reported: t.least, use: 12}", 12, "reported"),
        ('{derived: "ceil(t.grids / 2)"}', 4, "derived"),
        ('{derived: "t.grids * t.least", use: {t.least: 11}}', 77, "derived"),
        ("{assumed: 3, range: [1, 5], because: a guess}", 3, "assumed"),
        ("{calibrated: 3, because: fitted to closed cases}", 3, "calibrated"),
        ("3", 3, "plain"),
    ],
)
def test_a_value_may_say_where_it_comes_from(read, text, value, kind):
    got = read(f"seed: {text}")

    assert got.model.seed == value
    assert got.provenance["seed"].kind == kind


def test_a_fact_becomes_a_quantity_by_its_unit(read):
    got = read("horizon: {reported: t.grids, unit: d}\nwork: {derived: 't.grids / 3', unit: h}")

    assert got.model.horizon == 7 * units.DAY
    assert got.model.work.constant == 140 * units.MINUTE


def test_a_bound_says_which_value_is_used(read):
    with pytest.raises(ScenarioError) as caught:
        read("seed: {reported: t.least}")

    assert codes(caught) == ["use-missing"]


def test_a_mistake_in_a_formula_is_shown_inside_the_formula(read):
    with pytest.raises(ScenarioError) as caught:
        read('seed: {derived: "1 + t.girds"}')

    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (1, 22)


def test_an_heir_replaces_an_origin_instead_of_mixing_two(read):
    base = "seed: {assumed: 3, range: [1, 5], because: x}"

    got = read("extends: base.yaml\nseed: {reported: t.grids}", base=base)

    assert got.model.seed == 7
    assert got.provenance["seed"].range is None


def test_of_a_union_only_the_member_that_was_meant_is_told(read):
    with pytest.raises(ScenarioError) as caught:
        read("any_of: {kind: red, rd: 3}\nshift: 30 hrs")

    assert codes(caught) == ["extra-forbidden", "unit-unknown"]
    assert caught.value.problems[0].hint_en.startswith("Did you mean 'red'?")


def test_all_problems_come_at_once_and_in_file_order(read):
    with pytest.raises(ScenarioError) as caught:
        read("sede: 1\nhorizon: 3\nseed: x\nseed: 2\nweights: 3\n")

    assert [problem.line for problem in caught.value.problems] == [1, 2, 3, 4, 5]


def test_rules_across_fields_run_only_when_every_field_is_right(read, tmp_path):
    called = []
    file = tmp_path / "y.yaml"
    file.write_text("seed: x")

    with pytest.raises(ScenarioError):
        read_as(Sample, file, rules=[lambda *given: called.append(given) or []])

    assert called == []


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ("seed", 1, 7),
        ("pools.a.workers", 3, 17),
        ("pools.a", 3, 3),
        ("pools.a.priority", 3, 3),
        ("parts[1].workers", 4, 23),
        ("work.constant", 5, 7),
        ("horizon", 1, 1),
    ],
)
def test_a_rule_across_fields_is_told_at_the_nearest_written_place(
    tmp_path, path, line, column
):
    file = tmp_path / "x.yaml"
    file.write_text(
        "seed: 1\npools:\n  a: {workers:  2}\nparts: [{}, {workers: 3}]\nwork: 1 h\n"
    )
    problem = Problem(code="rule", message_en="no", message_zh="不", path=path)

    with pytest.raises(ScenarioError) as caught:
        read_as(Sample, file, rules=[lambda _: [problem]])

    told = caught.value.problems[0]
    assert (told.path, told.line, told.column) == (path, line, column)
    assert "^" in told.frame


def test_a_whole_scenario_is_read():
    system = read_scenario(BASE, ["pools.workers.staff=3", "运行.时长=3 周"])

    assert system.run.horizon == 21 * units.DAY
    assert system.pools["workers"].staff.rules["count"].workers == 3


def test_facts_are_looked_up_only_where_they_are_named():
    def fail():
        raise AssertionError

    from sim.model.system import System

    assert read_as(System, BASE, evidence=fail).model == load_scenario(BASE).model
