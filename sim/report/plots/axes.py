"""What several figures do to their axes."""

from collections.abc import Callable, Iterable
from typing import Any, cast

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.words import Scale, scale_for


def scaled(
    axis: Axis,
    unit: str,
    values: Iterable[float],
    named: Callable[[str], str],
    most: int = 6,
) -> Scale:
    """Show an axis in the unit that suits its values, and name it with that unit.

    Data stay in their own unit; only ticks are written in another, at round places of it: about
    so many as `most`, fewer on a small panel.
    """
    scale = scale_for(unit, values)
    locator = _Rounded(scale.divide, most)
    axis.set_major_locator(locator)
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick(scale.of(value))))
    axis.set_label_text(named(scale.unit))
    return scale


class _Rounded(MaxNLocator):
    """Ticks at round places of the unit that is shown."""

    def __init__(self, divide: float, most: int = 6) -> None:
        super().__init__(nbins=most, steps=[1, 2, 2.5, 5, 10])
        self.divide = divide

    def tick_values(self, vmin: float, vmax: float) -> list[float]:
        """Places between two ends, in the unit of the data."""
        found = super().tick_values(vmin / self.divide, vmax / self.divide)
        return [float(value) * self.divide for value in found]


def ticks_between(low: float, high: float, divide: float) -> list[float]:
    """Round places of the unit that is shown, within two ends."""
    return [each for each in _Rounded(divide).tick_values(low, high) if low <= each <= high]


def tick(value: float) -> str:
    """A tick's number: no needless zeros, thousands apart."""
    rounded = round(value, 6)
    text = f"{int(rounded):,}" if rounded == int(rounded) else f"{rounded:.6g}"
    return text.replace("-", "−")


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, each by column."""
    return cast("list[dict[str, Any]]", table.to_dict("records"))


def plain_ticks(axes: Axes) -> None:
    """Light grid lines behind the data and no tick marks."""
    axes.grid(visible=True)
    axes.tick_params(length=0)
