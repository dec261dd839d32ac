"""In which part of its time a request is while it is in a join.

Several of its tasks lie side by side there. It counts as worked while anybody is at work on one
of them, else as paused while one is interrupted, else as held if all are, else as waiting: for
answers, for members, for somebody to begin. A task that goes on for nobody after the join does
not count.
"""

from dataclasses import dataclass, field

import numpy as np

from sim.eventlog import EventLog
from sim.metrics.rows import NONE, Ints
from sim.plan.codes import Code

WAITING, PAUSED, WORKED, DELAY, HELD = range(5)
"""The first parts of `sim.metrics.requests`."""

TASKS = {
    Code.ENTRY: WAITING,
    Code.START: WORKED,
    Code.PAUSE: PAUSED,
    Code.RESUME: WORKED,
    Code.HOLD: HELD,
    Code.RELEASE: WAITING,
    Code.END: NONE,
    Code.WITHDRAW: NONE,
}
"""Rows of a task, and what it is in after them."""
OVER = (Code.JOIN_DONE, Code.JOIN_FAIL)


@dataclass(slots=True)
class _Joint:
    """What a request has been through so far."""

    is_open: bool = False
    tasks: dict[int, int] = field(default_factory=dict)
    """By visit: the part that each task of a join, past ones included, is in."""
    begun: set[int] = field(default_factory=set)

    def part(self) -> int:
        """The part that the request as a whole is in."""
        if not self.is_open:
            return DELAY
        found = set(self.tasks.values()) - {NONE}
        if found == {HELD}:
            return HELD
        return next((part for part in (WORKED, PAUSED) if part in found), WAITING)


def joint_parts(log: EventLog) -> tuple[Ints, Ints]:
    """Rows of joins and their tasks, and the part after each; `NONE`: it counts no more."""
    called = np.unique(log.request[log.code == Code.JOIN_CALL])
    if not len(called):
        return called, called
    codes = [*TASKS, Code.JOIN_CALL, *OVER]
    mine = np.isin(log.code, codes) & np.isin(log.request, called)
    rows = np.flatnonzero(mine & ((log.line >= 0) | np.isin(log.code, OVER)))
    state = {request: _Joint() for request in called.tolist()}
    found = [(row, part) for row in rows.tolist() if (part := _after(log, row, state)) != _ELSE]
    return (
        np.array([row for row, _ in found], np.int64),
        np.array([part for _, part in found], np.int64),
    )


_ELSE = -2
"""The row is of a task outside joins."""


def _after(log: EventLog, row: int, state: dict[int, _Joint]) -> int:
    joint, code, visit = state[log.request[row]], Code(log.code[row]), int(log.ordinal[row])
    if code == Code.JOIN_CALL:
        joint.is_open = True
        return joint.part()
    if code in OVER:
        joint.is_open = False
        joint.tasks = dict.fromkeys(joint.tasks, NONE)
        return DELAY
    if code == Code.ENTRY and joint.is_open:
        joint.tasks[visit] = NONE
    if visit not in joint.tasks:
        return _ELSE
    if code == Code.START:
        joint.begun.add(visit)
    is_back = code == Code.RELEASE and visit in joint.begun
    joint.tasks[visit] = PAUSED if is_back else TASKS[code]
    return joint.part() if joint.is_open else NONE
