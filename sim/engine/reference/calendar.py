"""SimPy's event calendar under the one total order: (time, phase, subject, ordinal).

SimPy breaks ties of time and priority by birth. Here the priority is the whole rest of the key,
so birth never decides. An occurrence carries nothing but its key: what happens then is looked
up by its phase.
"""

from collections.abc import Callable, Generator, Mapping

import simpy

from sim.errors import EngineError
from sim.plan.codes import Phase

ORDINAL_BITS = 40
SUBJECT_BITS = 34
Handler = Callable[[int, int], None]
"""What happens at an occurrence, given its subject and ordinal."""


class Occurrence(simpy.Event):
    """One entry of the calendar; SimPy calls it back at its time."""

    def __init__(self, env: "Calendar", phase: Phase, subject: int, ordinal: int) -> None:
        self.env = env
        self.callbacks = [env.happen]
        self._ok = True
        self._value = (phase, subject, ordinal)


class Signal(simpy.Event):
    """What a request waits for: settled once, at once, with the step that comes next."""

    def __init__(self, env: "Calendar") -> None:
        self.env = env
        self.callbacks = []

    def settle(self, step: int) -> None:
        """Resume the waiting process now, inside the present event."""
        callbacks, self.callbacks = self.callbacks or [], None  # type: ignore[assignment]
        self._ok = True
        self._value = step
        for callback in callbacks:
            callback(self)


class Walk:
    """A process: a generator that yields the signal it waits for and is sent the next step.

    `simpy.Process` would enter one event into the calendar to begin and another to end, which
    nobody waits for; this begins inside the present event and ends without a trace.
    """

    __slots__ = ("_generator",)

    def __init__(self, generator: Generator[simpy.Event, int, None]) -> None:
        self._generator = generator
        self._wait(next(generator, None))

    def _go_on(self, signal: simpy.Event) -> None:
        try:
            self._wait(self._generator.send(signal._value))
        except StopIteration:
            return

    def _wait(self, signal: simpy.Event | None) -> None:
        if signal is not None:
            signal.callbacks.append(self._go_on)


class Calendar(simpy.Environment):
    """A SimPy environment whose clock counts whole µs."""

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self.instant = 0
        """The present instant, µs: SimPy's `now` without the cost of a property."""
        self.phase = Phase.SHIFT
        self.handlers: Mapping[Phase, Handler] = {}

    def at(self, time: int, phase: Phase, subject: int, ordinal: int) -> None:
        """Enter an occurrence."""
        if ordinal >> ORDINAL_BITS:
            message = f"calendar key out of range: phase {phase}, {subject}, {ordinal}"
            raise EngineError(message)
        # 0 and 1 are SimPy's own priorities: a new process starts inside the present event.
        priority = 2 + ((phase << SUBJECT_BITS | subject) << ORDINAL_BITS | ordinal)
        self.schedule(
            Occurrence(self, phase, subject, ordinal),
            priority,  # type: ignore[arg-type]
            time - self.instant,
        )

    def happen(self, occurrence: simpy.Event) -> None:
        """Let the occurrence happen, to completion."""
        phase, subject, ordinal = occurrence._value
        self.instant = self._now  # type: ignore[assignment]
        self.phase = phase
        self.handlers[phase](subject, ordinal)
