"""The tree of places as arrays: who lies in whom, and how many households live where.

Sizes are shared out from the top, level by level: a community is the same size however its
grids are cut, so that variants of a family serve the same town. Shares are exact (largest
remainder, ties by name). The spread around an even division is a hash of the places' names:
a property of the town, not a draw, so neither seed nor replication moves a household.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import PlanError
from sim.keys import name_key, subkey
from sim.model.places import Level, Places
from sim.plan.place_rows import Site, sites_of_rows
from sim.plan.shares import share_down, share_out

Int = NDArray[np.int64]

MOST_PLACES: Final = 5_000_000
"""Beyond a city with every building in it; a typing error rather than a town."""

_SIZE: Final = name_key("place size")
_NORMAL: Final = NormalDist()


class PlaceTree(NamedTuple):
    """Places in depth-first order, siblings by name; the root is 0. P places, L levels."""

    level_names: tuple[str, ...]
    """From the widest level, that of the root, to the narrowest."""
    names: tuple[str, ...]
    """[P] full names, such as ``bijiang/c07/g003``."""
    parent: Int
    """[P] -1 for the root."""
    level: Int
    """[P]"""
    at: Int
    """[P, L] ancestor (or the place itself) at a level, -1 where there is none."""
    leaves: Int
    """[P, 2] first and one-past-last leaf; a leaf is a place without places below it."""
    leaf_place: Int
    """[leaves] place number of each leaf."""
    households: Int
    """[P]"""
    persons: Int
    """[P]"""
    shops: Int
    """[P]"""
    buildings: Int
    """[P] places of the building level in it; a building counts itself."""
    floors: Int
    """[P]"""
    key: NDArray[np.uint64]
    """[P] hash of the full name."""

    def level_number(self, level: str | None) -> int:
        """The number of a level by its name; None is the level of the root."""
        if level is None:
            return 0
        if level not in self.level_names:
            known = ", ".join(self.level_names)
            zh = f"没有级别“{level}”；现有：{known}"
            raise PlanError(f"there is no level {level}; the levels are {known}", zh)
        return self.level_names.index(level)

    def places_at(self, level: str | int | None) -> Int:
        """Place numbers of one level in order of name."""
        number = level if isinstance(level, int) else self.level_number(level)
        return np.flatnonzero(self.level == number).astype(np.int64)

    def counted(self, thing: str) -> Int:
        """How many of a thing each place has; every place is one place."""
        counts = {
            "household": self.households,
            "person": self.persons,
            "shop": self.shops,
            "building": self.buildings,
            "floor": self.floors,
            "place": np.ones(len(self.names), np.int64),
        }
        return counts[thing]


def compile_places(places: Places) -> PlaceTree:
    """The tree of a scenario.

    Raises
    ------
    PlanError
        If the levels are not one chain below the root, a level has fewer places than parents,
        or a table of rows contradicts itself; the message begins with the field path.
    """
    if places.rows:
        level_names, sites = sites_of_rows(places)
    else:
        level_names = _chain(places)
        sites = _generated(places, level_names)
    return _tree(level_names, sites, places)


def _chain(places: Places) -> tuple[str, ...]:
    """Level names from the root downwards."""
    chain = [places.root.level]
    below: dict[str, list[str]] = {}
    for name, level in places.levels.items():
        if name == places.root.level:
            zh = "根已是这一级别"
            raise PlanError(f"places.levels.{name}: the root has this level already", zh)
        if level.within not in places.levels and level.within != places.root.level:
            raise PlanError(f"places.levels.{name}.within: there is no level {level.within}")
        below.setdefault(level.within, []).append(name)
    for within, names in sorted(below.items()):
        if len(names) > 1:
            message = f"{within} is divided already by {min(names)}; levels form one chain"
            raise PlanError(f"places.levels.{max(names)}.within: {message}")
    while chain[-1] in below:
        chain.append(below[chain[-1]][0])
    adrift = sorted(set(places.levels) - set(chain))
    if adrift:
        message = f"no way leads from it up to the root's level {chain[0]}"
        raise PlanError(f"places.levels.{adrift[0]}.within: {message}")
    return tuple(chain)


def _generated(places: Places, level_names: Sequence[str]) -> list[list[Site]]:
    root = Site(places.root.name, -1, places.root.households, places.root.shops, 0)
    sites, paths, prefixes = [[root]], [root.name], [level_names[0]]
    for name in level_names[1:]:
        level = places.levels[name]
        counts = _divisions(name, level, [site.households for site in sites[-1]])
        prefixes.append(_prefix(name, prefixes))
        pattern = f"{prefixes[-1]}{{:0{len(str(sum(counts)))}}}"
        below: list[Site] = []
        for parent, count in enumerate(counts):
            own = [pattern.format(n) for n in range(1, count + 1)]
            below += _cut(sites[-1][parent], parent, paths[parent], own, level)
        paths = [f"{paths[site.parent]}/{site.name}" for site in below]
        sites.append(below)
    return sites


def _cut(
    whole: Site, position: int, path: str, names: Sequence[str], level: Level
) -> list[Site]:
    """The places into which one place is cut."""
    weights = _weights([f"{path}/{name}" for name in names], level.spread)
    homes = share_out(whole.households, weights)
    shops = share_out(whole.shops, homes if any(homes) else weights)
    return [
        Site(name, position, households, trade, level.floors)
        for name, households, trade in zip(names, homes, shops, strict=True)
    ]


def _divisions(name: str, level: Level, households: Sequence[int]) -> list[int]:
    """Into how many places each parent is cut; at least one, so that all reach the bottom."""
    counts = [level.per_parent or 1] * len(households)
    if level.households is not None:
        counts = [max(1, -(-homes // level.households)) for homes in households]
    total = sum(counts) if level.count is None else level.count
    if total > MOST_PLACES:
        zh = f"{total:,} 处地点过多"
        raise PlanError(f"places.levels.{name}: {total:,} places are too many", zh)
    if level.count is None:
        return counts
    if total < len(households):
        message = f"{total} places cannot be shared out over {len(households)} parents"
        zh = f"{total} 处不够分给 {len(households)} 个上级；每个上级至少一处"
        raise PlanError(f"places.levels.{name}.count: {message}; each needs at least one", zh)
    return share_out(total, households, least=1)


def _weights(names: Sequence[str], spread: float) -> list[int]:
    """Relative sizes: lognormal with this coefficient of variation, keyed by full name."""
    if spread == 0:
        return [1] * len(names)
    sigma = math.sqrt(math.log1p(spread * spread))
    sizes = []
    for name in names:
        share = ((subkey(name_key(name), _SIZE) >> 11) + 0.5) / 2.0**53
        sizes.append(max(1, round(math.exp(sigma * _NORMAL.inv_cdf(share)) * 2**40)))
    return sizes


def _prefix(name: str, taken: Sequence[str]) -> str:
    """The shortest beginning of a level's name that no wider level has.

    Narrower levels do not count: one more level below must not rename the places above it,
    since names are what demand hangs on.
    """
    starts = (name[:length] for length in range(1, len(name)))
    return next((start for start in starts if start not in taken[1:]), name)


def _tree(level_names: tuple[str, ...], sites: list[list[Site]], places: Places) -> PlaceTree:
    """Number the places depth first and fill the arrays."""
    number = _numbers(sites)
    count = sum(len(row) for row in sites)
    names = [""] * count
    parent, level = np.full(count, -1, np.int64), np.zeros(count, np.int64)
    at = np.full((count, len(level_names)), -1, np.int64)
    households, shops, floors = (np.zeros(count, np.int64) for _ in range(3))
    for depth, row in enumerate(sites):
        for site, own in zip(row, number[depth], strict=True):
            names[own] = site.name
            if depth:
                above = number[depth - 1][site.parent]
                names[own] = f"{names[above]}/{site.name}"
                parent[own] = above
                at[own] = at[above]
            at[own, depth], level[own] = own, depth
            households[own], shops[own], floors[own] = site.households, site.shops, site.floors
    inner = np.zeros(count, bool)
    inner[parent[1:]] = True
    is_building = level == _building_level(level_names, level, floors)
    return PlaceTree(
        level_names=level_names,
        names=tuple(names),
        parent=parent,
        level=level,
        at=at,
        leaves=_leaves(at, inner),
        leaf_place=np.flatnonzero(~inner).astype(np.int64),
        households=_summed(at, np.where(inner, 0, households)),
        persons=_persons(sites, number, places.root.persons_per_household),
        shops=_summed(at, np.where(inner, 0, shops)),
        buildings=_summed(at, is_building.astype(np.int64)),
        floors=_summed(at, np.where(is_building, floors, 0)),
        key=np.array([name_key(name) for name in names], np.uint64),
    )


def _numbers(sites: list[list[Site]]) -> list[list[int]]:
    """Depth-first number of every site; siblings stand in order of name."""
    sizes = [[1] * len(row) for row in sites]
    for depth in range(len(sites) - 1, 0, -1):
        for site, size in zip(sites[depth], sizes[depth], strict=True):
            sizes[depth - 1][site.parent] += size
    numbers = [[0]]
    for depth in range(1, len(sites)):
        following = [own + 1 for own in numbers[-1]]
        row = []
        for site, size in zip(sites[depth], sizes[depth], strict=True):
            row.append(following[site.parent])
            following[site.parent] += size
        numbers.append(row)
    return numbers


def _leaves(at: Int, inner: NDArray[np.bool_]) -> Int:
    before = np.concatenate(([0], np.cumsum(~inner)))
    last = np.arange(len(inner)) + _summed(at, np.ones(len(inner), np.int64))
    return np.stack((before[:-1], before[last]), axis=1).astype(np.int64)


def _summed(at: Int, values: Int) -> Int:
    """Each place's value with those of all places below it."""
    total = np.zeros(len(values), np.int64)
    for level in range(at.shape[1]):
        inside = at[:, level] >= 0
        np.add.at(total, at[inside, level], values[inside])
    return total


def _building_level(level_names: Sequence[str], level: Int, floors: Int) -> int:
    """The level called building, or else the one whose places have floors; -1: none."""
    with_floors = sorted({int(number) for number in level[floors > 0]})
    if "building" in level_names:
        with_floors = sorted({*with_floors, level_names.index("building")})
    if len(with_floors) > 1:
        known = " and ".join(level_names[number] for number in with_floors)
        message = f"floors belong to one level of buildings, not to {known}"
        raise PlanError(f"places: {message}", f"楼层数只能属于一个级别，不能同时属于 {known}")
    return with_floors[0] if with_floors else -1


def _persons(sites: list[list[Site]], number: list[list[int]], each: float) -> Int:
    """Persons shared out like households, from the top, so that they add up at every level."""
    exact = Fraction(repr(each)) * sites[0][0].households
    parents = [[site.parent for site in row] for row in sites[1:]]
    homes = [[site.households for site in row] for row in sites[1:]]
    parts = share_down(math.floor(exact + Fraction(1, 2)), parents, homes)
    persons = np.zeros(sum(len(row) for row in sites), np.int64)
    for own, values in zip(number, parts, strict=True):
        persons[own] = values
    return persons
