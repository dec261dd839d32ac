"""Rows: compiled steps before they have numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.plan.codes import StepKind
from sim.plan.joins import Joint


@dataclass(slots=True, kw_only=True)
class Row:
    """One compiled step; other steps are labels, lists are by mode."""

    kind: StepKind
    line: int = -1
    law: list[int] = field(default_factory=list)
    next: str | None = None
    other: str | None = None
    third: str | None = None
    threshold: list[int] = field(default_factory=list)
    level: int = -1
    cap: int = 0
    least: int = -1
    most: int = -1
    same_worker: bool = False
    claim: int = -1
    accept: int = 0
    rise: str | None = None
    table: str | None = None
    """Name of a verdict table."""
    station: int = -1
    """Number of a gate or an account."""
    branch: Mapping[str, float] = field(default_factory=dict)
    joint: Joint | None = None
    """Whom a join calls."""
