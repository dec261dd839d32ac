"""Lines and who serves them: one line per place of its level, and ranked lists both ways."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import numpy as np

from sim.errors import PlanError
from sim.model.pools import Line, Pool, Serve
from sim.model.system import System
from sim.plan.layout import Int
from sim.plan.numbering import Numbers, overlays
from sim.plan.places import PlaceTree

MOST_ENTRIES = 20_000_000
"""Most pairs of a pool and a line that it serves; 160 MB for each column."""


class LineArrays(NamedTuple):
    """The line arrays of `sim.plan.layout.Plan`, but for who serves them."""

    line_of: Int
    line_type: Int
    line_place: Int
    line_limit: Int


class Teams(NamedTuple):
    """Pools, one per place of their level: the type and the place of each."""

    pool_type: Int
    pool_place: Int


class Divided(Protocol):
    """Pools in parts, as `sim.plan.home_duty.Parts` tells them."""

    @property
    def whole(self) -> Int:
        """[Q] the pool that each is a part of."""

    def modes(self) -> Int:
        """[M, Q] the mode whose settings hold for each part."""


class ServeArrays(NamedTuple):
    """Who serves which line, from either side."""

    line_ptr: Int
    line_pool: Int
    line_pool_mode: Int
    line_pool_rank: Int
    serve_ptr: Int
    serve_line: Int
    serve_rank: Int


def compile_lines(system: System, tree: PlaceTree) -> LineArrays:
    """Lines numbered by type, then by place."""
    names = sorted(system.lines)
    places = [tree.places_at(system.lines[name].at) for name in names]
    line_of = np.full((len(names), len(tree.names)), -1, np.int64)
    first = 0
    for row, name, at in zip(line_of, names, places, strict=True):
        instance = np.full(len(tree.names), -1, np.int64)
        instance[at] = np.arange(first, first + len(at))
        above = tree.at[:, tree.level_number(system.lines[name].at)]
        row[:] = np.where(above >= 0, instance[above], -1)
        first += len(at)
    limits = [system.lines[name].limit for name in names]
    sizes = [len(at) for at in places]
    return LineArrays(
        line_of=line_of,
        line_type=np.repeat(np.arange(len(names), dtype=np.int64), sizes),
        line_place=np.concatenate(places),
        line_limit=np.repeat([-1 if limit is None else limit for limit in limits], sizes),
    )


def compile_teams(system: System, tree: PlaceTree) -> Teams:
    """Pools numbered by type, then by place."""
    names = sorted(system.pools)
    places = [tree.places_at(system.pools[name].at) for name in names]
    sizes = [len(at) for at in places]
    types = np.repeat(np.arange(len(names), dtype=np.int64), sizes)
    return Teams(pool_type=types, pool_place=np.concatenate(places))


class _Entries(NamedTuple):
    """Pairs of a pool and a line, as columns."""

    pool: Int
    line: Int
    rank: Int
    """Position in the pool's order of preference."""
    foreign: Int
    """1 where the line is that of another place."""


def compile_serves(
    system: System,
    tree: PlaceTree,
    lines: LineArrays,
    teams: Teams,
    numbers: Numbers,
    divided: Divided,
) -> ServeArrays:
    """Serve lists of every mode, in order of rank from either side."""
    by_type: dict[tuple[str, str], _Entries] = {}
    columns: list[tuple[int, _Entries]] = []
    for mode, overlay in enumerate(overlays(system)):
        for name in sorted(system.pools):
            changed = overlay.pools.get(name) if overlay else None
            serves = (changed and changed.serves) or system.pools[name].serves
            key = (name, repr(serves))
            if key not in by_type:
                by_type[key] = _served(system.pools[name], serves, tree, lines, numbers)
            columns.append((mode, by_type[key]))
    if sum(len(entries.pool) for _, entries in columns) > MOST_ENTRIES:
        message = f"pools serve more than {MOST_ENTRIES:,} lines in all"
        hint = "let wide pools serve one line of a wider level"
        zh = f"各队伍服务的队列合计超过 {MOST_ENTRIES:,}；请让大范围的队伍服务上级的一个队列"
        raise PlanError(f"pools: {message}; {hint}", zh)
    first = np.searchsorted(teams.pool_type, np.arange(len(system.pools)))
    return _both_ways(system, lines, teams, numbers, (columns, first, divided))


def _served(
    pool: Pool,
    serves: list[Serve],
    tree: PlaceTree,
    lines: LineArrays,
    numbers: Numbers,
) -> _Entries:
    """Pairs of one type of pool; pools count from 0 within the type."""
    places = tree.places_at(pool.at)
    found = []
    for position, serve in enumerate(serves):
        line_type = numbers.lines[serve.line]
        instances = np.flatnonzero(lines.line_type == line_type)
        own = _pairs(tree, places, lines.line_place[instances], pool.at, pool.at)
        found.append((own, instances, 2 * position, 0))
        if serve.within is not None:
            near = _pairs(tree, places, lines.line_place[instances], pool.at, serve.within)
            found.append((near, instances, 2 * position + 1, 1))
    parts = [
        np.stack([pairs[0], instances[pairs[1]], *np.full((2, len(pairs[0])), [[rank], [far]])])
        for pairs, instances, rank, far in found
    ]
    pool_, line, rank, foreign = np.concatenate(parts, axis=1)
    order = np.lexsort((rank, line, pool_))
    pool_, line, rank, foreign = pool_[order], line[order], rank[order], foreign[order]
    # A line that is served twice over keeps its best rank.
    new = np.ones(len(pool_), bool)
    new[1:] = (np.diff(pool_) != 0) | (np.diff(line) != 0)
    return _Entries(pool_[new], line[new], rank[new], foreign[new])


def _pairs(
    tree: PlaceTree, places: Int, line_places: Int, at: str | None, within: str | None
) -> tuple[Int, Int]:
    """Positions of pools and lines that lie in one place of the level `within`.

    For a pool's own lines `within` is its own level: the lines of its place and below it, or
    the line above it.
    """
    level = tree.level_number(within)
    if at == within and len(line_places):
        level = min(level, int(tree.level[line_places[0]]))
    home, line_home = tree.at[places, level], tree.at[line_places, level]
    order = np.argsort(line_home, kind="stable")
    ranked = line_home[order]
    begin = np.searchsorted(ranked, home, "left")
    end = np.searchsorted(ranked, home, "right")
    end = np.where(home < 0, begin, end)
    count = end - begin
    pool = np.repeat(np.arange(len(places), dtype=np.int64), count)
    offset = np.arange(len(pool)) - np.repeat(np.cumsum(count) - count, count)
    return pool, order[np.repeat(begin, count) + offset]


def _both_ways(
    system: System,
    lines: LineArrays,
    teams: Teams,
    numbers: Numbers,
    given: tuple[list[tuple[int, _Entries]], Int, Divided],
) -> ServeArrays:
    columns, first, divided = given
    n_types, n_pools = len(system.pools), len(divided.whole)
    mode = np.concatenate([np.full(len(part.pool), m, np.int64) for m, part in columns])
    pool = np.concatenate(
        [part.pool + first[place % n_types] for place, (_, part) in enumerate(columns)]
    )
    line, rank, foreign = (
        np.concatenate([getattr(part, column) for _, part in columns])
        for column in ("line", "rank", "foreign")
    )
    asked = _asked(system.lines, numbers)[lines.line_type[line], foreign, teams.pool_type[pool]]
    taken, mode, pool = _by_part(mode, pool, divided)
    line, rank, asked = line[taken], rank[taken], asked[taken]
    row = mode * n_pools + pool
    order = np.lexsort((line, rank, row))
    back = np.lexsort((mode, pool, asked, line))
    return ServeArrays(
        line_ptr=_pointers(line, len(lines.line_type)),
        line_pool=pool[back],
        line_pool_mode=mode[back],
        line_pool_rank=asked[back],
        serve_ptr=_pointers(row, len(numbers.modes) * n_pools),
        serve_line=line[order],
        serve_rank=rank[order],
    )


def _by_part(mode: Int, pool: Int, divided: Divided) -> tuple[Int, Int, Int]:
    """Which entries hold for which parts of pools in which modes.

    A part takes the entries of its whole in the mode whose settings hold for it. Gives, for
    each entry that holds: where it stands in the input, the mode and the part.
    """
    modes = divided.modes()
    n_modes, n_parts = modes.shape
    wanted = (modes * (divided.whole.max() + 1) + divided.whole).reshape(-1)
    key = mode * (divided.whole.max() + 1) + pool
    order = np.argsort(key, kind="stable")
    begin = np.searchsorted(key[order], wanted, "left")
    count = np.searchsorted(key[order], wanted, "right") - begin
    cell = np.repeat(np.arange(n_modes * n_parts, dtype=np.int64), count)
    offset = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
    return order[begin[cell] + offset], cell // n_parts, cell % n_parts


def _asked(lines: Mapping[str, Line], numbers: Numbers) -> Int:
    """[line types, own or foreign, pool types] the rank in which a line asks idle pools.

    Pools that the line names come first, in its order; then those of the own place by name,
    then others by name.
    """
    n_pools = len(numbers.pools)
    rank = np.zeros((len(numbers.lines), 2, n_pools), np.int64)
    for name, line in lines.items():
        named = 2 * len(line.prefer)
        for pool, number in numbers.pools.items():
            if pool in line.prefer:
                own = 2 * line.prefer.index(pool)
                rank[numbers.lines[name], :, number] = own, own + 1
            else:
                rank[numbers.lines[name], :, number] = named + number, named + n_pools + number
    return rank


def _pointers(row: Int, rows: int) -> Int:
    return np.concatenate(([0], np.cumsum(np.bincount(row, minlength=rows)))).astype(np.int64)
