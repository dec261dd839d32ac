"""Sensitivity: which assumptions of a scenario move its figures most.

All runs share their randomness, so that a difference is of the assumptions. Every assumption
with a range is screened; the strongest get Sobol indices and a bar of the tornado, while the
others stay at their assumed values.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.sensitivity import Indices, Screening, decompose, screen
from sim.engine import EngineName
from sim.errors import AnalysisError
from sim.experiment.attempts import Attempts, Floats, Output, Work
from sim.experiment.calibrate import engine_for, nothing_assumed
from sim.experiment.unknowns import Unknown, place_now, unknowns_of
from sim.metrics.catalogue import BY_NAME
from sim.model.system import System
from sim.model.targets import Quantity
from sim.scenario.reader import Reading, load_scenario

KEEP: Final = 6


class Settings(NamedTuple):
    """How long to look.

    Attributes
    ----------
    trajectories
        Walks of the screening.
    rows
        Rows of the Sobol design, a power of two; 0 leaves it out.
    keep
        Assumptions that get Sobol indices and bars.
    seed
        Of the designs.
    """

    trajectories: int = 4
    rows: int = 16
    keep: int = KEEP
    seed: int = 1


class Sensitivity(NamedTuple):
    """What moves the figures.

    Attributes
    ----------
    metrics
        The figures; the first is the one that assumptions are ranked by.
    screening, indices
        Of all unknowns, and of those kept; no indices where the design was left out.
    kept
        Places of the strongest unknowns, the strongest first.
    base
        Figures with every assumption as it stands.
    ends
        Figures at the low and the high end of each kept unknown.
    refused
        Points that the scenario refuses.
    without
        For each metric, runs that were played and give it no value.
    """

    unknowns: tuple[Unknown, ...]
    metrics: tuple[str, ...]
    screening: Screening
    indices: Indices | None
    kept: tuple[int, ...]
    base: Floats
    ends: Floats
    refused: int
    without: tuple[int, ...]

    def table(self, metric: int = 0) -> pd.DataFrame:
        """Every assumption, the strongest first.

        Returns
        -------
        Columns assumption, now, low, high (its range), effect (mean change over the whole
        range), size (its mean size) with size_low and size_high, spread, first, total,
        total_low, total_high (Sobol; empty where not kept).
        """
        found = self.screening
        rows = []
        for k, unknown in enumerate(self.unknowns):
            row: dict[str, object] = {
                "assumption": unknown.name,
                "now": unknown.now,
                "low": unknown.ends[0],
                "high": unknown.ends[1],
                "effect": found.mean[k, metric],
                "size": found.size[k, metric],
                "size_low": found.low[k, metric],
                "size_high": found.high[k, metric],
                "spread": found.spread[k, metric],
            }
            if self.indices is not None and k in self.kept:
                place = self.kept.index(k)
                row |= {
                    "first": self.indices.first[place, metric],
                    "total": self.indices.total[place, metric],
                    "total_low": self.indices.total_low[place, metric],
                    "total_high": self.indices.total_high[place, metric],
                }
            rows.append(row)
        table = pd.DataFrame(rows)
        return table.sort_values("size", ascending=False, kind="stable", ignore_index=True)

    def tornado(self, metric: int = 0) -> pd.DataFrame:
        """What the chart of that name draws."""
        return pd.DataFrame(
            [
                {
                    "assumption": self.unknowns[k].name,
                    "low_setting": self.unknowns[k].ends[0],
                    "high_setting": self.unknowns[k].ends[1],
                    "at_low": self.ends[2 * place, metric],
                    "at_high": self.ends[2 * place + 1, metric],
                }
                for place, k in enumerate(self.kept)
            ]
        )


def work_of(
    file: str | Path,
    overrides: Sequence[str],
    metrics: Sequence[str],
    *,
    vary: Sequence[str] = (),
    seed: int,
    replications: int,
    engine: EngineName | None,
) -> Work:
    """What is played.

    Raises
    ------
    ScenarioError, UnknownPath
        If the scenario is wrong, or nothing assumed lies at a path.
    AnalysisError
        If a metric is unknown, or nothing is assumed with a range.
    """
    reading: Reading[System] = load_scenario(file, overrides)
    for name in metrics:
        if name not in BY_NAME:
            raise AnalysisError(
                f"There is no metric '{name}'; docs/metrics.md lists all.",
                f"没有指标“{name}”；docs/metrics.md 列出全部指标。",
            )
    unknowns = unknowns_of([reading], vary)
    if not unknowns:
        raise nothing_assumed(file)
    outputs = tuple(Output(name, None, Quantity(metric=name), None) for name in metrics)
    chosen = engine_for([reading], engine)
    return Work((reading,), unknowns, outputs, seed, replications, chosen, common=True)


def runs_of(work: Work, settings: Settings) -> int:
    """How many runs it takes."""
    kept = min(settings.keep, len(work.unknowns))
    screening = settings.trajectories * (len(work.unknowns) + 1)
    return screening + settings.rows * (kept + 2) + 2 * kept + 1


def assess(work: Work, attempts: Attempts, settings: Settings) -> Sensitivity:
    """Screen all assumptions and decompose the variance over the strongest."""
    begun = attempts.refused
    without = np.zeros(len(work.outputs), np.int64)

    def simulate(points: Floats) -> Floats:
        before = attempts.refused
        found = attempts(points, 0)
        without[:] += np.isnan(found).sum(axis=0) - (attempts.refused - before)
        return found

    columns = len(work.unknowns)
    screening = screen(
        simulate, columns, trajectories=settings.trajectories, seed=settings.seed
    )
    order = np.argsort(-np.nan_to_num(screening.size[:, 0]), kind="stable")
    kept = tuple(int(k) for k in order[: settings.keep])
    now = np.array([place_now(one) for one in work.unknowns])

    def some(points: Floats) -> Floats:
        full = np.tile(now, (len(points), 1))
        full[:, list(kept)] = points
        return simulate(full)

    base = some(now[list(kept)][None, :])[0]
    indices = None
    if settings.rows:
        indices = decompose(some, len(kept), rows=settings.rows, seed=settings.seed)
    corners = np.tile(now[list(kept)], (2 * len(kept), 1))
    for place in range(len(kept)):
        corners[2 * place, place], corners[2 * place + 1, place] = 0.0, 1.0
    ends = some(corners)
    return Sensitivity(
        unknowns=work.unknowns,
        metrics=tuple(one.name for one in work.outputs),
        screening=screening,
        indices=indices,
        kept=kept,
        base=base,
        ends=ends,
        refused=attempts.refused - begun,
        without=tuple(int(count) for count in without),
    )
