"""Which run of which scenario is compared with which exact result: the table of this folder.

A `Check` is one number per replication against one exact value, a `Case` a run that gives some
of them. Overrides are those of ``--set``. Where a row is beyond a load of 0.8, or beyond some
two million requests on the reference engine, it is marked for the fast one, and the reference
plays the same formula elsewhere. `sizes` has the replications.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.oracles.table import exact
from tests.theory.sizes import SIZES

BIAS, CLOSE_BIAS = 0.05, 0.02
SECONDS, MINUTES = 1 / 3600, 1 / 60


@dataclass(frozen=True, slots=True)
class Check:
    """One exact value and the measure that is held to it.

    Attributes
    ----------
    row
        The row of the oracles.
    truth
        The exact value.
    measure, given
        The function of `tests.theory.measure` and what it is told.
    bias
        The relative bias that must be seen.
    """

    row: str
    truth: Callable[[], float]
    measure: str
    given: dict = field(default_factory=dict)
    bias: float = BIAS


@dataclass(frozen=True, slots=True)
class Case:
    """One set-up and what is measured in it; times in hours.

    Attributes
    ----------
    fast
        Whether it is too long for the reference engine.
    whole
        Whether a run is one sample, and a part of it none.
    """

    name: str
    scenario: str
    overrides: tuple[str, ...]
    warm_up: float
    horizon: float
    checks: tuple[Check, ...]
    fast: bool = False
    whole: bool = False

    @property
    def replications(self) -> int:
        """As many as its power needs; the error falls with the root of their number."""
        closeness = max(check.bias / BIAS for check in self.checks)
        return math.ceil(SIZES.get(self.name, 20) / closeness**2)

    def settings(self) -> tuple[str, ...]:
        """All overrides."""
        warm_up, horizon = (round(hours * 3600) for hours in (self.warm_up, self.horizon))
        return (f"run.warm_up={warm_up} s", f"run.horizon={horizon} s", *self.overrides)


def closer(case):
    """The case with as many replications as a bias of `CLOSE_BIAS` needs to be seen."""
    checks = tuple(replace(check, bias=CLOSE_BIAS) for check in case.checks)
    return replace(case, checks=checks)


def value(key, part=0, scale=1.0):
    """The exact value of a row, in hours where it is a time."""
    return lambda: scale * exact(key, part)


def row_check(key, measure, part=0, scale=1.0, **given):
    """A check of a row's own value."""
    return Check(key, value(key, part, scale), measure, given)


def formula(key, truth, measure, **given):
    """A check of a row's formula at other parameters."""
    return Check(key, truth, measure, given)
