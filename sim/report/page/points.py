"""The points of a sweep, by cost: compared in pairs, and named for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.experiment.compare import compare_figure
from sim.experiment.design import Lever
from sim.experiment.runs import Figure, figures_of
from sim.experiment.stored import Stored
from sim.experiment.sweep import FRONTIER, KNEE
from sim.report.figures import as_written, levers_of
from sim.report.names import lever_name, setting_name
from sim.report.page.cells import Found, Row, lookup
from sim.report.words import Say

CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class Point:
    """One combination of values.

    Attributes
    ----------
    number
        Its place in the design, the first lever slowest, from 1 on.
    name
        Levers and values for people.
    values
        One text for each lever.
    standing
        frontier, knee, dominated or unknown.
    found
        Its figures.
    against_cheapest
        Paired differences to the cheapest point: cost and gain; None for that point itself.
    """

    number: int
    name: Say
    values: tuple[str, ...]
    standing: str
    found: Found
    against_cheapest: Mapping[str, Row] | None

    def row(self, metric: str) -> Row:
        """A figure of all requests together; an empty one where there is none."""
        nothing = {"mean": float("nan"), "low": float("nan"), "high": float("nan"), "n": 0}
        return self.found.get((metric, "all", "all"), nothing)


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A sweep: its levers, and its points from the cheapest to the dearest."""

    levers: tuple[Lever, ...]
    lever_names: tuple[Say, ...]
    cost: str
    against: str
    points: tuple[Point, ...]

    def worth_telling(self) -> list[Point]:
        """The knee and the dearest point of the frontier, without the cheapest."""
        front = [point for point in self.points[1:] if point.standing in (FRONTIER, KNEE)]
        knees = [point for point in front if point.standing == KNEE]
        return list({point.number: point for point in (*knees, *front[-1:])}.values())


def grid_of(stored: Stored) -> Grid:
    """Read the points of a sweep and compare each with the cheapest."""
    sweep = stored.manifest["sweep"]
    cost, against = str(sweep["cost"]), str(sweep["against"])
    levers = tuple(levers_of(stored))
    names = tuple(lever_name(lever.path, levers, stored.reading.model) for lever in levers)
    table, frontier = stored.table("sweep.csv"), stored.table("frontier.csv")
    pairs = _pairs(stored, (cost, against), [int(number) for number in frontier["point"]])
    parts = {int(str(number)): lookup(part) for number, part in table.groupby("point")}
    points = []
    for row in frontier.to_dict("records"):
        number = int(row["point"])
        values = tuple(as_written(row[lever.path], lever) for lever in levers)
        points.append(
            Point(
                number=number,
                name=setting_name(names, values),
                values=values,
                standing=str(row["standing"]),
                found=parts[number],
                against_cheapest=pairs.get(number),
            )
        )
    return Grid(
        levers=levers, lever_names=names, cost=cost, against=against, points=tuple(points)
    )


def _pairs(
    stored: Stored, metrics: tuple[str, str], order: Sequence[int]
) -> dict[int, dict[str, Row]]:
    """Differences of cost and gain to the cheapest point, replication by replication."""
    table = stored.table("replications.csv")
    table = table[table["metric"].isin(metrics) & (table["by"] == "all")]
    figures = {int(str(number)): figures_of(part) for number, part in table.groupby("point")}
    first = order[0]
    found = {}
    for number in order[1:]:
        rows = [
            _pair(figures[first], figures[number], metric, len(order) - 1) for metric in metrics
        ]
        if rows[0] is not None and rows[1] is not None:
            found[number] = {"cost": rows[0], "gain": rows[1]}
    return found


_Figures = dict[tuple[str, str, str], Figure]


def _pair(first: _Figures, other: _Figures, metric: str, comparisons: int) -> Row | None:
    key = (metric, "all", "all")
    if key not in first or key not in other:
        return None
    found = compare_figure(first[key], other[key], ("", ""), CONFIDENCE, comparisons)
    ends = found.difference
    if ends.mean is None or ends.low is None or ends.high is None:
        return None
    return {
        "difference": ends.mean,
        "low": ends.low,
        "high": ends.high,
        "distinguishable": found.distinguishable,
        "n": ends.n,
    }


def as_frame(grid: Grid) -> pd.DataFrame:
    """Point, cost and gain with their ends, for drawing."""
    return pd.DataFrame(
        [
            {
                "number": point.number,
                "standing": point.standing,
                "x": point.row(grid.cost)["mean"],
                "y": point.row(grid.against)["mean"],
                "low": point.row(grid.against)["low"],
                "high": point.row(grid.against)["high"],
            }
            for point in grid.points
        ]
    )
