"""Which designs no other beats, and where more money begins to gain less."""

import numpy as np

_DIGITS = 12
"""Means of equal costs may differ in their last digits by the order of adding."""


def without_noise(values: np.ndarray) -> np.ndarray:
    """Values to twelve significant digits, so that what is equal but for rounding is equal."""
    values = np.asarray(values, dtype=np.float64)
    size = np.abs(values)
    known = np.isfinite(values) & (size > 0)
    scale = np.where(known, _DIGITS - 1 - np.floor(np.log10(np.where(known, size, 1.0))), 0.0)
    return np.asarray(np.where(known, np.round(values * 10.0**scale) / 10.0**scale, values))


def efficient(cost: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """Which designs no other beats: none costs less or the same and is worth more or the same.

    Equal designs stay in together.
    """
    cost, worth = without_noise(cost), without_noise(worth)
    no_dearer = cost[:, None] <= cost
    no_worse = worth[:, None] >= worth
    strictly = (cost[:, None] < cost) | (worth[:, None] > worth)
    return np.asarray(~(no_dearer & no_worse & strictly).any(axis=0))


def knee_of(cost: np.ndarray, worth: np.ndarray) -> int | None:
    """The point farthest above the line between the ends, both axes from 0 to 1.

    None where fewer than three designs are on the frontier, or none lies above the line. After
    Satopaa et al., Finding a "Kneedle" in a haystack, ICDCS Workshops (2011) 166-171.
    """
    cost, worth = without_noise(cost), without_noise(worth)
    if len(cost) < 3 or cost[-1] == cost[0] or worth[-1] == worth[0]:
        return None
    along = (cost - cost[0]) / (cost[-1] - cost[0])
    gained = (worth - worth[0]) / (worth[-1] - worth[0])
    above = gained - along
    index = int(np.argmax(above))
    return index if above[index] > 1e-9 else None
