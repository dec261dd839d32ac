"""Accounts: payments while there is enough, and the refill at the begin of a period."""

from sim.engine.fast.calendar import push
from sim.engine.fast.codes import EMPTY, FOR_AMOUNT, PAY, PHASE_GATE, REFILL
from sim.engine.fast.draws import index
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.log import log, tell
from sim.engine.fast.slots import visit_number
from sim.engine.fast.state import account_of, accounts, clock, lives, refill_at, steps


@jit
def pay(w: Handle, slot: int, step: int) -> int:
    """Pay if the account holds the amount; else go the other way, with nothing paid."""
    life = lives(w)[slot]
    here = steps(w)[step]
    number = account_of(w)[here.table, life.place]
    account = accounts(w)[number]
    ordinal = visit_number(w, slot, step) << 32 | int(here.key)
    amount = here.least
    if here.least != here.most:
        amount += index(w, here.most - here.least + 1, FOR_AMOUNT, life.key, ordinal)
    if account.balance < amount:
        tell(w, EMPTY, slot, number, -1, amount)
        return int(here.other)
    account.balance -= amount
    tell(w, PAY, slot, number, -1, amount)
    return int(here.next)


@jit
def schedule_refill(w: Handle, number: int) -> None:
    """Enter the next refill of the account."""
    account = accounts(w)[number]
    if account.next < account.last:
        # The numbers of accounts among the subjects of the phase follow those of gates.
        subject = clock(w)[0].n_gates + number
        push(w, refill_at(w)[account.next], PHASE_GATE, subject, 0)
        account.next += 1


@jit
def refill(w: Handle, number: int) -> None:
    """Phase GATE: a period begins."""
    schedule_refill(w, number)
    account = accounts(w)[number]
    rest = account.balance if account.carry != 0 else 0
    account.balance = account.refill + rest
    log(w, REFILL, account.place, -1, number, -1, -1, -1, account.balance)
