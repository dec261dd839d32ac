"""What the folder of a prediction holds: figures with both kinds of doubt, draws, manifest."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from sim.analysis.predictive import Spread
from sim.experiment.compare import distinct_names
from sim.experiment.manifest import (
    SCHEMA_VERSION,
    describe_files,
    describe_inputs,
    describe_runs,
    describe_tool,
)
from sim.experiment.predict import Prediction
from sim.experiment.results import count_origins
from sim.experiment.store import utc_now, write_manifest, write_table, write_text
from sim.scenario.resolve import resolved

PREDICTIONS: Final = "predictions.csv"
SIGNS: Final = "differences.csv"
DRAWS: Final = "draws.csv"
FLIPS_FROM: Final = 0.05
"""Share of draws that say otherwise from which a conclusion is flagged."""


def predictions_table(found: Prediction) -> pd.DataFrame:
    """Every figure of every scenario.

    Returns
    -------
    Columns scenario, metric, by, group, mean, low, high (95 % prediction interval of one run:
    parameters and noise), sd_parameters, sd_noise, parameter_share (of the variance), unit,
    draws, runs.
    """
    rows = []
    for place, name in enumerate(names_of(found)):
        for (metric, by, group), (figure, spread) in found.spreads(place).items():
            head = {"scenario": name, "metric": metric, "by": by, "group": group}
            rows.append({**head, **_said(spread), "unit": figure.unit})
    return pd.DataFrame(rows)


def signs_table(found: Prediction) -> pd.DataFrame:
    """Every difference of every scenario to the first.

    Returns
    -------
    Columns baseline, other, metric, by, group, mean (other minus baseline), low, high (95 %
    prediction interval of the difference in one run), sd_parameters, sd_noise,
    parameter_share, clear (the mean over draws is told apart from 0), other_way (draws whose
    difference has the other sign), by_noise (as many would be expected of noise alone),
    flips (clear, and at least 5 % of the draws say otherwise), unit, draws, runs.
    """
    rows = []
    names = names_of(found)
    for place in range(1, len(names)):
        for (metric, by, group), (figure, sign) in found.signs(place).items():
            other, draws = sign.other_way, sign.spread.draws
            rows.append(
                {
                    "baseline": names[0],
                    "other": names[place],
                    "metric": metric,
                    "by": by,
                    "group": group,
                    **_said(sign.spread),
                    "clear": sign.clear,
                    "other_way": other,
                    "by_noise": sign.by_noise,
                    "flips": bool(sign.clear and other and other >= FLIPS_FROM * draws),
                    "unit": figure.unit,
                }
            )
    return pd.DataFrame(rows)


def names_of(found: Prediction) -> tuple[str, ...]:
    """Names of the scenarios, told apart."""
    return distinct_names([one.reading.model.name for one in found.applied])


def _said(spread: Spread) -> dict[str, Any]:
    return {
        "mean": spread.mean,
        "low": spread.low,
        "high": spread.high,
        "sd_parameters": spread.sd_parameters,
        "sd_noise": spread.sd_noise,
        "parameter_share": spread.share,
        "draws": spread.draws,
        "runs": spread.runs,
    }


def describe(found: Prediction) -> dict[str, Any]:
    """The ensemble in short, as the manifest and ``--json`` give it."""
    return {
        "folder": found.posterior.folder.as_posix(),
        "reading": found.posterior.reading,
        "kept": len(found.posterior.points),
        "draws": len(found.drawn),
        "replications_of_each": found.replications,
        "refused_draws": list(found.refused),
        "seed": found.runs[0].seed,
        "scenarios": [
            {
                "name": name,
                "moved": len(one.unknowns),
                "not_in_scenario": list(one.absent),
                "not_calibrated": list(one.unmoved),
            }
            for name, one in zip(names_of(found), found.applied, strict=True)
        ],
    }


def write_prediction(folder: Path, found: Prediction, seconds: float, lang: str) -> None:
    """Fill a folder with the tables, the scenarios and the manifest."""
    tables = {PREDICTIONS: predictions_table(found), DRAWS: found.draws_table()}
    if len(found.applied) > 1:
        tables[SIGNS] = signs_table(found)
    names = [name.replace("#", "-") for name in names_of(found)]
    for name, one, runs in zip(names, found.applied, found.runs, strict=True):
        write_text(resolved(one.reading), folder / f"{name}.resolved.yaml")
        numbers = runs.replications["replication"].map(found.draw_of)
        table = runs.replications.copy()
        table.insert(1, "draw", numbers)
        tables[f"replications-{name}.csv"] = table
    rows = {name: write_table(table, folder / name) for name, table in tables.items()}
    write_manifest(folder, _manifest(folder, found, (seconds, lang), rows))


def _manifest(
    folder: Path, found: Prediction, occasion: tuple[float, str], rows: dict[str, int]
) -> dict[str, Any]:
    seconds, lang = occasion
    first = found.applied[0].reading
    return {
        "schema": SCHEMA_VERSION,
        "written": utc_now().isoformat(),
        "tool": describe_tool(),
        **describe_inputs(first.files, first.overrides, lang),
        "posterior": describe(found),
        "members": [
            {
                "name": one.reading.model.name,
                "file": one.reading.files[0],
                "run": describe_runs(runs, one.reading.model.run, len(runs.digests), seconds),
                "provenance": count_origins(one.reading),
            }
            for one, runs in zip(found.applied, found.runs, strict=True)
        ],
        "files": describe_files(folder, rows),
    }


def flipped(table: pd.DataFrame, metrics: Sequence[str]) -> list[dict[str, Any]]:
    """The conclusions among these metrics that flip within the ensemble."""
    rows = table[table["flips"] & table["metric"].isin(list(metrics))]
    return [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]
