"""Steps of one class before they have numbers: rows that name each other by label."""

from sim.model.flows import Flow, Step
from sim.model.joins import JoinStep
from sim.model.modes import Mode
from sim.model.requests import RequestClass
from sim.model.routing import Ladder, Rung
from sim.model.system import System
from sim.plan.accounts import pay_row
from sim.plan.codes import StepKind
from sim.plan.gates import gate_row
from sim.plan.joins import joint_of
from sim.plan.laws import NO_LAW, LawPool
from sim.plan.numbering import Numbers
from sim.plan.row import Row
from sim.plan.tables import threshold
from sim.plan.verdicts import asked_after
from sim.plan.votes import vote_rows

CLOSE, LEAVE = "close", "leave"
"""What a flow may name as the next step besides its own steps."""


class ClassCompiler:
    """Lays out the flow of one class."""

    def __init__(
        self,
        system: System,
        name: str,
        numbers: Numbers,
        laws: LawPool,
        modes: list[Mode | None],
    ) -> None:
        self.system = system
        self.name = name
        self.numbers = numbers
        self.laws = laws
        self.modes = modes
        self.request_class: RequestClass = system.requests[name]
        self.flow: Flow = system.flows[self.request_class.flow]

    def rows(self) -> dict[str, Row]:
        """All steps by label: the flow's own by name, then the three ends."""
        flow = self.request_class.flow
        rows: dict[str, Row] = {}
        for name in sorted(self.flow.steps):
            rows.update(self._step(name, self.flow.steps[name]))
        rows[f"{flow}@close"] = Row(kind=StepKind.CLOSE, next=f"{flow}@end")
        rows[f"{flow}@end"] = Row(kind=StepKind.END)
        rows[f"{flow}@leave"] = Row(kind=StepKind.LEAVE)
        return rows

    def entry(self, name: str, close: str = "@close") -> str:
        """Label of the first compiled step of a step of the flow."""
        flow = self.request_class.flow
        if name in (CLOSE, LEAVE):
            return flow + (close if name == CLOSE else "@leave")
        step = self.flow.steps[name]
        if step.evaluate is not None:
            return f"{flow}.{name}@close"
        if step.ladder is not None:
            return self._rung_entry(f"{flow}.{name}", self.system.ladders[step.ladder], 0)
        return f"{flow}.{name}"

    def _step(self, name: str, step: Step) -> dict[str, Row]:
        label = f"{self.request_class.flow}.{name}"
        if step.evaluate is not None:
            return self._evaluation(label, step)
        if step.ladder is not None:
            return self._ladder(label, step, self.system.ladders[step.ladder])
        if step.branch is not None:
            shares = {self.entry(to): share for to, share in sorted(step.branch.items())}
            return {label: Row(kind=StepKind.BRANCH, branch=shares)}
        if step.gate is not None or step.pay is not None or step.vote is not None:
            return self._besides_work(label, step)
        if step.join is not None:
            return {label: self._join(step.join, step.next)}
        if step.work is None:
            law = self._same(self.laws.add(step.delay))
            return {label: Row(kind=StepKind.DELAY, law=law, next=self.entry(step.next))}
        content = step.work.content or self.request_class.work
        claim = step.work.claim
        return {
            label: Row(
                kind=StepKind.WORK,
                line=self.numbers.lines[step.work.line],
                law=self._same(self.laws.add(content)),
                next=self.entry(step.next),
                same_worker=step.work.same_worker,
                claim=-1 if claim is None else self.numbers.lines[claim.line],
                accept=0 if claim is None else threshold(claim.accept),
            )
        }

    def _besides_work(self, label: str, step: Step) -> dict[str, Row]:
        """A gate, a payment or a round of a vote."""
        onward, modes = self.entry(step.next), len(self.modes)
        if step.gate is not None:
            return {label: gate_row(self.system, step.gate, onward, self.entry, modes)}
        if step.pay is not None:
            return {label: pay_row(self.system, step.pay, onward, self.entry)}
        assert step.vote is not None
        return vote_rows(label, step.vote, onward, self.entry, self.laws, modes)

    def _join(self, step: JoinStep, onward: str) -> Row:
        content = step.content or self.request_class.work
        return Row(
            kind=StepKind.JOIN,
            joint=joint_of(step, content, self.numbers, self.laws),
            least=len(step.lines) if step.need == "all" else step.need,
            cap=step.rounds,
            next=self.entry(onward),
            other=None if step.otherwise is None else self.entry(step.otherwise),
        )

    def _evaluation(self, label: str, step: Step) -> dict[str, Row]:
        """Close first, then ask; what follows a verdict that stands is the end."""
        assert step.evaluate is not None
        table = step.evaluate.verdicts
        override = f"{table}.{self.name}"
        verdicts = self.system.verdicts[table]
        rework = step.evaluate.rework
        return {
            f"{label}@close": Row(kind=StepKind.CLOSE, next=label),
            label: Row(
                kind=StepKind.EVALUATE,
                law=self._same(self.laws.add(asked_after(verdicts, self.name))),
                next=self.entry(step.next, close="@end"),
                other=None if rework is None else self.entry(rework),
                cap=step.evaluate.cap,
                table=override if self.name in verdicts.classes else table,
            ),
        }

    def _same(self, law: int) -> list[int]:
        return [law] * len(self.modes)

    # ---- ladders

    def _rung_entry(self, label: str, ladder: Ladder, place: int) -> str:
        top = place == len(ladder.order) - 1
        return f"{label}@{ladder.order[place]}.{'work' if top else 'level'}"

    def _ladder(self, label: str, step: Step, ladder: Ladder) -> dict[str, Row]:
        rows: dict[str, Row] = {}
        for place, name in enumerate(ladder.order):
            here = f"{label}@{name}"
            top = place == len(ladder.order) - 1
            rise = None if top else f"{here}.hand_off"
            rows.update(self._closing_work(here, name, ladder.rungs[name], step, rise))
            if not top:
                rows.update(self._hand_off(label, step, ladder, place))
        return rows

    def _closing_work(
        self, here: str, name: str, rung: Rung, step: Step, rise: str | None
    ) -> dict[str, Row]:
        """The work at the rung that may close, and what follows it outside."""
        after = self.entry(step.next)
        level = self.numbers.rungs[name]
        external = self.request_class.external.get(name)
        content = self.request_class.work_at.get(name, self.request_class.work)
        work = Row(
            kind=StepKind.WORK,
            line=self.numbers.lines[rung.line],
            law=self._same(self.laws.add(content)),
            next=after if external is None else f"{here}.external",
            level=level,
            rise=rise,
        )
        rows = {f"{here}.work": work}
        if external is not None:
            law = self._same(self.laws.add(external))
            rows[f"{here}.external"] = Row(
                kind=StepKind.DELAY, law=law, next=after, level=level, rise=rise
            )
        return rows

    def _hand_off(self, label: str, step: Step, ladder: Ladder, place: int) -> dict[str, Row]:
        """What a rung does with a request that it may not close."""
        name, upper = ladder.order[place], ladder.order[place + 1]
        here = f"{label}@{name}"
        rung, level, rise = ladder.rungs[name], self.numbers.rungs[name], f"{here}.hand_off"
        first = f"{here}.triage" if rung.triage is not None else rise
        wrong = self._misrouted(here, rung, ladder.rungs[upper], upper)
        misrouting = self._misrouting(step.ladder or "", name, rung)
        rows = {
            f"{here}.level": Row(
                kind=StepKind.LEVEL, next=f"{here}.work", other=first, level=level, rise=rise
            ),
            rise: Row(
                kind=StepKind.HAND_OFF,
                law=self._hand_off_laws(step.ladder or "", name, rung),
                next=self._rung_entry(label, ladder, place + 1),
                other=next(iter(wrong)) if any(misrouting) else None,
                threshold=misrouting,
                level=level,
                cap=ladder.returns,
            ),
        }
        if rung.triage is not None:
            rows[first] = self._triage(rung, level, rise, rise)
        return {**rows, **(wrong if any(misrouting) else {})}

    def _triage(self, rung: Rung, level: int, after: str, rise: str) -> Row:
        law = self._same(self.laws.add(rung.triage))
        line = self.numbers.lines[rung.line]
        return Row(kind=StepKind.WORK, line=line, law=law, next=after, level=level, rise=rise)

    def _misrouted(self, here: str, rung: Rung, above: Rung, upper: str) -> dict[str, Row]:
        """The wrong desk of the next rung, first step first, and the way back.

        A rise takes the request out of the wrong desk and hands it on once more.
        """
        back = Row(
            kind=StepKind.RETURN,
            law=self._same(self.laws.add(rung.return_after)),
            next=f"{here}.hand_off",
            level=self.numbers.rungs[here.rpartition("@")[2]],
            rise=f"{here}.hand_off",
        )
        rows = {f"{here}.return": back}
        if above.triage is None:
            return rows
        level = self.numbers.rungs[upper]
        desk = self._triage(above, level, f"{here}.return", f"{here}.hand_off")
        return {f"{here}.misrouted": desk, **rows}

    def _hand_off_laws(self, ladder: str, name: str, rung: Rung) -> list[int]:
        laws = []
        for mode in self.modes:
            overlay = mode.ladders.get(ladder, {}).get(name) if mode else None
            changed = overlay.hand_off if overlay else None
            laws.append(self.laws.add(changed or rung.hand_off))
        return laws

    def _misrouting(self, ladder: str, name: str, rung: Rung) -> list[int]:
        found = []
        for mode in self.modes:
            overlay = mode.ladders.get(ladder, {}).get(name) if mode else None
            changed = overlay.misrouting if overlay else None
            found.append(threshold(rung.misrouting if changed is None else changed))
        return found


def has_draw(row: Row) -> bool:
    """Whether the first visit of the step is drawn with the trace."""
    if row.kind == StepKind.BRANCH:
        return True
    drawn = row.kind in (StepKind.WORK, StepKind.DELAY, StepKind.HAND_OFF)
    return drawn and row.law[0] != NO_LAW and len(set(row.law)) == 1
