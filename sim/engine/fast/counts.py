"""Counts of waiting tasks and open requests for the state triggers of modes."""

from sim.engine.fast.codes import TRIGGER_STATE
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.state import (
    clock,
    lives,
    modes,
    place_at,
    rule_class,
    rule_count,
    rules,
)


@jit
def count(w: Handle, slot: int, is_open: int, change: int) -> None:
    """Change the counts that look at open requests (1) or at waiting tasks (0)."""
    c = clock(w)[0]
    if c.rules == 0:
        return
    life = lives(w)[slot]
    for number in range(2 * c.n_modes):
        rule = rules(w)[number]
        if rule.trigger != TRIGGER_STATE or rule.open != is_open:
            continue
        if rule_class(w)[number, life.request_class] == 0:
            continue
        scope = place_at(w)[life.place, modes(w)[number % c.n_modes].level]
        if scope >= 0:
            rule_count(w)[number, scope] += change
