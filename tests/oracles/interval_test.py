"""Test a simulated mean against theory, with a stated false-alarm rate and a stated power.

A comparison with a tolerance proves little: a wide one hides errors, a narrow one fails by
chance. Here a test fails when the mean over replications differs from the truth by more than
z standard errors, which happens to a right program with probability alpha. It *also* fails
when it could not have seen a relative bias of the stated size with the stated power: then it
was not a test, and needs more or longer replications.

With standard error s the bias b |truth| is seen with power p when
b |truth| >= (t(1 - alpha/2) + t(p)) s, hence the largest useful half-width t(1 - alpha/2) s.
The error s is itself estimated, so the power is that of a program with just this error: at
the edge, where half the tests claim it, it was measured to hold (see the test of this file).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

DEFAULT_POWER = 0.9


@dataclass(frozen=True, slots=True)
class MeanTest:
    """The outcome of one comparison with theory.

    Attributes
    ----------
    mean, truth
        What was simulated and what is exact.
    half_width
        Largest difference that still passes.
    allowed_half_width
        Largest half-width with which the bias would be seen; infinite when none was asked.
    n
        Number of replications.
    """

    mean: float
    truth: float
    half_width: float
    allowed_half_width: float
    n: int

    @property
    def is_biased(self) -> bool:
        """Whether the mean differs from the truth by more than chance explains."""
        return abs(self.mean - self.truth) > self.half_width

    @property
    def has_power(self) -> bool:
        """Whether the bias asked about would have been seen."""
        return self.half_width <= self.allowed_half_width

    @property
    def replications_needed(self) -> int:
        """Replications of this length that would give the power."""
        return math.ceil(self.n * (self.half_width / self.allowed_half_width) ** 2)


def mean_test(
    samples: Sequence[float] | npt.NDArray[np.float64],
    truth: float,
    *,
    alpha: float,
    bias: float,
    power: float = DEFAULT_POWER,
) -> MeanTest:
    """Compare one number per replication with the truth.

    Parameters
    ----------
    samples
        One number per replication, never cases pooled over replications.
    truth
        The exact value.
    alpha
        Probability that a right program fails, from `share_of_family` within a suite.
    bias
        Relative bias, as a share of the truth, that must be seen with the given power.
    power
        Probability with which it must be seen.
    """
    values = np.asarray(samples, dtype=np.float64)
    n = len(values)
    if n < 5:
        raise ValueError(f"a test of a mean needs at least 5 replications, not {n}")
    if not np.isfinite(values).all():
        raise ValueError("a replication without a number cannot be tested against theory")
    error = float(values.std(ddof=1)) / math.sqrt(n)
    reject = float(stats.t.ppf(1 - alpha / 2, n - 1))
    detect = float(stats.t.ppf(power, n - 1))
    return MeanTest(
        mean=float(values.mean()),
        truth=truth,
        half_width=reject * error,
        allowed_half_width=bias * abs(truth) * reject / (reject + detect),
        n=n,
    )


def assert_mean(
    samples: Sequence[float] | npt.NDArray[np.float64],
    truth: float,
    alpha: float,
    bias: float,
    power: float = DEFAULT_POWER,
) -> MeanTest:
    """Fail when the mean is not the truth, or when the test could not have told.

    With ``truth`` 0 a relative bias means nothing; test a shifted quantity instead.
    """
    found = mean_test(samples, truth, alpha=alpha, bias=bias, power=power)
    if found.is_biased:
        raise AssertionError(
            f"biased: mean {found.mean:.6g} of {found.n} replications is "
            f"{(found.mean - truth) / truth:+.2%} off the exact {truth:.6g}; "
            f"chance explains ± {found.half_width:.3g} at alpha {alpha:.2g}"
        )
    if not found.has_power:
        raise AssertionError(
            f"no power: half-width {found.half_width:.3g} of {found.n} replications cannot see "
            f"a bias of {bias:.1%} of {truth:.6g} with power {power}; about "
            f"{found.replications_needed} replications, or longer ones, are needed"
        )
    return found


def share_of_family(alpha: float, tests: int) -> float:
    """Return the level of each test so that the whole suite fails by chance at most alpha.

    Bonferroni: holds whatever the dependence between the tests.
    """
    if tests < 1:
        raise ValueError(f"a family has at least one test, not {tests}")
    return alpha / tests
