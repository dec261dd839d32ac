"""The catalogue is complete, in two languages, and its page is the one in the repository."""

import re

import numpy as np
import pytest

from sim.metrics import measure
from sim.metrics.catalogue import BY_NAME, HEADLINES, METRICS
from sim.metrics.metric import GROUPS
from sim.metrics.page import page
from sim.metrics.summary import COLUMNS, level_of
from sim.terms import term, terms
from tests.metrics_towns import town


@pytest.fixture(scope="module")
def frame():
    return measure(*town(2))


def test_every_metric_is_declared_once_and_whole():
    assert len(BY_NAME) == len(METRICS)
    for metric in METRICS:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", metric.name)
        assert metric.definition.endswith(".")
        assert metric.denominator
        assert metric.unit


def test_every_metric_unit_and_group_has_a_word_in_both_languages():
    keys = {metric.name for metric in METRICS} | {metric.unit for metric in METRICS}
    keys |= {by for groups in GROUPS.values() for by in groups} | set(COLUMNS)

    missing = sorted(keys - set(terms()))

    assert missing == []
    for key in keys - {"1", "h"}:
        assert term(key, "en")
        assert re.search(r"[\u4e00-\u9fff]|^–$", term(key, "zh")), key
    assert [m.name for m in METRICS if terms()[m.name].unit != m.unit] == []


def test_every_term_has_both_languages():
    for key, entry in terms().items():
        assert entry.en.strip(), key
        assert entry.zh.strip(), key


def test_a_name_of_the_user_is_its_own_word():
    assert term("my_pool", "zh") == "my_pool"


def test_closed_solved_and_satisfied_have_three_names():
    names = [term(key, "zh") for key in ("closed_rate", "resolved_rate", "satisfaction_rate")]

    assert names == ["办结率", "解决率", "满意率"]


def test_what_fewer_staff_can_improve_is_no_headline():
    tempting = {
        "cost_per_month", "cost_per_closed", "utilisation", "backlog_mean", "left_rate",
        "resolved_rate", "satisfaction_rate", "waiting_mean", "fairness_gini", "recovery_time",
        "hotline_contacts", "rework_rate",
    }  # fmt: skip

    assert tempting <= set(BY_NAME)
    assert tempting.isdisjoint(HEADLINES)
    assert {BY_NAME[name].better for name in HEADLINES} <= {"lower", "higher"}
    assert {"resolution_mean", "first_response_mean", "closed_rate", "on_time_rate"} <= set(
        HEADLINES
    )


def test_the_page_in_the_repository_is_the_catalogue(root):
    assert (root / "docs" / "metrics.md").read_text(encoding="utf-8") == page()


def test_a_summary_has_every_metric_in_every_division(frame):
    assert tuple(frame.columns) == COLUMNS
    found = {(metric, by) for metric, by in zip(frame["metric"], frame["by"], strict=True)}

    assert found == {(metric.name, by) for metric in METRICS for by in metric.by}
    assert not frame.duplicated(["metric", "by", "group"]).any()
    assert frame["n"].ge(0).all()


def test_a_summary_of_the_town_has_believable_values(frame):
    value = frame[frame["by"] == "all"].set_index("metric")["value"]

    rates = [m.name for m in METRICS if m.unit == "1" and m.name not in
             ("fairness_p90_p50", "repeat_rate")]  # fmt: skip
    assert value.reindex(rates).between(0, 1).sum() == len(rates) - value[rates].isna().sum()
    assert value["resolution_median"] <= value["resolution_mean"]
    assert value["utilisation"] == pytest.approx(
        value["utilisation_requests"] + value["utilisation_duties"]
    )
    assert value["hotline_contacts_per_1000_households"] == value["hotline_contacts"] / 4


def test_pay_of_the_grid_workers_is_what_the_scenario_says(frame):
    pools = frame[frame["by"] == "pool"].set_index(["metric", "group"])["value"]
    modes = frame[frame["by"] == "mode"].set_index(["metric", "group"])["value"]

    posted = pools["workers_posted", "grid_workers"]
    assert pools["staff_cost_per_month", "grid_workers"] == pytest.approx(6000 * posted)
    hours = pools["workers_on_duty", "clerks"] * 24 * 30
    assert pools["staff_cost_per_month", "clerks"] == pytest.approx(30 * hours)
    assert pools["staff_cost_per_month", "experts"] == 0
    assert modes["workers_posted", "peace"] == pytest.approx(2 * (12 + 3 + 1), abs=0.5)
    assert modes["workers_posted", "war"] > 50


def test_places_are_those_of_the_level_asked_for():
    log, plan = town(2)

    assert level_of(plan, None) == 1
    grids = measure(log, plan, places="grid")
    assert grids[(grids["by"] == "place") & (grids["metric"] == "open")].shape[0] == 12
    with pytest.raises(ValueError, match="the levels are town, community, grid"):
        level_of(plan, "village")


def test_groups_are_the_same_in_every_replication():
    keys = [
        measure(*town(2, seed))[["metric", "by", "group"]].to_numpy().tolist()
        for seed in (1, 2)
    ]

    assert keys[0] == keys[1]


def test_measuring_does_not_change_the_log():
    log, plan = town(2)
    before = log.digest()

    measure(log, plan)

    assert log.digest() == before
    assert np.array_equal(log.time, np.sort(log.time))
