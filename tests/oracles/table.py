"""Every oracle of this project, as one machine-readable table.

`docs/oracles.md` is made from `rows()`; `tests.oracles.recompute` has the computation of every
row that has numbers, and the theory and trace tests name the row they cover by its id.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["stationary", "time-varying", "trace", "structural"]


@dataclass(frozen=True, slots=True)
class OracleRow:
    """One exact result.

    Attributes
    ----------
    id
        Short and stable: a letter and a number for the closed forms, ``P-7A-1`` and so on for
        those that peers of this program are, or should be, tested with; ``O-U4`` is row U4
        under our own rule.
    kind
        What kind of test it asks for: an interval test, an interval test at given times, an
        exact trace, or a law that holds between runs.
    model, parameters
        The system; rates are per unit of time unless a unit is named.
    quantity
        Names of the values, separated by semicolons.
    value
        The values in that order; empty for a structural law.
    source
        Where the formula or the set-up comes from.
    decimals
        Printed decimals of each value, or of all.
    """

    id: str
    kind: Kind
    model: str
    parameters: str
    quantity: str
    value: tuple[float, ...]
    source: str
    decimals: int | tuple[int, ...] = 8

    def tolerances(self) -> tuple[float, ...]:
        """Half a unit of the last printed place of each value."""
        places = self.decimals
        each = (places,) * len(self.value) if isinstance(places, int) else places
        return tuple(0.5 * 10.0**-decimals for decimals in each)


def rows() -> tuple[OracleRow, ...]:
    """Return all rows, in the order of the documents."""
    # Imported late: the row modules need the class above.
    from tests.oracles.rows_forms import FORMS
    from tests.oracles.rows_peers import STATIONARY, TIME_VARYING
    from tests.oracles.rows_traces import STRUCTURAL, TRACES

    return (*FORMS, *STATIONARY, *TIME_VARYING, *TRACES, *STRUCTURAL)


def row(key: str) -> OracleRow:
    """Return the row with this id."""
    return next(found for found in rows() if found.id == key)


def exact(key: str, part: int = 0) -> float:
    """Return the exact value a theory test compares with."""
    return row(key).value[part]
