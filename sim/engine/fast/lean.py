"""What lean plans never change: fields that their code may take for constants.

Most of the engine is for what few plans use: modes, joins, gates, accounts, hazards, reviews,
careers, posts, preemption. Asking at every event whether there is any of it costs a plain
network of lines most of its time. So the same functions are made into machine code twice: for
any plan, and for lean plans, in which these fields are constants and LLVM leaves out what they
rule out. A plan is lean if its tables say so when they are made; what changes during play, as
`joint` of a request, keeps its value because nothing is there that would write another.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from sim.engine.fast.codes import NOBODY, STEP_LEAVE, SUSPEND_NONE
from sim.engine.fast.jit import Tables, leave_open
from sim.engine.fast.views import Known

LEAN: Final[Mapping[str, Known]] = {
    "clock": {
        "n_modes": 1,
        "rules": 0,
        "n_joins": 0,
        "join_width": 0,
        "gathering": 0,
        "first_gathering": -1,
        "last_gathering": -1,
        "n_gates": 0,
        "n_accounts": 0,
        "n_hazards": 0,
        "latent": 0,
        "n_reviews": 0,
        "n_readings": 0,
        "n_weeks": 0,
        "n_posts": 0,
    },
    "places": {"mode": 0, "scope_mode": 0},
    "steps": {
        "kind": range(STEP_LEAVE + 1),
        "claim": -1,
        "review": -1,
        "same_worker": 0,
    },
    "classes": {"preempts": 0, "patrol": -1},
    "class_modes": {"suspended": SUSPEND_NONE},
    "servers": {"mode": 0},
    "pools": {"mode": 0, "pace": 1000},
    "workers": {
        "mobilising": 0,
        "leaving": 0,
        "adding": 0,
        "reserved": NOBODY,
        "pace": 1000,
    },
    "careers": {"quitting": 0, "refill": 0, "newcomer": 0},
    "lives": {"joint": 0, "gate": NOBODY, "post": NOBODY, "owner": NOBODY, "diverted": 0},
}
"""By table and field: the value it keeps, or the values between which it stays."""

leave_open(LEAN)


def is_lean(tables: Tables) -> bool:
    """Whether the fields of `LEAN` are what the code for lean plans takes them for."""
    return all(
        _is(getattr(tables, name)[field], value)
        for name, fields in LEAN.items()
        for field, value in fields.items()
    )


def _is(column: np.ndarray, value: int | range) -> bool:
    if isinstance(value, range):
        return bool(((column >= value.start) & (column < value.stop)).all())
    return bool((column == value).all())
