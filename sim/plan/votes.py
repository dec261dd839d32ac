"""Votes as compiled steps: one round, and the time before the next one where there is any."""

from collections.abc import Callable

from sim.model.votes import VoteStep
from sim.plan.codes import StepKind
from sim.plan.laws import LawPool
from sim.plan.row import Row
from sim.plan.tables import threshold


def vote_rows(
    label: str,
    step: VoteStep,
    onward: str,
    entry: Callable[[str], str],
    laws: LawPool,
    modes: int,
) -> dict[str, Row]:
    """The round, first, and the delay behind it; `entry` finds the label of a step."""
    again = label if step.again is None else entry(step.again)
    rows = {
        label: Row(
            kind=StepKind.VOTE,
            threshold=[threshold(step.consent)] * modes,
            least=step.parties if step.need == "all" else step.need,
            most=step.parties,
            cap=step.rounds,
            next=onward,
            other=again if step.between is None else f"{label}@between",
            third=entry(step.failed),
        )
    }
    if step.between is not None:
        law = [laws.add(step.between)] * modes
        rows[f"{label}@between"] = Row(kind=StepKind.DELAY, law=law, next=again)
    return rows
