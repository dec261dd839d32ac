"""Which figures can be drawn from results that lie in folders, and how."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from sim.experiment.design import Lever, grid, short_names
from sim.experiment.stored import SCENARIO, Stored, Unreadable, compared
from sim.report import plots
from sim.report.names import name_of, setting_name, short_lever_names
from sim.report.style import Chart
from sim.report.words import Lang, Say

Figure = Callable[[Sequence[Stored], Lang], Chart]


def open_requests(found: Sequence[Stored], lang: Lang) -> Chart:
    """Open requests day by day, a panel for each scenario."""
    if len(found) == 1:
        return plots.open_requests(found[0].table("daily.csv"), lang=lang)
    tables = [one.table("daily.csv").assign(scenario=one.name) for one in found]
    return plots.open_requests(pd.concat(tables, ignore_index=True), lang=lang)


def resolution_times(found: Sequence[Stored], lang: Lang) -> Chart:
    """How long requests take, of one run."""
    one = _only(found)
    try:
        cases = one.table("cases.csv.gz")
    except Unreadable:
        raise Unreadable(
            "it needs the table of cases, which gridgov run writes",
            "需要逐件数据（由 gridgov run 写出）",
        ) from None
    if cases.empty:
        raise Unreadable("no request was reported", "没有诉求")
    return plots.resolution_times(cases, observed_until=one.ends_at(), lang=lang)


def utilisation(found: Sequence[Stored], lang: Lang) -> Chart:
    """How busy the teams are, of one run."""
    one = _only(found)
    summary = one.table("summary.csv")
    modes = summary["by"] == "mode"
    if summary.loc[modes, "group"].nunique() == 1:
        summary = summary[~modes]  # one bar of peacetime beside the teams says nothing
    return _drawn(lambda: plots.utilisation(summary, names=_names(one), lang=lang))


def fairness(found: Sequence[Stored], lang: Lang) -> Chart:
    """How places differ, of one run."""
    return _drawn(lambda: plots.fairness(_only(found).table("summary.csv"), lang=lang))


def differences(found: Sequence[Stored], lang: Lang) -> Chart:
    """What changes against the first of several runs."""
    if len(found) < 2:
        raise Unreadable(
            "it needs two results folders or more; give the baseline first",
            "需要两个以上结果文件夹；基准在前",
        )
    seeds = {one.run["seed"] for one in found}
    if len(seeds) > 1:
        raise Unreadable(
            f"paired differences need one seed; these have {sorted(seeds)}",
            f"配对差需要相同的随机种子；这些结果的种子为{sorted(seeds)}",
        )
    return _drawn(lambda: plots.differences(compared(found), lang=lang))


def frontier(found: Sequence[Stored], lang: Lang) -> Chart:
    """Cost against service: of a sweep, or of several runs."""
    if is_sweep(found):
        x, y, points = sweep_points(found[0])
        names = _settings_named(found[0], points)
        return _drawn(lambda: plots.frontier(points, x=x, y=y, names=names, lang=lang))
    if len(found) < 2:
        raise Unreadable("it needs two results folders or more", "需要两个以上结果文件夹")
    points = plots.frontier_points({one.name: one.table("summary.csv") for one in found})
    return _drawn(lambda: plots.frontier(points, lang=lang))


def heat_map(found: Sequence[Stored], lang: Lang) -> Chart:
    """The metric of a sweep over its two levers."""
    levers = levers_of(found[0]) if is_sweep(found) else []
    if len(levers) != 2 or found[0].manifest["sweep"].get("design", "grid") != "grid":
        raise Unreadable(
            "it needs a grid of two levers", "需要两个变量的 gridgov sweep 网格结果"
        )
    metric = found[0].manifest["sweep"]["against"]
    y, x = short_names([lever.path for lever in levers])
    table = found[0].table("sweep.csv")
    cells = table[(table["metric"] == metric) & (table["by"] == "all")]
    settings = {name: _setting(cells["point"], levers, i) for i, name in enumerate((y, x))}
    names = None
    if found[0].has(SCENARIO):
        said = short_lever_names(levers, found[0].reading.model)
        names = dict(zip((y, x), said, strict=True))
    return _drawn(
        lambda: plots.heat_map(
            cells.assign(**settings), x=x, y=y, metric=metric, names=names, lang=lang
        )
    )


FIGURES: dict[str, Figure] = {
    "frontier": frontier,
    "heat-map": heat_map,
    "open-requests": open_requests,
    "resolution-times": resolution_times,
    "utilisation": utilisation,
    "differences": differences,
    "fairness": fairness,
}


def is_sweep(found: Sequence[Stored]) -> bool:
    """Whether these are the results of one sweep."""
    return len(found) == 1 and found[0].kind == "sweep"


def levers_of(one: Stored) -> list[Lever]:
    """The levers of a sweep, the slowest first."""
    levers = one.manifest["sweep"]["levers"]
    return [Lever(path, tuple(values)) for path, values in levers.items()]


def sweep_points(one: Stored) -> tuple[str, str, pd.DataFrame]:
    """Cost, metric, and the points of a sweep as `plots.frontier` takes them."""
    sweep = one.manifest["sweep"]
    x, y = sweep["cost"], sweep["against"]
    names = {
        f"{metric}{end}": f"{axis}{end}"
        for axis, metric in (("x", x), ("y", y))
        for end in ("", "_low", "_high")
    }
    return x, y, one.table("frontier.csv").rename(columns=names).dropna(subset=["x", "y"])


def _settings_named(one: Stored, points: pd.DataFrame) -> dict[str, Say]:
    """What people call the points of a sweep, where the scenario is there."""
    if not one.has(SCENARIO):
        return {}
    levers = levers_of(one)
    names = short_lever_names(levers, one.reading.model)
    return {
        str(row["design"]): setting_name(names, [as_written(row[e.path], e) for e in levers])
        for row in points.to_dict("records")
    }


def as_written(value: Any, lever: Lever) -> str:  # noqa: ANN401  (a cell of a table)
    """The value as the user wrote it; tables turn 12 into 12.0 beside others."""
    for text in lever.values:
        if text == str(value) or (lever.is_number and float(text) == float(value)):
            return text
    return str(value)


def _setting(points: "pd.Series[int]", levers: Sequence[Lever], place: int) -> Any:  # noqa: ANN401
    """The values of one lever as the user wrote and ordered them."""
    known, lever = grid(levers), levers[place]
    texts = [known[number - 1].values[place] for number in points]
    if lever.is_number:
        return [float(text) for text in texts]
    return pd.Categorical(texts, list(lever.values), ordered=True)


def _names(one: Stored) -> dict[str, Say]:
    """What the pools and modes of a run are called, where the scenario is there."""
    if not one.has(SCENARIO):
        return {}
    system = one.reading.model
    return {name: name_of(name, system) for name in ("peace", *system.modes, *system.pools)}


def _only(found: Sequence[Stored]) -> Stored:
    if len(found) > 1 or found[0].kind == "sweep":
        raise Unreadable("it is drawn from the folder of one run", "只能由一次运行的结果绘制")
    return found[0]


def _drawn(draw: Callable[[], Chart]) -> Chart:
    """The figure, or that there is nothing to draw."""
    try:
        return draw()
    except ValueError as error:
        raise Unreadable(str(error), f"数据不足（{error}）") from None
