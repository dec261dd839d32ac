"""Begins of civil weeks, months and quarters after time 0, for what happens at their turn."""

from datetime import datetime, timedelta
from typing import Literal

from sim.plan.civil import period_starts

QUARTER_BEGINS = (1, 4, 7, 10)


def turns(
    every: Literal["week", "month", "quarter", "year"], start: datetime, end: int
) -> list[int]:
    """Instants after time 0 and before `end` at which a period begins, rising."""
    unit = "month" if every == "quarter" else every
    begins = [at for at in period_starts(unit, start, end).tolist() if 0 < at < end]
    if every != "quarter":
        return begins
    return [at for at in begins if (start + timedelta(microseconds=at)).month in QUARTER_BEGINS]
