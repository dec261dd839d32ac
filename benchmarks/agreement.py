"""Do the programs agree? Their means against many replications of ours, within noise.

A program's rounds are held against replications of ours of the same length from the same
empty start. If it plays the same system, the difference of the two averages over the spread of
a single replication follows Student's t; the spread is ours, as five rounds say little.
All tests of one benchmark together raise a false alarm in one of a hundred benchmarks
(Bonferroni).
"""

from typing import NamedTuple

import numpy as np
from scipy import stats

FALSE_ALARMS = 0.01
Means = dict[str, float | None]


class Comparison(NamedTuple):
    """One quantity of one program against ours."""

    model: str
    program: str
    quantity: str
    theirs: float
    ours: float
    standard_error: float
    """Of the difference."""
    p: float
    agrees: bool


def comparisons(
    found: dict[tuple[str, str], tuple[list[Means], list[Means]]],
    false_alarms: float = FALSE_ALARMS,
) -> list[Comparison]:
    """Test every quantity of every program.

    Parameters
    ----------
    found
        By model and program: its means, one dictionary a round, and those of our replications
        of the same length. A quantity that is None somewhere (nobody was counted) is left out.
    false_alarms
        Chance that any test fails although all programs play the same system.
    """
    each_one = [
        (model, program, quantity, *_difference(theirs, ours, quantity))
        for (model, program), (theirs, ours) in found.items()
        for quantity in theirs[0]
        if all(each[quantity] is not None for each in (*theirs, *ours))
    ]
    level = false_alarms / max(1, len(each_one))
    return [Comparison(*each, agrees=each[-1] >= level) for each in each_one]


def _difference(
    theirs: list[Means], ours: list[Means], quantity: str
) -> tuple[float, float, float, float]:
    a, b = (np.array([each[quantity] for each in rows], float) for rows in (theirs, ours))
    error = float(b.std(ddof=1)) * float(np.sqrt(1 / len(a) + 1 / len(b)))
    if error == 0:
        return float(a.mean()), float(b.mean()), 0.0, float(a.mean() == b.mean())
    t = (a.mean() - b.mean()) / error
    p = float(2 * stats.t.sf(abs(t), len(b) - 1))
    return float(a.mean()), float(b.mean()), error, p


def verdict(found: list[Comparison], model: str, program: str) -> str:
    """One phrase for the table: how many of a program's quantities agree."""
    own = [one for one in found if (one.model, one.program) == (model, program)]
    if not own:
        return ""
    wrong = [one.quantity for one in own if not one.agrees]
    return f"no: {', '.join(wrong)}" if wrong else f"yes ({len(own)})"
