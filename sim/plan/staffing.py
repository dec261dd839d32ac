"""Head counts from staffing rules, in whole numbers, with the arithmetic written out.

Each rule is worked out and rounded at its own level. A total of a wider level is shared out
over the pools below it by largest remainder, that of a narrower level is summed; then the
rules combine at each pool's place, as their maximum or their sum.
"""

from difflib import get_close_matches
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import PlanError
from sim.model.pools import Rounding, Staff, StaffRule
from sim.plan.places import PlaceTree
from sim.plan.shares import share_out

Int = NDArray[np.int64]

THINGS: Final = ("household", "person", "shop", "building", "floor", "place")
MOST_WORKERS: Final = 10_000_000
"""Of one pool type; a typing error rather than a town."""

_ROUNDING: Final[dict[Rounding, str]] = {"up": "ceil", "down": "floor", "nearest": "round"}


class Arithmetic(NamedTuple):
    """How one rule, or the combination of all, came to its total; numbers and signs only."""

    rule: str
    """Name of the rule; ``max`` or ``sum`` for the combination."""
    level: str
    """Where it was worked out."""
    of: str
    """What was counted; empty for the combination."""
    formula: str
    """Such as ``ceil(95,000 / 350) = 272`` at one place, ``233 × 10 = 2,330`` at many that are
    alike, ``Σ(233) ceil(380…436 / 350) = 466`` at many that differ."""
    total: int


def head_counts(
    tree: PlaceTree, level: str | int | None, staff: Staff
) -> tuple[Int, list[Arithmetic]]:
    """Workers of a pool at each place of its level.

    Parameters
    ----------
    tree
        The places.
    level
        Name or number of the pool's level; None is the root.
    staff
        Rules and how they combine.

    Returns
    -------
    Head counts in the order of ``tree.places_at(level)``, and the arithmetic: one record a
    rule, in order of name, and where there are several, one for their combination.

    Raises
    ------
    PlanError
        If a rule names an unknown level or thing; the message begins with ``rules.<name>``.
    """
    number = level if isinstance(level, int) else tree.level_number(level)
    counts, records = [], []
    for name, rule in sorted(staff.rules.items()):
        at = number if rule.level is None else _level(tree, name, rule.level)
        quantities = _quantities(tree, name, rule, at)
        workers = [_rounded(rule, quantity) for quantity in quantities]
        if sum(workers) > MOST_WORKERS:
            zh = f"{sum(workers):,} 名人员过多"
            raise PlanError(f"rules.{name}: {sum(workers):,} workers are too many", zh)
        records.append(_record(tree, name, rule, at, quantities))
        counts.append(_placed(tree, number, at, workers, rule))
    combined = (np.max if staff.combine == "max" else np.sum)(np.stack(counts), axis=0)
    if len(records) > 1:
        records.append(_combination(tree.level_names[number], staff, records, combined))
    return combined.astype(np.int64), records


def _level(tree: PlaceTree, rule: str, level: str) -> int:
    try:
        return tree.level_number(level)
    except PlanError as error:
        raise error.below(f"rules.{rule}.level: ") from None


def _quantities(tree: PlaceTree, name: str, rule: StaffRule, at: int) -> list[int]:
    """How many of the counted things each place of a level has."""
    places = tree.places_at(at)
    if rule.of in THINGS:
        return [int(count) for count in tree.counted(rule.of)[places]]
    if rule.of not in tree.level_names:
        near = get_close_matches(rule.of, [*THINGS, *tree.level_names], n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        zh = f"“{rule.of}”不是可计数的对象" + (f"；是否指 {near[0]}？" if near else "")
        message = f"{rule.of} is nothing that can be counted{hint}"
        raise PlanError(f"rules.{name}.of: {message}", zh)
    inside = tree.at[tree.level == tree.level_number(rule.of), at]
    counts = np.bincount(inside[inside >= 0], minlength=len(tree.names))
    return [int(count) for count in counts[places]]


def _rounded(rule: StaffRule, quantity: int) -> int:
    exact, per = rule.workers * quantity, rule.per
    match rule.rounding:
        case "up":
            return -(-exact // per)
        case "down":
            return exact // per
        case "nearest":
            return (2 * exact + per) // (2 * per)


def _placed(tree: PlaceTree, number: int, at: int, workers: list[int], rule: StaffRule) -> Int:
    """Totals at the places of one level as head counts at those of the pool's level."""
    pools = tree.places_at(number)
    found = np.zeros(len(tree.names), np.int64)
    if at >= number:
        np.add.at(found, tree.at[tree.places_at(at), number], workers)
        return found[pools]
    weights = tree.counted(rule.share_by)
    for place, total in zip(tree.places_at(at), workers, strict=True):
        inside = pools[tree.at[pools, at] == place]
        if total and not len(inside):
            where = f"{tree.names[place]} has no place of level {tree.level_names[number]}"
            zh = f"“{tree.names[place]}”中没有“{tree.level_names[number]}”可分配 {total:,} 人"
            raise PlanError(f"rules: {where} to take its {total:,} workers", zh)
        found[inside] = share_out(total, [int(weight) for weight in weights[inside]])
    return found[pools]


def _record(
    tree: PlaceTree, name: str, rule: StaffRule, at: int, quantities: list[int]
) -> Arithmetic:
    total = sum(_rounded(rule, quantity) for quantity in quantities)
    least, most = min(quantities, default=0), max(quantities, default=0)
    factors = [f"{least:,}" if least == most else f"{least:,}…{most:,}"]
    if rule.workers != 1:
        factors.append(f"{rule.workers:,}")
    text = " × ".join(factors[rule.of == "place" and len(factors) > 1 :])
    if rule.per != 1:
        text = f"{_ROUNDING[rule.rounding]}({text} / {rule.per:,})"
    if len(quantities) != 1:
        sign = f"{len(quantities):,} ×" if least == most else f"Σ({len(quantities):,})"
        text = f"{sign} {text}"
    return Arithmetic(name, tree.level_names[at], rule.of, f"{text} = {total:,}", total)


def _combination(
    level: str, staff: Staff, records: list[Arithmetic], counts: Int
) -> Arithmetic:
    total = int(counts.sum())
    parts = ", ".join(f"{record.rule} {record.total:,}" for record in records)
    text = f"Σ({len(counts):,}) {staff.combine}({parts}) = {total:,}"
    return Arithmetic(staff.combine, level, "", text, total)
