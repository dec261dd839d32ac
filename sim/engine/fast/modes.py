"""Modes: calls, coming into force and ending; `switching` has what that does."""

from typing import Final

from sim.engine.fast.calendar import push
from sim.engine.fast.codes import (
    MODE_CALL,
    MODE_CANCEL,
    MODE_LEAVE,
    PHASE_CONTROL,
    PHASE_MODE,
    TRIGGER_AFTER,
    TRIGGER_AT,
    TRIGGER_LASTS,
    TRIGGER_STATE,
)
from sim.engine.fast.jit import Handle, jit, only_here
from sim.engine.fast.log import log
from sim.engine.fast.state import clock, modes, places, rule_count, rule_since, rules
from sim.engine.fast.switching import switch

DO_LEAVE: Final = 0
DO_ENTER: Final = 1
DO_CALL: Final = 2
"""What a MODE occurrence does; its ordinal is mode · 4 + this."""

UNTRUE: Final = 0
TRUE: Final = 1
HOLDS: Final = 2
"""A state rule is false; true; true for its holding time."""


@jit
def schedule_modes(w: Handle) -> None:
    """Enter the calls that are known beforehand, and the first control tick."""
    c = clock(w)[0]
    for mode in range(1, c.n_modes):
        rule = modes(w)[mode]
        if rule.enter == TRIGGER_AT and rule.enter_at < c.end:
            for scope in range(c.n_places):
                if places(w)[scope].level == rule.level:
                    push(w, max(0, rule.enter_at), PHASE_MODE, scope, mode * 4 + DO_CALL)
    if c.rules != 0:
        push(w, 0, PHASE_CONTROL, 0, 0)


@only_here
def happen(w: Handle, scope: int, ordinal: int) -> None:
    """Phase MODE: a call, a coming into force or an end, if it still stands."""
    now = clock(w)[0].instant
    mode = ordinal // 4
    action = ordinal % 4
    place = places(w)[scope]
    if action == DO_CALL:
        call(w, scope, mode)
    elif action == DO_ENTER:
        if place.called == mode and place.called_due == now:
            place.called = -1
            enter(w, scope, mode)
    elif place.scope_mode == mode and place.leave_at == now:
        leave(w, scope)


@jit
def call(w: Handle, scope: int, mode: int) -> None:
    """Call for a mode; it comes into force after its activation delay."""
    place = places(w)[scope]
    if place.scope_mode == mode or place.called == mode:  # noqa: PLR1714
        return
    if place.called >= 0:
        _cancel(w, scope)
    log(w, MODE_CALL, scope, -1, 0, -1, -1, -1, mode)
    if modes(w)[mode].activation == 0:
        enter(w, scope, mode)
        return
    place.called = mode
    place.called_due = clock(w)[0].instant + modes(w)[mode].activation
    push(w, place.called_due, PHASE_MODE, scope, mode * 4 + DO_ENTER)


@jit
def _cancel(w: Handle, scope: int) -> None:
    """Withdraw the pending call of a scope."""
    place = places(w)[scope]
    log(w, MODE_CANCEL, scope, -1, 0, -1, -1, -1, place.called)
    place.called = -1


@jit
def enter(w: Handle, scope: int, mode: int) -> None:
    """Bring a mode into force."""
    now = clock(w)[0].instant
    place = places(w)[scope]
    rule = modes(w)[mode]
    old = place.scope_mode
    if _is_past(w, mode):
        log(w, MODE_CANCEL, scope, -1, 0, -1, -1, -1, mode)
        return
    if old != 0:
        log(w, MODE_LEAVE, scope, -1, 0, -1, -1, -1, mode)
    place.leave_at = -1
    # The rule that ends the mode begins to hold no earlier than the mode itself.
    rule_since(w)[clock(w)[0].n_modes + mode, scope] = -1
    if rule.leave in (TRIGGER_AT, TRIGGER_LASTS):
        place.leave_at = rule.leave_at if rule.leave == TRIGGER_AT else now + rule.leave_at
        push(w, place.leave_at, PHASE_MODE, scope, mode * 4 + DO_LEAVE)
    switch(w, scope, mode, old)


@jit
def _is_past(w: Handle, mode: int) -> bool:
    """Whether the mode would end no later than now."""
    rule = modes(w)[mode]
    return bool(rule.leave == TRIGGER_AT and rule.leave_at <= clock(w)[0].instant)


@jit
def leave(w: Handle, scope: int) -> None:
    """End the mode of a scope; the mode that follows it is called."""
    place = places(w)[scope]
    old = place.scope_mode
    place.leave_at = -1
    follower = _follower(w, old)
    at_once = follower >= 0 and modes(w)[follower].activation == 0
    if at_once and not _is_past(w, follower):
        log(w, MODE_CALL, scope, -1, 0, -1, -1, -1, follower)
        enter(w, scope, follower)
        return
    log(w, MODE_LEAVE, scope, -1, 0, -1, -1, -1, 0)
    switch(w, scope, 0, old)
    if follower >= 0:
        call(w, scope, follower)


@jit
def _follower(w: Handle, old: int) -> int:
    for mode in range(1, clock(w)[0].n_modes):
        rule = modes(w)[mode]
        if rule.enter == TRIGGER_AFTER and rule.enter_at == old:
            return mode
    return -1


@only_here
def control(w: Handle) -> None:
    """Phase CONTROL: look at the state rules."""
    c = clock(w)[0]
    push(w, c.instant + c.control, PHASE_CONTROL, 0, 0)
    for rule in range(2 * c.n_modes):
        if rules(w)[rule].trigger != TRIGGER_STATE:
            continue
        mode = rule % c.n_modes
        level = modes(w)[mode].level
        for scope in range(c.n_places):
            place = places(w)[scope]
            if place.level != level:
                continue
            found = _holds(w, rule, scope)
            if rule >= c.n_modes:
                if found == HOLDS and place.scope_mode == mode:
                    leave(w, scope)
            elif found == HOLDS:
                call(w, scope, mode)
            elif found == UNTRUE and place.called == mode:
                _cancel(w, scope)


@jit
def _holds(w: Handle, number: int, scope: int) -> int:
    """Whether a rule is true, and has been for its holding time."""
    now = clock(w)[0].instant
    rule = rules(w)[number]
    found = rule_count(w)[number, scope]
    true = found > rule.bound if rule.above != 0 else found < rule.bound
    if not true:
        rule_since(w)[number, scope] = -1
        return UNTRUE
    if rule_since(w)[number, scope] < 0:
        rule_since(w)[number, scope] = now
    return HOLDS if now - rule_since(w)[number, scope] >= rule.hold else TRUE
