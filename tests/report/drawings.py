"""Every figure, drawn from the small tables."""

from datetime import datetime

from sim.report import plots
from tests.report import frames

DRAWINGS = {
    "frontier": lambda lang: plots.frontier(frames.points(), lang=lang),
    "heat_map": lambda lang: plots.heat_map(
        frames.cells(), x="households_per_worker", y="部门数", lang=lang
    ),
    "heat_map_target": lambda lang: plots.heat_map(
        frames.cells(), x="households_per_worker", y="部门数", target=0.9, lang=lang
    ),
    "open_requests": lambda lang: plots.open_requests(frames.daily(), lang=lang),
    "open_requests_many": lambda lang: plots.open_requests(frames.dailies(), lang=lang),
    "resolution_times": lambda lang: plots.resolution_times(
        frames.cases(), observed_until=datetime(2024, 3, 5), follow_up=240, lang=lang
    ),
    "resolution_times_by": lambda lang: plots.resolution_times(
        frames.cases(), observed_until=datetime(2024, 3, 5), by="class", lang=lang
    ),
    "utilisation": lambda lang: plots.utilisation(frames.summary(), lang=lang),
    "differences": lambda lang: plots.differences(frames.differences(), lang=lang),
    "fairness": lambda lang: plots.fairness(frames.summary(), lang=lang),
    "fairness_many": lambda lang: plots.fairness(frames.summary(places=514), lang=lang),
    "calibration": lambda lang: plots.calibration(frames.targets(), lang=lang),
    "calibration_mixed": lambda lang: plots.calibration(frames.mixed_targets(), lang=lang),
    "tornado": lambda lang: plots.tornado(frames.effects(), base=61.0, lang=lang),
}
