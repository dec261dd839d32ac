"""Whole numbers shared out exactly: by largest remainder, ties to the first."""

from collections.abc import Sequence


def share_out(total: int, weights: Sequence[int], *, least: int = 0) -> list[int]:
    """Parts of `total` in proportion to `weights`.

    Every part is its exact share rounded down; what is left goes, one each, to the largest
    remainders, and between equal remainders to the first. Give the weights in order of name.

    Parameters
    ----------
    total
        At least `least` times the number of weights.
    weights
        Not negative; if all are zero, the parts are even.
    least
        Smallest part. Those whose share is less are given this much, and the others share
        the rest in proportion.

    Returns
    -------
    Parts that add up to `total`.
    """
    if not any(weights):
        weights = [1] * len(weights)
    parts = _largest_remainder(total, weights)
    small = {place for place, part in enumerate(parts) if part < least}
    while small:
        open_places = [place for place in range(len(weights)) if place not in small]
        rest = _largest_remainder(
            total - least * len(small), [weights[place] for place in open_places]
        )
        parts = [least] * len(weights)
        for place, part in zip(open_places, rest, strict=True):
            parts[place] = part
        fallen = {place for place in open_places if parts[place] < least}
        if not fallen:
            break
        small |= fallen
    return parts


def _largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    missing = total - sum(parts)
    if missing:
        rests = [total * weight % whole for weight in weights]
        order = sorted(range(len(weights)), key=lambda place: -rests[place])
        for place in order[:missing]:
            parts[place] += 1
    return parts


def share_down(
    total: int, parents: Sequence[Sequence[int]], weights: Sequence[Sequence[int]]
) -> list[list[int]]:
    """A total of the root shared out level by level, so that it adds up at each of them.

    Parameters
    ----------
    total
        At the root.
    parents
        For each level below the root: the position of every place's parent in the level above.
    weights
        For each level below the root: what its places are in proportion to, within a parent.

    Returns
    -------
    Parts of every level, the root's first.
    """
    parts = [[total]]
    for above, weight in zip(parents, weights, strict=True):
        families: dict[int, list[int]] = {}
        for place, parent in enumerate(above):
            families.setdefault(parent, []).append(place)
        row = [0] * len(above)
        for parent, places in families.items():
            shared = share_out(parts[-1][parent], [weight[place] for place in places])
            for place, part in zip(places, shared, strict=True):
                row[place] = part
        parts.append(row)
    return parts
