"""Posterior draws that a calibration kept, read again to be propagated by predictions."""

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.demand.uniforms import uniforms
from sim.errors import StoreError

POSTERIOR: Final = "posterior.json"
FORMAT: Final = 2

Floats = NDArray[np.float64]


class Known(NamedTuple):
    """One unknown of a calibration.

    Attributes
    ----------
    name
        As the calibration calls it.
    low, high, unit
        Its range.
    places
        Fields that it reaches, as (name of the scenario, path).
    """

    name: str
    low: float
    high: float
    unit: str
    places: tuple[tuple[str, str], ...]


class Posterior(NamedTuple):
    """Accepted runs of a calibration.

    Attributes
    ----------
    folder
        Where they were kept.
    reading
        Of the claims.
    unknowns
        One for each column of the points.
    points
        One row for each draw: places from 0 to 1 within the ranges.
    weights
        Of the draws; not normalised.
    """

    folder: Path
    reading: str
    unknowns: tuple[Known, ...]
    points: Floats
    weights: Floats

    def resampled(self, draws: int, seed: int) -> NDArray[np.int64]:
        """Numbers of so many draws, each as often as its weight asks for (systematic)."""
        heights = np.cumsum(self.weights) / self.weights.sum()
        shift = float(uniforms(seed, "posterior", 1, 1)[0, 0])
        places = np.searchsorted(heights, (np.arange(draws) + shift) / draws)
        return np.asarray(np.minimum(places, len(heights) - 1), dtype=np.int64)


def read_posterior(folder: Path, reading: str | None = None) -> Posterior:
    """The draws of a calibration.

    Parameters
    ----------
    folder
        Where `gridgov calibrate` wrote, or its file of draws.
    reading
        Which, if the claims were read in several ways; needed where there are several.

    Raises
    ------
    StoreError
        If there are none, or the reading is not said and there are several.
    """
    path = folder / POSTERIOR if folder.is_dir() else folder
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise StoreError(
            f"{folder} holds no calibration ({POSTERIOR} is missing or damaged); gridgov "
            f"calibrate SCENARIO --out {folder} writes one.",
            f"{folder} 中没有校准结果（{POSTERIOR} 缺失或损坏）；"
            f"可用 gridgov calibrate 情景文件 --out {folder} 生成。",
        ) from None
    readings = record.get("readings") if isinstance(record, dict) else None
    if not isinstance(readings, dict) or record.get("format") != FORMAT or not readings:
        raise StoreError(
            f"{path} is no posterior of this version; give the gridgov calibrate command "
            f"again.",
            f"{path} 不是本版本的后验文件；请重新执行 gridgov calibrate。",
        )
    if reading is None and len(readings) == 1:
        reading = next(iter(readings))
    if reading is None or reading not in readings:
        raise _which(path, reading, list(readings))
    try:
        found = _posterior(path, reading, record)
    except (KeyError, TypeError, ValueError):
        raise StoreError(f"{path} is damaged.", f"{path} 已损坏。") from None
    if not len(found.points):
        raise StoreError(
            f"No run was accepted in reading '{reading}' of {path}: there is nothing to draw "
            f"from. Calibrate with more --runs, or look at its conflicts.",
            f"{path} 的解读“{reading}”没有接受任何运行，无后验可用。"
            f"请增加 --runs 重新校准，或查看其中的冲突。",
        )
    return found


def _which(path: Path, reading: str | None, names: list[str]) -> StoreError:
    said = f"no reading '{reading}'" if reading else "several readings of its claims"
    told = f"没有解读“{reading}”" if reading else "有多种解读"
    return StoreError(
        f"{path} has {said}; choose with --claims-read-as: {', '.join(names)}.",
        f"{path} {told}；请用 --claims-read-as 选定：{'、'.join(names)}。",
    )


def _posterior(path: Path, reading: str, record: dict[str, Any]) -> Posterior:
    draws = record["readings"][reading]
    unknowns = tuple(
        Known(
            one["name"],
            float(one["low"]),
            float(one["high"]),
            one["unit"],
            tuple((name, field) for name, field in one["places"]),
        )
        for one in record["unknowns"]
    )
    points = np.array(draws["points"], dtype=np.float64).reshape(-1, len(unknowns))
    weights = np.array(draws["weights"], dtype=np.float64)
    inside = np.isfinite(points).all() and ((points >= 0) & (points <= 1)).all()
    if not inside or weights.shape != (len(points),) or not (weights > 0).all():
        raise ValueError(path)
    return Posterior(path.parent, reading, unknowns, points, weights)
