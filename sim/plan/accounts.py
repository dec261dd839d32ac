"""Accounts as arrays: where they are held, what is in them, and when they are filled up."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import numpy as np

from sim.model.accounts import Account, AmountRange, PayStep
from sim.model.system import System
from sim.plan.codes import StepKind
from sim.plan.layout import Int
from sim.plan.periods import turns
from sim.plan.places import PlaceTree
from sim.plan.row import Row
from sim.plan.stations import lay_out


class AccountArrays(NamedTuple):
    """The account arrays of `sim.plan.layout.Plan`."""

    account_of: Int
    account_type: Int
    account_place: Int
    account_balance: Int
    account_refill: Int
    account_carry: Int
    refill_ptr: Int
    refill_at: Int


def compile_accounts(system: System, tree: PlaceTree, end: int) -> AccountArrays:
    """All accounts, and the instants at which they are filled up before the run ends."""
    accounts = [system.accounts[name] for name in sorted(system.accounts)]
    stations = lay_out(system.accounts, tree)
    refills = [_refills(account, system.run.start, end) for account in accounts]
    return AccountArrays(
        account_of=stations.of,
        account_type=stations.type,
        account_place=stations.place,
        account_balance=np.array([account.balance for account in accounts], np.int64),
        account_refill=np.array([account.refill or 0 for account in accounts], np.int64),
        account_carry=np.array([account.carry_over for account in accounts], np.int64),
        refill_ptr=np.cumsum([0, *map(len, refills)], dtype=np.int64),
        refill_at=np.array([time for times in refills for time in times], np.int64),
    )


def _refills(account: Account, start: datetime, end: int) -> list[int]:
    """Begins of the account's periods after time 0."""
    if account.refill is None or account.every is None:
        return []
    return turns(account.every, start, end)


def pay_row(system: System, step: PayStep, onward: str, entry: Callable[[str], str]) -> Row:
    """The compiled step; `entry` finds the label of a step of the flow."""
    amount = step.amount
    least, most = (
        (amount.low, amount.high) if isinstance(amount, AmountRange) else (amount, amount)
    )
    return Row(
        kind=StepKind.PAY,
        station=sorted(system.accounts).index(step.account),
        least=least,
        most=most,
        next=onward,
        other=entry(step.otherwise),
    )
