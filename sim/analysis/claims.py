"""Claims: reported outcomes as events that a simulated figure meets or not.

"At least 97", "minus 20" and "300 to 400" are intervals, not points: the reported value with
what was rounded away, mismeasured or left out of the model. A figure agrees with a claim when
it lies in the interval, so the probability of agreeing is a proper likelihood.
"""

import math
from typing import Final, Literal, NamedTuple

Verdict = Literal["met", "not_met", "open"]

MET: Final = "met"
NOT_MET: Final = "not_met"
OPEN: Final = "open"


class Band(NamedTuple):
    """The values that agree with a claim, ends included; an end may be infinite."""

    low: float
    high: float

    def holds(self, low: float, high: float | None = None) -> bool:
        """Whether a value, or some value between two, agrees."""
        high = low if high is None else high
        return not math.isnan(low + high) and low <= self.high and high >= self.low

    def gap(self, value: float) -> float:
        """How far a value is from agreeing; 0 where it does, infinite where it is none."""
        if math.isnan(value):
            return math.inf
        return max(self.low - value, value - self.high, 0.0)


def band_of(
    value: float | tuple[float, float], operator: str = "eq", width: float = 0.0
) -> Band:
    """The values that agree with a reported one.

    Parameters
    ----------
    value
        The number, or the two ends of a range.
    operator
        ``ge`` at least, ``le`` at most; anything else is two-sided.
    width
        How far a figure may lie beyond and still agree, in the unit of the value.
    """
    low, high = value if isinstance(value, tuple) else (value, value)
    return Band(
        -math.inf if operator == "le" else low - width,
        math.inf if operator == "ge" else high + width,
    )


def judge(low: float | None, high: float | None, band: Band) -> Verdict:
    """What an interval of a simulated figure says of a claim.

    Met or not only where the whole interval says so; otherwise it stays open, as it does where
    there is no interval.
    """
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return OPEN
    if band.low <= low and high <= band.high:
        return MET
    return OPEN if band.holds(low, high) else NOT_MET
