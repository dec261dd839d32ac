"""Figures for notebooks: each a function of a table, each with its finding as title.

>>> import sim as gg
>>> gg.plot.open_requests(runs.daily)                          # doctest: +SKIP
>>> Path("open.svg").write_bytes(gg.plot.to_bytes(chart))      # doctest: +SKIP

A figure shows itself in a notebook. ``lang`` is "en", "zh" or "both"; settings of matplotlib
stay as they are. The same numbers give the same bytes.
"""

from sim.report.plots import (
    calibration,
    differences,
    fairness,
    frontier,
    frontier_points,
    heat_map,
    open_requests,
    resolution_times,
    tornado,
    utilisation,
)
from sim.report.plots.posterior import marginals, pairs
from sim.report.style import Chart, to_bytes

__all__ = [
    "Chart",
    "calibration",
    "differences",
    "fairness",
    "frontier",
    "frontier_points",
    "heat_map",
    "marginals",
    "open_requests",
    "pairs",
    "resolution_times",
    "to_bytes",
    "tornado",
    "utilisation",
]
