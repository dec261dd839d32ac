"""The tree of places: exact shares, depth-first numbers, sizes that no variant moves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import PlanError
from sim.keys import name_key
from sim.model.places import Level, PlaceRow, Places, Root
from sim.plan.places import compile_places
from sim.plan.shares import share_out


def town(households=95_000, communities=21, spread=0.3, **grid):
    return Places(
        root=Root(level="city", name="anqiu", households=households, shops=53_000),
        levels={
            "grid": Level(within="community", **(grid or {"count": 233})),
            "community": Level(within="city", count=communities, spread=spread),
        },
    )


def test_a_small_town_by_hand():
    tree = compile_places(
        Places(
            root=Root(
                level="city", name="t", households=11, shops=5, persons_per_household=2.5
            ),
            levels={
                "community": Level(within="city", per_parent=2),
                "grid": Level(within="community", households=3),
            },
        )
    )

    assert tree.level_names == ("city", "community", "grid")
    assert tree.names == ("t", "t/c1", "t/c1/g1", "t/c1/g2", "t/c2", "t/c2/g1", "t/c2/g2")
    assert tree.households.tolist() == [11, 6, 3, 3, 5, 3, 2]
    assert tree.shops.tolist() == [5, 3, 2, 1, 2, 1, 1]
    assert tree.persons.tolist() == [28, 15, 8, 7, 13, 8, 5]  # 27.5 rounds up
    assert tree.parent.tolist() == [-1, 0, 1, 1, 0, 4, 4]
    assert tree.level.tolist() == [0, 1, 2, 2, 1, 2, 2]
    assert tree.at[3].tolist() == [0, 1, 3]
    assert tree.at[4].tolist() == [0, 4, -1]
    assert tree.leaf_place.tolist() == [2, 3, 5, 6]
    assert tree.leaves.tolist() == [[0, 4], [0, 2], [0, 1], [1, 2], [2, 4], [2, 3], [3, 4]]
    assert int(tree.key[3]) == name_key("t/c1/g2")


def test_a_site_without_levels_is_one_leaf():
    tree = compile_places(Places())

    assert tree.names == ("site",)
    assert tree.leaves.tolist() == [[0, 1]]
    assert tree.leaf_place.tolist() == [0]


def test_names_are_padded_by_the_number_of_places_of_the_level():
    tree = compile_places(town(communities=43, count=514))

    assert tree.names[1] == "anqiu/c01"
    assert tree.names[2] == "anqiu/c01/g001"
    assert list(tree.names) == sorted(tree.names)


def test_levels_with_one_initial_are_told_apart_and_the_wider_keeps_its_name():
    levels = {
        "community": Level(within="site", per_parent=1),
        "compound": Level(within="community", per_parent=1),
    }

    assert compile_places(Places(levels=levels)).names[-1] == "site/c1/co1"


@given(
    households=st.integers(0, 3_000),
    communities=st.integers(1, 9),
    extra=st.integers(0, 40),
    spread=st.sampled_from([0.0, 0.3, 1.5]),
)
def test_everything_adds_up_at_every_level(households, communities, extra, spread):
    tree = compile_places(town(households, communities, spread, count=communities + extra))

    assert len(tree.places_at("grid")) == communities + extra
    for sizes in (tree.households, tree.persons, tree.shops):
        for level in range(3):
            assert sizes[tree.level == level].sum() == sizes[0]
        for place in np.flatnonzero(tree.level < 2):
            assert sizes[tree.parent == place].sum() == sizes[place]
    assert tree.persons[0] == (households * 26 + 5) // 10
    assert (np.diff(tree.leaf_place) > 0).all()
    for place, (first, last) in enumerate(tree.leaves):
        inside = tree.at[tree.leaf_place[first:last], tree.level[place]]
        assert (inside == place).all()
        assert (tree.at[tree.leaf_place, tree.level[place]] == place).sum() == last - first


@given(first=st.integers(50, 900), second=st.integers(50, 900))
def test_another_grid_norm_leaves_every_community_as_it_was(first, second):
    trees = [
        compile_places(
            Places(
                root=Root(level="city", name="anqiu", households=95_000, shops=53_000),
                levels={
                    "community": Level(within="city", count=21, spread=0.4),
                    "grid": Level(within="community", households=norm, spread=0.2),
                },
            )
        )
        for norm in (first, second)
    ]

    seen = [
        [
            (t.names[p], t.households[p], t.persons[p], t.shops[p])
            for p in t.places_at("community")
        ]
        for t in trees
    ]
    assert seen[0] == seen[1]
    for tree, norm in zip(trees, (first, second), strict=True):
        cut = [(tree.parent == place).sum() for place in tree.places_at("community")]
        assert cut == [-(-int(h) // norm) for _, h, _, _ in seen[0]]


def test_the_spread_is_about_what_was_asked_for_and_exact_in_total():
    tree = compile_places(town(communities=2_000, spread=0.3, per_parent=1))
    sizes = tree.households[tree.places_at("community")]

    assert sizes.sum() == 95_000
    assert 0.28 < sizes.std() / sizes.mean() < 0.32


def test_buildings_and_floors_are_counted_upwards():
    tree = compile_places(
        Places(
            levels={
                "grid": Level(within="site", per_parent=2),
                "building": Level(within="grid", per_parent=3, floors=7),
            }
        )
    )

    assert tree.buildings.tolist() == [6, 3, 1, 1, 1, 3, 1, 1, 1]
    assert tree.floors.tolist() == [42, 21, 7, 7, 7, 21, 7, 7, 7]


def rows(*entries, **root):
    table = [
        PlaceRow(name=name, level=level, parent=parent, households=homes, shops=shops)
        for name, level, parent, homes, shops in entries
    ]
    return Places(root=Root(level="city", name="t", **root), rows=table)


def test_a_table_is_sorted_by_name_and_summed_from_below():
    tree = compile_places(
        rows(
            ("g1", "grid", "west", 10, 1),
            ("west", "community", "t", 99, 0),
            ("g0", "grid", "west", 20, 2),
            ("east", "community", "t", 5, 0),
        )
    )

    assert tree.names == ("t", "t/east", "t/west", "t/west/g0", "t/west/g1")
    assert tree.households.tolist() == [35, 5, 30, 20, 10]
    assert tree.shops.tolist() == [3, 0, 3, 2, 1]
    assert tree.persons.tolist() == [91, 13, 78, 52, 26]
    assert tree.leaf_place.tolist() == [1, 3, 4]


def test_totals_that_the_table_does_not_hold_are_shared_out():
    tree = compile_places(
        rows(("a", "c", "t", 0, 0), ("b", "c", "t", 0, 0), households=7, shops=3)
    )

    assert tree.households.tolist() == [7, 4, 3]
    assert tree.shops.tolist() == [3, 2, 1]


@pytest.mark.parametrize(
    ("places", "says"),
    [
        (Places(levels={"a": Level(within="b", count=1)}), r"levels\.a\.within: there is no"),
        (
            Places(levels={n: Level(within="site", count=1) for n in "ab"}),
            r"levels\.b\.within: .* divided already by a",
        ),
        (
            Places(levels={n: Level(within=m, count=1) for n, m in ("ab", "ba")}),
            r"levels\.a\.within: no way leads",
        ),
        (
            Places(
                levels={
                    "a": Level(within="site", count=3),
                    "b": Level(within="a", count=2),
                }
            ),
            r"levels\.b\.count: 2 places .* 3 parents",
        ),
        (
            Places(
                levels={"a": Level(within="site", count=1), "site": Level(within="a", count=1)}
            ),
            r"levels\.site: the root has this level",
        ),
        (rows(("a", "c", "t", 1, 0), ("a", "c", "t", 1, 0)), r"rows\[1\]\.name"),
        (rows(("a", "c", "x", 1, 0)), r"rows\[0\]\.parent: x is not"),
        (rows(("a", "c", "t", 1, 0), ("b", "d", "t", 1, 0)), r"below city lies c and d"),
        (rows(("a", "c", "b", 1, 0), ("b", "d", "a", 1, 0)), r"below city lies no level"),
        (rows(("a", "c", "t", 1, 0), households=2), r"root\.households: 2 given"),
    ],
)
def test_trees_that_cannot_be_are_refused_by_field(places, says):
    with pytest.raises(PlanError, match=says):
        compile_places(places)


@given(
    total=st.integers(0, 10**9),
    weights=st.lists(st.integers(0, 10**9), min_size=1, max_size=20),
    least=st.integers(0, 5),
)
def test_shares_are_exact_and_next_to_their_quota(total, weights, least):
    total += least * len(weights)
    parts = share_out(total, weights, least=least)

    assert sum(parts) == total
    assert min(parts) >= least
    if least == 0 and sum(weights):
        assert all(
            abs(p * sum(weights) - total * w) < sum(weights)
            for p, w in zip(parts, weights, strict=True)
        )


def test_ties_go_to_the_first_and_the_small_get_their_least():
    assert share_out(5, [1, 1, 1]) == [2, 2, 1]
    assert share_out(2, [0, 0, 0]) == [1, 1, 0]
    assert share_out(10, [96, 2, 2], least=1) == [8, 1, 1]
