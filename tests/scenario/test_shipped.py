"""Every shipped scenario reads, compiles and plays; its head counts are those reported."""

from functools import cache
from math import ceil
from pathlib import Path

import numpy as np
import pytest

from sim.demand.trace import Exogenous, check_trace, draw_trace, exogenous
from sim.engine.reference import play
from sim.eventlog import EventLog
from sim.experiment.results import input_origins
from sim.metrics import measure
from sim.metrics.catalogue import METRICS
from sim.model.notion import Text
from sim.model.system import System
from sim.plan.check import check_plan
from sim.plan.codes import Code
from sim.plan.compile import compile_plan
from sim.plan.layout import Plan
from sim.scenario.evidence import load_evidence
from sim.scenario.reader import load_scenario, read_scenario
from sim.units import HOUR

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"
TOWNS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
THEORY = sorted(f"theory/{path.stem}" for path in (FOLDER / "theory").glob("*.yaml"))
# Megacity takes a minute; megacity-small stands for it wherever a scenario is played.
PLAYED = [name for name in THEORY if name != "theory/megacity"]
# Variants play two weeks in tests/scenario/test_two_weeks.py; here their bases are enough.
BASES = [name for name in TOWNS if "\nrun:" in (FOLDER / f"{name}.yaml").read_text("utf-8")]
HANTING = [name for name in TOWNS if name.startswith("hanting")]
ANQIU = [name for name in TOWNS if name.startswith("anqiu")]
SHORT_TOWN = ("run.horizon=3 d", "run.warm_up=0 h", "run.cool_down=0 h")


def path_of(name: str) -> Path:
    """The file of a shipped scenario."""
    return FOLDER / f"{name}.yaml"


def fact(name: str) -> int:
    """A reported whole number."""
    return int(load_evidence().reported(name))


@cache
def short(name: str) -> Plan:
    """A plan of a scenario over a few days; Bijiang's war begins at once."""
    overrides: tuple[str, ...] = SHORT_TOWN
    if name == "bijiang":
        overrides = (*overrides, "shocks.outbreak.start=1 d", "modes.war.activation=1 h")
    if name in THEORY:
        horizon = read_scenario(path_of(name)).run.horizon
        overrides = (f"run.horizon={max(horizon // 50, 4 * HOUR)} us", "run.warm_up=0 h")
    return compile_plan(read_scenario(path_of(name), overrides))


def people(plan: Plan, pool: str, level: str | None = None) -> list[int]:
    """Peacetime head count of a pool, in all, or in each place of a level."""
    of_type = plan.pool_type == plan.names.pool_types.index(pool)
    counts = plan.pool_staff[0][of_type]
    if level is None:
        return [int(counts.sum())]
    number = plan.names.levels.index(level)
    homes = plan.place_at[plan.pool_place[of_type], number]
    places = np.flatnonzero(plan.place_level == number)
    return [int(counts[homes == place].sum()) for place in places]


def number_of(plan: Plan, level: str) -> int:
    """How many places a level has."""
    return int((plan.place_level == plan.names.levels.index(level)).sum())


def rows(log: EventLog, *codes: Code) -> np.ndarray:
    """Requests of the rows with these codes."""
    return log.request[np.isin(log.code, codes)]


@pytest.mark.parametrize("name", TOWNS + THEORY)
def test_scenario_says_in_both_languages_what_it_is(name: str) -> None:
    system = read_scenario(path_of(name))
    tables = (system.requests, system.pools, system.modes)
    titles = [entry.title for table in tables for entry in table.values()]
    for text in (system.title, system.question, *system.notes, *titles):
        assert isinstance(text, Text)
        assert text.en
        assert text.zh
        assert text.en != text.zh


@pytest.mark.parametrize("name", TOWNS + THEORY)
def test_scenario_opens_with_a_comment_that_explains_it(name: str) -> None:
    first = path_of(name).read_text("utf-8").split("\n\n")[0]
    assert all(line.startswith("#") for line in first.splitlines())
    assert len(first) > 120


@pytest.mark.parametrize("name", BASES + PLAYED)
def test_scenario_plays_a_short_replication_that_loses_nobody(name: str) -> None:
    plan = short(name)
    check_plan(plan)
    trace = draw_trace(plan, 1, 0)
    check_trace(plan, trace)
    log = play(plan, trace)

    assert log.n_rows > 20
    assert (np.diff(log.time) >= 0).all()
    assert log.time[-1] < plan.end
    arrived, closed, left = (rows(log, code) for code in (Code.ARRIVAL, Code.DONE, Code.LEAVE))
    assert np.unique(arrived).size == arrived.size
    ended = np.concatenate([closed, left])
    assert np.unique(ended).size == ended.size
    assert np.isin(ended, arrived).all()
    assert np.isin(closed, rows(log, Code.CLOSE)).all()
    entered = rows(log, Code.ENTRY).size
    assert entered >= rows(log, Code.START).size + rows(log, Code.WITHDRAW).size


@pytest.mark.parametrize("name", BASES + PLAYED)
def test_nobody_works_on_two_tasks_at_once(name: str) -> None:
    plan = short(name)
    log = play(plan, draw_trace(plan, 1, 1))
    begins = np.isin(log.code, (Code.START, Code.RESUME))
    ends = np.isin(log.code, (Code.PAUSE, Code.END))
    at_work = begins | ends
    order = np.argsort(log.worker[at_work], kind="stable")
    worker, begin = log.worker[at_work][order], begins[at_work][order]
    first = np.concatenate([[True], worker[1:] != worker[:-1]])
    assert begin[first].all()
    assert (begin[1:] != begin[:-1])[~first[1:]].all()


def test_bijiang_has_the_reported_places_and_people() -> None:
    plan = short("bijiang")
    assert number_of(plan, "community") == fact("bijiang.communities") == 43
    assert number_of(plan, "grid") == fact("bijiang.grids") == 514
    assert people(plan, "community_cadres") == [fact("bijiang.community_cadres")] == [440]
    local = people(plan, "community_cadres")[0] + people(plan, "subdistrict_cadres")[0]
    assert local == 2 * 514
    assert set(people(plan, "district_cadres", "grid")) == {3}


def test_bijiang_has_ten_people_or_more_per_grid() -> None:
    plan = short("bijiang")
    pools = ("district_cadres", "property_staff", "volunteers")
    own = np.sum([people(plan, pool, "grid") for pool in pools], axis=0)
    assert (own + 2 >= 10).all()
    total = sum(people(plan, pool)[0] for pool in pools) + 2 * 514
    assert 10 * 514 <= total < 11 * 514


def test_bijiang_goes_to_war_and_the_teams_answer() -> None:
    system = read_scenario(path_of("bijiang"))
    plan = short("bijiang")
    log = play(plan, draw_trace(plan, 1, 0))
    war = plan.names.modes.index("war")
    assert (log.code == Code.MODE_ENTER).sum() == 1
    assert (log.mode[log.time > 2 * 24 * HOUR] == war).all()
    assert (log.code == Code.HOLD).any()
    assert set(system.modes) == {"war", "recovery"}


@pytest.mark.parametrize("households", [300, 350, 400, 826])
def test_hanting_has_one_worker_per_so_many_households(households: int) -> None:
    plan = short(f"hanting-{households}")
    assert number_of(plan, "community") == fact("hanting.envoys") == 23
    at = plan.place_level == plan.names.levels.index("community")
    expected = [ceil(homes / households) for homes in plan.place_households[at].tolist()]
    assert people(plan, "community_workers", "community") == expected


def test_hanting_has_the_reported_commissioners_and_members() -> None:
    plan = short("hanting")
    assert people(plan, "commissioners") == [fact("hanting.commissioners")] == [24]
    assert people(plan, "members") == [3000]


def test_anqiu_has_the_reported_places_and_layers() -> None:
    plan = short("anqiu")
    assert number_of(plan, "community") == fact("anqiu.communities") == 21
    assert number_of(plan, "grid") == fact("anqiu.grids") == 233
    assert int(plan.place_households[0]) == fact("anqiu.households") == 95_000
    assert int(plan.place_shops[0]) == fact("anqiu.shops") == 53_000
    layers = {
        "community_workers": 115,
        "dept_members": 170,
        "red_grid_leaders": 478,
        "building_leaders": 2200,
    }
    assert {pool: people(plan, pool)[0] for pool in layers} == layers
    assert set(people(plan, "building_leaders", "building")) == {1}


WAR_IN_THREE_WEEKS = (
    "run.horizon=20 d",
    "run.warm_up=3 d",
    "run.cool_down=14 d",
    "run.follow_up=14 d",
    "shocks.outbreak.start=5 d",
    "shocks.outbreak.lasts=10 d",
    "calendars.outbreak.windows.on=[{start: 6 d, end: 14 d}]",
)


def halved_in_war(plan: Plan) -> list[str]:
    """Overrides that leave every pool half its people while the war lasts."""
    war = plan.names.modes.index("war")
    halves = []
    for number, pool in enumerate(plan.names.pool_types):
        half = int(plan.pool_staff[war][plan.pool_type == number].sum()) // 2
        rule = f"{{half: {{workers: {half}, level: district, share_by: household}}}}"
        halves.append(f"modes.war.pools.{pool}.staff={{rules: {rule}}}")
    return halves


def headline_figures(plan: Plan) -> dict[tuple[str, str, str], float]:
    """Means of the headline figures over two replications: of all reports, and of the war's.

    Other modes are left out: how long the recovery lasts depends on the staff, so that its
    reports, and those of the peace after it, are not the same ones. So are classes: of some
    hundred reports one may be luckier with fewer people.
    """
    names = {metric.name for metric in METRICS if metric.headline}
    sums: dict[tuple[str, str, str], list[float]] = {}
    for replication in range(2):
        table = measure(play(plan, draw_trace(plan, 1, replication)), plan)
        same_reports = (table.by == "all") | (table.group == "war")
        wanted = table[table.metric.isin(names) & same_reports]
        for row in wanted.to_dict("records"):
            key = (row["metric"], row["by"], row["group"])
            sums.setdefault(key, []).append(float(row["value"]))
    return {key: float(np.mean(values)) for key, values in sums.items()}


@pytest.mark.verify
def test_half_the_people_in_bijiangs_war_improve_no_headline_figure() -> None:
    whole = compile_plan(read_scenario(path_of("bijiang"), WAR_IN_THREE_WEEKS))
    overrides = (*WAR_IN_THREE_WEEKS, *halved_in_war(whole))
    half = compile_plan(read_scenario(path_of("bijiang"), overrides))
    assert (half.pool_staff[0] == whole.pool_staff[0]).all()
    figures, fewer = headline_figures(whole), headline_figures(half)
    better = {metric.name: metric.better for metric in METRICS}
    first = ("first_response_mean", "mode", "war")
    assert fewer[first] > figures[first]
    for key, value in figures.items():
        change = (fewer[key] - value) * (1 if better[key[0]] == "lower" else -1)
        assert not change < 0, key


OWN_DUTIES = ("anqiu-grid-300", "anqiu-grid-600", "anqiu-silos")
"""Variants that lay out the duties of the grids anew; residents raise the same requests."""


def demand(name: str, *, duties: bool = True) -> Exogenous:
    """What no answer can change."""
    plan = compile_plan(read_scenario(path_of(name), ("run.horizon=21 d",)))
    found = exogenous(draw_trace(plan, 1, 0))
    if duties:
        return found
    raised = (found.request_class < 0) | (plan.class_duty[found.request_class] == 0)
    return Exogenous(*(column[raised] for column in found))


@pytest.mark.parametrize(
    ("base", "variant"),
    [("hanting", name) for name in HANTING if name != "hanting"]
    + [("anqiu", name) for name in ANQIU if name != "anqiu"],
)
def test_variants_of_a_family_meet_the_same_demand(base: str, variant: str) -> None:
    duties = variant not in OWN_DUTIES
    left, right = demand(base, duties=duties), demand(variant, duties=duties)
    assert left.key.size > 1000
    for ours, theirs in zip(left, right, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", TOWNS)
def test_every_assumption_of_a_town_has_a_range_and_a_reason(name: str) -> None:
    reading = load_scenario(path_of(name))
    kinds = {entry.kind for entry in reading.provenance.values()}
    assert {"reported", "assumed"} <= kinds
    for entry in reading.provenance.values():
        if entry.kind == "assumed":
            assert entry.range
            assert entry.because


def test_families_are_named_after_their_base() -> None:
    families: dict[str, set[str]] = {}
    for name in TOWNS:
        system: System = read_scenario(path_of(name))
        assert system.name == name
        families.setdefault(system.family or system.name, set()).add(name)
    assert all(base in names for base, names in families.items())


def test_a_proposed_experiment_and_targets_are_no_inputs() -> None:
    inputs = input_origins(load_scenario(path_of("bijiang")))
    assert not {path for path in inputs if path.startswith(("experiment.", "targets."))}
    assert inputs
