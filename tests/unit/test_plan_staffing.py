"""Head counts: the reported rules on one town, and the arithmetic as it is printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import PlanError
from sim.model.places import Level, Places, Root
from sim.model.pools import Staff, StaffRule
from sim.plan.places import compile_places
from sim.plan.staffing import head_counts

TOWN = compile_places(
    Places(
        root=Root(level="city", name="anqiu", households=95_000, shops=53_000),
        levels={
            "community": Level(within="city", count=21),
            "grid": Level(within="community", count=233),
        },
    )
)


def staff(combine="max", **rules):
    return Staff(
        rules={name: StaffRule.model_validate(rule) for name, rule in rules.items()},
        combine=combine,
    )


@pytest.mark.parametrize(
    ("level", "rule", "total", "formula"),
    [
        (
            "grid",
            {"workers": 1, "per": 400, "of": "household", "level": "city"},
            238,
            "ceil(95,000 / 400) = 238",
        ),
        (
            "grid",
            {"workers": 1, "per": 300, "of": "household", "level": "city"},
            317,
            "ceil(95,000 / 300) = 317",
        ),
        (
            "community",
            {"workers": 18, "per": 10_000, "of": "person", "level": "city"},
            445,
            "ceil(247,000 × 18 / 10,000) = 445",
        ),
        ("grid", {"workers": 1}, 233, "233 × 1 = 233"),
        ("community", {"workers": 10}, 210, "21 × 10 = 210"),
        ("grid", {"workers": 10}, 2_330, "233 × 10 = 2,330"),
        (
            "community",
            {
                "workers": 837,
                "per": 102,
                "of": "community",
                "level": "city",
                "rounding": "nearest",
            },
            172,
            "round(21 × 837 / 102) = 172",
        ),
        ("grid", {"workers": 115, "level": "city", "share_by": "household"}, 115, "115 = 115"),
    ],
    ids=[
        "hanting-400",
        "hanting-300",
        "weicheng",
        "one",
        "putian",
        "bijiang",
        "songyuan",
        "now",
    ],
)
def test_one_town_under_the_reported_rules(level, rule, total, formula):
    counts, (record,) = head_counts(TOWN, level, staff(rule=rule))

    assert counts.sum() == total
    assert len(counts) == len(TOWN.places_at(level))
    assert counts.max() - counts.min() <= 1
    assert record.total == total
    assert record.formula == formula


def small():
    return compile_places(
        Places(
            root=Root(level="city", name="t", households=11, persons_per_household=2.0),
            levels={
                "community": Level(within="city", per_parent=2),
                "grid": Level(within="community", households=3),
                "building": Level(within="grid", per_parent=2, floors=5),
            },
        )
    )  # communities 6 and 5 households; grids 3, 3, 3, 2


@pytest.mark.parametrize(
    ("rule", "counts"),
    [
        ({"workers": 1, "per": 4, "of": "household"}, [2, 2]),
        ({"workers": 1, "per": 4, "of": "household", "rounding": "down"}, [1, 1]),
        ({"workers": 1, "per": 4, "of": "household", "rounding": "nearest"}, [2, 1]),
        ({"workers": 1, "per": 2, "of": "household", "level": "grid"}, [4, 3]),
        ({"workers": 5, "level": "city"}, [3, 2]),
        ({"workers": 5, "level": "city", "share_by": "household"}, [3, 2]),
        ({"workers": 1, "of": "building", "level": "grid"}, [4, 4]),
        ({"workers": 1, "per": 7, "of": "floor", "level": "building"}, [4, 4]),
        ({"workers": 1, "per": 7, "of": "floor"}, [3, 3]),
        ({"workers": 3, "per": 2, "of": "grid"}, [3, 3]),
        ({"workers": 0}, [0, 0]),
    ],
)
def test_small_rules_by_hand(rule, counts):
    assert head_counts(small(), "community", staff(rule=rule))[0].tolist() == counts


def test_rules_combine_at_each_place_as_maximum_or_sum():
    rules = {
        "norm": {"workers": 1, "per": 2, "of": "household"},  # grids of 3, 3, 3, 2: 2, 2, 2, 1
        "at_least": {"workers": 6, "level": "city"},  # 2, 2, 1, 1
    }

    largest, records = head_counts(small(), "grid", staff("max", **rules))
    total, _ = head_counts(small(), "grid", staff("sum", **rules))

    assert largest.tolist() == [2, 2, 2, 1]
    assert total.tolist() == [4, 4, 3, 2]
    assert [record.formula for record in records] == [
        "6 = 6",
        "Σ(4) ceil(2…3 / 2) = 7",
        "Σ(4) max(at_least 6, norm 7) = 7",
    ]
    assert [(record.level, record.of) for record in records] == [
        ("city", "place"),
        ("grid", "household"),
        ("grid", ""),
    ]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"workers": 1, "level": "grids"}, r"rules\.r\.level: there is no level grids"),
        ({"workers": 1, "of": "houshold"}, r"rules\.r\.of: .* did you mean household"),
        ({"workers": 10**6, "of": "household", "level": "city"}, r"rules\.r: .* too many"),
    ],
)
def test_rules_that_cannot_be_are_refused_by_field(rule, says):
    with pytest.raises(PlanError, match=says):
        head_counts(small(), "grid", staff(r=rule))


@given(workers=st.integers(0, 99), per=st.integers(1, 9_999), level=st.integers(0, 2))
def test_what_is_shared_out_or_summed_is_the_total_of_its_rule(workers, per, level):
    rule = {"workers": workers, "per": per, "of": "household", "level": TOWN.level_names[level]}

    for at in ("city", "community", "grid"):
        counts, (record,) = head_counts(TOWN, at, staff(rule=rule))
        assert counts.sum() == record.total
        places = TOWN.places_at(level)
        assert record.total == sum(-(-int(h) * workers // per) for h in TOWN.households[places])
