"""The plan of one island, cut out of that of the whole; and the numbers that lead back."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.plan.islands import Islands
from sim.plan.layout import Int, Plan

Array = NDArray[Any]


class Kept(NamedTuple):
    """Which of the whole's subjects an island holds, rising."""

    places: Int
    lines: Int
    pools: Int
    workers: Int
    gates: Int
    accounts: Int


class Excerpt(NamedTuple):
    """An island by itself."""

    plan: Plan
    kept: Kept


def kept_of(plan: Plan, found: Islands, island: int) -> Kept:
    """What one island holds, with the places above it."""
    here = found.of_place == island
    above = plan.place_level < found.level
    return Kept(
        places=np.flatnonzero(here | above),
        lines=np.flatnonzero(here[plan.line_place]),
        pools=np.flatnonzero(here[plan.pool_place]),
        workers=np.flatnonzero(here[plan.pool_place[plan.worker_pool]]),
        gates=np.flatnonzero(here[plan.gate_place]),
        accounts=np.flatnonzero(here[plan.account_place]),
    )


def excerpt(plan: Plan, found: Islands, island: int) -> Excerpt:
    """Cut out one island.

    Classes, steps, laws, calendars and sources keep their numbers; places, lines, pools,
    workers, gates and accounts get new ones in the same order.
    """
    kept = kept_of(plan, found, island)
    fields: dict[str, Any] = {}
    fields |= _places(plan, kept, found.level)
    fields |= _lines(plan, kept)
    fields |= _pools(plan, kept)
    fields |= _stations(plan, kept)
    local = np.isin(plan.local_place, kept.places)
    fields |= {
        "local_source": plan.local_source[local],
        "local_place": new_numbers(kept.places, len(plan.place_parent))[
            plan.local_place[local]
        ],
        "local_cell": plan.local_cell[local],
        "hazard_reporting": plan.hazard_reporting[:, kept.places],
        "review_of_place": plan.review_of_place[:, kept.places],
        "review_of_worker": plan.review_of_worker[:, kept.workers],
    }
    return Excerpt(plan._replace(**fields), kept)


def new_numbers(kept: Int, count: int) -> Int:
    """[count + 1] the new number of each that is kept, -1 of others and at the end for -1."""
    found = np.full(count + 1, -1, np.int64)
    found[kept] = np.arange(len(kept))
    return found


def _places(plan: Plan, kept: Kept, level: int) -> dict[str, Any]:
    new = new_numbers(kept.places, len(plan.place_parent))
    is_kept = new[plan.leaf_place] >= 0
    before = np.concatenate([[0], np.cumsum(is_kept)])
    parent, own_level = plan.place_parent[kept.places], plan.place_level[kept.places]
    fields: dict[str, Any] = {
        "place_parent": new[parent],
        "place_level": own_level,
        "place_at": new[plan.place_at[kept.places]],
        "place_leaves": before[plan.place_leaves[kept.places]],
        "leaf_place": new[plan.leaf_place[is_kept]],
        "place_key": plan.place_key[kept.places],
        "names": plan.names._replace(
            places=tuple(plan.names.places[place] for place in kept.places.tolist())
        ),
    }
    for name in ("households", "persons", "shops", "buildings", "floors"):
        sizes = getattr(plan, f"place_{name}")[kept.places]
        # What lies above the island holds no more than the island.
        sizes[own_level < level] = sizes[own_level == level].sum()
        fields[f"place_{name}"] = sizes
    return fields


def _lines(plan: Plan, kept: Kept) -> dict[str, Any]:
    new_line = new_numbers(kept.lines, len(plan.line_type))
    new_pool = new_numbers(kept.pools, len(plan.pool_type))
    ptr, entries = _rows(plan.line_ptr, kept.lines)
    new_place = new_numbers(kept.places, len(plan.place_parent))
    return {
        "line_of": new_line[plan.line_of[:, kept.places]],
        "line_type": plan.line_type[kept.lines],
        "line_place": new_place[plan.line_place[kept.lines]],
        "line_limit": plan.line_limit[kept.lines],
        "line_ptr": ptr,
        "line_pool": new_pool[plan.line_pool[entries]],
        "line_pool_mode": plan.line_pool_mode[entries],
        "line_pool_rank": plan.line_pool_rank[entries],
    }


def _pools(plan: Plan, kept: Kept) -> dict[str, Any]:
    new_line = new_numbers(kept.lines, len(plan.line_type))
    new_pool = new_numbers(kept.pools, len(plan.pool_type))
    new_place = new_numbers(kept.places, len(plan.place_parent))
    modes = np.arange(len(plan.mode_level))[:, None] * len(plan.pool_type)
    ptr, entries = _rows(plan.serve_ptr, (modes + kept.pools).reshape(-1))
    sizes = np.diff(plan.pool_first)[kept.pools]
    fields: dict[str, Any] = {
        "pool_place": new_place[plan.pool_place[kept.pools]],
        "pool_first": np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        "serve_ptr": ptr,
        "serve_line": new_line[plan.serve_line[entries]],
        "serve_rank": plan.serve_rank[entries],
        "worker_pool": new_pool[plan.worker_pool[kept.workers]],
        "worker_group": plan.worker_group[:, kept.workers],
        "worker_key": plan.worker_key[kept.workers],
    }
    for name in ("pool_type", "pool_leaves", "pool_volunteer"):
        fields[name] = getattr(plan, name)[kept.pools]
    by_mode = ("staff", "productivity", "shift_end", "preference", "pay", "pay_hour")
    for name in by_mode:
        fields[f"pool_{name}"] = getattr(plan, f"pool_{name}")[:, kept.pools]
    return fields


def _stations(plan: Plan, kept: Kept) -> dict[str, Any]:
    new_place = new_numbers(kept.places, len(plan.place_parent))
    gate = new_numbers(kept.gates, len(plan.gate_type))
    account = new_numbers(kept.accounts, len(plan.account_type))
    return {
        "gate_of": gate[plan.gate_of[:, kept.places]],
        "gate_type": plan.gate_type[kept.gates],
        "gate_place": new_place[plan.gate_place[kept.gates]],
        "account_of": account[plan.account_of[:, kept.places]],
        "account_type": plan.account_type[kept.accounts],
        "account_place": new_place[plan.account_place[kept.accounts]],
    }


def _rows(ptr: Int, rows: Int) -> tuple[Int, Int]:
    """The pointer of some rows, and their entries."""
    sizes = np.diff(ptr)[rows]
    ends = np.cumsum(sizes)
    offset = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - sizes, sizes)
    entries = np.repeat(ptr[:-1][rows], sizes) + offset
    return np.concatenate([[0], ends]).astype(np.int64), entries
