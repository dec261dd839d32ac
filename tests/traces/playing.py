"""Play a small scenario and tell what happened, in words that a hand-checked trace can hold.

A row is told as ``"6.5 START r1 w0"``: time in the unit of the trace, what happened, the
request, the worker, and the amount where it is a length of time (``=4``), a priority, money
(``=5 CNY``) or a number of consents. Calls and answers of joins name the line and the round.
Scopes of modes and rated places stand behind an @ (``@site war``).
"""

import tempfile
from pathlib import Path

from sim.demand.trace import draw_trace
from sim.engine.fast import play as play_fast
from sim.engine.fast.build import unsupported
from sim.engine.reference import play as play_reference
from sim.plan.codes import Code, JoinFailure
from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario
from tests.equivalence.comparing import first_difference

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

LENGTHS = {
    Code.START, Code.PAUSE, Code.RESUME, Code.DELAY, Code.HAND_OFF, Code.RETURN, Code.WITHDRAW,
    Code.WORKER_OFF, Code.GATE_PASS, Code.GATE_REFUSE, Code.GATE_NEXT, Code.JOIN_ANSWER,
    Code.JOIN_DONE, Code.JOIN_FAIL, Code.DRILL, Code.MANNED,
}  # fmt: skip
RATED = {Code.REVIEW, Code.LEVEL, Code.MOVED}
LEVELS = {
    Code.EXIT,
    Code.PACE,
    *RATED,
    Code.ENTRY,
    Code.RISE,
    Code.SUPERVISE,
    Code.VERDICT,
    Code.GATE_WAIT,
}
MONEY = {Code.PAY, Code.EMPTY, Code.REFILL}
CALLS = {Code.JOIN_CALL, Code.JOIN_ANSWER}
MODES = {Code.MODE_CALL, Code.MODE_CANCEL, Code.MODE_ENTER, Code.MODE_LEAVE}
WORK = ("START", "PAUSE", "RESUME", "END")
"""Codes that most traces ask for."""

HEAD = "name: trace\ntitle: A trace worked out by hand\n"


def play(plan, trace):
    """The log of the reference, once the fast engine has written the same."""
    log = play_reference(plan, trace)
    if not unsupported(plan):
        assert not first_difference(log, play_fast(plan, trace))
    return log


class Played:
    """A log with the plan that it belongs to."""

    def __init__(self, plan, log, unit):
        self.plan, self.log, self.unit = plan, log, unit

    def story(self, *codes, requests=None):
        """The rows with these codes (all where none is named), told in order."""
        log = self.log
        told = []
        for row in range(log.n_rows):
            code = Code(log.code[row])
            if codes and code.name not in codes:
                continue
            if requests is not None and log.request[row] not in requests:
                continue
            told.append(self._tell(row, code))
        return told

    def _tell(self, row, code):
        log, amount = self.log, int(self.log.amount[row])
        words = [f"{int(log.time[row]) / self.unit:g}", code.name]
        if code in MODES or (code in RATED and log.worker[row] < 0):
            words += self._where(row, code)
        if log.request[row] >= 0:
            words.append(f"r{log.request[row]}")
        if log.worker[row] >= 0:
            words.append(f"w{log.worker[row]}")
        if code in CALLS:
            line = self.plan.names.line_types[self.plan.line_type[log.line[row]]]
            words += [line, f"round {log.ordinal[row]}"]
        if code == Code.JOIN_FAIL:
            words.append(JoinFailure(log.ordinal[row]).name.lower())
        if code in LENGTHS and amount:
            words.append(f"={amount / self.unit:g}")
        if code in LEVELS:
            words.append(f"={amount}")
        if code in MONEY:
            words.append(f"={amount / 100:g} CNY")
        if code == Code.VOTE:
            words.append(f"round {log.ordinal[row]} ={amount}")
        return " ".join(words)

    def _where(self, row, code):
        names = self.plan.names
        place = f"@{names.places[self.log.place[row]]}"
        return [place, names.modes[self.log.amount[row]]] if code in MODES else [place]

    def times(self, code):
        """Times of all rows with this code, in the unit of the trace, in order."""
        return [int(t) / self.unit for t in self.log.time[self.log.code == Code[code]]]


def plan_of(text):
    """Read and compile a scenario written in a test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.yaml"
        path.write_text((HEAD if "title:" not in text else "") + text, encoding="utf-8")
        return compile_plan(read_scenario(path))


def played(text, unit=SECOND, seed=1):
    """Play a scenario written in a test."""
    plan = plan_of(text)
    return Played(plan, play(plan, draw_trace(plan, seed, 0)), unit)
