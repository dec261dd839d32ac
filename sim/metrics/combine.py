"""The account of a run that was played in islands, from the accounts of its islands."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from sim.metrics.account import Account
from sim.metrics.days import all_days
from sim.metrics.extract import Axes, all_cells, all_openings, axes_of
from sim.metrics.place_means import all_means
from sim.metrics.rows import Ints
from sim.metrics.staff import Outlays, StaffTime
from sim.plan.excerpt import Kept
from sim.plan.layout import Plan

Table = TypeVar("Table", StaffTime, Outlays)


class Piece(NamedTuple):
    """An island's account, and what the island holds."""

    kept: Kept
    account: Account


def whole_account(plan: Plan, level: int, pieces: Sequence[Piece]) -> Account:
    """Put the accounts of all islands of a plan together.

    Parameters
    ----------
    plan
        The whole plan, in whose numbers the result is.
    level
        Number of the level whose places are told apart.
    pieces
        All islands, in any order; the result does not depend on it.
    """
    axes = axes_of(plan, level)
    accounts = [_renumbered(axes, piece) for piece in pieces]
    levels = accounts[0].means
    shape = len(plan.mode_level)
    pools, places = len(plan.pool_type), len(plan.place_parent)
    return Account(
        requests=all_cells([each.requests for each in accounts]),
        duties=all_cells([each.duties for each in accounts]),
        openings=all_openings([each.openings for each in accounts]),
        means={
            number: all_means([each.means[number] for each in accounts]) for number in levels
        },
        staff=_spread(
            [(each.kept.pools, each.account.staff) for each in pieces], (shape, pools)
        ),
        outlays=_spread(
            [(each.kept.places, each.account.outlays) for each in pieces], (shape, places)
        ),
        days=all_days([each.days for each in accounts]),
    )


def _renumbered(axes: Axes, piece: Piece) -> Account:
    """The account in the numbers of the whole."""
    account, places = piece.account, piece.kept.places
    return account._replace(
        requests=account.requests._replace(number=axes.moved(account.requests.number, places)),
        duties=account.duties._replace(number=axes.moved(account.duties.number, places)),
        openings=account.openings._replace(number=axes.moved(account.openings.number, places)),
        means={
            number: found._replace(place=places[found.place])
            for number, found in account.means.items()
        },
    )


def _spread(parts: Sequence[tuple[Ints, Table]], shape: tuple[int, int]) -> Table:
    """Tables [modes, some of all] as one table [modes, all]."""
    kind = type(parts[0][1])
    columns = [np.zeros(shape, np.int64) for _ in kind._fields]
    for at, part in parts:
        for column, values in zip(columns, part, strict=True):
            column[:, at] = values
    return kind(*columns)
