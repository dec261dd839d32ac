"""The pool of laws: every different law of a scenario once, as a row of integers.

Equal laws share a row wherever they stand. A written-out sequence keeps its values beside its
row; the row itself draws any of them, for visits that the sequence does not cover.
"""

import json
from typing import NamedTuple

import numpy as np

from sim.model.distributions import Empirical, Law
from sim.plan.layout import Int
from sim.plan.tables import TABLE_LENGTH, quantile_table

NO_LAW = -1
"""Number of a law that is not there: no work, no delay."""


class LawArrays(NamedTuple):
    """The law arrays of `sim.plan.layout.Plan`."""

    law_table: Int
    law_sequence_ptr: Int
    law_sequence: Int


class LawPool:
    """Gives each different law a number, in the order of first asking."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._laws: list[Law] = []

    def add(self, law: Law | None) -> int:
        """The number of a law; `NO_LAW` for None."""
        if law is None:
            return NO_LAW
        # Sorted keys: the parameters of a law have no order.
        text = json.dumps(law.model_dump(exclude_none=True), sort_keys=True)
        if text not in self._numbers:
            self._numbers[text] = len(self._laws)
            self._laws.append(law)
        return self._numbers[text]

    def is_sequence(self, number: int) -> bool:
        """Whether a law is a written-out sequence."""
        return number != NO_LAW and self._laws[number].sequence is not None

    def arrays(self) -> LawArrays:
        """All laws added so far, as arrays."""
        table = np.zeros((len(self._laws), TABLE_LENGTH), np.int64)
        for row, law in zip(table, self._laws, strict=True):
            row[:] = quantile_table(_drawn(law))
        sequences = [law.sequence or [] for law in self._laws]
        return LawArrays(
            law_table=table,
            law_sequence_ptr=np.cumsum([0, *map(len, sequences)], dtype=np.int64),
            law_sequence=np.array([v for values in sequences for v in values], np.int64),
        )


def gamma_factor(cv: float) -> Law:
    """The law of a random factor with mean 1 and this `cv`, in units of 1e-6."""
    return Law.model_validate({"gamma": {"mean": "1 s", "cv": cv}})


def _drawn(law: Law) -> Law:
    if law.sequence is None:
        return law
    return Law(empirical=Empirical.model_construct(values=law.sequence, weights=None))
