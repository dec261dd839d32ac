"""Figures of what ``gridgov calibrate`` and ``gridgov sensitivity`` left in a folder."""

from math import inf

import pandas as pd

from sim.errors import StoreError
from sim.experiment.posterior import Posterior, read_posterior
from sim.experiment.stored import Stored, Unreadable
from sim.report import plots
from sim.report.plots.posterior import marginals, pairs
from sim.report.style import Chart
from sim.report.words import Lang, Say

ACCEPTED = 90
"""Per cent of the accepted runs between the ends that a table of claims gives."""


def charts_of(one: Stored, lang: Lang) -> dict[str, Chart]:
    """The figures of a study by name; none where the folder holds something else.

    Raises
    ------
    Unreadable
        If it is a study, and nothing of it can be drawn.
    """
    if "sensitivity" in one.manifest:
        return tornados(one, lang)
    return calibrations(one, lang) if "calibrate" in one.manifest else {}


def tornados(one: Stored, lang: Lang) -> dict[str, Chart]:
    """What ``gridgov sensitivity`` found: a figure for each metric that was reached."""
    drawn = {}
    for metric in one.manifest["sensitivity"]["without_value"]:
        name = f"tornado-{metric}"
        if one.has(f"{name}.csv"):
            table = one.table(f"{name}.csv")
            names = {
                str(row["assumption"]): Say(str(row["name_en"]), str(row["name_zh"]))
                for row in table.to_dict("records")
            }
            base = float(table["base"].iloc[0])
            drawn[name] = plots.tornado(table, base=base, metric=metric, names=names, lang=lang)
    if not drawn:
        raise Unreadable(
            "it has no tornado table: no metric was reached, or an older version wrote it",
            "没有龙卷风图数据：指标未达到，或由旧版本写出",
        )
    return drawn


def calibrations(one: Stored, lang: Lang) -> dict[str, Chart]:
    """What ``gridgov calibrate`` found: claims, assumptions alone and in pairs, by reading."""
    drawn: dict[str, Chart] = {}
    for reading in one.manifest["calibrate"]["readings"]:
        if reading["accepted"] and one.has(f"claims-{reading['name']}.csv"):
            drawn |= _calibration(one, str(reading["name"]), lang)
    if not drawn:
        raise Unreadable(
            "no run met all claims, so there is nothing to draw; docs/calibration.md says what "
            "can be done",
            "没有运行同时满足全部对照，无图可画；处理办法见 docs/calibration.md",
        )
    return drawn


def _calibration(one: Stored, reading: str, lang: Lang) -> dict[str, Chart]:
    claims = one.table(f"claims-{reading}.csv")
    parameters = one.table(f"parameters-{reading}.csv")
    drawn: dict[str, Chart] = {}
    if "reported" in claims:  # an older version wrote the ends only
        drawn[f"calibration-{reading}"] = plots.calibration(
            _targets(claims), names=_names(claims, "target"), percent=ACCEPTED, lang=lang
        )
    if "contraction" not in parameters:
        return drawn
    found = _posterior(one, reading)
    places = pd.DataFrame(found.points, columns=[each.name for each in found.unknowns])
    best, weights = places[list(parameters["parameter"])], pd.Series(found.weights)
    names = _names(parameters, "parameter")
    drawn[f"marginals-{reading}"] = marginals(best, weights, parameters, names=names, lang=lang)
    if len(best.columns) > 1:
        drawn[f"pairs-{reading}"] = pairs(best, weights, names=names, lang=lang)
    return drawn


def _posterior(one: Stored, reading: str) -> Posterior:
    try:
        return read_posterior(one.folder, reading)
    except StoreError as error:
        raise Unreadable(error.message("en"), error.message("zh")) from None


def _targets(claims: pd.DataFrame) -> pd.DataFrame:
    """Claims as `plots.calibration` takes them; what agrees may have no end."""
    return pd.DataFrame(
        {
            "target": _target(claims),
            "unit": claims["unit"],
            "reported": claims["reported"],
            "reported_low": claims["agrees_from"].fillna(-inf),
            "reported_high": claims["agrees_to"].fillna(inf),
            "mean": claims["mean"],
            "low": claims["p05"],
            "high": claims["p95"],
            "held_out": ~claims["used"].astype(bool),
        }
    ).dropna(subset=["mean", "reported"])


def _target(claims: pd.DataFrame) -> "pd.Series[str]":
    return claims["claim"] + "/" + claims["reading"]


def _names(table: pd.DataFrame, key: str) -> dict[str, Say]:
    """What people call claims or assumptions, where the table says it."""
    if "name_en" not in table:
        return {}
    keys = _target(table) if key == "target" else table[key]
    pairs_of = zip(keys, table["name_en"], table["name_zh"], strict=True)
    return {str(each): Say(str(en), str(zh)) for each, en, zh in pairs_of}
