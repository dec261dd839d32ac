"""The figures: one file each, a function of a DataFrame that gives a matplotlib figure."""

from sim.report.plots.calibration import calibration
from sim.report.plots.differences import differences
from sim.report.plots.fairness import fairness
from sim.report.plots.frontier import frontier, frontier_points
from sim.report.plots.heat_map import heat_map
from sim.report.plots.open_requests import open_requests
from sim.report.plots.resolution_times import resolution_times
from sim.report.plots.tornado import tornado
from sim.report.plots.utilisation import utilisation

__all__ = [
    "calibration",
    "differences",
    "fairness",
    "frontier",
    "frontier_points",
    "heat_map",
    "open_requests",
    "resolution_times",
    "tornado",
    "utilisation",
]
