"""The shared codes as plain integers: Numba would compile a function once per enumeration."""

from typing import Final

from sim.demand.purposes import Purpose
from sim.plan.codes import Channel, Phase, ShiftEnd, SourceKind, StepKind, Suspension
from sim.plan.codes import Code as C
from sim.plan.codes import TimerStart, TimerThen, TimerUntil, Trigger

NOBODY: Final = -1
WAITING: Final = 0
RUNNING: Final = 1
KEPT: Final = 2
HELD: Final = 3
OVER: Final = 4
"""States of a task: in its line; in work; paused with its worker; suspended; ended."""

GONE: Final = -1
WAITS: Final = -2
LEAVING: Final = 1 << 40
"""Steps that are none: the request is over, waits for an event, or leaves."""

FINISHED: Final = 0
GROW: Final = 1
FULL: Final = 2
"""Why the loop came back: the end; a table has little room left; a table overflowed."""

PHASE_END: Final = int(Phase.END)
PHASE_SHIFT: Final = int(Phase.SHIFT)
PHASE_MODE: Final = int(Phase.MODE)
PHASE_ARRIVAL: Final = int(Phase.ARRIVAL)
PHASE_RETURN: Final = int(Phase.RETURN)
PHASE_TIMER: Final = int(Phase.TIMER)
PHASE_CONTROL: Final = int(Phase.CONTROL)

ARRIVAL: Final = int(C.ARRIVAL)
ENTRY: Final = int(C.ENTRY)
START: Final = int(C.START)
PAUSE: Final = int(C.PAUSE)
RESUME: Final = int(C.RESUME)
END: Final = int(C.END)
DELAY: Final = int(C.DELAY)
HAND_OFF: Final = int(C.HAND_OFF)
MISROUTE: Final = int(C.MISROUTE)
RETURN: Final = int(C.RETURN)
REFUSE: Final = int(C.REFUSE)
WITHDRAW: Final = int(C.WITHDRAW)
LEAVE: Final = int(C.LEAVE)
CLOSE: Final = int(C.CLOSE)
VERDICT: Final = int(C.VERDICT)
REWORK: Final = int(C.REWORK)
DONE: Final = int(C.DONE)
MARK: Final = int(C.MARK)
RISE: Final = int(C.RISE)
SUPERVISE: Final = int(C.SUPERVISE)
CONTACT: Final = int(C.CONTACT)
HOLD: Final = int(C.HOLD)
RELEASE: Final = int(C.RELEASE)
DIVERT: Final = int(C.DIVERT)
WORKER_ON: Final = int(C.WORKER_ON)
WORKER_OFF: Final = int(C.WORKER_OFF)
POST: Final = int(C.POST)
WITHDRAWN: Final = int(C.WITHDRAWN)
MODE_CALL: Final = int(C.MODE_CALL)
MODE_CANCEL: Final = int(C.MODE_CANCEL)
MODE_ENTER: Final = int(C.MODE_ENTER)
MODE_LEAVE: Final = int(C.MODE_LEAVE)

STEP_WORK: Final = int(StepKind.WORK)
STEP_DELAY: Final = int(StepKind.DELAY)
STEP_BRANCH: Final = int(StepKind.BRANCH)
STEP_LEVEL: Final = int(StepKind.LEVEL)
STEP_HAND_OFF: Final = int(StepKind.HAND_OFF)
STEP_RETURN: Final = int(StepKind.RETURN)
STEP_EVALUATE: Final = int(StepKind.EVALUATE)
STEP_CLOSE: Final = int(StepKind.CLOSE)
STEP_END: Final = int(StepKind.END)
STEP_LEAVE: Final = int(StepKind.LEAVE)

SHIFT_FINISH: Final = int(ShiftEnd.FINISH)
SHIFT_HAND_OVER: Final = int(ShiftEnd.HAND_OVER)
SHIFT_PAUSE: Final = int(ShiftEnd.PAUSE)

SUSPEND_NONE: Final = int(Suspension.NONE)
SUSPEND_HOLD: Final = int(Suspension.HOLD)
SUSPEND_REFUSE: Final = int(Suspension.REFUSE)
SUSPEND_DIVERT: Final = int(Suspension.DIVERT)

AT_REPORT: Final = int(TimerStart.REPORT)
AT_DISPATCH: Final = int(TimerStart.DISPATCH)
AT_ACCEPTANCE: Final = int(TimerStart.ACCEPTANCE)
UNTIL_FIRST_START: Final = int(TimerUntil.FIRST_START)
UNTIL_CLOSING: Final = int(TimerUntil.CLOSING)
THEN_LEAVE: Final = int(TimerThen.LEAVE)
THEN_RISE: Final = int(TimerThen.RISE)
THEN_SUPERVISE: Final = int(TimerThen.SUPERVISE)
THEN_GO: Final = int(TimerThen.GO)
NO_CHANNEL: Final = int(Channel.NONE)

TRIGGER_AT: Final = int(Trigger.AT)
TRIGGER_STATE: Final = int(Trigger.STATE)
TRIGGER_AFTER: Final = int(Trigger.AFTER)
TRIGGER_LASTS: Final = int(Trigger.LASTS)

POPULATION: Final = int(SourceKind.POPULATION)

FOR_WORK: Final = int(Purpose.WORK)
FOR_DELAY: Final = int(Purpose.DELAY)
FOR_BRANCH: Final = int(Purpose.BRANCH)
FOR_PATIENCE: Final = int(Purpose.PATIENCE)
FOR_EVALUATION: Final = int(Purpose.EVALUATION)
FOR_MISROUTE: Final = int(Purpose.MISROUTE)
FOR_HAND_OFF: Final = int(Purpose.HAND_OFF)
FOR_RETURN: Final = int(Purpose.RETURN)
FOR_RESOLVED: Final = int(Purpose.RESOLVED)
FOR_UPTIME: Final = int(Purpose.UPTIME)
FOR_LEVEL: Final = int(Purpose.LEVEL)
FOR_MOBILISATION: Final = int(Purpose.MOBILISATION)
