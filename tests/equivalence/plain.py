"""Play the town with everything with both engines, the fast one as plain Python.

``NUMBA_DISABLE_JIT=1 python -m tests.equivalence.plain`` tells where the logs part, one a line:
first as the engines are, then with another rule planted in the fast one, rule by rule. Compiled
code would not notice such a change.
"""

from unittest.mock import patch

from sim.demand.trace import draw_trace
from sim.engine.fast import (
    accounts,
    calendar,
    claims,
    dispatch,
    gates,
    jit,
    life,
    play,
    sessions,
)
from sim.engine.fast.state import accounts as funds
from sim.engine.reference import play as play_reference
from tests.equivalence.comparing import first_difference
from tests.equivalence.everything import everything

insert, refill = dispatch.insert, accounts.refill


def the_newest_first(nodes, root, node, major, minor, number):
    return insert(nodes, root, node, major, minor, -number)


def the_last_to_come_first(nodes, root, node, major, minor, number):
    return insert(nodes, root, node, major, -minor, number)


def what_is_left_lapses(w, number):
    funds(w)[number].carry = 0
    refill(w, number)


CHANGES = {
    "of those who came at one instant the newest is first": (
        dispatch,
        "insert",
        the_newest_first,
    ),
    "a gate hears first who came last": (gates, "insert", the_last_to_come_first),
    "the first volunteer is always asked first": (claims, "index", lambda *_: 0),
    "what is left in a fund lapses": (sessions, "refill", what_is_left_lapses),
    "rounds find nothing": (life, "round_completed", lambda *_: None),
}


def main():
    assert jit.PLAIN, "this is for NUMBA_DISABLE_JIT=1"
    plans = [everything(tick) for tick in ("1 us", "1 h")]
    runs = [(plan, draw_trace(plan, 1, 0)) for plan in plans]
    logs = [play_reference(*run) for run in runs]

    def told():
        with patch.object(calendar, "MANY", 0):  # so that a small town looks ahead too
            parts = [
                first_difference(log, play(*run)) for log, run in zip(logs, runs, strict=True)
            ]
        return next((part.split(" of ")[0] for part in parts if part), "equal")

    print("as they are:", told())
    for name, change in CHANGES.items():
        with patch.object(*change):
            print(f"{name}:", told())


if __name__ == "__main__":
    main()
