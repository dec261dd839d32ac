"""Accounts: payments while there is enough, and the refill at the begin of a period."""

from sim.demand.draws import whole_number
from sim.demand.purposes import Purpose
from sim.engine.reference.world import Request, World, visit_number
from sim.plan.codes import Code, Phase


def pay(world: World, request: Request, step: int) -> int:
    """Pay if the account holds the amount; else go the other way, with nothing paid."""
    plan = world.plan
    account = plan.account_of[plan.step_table[step]][request.place]
    amount = whole_number(
        plan.step_least[step],
        plan.step_most[step],
        world.key0,
        world.key1,
        Purpose.AMOUNT,
        request.key,
        visit_number(request, step) << 32 | plan.step_key[step],
    )
    if world.balance[account] < amount:
        world.log(Code.EMPTY, request.place, request.number, account, amount=amount)
        return int(plan.step_other[step])
    world.balance[account] -= amount
    world.log(Code.PAY, request.place, request.number, account, amount=amount)
    return int(plan.step_next[step])


def schedule_refill(world: World, account: int, ordinal: int) -> None:
    """Enter the n-th refill of the account."""
    plan = world.plan
    kind = plan.account_type[account]
    entry = plan.refill_ptr[kind] + ordinal
    if entry < plan.refill_ptr[kind + 1]:
        # The numbers of accounts among the subjects of the phase follow those of gates.
        subject = len(plan.gate_type) + account
        world.calendar.at(plan.refill_at[entry], Phase.GATE, subject, ordinal)


def refill(world: World, account: int, ordinal: int) -> None:
    """Phase GATE: a period begins."""
    schedule_refill(world, account, ordinal + 1)
    plan = world.plan
    kind = plan.account_type[account]
    rest = world.balance[account] if plan.account_carry[kind] else 0
    world.balance[account] = plan.account_refill[kind] + rest
    place = plan.account_place[account]
    world.log(Code.REFILL, place, ordinal=account, amount=world.balance[account])
