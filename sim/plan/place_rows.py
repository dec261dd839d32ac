"""A table of named places as sites, level by level, for a town whose real sizes are known."""

from typing import Literal, NamedTuple

from sim.errors import PlanError
from sim.model.places import Places
from sim.plan.shares import share_down


class Site(NamedTuple):
    """One place before it has a number."""

    name: str
    parent: int
    """Position of its parent among the sites of the level above; -1 for the root."""
    households: int
    shops: int
    floors: int


def sites_of_rows(places: Places) -> tuple[tuple[str, ...], list[list[Site]]]:
    """Level names and the sites of each level, siblings in order of name.

    A total of the root that the table does not hold (no row has households, or no row has
    shops) is shared out: evenly, and in proportion to households.
    """
    above = _levels_above(places)
    chain = _chain(places.root.level, above)
    root = Site(places.root.name, -1, places.root.households, places.root.shops, 0)
    sites = [[root]]
    for level in chain[1:]:
        position = {site.name: at for at, site in enumerate(sites[-1])}
        rows = [row for row in places.rows if row.level == level]
        below = [
            Site(row.name, position[row.parent], row.households, row.shops, row.floors)
            for row in rows
        ]
        sites.append(sorted(below, key=lambda site: (site.parent, site.name)))
    return chain, _filled(sites)


def _levels_above(places: Places) -> dict[str, str]:
    """The level above each level, from whose places name whom as their parent."""
    named: dict[str, set[str]] = {places.root.name: {places.root.level}}
    seen: set[tuple[str, str]] = {(places.root.level, places.root.name)}
    for index, row in enumerate(places.rows):
        if (row.level, row.name) in seen or row.level == places.root.level:
            message = f"{row.name} is in the table twice, or at the level of the root"
            zh = f"“{row.name}”在清单中重复，或与根同级"
            raise PlanError(f"places.rows[{index}].name: {message}", zh)
        seen.add((row.level, row.name))
        named.setdefault(row.name, set()).add(row.level)
    above: dict[str, set[str]] = {}
    for index, row in enumerate(places.rows):
        candidates = named.get(row.parent, set()) - {row.level}
        common = above.get(row.level, candidates) & candidates
        if not common:
            message = f"{row.parent} is not the name of a place at the level above {row.level}"
            zh = f"“{row.parent}”不是“{row.level}”上一级中的地点名称"
            raise PlanError(f"places.rows[{index}].parent: {message}", zh)
        above[row.level] = common
    return {level: _only(level, levels) for level, levels in above.items()}


def _only(level: str, levels: set[str]) -> str:
    if len(levels) > 1:
        known = " and ".join(sorted(levels))
        message = f"parents of level {level} have the same names at {known}"
        zh = f"“{level}”的上级名称在多个级别重复（{known}）；请改名以便区分"
        raise PlanError(
            f"places.rows: {message}; rename some, so that names tell the level", zh
        )
    return next(iter(levels))


def _chain(root: str, above: dict[str, str]) -> tuple[str, ...]:
    chain = [root]
    while len(chain) <= len(above):
        below = sorted(level for level, wider in above.items() if wider == chain[-1])
        if len(below) != 1:
            known = " and ".join(below) if below else "no level"
            message = f"below {chain[-1]} lies {known}; levels form one chain"
            zh = f"“{chain[-1]}”之下应恰有一级，得到：{'、'.join(below) or '无'}"
            raise PlanError(f"places.rows: {message}", zh)
        chain.append(below[0])
    return tuple(chain)


def _filled(sites: list[list[Site]]) -> list[list[Site]]:
    """Inner places hold what lies below them; a total that no row holds is shared out."""
    root = sites[0][0]
    filled = _with_sums(sites)
    parents = [[site.parent for site in row] for row in filled[1:]]
    if _is_missing("households", root.households, filled[0][0].households):
        even = [[1] * len(row) for row in filled[1:]]
        parts = share_down(root.households, parents, even)
        filled = _with_parts("households", filled, parts)
    if _is_missing("shops", root.shops, filled[0][0].shops):
        homes = [[site.households for site in row] for row in filled[1:]]
        filled = _with_parts("shops", filled, share_down(root.shops, parents, homes))
    return filled


def _is_missing(field: str, given: int, found: int) -> bool:
    """Whether the root has a total that the rows do not hold; an error where they differ."""
    if given and found and given != found:
        message = f"{given:,} given, but the rows add up to {found:,}"
        zh = f"写的是 {given:,}，而清单合计为 {found:,}"
        raise PlanError(f"places.root.{field}: {message}", zh)
    return given > found


def _with_sums(sites: list[list[Site]]) -> list[list[Site]]:
    result = [sites[-1]]
    for above in reversed(sites[:-1]):
        inside: dict[int, list[Site]] = {}
        for site in result[0]:
            inside.setdefault(site.parent, []).append(site)
        row = [_sum(site, inside.get(place, [])) for place, site in enumerate(above)]
        result.insert(0, row)
    return result


def _sum(site: Site, inside: list[Site]) -> Site:
    if not inside:
        return site
    homes = sum(child.households for child in inside)
    return site._replace(households=homes, shops=sum(child.shops for child in inside))


def _with_parts(
    field: Literal["households", "shops"], sites: list[list[Site]], parts: list[list[int]]
) -> list[list[Site]]:
    def given(site: Site, part: int) -> Site:
        if field == "shops":
            return site._replace(shops=part)
        return site._replace(households=part)

    return [
        [given(site, part) for site, part in zip(row, values, strict=True)]
        for row, values in zip(sites, parts, strict=True)
    ]
